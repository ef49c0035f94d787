/* SPDX-License-Identifier: EUPL-1.2 */
/* Ground for tests of the guard over the real programs: no interface, nothing pinned, a clock the test moves. */
#pragma once

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "edge/frame.h"
#include "edge/guard.h"

#define TICK_NS    (GUARD_TICK_MS * 1000000ull)
#define PORTAL     "192.0.2.10"
#define LABORATORY "198.51.100.20"
#define LOG_MOST   256
#define FLOOD      500 /* packets a tick: 5,000 a second */

/* What was told, in the order in which it was told. */
struct told {
        bool finding;
        enum finding_phase phase;
        enum measure_state state;
        struct id id, about;
        char fr[512], en[512];
        json_t *evidence; /* owned */
        unsigned tick;
};

struct house {
        struct plane *plane;
        struct geo *geo;
        struct guard *guard;
        struct guard_config config;
        struct clock_manual manual;
        struct clock clock;
        struct random_seeded seeded;
        struct random random;
        struct told log[LOG_MOST];
        size_t told;
        unsigned tick, serial;
};

static inline void guard_open(struct house *house)
{
        struct error error = {};

        if (guard_new(house->plane, house->geo, &house->config, &house->clock, &house->random, &house->guard,
                      &error) < 0)
                fail_msg("%s", error.en);
}

static inline void plane_ready(struct house *house)
{
        static const char geo4[] = "33554432,50331647,FR\n"    /* 2.0.0.0/8 */
                                   "134744064,134744319,US\n"; /* 8.8.8.0/24 */
        static const char geo6[] = "2a01:e00::,2a01:e3f:ffff:ffff:ffff:ffff:ffff:ffff,FR\n";
        struct plane_options options = {.known4_sources = 64,
                                        .known6_sources = 64,
                                        .known_max_age_s = 3600,
                                        .sample_ring_bytes = 1 << 20,
                                        .simulated_clock = true};
        struct plane_prefix prefixes[2] = {{.service = 0}, {.service = 1}};
        struct error error = {};

        assert_int_equal(addr_parse(PORTAL, &prefixes[0].net), 0);
        assert_int_equal(addr_parse(LABORATORY, &prefixes[1].net), 0);
        if (plane_open(&options, &house->plane, &error) < 0 ||
            geo_parse(geo4, strlen(geo4), geo6, strlen(geo6), &house->geo, &error) < 0 ||
            plane_set_geo(house->plane, house->geo, &error) < 0 ||
            plane_set_prefixes(house->plane, prefixes, 2, &error) < 0)
                fail_msg("%s", error.en);
        plane_serve_port(house->plane, 0, 443);
}

static inline int setup(void **state)
{
        struct house *house = calloc(1, sizeof(*house));

        assert_non_null(house);
        house->manual = (struct clock_manual){.wall_ms = 1584864900000, .mono_ns = 1000000000000};
        house->clock = clock_manual_view(&house->manual);
        house->random = random_seeded_view(&house->seeded, 3);
        house->config = (struct guard_config){
                .services = {{.name = "portail"}, {.name = "laboratoire"}},
                .floor_pps = 2000,
                .hold_seconds = 2,
                .max_measure_seconds = 600,
                .learn_seconds = 2,
        };
        plane_ready(house);
        plane_set_time(house->plane, house->manual.mono_ns);
        guard_open(house);
        *state = house;
        return 0;
}

static inline int teardown(void **state)
{
        struct house *house = *state;

        guard_free(house->guard);
        plane_close(house->plane);
        geo_free(house->geo);
        for (size_t n = 0; n < house->told; n++)
                json_decref(house->log[n].evidence);
        free(house);
        return 0;
}

static inline bool offer(struct house *house, const struct frame_spec *spec)
{
        struct frame frame;
        bool passed = false;

        frame_make(spec, &frame);
        assert_int_equal(plane_run_ingress(house->plane, frame.bytes, frame.length, &passed), 0);
        return passed;
}

static inline bool visit(struct house *house, const char *source)
{
        static const uint8_t options[] = {2, 4, 5, 0xb4};
        struct frame_spec spec = {.source = source,
                                  .dest = PORTAL,
                                  .protocol = FRAME_TCP,
                                  .source_port = 30000 + house->serial++ % 20000,
                                  .dest_port = 443,
                                  .flags = FRAME_SYN,
                                  .window = 64240,
                                  .tcp_options = options,
                                  .tcp_options_length = sizeof(options),
                                  .dont_fragment = 1};

        return offer(house, &spec);
}

/* Replies of time servers that nobody asked, half of them from France. */
static inline bool reflect(struct house *house)
{
        unsigned serial = house->serial++;
        char source[32];
        struct frame_spec spec = {.source = source,
                                  .dest = PORTAL,
                                  .protocol = FRAME_UDP,
                                  .source_port = 123,
                                  .dest_port = 1024 + serial % 60000,
                                  .payload = "\xd7\x00\x03\x2a",
                                  .payload_length = 4,
                                  .ttl = 50 + serial % 100};

        snprintf(source, sizeof(source), "%s.%u.%u", serial % 2 ? "2.1" : "8.8",
                 serial % 2 ? serial / 200 % 200 : 8, serial % 200 + 1);
        return offer(house, &spec);
}

static inline void note(struct house *house, const struct guard_event *event)
{
        const struct bitext *why = event->finding ? &event->finding->why : &event->measure->why;

        assert_true(house->told < LOG_MOST);
        struct told *told = &house->log[house->told++];
        told->finding = event->finding;
        told->tick = house->tick;
        snprintf(told->fr, sizeof(told->fr), "%s", why->fr);
        snprintf(told->en, sizeof(told->en), "%s", why->en);
        if (event->finding) {
                told->id = event->finding->id;
                told->phase = event->finding->phase;
                told->evidence = json_deep_copy(event->finding->evidence);
        } else {
                told->id = event->measure->id;
                told->about = event->measure->finding;
                told->state = event->measure->state;
        }
}

/* Returns how many of the flood's packets passed. */
static inline unsigned tick(struct house *house, unsigned flood)
{
        const struct guard_event *events;
        struct error error = {};
        unsigned passed = 0;

        for (unsigned n = 0; n < 10; n++)
                visit(house, n % 2 ? "2.3.4.5" : "203.0.113.7");
        for (unsigned n = 0; n < flood; n++)
                passed += reflect(house);
        house->tick++;
        clock_manual_advance(&house->manual, TICK_NS);
        plane_set_time(house->plane, house->manual.mono_ns);
        int count = guard_tick(house->guard, &events, &error);
        if (count < 0)
                fail_msg("%s", error.en);
        for (int n = 0; n < count; n++)
                note(house, &events[n]);
        return passed;
}

static inline void ticks(struct house *house, unsigned count, unsigned flood)
{
        while (count--)
                tick(house, flood);
}

/* `selector` is JSON with ' for ". */
static inline struct measure wish(const struct house *house, enum measure_kind kind, const char *selector,
                                  unsigned seconds)
{
        struct measure measure = {
                .kind = kind, .subject = "portail", .owner = "marie.durand", .actual_cost = -1};
        char text[256];

        snprintf(text, sizeof(text), "%s", selector);
        for (char *at = text; *at; at++)
                if (*at == '\'')
                        *at = '"';
        measure.selector = json_loads(text, 0, NULL);
        assert_non_null(measure.selector);
        measure.until_ms = house->manual.wall_ms + 1000 * (int64_t)seconds;
        assert_int_equal(bitext_set(&measure.why, "Demandé au téléphone", "Asked for by telephone"), 0);
        return measure;
}

static inline int ask_as(struct house *house, const char *id, enum measure_kind kind, const char *selector,
                         unsigned seconds, struct error *error)
{
        struct measure measure = wish(house, kind, selector, seconds);

        if (id)
                assert_int_equal(id_parse(id, 'm', &measure.id), 0);
        int r = guard_ask(house->guard, &measure, error);
        measure_release(&measure);
        return r;
}

static inline void ask(struct house *house, enum measure_kind kind, const char *selector, unsigned seconds)
{
        struct error error = {};

        if (ask_as(house, NULL, kind, selector, seconds, &error) < 0)
                fail_msg("%s", error.en);
}

static inline const struct measure *standing(struct house *house, size_t n, size_t expected)
{
        static const struct measure *measures[SHIELD_SLOTS];

        assert_int_equal(guard_measures(house->guard, measures, SHIELD_SLOTS), expected);
        return measures[n];
}

static inline unsigned told_states(const struct house *house, enum measure_state wanted)
{
        unsigned count = 0;

        for (size_t n = 0; n < house->told; n++)
                count += !house->log[n].finding && house->log[n].state == wanted;
        return count;
}

#define HOUSE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
