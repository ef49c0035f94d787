/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/toll.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void sources_feed(struct toll *toll, uint32_t from, uint32_t count)
{
        struct shield_sample sample = {0};

        for (uint32_t n = from; n < from + count; n++) {
                memcpy(sample.source, &n, sizeof(n));
                toll_sample(toll, &sample);
        }
}

static void test_sources_are_estimated(void **state)
{
        static const uint32_t counts[] = {1, 10, 1000, 9000, 15000, 300000};

        for (size_t n = 0; n < sizeof(counts) / sizeof(counts[0]); n++) {
                struct random_seeded seeded;
                struct random random = random_seeded_view(&seeded, n + 1);
                struct toll toll;

                toll_reset(&toll, &random);
                assert_int_equal(toll_sources(&toll), 0);
                sources_feed(&toll, 77, counts[n]);
                sources_feed(&toll, 77, counts[n]); /* seen again, counted once */
                assert_in_range(toll_sources(&toll), counts[n] - counts[n] / 15, counts[n] + counts[n] / 15);
        }
}

static void test_known_sources_and_hosts_of_one_network_do_not_count(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 1);
        struct shield_sample sample = {.known = 1, .verdict = SHIELD_PASS};
        struct toll toll;

        toll_reset(&toll, &random);
        toll_sample(&toll, &sample);
        assert_int_equal(toll_sources(&toll), 0);
        sample.verdict = SHIELD_DROP; /* known, and yet dropped: it takes part */
        toll_sample(&toll, &sample);
        assert_int_equal(toll_sources(&toll), 1);
        sample.features.marks = SHIELD_MARK_IPV6;
        for (unsigned n = 0; n < 100; n++) {
                sample.source[15] = (uint8_t)n;
                toll_sample(&toll, &sample);
        }
        assert_int_equal(toll_sources(&toll), 2);
}

static void test_registers_of_two_floods_differ(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 1);
        struct toll a, b;

        toll_reset(&a, &random);
        sources_feed(&a, 1, 100);
        toll_reset(&b, &random);
        sources_feed(&b, 1, 100);
        assert_memory_not_equal(a.registers, b.registers, sizeof(a.registers));
}

static void test_countries_beyond_normal(void **state)
{
        static struct shield_service_counters before, now;
        double normal[SHIELD_COUNTRIES] = {[5] = 100, [6] = 10};
        struct toll_country countries[TOLL_COUNTRIES];
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 1);
        struct toll toll;

        toll_reset(&toll, &random);
        before.country[5].packets = 7777; /* of old */
        now.country[0].packets = 2000;    /* unknown: in the whole only */
        now.country[5].packets = 7777 + 1000;
        now.country[6].packets = 5100;
        now.country[7].packets = 3000;
        now.country[8].packets = 20; /* too little to name */
        now.by_class[SHIELD_CLASS_UDP].packets = 11120;
        now.by_class[SHIELD_CLASS_UDP].dropped = 9000;
        toll_count(&toll, &before, &now, 10);
        assert_int_equal(toll.packets, 11120);
        assert_int_equal(toll.dropped, 9000);
        assert_int_equal(toll_countries(&toll, normal, countries), 2);
        assert_int_equal(countries[0].country, 6);
        assert_in_range((int)(countries[0].share * 1000), 497, 499);
        assert_int_equal(countries[1].country, 7);
}

static void test_eight_countries_greatest_first(void **state)
{
        static struct shield_service_counters before, now;
        double normal[SHIELD_COUNTRIES] = {0};
        struct toll_country countries[TOLL_COUNTRIES];
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 1);
        struct toll toll;

        toll_reset(&toll, &random);
        for (unsigned n = 1; n <= 20; n++)
                now.country[n].packets = 1000 + (n * 7) % 20;
        toll_count(&toll, &before, &now, 1);
        assert_int_equal(toll_countries(&toll, normal, countries), TOLL_COUNTRIES);
        for (unsigned n = 0; n < TOLL_COUNTRIES; n++)
                assert_int_equal(now.country[countries[n].country].packets, 1019 - n);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_sources_are_estimated),
                cmocka_unit_test(test_known_sources_and_hosts_of_one_network_do_not_count),
                cmocka_unit_test(test_registers_of_two_floods_differ),
                cmocka_unit_test(test_countries_beyond_normal),
                cmocka_unit_test(test_eight_countries_greatest_first),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
