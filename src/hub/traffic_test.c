/* SPDX-License-Identifier: EUPL-1.2 */
/* Rates out of reports made up here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hub/traffic.h"

#define MEASURE "m_01J8Z6Q0G4T5W2X9Y7R3K1B0CD"

/* A service that has seen so much; a quarter of it dropped, by one measure when `measured`. */
static json_t *report(json_int_t read_ms, json_int_t packets, bool measured)
{
        json_t *service =
                json_pack("{s:s, s:I, s:I, s:I, s:I, s:{s:[I, I], s:[I, I]}, s:{}}", "name", "portail",
                          "packets", packets, "bytes", 100 * packets, "dropped", packets / 4, "dropped_bytes",
                          25 * packets, "countries", "FR", packets / 4, (json_int_t)0, "US", packets * 3 / 4,
                          packets / 4, "measures");

        assert_non_null(service);
        if (measured)
                json_object_set_new(
                        json_object_get(service, "measures"), MEASURE,
                        json_pack("[I, I, I, I]", packets / 4, (json_int_t)7, packets / 10, 25 * packets));
        return json_pack("{s:I, s:[o], s:i, s:i}", "read_ms", read_ms, "services", service, "known_evicted",
                         3, "samples_lost", 0);
}

static void take(struct traffic *traffic, json_int_t read_ms, json_int_t packets, int64_t now_ms)
{
        json_t *json = report(read_ms, packets, true);

        traffic_take(traffic, json, now_ms);
        json_decref(json);
}

static json_t *rates_of(const struct traffic *traffic, int64_t now_ms)
{
        json_t *edge = traffic_edge(traffic, true, now_ms);
        json_t *rates =
                json_incref(json_object_get(json_array_get(json_object_get(edge, "services"), 0), "rates"));

        json_decref(edge);
        return rates;
}

static double figure(const json_t *rates, const char *key)
{
        return json_number_value(json_object_get(rates, key));
}

static double packets_in(const struct traffic *traffic, int64_t now_ms)
{
        json_t *rates = rates_of(traffic, now_ms);
        double pps = json_is_null(rates) ? -1 : figure(rates, "in_pps");

        json_decref(rates);
        return pps;
}

static void test_rates_are_differences_by_their_own_times(void **state)
{
        struct traffic traffic = {0};

        /* 1,600 packets in 2.5 s of the edge's clock; ours says something else. */
        take(&traffic, 90000, 4000, 10);
        take(&traffic, 92500, 5600, 11);
        json_t *rates = rates_of(&traffic, 12);
        assert_true(figure(rates, "seconds") == 2.5);
        assert_true(figure(rates, "in_pps") == 640);
        assert_true(figure(rates, "dropped_pps") == 160);
        assert_true(figure(rates, "passed_pps") == 480);
        assert_int_equal(figure(rates, "in_bps"), 640 * 100 * 8);
        assert_int_equal(figure(rates, "dropped_bps"), 160 * 100 * 8);
        assert_int_equal(figure(rates, "passed_bps"), 480 * 100 * 8);
        const json_t *america = json_object_get(json_object_get(rates, "countries"), "US");
        assert_true(figure(america, "in_pps") == 480 && figure(america, "dropped_pps") == 160 &&
                    figure(america, "passed_pps") == 320);
        assert_string_equal(json_object_iter_key(json_object_iter(json_object_get(rates, "countries"))),
                            "US");
        json_decref(rates);
        traffic_release(&traffic);
}

static void test_one_reading_is_no_rate(void **state)
{
        struct traffic traffic = {0};
        json_t *edge = traffic_edge(&traffic, false, 0);

        assert_true(json_is_null(json_object_get(edge, "services")));
        assert_true(json_is_null(json_object_get(edge, "known_evicted")));
        json_decref(edge);
        take(&traffic, 1000, 4000, 0);
        assert_true(packets_in(&traffic, 0) < 0);
        take(&traffic, 1200, 4000, 200);
        assert_true(packets_in(&traffic, 200) == 0);
        edge = traffic_edge(&traffic, true, 200);
        assert_int_equal(json_integer_value(json_object_get(edge, "known_evicted")), 3);
        assert_true(json_is_integer(json_object_get(edge, "samples_lost")));
        assert_true(json_is_true(json_object_get(edge, "connected")));
        json_decref(edge);
        traffic_release(&traffic);
}

static void test_only_the_last_seconds_count(void **state)
{
        struct traffic traffic = {0};
        json_int_t packets = 0;

        /* A minute at 1,000 a second, reports five a second; then ten seconds at 10. */
        for (int64_t ms = 0; ms <= 60000; ms += 200, packets += 200)
                take(&traffic, 1000 + ms, packets, ms);
        assert_true(packets_in(&traffic, 60000) == 1000);
        assert_true(traffic.count > 3 && traffic.count <= TRAFFIC_READINGS);
        for (int64_t ms = 60200; ms <= 70000; ms += 200, packets += 2)
                take(&traffic, 1000 + ms, packets, ms);
        assert_true(packets_in(&traffic, 70000) == 10);
        json_t *rates = rates_of(&traffic, 70000);
        assert_true(figure(rates, "seconds") >= 4 && figure(rates, "seconds") <= 5);
        json_decref(rates);
        /* An edge that hangs says nothing of now. */
        assert_true(packets_in(&traffic, 70000 + TRAFFIC_WINDOW_MS + 1) < 0);
        traffic_release(&traffic);
}

static void test_counters_that_begin_anew_make_no_rate(void **state)
{
        struct traffic traffic = {0};

        take(&traffic, 1000, 4000, 0);
        take(&traffic, 3000, 8000, 2000);
        assert_true(packets_in(&traffic, 2000) == 2000);
        traffic_break(&traffic);
        assert_true(packets_in(&traffic, 2000) < 0);
        assert_non_null(traffic_services(&traffic)); /* what it was last is still told */
        take(&traffic, 4000, 100, 3000);
        assert_true(packets_in(&traffic, 3000) < 0);
        take(&traffic, 5000, 400, 4000);
        assert_true(packets_in(&traffic, 4000) == 300);
        /* Rebooted: its clock is younger than it was. */
        take(&traffic, 50, 9000, 5000);
        assert_true(packets_in(&traffic, 5000) < 0);
        traffic_release(&traffic);
}

static void test_a_measure_counts_from_when_it_stood(void **state)
{
        json_t *measure = json_pack("{s:s, s:s, s:i, s:i, s:i}", "id", MEASURE, "subject", "portail",
                                    "dropped", 0, "would_drop", 0, "spared", 0);
        json_t *before = report(1000, 4000, false), *rates;
        struct traffic traffic = {0};

        traffic_take(&traffic, before, 0);
        json_decref(before);
        take(&traffic, 3000, 8000, 2000);
        traffic_measure(&traffic, measure, 2000);
        assert_int_equal(figure(measure, "dropped"), 2000); /* the book said 0 */
        assert_int_equal(figure(measure, "would_drop"), 7);
        assert_true(json_is_null(json_object_get(measure, "rates"))); /* one reading of it */
        take(&traffic, 5000, 16000, 4000);
        traffic_measure(&traffic, measure, 4000);
        rates = json_object_get(measure, "rates");
        assert_true(figure(rates, "seconds") == 2);
        assert_true(figure(rates, "dropped_pps") == 1000);
        assert_int_equal(figure(rates, "dropped_bps"), 1000 * 100 * 8);
        assert_true(figure(rates, "spared_pps") == 400 && figure(rates, "would_drop_pps") == 0);
        json_decref(measure);
        traffic_release(&traffic);
}

static void test_reports_without_a_time_or_a_shape(void **state)
{
        struct traffic traffic = {0};
        json_t *odd = json_loads("{\"services\":[1,{},{\"name\":7},{\"name\":\"portail\",\"countries\":[],"
                                 "\"measures\":3}],\"read_ms\":\"soon\"}",
                                 0, NULL);
        json_t *measure = json_pack("{s:s, s:s}", "id", MEASURE, "subject", "portail");

        for (unsigned n = 0; n < 3; n++) {
                traffic_take(&traffic, odd, 1000 * n);
                assert_true(packets_in(&traffic, 1000 * n) < 0);
        }
        take(&traffic, 500, 1, 3000);
        traffic_take(&traffic, odd, 3500);
        traffic_measure(&traffic, measure, 4000);
        assert_true(json_is_null(json_object_get(measure, "rates")));
        json_decref(measure);
        json_decref(odd);
        traffic_release(&traffic);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rates_are_differences_by_their_own_times),
                cmocka_unit_test(test_one_reading_is_no_rate),
                cmocka_unit_test(test_only_the_last_seconds_count),
                cmocka_unit_test(test_counters_that_begin_anew_make_no_rate),
                cmocka_unit_test(test_a_measure_counts_from_when_it_stood),
                cmocka_unit_test(test_reports_without_a_time_or_a_shape),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
