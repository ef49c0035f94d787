/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/catalogue.h"
#include "base/paths.h"
#include "incident/join.h"

#define MINUTE ((int64_t)60000)
#define START  1584871500000 /* 2020-03-22T10:05:00Z */
#define MANY   8

/* A hub in small: the incidents so far, and a clock that follows the findings. */
struct desk {
        struct clock_manual manual;
        struct clock clock;
        struct random_seeded seeded;
        struct random random;
        struct incident incidents[MANY];
        size_t count;
        struct join_result last; /* its incident is in `incidents` */
};

static int setup(void **state)
{
        struct desk *desk = calloc(1, sizeof(*desk));

        desk->clock = clock_manual_view(&desk->manual);
        desk->random = random_seeded_view(&desk->seeded, 7);
        *state = desk;
        return 0;
}

static int teardown(void **state)
{
        struct desk *desk = *state;

        for (size_t i = 0; i < desk->count; i++)
                incident_release(&desk->incidents[i]);
        free(desk);
        return 0;
}

static struct finding make_finding(struct desk *desk, int64_t minute, const char *subject,
                                   enum finding_phase phase, json_t *evidence)
{
        struct finding finding = {.seen_ms = START + minute * MINUTE,
                                  .phase = phase,
                                  .confidence = 0.9,
                                  .sensor = "edge",
                                  .kind = "flood",
                                  .evidence = evidence};

        desk->manual.wall_ms = finding.seen_ms;
        strcpy(finding.subject, subject);
        id_make('f', &desk->clock, &desk->random, &finding.id);
        bitext_set(&finding.why, "Trop de paquets.", "Too many packets.");
        return finding;
}

/* Takes the finding in and returns the index of its incident. */
static size_t take(struct desk *desk, struct finding *finding)
{
        struct join_config config = {.window_ms = 60 * MINUTE};
        struct error error = {0};
        int r = join_finding(&config, finding, desk->incidents, desk->count, &desk->clock, &desk->random,
                             &desk->last, &error);

        if (r)
                fprintf(stderr, "%s\n", error.en);
        assert_int_equal(r, 0);
        size_t index = desk->last.opened ? desk->count++ : desk->last.index;
        assert_true(index < MANY);
        incident_release(&desk->incidents[index]);
        desk->incidents[index] = desk->last.incident;
        memset(&desk->last.incident, 0, sizeof(desk->last.incident));
        finding_release(finding);
        return index;
}

static size_t see(struct desk *desk, int64_t minute, const char *subject, enum finding_phase phase)
{
        struct finding finding = make_finding(desk, minute, subject, phase, NULL);

        return take(desk, &finding);
}

static const struct fact *fact_of(const struct desk *desk, size_t index, const char *name)
{
        return incident_fact(&desk->incidents[index], name);
}

static void assert_text(const struct desk *desk, size_t index, const char *name, const char *wanted)
{
        const struct fact *fact = fact_of(desk, index, name);

        assert_non_null(fact);
        assert_int_equal(fact->state, FACT_STATE_KNOWN);
        assert_string_equal(json_string_value(fact->value), wanted);
        assert_string_equal(fact->author, "edge");
}

static void test_a_flood_opens_with_its_facts(void **state)
{
        struct desk *desk = *state;
        json_t *evidence = json_pack("{s:i, s:i, s:{s:f, s:f, s:f}, s:[s, s], s:b, s:{s:s}}", "peak_pps",
                                     300000, "sources", 122145, "countries", "CN", 0.2, "US", 0.31, "BR", 0.2,
                                     "kinds", "udp", "syn", "availability_hit", 1, "shape", "class", "icmp");
        struct finding finding = make_finding(desk, 0, "portail", FINDING_PHASE_BEGINS, evidence);
        size_t at = take(desk, &finding);

        assert_true(desk->last.opened);
        assert_string_equal(desk->incidents[at].title.fr, "Attaque par saturation contre portail");
        assert_text(desk, at, "started_at", "2020-03-22T10:05:00.000Z");
        assert_text(desk, at, "detected_at", "2020-03-22T10:05:00.000Z");
        assert_text(desk, at, "services.touched", "portail");
        assert_text(desk, at, "attack.running", "portail");
        assert_text(desk, at, "attack.kinds", "udp, syn, icmp");
        assert_text(desk, at, "attack.countries", "US 31 %, CN 20 %, BR 20 %");
        assert_text(desk, at, "origin", "malveillante");
        assert_int_equal(json_integer_value(fact_of(desk, at, "attack.peak_pps")->value), 300000);
        assert_int_equal(json_integer_value(fact_of(desk, at, "attack.sources")->value), 122145);
        assert_true(json_is_true(fact_of(desk, at, "availability.hit")->value));
        assert_true(json_is_true(fact_of(desk, at, "functioning.at_risk")->value));
        assert_null(fact_of(desk, at, "ended_at"));
        assert_int_equal(desk->last.changed_count, desk->incidents[at].fact_count);
}

static void test_all_settled_facts_are_in_the_catalogue(void **state)
{
        struct desk *desk = *state;
        CLEANUP(catalogue_release) struct catalogue catalogue = {0};
        char folder[PATH_MAX];
        json_t *evidence = json_pack("{s:i, s:i, s:s, s:s, s:b}", "peak_pps", 1, "sources", 2, "countries",
                                     "US", "kinds", "udp", "availability_hit", 0);
        struct finding finding = make_finding(desk, 0, "portail", FINDING_PHASE_ENDS, evidence);
        size_t at = take(desk, &finding);

        assert_int_equal(paths_data("facts", folder, NULL), 0);
        assert_int_equal(catalogue_load(folder, &catalogue, NULL), 0);
        for (size_t i = 0; i < desk->incidents[at].fact_count; i++)
                assert_int_equal(catalogue_check(&catalogue, &desk->incidents[at].facts[i], NULL), 0);
}

static void test_second_wave_joins_the_first(void **state)
{
        struct desk *desk = *state;
        size_t first = see(desk, 0, "portail", FINDING_PHASE_BEGINS);

        assert_int_equal(see(desk, 20, "portail", FINDING_PHASE_ENDS), first);
        assert_text(desk, first, "ended_at", "2020-03-22T10:25:00.000Z");
        assert_int_equal(see(desk, 79, "portail", FINDING_PHASE_BEGINS), first);
        /* It runs again: its end is taken back, its beginning stays. */
        assert_int_equal(fact_of(desk, first, "ended_at")->state, FACT_STATE_NOT_ASKED);
        assert_text(desk, first, "started_at", "2020-03-22T10:05:00.000Z");
        assert_int_equal(see(desk, 90, "portail", FINDING_PHASE_ENDS), first);
        assert_text(desk, first, "ended_at", "2020-03-22T11:35:00.000Z");
        /* Past the window it is another incident. */
        assert_int_not_equal(see(desk, 151, "portail", FINDING_PHASE_BEGINS), first);
        assert_int_equal(desk->incidents[first].finding_count, 4);
}

static void test_a_long_flood_stays_one(void **state)
{
        struct desk *desk = *state;
        size_t first = see(desk, 0, "portail", FINDING_PHASE_BEGINS);

        assert_int_equal(see(desk, 600, "portail", FINDING_PHASE_ENDS), first);
        assert_text(desk, first, "ended_at", "2020-03-22T20:05:00.000Z");
}

static void test_services_join_while_times_overlap(void **state)
{
        struct desk *desk = *state;
        size_t first = see(desk, 0, "portail", FINDING_PHASE_BEGINS);

        assert_int_equal(see(desk, 5, "imagerie", FINDING_PHASE_BEGINS), first);
        assert_text(desk, first, "services.touched", "portail, imagerie");
        assert_int_equal(see(desk, 10, "portail", FINDING_PHASE_ENDS), first);
        assert_text(desk, first, "attack.running", "imagerie");
        assert_null(fact_of(desk, first, "ended_at"));
        assert_int_equal(see(desk, 15, "imagerie", FINDING_PHASE_ENDS), first);
        assert_text(desk, first, "ended_at", "2020-03-22T10:20:00.000Z");
        /* A third service, after all is over, is another matter, though within the window. */
        assert_int_not_equal(see(desk, 20, "messagerie", FINDING_PHASE_BEGINS), first);
        /* A service that was touched before comes back to the first. */
        assert_int_equal(see(desk, 21, "imagerie", FINDING_PHASE_BEGINS), first);
        /* One that was seen before the end, but told late, overlaps. */
        assert_int_equal(see(desk, 22, "imagerie", FINDING_PHASE_ENDS), first);
}

static void test_other_kinds_do_not_join(void **state)
{
        struct desk *desk = *state;
        size_t first = see(desk, 0, "portail", FINDING_PHASE_BEGINS);
        struct finding finding = make_finding(desk, 1, "portail", FINDING_PHASE_BEGINS, NULL);

        strcpy(finding.kind, "outage");
        size_t second = take(desk, &finding);
        assert_int_not_equal(first, second);
        assert_null(fact_of(desk, second, "origin"));
        assert_string_equal(desk->incidents[second].title.fr, "Incident « outage » sur portail");
}

static void test_twice_delivered_is_once_taken(void **state)
{
        struct desk *desk = *state;
        struct join_config config = {.window_ms = 60 * MINUTE};
        struct finding finding = make_finding(desk, 0, "portail", FINDING_PHASE_BEGINS, NULL);
        struct finding again = {0};
        json_t *json = finding_to_json(&finding);

        assert_int_equal(finding_from_json(json, &again, NULL), 0);
        json_decref(json);
        take(desk, &finding);
        assert_int_equal(join_finding(&config, &again, desk->incidents, desk->count, &desk->clock,
                                      &desk->random, &desk->last, NULL),
                         JOIN_DUPLICATE);
        finding_release(&again);
}

static void test_closed_is_closed_but_hears_the_end(void **state)
{
        struct desk *desk = *state;
        size_t first = see(desk, 0, "portail", FINDING_PHASE_BEGINS);

        assert_int_equal(incident_close(&desk->incidents[first], &desk->clock, NULL), 0);
        assert_int_equal(incident_close(&desk->incidents[first], &desk->clock, NULL), -EALREADY);
        desk->incidents[first].owing = true;
        assert_int_equal(incident_reopen(&desk->incidents[first], NULL), 0);
        assert_true(desk->incidents[first].open && !desk->incidents[first].owing);
        assert_int_equal(desk->incidents[first].closed_ms, 0);
        assert_int_equal(incident_reopen(&desk->incidents[first], NULL), -EALREADY);
        assert_int_equal(incident_close(&desk->incidents[first], &desk->clock, NULL), 0);
        assert_int_equal(see(desk, 5, "portail", FINDING_PHASE_ENDS), first);
        assert_false(desk->incidents[first].open);
        assert_text(desk, first, "ended_at", "2020-03-22T10:10:00.000Z");
        assert_int_not_equal(see(desk, 6, "portail", FINDING_PHASE_BEGINS), first);
}

static void test_a_persons_word_stands(void **state)
{
        struct desk *desk = *state;
        size_t first = see(desk, 0, "portail", FINDING_PHASE_BEGINS);
        struct fact fact = {.name = "origin", .state = FACT_STATE_KNOWN, .author = "Mme Martin"};

        fact.value = json_string("panne");
        assert_int_equal(incident_set_fact(&desk->incidents[first], &fact, NULL), 0);
        fact_release(&fact);
        see(desk, 1, "portail", FINDING_PHASE_CONTINUES);
        assert_string_equal(json_string_value(fact_of(desk, first, "origin")->value), "panne");
        for (size_t i = 0; i < desk->last.changed_count; i++)
                assert_string_not_equal(desk->last.changed[i], "origin");
}

static void test_figures_only_grow(void **state)
{
        struct desk *desk = *state;
        struct finding one = make_finding(desk, 0, "portail", FINDING_PHASE_BEGINS,
                                          json_pack("{s:i, s:b}", "peak_pps", 300, "availability_hit", 1));
        size_t first = take(desk, &one);
        struct finding two = make_finding(desk, 1, "portail", FINDING_PHASE_CONTINUES,
                                          json_pack("{s:i, s:b}", "peak_pps", 200, "availability_hit", 0));

        assert_int_equal(take(desk, &two), first);
        assert_int_equal(json_integer_value(fact_of(desk, first, "attack.peak_pps")->value), 300);
        assert_true(json_is_true(fact_of(desk, first, "availability.hit")->value));
        assert_int_equal(desk->last.changed_count, 0);
}

static void test_strange_names_and_evidence(void **state)
{
        struct desk *desk = *state;
        json_t *evidence =
                json_pack("{s:s, s:n, s:[i, s], s:{s:s}, s:s, s:s}", "peak_pps", "many", "sources", "kinds",
                          1, "udp", "countries", "US", "half", "availability_hit", "yes", "started", "x");
        struct finding finding = make_finding(desk, 0, "a, b", FINDING_PHASE_BEGINS, evidence);
        size_t first = take(desk, &finding);

        assert_text(desk, first, "attack.kinds", "udp");
        assert_null(fact_of(desk, first, "attack.peak_pps"));
        assert_null(fact_of(desk, first, "attack.countries"));
        assert_null(fact_of(desk, first, "availability.hit"));
        /* A comma in a name must not keep the matter running for ever. */
        assert_int_equal(see(desk, 300, "a, b", FINDING_PHASE_ENDS), first);
        assert_text(desk, first, "ended_at", "2020-03-22T15:05:00.000Z");
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static void test_full_incident_still_takes_news(void **state)
{
        struct desk *desk = *state;

        for (int i = 0; i < INCIDENT_FINDINGS_MAX; i++)
                assert_int_equal(see(desk, 0, "portail", FINDING_PHASE_CONTINUES), 0);
        assert_int_equal(see(desk, 7, "portail", FINDING_PHASE_ENDS), 0);
        assert_int_equal(desk->incidents[0].finding_count, INCIDENT_FINDINGS_MAX);
        assert_true(desk->incidents[0].last_finding_ms == START + 7 * MINUTE);
        assert_non_null(fact_of(desk, 0, "ended_at"));
}

/* What a person reports is neither an automatic detection nor an attack that runs; and the name is that person's. */
static void test_a_person_settles_what_a_person_knows(void **state)
{
        struct desk *desk = *state;
        struct finding finding = make_finding(desk, 0, "messagerie", FINDING_PHASE_BEGINS, NULL);
        const struct join_config config = {.window_ms = 60 * MINUTE, .author = "Claire Martin"};
        struct join_result result = {0};

        strcpy(finding.sensor, "person");
        strcpy(finding.kind, "outage");
        desk->manual.wall_ms += 5 * MINUTE; /* told five minutes after it began */
        assert_int_equal(join_finding(&config, &finding, NULL, 0, &desk->clock, &desk->random, &result, NULL),
                         0);
        assert_null(incident_fact(&result.incident, "attack.running"));
        assert_null(incident_fact(&result.incident, "detected_at"));
        assert_null(incident_fact(&result.incident, "ended_at"));
        for (size_t i = 0; i < result.incident.fact_count; i++)
                assert_string_equal(result.incident.facts[i].author, "Claire Martin");
        const struct fact *discovered = incident_fact(&result.incident, "discovered_at");
        int64_t ms;
        assert_non_null(discovered);
        assert_int_equal(time_parse(json_string_value(discovered->value), &ms), 0);
        assert_int_equal(ms, desk->manual.wall_ms);
        finding_release(&finding);
        join_result_release(&result);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                DESK(test_a_flood_opens_with_its_facts),
                DESK(test_all_settled_facts_are_in_the_catalogue),
                DESK(test_second_wave_joins_the_first),
                DESK(test_a_long_flood_stays_one),
                DESK(test_services_join_while_times_overlap),
                DESK(test_other_kinds_do_not_join),
                DESK(test_twice_delivered_is_once_taken),
                DESK(test_closed_is_closed_but_hears_the_end),
                DESK(test_a_persons_word_stands),
                DESK(test_figures_only_grow),
                DESK(test_strange_names_and_evidence),
                DESK(test_full_incident_still_takes_news),
                DESK(test_a_person_settles_what_a_person_knows),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
