/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static const struct rate_limit sixty = {.a_minute = 60, .at_once = 10};

struct place {
        struct clock_manual manual;
        struct clock clock;
        struct random_seeded seeded;
        struct rate *rate;
};

static void begin(struct place *place)
{
        struct random random = random_seeded_view(&place->seeded, 7);

        place->manual = (struct clock_manual){.mono_ns = 5000000000};
        place->clock = clock_manual_view(&place->manual);
        assert_int_equal(rate_new(&place->clock, &random, &place->rate), 0);
}

static struct addr v4(uint32_t number)
{
        struct addr addr = {.family = 4, .prefix = 32};

        memcpy(addr.bytes, &number, 4);
        return addr;
}

static void test_a_burst_then_a_pace(void **state)
{
        struct place place;
        struct addr from = v4(1);

        begin(&place);
        for (unsigned i = 0; i < 10; i++)
                assert_int_equal(rate_charge(place.rate, &from, 0, sixty), 0);
        assert_int_equal(rate_charge(place.rate, &from, 0, sixty), 2); /* a second, rounded up */
        clock_manual_advance(&place.manual, 1000000000);
        assert_int_equal(rate_charge(place.rate, &from, 0, sixty), 0);
        assert_int_not_equal(rate_charge(place.rate, &from, 0, sixty), 0);
        clock_manual_advance(&place.manual, 60ULL * 1000000000);
        for (unsigned i = 0; i < 10; i++)
                assert_int_equal(rate_charge(place.rate, &from, 0, sixty), 0);
        assert_int_not_equal(rate_charge(place.rate, &from, 0, sixty), 0);
        rate_free(place.rate);
}

static void test_refusals_cost_nothing(void **state)
{
        struct place place;
        struct addr from = v4(1);

        begin(&place);
        for (unsigned i = 0; i < 10000; i++)
                rate_charge(place.rate, &from, 0, sixty);
        clock_manual_advance(&place.manual, 1000000000);
        assert_int_equal(rate_charge(place.rate, &from, 0, sixty), 0);
        rate_free(place.rate);
}

static void test_kinds_and_addresses_stand_apart(void **state)
{
        struct place place;
        struct addr one = v4(1), two = v4(2);

        begin(&place);
        while (!rate_charge(place.rate, &one, 0, sixty))
                continue;
        assert_int_equal(rate_charge(place.rate, &one, 1, sixty), 0);
        assert_int_equal(rate_charge(place.rate, &two, 0, sixty), 0);
        rate_free(place.rate);
}

static void test_ipv6_counts_by_64(void **state)
{
        struct place place;
        struct addr a = {.family = 6, .prefix = 128, .bytes = {0x20, 1}}, b = a, other = a;

        b.bytes[15] = 9;
        other.bytes[7] = 9;
        begin(&place);
        while (!rate_charge(place.rate, &a, 0, sixty))
                continue;
        assert_int_not_equal(rate_charge(place.rate, &b, 0, sixty), 0);
        assert_int_equal(rate_charge(place.rate, &other, 0, sixty), 0);
        rate_free(place.rate);
}

/* A hundred thousand addresses ask once each: nobody who asks too often is forgotten, hardly anybody else is refused. */
static void test_a_flood_makes_nobody_forgotten(void **state)
{
        struct place place;
        struct addr heavy = v4(1);
        unsigned innocent = 0;

        begin(&place);
        while (!rate_charge(place.rate, &heavy, 0, sixty))
                continue;
        for (uint32_t i = 0; i < 2000; i++) {
                struct addr from = v4(1000 + i);
                innocent += rate_charge(place.rate, &from, 0, sixty) != 0;
        }
        assert_int_not_equal(rate_charge(place.rate, &heavy, 0, sixty), 0);
        assert_int_equal(innocent, 0);
        for (uint32_t i = 0; i < 100000; i++) {
                struct addr from = v4(100000 + i);
                rate_charge(place.rate, &from, 0, sixty);
        }
        assert_int_not_equal(rate_charge(place.rate, &heavy, 0, sixty), 0);
        rate_free(place.rate);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_burst_then_a_pace),
                                           cmocka_unit_test(test_refusals_cost_nothing),
                                           cmocka_unit_test(test_kinds_and_addresses_stand_apart),
                                           cmocka_unit_test(test_ipv6_counts_by_64),
                                           cmocka_unit_test(test_a_flood_makes_nobody_forgotten)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
