/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

static void test_set_returns_the_code_and_keeps_the_sentence(void **state)
{
        struct error error = {0};

        assert_int_equal(error_set(&error, -EINVAL, "line %d is wrong", 7), -EINVAL);
        assert_int_equal(error.code, -EINVAL);
        assert_string_equal(error_text(&error, -EINVAL), "line 7 is wrong");
}

static void test_nobody_need_listen(void **state)
{
        assert_int_equal(error_set(NULL, -ENOMEM, "text"), -ENOMEM);
        assert_int_equal(error_context(NULL, -ENOMEM, "text"), -ENOMEM);
        assert_string_equal(error_text(NULL, -ENOENT), strerror(ENOENT));
}

static void test_without_a_sentence_errno_speaks(void **state)
{
        struct error error = {0};

        assert_string_equal(error_text(&error, -EACCES), strerror(EACCES));
        assert_string_equal(error_text(&error, EACCES), strerror(EACCES));
}

static void test_context_comes_before(void **state)
{
        struct error error = {0};

        error_set(&error, -EINVAL, "no such country");
        assert_int_equal(error_context(&error, -EINVAL, "garde.yaml:%d", 12), -EINVAL);
        error_context(&error, -EPROTO, "check");
        assert_int_equal(error.code, -EPROTO);
        assert_string_equal(error.text, "check: garde.yaml:12: no such country");
}

static void test_context_without_a_sentence_takes_errnos(void **state)
{
        struct error error = {0};

        error_context(&error, -ENOSPC, "journal");
        assert_memory_equal(error.text, "journal: ", 9);
        assert_string_equal(error.text + 9, strerror(ENOSPC));
}

static void test_a_sentence_stays_on_one_line(void **state)
{
        struct error error = {0};

        error_set(&error, -EINVAL, "%s", "one\ntwo\r\nthree");
        assert_string_equal(error.text, "one two  three");
}

static void test_long_text_is_cut_between_characters(void **state)
{
        struct error error = {0};
        char text[2 * ERROR_TEXT_MAX];

        for (size_t i = 0; i + 2 < sizeof(text); i += 2)
                memcpy(text + i, "é", 2);
        text[sizeof(text) - 2] = '\0';
        error_set(&error, -EINVAL, "%s", text);
        assert_true(strlen(error.text) >= ERROR_TEXT_MAX - 4);
        assert_int_equal(strlen(error.text) % 2, 0);
        error_context(&error, -EINVAL, "x");
        assert_true(strlen(error.text) < ERROR_TEXT_MAX);
        assert_int_equal((strlen(error.text) - strlen("x: ")) % 2, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_set_returns_the_code_and_keeps_the_sentence),
                cmocka_unit_test(test_nobody_need_listen),
                cmocka_unit_test(test_without_a_sentence_errno_speaks),
                cmocka_unit_test(test_context_comes_before),
                cmocka_unit_test(test_context_without_a_sentence_takes_errnos),
                cmocka_unit_test(test_a_sentence_stays_on_one_line),
                cmocka_unit_test(test_long_text_is_cut_between_characters),
        };

        return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
