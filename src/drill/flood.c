/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/flood.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "drill/frames.h"
#include "drill/generator.h"
#include "drill/process.h"
#include "drill/topology.h"
#include "drill/wave.h"
#include "edge/capture.h"

#define READY_MS      10000
#define STOP_GRACE_MS 1000

_Static_assert(SCENARIO_WAVES_MAX <= FLOOD_STREAMS, "one stream a wave");
_Static_assert(SCENARIO_SERVICES_MAX <= METER_SERVICES, "a row of bins for each service");
_Static_assert((int)PLACES_COUNTRIES == (int)METER_COUNTRIES, "countries are numbered alike");

struct flood {
        struct frames frames;
        struct generator generator;
        struct flood_share *share;
        struct flood_source *sources;
        size_t source_count, source_room;
        unsigned country_count;
        pid_t pid;
        int go; /* write end */
};

static int compare_sources(const void *a, const void *b)
{
        const struct flood_source *x = a, *y = b;

        if (x->addr.family != y->addr.family)
                return x->addr.family < y->addr.family ? -1 : 1;
        return memcmp(x->addr.bytes, y->addr.bytes, 16);
}

static int add_source(struct flood *flood, const struct addr *addr, uint16_t country)
{
        if (flood->source_count == flood->source_room) {
                size_t room = flood->source_room ? flood->source_room * 2 : 4096;
                void *grown = realloc(flood->sources, room * sizeof(*flood->sources));

                if (!grown)
                        return -ENOMEM;
                flood->sources = grown;
                flood->source_room = room;
        }
        flood->sources[flood->source_count++] = (struct flood_source){.addr = *addr, .country = country};
        return 0;
}

static void settle_sources(struct flood *flood)
{
        bool seen[PLACES_COUNTRIES] = {false};
        size_t kept = 0;

        qsort(flood->sources, flood->source_count, sizeof(*flood->sources), compare_sources);
        for (size_t i = 0; i < flood->source_count; i++) {
                if (i && compare_sources(&flood->sources[i], &flood->sources[i - 1]) == 0)
                        continue;
                flood->sources[kept++] = flood->sources[i];
        }
        flood->source_count = kept;
        for (size_t i = 0; i < kept; i++) {
                uint16_t country = flood->sources[i].country;

                if (country && !seen[country])
                        flood->country_count++;
                seen[country] = true;
        }
}

static int load_packet(struct flood *flood, const struct capture_packet *packet,
                       const struct wave_target *target, const struct places *places, struct error *error)
{
        uint8_t frame[WAVE_FRAME_MAX];
        uint32_t length = wave_frame(packet, target, frame);
        struct addr source;
        uint16_t country;
        int r;

        if (!length)
                return 0;
        wave_source(packet, &source);
        country = (uint16_t)places_country(places, &source);
        r = frames_add(&flood->frames, frame, length, country, error);
        if (r)
                return r;
        return add_source(flood, &source, country);
}

static int load_wave(struct flood *flood, const struct scenario *scenario, unsigned index, const char *folder,
                     const struct places *places, struct error *error)
{
        const struct scenario_wave *wave = &scenario->waves[index];
        const struct scenario_service *service = &scenario->services[wave->service_index];
        struct generator_wave *made = &flood->generator.waves[index];
        CLEANUP(capture_release) struct capture capture = CAPTURE_INIT;
        struct wave_target target = {.v4 = service->addr_v4, .v6 = service->addr_v6, .port = wave->port};
        char path[PATH_MAX];
        int r;

        memcpy(target.to_mac, topology_wan_mac, 6);
        memcpy(target.from_mac, topology_net_mac, 6);
        snprintf(path, sizeof(path), "%s/%s", folder, wave->capture);
        r = capture_read(path, NULL, &capture, error);
        if (r < 0)
                return r;
        if (r == CAPTURE_DAMAGED)
                return -EINVAL;
        *made = (struct generator_wave){.first = flood->frames.count,
                                        .service = wave->service_index,
                                        .pps = wave->pps,
                                        .from_s = wave->from_s,
                                        .to_s = wave->to_s};
        for (size_t i = 0; i < capture.count; i++) {
                r = load_packet(flood, &capture.packets[i], &target, places, error);
                if (r)
                        return r;
        }
        made->count = flood->frames.count - made->first;
        return made->count ? 0
                           : error_say(error, -ENODATA, "aucun paquet de %s ne tient dans une trame Ethernet",
                                       "no packet of %s fits an Ethernet frame", path);
}

int flood_load(const struct scenario *scenario, const char *folder, const struct places *places,
               struct flood **ret_flood, struct error *error)
{
        struct flood *flood = calloc(1, sizeof(*flood));
        int r = 0;

        if (!flood)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour les paquets de l’exercice",
                                 "not enough memory for the exercise's packets");
        flood->go = -1;
        flood->share =
                mmap(NULL, sizeof(*flood->share), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (flood->share == MAP_FAILED) {
                flood->share = NULL;
                r = error_say(error, -ENOMEM, "mémoire insuffisante pour les paquets de l’exercice",
                              "not enough memory for the exercise's packets");
        }
        for (unsigned i = 0; !r && i < scenario->wave_count; i++)
                r = load_wave(flood, scenario, i, folder, places, error);
        if (r) {
                flood_free(flood);
                return r;
        }
        settle_sources(flood);
        flood->generator.frames = &flood->frames;
        flood->generator.wave_count = scenario->wave_count;
        flood->generator.attack_s = scenario->attack_s;
        flood->generator.share = flood->share;
        *ret_flood = flood;
        return 0;
}

struct flood *flood_free(struct flood *flood)
{
        if (flood) {
                process_stop(&flood->pid, STOP_GRACE_MS);
                if (flood->go >= 0)
                        close(flood->go);
                if (flood->share)
                        munmap(flood->share, sizeof(*flood->share));
                frames_release(&flood->frames);
                free(flood->sources);
                free(flood);
        }
        return NULL;
}

const struct flood_source *flood_sources(const struct flood *flood, size_t *ret_count)
{
        *ret_count = flood->source_count;
        return flood->sources;
}

unsigned flood_country_count(const struct flood *flood)
{
        return flood->country_count;
}

const struct flood_share *flood_share(const struct flood *flood)
{
        return flood->share;
}

int flood_failure(const struct flood_share *share, int code, struct error *error)
{
        if (share->failed)
                return error_forward(error, code, share->why.fr, share->why.en);
        return error_say(error, code, "le générateur de l’attaque s’est arrêté sans rien dire",
                         "the flood's generator stopped without a word");
}

int flood_start(struct flood *flood, const struct netns *internet, int cpu, struct error *error)
{
        const struct process_place place = {.netns = internet, .cpu = cpu};
        int ready[2], go[2], r;
        struct pollfd loaded;
        char byte;

        if (pipe2(ready, O_CLOEXEC) < 0)
                return error_say(error, -errno, "impossible de créer un tube : %m", "cannot make a pipe: %m");
        if (pipe2(go, O_CLOEXEC) < 0) {
                close(ready[0]);
                close(ready[1]);
                return error_say(error, -errno, "impossible de créer un tube : %m", "cannot make a pipe: %m");
        }
        flood->generator.ready = ready[1];
        flood->generator.go = go[0];
        r = process_start(&place, generator_run, &flood->generator, &flood->pid, error);
        close(ready[1]);
        close(go[0]);
        flood->go = go[1];
        loaded = (struct pollfd){.fd = ready[0], .events = POLLIN};
        if (!r && (poll(&loaded, 1, READY_MS) != 1 || read(ready[0], &byte, 1) != 1))
                r = flood_failure(flood->share, -EIO, error);
        close(ready[0]);
        return r;
}

void flood_go(struct flood *flood, uint64_t origin_ns)
{
        const char byte = 1;
        ssize_t written;

        flood->share->origin_ns = origin_ns;
        written = write(flood->go, &byte, 1);
        if (written != 1)
                flood->share->failed = -EPIPE;
}
