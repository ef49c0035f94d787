/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domains/lexicon.h"

static struct lexicon *made(void)
{
        struct lexicon *lexicon = lexicon_new();

        assert_non_null(lexicon);
        assert_int_equal(lexicon_add(lexicon, "ameli", LEXICON_BRAND, 7), 0);
        assert_int_equal(lexicon_add(lexicon, "amelie", LEXICON_OTHER, 0), 0);
        assert_int_equal(lexicon_add(lexicon, "caf", LEXICON_BRAND, 8), 0);
        assert_int_equal(lexicon_add(lexicon, "remboursement", LEXICON_THEME, 3), 0);
        assert_int_equal(lexicon_add(lexicon, "caf", LEXICON_THEME, 4), 0);
        return lexicon;
}

static struct reading read_label(const struct lexicon *lexicon, const char *label)
{
        struct reading reading;

        lexicon_read(lexicon, label, strlen(label), &reading);
        return reading;
}

static void test_a_label_is_a_row_of_words(void **state)
{
        struct lexicon *lexicon = made();
        struct reading reading = read_label(lexicon, "ameli-remboursement2020");

        assert_int_equal(reading.count, 2);
        assert_int_equal(reading.unread, 0);
        assert_int_equal(reading.words[0].kind, LEXICON_BRAND);
        assert_int_equal(reading.words[0].index, 7);
        assert_int_equal(reading.words[1].theme, 3);
        assert_true(reading.words[0].left && reading.words[0].right && reading.words[1].right);
        reading = read_label(lexicon, "xameliremboursement");
        assert_false(reading.words[0].left);
        assert_true(reading.words[0].right);
        assert_int_equal(reading.unread, 1);
        lexicon_free(lexicon);
}

static void test_a_longer_word_covers_the_brand_in_it(void **state)
{
        struct lexicon *lexicon = made();
        struct reading reading = read_label(lexicon, "amelie-les-bains");

        assert_int_equal(reading.count, 1);
        assert_int_equal(reading.words[0].kind, LEXICON_OTHER);
        assert_int_equal(reading.unread, 8);
        lexicon_free(lexicon);
}

static void test_a_brands_word_can_be_a_themes_too(void **state)
{
        struct lexicon *lexicon = made();
        struct reading reading = read_label(lexicon, "caf");

        assert_int_equal(reading.words[0].kind, LEXICON_BRAND);
        assert_int_equal(reading.words[0].index, 8);
        assert_int_equal(reading.words[0].theme, 4);
        lexicon_free(lexicon);
}

static void test_more_words_than_fit_are_not_read(void **state)
{
        struct lexicon *lexicon = made();
        char label[128];
        struct reading reading;

        for (int i = 0; i < 42; i++)
                memcpy(label + i * 3, "caf", 4);
        reading = read_label(lexicon, label);
        assert_int_equal(reading.count, READING_WORDS_MAX);
        assert_int_equal(reading.unread, 126 - 3 * READING_WORDS_MAX);
        assert_int_equal(read_label(lexicon, "").count, 0);
        lexicon_free(lexicon);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_a_label_is_a_row_of_words),
                cmocka_unit_test(test_a_longer_word_covers_the_brand_in_it),
                cmocka_unit_test(test_a_brands_word_can_be_a_themes_too),
                cmocka_unit_test(test_more_words_than_fit_are_not_read),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
