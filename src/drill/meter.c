/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/meter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "drill/topology.h"
#include "meter.skel.h"

struct meter {
        struct meter_bpf *skel;
        struct meter_bin *bins;
        size_t bins_size;
};

static struct meter_key key_of(const struct addr *addr)
{
        struct meter_key key = {.family = addr->family};

        memcpy(key.bytes, addr->bytes, 16);
        return key;
}

static int fill_sources(struct meter *meter, const struct flood_source *sources, size_t count)
{
        int map = bpf_map__fd(meter->skel->maps.sources);

        for (size_t i = 0; i < count; i++) {
                struct meter_key key = key_of(&sources[i].addr);
                uint32_t country = sources[i].country;

                if (bpf_map_update_elem(map, &key, &country, BPF_ANY))
                        return -errno;
        }
        return 0;
}

static int map_bins(struct meter *meter)
{
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        size_t size = (size_t)METER_SERVICES * METER_BINS * sizeof(struct meter_bin);
        void *bins;

        size = (size + page - 1) / page * page;
        bins = mmap(NULL, size, PROT_READ, MAP_SHARED, bpf_map__fd(meter->skel->maps.bins), 0);
        if (bins == MAP_FAILED)
                return -errno;
        meter->bins = bins;
        meter->bins_size = size;
        return 0;
}

static int attach(struct meter *meter, const struct netns *hospital, struct error *error)
{
        LIBBPF_OPTS(bpf_tc_hook, hook, .attach_point = BPF_TC_INGRESS);
        LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = bpf_program__fd(meter->skel->progs.meter));
        int back, r = netns_enter(hospital, &back, error);

        if (r)
                return r;
        hook.ifindex = (int)if_nametoindex(TOPOLOGY_LAN0);
        r = bpf_tc_hook_create(&hook);
        if (!r)
                r = bpf_tc_attach(&hook, &options);
        netns_leave(back);
        return r ? error_say(error, r, "impossible d’accrocher le compteur de l’exercice : %m",
                             "cannot attach the exercise's meter: %m")
                 : 0;
}

static int load(struct meter *meter, const struct flood_source *sources, size_t source_count)
{
        int r;

        if (source_count > METER_SOURCES)
                return -E2BIG;
        r = meter_bpf__load(meter->skel);
        if (!r)
                r = fill_sources(meter, sources, source_count);
        return r ? r : map_bins(meter);
}

int meter_start(const struct scenario *scenario, const struct netns *hospital,
                const struct flood_source *sources, size_t source_count, uint64_t origin_ns,
                struct meter **ret_meter, struct error *error)
{
        struct meter *meter = calloc(1, sizeof(*meter));
        struct meter_settings *settings;
        int r;

        if (!meter)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour le compteur de l’exercice",
                                 "not enough memory for the exercise's meter");
        libbpf_set_print(NULL);
        meter->skel = meter_bpf__open();
        r = meter->skel ? 0 : -errno;
        if (!r) {
                settings = &meter->skel->bss->settings;
                settings->origin_ns = origin_ns;
                settings->service_count = scenario->service_count;
                for (unsigned i = 0; i < scenario->service_count; i++) {
                        settings->services[i * 2] = key_of(&scenario->services[i].addr_v4);
                        settings->services[i * 2 + 1] = key_of(&scenario->services[i].addr_v6);
                }
                r = load(meter, sources, source_count);
        }
        if (r)
                error_say(error, r, "impossible de charger le compteur de l’exercice : %m",
                          "cannot load the exercise's meter: %m");
        else
                r = attach(meter, hospital, error);
        if (r) {
                meter_free(meter);
                return r;
        }
        *ret_meter = meter;
        return 0;
}

struct meter *meter_free(struct meter *meter)
{
        if (meter) {
                if (meter->bins)
                        munmap(meter->bins, meter->bins_size);
                meter_bpf__destroy(meter->skel);
                free(meter);
        }
        return NULL;
}

struct meter_bin meter_bin(const struct meter *meter, unsigned service, uint32_t bin)
{
        const volatile struct meter_bin *slot;

        if (service >= METER_SERVICES || bin >= METER_BINS)
                return (struct meter_bin){0, 0};
        slot = &meter->bins[service * METER_BINS + bin];
        return (struct meter_bin){.attack = slot->attack, .other = slot->other};
}

uint64_t meter_passed_from(const struct meter *meter, unsigned country)
{
        const volatile uint64_t *passed = (const volatile void *)meter->skel->bss->passed_by_country;

        return country < METER_COUNTRIES ? passed[country] : 0;
}
