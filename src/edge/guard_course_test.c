/* SPDX-License-Identifier: EUPL-1.2 */
/* What the guard tells of an attack from its beginning to its end, and while it only watches. */
#include "edge/guard_test.h"

/* The first finding of this phase, or NULL. */
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

int main(void)
{
        const struct CMUnitTest tests[] = {
                HOUSE_TEST(test_course_of_an_attack),
                HOUSE_TEST(test_times_are_said_as_the_clock_on_the_wall_shows),
                HOUSE_TEST(test_watching_says_so_and_drops_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
