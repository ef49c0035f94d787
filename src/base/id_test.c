/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

static void fill_with(void *context, void *buffer, size_t length)
{
        memset(buffer, *(uint8_t *)context, length);
}

static void check_made(int64_t wall_ms, uint8_t noise, const char *expected)
{
        struct clock_manual manual = {.wall_ms = wall_ms};
        struct clock clock = clock_manual_view(&manual);
        struct random random = {.fill = fill_with, .context = &noise};
        struct id id;

        id_make('f', &clock, &random, &id);
        assert_string_equal(id.text, expected);
}

/* The time part is that of the ULID specification's own example, 1469918176385 = 01ARYZ6S41. */
static void test_made_as_ulid_says(void **state)
{
        check_made(1469918176385, 0, "f_01ARYZ6S410000000000000000");
        check_made(1469918176385, 0xff, "f_01ARYZ6S41ZZZZZZZZZZZZZZZZ");
        check_made(0xffffffffffff, 0xff, "f_7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
        check_made(0, 0, "f_00000000000000000000000000");
}

static void test_sorts_by_birth(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 1);
        struct clock_manual manual = {.wall_ms = 1584872100000};
        struct clock clock = clock_manual_view(&manual);
        struct id before, after;

        id_make('m', &clock, &random, &before);
        for (int i = 0; i < 1000; i++) {
                clock_manual_advance(&manual, 1000000);
                id_make('m', &clock, &random, &after);
                assert_true(strcmp(before.text, after.text) < 0);
                before = after;
        }
}

static void test_same_moment_still_differs(void **state)
{
        struct clock_manual manual = {.wall_ms = 1584872100000};
        struct clock clock = clock_manual_view(&manual);
        struct id one, other;

        id_make('i', &clock, &random_system, &one);
        id_make('i', &clock, &random_system, &other);
        assert_string_not_equal(one.text, other.text);
}

static void test_what_is_made_is_parsed(void **state)
{
        struct id made, parsed;

        id_make('o', &clock_system, &random_system, &made);
        assert_true(id_is_set(&made));
        assert_int_equal(id_parse(made.text, 'o', &parsed), 0);
        assert_string_equal(parsed.text, made.text);
}

static void test_nonsense_is_refused_and_changes_nothing(void **state)
{
        static const char *const texts[] = {
                "",
                "f_",
                "f",
                "m_01ARYZ6S410000000000000000", /* another noun */
                "f-01ARYZ6S410000000000000000",
                "f_01ARYZ6S41000000000000000",   /* short */
                "f_01ARYZ6S4100000000000000000", /* long */
                "f_01ARYZ6S41000000000000000I",  /* not in Crockford's alphabet */
                "f_01ARYZ6S41000000000000000l",
                "f_01aryz6s410000000000000000", /* one spelling only, so that ids compare as text */
                "f_81ARYZ6S410000000000000000", /* more than 128 bits */
                "f_01ARYZ6S41 000000000000000",
        };
        struct id id = {"before"};

        for (size_t i = 0; i < ARRAY_LEN(texts); i++)
                assert_int_equal(id_parse(texts[i], 'f', &id), -EINVAL);
        assert_string_equal(id.text, "before");
}

static void test_absent_is_not_set(void **state)
{
        struct id id = {0};

        assert_false(id_is_set(&id));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_made_as_ulid_says),
                cmocka_unit_test(test_sorts_by_birth),
                cmocka_unit_test(test_same_moment_still_differs),
                cmocka_unit_test(test_what_is_made_is_parsed),
                cmocka_unit_test(test_nonsense_is_refused_and_changes_nothing),
                cmocka_unit_test(test_absent_is_not_set),
        };

        return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
