/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the edge is held against: a program that only drops, one that only draws a random source, one that sends
 * frames from random sources into a veth; and the two ways to look up a country, side by side.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

#include "geo_image.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define LOOKUPS   8192 /* a run */
#define ADDRESSES 65536

const volatile __u32 outlet; /* interface the generator sends into */

__u32 seed = 2463534242;
__u64 sink; /* what the lookups found, so that none is left out */

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

struct trie4_key {
        __u32 length;
        __u32 address;
};

struct trie6_key {
        __u32 length;
        __u32 address[4];
};

struct {
        __uint(type, BPF_MAP_TYPE_LPM_TRIE);
        __uint(max_entries, 2000000);
        __uint(map_flags, BPF_F_NO_PREALLOC);
        __type(key, struct trie4_key);
        __type(value, __u32);
} trie4 SEC(".maps");

struct {
        __uint(type, BPF_MAP_TYPE_LPM_TRIE);
        __uint(max_entries, 2000000);
        __uint(map_flags, BPF_F_NO_PREALLOC);
        __type(key, struct trie6_key);
        __type(value, __u32);
} trie6 SEC(".maps");

/* Addresses to be looked up: 8 bytes are the network of an IPv6 source; an IPv4 one fills the first four. */
struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, 1);
        __uint(key_size, sizeof(__u32));
        __uint(value_size, ADDRESSES * 8);
} addresses SEC(".maps");

SEC("xdp.frags")
int packet_drop(struct xdp_md *ctx)
{
        return XDP_DROP;
}

static __always_inline int randomise(struct xdp_md *ctx)
{
        void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
        struct iphdr *ip = data + sizeof(struct ethhdr);

        if ((void *)(ip + 1) + sizeof(*ip) > end)
                return -1;
        ip->saddr = bpf_get_prandom_u32();
        return 0;
}

/* Does what the shield does for benches before it begins. */
SEC("xdp.frags")
int packet_randomise(struct xdp_md *ctx)
{
        randomise(ctx);
        return XDP_DROP;
}

SEC("xdp")
int packet_generate(struct xdp_md *ctx)
{
        return randomise(ctx) ? XDP_DROP : bpf_redirect(outlet, 0);
}

struct walk {
        const struct geo_image *image;
        const __u64 *addresses;
        __u32 at;
        __u32 pad;
        __u64 sum;
};

static __always_inline __u64 walk_next(struct walk *walk)
{
        walk->at = (walk->at + 1) & (ADDRESSES - 1);
        return walk->addresses[walk->at];
}

static long none_step(__u32 index, struct walk *walk)
{
        walk->sum += walk_next(walk);
        return 0;
}

static long table4_step(__u32 index, struct walk *walk)
{
        walk->sum += geo_walk4(walk->image, bpf_ntohl((__u32)walk_next(walk)));
        return 0;
}

static long table6_step(__u32 index, struct walk *walk)
{
        __u64 network = walk_next(walk);

        walk->sum += geo_walk6(walk->image, (const __u8 *)&network);
        return 0;
}

static long trie4_step(__u32 index, struct walk *walk)
{
        struct trie4_key key = {32, (__u32)walk_next(walk)};
        __u32 *country = bpf_map_lookup_elem(&trie4, &key);

        if (country)
                walk->sum += *country;
        return 0;
}

static long trie6_step(__u32 index, struct walk *walk)
{
        __u64 network = walk_next(walk);
        struct trie6_key key = {128, {(__u32)network, network >> 32, 0, 0}};
        __u32 *country = bpf_map_lookup_elem(&trie6, &key);

        if (country)
                walk->sum += *country;
        return 0;
}

static __always_inline int lookups(long (*step)(__u32, struct walk *))
{
        __u32 zero = 0;
        void *table = bpf_map_lookup_elem(&geo, &zero);
        struct walk walk = {.addresses = bpf_map_lookup_elem(&addresses, &zero), .at = seed};

        if (!table || !walk.addresses)
                return XDP_ABORTED;
        walk.image = bpf_map_lookup_elem(table, &zero);
        if (!walk.image)
                return XDP_ABORTED;
        bpf_loop(LOOKUPS, step, &walk, 0);
        seed = walk.at;
        sink += walk.sum;
        return XDP_DROP;
}

SEC("xdp")
int lookup_none(struct xdp_md *ctx)
{
        return lookups(none_step);
}

SEC("xdp")
int lookup_table4(struct xdp_md *ctx)
{
        return lookups(table4_step);
}

SEC("xdp")
int lookup_table6(struct xdp_md *ctx)
{
        return lookups(table6_step);
}

SEC("xdp")
int lookup_trie4(struct xdp_md *ctx)
{
        return lookups(trie4_step);
}

SEC("xdp")
int lookup_trie6(struct xdp_md *ctx)
{
        return lookups(trie6_step);
}
