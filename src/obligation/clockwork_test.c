/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "obligation/clockwork.h"

static void due_is(struct deadline deadline, const char *started, const char *due)
{
        int64_t start_ms = 0;
        char text[TIME_TEXT_SIZE];

        assert_int_equal(time_parse(started, &start_ms), 0);
        time_format(clockwork_due(&deadline, start_ms), text);
        assert_string_equal(text, due);
}

static const struct deadline hours_72 = {.hours = 72}, hours_24 = {.hours = 24}, month = {.months = 1},
                             months_3 = {.months = 3};

static void test_hours_run_through_weekends_and_holidays(void **state)
{
        due_is(hours_72, "2026-03-20T17:00:00Z", "2026-03-23T17:00:00.000Z"); /* Friday to Monday */
        due_is(hours_72, "2026-12-24T22:30:00.250Z", "2026-12-27T22:30:00.250Z");
        due_is(hours_24, "2026-05-01T00:00:00Z", "2026-05-02T00:00:00.000Z");
}

static void test_hours_are_real_when_clocks_change(void **state)
{
        /* Spring: 72 real hours after Friday 12:00 CET are Monday 13:00 CEST on the wall. */
        due_is(hours_72, "2026-03-27T12:00:00+01:00", "2026-03-30T11:00:00.000Z");
        /* Autumn: Monday 11:00 CET. */
        due_is(hours_72, "2026-10-23T12:00:00+02:00", "2026-10-26T10:00:00.000Z");
}

static void test_leap_days_count(void **state)
{
        due_is(hours_72, "2028-02-28T12:00:00Z", "2028-03-02T12:00:00.000Z");
        due_is(hours_72, "2027-02-27T12:00:00Z", "2027-03-02T12:00:00.000Z");
        due_is(hours_24, "2028-02-29T12:00:00Z", "2028-03-01T12:00:00.000Z");
}

static void test_months_keep_day_and_hour_of_the_wall(void **state)
{
        due_is(month, "2026-03-10T10:00:00+01:00", "2026-04-10T08:00:00.000Z"); /* 10:00 CEST */
        due_is(month, "2027-01-31T12:00:00+01:00", "2027-02-28T11:00:00.000Z");
        due_is(month, "2028-01-31T12:00:00+01:00", "2028-02-29T11:00:00.000Z");
        due_is(month, "2026-12-15T12:00:00+01:00", "2027-01-15T11:00:00.000Z");
        due_is(months_3, "2026-11-30T12:00:00.125+01:00", "2027-02-28T11:00:00.125Z");
}

static void test_no_hour_named(void **state)
{
        struct deadline without_delay = {.without_delay = true}, none = {0};

        assert_int_equal(clockwork_due(&without_delay, 1000), 0);
        assert_int_equal(clockwork_due(&none, 1000), 0);
        assert_int_equal(clockwork_due(&hours_72, 0), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_hours_run_through_weekends_and_holidays),
                cmocka_unit_test(test_hours_are_real_when_clocks_change),
                cmocka_unit_test(test_leap_days_count),
                cmocka_unit_test(test_months_keep_day_and_hour_of_the_wall),
                cmocka_unit_test(test_no_hour_named),
        };

        setenv("TZ", "Europe/Paris", 1);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
