/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <locale.h>
#include <string.h>

static void test_both_sentences_are_made_from_the_same_arguments(void **state)
{
        struct error error = {0};

        assert_int_equal(error_say(&error, -EINVAL, "la ligne %d de %s est fausse", "line %d of %s is wrong",
                                   7, "garde.yaml"),
                         -EINVAL);
        assert_int_equal(error.code, -EINVAL);
        assert_string_equal(error_text_in(&error, -EINVAL, LANGUAGE_FR),
                            "la ligne 7 de garde.yaml est fausse");
        assert_string_equal(error_text_in(&error, -EINVAL, LANGUAGE_EN), "line 7 of garde.yaml is wrong");
        assert_string_equal(error_text(&error, -EINVAL), "line 7 of garde.yaml is wrong");
}

static void test_arguments_may_change_places(void **state)
{
        struct error error = {0};

        error_say(&error, -EINVAL, "%2$d octets au plus : %1$s", "%s holds at most %d bytes", "nom", 63);
        assert_string_equal(error.fr, "63 octets au plus" NBSP ": nom");
        assert_string_equal(error.en, "nom holds at most 63 bytes");
}

static void test_nobody_need_listen(void **state)
{
        assert_int_equal(error_say(NULL, -ENOMEM, "texte", "text"), -ENOMEM);
        assert_int_equal(error_say_in(NULL, -ENOMEM, LANGUAGE_FR, "texte"), -ENOMEM);
        assert_int_equal(error_context(NULL, -ENOMEM, "texte", "text"), -ENOMEM);
        assert_int_equal(error_forward(NULL, -ENOMEM, "texte", "text"), -ENOMEM);
        assert_string_equal(error_text(NULL, -ENOENT), "No such file or directory");
        assert_string_equal(error_text_in(NULL, -ENOENT, LANGUAGE_FR), "aucun fichier ni dossier de ce nom");
}

static void test_without_a_sentence_errno_speaks_both(void **state)
{
        static const int common[] = {ENOENT, EACCES, EPERM,   ENOSPC,       EEXIST,      EINVAL,
                                     EIO,    ENOMEM, EBUSY,   ECONNREFUSED, EADDRINUSE,  ENODEV,
                                     EROFS,  EISDIR, ENOTDIR, ETIMEDOUT,    ENAMETOOLONG};
        struct error error = {0};

        assert_string_equal(error_text(&error, -EACCES), "Permission denied");
        assert_string_equal(error_text(&error, EACCES), "Permission denied");
        for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
                assert_string_not_equal(error_text_in(&error, -common[i], LANGUAGE_FR),
                                        error_text_in(&error, -common[i], LANGUAGE_EN));
        assert_string_equal(error_text_in(&error, -ENOTBLK, LANGUAGE_FR), strerrordesc_np(ENOTBLK));
        assert_string_equal(error_text_in(&error, -99999, LANGUAGE_FR), "?");
}

static void test_percent_m_is_the_text_of_the_code(void **state)
{
        struct error error = {0};

        errno = EIO; /* what happens to stand there says nothing */
        error_say(&error, -EROFS, "impossible d’écrire %s : %m (100 %%)", "cannot write %s: %m (100 %%)",
                  "%m");
        assert_string_equal(error.fr,
                            "impossible d’écrire %m" NBSP ": système de fichiers en lecture seule (100 %)");
        assert_string_equal(error.en, "cannot write %m: Read-only file system (100 %)");
}

static void test_french_spaces_do_not_break_and_those_of_arguments_stay(void **state)
{
        struct error error = {0};

        error_say(&error, -EINVAL, "« %s » ? non ; oui ! voir : %s", "\"%s\"? no; yes! see: %s", "a : b ;",
                  "ë c");
        assert_string_equal(error.fr, "«" NBSP "a : b ;" NBSP "»" NNBSP "? non" NNBSP "; oui" NNBSP
                                      "! voir" NBSP ": ë c");
        assert_string_equal(error.en, "\"a : b ;\"? no; yes! see: ë c");
}

static void test_context_comes_before(void **state)
{
        struct error error = {0};

        error_say(&error, -EINVAL, "ce pays n’existe pas", "no such country");
        assert_int_equal(error_context(&error, -EINVAL, "garde.yaml:%d", "garde.yaml:%d", 12), -EINVAL);
        error_context(&error, -EPROTO, "vérification", "check");
        assert_int_equal(error.code, -EPROTO);
        assert_string_equal(error.fr, "vérification" NBSP ": garde.yaml:12" NBSP ": ce pays n’existe pas");
        assert_string_equal(error.en, "check: garde.yaml:12: no such country");
}

static void test_context_without_a_sentence_takes_errnos(void **state)
{
        struct error error = {0};

        error_context(&error, -ENOSPC, "le journal", "journal");
        assert_string_equal(error.fr, "le journal" NBSP ": plus de place sur le disque");
        assert_string_equal(error.en, "journal: No space left on device");
}

static void test_one_side_at_a_time(void **state)
{
        struct error error = {0};

        error_say_in(&error, -EINVAL, LANGUAGE_FR, "attendu : %s", "oui ou non");
        assert_string_equal(error_text(&error, -EINVAL), "attendu" NBSP ": oui ou non");
        error_say_in(&error, -EINVAL, LANGUAGE_EN, "expected %s, %d times", "yes or no", 2);
        assert_string_equal(error_text(&error, -EINVAL), "expected yes or no, 2 times");
        assert_string_equal(error.fr, "attendu" NBSP ": oui ou non");
}

static void test_what_comes_ready_made_is_left_alone(void **state)
{
        struct error error = {0};

        assert_int_equal(error_forward(&error, -EREMOTEIO, "100 % : %s", "100%: %s"), -EREMOTEIO);
        assert_string_equal(error.fr, "100 % : %s");
        assert_string_equal(error.en, "100%: %s");
        error_forward(&error, -EIO, NULL, "only\nEnglish");
        assert_string_equal(error.fr, "only English");
        error_forward(&error, -EIO, "le français seul", "");
        assert_string_equal(error.en, "le français seul");
        error_forward(&error, -EIO, NULL, NULL);
        assert_string_equal(error_text(&error, -EIO), "Input/output error");
}

static void test_a_sentence_stays_on_one_line(void **state)
{
        struct error error = {0};

        error_say(&error, -EINVAL, "%s", "%s", "one\ntwo\r\nthree");
        assert_string_equal(error.fr, "one two  three");
        assert_string_equal(error.en, "one two  three");
}

static void test_long_text_is_cut_between_characters(void **state)
{
        struct error error = {0};
        char text[4 * ERROR_TEXT_MAX];

        for (size_t i = 0; i + 2 < sizeof(text); i += 2)
                memcpy(text + i, "é", 2);
        text[sizeof(text) - 2] = '\0';
        error_say(&error, -EINVAL, "%s", "%s", text);
        assert_true(strlen(error.fr) >= ERROR_TEXT_MAX - 4);
        assert_int_equal(strlen(error.fr) % 2, 0);
        error_context(&error, -EINVAL, "x", "x");
        assert_true(strlen(error.en) < ERROR_TEXT_MAX);
        assert_int_equal((strlen(error.en) - strlen("x: ")) % 2, 0);
}

static void test_the_locale_does_not_reach_the_english(void **state)
{
        const char *before = setlocale(LC_ALL, "fr_FR.UTF-8");
        struct error error = {0};

        error_say(&error, -ENOENT, "%m", "%m");
        assert_string_equal(error.en, "No such file or directory");
        if (before)
                setlocale(LC_ALL, "C");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_both_sentences_are_made_from_the_same_arguments),
                cmocka_unit_test(test_arguments_may_change_places),
                cmocka_unit_test(test_nobody_need_listen),
                cmocka_unit_test(test_without_a_sentence_errno_speaks_both),
                cmocka_unit_test(test_percent_m_is_the_text_of_the_code),
                cmocka_unit_test(test_french_spaces_do_not_break_and_those_of_arguments_stay),
                cmocka_unit_test(test_context_comes_before),
                cmocka_unit_test(test_context_without_a_sentence_takes_errnos),
                cmocka_unit_test(test_one_side_at_a_time),
                cmocka_unit_test(test_what_comes_ready_made_is_left_alone),
                cmocka_unit_test(test_a_sentence_stays_on_one_line),
                cmocka_unit_test(test_long_text_is_cut_between_characters),
                cmocka_unit_test(test_the_locale_does_not_reach_the_english),
        };

        return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
