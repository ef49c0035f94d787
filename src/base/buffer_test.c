/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void test_grows(void **state)
{
        struct buffer buffer = BUFFER_INIT(100000);

        for (int i = 0; i < 10000; i++)
                buffer_text(&buffer, "0123456789");
        assert_false(buffer.overflow);
        assert_int_equal(buffer.length, 100000);
        assert_int_equal(strlen(buffer_string(&buffer)), 100000);
        assert_memory_equal(buffer.data + 99990, "0123456789", 10);
        buffer_release(&buffer);
}

static void test_cap_is_exact(void **state)
{
        struct buffer buffer = BUFFER_INIT(5);

        buffer_append(&buffer, "12345", 5);
        assert_false(buffer.overflow);
        buffer_append(&buffer, "", 0);
        assert_false(buffer.overflow);
        buffer_append(&buffer, "6", 1);
        assert_true(buffer.overflow);
        assert_string_equal(buffer_string(&buffer), "12345");
        buffer_release(&buffer);
}

static void test_after_overflow_nothing_is_appended(void **state)
{
        struct buffer buffer = BUFFER_INIT(4);

        buffer_text(&buffer, "12345");
        buffer_text(&buffer, "1");
        assert_true(buffer.overflow);
        assert_int_equal(buffer.length, 0);
        assert_string_equal(buffer_string(&buffer), "");
        buffer_release(&buffer);
}

static void test_format_keeps_the_cap(void **state)
{
        struct buffer buffer = BUFFER_INIT(8);

        buffer_format(&buffer, "%d-%s", 42, "ab");
        assert_string_equal(buffer_string(&buffer), "42-ab");
        buffer_format(&buffer, "%s", "toolong");
        assert_true(buffer.overflow);
        assert_string_equal(buffer_string(&buffer), "42-ab");
        buffer_release(&buffer);
}

static void test_bytes_may_be_zero(void **state)
{
        struct buffer buffer = BUFFER_INIT(16);

        buffer_append(&buffer, "a\0b", 3);
        buffer_append(&buffer, "c", 1);
        assert_int_equal(buffer.length, 4);
        assert_memory_equal(buffer.data, "a\0bc", 5);
        buffer_release(&buffer);
}

static void test_consume(void **state)
{
        struct buffer buffer = BUFFER_INIT(16);

        buffer_consume(&buffer, 3);
        assert_string_equal(buffer_string(&buffer), "");
        buffer_text(&buffer, "first,second");
        buffer_consume(&buffer, 6);
        assert_string_equal(buffer_string(&buffer), "second");
        buffer_consume(&buffer, 6);
        assert_string_equal(buffer_string(&buffer), "");
        buffer_text(&buffer, "again");
        buffer_consume(&buffer, 1000);
        assert_int_equal(buffer.length, 0);
        buffer_release(&buffer);
}

static void test_room_given_back_can_be_used(void **state)
{
        struct buffer buffer = BUFFER_INIT(4);

        for (int i = 0; i < 100; i++) {
                buffer_text(&buffer, "1234");
                buffer_consume(&buffer, 4);
        }
        assert_false(buffer.overflow);
        buffer_release(&buffer);
}

static void test_release_begins_anew_with_the_same_cap(void **state)
{
        struct buffer buffer = BUFFER_INIT(2);

        buffer_text(&buffer, "123");
        buffer_release(&buffer);
        buffer_release(&buffer);
        assert_false(buffer.overflow);
        buffer_text(&buffer, "12");
        assert_string_equal(buffer_string(&buffer), "12");
        buffer_release(&buffer);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_grows),
                cmocka_unit_test(test_cap_is_exact),
                cmocka_unit_test(test_after_overflow_nothing_is_appended),
                cmocka_unit_test(test_format_keeps_the_cap),
                cmocka_unit_test(test_bytes_may_be_zero),
                cmocka_unit_test(test_consume),
                cmocka_unit_test(test_room_given_back_can_be_used),
                cmocka_unit_test(test_release_begins_anew_with_the_same_cap),
        };

        return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
