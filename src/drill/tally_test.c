/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "drill/tally.h"

#define SECOND 1000000000ull

static const struct tally_times times = {.attack_ns = 100 * SECOND, .end_ns = 120 * SECOND};

static void test_percentile_is_nearest_rank(void **state)
{
        uint32_t values[100];

        for (unsigned i = 0; i < 100; i++)
                values[i] = 100 - i;
        assert_true(tally_percentile(values, 100, 50) == 50);
        assert_true(tally_percentile(values, 100, 99) == 99);
        assert_true(tally_percentile(values, 100, 100) == 100);
        assert_true(tally_percentile(values, 1, 99) == 1);
        assert_true(tally_percentile(values, 0, 50) == 0);
}

static void test_phase_is_that_of_the_beginning(void **state)
{
        const struct tally_visit visits[] = {
                {.start_ns = 100 * SECOND - 1, .class = TALLY_KNOWN_EUROPE, .ok = true},
                {.start_ns = 100 * SECOND, .class = TALLY_KNOWN_EUROPE, .ok = true},
                {.start_ns = 120 * SECOND - 1, .class = TALLY_KNOWN_EUROPE, .ok = false},
                {.start_ns = 120 * SECOND, .class = TALLY_KNOWN_EUROPE, .ok = true},
        };
        struct tally tally;

        assert_int_equal(tally_make(visits, 4, &times, &tally), 0);
        assert_int_equal(tally.rows[TALLY_PHASE_CALM][TALLY_KNOWN_EUROPE].tried, 1);
        assert_int_equal(tally.rows[TALLY_PHASE_DURING][TALLY_KNOWN_EUROPE].tried, 2);
        assert_int_equal(tally.rows[TALLY_PHASE_DURING][TALLY_KNOWN_EUROPE].ok, 1);
        assert_int_equal(tally.rows[TALLY_PHASE_AFTER][TALLY_KNOWN_EUROPE].tried, 1);
}

static void test_new_in_the_calm_is_the_first_request(void **state)
{
        const struct tally_visit visits[] = {
                {.start_ns = SECOND, .class = TALLY_KNOWN_EUROPE, .ok = true, .first = true},
                {.start_ns = 2 * SECOND, .class = TALLY_KNOWN_EUROPE, .ok = true},
                {.start_ns = SECOND, .class = TALLY_KNOWN_ELSEWHERE, .ok = true, .first = true},
                {.start_ns = 110 * SECOND, .class = TALLY_NEW_ELSEWHERE, .ok = true, .first = true},
                {.start_ns = 111 * SECOND, .class = TALLY_NEW_ELSEWHERE, .ok = true},
        };
        struct tally tally;

        assert_int_equal(tally_make(visits, 5, &times, &tally), 0);
        assert_int_equal(tally.rows[TALLY_PHASE_CALM][TALLY_NEW_EUROPE].tried, 1);
        assert_int_equal(tally.rows[TALLY_PHASE_CALM][TALLY_KNOWN_EUROPE].tried, 1);
        assert_int_equal(tally.rows[TALLY_PHASE_CALM][TALLY_NEW_ELSEWHERE].tried, 1);
        assert_int_equal(tally.rows[TALLY_PHASE_DURING][TALLY_NEW_ELSEWHERE].tried, 2);
        assert_int_equal(tally.rows[TALLY_PHASE_DURING][TALLY_KNOWN_ELSEWHERE].tried, 0);
}

static void test_times_are_of_those_served(void **state)
{
        const struct tally_visit visits[] = {
                {.start_ns = 101 * SECOND, .duration_us = 1500, .class = TALLY_NEW_EUROPE, .ok = true},
                {.start_ns = 101 * SECOND, .duration_us = 2000000, .class = TALLY_NEW_EUROPE, .ok = false},
        };
        struct tally tally;

        assert_int_equal(tally_make(visits, 2, &times, &tally), 0);
        assert_true(tally.rows[TALLY_PHASE_DURING][TALLY_NEW_EUROPE].p99_ms == 1.5);
        assert_true(tally.rows[TALLY_PHASE_DURING][TALLY_KNOWN_EUROPE].p50_ms == 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_percentile_is_nearest_rank),
                cmocka_unit_test(test_phase_is_that_of_the_beginning),
                cmocka_unit_test(test_new_in_the_calm_is_the_first_request),
                cmocka_unit_test(test_times_are_of_those_served),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
