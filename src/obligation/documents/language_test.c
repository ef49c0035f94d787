/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/language.h"
#include "obligation/documents/documents_test.h"

/* Runs a call that fills a buffer and compares. */
#define SAYS(expected, call)                                                                                 \
        do {                                                                                                 \
                CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(1024);                              \
                call;                                                                                        \
                assert_string_equal(buffer_string(&text), expected);                                         \
        } while (0)

static void typesets(const char *from, const char *expected)
{
        CLEANUP(cleanup_free) char *set = language_typeset(LANGUAGE_FR, from);

        assert_string_equal(set, expected);
}

static void test_french_spaces(void **state)
{
        typesets("Motif : oui ; non ? si !", "Motif" NBSP ": oui" NNBSP "; non" NNBSP "? si" NNBSP "!");
        typesets("« vrai » à 50 %", "«" NBSP "vrai" NBSP "» à 50" NBSP "%");
        typesets("312 400 paquets", "312" NNBSP "400 paquets");
        typesets("01 40 27 30 00", "01 40 27 30 00");
        typesets("à 11 h 15, en 9 heures", "à 11" NBSP "h" NBSP "15, en 9 heures");
        typesets("https://exemple.fr à 11:15", "https://exemple.fr à 11:15");
        typesets("", "");
        typesets(NULL, "");
}

static void test_tames_what_strangers_write(void **state)
{
        typesets("a\tb\x01"
                 "c\r\nd",
                 "a b c\nd");
        typesets("facture\xe2\x80\xae"
                 "exe.pdf",
                 "factureexe.pdf");
        typesets("mal\xffme", "mal\xef\xbf\xbdme");
        typesets("\xe2\x81\xa6x\xe2\x81\xa9", "x");
}

static void test_english_keeps_its_spaces(void **state)
{
        CLEANUP(cleanup_free) char *set = language_typeset(LANGUAGE_EN, "Why: a ? b");

        assert_string_equal(set, "Why: a ? b");
}

static void test_numbers(void **state)
{
        SAYS("1" NNBSP "234" NNBSP "567", language_integer(&text, LANGUAGE_FR, 1234567));
        SAYS("1,234,567", language_integer(&text, LANGUAGE_EN, 1234567));
        SAYS("-999", language_integer(&text, LANGUAGE_FR, -999));
        SAYS("0", language_integer(&text, LANGUAGE_FR, 0));
        SAYS("0,35", language_decimal(&text, LANGUAGE_FR, 0.349999, 2));
        SAYS("2.0", language_decimal(&text, LANGUAGE_EN, 1.96, 1));
        SAYS("?", language_decimal(&text, LANGUAGE_EN, 0.0 / 0.0, 1));
        SAYS("312" NNBSP "000", language_rounded(&text, LANGUAGE_FR, 312400));
        SAYS("999", language_rounded(&text, LANGUAGE_FR, 999));
        SAYS("1,25" NBSP "million de", language_rounded(&text, LANGUAGE_FR, 1.25e6));
        SAYS("14,9" NBSP "millions de", language_rounded(&text, LANGUAGE_FR, 14.88e6));
        SAYS("2" NBSP "billion", language_rounded(&text, LANGUAGE_EN, 2e9));
}

static void test_percentages_never_lie(void **state)
{
        SAYS("99,63" NBSP "%", language_percent(&text, LANGUAGE_FR, 0.9963));
        SAYS("100" NBSP "%", language_percent(&text, LANGUAGE_FR, 1));
        SAYS(">" NBSP "99,99" NBSP "%", language_percent(&text, LANGUAGE_FR, 0.99999));
        SAYS("0" NBSP "%", language_percent(&text, LANGUAGE_FR, 0));
        SAYS("<" NBSP "0,001" NBSP "%", language_percent(&text, LANGUAGE_FR, 1e-9));
        SAYS("0.004%", language_percent(&text, LANGUAGE_EN, 0.00004));
        SAYS("50%", language_percent(&text, LANGUAGE_EN, 0.5));
}

static void test_durations(void **state)
{
        SAYS("0,35" NBSP "s", language_duration(&text, LANGUAGE_FR, 350));
        SAYS("0" NBSP "s", language_duration(&text, LANGUAGE_FR, 0));
        SAYS("12,4" NBSP "s", language_duration(&text, LANGUAGE_FR, 12400));
        SAYS("1" NBSP "min", language_duration(&text, LANGUAGE_FR, 59900));
        SAYS("1" NBSP "min" NBSP "2" NBSP "s", language_duration(&text, LANGUAGE_FR, 62000));
        SAYS("1" NBSP "h" NBSP "30" NBSP "min", language_duration(&text, LANGUAGE_FR, 5400000));
        SAYS("3" NBSP "d", language_duration(&text, LANGUAGE_EN, 3 * 86400000));
}

static void test_words(void **state)
{
        static const struct {
                uint64_t number;
                const char *fr, *en;
        } cases[] = {
                {0, "zéro", "zero"},
                {17, "dix-sept", "seventeen"},
                {21, "vingt-et-un", "twenty-one"},
                {71, "soixante-et-onze", "seventy-one"},
                {72, "soixante-douze", "seventy-two"},
                {80, "quatre-vingts", "eighty"},
                {81, "quatre-vingt-un", "eighty-one"},
                {91, "quatre-vingt-onze", "ninety-one"},
                {100, "cent", "one hundred"},
                {200, "deux-cents", "two hundred"},
                {201, "deux-cent-un", "two hundred and one"},
                {1000, "mille", "one thousand"},
                {80000, "quatre-vingt-mille", "eighty thousand"},
                {200000, "deux-cent-mille", "two hundred thousand"},
                {312400, "trois-cent-douze-mille-quatre-cents",
                 "three hundred and twelve thousand four hundred"},
                {80000000, "quatre-vingts-millions", "eighty million"},
                {1000001, "un-million-un", "one million one"},
        };

        for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
                SAYS(cases[i].fr, language_words(&text, LANGUAGE_FR, cases[i].number));
                SAYS(cases[i].en, language_words(&text, LANGUAGE_EN, cases[i].number));
        }
}

static void test_moments(void **state)
{
        SAYS("dimanche 22" NBSP "mars 2020 à 11" NBSP "h" NBSP "15 (heure de Paris)",
             language_moment(&text, LANGUAGE_FR, NULL, MOMENT_LONG, SUNDAY_MS));
        SAYS("Sunday 22" NBSP "March 2020 at 11:15 (Paris time)",
             language_moment(&text, LANGUAGE_EN, "Europe/Paris", MOMENT_LONG, SUNDAY_MS));
        SAYS("22/03/2020" NBSP "11:15", language_moment(&text, LANGUAGE_FR, NULL, MOMENT_SHORT, SUNDAY_MS));
        SAYS("11:15:00", language_moment(&text, LANGUAGE_FR, NULL, MOMENT_SECOND, SUNDAY_MS));
        /* Summer time began a week later: the same hour of UTC is an hour later on the clock. */
        SAYS("dimanche 29" NBSP "mars 2020 à 12" NBSP "h" NBSP "15 (heure de Paris)",
             language_moment(&text, LANGUAGE_FR, NULL, MOMENT_LONG, SUNDAY_MS + 7 * 86400000LL));
        SAYS("mercredi 1er" NBSP "avril 2020",
             language_moment(&text, LANGUAGE_FR, NULL, MOMENT_DAY, 1585735200000));
        SAYS("dimanche 22" NBSP "mars 2020 à 14" NBSP "h" NBSP "15 (heure de La Réunion)",
             language_moment(&text, LANGUAGE_FR, "Indian/Reunion", MOMENT_LONG, SUNDAY_MS));
        /* A zone nobody knows is not guessed. */
        SAYS("dimanche 22" NBSP "mars 2020 à 10" NBSP "h" NBSP "15 (temps universel, UTC)",
             language_moment(&text, LANGUAGE_FR, "Nulle/Part", MOMENT_LONG, SUNDAY_MS));
        assert_int_equal(language_zone_offset(NULL, SUNDAY_MS), 3600);
}

static void test_parse(void **state)
{
        enum language language = LANGUAGE_FR;

        assert_int_equal(language_parse("en", &language), 0);
        assert_int_equal(language, LANGUAGE_EN);
        assert_true(language_parse("de", &language) < 0);
        assert_int_equal(language, LANGUAGE_EN);
        assert_string_equal(language_word(LANGUAGE_FR), "fr");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_french_spaces),
                cmocka_unit_test(test_tames_what_strangers_write),
                cmocka_unit_test(test_english_keeps_its_spaces),
                cmocka_unit_test(test_numbers),
                cmocka_unit_test(test_percentages_never_lie),
                cmocka_unit_test(test_durations),
                cmocka_unit_test(test_words),
                cmocka_unit_test(test_moments),
                cmocka_unit_test(test_parse),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
