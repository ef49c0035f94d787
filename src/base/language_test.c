/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

static void test_words_go_both_ways(void **state)
{
        enum language language = LANGUAGE_COUNT;

        assert_int_equal(language_parse("de", &language), -EINVAL);
        assert_int_equal(language, LANGUAGE_COUNT);
        assert_int_equal(language_parse("en", &language), 0);
        assert_int_equal(language, LANGUAGE_EN);
        assert_int_equal(language_parse("fr", &language), 0);
        assert_int_equal(language, LANGUAGE_FR);
        assert_string_equal(language_word(LANGUAGE_FR), "fr");
        assert_string_equal(language_word(LANGUAGE_EN), "en");
}

static void test_the_pick(void **state)
{
        assert_string_equal(language_pick(LANGUAGE_FR, "garde", "guard"), "garde");
        assert_string_equal(language_pick(LANGUAGE_EN, "garde", "guard"), "guard");
}

static void test_the_first_name_that_is_set_decides(void **state)
{
        setenv("LC_ALL", "", 1);
        unsetenv("LC_MESSAGES");
        setenv("LANG", "fr_CA.UTF-8", 1);
        assert_int_equal(language_of_environment(), LANGUAGE_FR);
        setenv("LC_MESSAGES", "C", 1);
        assert_int_equal(language_of_environment(), LANGUAGE_EN);
        setenv("LC_ALL", "fr_FR.UTF-8", 1);
        assert_int_equal(language_of_environment(), LANGUAGE_FR);
        unsetenv("LC_ALL");
        unsetenv("LC_MESSAGES");
        unsetenv("LANG");
        assert_int_equal(language_of_environment(), LANGUAGE_EN);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_words_go_both_ways),
                cmocka_unit_test(test_the_pick),
                cmocka_unit_test(test_the_first_name_that_is_set_decides),
        };

        return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
