/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * edge.pass_ns, edge.drop_signature_ns, edge.drop_fence_ns: one packet through the shield, random sources, the full
 * country table, net of a program that only draws the random source; the peer is a program that only drops.
 * The rest of the edge's claims: edge_bench_geo.c, edge_bench_live.c.
 */
#include "edge_bench.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/frame.h"
#include "edge/plane.h"
#include "packets.skel.h"

#define REPEAT 2000000u

void need(int holds, const char *what)
{
        if (holds)
                return;
        fprintf(stderr, "edge_bench: %s\n", what);
        exit(1);
}

static int by_size(const void *left, const void *right)
{
        double a = *(const double *)left, b = *(const double *)right;

        return (a > b) - (a < b);
}

double median(const double values[static RUNS])
{
        double sorted[RUNS];

        memcpy(sorted, values, sizeof(sorted));
        qsort(sorted, RUNS, sizeof(*sorted), by_size);
        return sorted[RUNS / 2];
}

void row_print(const char *name, const char *unit, const char *better, const double values[static RUNS],
               const char *peer, const double peers[static RUNS])
{
        double ratios[RUNS];

        for (int i = 0; i < RUNS; i++)
                ratios[i] = values[i] / peers[i];
        printf("{\"name\": \"%s\", \"value\": %.2f, \"unit\": \"%s\", \"better\": \"%s\", \"peer\": \"%s\", "
               "\"peer_value\": %.2f, \"ratio\": %.3f, \"runs\": %d}\n",
               name, median(values), unit, better, peer, median(peers), median(ratios), RUNS);
        fflush(stdout);
}

double run_ns(int program, const void *frame, size_t length, unsigned repeat)
{
        LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = (uint32_t)length,
                    .repeat = (int)repeat);

        need(bpf_prog_test_run_opts(program, &options) == 0, "the kernel does not run the program");
        return options.duration;
}

/* A signature for the flood's source port, or a fence round every country. */
static void apply(struct plane *plane, enum shield_kind kind)
{
        struct shield_measure measure = {
                .kind = kind, .until_ns = UINT64_MAX, .flags = SHIELD_FLAG_SPARE_KNOWN};
        struct shield_plan plan = {};

        plane_publish(plane, 0, &plan);
        if (kind == SHIELD_KIND_NONE)
                return;
        measure.signature.source_port_min = measure.signature.source_port_max = FLOOD_PORT;
        measure.signature.dest_port_max = UINT16_MAX;
        measure.signature.length_max = UINT16_MAX;
        measure.signature.ttl_max = UINT8_MAX;
        memset(measure.countries, 0xff, sizeof(measure.countries));
        need(plane_fill(plane, kind, &measure) == 0, "the measure does not fit");
        if (kind == SHIELD_KIND_SIGNATURE)
                plan.signatures = kind + 1;
        else
                plan.rungs = kind + 1;
        plane_publish(plane, 0, &plan);
}

static struct plane *shield_open(const struct geo *geo)
{
        const struct plane_options options = {.known4_sources = 262144,
                                              .known6_sources = 65536,
                                              .known_max_age_s = 86400,
                                              .sample_ring_bytes = 1 << 20,
                                              .random_sources = true};
        struct plane_prefix prefix = {.service = 0};
        struct error error = {};
        struct plane *plane;

        need(plane_open(&options, &plane, &error) == 0, error_text(&error, -1));
        need(addr_parse("192.0.2.0/24", &prefix.net) == 0, "the prefix is wrong");
        need(plane_set_prefixes(plane, &prefix, 1, &error) == 0, error_text(&error, -1));
        need(plane_set_geo(plane, geo, &error) == 0, error_text(&error, -1));
        return plane;
}

static void bench_packet(const struct geo *geo, struct packets_bpf *packets)
{
        static const struct {
                const char *name;
                enum shield_kind kind;
        } claims[] = {{"edge.pass_ns", SHIELD_KIND_NONE},
                      {"edge.drop_signature_ns", SHIELD_KIND_SIGNATURE},
                      {"edge.drop_fence_ns", SHIELD_KIND_FENCE}};
        const struct frame_spec spec = {.source = "203.0.113.1",
                                        .dest = "192.0.2.10",
                                        .protocol = FRAME_UDP,
                                        .source_port = FLOOD_PORT,
                                        .dest_port = 80,
                                        .payload = "HTTP/1.1 200 OK...",
                                        .payload_length = 18};
        struct plane *plane = shield_open(geo);
        double values[3][RUNS], drops[RUNS];
        struct frame frame;

        frame_make(&spec, &frame);
        for (int run = 0; run < RUNS; run++) {
                drops[run] = run_ns(bpf_program__fd(packets->progs.packet_drop), frame.bytes, frame.length,
                                    REPEAT);
                for (int i = 0; i < 3; i++) {
                        double empty = run_ns(bpf_program__fd(packets->progs.packet_randomise), frame.bytes,
                                              frame.length, REPEAT);

                        apply(plane, claims[i].kind);
                        values[i][run] =
                                run_ns(plane_ingress_fd(plane), frame.bytes, frame.length, REPEAT) - empty;
                }
        }
        for (int i = 0; i < 3; i++)
                row_print(claims[i].name, "ns", "less", values[i], "xdp_drop", drops);
        plane_close(plane);
}

int main(void)
{
        struct packets_bpf *packets = packets_bpf__open_and_load();
        struct error error = {};
        struct geo *geo;

        need(packets != NULL, "root is needed, and a kernel with BPF");
        need(geo_load(GEO4_PATH, GEO6_PATH, &geo, &error) == 0, error_text(&error, -1));
        bench_packet(geo, packets);
        bench_lookups(geo, packets);
        packets_bpf__destroy(packets);
        bench_live(geo);
        geo_free(geo);
        return 0;
}
