/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What both directions stand on: time, counters, services, countries, served ports. */
#pragma once

#include "shield_challenge.bpf.h"

#include "geo_image.h"

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, 1);
        __uint(map_flags, BPF_F_MMAPABLE);
        __type(key, __u32);
        __type(value, struct shield_counters);
} counters SEC(".maps");

struct geo_map {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, 1);
        __uint(key_size, sizeof(__u32));
        __uint(value_size, sizeof(struct geo_image));
};

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
        __uint(max_entries, 1);
        __type(key, __u32);
        __array(values, struct geo_map);
} geo SEC(".maps");

static __always_inline __u64 time_now(void)
{
        __u64 simulated = *(volatile __u64 *)&state.config.simulated_ns;

        return simulated ? simulated : bpf_ktime_get_coarse_ns();
}

static __always_inline struct shield_counters *counters_row(void)
{
        __u32 cpu = bpf_get_smp_processor_id();

        return bpf_map_lookup_elem(&counters, &cpu);
}

static __always_inline __u32 service_of4(__u32 address)
{
        __u32 count = state.config.prefix4_count;

        for (__u32 i = 0; i < SHIELD_PREFIXES && i < count; i++)
                if ((address & state.config.prefix4[i].mask) == state.config.prefix4[i].address)
                        return state.config.prefix4[i].service;
        return SHIELD_NO_SERVICE;
}

/* Global for the verifier: the loop is looked at once. */
__noinline int service_of6(__u64 first, __u64 second)
{
        __u32 count = state.config.prefix6_count;

        for (__u32 i = 0; i < SHIELD_PREFIXES && i < count; i++) {
                const struct shield_prefix6 *prefix = &state.config.prefix6[i];

                if ((first & prefix->mask[0]) == prefix->address[0] &&
                    (second & prefix->mask[1]) == prefix->address[1])
                        return (int)prefix->service;
        }
        return SHIELD_NO_SERVICE;
}

static __always_inline __u32 service_of(const struct packet *packet, const __u64 address[2])
{
        return packet->marks & SHIELD_MARK_IPV6 ? (__u32)service_of6(address[0], address[1])
                                                : service_of4((__u32)address[0]);
}

/* `source`: the address as on the wire. */
static __always_inline __u32 country_of(const void *source, bool ipv6)
{
        __u32 zero = 0;
        void *table = bpf_map_lookup_elem(&geo, &zero);

        if (!table)
                return 0;

        struct geo_image *image = bpf_map_lookup_elem(table, &zero);

        if (!image)
                return 0;
        return ipv6 ? geo_walk6(image, (const __u8 *)source)
                    : geo_walk4(image, bpf_ntohl(*(const __u32 *)source));
}

/* Keeps the compiler from leaving out a mask that only the verifier needs: it does not see through swapped bytes. */
static __always_inline __u32 port_word(__u32 port)
{
        barrier_var(port);
        return port >> 6 & 1023;
}

static __always_inline bool port_served(__u32 service, __u32 port)
{
        return state.ports.bits[service & (SHIELD_SERVICES - 1)][port_word(port)] >> (port & 63) & 1;
}

static __always_inline void port_serve(__u32 service, __u32 port)
{
        __u64 *word = &state.ports.bits[service & (SHIELD_SERVICES - 1)][port_word(port)];

        if (!(*word >> (port & 63) & 1))
                __sync_fetch_and_or(word, 1ULL << (port & 63));
}

/* What counting needs to know of a packet. `country_weight`: for how many packets it speaks of its country. */
struct tally {
        __u32 service, class_, country, country_weight, length;
        bool known;
};

static __always_inline void tally_count(const struct tally *tally, bool dropped, struct shield_counters *row)
{
        struct shield_service_counters *service = &row->service[tally->service & (SHIELD_SERVICES - 1)];
        struct shield_class_counters *class = &service->by_class[tally->class_ & (SHIELD_CLASS_COUNT - 1)];
        struct shield_country_counters *country = &service->country[tally->country & 0xff];

        class->packets++;
        class->bytes += tally->length;
        class->known += tally->known;
        country->packets += tally->country_weight;
        if (!dropped)
                return;
        class->dropped++;
        class->dropped_bytes += tally->length;
        country->dropped += tally->country_weight;
}
