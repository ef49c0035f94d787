/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "domains/edit.h"
#include "domains/fold.h"
#include "domains/letters.h"

static enum edit_kind between(const char *original, const char *other)
{
        return edit_between(original, strlen(original), other, strlen(other));
}

static void test_each_edit_has_its_name(void **state)
{
        static const struct {
                const char *original, *other;
                enum edit_kind kind;
        } cases[] = {
                {"ameli", "ameli", EDIT_NONE},          {"ameli", "amelie", EDIT_INSERTION},
                {"ameli", "amelis", EDIT_PLURAL},       {"ameli", "ammeli", EDIT_REPETITION},
                {"ameli", "meli", EDIT_OMISSION},       {"ameli", "amli", EDIT_OMISSION},
                {"ameli", "amlei", EDIT_TRANSPOSITION}, {"ameli", "maeli", EDIT_TRANSPOSITION},
                {"ameli", "amali", EDIT_VOWEL},         {"ameli", "ameki", EDIT_KEYBOARD},
                {"ameli", "zmeli", EDIT_KEYBOARD},      {"ameli", "amel1", EDIT_HOMOGLYPH},
                {"ameli", "ame1i", EDIT_HOMOGLYPH},     {"doctolib", "boctolib", EDIT_HOMOGLYPH},
                {"ameli", "emeli", EDIT_VOWEL},         {"ameli", "amehi", EDIT_BITFLIP},
                {"ameli", "amewi", EDIT_REPLACEMENT},   {"ameli", "arneli", EDIT_FAR},
                {"ameli", "amellie", EDIT_FAR},         {"", "a", EDIT_INSERTION},
        };

        for (size_t i = 0; i < ARRAY_LEN(cases); i++)
                if (between(cases[i].original, cases[i].other) != cases[i].kind)
                        fail_msg("%s, %s: %d", cases[i].original, cases[i].other,
                                 between(cases[i].original, cases[i].other));
}

static void test_keys_of_both_keyboards(void **state)
{
        assert_true(edit_keys_are_neighbours('a', 'z')); /* AZERTY */
        assert_true(edit_keys_are_neighbours('a', 's')); /* QWERTY */
        assert_true(edit_keys_are_neighbours('l', 'm') && edit_keys_are_neighbours('m', 'l'));
        assert_false(edit_keys_are_neighbours('a', 'p'));
        assert_false(edit_keys_are_neighbours('a', 'a'));
        assert_false(edit_keys_are_neighbours('-', 'a'));
}

static int swaps_between(const char *original, const char *other, bool *strong)
{
        return edit_swaps(original, strlen(original), other, strlen(other), strong);
}

static void test_swaps_are_counted_by_kind(void **state)
{
        bool strong = false;

        assert_int_equal(swaps_between("ameli", "arneli", &strong), 1);
        assert_true(strong);
        assert_int_equal(swaps_between("ameli", "arne1i", &strong), 2);
        assert_true(strong);
        assert_int_equal(swaps_between("ameli", "amcli", &strong), 1);
        assert_false(strong);
        assert_int_equal(swaps_between("ameli", "ameli", &strong), 0);
        assert_int_equal(swaps_between("doctolib", "cloctolib", &strong), 1);
        assert_int_equal(swaps_between("wanadoo", "vvanad00", &strong), 2);
        assert_int_equal(swaps_between("marne", "mame", &strong), 1); /* the other way round, too */
        assert_int_equal(swaps_between("ameli", "am?li", &strong), 1);
        assert_int_equal(swaps_between("ameli", "arnc1i", &strong), -1); /* three kinds */
        assert_int_equal(swaps_between("ameli", "axeli", &strong), -1);
        assert_int_equal(swaps_between("ameli", "", &strong), -1);
}

/* Letters that could be swapped everywhere must not take forever. */
static void test_swaps_end(void **state)
{
        char original[100], other[100];
        bool strong;

        memset(original, 'm', sizeof(original));
        memset(other, 'n', sizeof(other));
        other[99] = 'x';
        assert_int_equal(edit_swaps(original, sizeof(original), other, sizeof(other), &strong), -1);
}

static void test_a_slip_reads_worse_than_a_name(void **state)
{
        struct letters *letters = letters_new();
        static const char *const learned[] = {"saint-martin", "saint-denis", "martigny", "montigny",
                                              "bussy-saint-martin"};

        assert_non_null(letters);
        assert_true(letters_ratio(letters, "martin", 6, "mqrtin", 6, 0) ==
                    0); /* nothing learned, nothing said */
        for (int i = 0; i < 2000; i++)
                letters_learn(letters, learned[i % 5], strlen(learned[i % 5]));
        assert_true(letters_ratio(letters, "martigny", 8, "mqrtigny", 8, 0) < -3);
        assert_true(letters_ratio(letters, "martigny", 8, "montigny", 8, 0) >
                    letters_ratio(letters, "martigny", 8, "mqrtigny", 8, 0) + 3);
        letters_free(letters);
}

/* ---- fold ---- */

static void folds(const struct fold *fold, const char *label, const char *ascii)
{
        struct folded folded;

        fold_label(fold, label, strlen(label), &folded);
        assert_string_equal(folded.ascii, ascii);
}

static void test_labels_fold_to_what_they_look_like(void **state)
{
        struct fold *fold = NULL;
        struct folded folded, other;

        assert_int_equal(fold_open(&fold, NULL), 0);
        folds(fold, "ameli", "ameli");
        folds(fold, "xn--ml-6kcv0o", "ameli");   /* Cyrillic for a, e, i */
        folds(fold, "xn--amli-cpa", "ameli");    /* é */
        folds(fold, "xn--ameli-", "xn--ameli-"); /* no letters behind it */
        fold_label(fold, "xn--amli-cpa", 12, &folded);
        assert_true(folded.idn && folded.accented && !folded.broken);
        fold_label(fold, "a-rne1i", 7, &folded);
        assert_string_equal(folded.key, "arnell");
        fold_label(fold, "arneli", 6, &folded);
        fold_label(fold, "ameli", 5, &other);
        assert_string_equal(folded.coarse, other.coarse);
        fold_close(fold);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_each_edit_has_its_name),
                cmocka_unit_test(test_keys_of_both_keyboards),
                cmocka_unit_test(test_swaps_are_counted_by_kind),
                cmocka_unit_test(test_swaps_end),
                cmocka_unit_test(test_a_slip_reads_worse_than_a_name),
                cmocka_unit_test(test_labels_fold_to_what_they_look_like),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
