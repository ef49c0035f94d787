/* SPDX-License-Identifier: EUPL-1.2 */
/* The guard over the real programs (no interface, nothing pinned), with a clock that the test moves. */
#include "edge/guard.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "edge/frame.h"

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

static void guard_open(struct house *house)
{
        struct error error = {};

        if (guard_new(house->plane, house->geo, &house->config, &house->clock, &house->random, &house->guard,
                      &error) < 0)
                fail_msg("%s", error.text);
}

static void plane_ready(struct house *house)
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
                fail_msg("%s", error.text);
        plane_serve_port(house->plane, 0, 443);
}

static int setup(void **state)
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

static int teardown(void **state)
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

static bool offer(struct house *house, const struct frame_spec *spec)
{
        struct frame frame;
        bool passed = false;

        frame_make(spec, &frame);
        assert_int_equal(plane_run_ingress(house->plane, frame.bytes, frame.length, &passed), 0);
        return passed;
}

static bool visit(struct house *house, const char *source)
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
static bool reflect(struct house *house)
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

static void note(struct house *house, const struct guard_event *event)
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
static unsigned tick(struct house *house, unsigned flood)
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
                fail_msg("%s", error.text);
        for (int n = 0; n < count; n++)
                note(house, &events[n]);
        return passed;
}

static void ticks(struct house *house, unsigned count, unsigned flood)
{
        while (count--)
                tick(house, flood);
}

/* `selector` is JSON with ' for ". */
static struct measure wish(const struct house *house, enum measure_kind kind, const char *selector,
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

static int ask_as(struct house *house, const char *id, enum measure_kind kind, const char *selector,
                  unsigned seconds, struct error *error)
{
        struct measure measure = wish(house, kind, selector, seconds);

        if (id)
                assert_int_equal(id_parse(id, 'm', &measure.id), 0);
        int r = guard_ask(house->guard, &measure, error);
        measure_release(&measure);
        return r;
}

static void ask(struct house *house, enum measure_kind kind, const char *selector, unsigned seconds)
{
        struct error error = {};

        if (ask_as(house, NULL, kind, selector, seconds, &error) < 0)
                fail_msg("%s", error.text);
}

static const struct measure *standing(struct house *house, size_t n, size_t expected)
{
        static const struct measure *measures[SHIELD_SLOTS];

        assert_int_equal(guard_measures(house->guard, measures, SHIELD_SLOTS), expected);
        return measures[n];
}

static unsigned told_states(const struct house *house, enum measure_state wanted)
{
        unsigned count = 0;

        for (size_t n = 0; n < house->told; n++)
                count += !house->log[n].finding && house->log[n].state == wanted;
        return count;
}

static void test_asked_signature_acts_at_once(void **state)
{
        struct house *house = *state;

        ticks(house, 30, 0);
        assert_true(reflect(house));
        ask(house, MEASURE_KIND_SIGNATURE, "{'class':'udp','source_port':123}", 60);
        assert_false(reflect(house));
        assert_true(visit(house, "203.0.113.9"));
        tick(house, 0);
        const struct measure *measure = standing(house, 0, 1);
        assert_int_equal(measure->state, MEASURE_STATE_STANDING);
        assert_string_equal(measure->owner, "marie.durand");
        assert_string_equal(measure->why.fr, "Demandé au téléphone");
        assert_true(measure->predicted_cost == 0);
        assert_int_equal(measure->dropped, 1);
        assert_false(id_is_set(&measure->finding));
}

static void test_asked_fence_stops_a_country(void **state)
{
        struct house *house = *state;
        struct measure measure = wish(house, MEASURE_KIND_FENCE, "{'countries':['FR']}", 60);
        struct error error = {};
        double cost;

        ticks(house, 60, 0);
        assert_int_equal(guard_predict(house->guard, &measure, &cost, &error), 0);
        assert_true(cost > 0.3 && cost < 0.7); /* half of the visitors are from there */
        measure_release(&measure);
        assert_true(visit(house, "2.9.9.9"));
        ask(house, MEASURE_KIND_FENCE, "{'countries':['FR'],'spare_known':false}", 60);
        assert_false(visit(house, "2.9.9.9"));
        assert_true(visit(house, "8.8.8.9"));
}

static void test_asked_throttle_and_challenge_act(void **state)
{
        struct house *house = *state;
        unsigned passed = 0;

        tick(house, 0);
        ask(house, MEASURE_KIND_THROTTLE, "{'rate_pps':1000}", 60);
        for (unsigned n = 0; n < 100; n++) /* in one moment */
                passed += reflect(house);
        assert_in_range(passed, 1, 20);
        struct id id = standing(house, 0, 1)->id;
        struct error error = {};
        assert_int_equal(guard_lift(house->guard, &id, &error), 0);
        ticks(house, 2, 0);
        assert_true(visit(house, "203.0.113.9"));
        ask(house, MEASURE_KIND_CHALLENGE, "{}", 60);
        assert_false(visit(house, "203.0.113.9")); /* answered by the program itself */
        standing(house, 0, 1);
}

static void test_bad_wishes_are_refused_with_a_sentence(void **state)
{
        static const struct {
                enum measure_kind kind;
                const char *selector;
        } bad[] = {
                {MEASURE_KIND_SIGNATURE, "{}"},
                {MEASURE_KIND_SIGNATURE, "[]"},
                {MEASURE_KIND_SIGNATURE, "{'colour':'red'}"},
                {MEASURE_KIND_SIGNATURE, "{'source_port':70000}"},
                {MEASURE_KIND_SIGNATURE, "{'ttl':[9,3]}"},
                {MEASURE_KIND_SIGNATURE, "{'class':'carrier-pigeon'}"},
                {MEASURE_KIND_FENCE, "{}"},
                {MEASURE_KIND_FENCE, "{'countries':[]}"},
                {MEASURE_KIND_FENCE, "{'countries':['Atlantis']}"},
                {MEASURE_KIND_FENCE, "{'countries':[7]}"},
                {MEASURE_KIND_FENCE, "{'countries':['FR'],'spare_known':1}"},
                {MEASURE_KIND_FENCE, "{'countries':['FR'],'but':['US']}"},
                {MEASURE_KIND_THROTTLE, "{}"},
                {MEASURE_KIND_THROTTLE, "{'rate_pps':0}"},
                {MEASURE_KIND_THROTTLE, "{'rate_pps':'many'}"},
                {MEASURE_KIND_THROTTLE, "{'rate_pps':5,'burst':1}"},
                {MEASURE_KIND_THROTTLE, "{'rate_pps':4294967296}"},
                {MEASURE_KIND_CHALLENGE, "{'ports':[443]}"},
                {MEASURE_KIND_COUNT, "{}"},
        };
        struct house *house = *state;

        tick(house, 0);
        for (size_t n = 0; n < ARRAY_LEN(bad); n++) {
                struct error error = {};

                assert_int_equal(ask_as(house, NULL, bad[n].kind, bad[n].selector, 60, &error), -EINVAL);
                assert_true(strlen(error.text) > 10);
        }
        struct measure measure = wish(house, MEASURE_KIND_CHALLENGE, "{}", 60);
        struct error error = {};
        snprintf(measure.subject, sizeof(measure.subject), "cantine");
        assert_int_equal(guard_ask(house->guard, &measure, &error), -EINVAL);
        assert_non_null(strstr(error.text, "cantine"));
        snprintf(measure.subject, sizeof(measure.subject), "portail");
        measure.until_ms = house->manual.wall_ms;
        assert_int_equal(guard_ask(house->guard, &measure, &error), -EINVAL);
        measure_release(&measure);
        standing(house, 0, 0);
        assert_true(reflect(house));
}

static void test_fence_needs_a_country_table(void **state)
{
        struct house *house = *state;
        struct error error = {};

        guard_free(house->guard);
        house->geo = geo_free(house->geo);
        guard_open(house);
        assert_int_equal(ask_as(house, NULL, MEASURE_KIND_FENCE, "{'countries':['FR']}", 60, &error),
                         -EINVAL);
}

static void test_places_run_out(void **state)
{
        struct house *house = *state;
        struct error error = {};
        char selector[64];

        tick(house, 0);
        for (unsigned n = 0; n < SHIELD_PLAN_SLOTS; n++) {
                snprintf(selector, sizeof(selector), "{'source_port':%u}", 1000 + n);
                ask(house, MEASURE_KIND_SIGNATURE, selector, 60);
        }
        assert_int_equal(ask_as(house, NULL, MEASURE_KIND_SIGNATURE, "{'source_port':1}", 60, &error),
                         -ENOSPC);
        ask(house, MEASURE_KIND_CHALLENGE, "{}", 60); /* rungs have places of their own */
        standing(house, 0, SHIELD_PLAN_SLOTS + 1);
}

static void test_lifted_is_told_once(void **state)
{
        struct house *house = *state;
        struct error error = {};

        tick(house, 0);
        ask(house, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 60);
        tick(house, 0);
        struct id id = standing(house, 0, 1)->id;
        assert_int_equal(guard_lift(house->guard, &id, &error), 0);
        ticks(house, 5, 0);
        assert_int_equal(told_states(house, MEASURE_STATE_LIFTED), 1);
        standing(house, 0, 0);
        assert_true(reflect(house));
        assert_int_equal(guard_lift(house->guard, &id, &error), -ENOENT);
        assert_int_equal(guard_forbid(house->guard, &id, &error), -ENOENT);
}

static void test_expiry_is_told_once(void **state)
{
        struct house *house = *state;

        tick(house, 0);
        ask(house, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 1);
        ticks(house, 9, 0);
        assert_false(reflect(house));
        assert_int_equal(house->told, 0);
        ticks(house, 8, 0);
        assert_int_equal(told_states(house, MEASURE_STATE_EXPIRED), 1);
        assert_int_equal(house->told, 1);
        standing(house, 0, 0);
        assert_true(reflect(house));
}

static void test_forbidden_does_not_come_back(void **state)
{
        struct house *house = *state;
        struct error error = {};

        ticks(house, 40, 0);
        ticks(house, 5, FLOOD);
        const struct measure *measure = standing(house, 0, 1);
        json_t *selector = json_deep_copy(measure->selector);
        struct id id = measure->id;
        assert_int_equal(guard_forbid(house->guard, &id, &error), 0);
        ticks(house, 40, FLOOD);
        assert_int_equal(told_states(house, MEASURE_STATE_REFUSED), 1);
        const struct measure *measures[SHIELD_SLOTS];
        size_t count = guard_measures(house->guard, measures, SHIELD_SLOTS);
        for (size_t n = 0; n < count; n++)
                assert_false(json_equal(measures[n]->selector, selector));
        json_decref(selector);
        /* It is the edge that may not: a person still may ask for it. */
        ask(house, MEASURE_KIND_SIGNATURE, "{'class':'udp','source_port':123}", 60);
        assert_false(reflect(house));
}

#define ADOPTED "m_01J8Z6Q0G4T5W2X9Y7R3K1B0CD"

static void test_adopted_is_claimed_by_who_asked(void **state)
{
        struct house *house = *state;
        struct error error = {};

        tick(house, 0);
        assert_int_equal(ask_as(house, ADOPTED, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 60, &error),
                         0);
        tick(house, 0);
        guard_free(house->guard);
        assert_false(reflect(house)); /* it stands with nobody there */
        guard_open(house);
        assert_false(reflect(house));
        const struct measure *measure = standing(house, 0, 1);
        assert_string_equal(measure->id.text, ADOPTED);
        assert_string_equal(measure->owner, "edge");
        assert_non_null(strstr(measure->why.fr, "redémarrage"));
        assert_int_equal(ask_as(house, ADOPTED, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 30, &error),
                         0);
        measure = standing(house, 0, 1);
        assert_string_equal(measure->owner, "marie.durand");
        assert_string_equal(measure->why.en, "Asked for by telephone");
        assert_in_range(measure->until_ms - house->manual.wall_ms, 29000, 30000);
        ticks(house, 250, 0); /* calm does not take down what a person wants */
        assert_false(reflect(house));
        ticks(house, 60, 0);
        assert_int_equal(told_states(house, MEASURE_STATE_EXPIRED), 1);
        assert_true(reflect(house));
}

static void test_adopted_unclaimed_is_lifted_in_calm(void **state)
{
        struct house *house = *state;
        struct error error = {};

        tick(house, 0);
        assert_int_equal(ask_as(house, ADOPTED, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 600, &error),
                         0);
        guard_free(house->guard);
        guard_open(house);
        ticks(house, 150, 0);
        assert_int_equal(told_states(house, MEASURE_STATE_LIFTED), 1);
        standing(house, 0, 0);
        assert_true(reflect(house));
}

/* The n-th finding of this phase, or NULL. */
static const struct told *finding_told(const struct house *house, enum finding_phase phase)
{
        for (size_t n = 0; n < house->told; n++)
                if (house->log[n].finding && house->log[n].phase == phase)
                        return &house->log[n];
        return NULL;
}

static json_int_t figure(const struct told *told, const char *key)
{
        const json_t *value = json_object_get(told->evidence, key);

        assert_true(json_is_integer(value));
        return json_integer_value(value);
}

static void evidence_check(const struct house *house, const struct told *begins, const struct told *ends)
{
        const char *started = json_string_value(json_object_get(ends->evidence, "started"));
        const char *ended = json_string_value(json_object_get(ends->evidence, "ended"));
        const json_t *countries = json_object_get(ends->evidence, "countries");
        const json_t *kinds = json_object_get(ends->evidence, "kinds");
        int64_t from, to;

        assert_non_null(started);
        assert_string_equal(started, json_string_value(json_object_get(begins->evidence, "started")));
        assert_null(json_object_get(begins->evidence, "ended"));
        assert_int_equal(time_parse(started, &from), 0);
        assert_int_equal(time_parse(ended, &to), 0);
        assert_in_range(to - from, 2800, 3100); /* not until the last measure was lifted */
        assert_true(house->manual.wall_ms - to > 5000);
        assert_int_equal(json_array_size(kinds), 1);
        assert_string_equal(json_string_value(json_array_get(kinds, 0)), "udp");
        assert_int_equal(json_object_size(countries), 2);
        double france = json_real_value(json_object_get(countries, "FR"));
        assert_true(france > 0.48 && france < 0.52);
        assert_in_range(figure(ends, "packets"), 30 * FLOOD, 31 * FLOOD + 4000);
        assert_in_range(figure(ends, "dropped_packets"), 27 * FLOOD, 30 * FLOOD);
        assert_true(figure(ends, "sources") > figure(begins, "sources"));
        assert_true(figure(begins, "sources") >= 10);
        assert_null(json_object_get(ends->evidence,
                                    "availability_hit")); /* nobody is known here: not to be said */
        assert_true(json_number_value(json_object_get(ends->evidence, "peak_pps")) > 4900);
}

static void test_course_of_an_attack(void **state)
{
        struct house *house = *state;
        size_t before, n = 0;

        ticks(house, 40, 0);
        assert_int_equal(house->told, 0);
        ticks(house, 30, FLOOD);
        before = house->told;
        for (unsigned more = 0; guard_attacked(house->guard, 0) && more < 400; more++)
                tick(house, 0);
        ticks(house, 5, 0);
        assert_true(before < house->told);
        const struct told *begins = finding_told(house, FINDING_PHASE_BEGINS);
        const struct told *ends = finding_told(house, FINDING_PHASE_ENDS);
        assert_ptr_equal(begins, &house->log[0]); /* before any measure */
        assert_ptr_equal(ends, &house->log[house->told - 1]);
        for (n = 1; n + 1 < house->told; n++)
                if (!house->log[n].finding)
                        assert_string_equal(house->log[n].about.text, begins->id.text);
        assert_int_equal(house->log[1].tick, begins->tick); /* measure and finding at once */
        assert_false(house->log[1].finding);
        assert_non_null(strstr(begins->fr, "« portail »"));
        assert_non_null(
                strstr(begins->fr, "des réponses NTP que personne n’a demandées. Elles sont écartées"));
        assert_non_null(strstr(begins->en, "They are dropped"));
        assert_memory_equal(house->log[1].fr, "Écarté : UDP", strlen("Écarté : UDP"));
        assert_null(strchr(begins->fr, '\''));
        assert_null(strchr(house->log[1].fr, '\''));
        evidence_check(house, begins, ends);
}

static void test_times_are_said_as_the_clock_on_the_wall_shows(void **state)
{
        struct house *house = *state;

        ticks(house, 40, 0);
        setenv("TZ", "Europe/Paris", 1);
        ticks(house, 2, FLOOD); /* 08:15 in UTC */
        setenv("TZ", "UTC", 1);
        assert_true(house->told > 0);
        assert_memory_equal(house->log[0].fr, "Depuis 9 h 15, ", strlen("Depuis 9 h 15, "));
        assert_memory_equal(house->log[0].en, "Since 9:15, ", strlen("Since 9:15, "));
}

static void test_watching_says_so_and_drops_nothing(void **state)
{
        struct house *house = *state;
        unsigned passed = 0;

        guard_free(house->guard);
        house->config.watch = true;
        guard_open(house);
        ticks(house, 40, 0);
        for (unsigned n = 0; n < 20; n++)
                passed += tick(house, FLOOD);
        assert_int_equal(passed, 20 * FLOOD);
        const struct measure *measure = standing(house, 0, 1);
        assert_int_equal(measure->state, MEASURE_STATE_PROPOSED);
        assert_int_equal(measure->dropped, 0);
        assert_true(measure->would_drop > 15 * FLOOD);
        assert_memory_equal(measure->why.fr, "Serait écarté", strlen("Serait écarté"));
        assert_memory_equal(measure->why.en, "Would be dropped", strlen("Would be dropped"));
        const struct told *begins = finding_told(house, FINDING_PHASE_BEGINS);
        assert_non_null(strstr(begins->fr, "rien n’est écarté"));
        assert_non_null(strstr(begins->en, "nothing is dropped"));
        assert_null(strstr(begins->fr, "sont écart"));
        /* A person's measure acts all the same. */
        ask(house, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 60);
        assert_false(reflect(house));
}

#define HOUSE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                HOUSE_TEST(test_asked_signature_acts_at_once),
                HOUSE_TEST(test_asked_fence_stops_a_country),
                HOUSE_TEST(test_asked_throttle_and_challenge_act),
                HOUSE_TEST(test_bad_wishes_are_refused_with_a_sentence),
                HOUSE_TEST(test_fence_needs_a_country_table),
                HOUSE_TEST(test_places_run_out),
                HOUSE_TEST(test_lifted_is_told_once),
                HOUSE_TEST(test_expiry_is_told_once),
                HOUSE_TEST(test_forbidden_does_not_come_back),
                HOUSE_TEST(test_adopted_is_claimed_by_who_asked),
                HOUSE_TEST(test_adopted_unclaimed_is_lifted_in_calm),
                HOUSE_TEST(test_course_of_an_attack),
                HOUSE_TEST(test_times_are_said_as_the_clock_on_the_wall_shows),
                HOUSE_TEST(test_watching_says_so_and_drops_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
