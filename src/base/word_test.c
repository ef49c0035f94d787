/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/word.h"

static void test_distance(void **state)
{
        assert_int_equal(word_distance("mode", "mode"), 0);
        assert_int_equal(word_distance("mdoe", "mode"), 1);
        assert_int_equal(word_distance("mod", "mode"), 1);
        assert_int_equal(word_distance("", "mode"), 4);
        assert_int_equal(word_distance("node", "made"), 2);
        assert_int_equal(word_distance("kitten", "sitting"), 3);
        assert_int_equal(
                word_distance("a23456789012345678901234567890123456789012345678901234567890123456", "a"), 99);
}

static const char *nearest(const char *typed)
{
        static const char *const words[] = {"availability.hit", "gravity", "personal_data.risk",
                                            "personal_data.risk_removed"};
        unsigned best = word_reach(typed);
        const char *found = NULL;

        for (size_t i = 0; i < ARRAY_LEN(words); i++)
                if (word_is_nearer(typed, words[i], &best))
                        found = words[i];
        return found;
}

static void test_nearest(void **state)
{
        assert_string_equal(nearest("personal_data.risc"), "personal_data.risk");
        assert_string_equal(nearest("presonal_data.risk"), "personal_data.risk");
        assert_string_equal(nearest("risk"), "personal_data.risk");
        assert_string_equal(nearest("gravité"), "gravity");
        assert_null(nearest("weather"));
        assert_null(nearest(""));
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_distance), cmocka_unit_test(test_nearest)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
