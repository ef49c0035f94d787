/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <time.h>

#include "base/cleanup.h"

#define MORNING_MS 1584872100000LL /* 2020-03-22T10:15:00Z, by date(1) */

static void test_manual_stands_still_until_moved(void **state)
{
        struct clock_manual manual = {.wall_ms = MORNING_MS, .mono_ns = 5};
        struct clock clock = clock_manual_view(&manual);

        assert_int_equal(clock_wall_ms(&clock), MORNING_MS);
        assert_int_equal(clock_mono_ns(&clock), 5);
        clock_manual_advance(&manual, 1500000000);
        assert_int_equal(clock_wall_ms(&clock), MORNING_MS + 1500);
        assert_int_equal(clock_mono_ns(&clock), 1500000005);
}

static void test_small_steps_lose_no_wall_time(void **state)
{
        struct clock_manual manual = {0};

        for (int i = 0; i < 10000; i++)
                clock_manual_advance(&manual, 999);
        assert_int_equal(manual.mono_ns, 9990000);
        assert_int_equal(manual.wall_ms, 9);
}

static void test_system_clocks_are_the_machines(void **state)
{
        uint64_t before = clock_mono_ns(&clock_system);
        int64_t seconds = (int64_t)time(NULL);
        int64_t wall = clock_wall_ms(&clock_system);

        assert_true(wall / 1000 >= seconds && wall / 1000 <= seconds + 60);
        assert_true(clock_mono_ns(&clock_system) >= before);
        assert_true(before > 0);
}

static void check_format(int64_t wall_ms, const char *expected)
{
        char text[TIME_TEXT_SIZE];

        time_format(wall_ms, text);
        assert_string_equal(text, expected);
}

static void test_format(void **state)
{
        check_format(MORNING_MS, "2020-03-22T10:15:00.000Z");
        check_format(MORNING_MS + 7, "2020-03-22T10:15:00.007Z");
        check_format(0, "1970-01-01T00:00:00.000Z");
        check_format(-1, "1969-12-31T23:59:59.999Z");
        check_format(-1000, "1969-12-31T23:59:59.000Z");
        check_format(-62135596800000LL, "0001-01-01T00:00:00.000Z");
        check_format(253402300799999LL, "9999-12-31T23:59:59.999Z");
}

static void test_years_out_of_the_format_do_not_break_it(void **state)
{
        check_format(253402300800000LL, "0000-01-01T00:00:00.000Z");
        check_format(INT64_MAX, "0000-01-01T00:00:00.000Z");
        check_format(INT64_MIN, "0000-01-01T00:00:00.000Z");
}

static void check_parse(const char *text, int64_t expected)
{
        int64_t wall_ms = -1;

        assert_int_equal(time_parse(text, &wall_ms), 0);
        assert_int_equal(wall_ms, expected);
}

static void test_parse(void **state)
{
        check_parse("2020-03-22T10:15:00Z", MORNING_MS);
        check_parse("2020-03-22t10:15:00z", MORNING_MS);
        check_parse("2020-03-22T10:15:00.5Z", MORNING_MS + 500);
        check_parse("2020-03-22T10:15:00.123456789Z", MORNING_MS + 123);
        check_parse("2020-03-22T11:15:00+01:00", MORNING_MS);
        check_parse("2020-03-21T22:45:00-11:30", MORNING_MS);
        check_parse("2020-02-29T00:00:00Z", 1582934400000LL);
        check_parse("1969-12-31T23:59:59.999Z", -1);
}

static void test_a_leap_second_is_the_next_minute(void **state)
{
        check_parse("2016-12-31T23:59:60Z", 1483228800000LL);
        check_parse("2015-06-30T23:59:60Z", 1435708800000LL);
}

static void test_nonsense_is_refused_and_changes_nothing(void **state)
{
        static const char *const texts[] = {
                "",
                "2020",
                "2020-03-22",
                "2020-03-22T10:15",
                "2020-03-22T10:15:00",
                "2020-03-22 10:15:00Z",
                "2020-3-22T10:15:00Z",
                "2020-00-22T10:15:00Z",
                "2020-13-22T10:15:00Z",
                "2020-03-00T10:15:00Z",
                "2020-03-32T10:15:00Z",
                "2020-04-31T10:15:00Z",
                "2020-04-31T23:59:60Z",
                "2019-02-29T10:15:00Z",
                "1900-02-29T10:15:00Z",
                "2020-03-22T24:00:00Z",
                "2020-03-22T10:60:00Z",
                "2020-03-22T10:15:61Z",
                "2020-03-22T10:15:00.Z",
                "2020-03-22T10:15:00.1234567890Z",
                "2020-03-22T10:15:00+1:00",
                "2020-03-22T10:15:00+24:00",
                "2020-03-22T10:15:00+01:60",
                "2020-03-22T10:15:00Zulu",
                "-020-03-22T10:15:00Z",
        };
        int64_t wall_ms = 42;

        for (size_t i = 0; i < ARRAY_LEN(texts); i++)
                assert_int_equal(time_parse(texts[i], &wall_ms), -EINVAL);
        assert_int_equal(wall_ms, 42);
}

static void test_what_is_formatted_is_parsed_alike(void **state)
{
        char text[TIME_TEXT_SIZE];

        for (int64_t at = -62135596800000LL; at < 253402300799999LL; at += 86399999LL * 1009) {
                time_format(at, text);
                check_parse(text, at);
        }
}

/* As a person writes it down on paper, in the zone of the house: winter, summer, the hour that is skipped. */
static void test_a_person_names_no_zone(void **state)
{
        static const struct {
                const char *typed, *means;
        } times[] = {{"2020-03-22 11:05", "2020-03-22T10:05:00.000Z"},
                     {"2020-03-22T11:05", "2020-03-22T10:05:00.000Z"},
                     {"2020-07-01 11:05", "2020-07-01T09:05:00.000Z"},
                     {"2020-03-22T11:05:00+05:00", "2020-03-22T06:05:00.000Z"}};
        static const char *const nonsense[] = {"hier",
                                               "2020-03-22",
                                               "11:05",
                                               "2020-02-30 11:05",
                                               "2020-03-22 24:05",
                                               "2020-03-22 11:60",
                                               "2020-03-22 11:05 ",
                                               "1969-12-31 11:05",
                                               "1960-01-01T00:00:00Z",
                                               ""};
        char text[TIME_TEXT_SIZE];
        int64_t ms = 7;

        setenv("TZ", "Europe/Paris", 1);
        tzset();
        for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
                assert_int_equal(time_parse_typed(times[i].typed, &ms), 0);
                time_format(ms, text);
                assert_string_equal(text, times[i].means);
        }
        ms = 7;
        for (size_t i = 0; i < sizeof(nonsense) / sizeof(*nonsense); i++) {
                assert_int_equal(time_parse_typed(nonsense[i], &ms), -EINVAL);
                assert_int_equal(ms, 7);
        }
        assert_int_equal(time_parse("2020-03-22 11:05", &ms), -EINVAL); /* scripts say which zone */
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_manual_stands_still_until_moved),
                cmocka_unit_test(test_small_steps_lose_no_wall_time),
                cmocka_unit_test(test_system_clocks_are_the_machines),
                cmocka_unit_test(test_format),
                cmocka_unit_test(test_years_out_of_the_format_do_not_break_it),
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_a_leap_second_is_the_next_minute),
                cmocka_unit_test(test_nonsense_is_refused_and_changes_nothing),
                cmocka_unit_test(test_what_is_formatted_is_parsed_alike),
                cmocka_unit_test(test_a_person_names_no_zone),
        };

        return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
