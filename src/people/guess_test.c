/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "people/guess.h"

struct bench {
        struct clock_manual manual;
        struct clock clock;
        struct random_seeded seeded;
        struct random random;
        struct guess *guess;
};

static int setup(void **state)
{
        struct bench *bench = calloc(1, sizeof(*bench));

        bench->manual.mono_ns = 5000000000;
        bench->clock = clock_manual_view(&bench->manual);
        bench->random = random_seeded_view(&bench->seeded, 9);
        bench->guess = guess_new(&bench->clock, &bench->random);
        *state = bench;
        return bench->guess ? 0 : -1;
}

static int teardown(void **state)
{
        struct bench *bench = *state;

        guess_free(bench->guess);
        free(bench);
        return 0;
}

static void pass(struct bench *bench, int64_t ms)
{
        clock_manual_advance(&bench->manual, (uint64_t)ms * 1000000);
}

/* One try from each of many addresses, so that only the name counts. */
static void wrong_from_many(struct bench *bench, const char *name, unsigned tries)
{
        static unsigned number;
        char address[32];

        for (; tries; tries--) {
                number++;
                snprintf(address, sizeof(address), "10.%u.%u.%u", number >> 16 & 255, number >> 8 & 255,
                         number & 255);
                guess_wrong(bench->guess, name, address);
        }
}

static void a_name_may_be_mistyped_a_few_times(void **state)
{
        struct bench *bench = *state;

        wrong_from_many(bench, "anne", GUESS_NAME_FREE - 1);
        assert_int_equal(guess_wait(bench->guess, "anne", "192.0.2.1"), 0);
        wrong_from_many(bench, "Anne", 1); /* letter case makes no other name */
        assert_int_equal(guess_wait(bench->guess, "ANNE", "192.0.2.1"), 1000);
        assert_int_equal(guess_wait(bench->guess, "bernard", "192.0.2.1"), 0);
}

static void the_delay_doubles_up_to_a_quarter_hour(void **state)
{
        struct bench *bench = *state;
        int64_t expected = 1000;

        wrong_from_many(bench, "anne", GUESS_NAME_FREE);
        for (int i = 0; i < 40; i++) {
                assert_int_equal(guess_wait(bench->guess, "anne", "192.0.2.1"), expected);
                pass(bench, expected - 1);
                assert_int_equal(guess_wait(bench->guess, "anne", "192.0.2.1"), 1);
                pass(bench, 1);
                assert_int_equal(guess_wait(bench->guess, "anne", "192.0.2.1"), 0);
                wrong_from_many(bench, "anne", 1);
                expected = expected * 2 < GUESS_DELAY_MAX_MS ? expected * 2 : GUESS_DELAY_MAX_MS;
        }
        assert_int_equal(expected, GUESS_DELAY_MAX_MS);
}

static void an_hour_of_peace_forgets(void **state)
{
        struct bench *bench = *state;

        wrong_from_many(bench, "anne", GUESS_NAME_FREE + 3);
        pass(bench, GUESS_FORGET_MS + 1);
        wrong_from_many(bench, "anne", GUESS_NAME_FREE - 1);
        assert_int_equal(guess_wait(bench->guess, "anne", "192.0.2.1"), 0);
}

static void an_address_pays_for_all_its_names(void **state)
{
        struct bench *bench = *state;
        char name[16];

        for (unsigned i = 0; i < GUESS_ADDRESS_FREE; i++) {
                assert_int_equal(guess_wait(bench->guess, "somebody", "192.0.2.7"), 0);
                snprintf(name, sizeof(name), "name%u", i);
                guess_wrong(bench->guess, name, "192.0.2.7");
        }
        assert_int_equal(guess_wait(bench->guess, "somebody", "192.0.2.7"), 1000);
        assert_int_equal(guess_wait(bench->guess, "somebody", "192.0.2.8"), 0);
}

static void a_prefix_of_ipv6_is_one_address(void **state)
{
        struct bench *bench = *state;
        char address[64], name[16];

        for (unsigned i = 0; i < GUESS_ADDRESS_FREE; i++) {
                snprintf(address, sizeof(address), "2001:db8:1:2:%x::%x", i, i + 7);
                snprintf(name, sizeof(name), "name%u", i);
                guess_wrong(bench->guess, name, address);
        }
        assert_int_equal(guess_wait(bench->guess, "somebody", "2001:db8:1:2::1"), 1000);
        assert_int_equal(guess_wait(bench->guess, "somebody", "2001:db8:1:3::1"), 0);
}

static void where_one_came_in_before_others_tries_do_not_count(void **state)
{
        struct bench *bench = *state;

        guess_right(bench->guess, "anne", "192.0.2.1");
        wrong_from_many(bench, "anne", 60);
        assert_int_equal(guess_wait(bench->guess, "anne", "192.0.2.2"), GUESS_DELAY_MAX_MS);
        assert_int_equal(guess_wait(bench->guess, "anne", "192.0.2.1"), 0);
        /* Its own do. */
        for (unsigned i = 0; i < GUESS_ADDRESS_FREE; i++)
                guess_wrong(bench->guess, "anne", "192.0.2.1");
        assert_int_equal(guess_wait(bench->guess, "anne", "192.0.2.1"), 1000);
}

static void coming_in_clears_the_name_and_not_the_address(void **state)
{
        struct bench *bench = *state;

        for (unsigned i = 0; i < GUESS_ADDRESS_FREE; i++)
                guess_wrong(bench->guess, "anne", "192.0.2.1");
        guess_right(bench->guess, "anne", "192.0.2.1");
        assert_int_equal(guess_wait(bench->guess, "anne", "192.0.2.9"), 0);
        assert_int_equal(guess_wait(bench->guess, "bernard", "192.0.2.1"), 1000);
}

/* A botnet with more names than the table has places: what it pushes out is the oldest, and nothing grows. */
static void the_newest_tries_stay(void **state)
{
        struct bench *bench = *state;
        char name[32];

        for (unsigned i = 0; i < 3 * GUESS_NAMES_MAX; i++) {
                snprintf(name, sizeof(name), "stranger%u", i);
                wrong_from_many(bench, name, 1);
                if (i % 512 == 0)
                        wrong_from_many(bench, "anne", 1);
        }
        assert_true(guess_wait(bench->guess, "anne", "192.0.2.1") > 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        const struct CMUnitTest tests[] = {
                T(a_name_may_be_mistyped_a_few_times),
                T(the_delay_doubles_up_to_a_quarter_hour),
                T(an_hour_of_peace_forgets),
                T(an_address_pays_for_all_its_names),
                T(a_prefix_of_ipv6_is_one_address),
                T(where_one_came_in_before_others_tries_do_not_count),
                T(coming_in_clears_the_name_and_not_the_address),
                T(the_newest_tries_stay),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
