/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/generator.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cleanup.h"
#include "drill/topology.h"
#include "flood.skel.h"

#define TICK_NS    4000000ull
#define BACKLOG_NS 20000000ull /* a late generator catches up by so much at most */
#define BATCH      64          /* frames between two flushes: a quarter of the veth ring */
#define SECOND_NS  1000000000ull

#define LOSS_COUNTERS 16

/* Frames the far side's ring refused, as the device counts them. */
struct losses {
        int fd;
        uint32_t count;                  /* of all statistics */
        uint32_t indices[LOSS_COUNTERS]; /* those that tell of frames refused, one a queue */
        uint32_t index_count;
};

struct run {
        const struct generator *generator;
        struct flood_bpf *skel;
        struct losses losses;
        uint64_t lost; /* at the last tick */
        int held;      /* the link that keeps the program in the dispatcher */
        uint8_t blank[FLOOD_FRAME_MAX];
};

static int ethtool(int fd, void *data)
{
        struct ifreq request = {.ifr_data = data};

        snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", TOPOLOGY_NET);
        return ioctl(fd, SIOCETHTOOL, &request);
}

static void losses_find(struct losses *losses)
{
        uint64_t storage[sizeof(struct ethtool_sset_info) / sizeof(uint64_t) + 1] = {0};
        struct ethtool_sset_info *info = (void *)storage;
        struct ethtool_gstrings *names;
        uint32_t count;

        losses->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        info->cmd = ETHTOOL_GSSET_INFO;
        info->sset_mask = 1ull << ETH_SS_STATS;
        if (losses->fd < 0 || ethtool(losses->fd, info) < 0 || info->sset_mask == 0)
                return;
        count = info->data[0];
        names = calloc(1, sizeof(*names) + (size_t)count * ETH_GSTRING_LEN);
        if (!names)
                return;
        names->cmd = ETHTOOL_GSTRINGS;
        names->string_set = ETH_SS_STATS;
        names->len = count;
        if (ethtool(losses->fd, names) == 0) {
                losses->count = count;
                for (uint32_t i = 0; i < count; i++) {
                        const char *name = (const char *)names->data + (size_t)i * ETH_GSTRING_LEN;

                        if (!strncmp(name, "tx_queue_", 9) && strstr(name, "xdp_xmit_errors") &&
                            losses->index_count < LOSS_COUNTERS)
                                losses->indices[losses->index_count++] = i;
                }
        }
        free(names);
}

static uint64_t losses_read(const struct losses *losses)
{
        CLEANUP(cleanup_free) struct ethtool_stats *stats = NULL;
        uint64_t lost = 0;

        stats = calloc(1, sizeof(*stats) + losses->count * sizeof(uint64_t));
        if (!stats || !losses->index_count)
                return 0;
        stats->cmd = ETHTOOL_GSTATS;
        stats->n_stats = losses->count;
        if (ethtool(losses->fd, stats) < 0)
                return 0;
        for (uint32_t i = 0; i < losses->index_count; i++)
                lost += stats->data[losses->indices[i]];
        return lost;
}

static int fail(struct flood_share *share, int code, const char *fr, const char *en)
{
        error_say_in(&share->why, code, LANGUAGE_FR, "générateur de l’attaque : %s : %m", fr);
        error_say_in(&share->why, code, LANGUAGE_EN, "the flood's generator: %s: %m", en);
        share->failed = code;
        return 1;
}

static int fill_maps(struct run *run)
{
        const struct frames *frames = run->generator->frames;
        int templates = bpf_map__fd(run->skel->maps.templates), blocks = bpf_map__fd(run->skel->maps.blocks);

        for (uint32_t i = 0; i < frames->count; i++)
                if (bpf_map_update_elem(templates, &i, &frames->templates[i], BPF_ANY))
                        return -errno;
        for (uint32_t i = 0; i < frames->block_count; i++)
                if (bpf_map_update_elem(blocks, &i, frames->blocks + (size_t)i * FLOOD_BLOCK, BPF_ANY))
                        return -errno;
        return 0;
}

/*
 * A test run enters its program into the kernel's XDP dispatcher and takes it out again, and waits for an RCU grace
 * period each time: milliseconds for each tick. While the program is also attached somewhere, here to a loopback that
 * carries nothing, both are only counted.
 */
static int hold_dispatcher(struct run *run)
{
        LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_SKB_MODE);
        int fd = bpf_link_create(bpf_program__fd(run->skel->progs.flood), (int)if_nametoindex("lo"), BPF_XDP,
                                 &options);

        run->held = fd;
        return fd < 0 ? fd : 0;
}

static int load(struct run *run)
{
        const struct generator *generator = run->generator;
        struct flood_control *control;
        int r;

        run->skel = flood_bpf__open();
        if (!run->skel)
                return -errno;
        bpf_map__set_max_entries(run->skel->maps.templates, generator->frames->count);
        bpf_map__set_max_entries(run->skel->maps.blocks, generator->frames->block_count);
        r = flood_bpf__load(run->skel);
        if (!r)
                r = fill_maps(run);
        if (r)
                return r;
        control = &run->skel->bss->control;
        control->version = FLOOD_VERSION;
        control->ifindex = if_nametoindex(TOPOLOGY_NET);
        for (unsigned i = 0; i < generator->wave_count; i++) {
                control->streams[i].first = generator->waves[i].first;
                control->streams[i].count = generator->waves[i].count;
        }
        losses_find(&run->losses);
        run->lost = losses_read(&run->losses);
        return control->ifindex ? hold_dispatcher(run) : -ENODEV;
}

static uint32_t wave_pps(const struct generator_wave *wave, uint32_t second)
{
        return second >= wave->from_s && second < wave->to_s ? wave->pps : 0;
}

/* Packets a second at this moment. The deck is dealt anew: at each card whoever is owed most takes his turn. */
static uint32_t deal(struct run *run, uint32_t second)
{
        const struct generator *generator = run->generator;
        struct flood_control *control = &run->skel->bss->control;
        int64_t owed[SCENARIO_WAVES_MAX] = {0};
        uint32_t total = 0;

        for (unsigned i = 0; i < generator->wave_count; i++)
                total += wave_pps(&generator->waves[i], second);
        for (unsigned card = 0; total && card < FLOOD_DECK; card++) {
                unsigned best = 0;

                for (unsigned i = 0; i < generator->wave_count; i++) {
                        owed[i] += wave_pps(&generator->waves[i], second);
                        if (owed[i] > owed[best])
                                best = i;
                }
                owed[best] -= total;
                control->deck[card] = (uint8_t)best;
        }
        return total;
}

/* Counts what a tick sent: by bin and service, by country. What the ring refused counts as never sent. */
static void account(struct run *run, const uint64_t *before, uint64_t now)
{
        const struct generator *generator = run->generator;
        struct flood_share *share = generator->share;
        const struct flood_control *control = &run->skel->bss->control;
        uint64_t bin = (now - share->origin_ns) / METER_BIN_NS, total = 0, lost = losses_read(&run->losses),
                 arrived;

        for (unsigned i = 0; i < generator->wave_count; i++)
                total += control->streams[i].sent - before[i];
        lost = lost > run->lost ? lost - run->lost : 0;
        run->lost += lost;
        lost = lost < total ? lost : total;
        for (unsigned i = 0; i < generator->wave_count; i++) {
                const struct generator_wave *wave = &generator->waves[i];
                uint64_t sent = control->streams[i].sent - before[i];

                arrived = total ? sent - sent * lost / total : 0;
                share->sent_bins[wave->service][bin < METER_BINS ? bin : METER_BINS - 1] += (uint32_t)arrived;
                for (uint64_t n = 0; n < arrived; n++)
                        share->sent_by_country[generator->frames->countries[wave->first +
                                                                            (before[i] + n) % wave->count]]++;
        }
        share->sent += total - lost;
        share->lost += lost;
}

static int send_batch(struct run *run, uint32_t packets)
{
        LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = run->blank, .data_size_in = sizeof(run->blank),
                    .repeat = (int)packets, .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH);
        const struct flood_control *control = &run->skel->bss->control;
        uint64_t before[FLOOD_STREAMS], start = clock_mono_ns(&clock_system);
        struct flood_share *share = run->generator->share;

        for (unsigned i = 0; i < FLOOD_STREAMS; i++)
                before[i] = control->streams[i].sent;
        if (!share->first_ns)
                share->first_ns = start;
        if (bpf_prog_test_run_opts(bpf_program__fd(run->skel->progs.flood), &options))
                return errno == EINTR ? 0 : -errno;
        account(run, before, start);
        return 0;
}

static void sleep_until(uint64_t when)
{
        const struct timespec until = {(time_t)(when / SECOND_NS), (long)(when % SECOND_NS)};

        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static int play(struct run *run)
{
        const uint64_t begin = clock_mono_ns(&clock_system),
                       end = begin + run->generator->attack_s * SECOND_NS;
        uint64_t now = begin, paid = begin; /* packets due until `paid` are sent */
        uint32_t second = UINT32_MAX, pps = 0;
        int r;

        for (uint64_t tick = begin; now < end; now = clock_mono_ns(&clock_system)) {
                uint32_t current = (uint32_t)((now - begin) / SECOND_NS);
                uint64_t due;

                if (current != second)
                        pps = deal(run, current);
                second = current;
                if (now - paid > BACKLOG_NS)
                        paid = now - BACKLOG_NS;
                due = (now - paid) * pps / SECOND_NS;
                if (due) {
                        r = send_batch(run, (uint32_t)due);
                        if (r)
                                return r;
                        paid += due * SECOND_NS / pps;
                }
                tick += TICK_NS;
                if (tick < now)
                        tick = now;
                sleep_until(tick);
        }
        run->generator->share->last_ns = clock_mono_ns(&clock_system);
        return 0;
}

int generator_run(void *context)
{
        const struct generator *generator = context;
        struct run run = {.generator = generator, .losses = {.fd = -1}, .held = -1};
        char byte = 1;
        int r;

        libbpf_set_print(NULL);
        r = load(&run);
        if (r) {
                r = fail(generator->share, r, "impossible de charger ses paquets", "cannot load its packets");
        } else if (write(generator->ready, &byte, 1) == 1 && read(generator->go, &byte, 1) == 1) {
                r = play(&run);
                if (r)
                        r = fail(generator->share, r, "impossible d’émettre", "cannot send");
        }
        if (run.losses.fd >= 0)
                close(run.losses.fd);
        if (run.held >= 0)
                close(run.held);
        flood_bpf__destroy(run.skel);
        return r;
}
