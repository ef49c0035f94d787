/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The exercise's own truth, at the hospital's door: what came through, by service, in bins of time. On tc ingress, so
 * that the hospital's stack works as it would without it. It passes everything.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "meter_wire.h"

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(map_flags, BPF_F_MMAPABLE);
        __uint(max_entries, METER_SERVICES *METER_BINS);
        __type(key, __u32);
        __type(value, struct meter_bin);
} bins SEC(".maps");

/* Attack sources and the number of their country. */
struct {
        __uint(type, BPF_MAP_TYPE_HASH);
        __uint(max_entries, METER_SOURCES);
        __uint(map_flags, BPF_F_NO_PREALLOC);
        __type(key, struct meter_key);
        __type(value, __u32);
} sources SEC(".maps");

struct meter_settings settings;
__u64 passed_by_country[METER_COUNTRIES];

static __always_inline int same(const struct meter_key *a, const struct meter_key *b)
{
        const __u32 *x = (const void *)a, *y = (const void *)b;

        return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3] && x[4] == y[4];
}

/* Number of the service at this address, METER_SERVICES when it is none. */
static __always_inline __u32 service_of(const struct meter_key *to)
{
        for (__u32 i = 0; i < METER_SERVICES * 2; i++)
                if (i < settings.service_count * 2 && same(to, &settings.services[i]))
                        return i / 2;
        return METER_SERVICES;
}

static __always_inline void count(const struct meter_key *from, const struct meter_key *to)
{
        __u32 service = service_of(to), index;
        __u64 bin = (bpf_ktime_get_ns() - settings.origin_ns) / METER_BIN_NS;
        struct meter_bin *slot;
        __u32 *country;

        if (service >= METER_SERVICES)
                return;
        index = service * METER_BINS + (bin < METER_BINS ? (__u32)bin : METER_BINS - 1);
        slot = bpf_map_lookup_elem(&bins, &index);
        if (!slot)
                return;
        country = bpf_map_lookup_elem(&sources, from);
        if (!country) {
                __sync_fetch_and_add(&slot->other, 1);
                return;
        }
        __sync_fetch_and_add(&slot->attack, 1);
        if (*country < METER_COUNTRIES)
                __sync_fetch_and_add(&passed_by_country[*country], 1);
}

SEC("tc")
int meter(struct __sk_buff *skb)
{
        struct meter_key from = {}, to = {};

        if (skb->protocol == bpf_htons(ETH_P_IP)) {
                from.family = to.family = 4;
                if (bpf_skb_load_bytes(skb, ETH_HLEN + 12, from.bytes, 4) ||
                    bpf_skb_load_bytes(skb, ETH_HLEN + 16, to.bytes, 4))
                        return TC_ACT_OK;
        } else if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
                from.family = to.family = 6;
                if (bpf_skb_load_bytes(skb, ETH_HLEN + 8, from.bytes, 16) ||
                    bpf_skb_load_bytes(skb, ETH_HLEN + 24, to.bytes, 16))
                        return TC_ACT_OK;
        } else {
                return TC_ACT_OK;
        }
        count(&from, &to);
        return TC_ACT_OK;
}

char licence[] SEC("license") = "Dual BSD/GPL";
