/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * edge.live_drop_mpps: 64-byte frames (60 and the check sequence) from random sources, sent in the kernel by
 * BPF_F_TEST_XDP_LIVE_FRAMES through a veth pair into another network namespace, all on one core. Sources outside
 * Europe are dropped by a fence, the rest by a signature. Peers, same generator, same run: a program that
 * only drops, and nftables on the netdev ingress hook with the set of all addresses outside Europe, as the country
 * file lists them and merged, and the same rule for the rest.
 *
 *      garde-bench-a: benchout ── veth ── benchin :garde-bench-b
 */
#include "edge_bench.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "flow/country.h"
#include "edge/frame.h"
#include "edge/plane.h"
#include "packets.skel.h"

#define FRAMES 4000000u /* a run of the fast ones */
#define BATCH  64u

struct track {
        int generator_ns, target_ns; /* descriptors of the namespaces */
        struct packets_bpf *packets;
        unsigned outlet, inlet; /* interfaces */
        struct frame frame;
};

static void shell(const char *format, ...)
{
        char command[512];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(command, sizeof(command), format, arguments);
        va_end(arguments);
        need(system(command) == 0, command);
}

static int namespace_new(void)
{
        int fd;

        need(unshare(CLONE_NEWNET) == 0, "root is needed for network namespaces");
        fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
        need(fd >= 0, "cannot open the network namespace");
        return fd;
}

static void enter(int namespace_fd)
{
        need(setns(namespace_fd, CLONE_NEWNET) == 0, "cannot enter the network namespace");
}

static void one_core(void)
{
        cpu_set_t cores;

        CPU_ZERO(&cores);
        CPU_SET(0, &cores);
        need(sched_setaffinity(0, sizeof(cores), &cores) == 0, "cannot stay on one core");
}

static struct packets_bpf *generator_load(unsigned outlet)
{
        struct packets_bpf *packets = packets_bpf__open();

        need(packets != NULL, "cannot open the programs");
        packets->rodata->outlet = outlet;
        bpf_map__set_max_entries(packets->maps.trie4, 1);
        bpf_map__set_max_entries(packets->maps.trie6, 1);
        need(packets_bpf__load(packets) == 0, "cannot load the programs");
        return packets;
}

static void track_lay(struct track *track)
{
        const struct frame_spec spec = {.source = "203.0.113.1",
                                        .dest = "192.0.2.10",
                                        .protocol = FRAME_UDP,
                                        .source_port = FLOOD_PORT,
                                        .dest_port = 80,
                                        .payload = "HTTP/1.1 200 OK...",
                                        .payload_length = 18};

        one_core();
        track->target_ns = namespace_new();
        track->generator_ns = namespace_new();
        shell("ip link add benchout type veth peer name benchin; ip link set benchin netns /proc/%d/fd/%d",
              (int)getpid(), track->target_ns);
        shell("ip link set benchout up");
        track->outlet = if_nametoindex("benchout");
        enter(track->target_ns);
        shell("ip link set benchin up; ethtool -K benchin gro on");
        track->inlet = if_nametoindex("benchin");
        track->packets = generator_load(track->outlet);
        frame_make(&spec, &track->frame);
}

/* Frames that reached the far end of the veth. The counter has 32 bits, so it is read before it can turn twice. */
static uint32_t arrived(const struct track *track)
{
        struct ifaddrs *list, *at;
        uint32_t packets = 0;

        enter(track->target_ns);
        need(getifaddrs(&list) == 0, "cannot read the interface's counters");
        for (at = list; at; at = at->ifa_next)
                if (at->ifa_data && at->ifa_addr && at->ifa_addr->sa_family == AF_PACKET &&
                    strcmp(at->ifa_name, "benchin") == 0)
                        packets = ((const struct rtnl_link_stats *)at->ifa_data)->rx_packets;
        freeifaddrs(list);
        return packets;
}

static double seconds(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Million frames a second that arrive and are dropped. */
static double flood(struct track *track, unsigned frames)
{
        LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = track->frame.bytes,
                    .data_size_in = (uint32_t)track->frame.length, .repeat = (int)frames, .batch_size = BATCH,
                    .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
        uint32_t before = arrived(track), after;
        double start, end;

        enter(track->generator_ns);
        start = seconds();
        need(bpf_prog_test_run_opts(bpf_program__fd(track->packets->progs.packet_generate), &options) == 0,
             "the kernel does not send live frames");
        end = seconds();
        after = arrived(track);
        need(after - before > frames / 2, "frames got lost on the way");
        return (after - before) / (end - start) / 1e6;
}

/* The fence's countries: all that are not in Europe, the unknown ones, too. */
static bool is_outside(uint8_t country)
{
        char code[COUNTRY_CODE_SIZE];

        country_code(country, code);
        return strcmp(continent_of(code), "EU") != 0;
}

static void shield_apply(struct plane *plane)
{
        struct shield_measure fence = {
                .kind = SHIELD_KIND_FENCE, .until_ns = UINT64_MAX, .flags = SHIELD_FLAG_SPARE_KNOWN};
        struct shield_measure signature = {.kind = SHIELD_KIND_SIGNATURE, .until_ns = UINT64_MAX};
        const struct shield_plan plan = {
                .rungs = 0x0102}; /* the fence in slot 1, then the signature in slot 0 */

        for (unsigned i = 0; i < SHIELD_COUNTRIES; i++)
                if (is_outside((uint8_t)i))
                        fence.countries[i / 64] |= 1ULL << (i % 64);
        signature.signature.source_port_min = signature.signature.source_port_max = FLOOD_PORT;
        signature.signature.dest_port_max = UINT16_MAX;
        signature.signature.length_max = UINT16_MAX;
        signature.signature.ttl_max = UINT8_MAX;
        need(plane_fill(plane, 0, &signature) == 0 && plane_fill(plane, 1, &fence) == 0,
             "the measures do not fit");
        plane_publish(plane, 0, &plan);
}

static double flood_shield(struct track *track, const struct geo *geo)
{
        const struct plane_options options = {.known4_sources = 262144,
                                              .known6_sources = 65536,
                                              .known_max_age_s = 86400,
                                              .sample_ring_bytes = 1 << 20};
        struct plane_prefix prefix = {.service = 0};
        struct shield_counters counters;
        struct error error = {};
        struct plane *plane;
        double rate;

        enter(track->target_ns);
        need(plane_open(&options, &plane, &error) == 0, error_text(&error, -1));
        need(addr_parse("192.0.2.0/24", &prefix.net) == 0, "the prefix is wrong");
        need(plane_set_prefixes(plane, &prefix, 1, &error) == 0, error_text(&error, -1));
        need(plane_set_geo(plane, geo, &error) == 0, error_text(&error, -1));
        shield_apply(plane);
        need(plane_attach(plane, "benchin", PLANE_MODE_NATIVE, &error) == 0, error_text(&error, -1));
        flood(track, FRAMES / 8); /* warm up */
        rate = flood(track, FRAMES);
        plane_read(plane, &counters);
        need(counters.slot[1].dropped > FRAMES / 2 && counters.slot[0].dropped > FRAMES / 20,
             "fence and signature did not both drop their part");
        need(counters.slot[0].dropped + counters.slot[1].dropped ==
                     counters.service[0].by_class[SHIELD_CLASS_UDP].packets,
             "a frame of the flood got through");
        enter(track->target_ns);
        plane_close(plane);
        return rate;
}

static double flood_drop(struct track *track)
{
        LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_DRV_MODE);
        double rate;
        int link;

        enter(track->target_ns);
        link = bpf_link_create(bpf_program__fd(track->packets->progs.packet_drop), (int)track->inlet, BPF_XDP,
                               &options);
        need(link >= 0, "cannot attach the program that drops");
        flood(track, FRAMES / 8);
        rate = flood(track, FRAMES);
        close(link);
        return rate;
}

static void interval_print(FILE *rules, unsigned long first, unsigned long last, size_t *count)
{
        fprintf(rules, "%s%lu.%lu.%lu.%lu-%lu.%lu.%lu.%lu", (*count)++ ? ",\n" : "", first >> 24,
                first >> 16 & 255, first >> 8 & 255, first & 255, last >> 24, last >> 16 & 255,
                last >> 8 & 255, last & 255);
}

/*
 * All of IPv4 that the country file does not give to Europe: an element a line of the file and a gap between two, as
 * scripts make it (158,879 in the data of 2026; nft keeps them apart); or merged, as few intervals as possible (43,324),
 * which is nftables' best case.
 */
static size_t nftables_set(FILE *rules, const struct geo *geo, bool merged)
{
        CLEANUP(cleanup_file) FILE *file = fopen(GEO4_PATH, "re");
        char line[256], code[3];
        unsigned long first, last, next = 0;
        size_t count = 0;

        need(file != NULL, "the country files of tor-geoipdb are needed");
        while (fgets(line, sizeof(line), file)) {
                if (line[0] == '#' || sscanf(line, "%lu,%lu,%2s", &first, &last, code) != 3)
                        continue;

                bool outside = is_outside(geo_index(geo, code));

                if (merged && outside)
                        continue;
                if (first > next)
                        interval_print(rules, next, first - 1, &count);
                if (outside)
                        interval_print(rules, first, last, &count);
                next = last + 1;
        }
        if (next <= UINT32_MAX)
                interval_print(rules, next, UINT32_MAX, &count);
        return count;
}

static void nftables_write(const char *path, const struct geo *geo, bool merged)
{
        CLEANUP(cleanup_file) FILE *rules = fopen(path, "we");

        need(rules != NULL, "cannot write the nftables rules");
        fprintf(rules,
                "table netdev bench {\n  set outside { type ipv4_addr; flags interval; elements = {\n");
        need(nftables_set(rules, geo, merged) > 10000, "the country file is too small to compare with");
        fprintf(rules,
                " } }\n  chain ingress { type filter hook ingress device \"benchin\" priority 0; policy "
                "accept;\n"
                "    ip daddr 192.0.2.0/24 ip saddr @outside drop\n"
                "    ip daddr 192.0.2.0/24 udp sport %d drop\n  }\n}\n",
                FLOOD_PORT);
}

static double flood_nftables(struct track *track, const char *path)
{
        double rate;

        enter(track->target_ns);
        shell("nft -f %s", path);
        flood(track, FRAMES / 32);
        rate = flood(track, FRAMES / 8);
        enter(track->target_ns);
        shell("nft delete table netdev bench");
        return rate;
}

static void rules_make(char *path, const struct geo *geo, bool merged)
{
        int file = mkstemp(path);

        need(file >= 0, "cannot write the nftables rules");
        close(file);
        nftables_write(path, geo, merged);
}

void bench_live(const struct geo *geo)
{
        double values[RUNS], drops[RUNS], nftables[RUNS], nftables_merged[RUNS];
        char lines[] = "/tmp/garde-bench-XXXXXX", merged[] = "/tmp/garde-bench-XXXXXX";
        struct track track = {};

        track_lay(&track);
        rules_make(lines, geo, false);
        rules_make(merged, geo, true);
        for (int run = 0; run < RUNS; run++) {
                drops[run] = flood_drop(&track);
                values[run] = flood_shield(&track, geo);
                nftables[run] = flood_nftables(&track, lines);
                nftables_merged[run] = flood_nftables(&track, merged);
        }
        unlink(lines);
        unlink(merged);
        row_print("edge.live_drop_mpps", "Mpps", "more", values, "xdp_drop", drops);
        row_print("edge.live_drop_mpps", "Mpps", "more", values, "nftables", nftables);
        row_print("edge.live_drop_mpps", "Mpps", "more", values, "nftables_merged", nftables_merged);
        packets_bpf__destroy(track.packets);
}
