/* SPDX-License-Identifier: EUPL-1.2 */
/* Ground for the tests that run the real programs in the kernel: packet in, map state, verdict out. */
#pragma once

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <bpf/bpf.h>

#include "flow/country.h"
#include "edge/frame.h"
#include "edge/plane.h"
#include "edge/shield.h"

#define SECOND      1000000000ULL
#define HOSPITAL    "192.0.2.10"
#define LABORATORY  "198.51.100.20"
#define HOSPITAL_V6 "2001:db8:1::10"

enum { ACTION_DROP = 1, ACTION_PASS = 2, ACTION_TX = 3 }; /* of XDP */

struct ground {
        struct plane *plane;
        uint64_t now;
        struct shield_counters before, after;
        struct shield_sample samples[2048]; /* the last ones */
        size_t sample_count;
};

/* One country a continent or two, so that every step of the walk is met. */
static const char geo4[] = "16777216,16777471,AU\n"    /* 1.0.0.0/24 */
                           "33554432,50331647,FR\n"    /* 2.0.0.0/8 */
                           "134744064,134744319,US\n"; /* 8.8.8.0/24 */
static const char geo6[] = "2001:200::,2001:200:ffff:ffff:ffff:ffff:ffff:ffff,JP\n"
                           "2a01:e00::,2a01:e3f:ffff:ffff:ffff:ffff:ffff:ffff,FR\n";

static inline struct plane_options ground_options(void)
{
        return (struct plane_options){.known4_sources = 64,
                                      .known6_sources = 64,
                                      .known_max_age_s = 3600,
                                      .sample_ring_bytes = 65536,
                                      .simulated_clock = true};
}

static inline void ground_protect(struct plane *plane)
{
        const char *nets[] = {"192.0.2.0/24", "2001:db8:1::/48", "198.51.100.0/24", "192.0.2.128/25"};
        const unsigned services[] = {0, 0, 1, 2};
        struct plane_prefix prefixes[4];
        struct error error = {};

        for (int i = 0; i < 4; i++) {
                prefixes[i].service = services[i];
                assert_int_equal(addr_parse(nets[i], &prefixes[i].net), 0);
        }
        if (plane_set_prefixes(plane, prefixes, 4, &error) < 0)
                fail_msg("%s", error.en);
}

static inline void ground_geo(struct plane *plane, const char *ipv4, const char *ipv6)
{
        struct geo *geo;
        struct error error = {};

        if (geo_parse(ipv4, strlen(ipv4), ipv6, strlen(ipv6), &geo, &error) < 0 ||
            plane_set_geo(plane, geo, &error) < 0)
                fail_msg("%s", error.en);
        geo_free(geo);
}

static inline int ground_setup(void **state)
{
        static struct ground ground;
        struct plane_options options = ground_options();
        struct error error = {};

        memset(&ground, 0, sizeof(ground));
        if (plane_open(&options, &ground.plane, &error) < 0)
                fail_msg("%s", error.en);
        ground_protect(ground.plane);
        ground_geo(ground.plane, geo4, geo6);
        ground.now = 1000 * SECOND;
        plane_set_time(ground.plane, ground.now);
        plane_serve_port(ground.plane, 0, 443);
        plane_serve_port(ground.plane, 0, 53);
        *state = &ground;
        return 0;
}

static inline int ground_teardown(void **state)
{
        struct ground *ground = *state;

        plane_close(ground->plane);
        return 0;
}

static inline void ground_take(void *context, const struct shield_sample *sample)
{
        struct ground *ground = context;

        ground->samples[ground->sample_count++ % 2048] = *sample;
}

static inline void ground_drain(struct ground *ground)
{
        ground->sample_count = 0;
        assert_int_equal(plane_samples(ground->plane, ground_take, ground), 0);
}

static inline void ground_advance(struct ground *ground, uint64_t nanoseconds)
{
        ground->now += nanoseconds;
        plane_set_time(ground->plane, ground->now);
}

/* Every test begins with no measures, an empty ring, a new sampling epoch and counters noted. */
static inline int ground_reset(void **state)
{
        struct ground *ground = *state;
        const struct shield_plan none = {};

        for (unsigned i = 0; i < SHIELD_SERVICES; i++) {
                plane_publish(ground->plane, i, &none);
                plane_freeze(ground->plane, i, false);
        }
        for (unsigned i = 0; i < SHIELD_SLOTS; i++)
                plane_reset_slot(ground->plane, i);
        ground_advance(ground, SECOND);
        ground_drain(ground);
        plane_read(ground->plane, &ground->before);
        return 0;
}

/* What XDP answers to the frame; what comes out replaces it in *frame. */
static inline unsigned ground_ingress(struct ground *ground, struct frame *frame)
{
        uint8_t out[FRAME_BYTES_MAX];
        LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame->bytes,
                    .data_size_in = (uint32_t)frame->length, .data_out = out, .data_size_out = sizeof(out),
                    .repeat = 1);

        assert_int_equal(bpf_prog_test_run_opts(plane_ingress_fd(ground->plane), &options), 0);
        memcpy(frame->bytes, out, options.data_size_out);
        frame->length = options.data_size_out;
        plane_read(ground->plane, &ground->after);
        return options.retval;
}

static inline unsigned ground_offer(struct ground *ground, const struct frame_spec *spec)
{
        struct frame frame;

        frame_make(spec, &frame);
        return ground_ingress(ground, &frame);
}

static inline void ground_send(struct ground *ground, const struct frame_spec *spec)
{
        struct frame frame;
        bool passed = false;

        frame_make(spec, &frame);
        assert_int_equal(plane_run_egress(ground->plane, frame.bytes, frame.length, &passed), 0);
        assert_true(passed);
        plane_read(ground->plane, &ground->after);
}

/* Runs it through ingress and hands back the sample that was made of it. */
static inline struct shield_sample ground_sample(struct ground *ground, const struct frame_spec *spec)
{
        ground_advance(ground, SECOND);
        ground_drain(ground);
        ground_offer(ground, spec);
        ground_drain(ground);
        assert_int_equal(ground->sample_count, 1);
        return ground->samples[0];
}

/* Whether the memory holds this source: asked with a packet, as the kernel sees it. */
static inline bool ground_knows(struct ground *ground, const char *source)
{
        struct frame_spec spec = {.source = source,
                                  .dest = strchr(source, ':') ? HOSPITAL_V6 : HOSPITAL,
                                  .protocol = FRAME_TCP,
                                  .source_port = 40000,
                                  .dest_port = 443,
                                  .flags = FRAME_ACK};

        return ground_sample(ground, &spec).known;
}

/* Makes it known in the honest way: the server answers it with data. */
static inline void ground_befriend(struct ground *ground, const char *peer)
{
        struct frame_spec spec = {.source = strchr(peer, ':') ? HOSPITAL_V6 : HOSPITAL,
                                  .dest = peer,
                                  .protocol = FRAME_TCP,
                                  .source_port = 443,
                                  .dest_port = 40000,
                                  .flags = FRAME_ACK,
                                  .payload = "HTTP",
                                  .payload_length = 4};

        ground_send(ground, &spec);
}

/* A signature that everything meets; tests narrow it. */
static inline struct shield_measure ground_measure(const struct ground *ground, enum shield_kind kind)
{
        struct shield_measure measure = {.kind = kind, .until_ns = ground->now + 600 * SECOND};

        measure.signature.length_max = UINT16_MAX;
        measure.signature.source_port_max = UINT16_MAX;
        measure.signature.dest_port_max = UINT16_MAX;
        measure.signature.ttl_max = UINT8_MAX;
        return measure;
}

/* Puts it into slot 3 of service 0 alone. */
static inline void ground_apply(struct ground *ground, const struct shield_measure *measure)
{
        struct shield_plan plan = {};

        plane_publish(ground->plane, 0, &plan);
        assert_int_equal(plane_fill(ground->plane, 3, measure), 0);
        plane_reset_slot(ground->plane, 3);
        if (measure->kind == SHIELD_KIND_SIGNATURE)
                plan.signatures = 4;
        else
                plan.rungs = 4;
        plane_publish(ground->plane, 0, &plan);
        plane_read(ground->plane, &ground->before);
}

static inline struct shield_class_counters ground_class(const struct ground *ground, unsigned service,
                                                        enum shield_class class_)
{
        const uint64_t *after = (const uint64_t *)&ground->after.service[service].by_class[class_];
        const uint64_t *before = (const uint64_t *)&ground->before.service[service].by_class[class_];
        struct shield_class_counters difference;

        for (size_t i = 0; i < sizeof(difference) / sizeof(uint64_t); i++)
                ((uint64_t *)&difference)[i] = after[i] - before[i];
        return difference;
}
