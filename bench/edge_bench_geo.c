/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * geo.lookup_ns and geo6.lookup_ns: the country of an address, inside the kernel, net of the loop; the peer is the
 * kernel's own LPM trie with the same ranges as prefixes and the same random addresses. IPv4 addresses are
 * drawn from all, IPv6 ones from within the ranges (most of the rest is empty and would flatter both).
 */
#include "edge_bench.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/random.h"
#include "edge/geo_image.h"
#include "packets.skel.h"

#define LOOKUPS    8192 /* as packets.bpf.c */
#define ADDRESSES  65536
#define REPEAT     20u
#define BATCH      8192u
#define RANGES_MAX 600000

typedef unsigned __int128 u128;

struct range {
        u128 first, last;
        uint32_t country;
};

struct ranges {
        struct range *list;
        size_t count;
};

struct trie_key { /* of either family; the kernel reads as many bytes as the map's keys have */
        uint32_t length;
        uint8_t address[16];
};

struct filler {
        int map;
        unsigned bytes; /* of an address */
        uint32_t filled;
        uint8_t *keys;
        uint32_t *values;
};

static u128 parse_address(const char *text, bool ipv6)
{
        uint8_t bytes[16];
        u128 value = 0;

        if (!ipv6)
                return strtoul(text, NULL, 10);
        need(inet_pton(AF_INET6, text, bytes) == 1, "the country file has a line that is no range");
        for (int i = 0; i < 16; i++)
                value = value << 8 | bytes[i];
        return value;
}

static struct ranges ranges_read(const char *path, const struct geo *geo, bool ipv6)
{
        struct ranges ranges = {calloc(RANGES_MAX, sizeof(struct range)), 0};
        CLEANUP(cleanup_file) FILE *file = fopen(path, "re");
        char line[256], first[64], last[64], code[3];

        need(file && ranges.list, "the country files of tor-geoipdb are needed");
        while (fgets(line, sizeof(line), file)) {
                if (line[0] == '#' || sscanf(line, "%63[^,],%63[^,],%2s", first, last, code) != 3)
                        continue;
                need(ranges.count < RANGES_MAX, "more ranges than the bench has room for");
                ranges.list[ranges.count++] = (struct range){parse_address(first, ipv6),
                                                             parse_address(last, ipv6), geo_index(geo, code)};
        }
        return ranges;
}

static void filler_flush(struct filler *filler)
{
        uint32_t count = filler->filled;

        if (count)
                need(bpf_map_update_batch(filler->map, filler->keys, filler->values, &count, NULL) == 0,
                     "the trie is full");
        filler->filled = 0;
}

static void filler_add(struct filler *filler, u128 address, unsigned length, uint32_t country)
{
        uint8_t *key = filler->keys + (size_t)filler->filled * (4 + filler->bytes);
        uint32_t prefix = length;

        memcpy(key, &prefix, 4);
        for (unsigned i = 0; i < filler->bytes; i++)
                key[4 + i] = (uint8_t)(address >> (8 * (filler->bytes - 1 - i)));
        filler->values[filler->filled++] = country;
        if (filler->filled == BATCH)
                filler_flush(filler);
}

/* A range is the largest aligned prefixes that make it up, one after another. */
static void filler_range(struct filler *filler, const struct range *range)
{
        u128 at = range->first;
        unsigned width = filler->bytes * 8;

        for (;;) {
                unsigned bits = 0;

                while (bits < width && !(at >> bits & 1) && at + (((u128)2 << bits) - 1) <= range->last &&
                       at + (((u128)2 << bits) - 1) > at)
                        bits++;
                filler_add(filler, at, width - bits, range->country);
                if (at + (((u128)1 << bits) - 1) >= range->last)
                        return;
                at += (u128)1 << bits;
        }
}

static void trie_fill(int map, unsigned bytes, const struct ranges *ranges)
{
        struct filler filler = {.map = map,
                                .bytes = bytes,
                                .keys = calloc(BATCH, 4 + bytes),
                                .values = calloc(BATCH, sizeof(uint32_t))};

        need(filler.keys && filler.values, "out of memory");
        for (size_t i = 0; i < ranges->count; i++)
                filler_range(&filler, &ranges->list[i]);
        filler_flush(&filler);
        free(filler.keys);
        free(filler.values);
}

static void geo_hand_over(const struct geo *geo, int outer)
{
        size_t size;
        const void *image = geo_image(geo, &size);
        uint32_t zero = 0;
        CLEANUP(cleanup_fd)
        int inner = bpf_map_create(BPF_MAP_TYPE_ARRAY, "bench_geo", 4, (uint32_t)size, 1, NULL);

        need(inner >= 0 && bpf_map_update_elem(inner, &zero, image, BPF_ANY) == 0 &&
                     bpf_map_update_elem(outer, &zero, &inner, BPF_ANY) == 0,
             "the kernel does not take the country table");
}

/* The table goes down to /64, which is what one customer holds; the trie knows finer ranges, too. */
static bool is_whole(const struct range *range, bool ipv6)
{
        return !ipv6 || ((uint64_t)range->first == 0 && (uint64_t)range->last == UINT64_MAX);
}

static void addresses_set(int map, const struct ranges *ranges, bool ipv6)
{
        CLEANUP(cleanup_free) uint8_t *addresses = calloc(ADDRESSES, 8);
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 20200322);
        uint32_t zero = 0;

        need(addresses != NULL, "out of memory");
        for (size_t i = 0; i < ADDRESSES;) {
                const struct range *range = &ranges->list[random_u64(&random) % ranges->count];
                uint64_t first = (uint64_t)(range->first >> 64), last = (uint64_t)(range->last >> 64);
                uint64_t value = first + random_u64(&random) % (last - first + 1);

                if (!is_whole(range, ipv6))
                        continue;
                value = ipv6 ? __builtin_bswap64(value) : random_u64(&random) >> 32;
                memcpy(addresses + i++ * 8, &value, 8);
        }
        need(bpf_map_update_elem(map, &zero, addresses, BPF_ANY) == 0, "the addresses do not fit");
}

static double step_ns(struct bpf_program *program)
{
        static const uint8_t frame[64];

        return run_ns(bpf_program__fd(program), frame, sizeof(frame), REPEAT) / LOOKUPS;
}

static void family(const char *name, struct packets_bpf *packets, struct bpf_program *table,
                   struct bpf_program *trie)
{
        double values[RUNS], peers[RUNS];

        for (int run = 0; run < RUNS; run++) {
                double none = step_ns(packets->progs.lookup_none);

                values[run] = step_ns(table) - none;
                peers[run] = step_ns(trie) - none;
        }
        row_print(name, "ns", "less", values, "lpm_trie", peers);
}

/* Both must find the same, or the faster one would merely be wrong. */
static void check_equal(struct packets_bpf *packets, struct bpf_program *table, struct bpf_program *trie)
{
        uint64_t sums[2];

        for (int i = 0; i < 2; i++) {
                packets->bss->sink = 0;
                packets->data->seed = 7;
                step_ns(i ? trie : table);
                sums[i] = packets->bss->sink;
        }
        need(sums[0] == sums[1], "table and trie disagree about countries");
}

void bench_lookups(const struct geo *geo, struct packets_bpf *packets)
{
        struct ranges ipv4 = ranges_read(GEO4_PATH, geo, false), ipv6 = ranges_read(GEO6_PATH, geo, true);

        geo_hand_over(geo, bpf_map__fd(packets->maps.geo));
        trie_fill(bpf_map__fd(packets->maps.trie4), 4, &ipv4);
        addresses_set(bpf_map__fd(packets->maps.addresses), &ipv4, false);
        check_equal(packets, packets->progs.lookup_table4, packets->progs.lookup_trie4);
        family("geo.lookup_ns", packets, packets->progs.lookup_table4, packets->progs.lookup_trie4);
        trie_fill(bpf_map__fd(packets->maps.trie6), 16, &ipv6);
        addresses_set(bpf_map__fd(packets->maps.addresses), &ipv6, true);
        check_equal(packets, packets->progs.lookup_table6, packets->progs.lookup_trie6);
        family("geo6.lookup_ns", packets, packets->progs.lookup_table6, packets->progs.lookup_trie6);
        free(ipv4.list);
        free(ipv6.list);
}
