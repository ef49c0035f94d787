/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/plane_private.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/random.h"
#include "edge/geo_image.h"
#include "edge/refusal.h"
#include "edge/sample.h"
#include "shield.skel.h"

#define RING_BYTES_MIN 4096u
#define BUCKETS_MAX    (1u << 22) /* 32 million sources */

/* libbpf explains itself at length; the verifier's log is for whoever asked for debugging. */
static int libbpf_talk(enum libbpf_print_level level, const char *format, va_list arguments)
{
        char text[1024];

        vsnprintf(text, sizeof(text), format, arguments);
        text[strcspn(text, "\n")] = '\0';
        log_debug("%s", text);
        return 0;
}

static uint32_t buckets_for(uint32_t sources)
{
        uint32_t buckets = 1;

        while (buckets < BUCKETS_MAX && (uint64_t)buckets * SHIELD_KNOWN_WAYS < sources)
                buckets *= 2;
        return buckets;
}

static int load_error(int r, struct error *error)
{
        struct kernel_traits kernel = {.knows_types = access(KERNEL_TYPES, R_OK) == 0,
                                       .we_are_root = geteuid() == 0};
        struct utsname system = {};

        uname(&system);
        snprintf(kernel.release, sizeof(kernel.release), "%s", system.release);
        return refusal_say(r, &kernel, error);
}

static int plane_size(struct plane *plane, const struct plane_options *options, struct error *error)
{
        struct shield_bpf *program = plane->program;
        int cpus = libbpf_num_possible_cpus();

        if (cpus < 1)
                return error_say(error, -EINVAL, "impossible de connaître le nombre de processeurs",
                                 "cannot tell how many processors there are");
        if (options->sample_ring_bytes < RING_BYTES_MIN ||
            options->sample_ring_bytes & (options->sample_ring_bytes - 1))
                return error_say(
                        error, -EINVAL,
                        "l’anneau des échantillons doit être une puissance de deux d’au moins %u octets",
                        "the sample ring must be a power of two of at least %u bytes", RING_BYTES_MIN);
        plane->cpus = (unsigned)cpus;
        plane->row_size = sizeof(struct shield_counters);
        plane->known4_buckets = buckets_for(options->known4_sources);
        plane->known6_buckets = buckets_for(options->known6_sources);
        bpf_map__set_max_entries(program->maps.counters, plane->cpus);
        bpf_map__set_max_entries(program->maps.known4, plane->known4_buckets);
        bpf_map__set_max_entries(program->maps.known4_tags, plane->known4_buckets);
        bpf_map__set_max_entries(program->maps.known6, plane->known6_buckets);
        bpf_map__set_max_entries(program->maps.known6_tags, plane->known6_buckets);
        bpf_map__set_max_entries(program->maps.samples, options->sample_ring_bytes);
        return 0;
}

static int take_record(void *context, void *data, size_t length)
{
        struct plane *plane = context;
        struct shield_sample sample;

        if (!sample_read(data, length, &sample))
                plane->bad_samples++;
        else
                plane->take(plane->take_context, &sample);
        return 0;
}

static int plane_map_memory(struct plane *plane, struct error *error)
{
        size_t page = (size_t)sysconf(_SC_PAGESIZE);

        plane->counters_size = (plane->row_size * plane->cpus + page - 1) / page * page;
        plane->counters = mmap(NULL, plane->counters_size, PROT_READ | PROT_WRITE, MAP_SHARED,
                               bpf_map__fd(plane->program->maps.counters), 0);
        if (plane->counters == MAP_FAILED) {
                plane->counters = NULL;
                return error_say(error, -errno, "impossible d’accéder aux compteurs de paquets : %m",
                                 "cannot map the packet counters: %m");
        }
        plane->state = &plane->program->bss->state;
        plane->ring = ring_buffer__new(bpf_map__fd(plane->program->maps.samples), take_record, plane, NULL);
        if (!plane->ring)
                return error_say(error, -errno, "impossible d’accéder à l’anneau des échantillons : %m",
                                 "cannot map the sample ring: %m");
        return 0;
}

static void plane_configure(struct plane *plane, const struct plane_options *options)
{
        struct shield_config *config = &plane->state->config;

        if (!plane->adopted)
                random_fill(&random_system, config->secret, sizeof(config->secret));
        config->known_max_age_s = options->known_max_age_s;
        config->known4_mask = plane->known4_buckets - 1;
        config->known6_mask = plane->known6_buckets - 1;
        config->geo_bytes = sizeof(struct geo_image);
        config->simulated_ns = options->simulated_clock ? 1 : 0;
        __atomic_store_n(&config->version, SHIELD_VERSION, __ATOMIC_RELEASE);
}

static int plane_load(struct plane *plane, const struct plane_options *options, struct error *error)
{
        int r;

        libbpf_set_print(libbpf_talk);
        plane->program = shield_bpf__open();
        if (!plane->program)
                return load_error(-errno, error);
        r = plane_size(plane, options, error);
        if (r < 0)
                return r;
        if (options->pin) {
                r = plane_pin_folder(plane->pin, error);
                if (r < 0)
                        return r;
                r = plane_pin_prepare(plane, error);
                if (r < 0)
                        return r;
        }
        plane->program->rodata->bench_random = options->random_sources;
        r = shield_bpf__load(plane->program);
        if (r < 0)
                return load_error(r, error);
        r = plane_map_memory(plane, error);
        if (r < 0)
                return r;
        plane_configure(plane, options);
        return 0;
}

int plane_open(const struct plane_options *options, struct plane **ret_plane, struct error *error)
{
        struct plane *plane = calloc(1, sizeof(*plane));
        int r = -ENAMETOOLONG;

        if (!plane)
                return -ENOMEM;
        plane->link = -1;
        plane->simulated = options->simulated_clock;
        if (options->pin && strlen(options->pin) >= sizeof(plane->pin))
                error_say(error, r, "%s : trop long pour un chemin d’épingles BPF",
                          "%s: too long for a path of pins", options->pin);
        else
                r = 0;
        if (r == 0 && options->pin)
                strcpy(plane->pin, options->pin);
        if (r == 0)
                r = plane_load(plane, options, error);
        if (r < 0) {
                plane_close(plane);
                return r;
        }
        *ret_plane = plane;
        return 0;
}

bool plane_adopted(const struct plane *plane)
{
        return plane->adopted;
}

struct plane *plane_close(struct plane *plane)
{
        if (!plane)
                return NULL;
        if (!plane->pin[0] && plane->interface)
                plane_detach(plane, NULL); /* without pins nobody could find it again */
        ring_buffer__free(plane->ring);
        if (plane->counters)
                munmap(plane->counters, plane->counters_size);
        if (plane->link >= 0)
                close(plane->link);
        shield_bpf__destroy(plane->program);
        free(plane);
        return NULL;
}

static int prefix_order(const void *left, const void *right)
{
        const struct plane_prefix *a = left, *b = right;

        return (int)b->net.prefix - (int)a->net.prefix;
}

static uint64_t mask_word(unsigned prefix, unsigned word)
{
        unsigned bits = prefix <= word * 64 ? 0 : prefix - word * 64;

        if (bits == 0)
                return 0;
        return __builtin_bswap64(bits >= 64 ? UINT64_MAX : ~(UINT64_MAX >> bits));
}

static void prefix_put(struct shield_config *config, const struct plane_prefix *prefix)
{
        if (prefix->net.family == 4) {
                struct shield_prefix4 *to = &config->prefix4[config->prefix4_count++];
                unsigned bits = prefix->net.prefix;

                memcpy(&to->address, prefix->net.bytes, 4);
                to->mask = bits ? __builtin_bswap32(UINT32_MAX << (32 - bits)) : 0;
                to->service = prefix->service;
        } else {
                struct shield_prefix6 *to = &config->prefix6[config->prefix6_count++];

                memcpy(to->address, prefix->net.bytes, 16);
                to->mask[0] = mask_word(prefix->net.prefix, 0);
                to->mask[1] = mask_word(prefix->net.prefix, 1);
                to->service = prefix->service;
        }
}

static int prefixes_check(const struct plane_prefix *prefixes, size_t count, struct error *error)
{
        size_t families[2] = {0, 0};

        for (size_t i = 0; i < count; i++) {
                if (prefixes[i].service >= SHIELD_SERVICES)
                        return error_say(error, -EINVAL, "%d services protégés au plus",
                                         "at most %d protected services", SHIELD_SERVICES);
                if (++families[prefixes[i].net.family == 6] > SHIELD_PREFIXES)
                        return error_say(error, -E2BIG,
                                         "%d préfixes protégés au plus dans chaque famille d’adresses",
                                         "at most %d protected prefixes of each family", SHIELD_PREFIXES);
        }
        return 0;
}

/* Counts go last: what a packet sees meanwhile is the old list or a mixture, never memory unset. */
static void prefixes_store(struct shield_config *live, const struct shield_config *config)
{
        bool same = live->prefix4_count == config->prefix4_count &&
                    live->prefix6_count == config->prefix6_count &&
                    memcmp(live->prefix4, config->prefix4, sizeof(live->prefix4)) == 0 &&
                    memcmp(live->prefix6, config->prefix6, sizeof(live->prefix6)) == 0;

        if (same)
                return;
        memcpy(live->prefix4, config->prefix4, sizeof(live->prefix4));
        memcpy(live->prefix6, config->prefix6, sizeof(live->prefix6));
        __atomic_store_n(&live->prefix4_count, config->prefix4_count, __ATOMIC_RELEASE);
        __atomic_store_n(&live->prefix6_count, config->prefix6_count, __ATOMIC_RELEASE);
}

int plane_set_prefixes(struct plane *plane, const struct plane_prefix *prefixes, size_t count,
                       struct error *error)
{
        CLEANUP(cleanup_free) struct plane_prefix *sorted = calloc(count + 1, sizeof(*sorted));
        CLEANUP(cleanup_free) struct shield_config *config = calloc(1, sizeof(*config));
        int r = prefixes_check(prefixes, count, error);

        if (r < 0)
                return r;
        if (!sorted || !config)
                return -ENOMEM;
        for (size_t i = 0; i < count; i++)
                sorted[i] = prefixes[i];
        qsort(sorted, count, sizeof(*sorted), prefix_order);
        for (size_t i = 0; i < count; i++)
                prefix_put(config, &sorted[i]);
        prefixes_store(&plane->state->config, config);
        return 0;
}

void plane_serve_port(struct plane *plane, unsigned service, uint16_t port)
{
        uint64_t bit = 1ULL << (port & 63);

        if (service < SHIELD_SERVICES)
                __atomic_fetch_or(&plane->state->ports.bits[service][port >> 6], bit, __ATOMIC_RELAXED);
}

bool plane_port_served(const struct plane *plane, unsigned service, uint16_t port)
{
        return service < SHIELD_SERVICES && plane->state->ports.bits[service][port >> 6] >> (port & 63) & 1;
}

int plane_set_geo(struct plane *plane, const struct geo *geo, struct error *error)
{
        size_t size;
        const void *image = geo_image(geo, &size);
        uint32_t zero = 0;

        if (size != sizeof(struct geo_image))
                return error_say(error, -EINVAL, "la table des pays compte %zu octets au lieu de %zu",
                                 "the country table has %zu bytes instead of %zu", size,
                                 sizeof(struct geo_image));

        CLEANUP(cleanup_fd)
        int table = bpf_map_create(BPF_MAP_TYPE_ARRAY, "garde_geo", sizeof(zero), (uint32_t)size, 1, NULL);

        if (table < 0 || bpf_map_update_elem(table, &zero, image, BPF_ANY) < 0 ||
            bpf_map_update_elem(bpf_map__fd(plane->program->maps.geo), &zero, &table, BPF_ANY) < 0)
                return error_say(error, -errno, "impossible de confier la table des pays au noyau : %m",
                                 "cannot hand the country table to the kernel: %m");
        return 0;
}

/* Every field of a row is a 64-bit count, so rows are summed as words. */
void plane_read(const struct plane *plane, struct shield_counters *ret_counters)
{
        uint64_t *sum = (uint64_t *)ret_counters;

        memset(ret_counters, 0, sizeof(*ret_counters));
        for (unsigned cpu = 0; cpu < plane->cpus; cpu++) {
                const uint64_t *row = (const uint64_t *)(plane->counters + plane->row_size * cpu);

                for (size_t i = 0; i < sizeof(*ret_counters) / sizeof(*sum); i++)
                        sum[i] += __atomic_load_n(&row[i], __ATOMIC_RELAXED);
        }
        ret_counters->sampled = (struct shield_sampling){0}; /* the programs' own; their sums mean nothing */
        ret_counters->passing = (struct shield_sampling){0};
}

int plane_samples(struct plane *plane, void (*take)(void *context, const struct shield_sample *sample),
                  void *context)
{
        int r;

        plane->take = take;
        plane->take_context = context;
        r = ring_buffer__consume(plane->ring);
        return r < 0 ? r : 0;
}

uint64_t plane_bad_samples(const struct plane *plane)
{
        return plane->bad_samples;
}
