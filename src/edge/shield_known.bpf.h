/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The known-good memory: set-associative tables in plain arrays, without the kernel's hash and its locks. Beside each
 * bucket of eight stands a word of eight one-byte tags; a stranger, as all sources of a flood are, meets no
 * tag of his in 97 of 100 cases, and the tags of a quarter of a million sources fit into a core's own cache. IPv6 sources are remembered by their /64, which is what one customer holds. The bucket comes
 * from a multiply-add-shift with secret factors (Dietzfelbinger 1996; pairs after Thorup 2015): nobody
 * outside can choose whom he pushes out.
 */
#pragma once

#include "shield_packet.bpf.h"

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, 1);
        __type(key, __u32);
        __type(value, struct shield_known4);
} known4 SEC(".maps");

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, 1);
        __type(key, __u32);
        __type(value, struct shield_known6);
} known6 SEC(".maps");

/* One word a bucket: byte n is the tag of way n. Says who may be there, never who is. */
struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, 1);
        __type(key, __u32);
        __type(value, __u64);
} known4_tags SEC(".maps");

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, 1);
        __type(key, __u32);
        __type(value, __u64);
} known6_tags SEC(".maps");

struct shield_state state;

static __always_inline __u32 known_second(__u64 now)
{
        return (__u32)(now / 1000000000ULL) + 1;
}

/* Younger than the age limit. A time before `seen` (another CPU was quicker) is young. */
static __always_inline bool known_alive(__u32 seen, __u32 second)
{
        return seen && (__s32)(second - seen) <= (__s32)state.config.known_max_age_s;
}

/* Neighbouring addresses differ in few bits: without this, some secrets would crowd them into few buckets. */
static __always_inline __u64 known_spread(__u64 mixed)
{
        return (mixed ^ mixed >> 29) * 0x9e3779b97f4a7c15ULL;
}

static __always_inline __u64 known4_hash(__u32 address)
{
        return known_spread(address * (state.config.secret[0] | 1) + state.config.secret[1]);
}

static __always_inline __u64 known6_hash(__u64 network)
{
        return known_spread((state.config.secret[0] + (__u32)network) *
                            (state.config.secret[1] + (network >> 32)));
}

static __always_inline __u32 known_index(__u64 hash, __u32 mask)
{
        return (__u32)(hash >> 32) & mask;
}

/* From bits that the index leaves alone; 0 is for nobody. */
static __always_inline __u8 known_tag(__u64 hash)
{
        __u8 tag = (__u8)(hash >> 24);

        return tag ? tag : 1;
}

/* Whether one of the eight bytes is the tag: the zero-byte test of a word (Mycroft 1987). */
static __always_inline bool known_tagged(__u64 tags, __u8 tag)
{
        __u64 differs = tags ^ tag * 0x0101010101010101ULL;

        return (differs - 0x0101010101010101ULL) & ~differs & 0x8080808080808080ULL;
}

static __always_inline bool known4_has(__u32 address, __u64 now)
{
        __u64 hash = known4_hash(address);
        __u32 index = known_index(hash, state.config.known4_mask);
        __u64 *tags = bpf_map_lookup_elem(&known4_tags, &index);

        if (!tags || !known_tagged(*tags, known_tag(hash)))
                return false;

        struct shield_known4 *bucket = bpf_map_lookup_elem(&known4, &index);

        for (int i = 0; bucket && i < SHIELD_KNOWN_WAYS; i++)
                if (bucket->address[i] == address)
                        return known_alive(bucket->seen[i], known_second(now));
        return false;
}

static __always_inline bool known6_has(__u64 network, __u64 now)
{
        __u64 hash = known6_hash(network);
        __u32 index = known_index(hash, state.config.known6_mask);
        __u64 *tags = bpf_map_lookup_elem(&known6_tags, &index);

        if (!tags || !known_tagged(*tags, known_tag(hash)))
                return false;

        struct shield_known6 *bucket = bpf_map_lookup_elem(&known6, &index);

        for (int i = 0; bucket && i < SHIELD_KNOWN_WAYS; i++)
                if (bucket->way[i].network == network)
                        return known_alive(bucket->way[i].seen, known_second(now));
        return false;
}

/* The way to write: the source's own, else an empty or aged one, else the oldest (which was alive: counted). */
struct known_choice {
        __u32 way;
        __u32 oldest; /* its `seen` */
        bool own;
};

static __always_inline void known_weigh(struct known_choice *choice, __u32 way, bool own, __u32 seen)
{
        if (choice->own || !(own || seen < choice->oldest))
                return;
        choice->way = way;
        choice->oldest = seen;
        choice->own = own;
}

/* Whether the source is new here; counts who had to go. */
static __always_inline bool known_settle(const struct known_choice *choice, __u32 second,
                                         struct shield_counters *row)
{
        if (choice->own)
                return !known_alive(choice->oldest, second);
        if (known_alive(choice->oldest, second))
                row->known_evicted++;
        return true;
}

static __noinline bool known4_learn(__u32 address, __u32 second, struct shield_counters *row)
{
        struct known_choice choice = {.oldest = ~0U};
        __u64 hash = known4_hash(address);
        __u32 index = known_index(hash, state.config.known4_mask);
        struct shield_known4 *bucket = bpf_map_lookup_elem(&known4, &index);
        __u8 *tags = bpf_map_lookup_elem(&known4_tags, &index);

        if (!bucket || !tags || !row)
                return false;
        for (__u32 i = 0; i < SHIELD_KNOWN_WAYS; i++)
                known_weigh(&choice, i, bucket->seen[i] && bucket->address[i] == address, bucket->seen[i]);
        if (choice.own && choice.oldest == second)
                return false; /* once a second is enough */

        __u32 way = choice.way & (SHIELD_KNOWN_WAYS - 1);

        if (!choice.own)
                bucket->seen[way] = 0; /* never a new name under an old time */
        bucket->address[way] = address;
        bucket->seen[way] = second;
        tags[way] = known_tag(hash);
        return known_settle(&choice, second, row);
}

static __noinline bool known6_learn(__u64 network, __u32 second, struct shield_counters *row)
{
        struct known_choice choice = {.oldest = ~0U};
        __u64 hash = known6_hash(network);
        __u32 index = known_index(hash, state.config.known6_mask);
        struct shield_known6 *bucket = bpf_map_lookup_elem(&known6, &index);
        __u8 *tags = bpf_map_lookup_elem(&known6_tags, &index);

        if (!bucket || !tags || !row)
                return false;
        for (__u32 i = 0; i < SHIELD_KNOWN_WAYS; i++)
                known_weigh(&choice, i, bucket->way[i].seen && bucket->way[i].network == network,
                            bucket->way[i].seen);
        if (choice.own && choice.oldest == second)
                return false;

        __u32 way = choice.way & (SHIELD_KNOWN_WAYS - 1);

        if (!choice.own)
                bucket->way[way].seen = 0;
        bucket->way[way].network = network;
        bucket->way[way].seen = second;
        tags[way] = known_tag(hash);
        return known_settle(&choice, second, row);
}

static __always_inline bool known_has(const struct packet *packet, bool ipv6, __u64 now)
{
        if (ipv6)
                return known6_has(packet->source[0], now);
        return known4_has((__u32)packet->source[0], now);
}

/* True when it was not known a moment ago. `address`: first word of it, in network order. */
static __always_inline bool known_learn(bool ipv6, __u64 address, __u32 second, struct shield_counters *row)
{
        return ipv6 ? known6_learn(address, second, row) : known4_learn((__u32)address, second, row);
}
