/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>

#include "obligation/letters/recipient.h"

static struct csv *table(const char *text)
{
        struct error error = {0};
        struct csv *csv = NULL;

        if (csv_new(text, strlen(text), &csv, &error))
                fprintf(stderr, "%s\n", error.en);
        assert_non_null(csv);
        return csv;
}

static void test_separators(void **state)
{
        static const char *const tables[] = {"Nom;Ville\nDupont, Jean;Brest\n",
                                             "Nom,Ville\n\"Dupont, Jean\",Brest",
                                             "Nom\tVille\r\nDupont, Jean\tBrest\r\n",
                                             "\xef\xbb\xbf\"Nom\";\"Ville\"\r\"Dupont, Jean\";\"Brest\"\r"};

        for (size_t i = 0; i < 4; i++) {
                struct csv *csv = table(tables[i]);

                assert_int_equal(csv_columns(csv), 2);
                assert_string_equal(csv_name(csv, 0), "Nom");
                assert_int_equal(csv_next(csv, NULL), 0);
                assert_string_equal(csv_cell(csv, 0), "Dupont, Jean");
                assert_string_equal(csv_cell(csv, 1), "Brest");
                assert_string_equal(csv_cell(csv, 2), "");
                assert_int_equal(csv_number(csv), 2);
                assert_int_equal(csv_next(csv, NULL), CSV_END);
                assert_int_equal(csv_next(csv, NULL), CSV_END);
                csv_free(csv);
        }
}

static void test_quotes_and_lines(void **state)
{
        struct csv *csv = table("a;b\n\"une \"\"fois\"\"\";\"deux\nlignes\"\n\n;;\n1;2;;\n");

        assert_int_equal(csv_next(csv, NULL), 0);
        assert_string_equal(csv_cell(csv, 0), "une \"fois\"");
        assert_string_equal(csv_cell(csv, 1), "deux\nlignes");
        assert_int_equal(csv_next(csv, NULL),
                         0); /* empty ones are passed over, empty cells at the end dropped */
        assert_string_equal(csv_cell(csv, 1), "2");
        assert_int_equal(csv_number(csv), 5);
        csv_free(csv);
}

static void test_windows_letters(void **state)
{
        struct csv *csv = table("Pr\xe9nom;Ville\nZo\xeb\x92s \x80;Ch\xe2lons\nA\x81;B\n");

        assert_false(csv_is_utf8(csv));
        assert_string_equal(csv_name(csv, 0), "Prénom");
        assert_int_equal(csv_next(csv, NULL), 0);
        assert_string_equal(csv_cell(csv, 0), "Zoë’s €");
        assert_string_equal(csv_cell(csv, 1), "Châlons");
        assert_int_equal(csv_next(csv, NULL), CSV_BAD); /* 0x81 is no letter */
        csv_free(csv);
        csv = table("Prénom;Ville\nZoë;Châlons\n");
        assert_true(csv_is_utf8(csv));
        csv_free(csv);
}

/* A bad record is told and passed over; those behind it are read. */
static void test_bad_records(void **state)
{
        static const struct {
                const char *record, *why;
        } bad[] = {{"1", "1 cells instead of 2"},
                   {"1;2;3", "3 cells instead of 2"},
                   {"\"1\"x;2", "behind a closing quote"}};

        for (size_t i = 0; i < 3; i++) {
                char text[256];
                struct error why = {0};
                struct csv *csv;

                snprintf(text, sizeof(text), "a;b\n%s\n3;4\n", bad[i].record);
                csv = table(text);
                assert_int_equal(csv_next(csv, &why), CSV_BAD);
                assert_non_null(strstr(why.en, bad[i].why));
                assert_int_equal(csv_number(csv), 2);
                assert_int_equal(csv_next(csv, &why), 0);
                assert_string_equal(csv_cell(csv, 0), "3");
                csv_free(csv);
        }
}

static void test_bounds(void **state)
{
        char *text = calloc(1, 3 * CSV_CELL_MAX + 1024);
        struct error error = {0};
        struct csv *csv = NULL;

        assert_non_null(text);
        for (int i = 0; i < CSV_COLUMNS_MAX; i++)
                strcat(text, "a;");
        assert_int_equal(csv_new(text, strlen(text), &csv, &error), -E2BIG);
        strcpy(text, "a;b\n");
        memset(text + 4, 'x', CSV_CELL_MAX);
        strcpy(text + 4 + CSV_CELL_MAX, ";1\n");
        csv = table(text);
        assert_int_equal(csv_next(csv, NULL), 0);
        assert_int_equal(strlen(csv_cell(csv, 0)), CSV_CELL_MAX);
        csv_free(csv);
        memset(text + 4, 'x', CSV_CELL_MAX + 1);
        strcpy(text + 5 + CSV_CELL_MAX, ";1\nc;d\n");
        csv = table(text);
        assert_int_equal(csv_next(csv, &error), CSV_BAD);
        assert_int_equal(csv_next(csv, NULL), 0);
        csv_free(csv);
        csv = table("a;b\n\"open;1\n2;3\n");
        assert_int_equal(csv_next(csv, &error), CSV_BAD);
        assert_non_null(strstr(error.fr, "jamais fermé"));
        assert_int_equal(csv_next(csv, NULL), CSV_END);
        csv_free(csv);
        free(text);
        assert_int_equal(csv_new("", 0, &csv, &error), -EINVAL);
        assert_int_equal(csv_new("a;b\0c", 5, &csv, &error), -EINVAL);
        assert_int_equal(csv_new("\xff\xfe"
                                 "a\0",
                                 4, &csv, &error),
                         -EINVAL);
        assert_non_null(strstr(error.en, "UTF-16"));
}

/* ---- recipients ---- */

static void read_one(const char *text, struct recipient *recipient)
{
        struct csv *csv = table(text);
        struct recipient_map map;
        struct error error = {0};

        if (recipient_map(csv, &map, &error) || csv_next(csv, &error) ||
            recipient_read(csv, &map, recipient, &error))
                fprintf(stderr, "%s\n", error.en);
        assert_int_equal(error.code, 0);
        csv_free(csv);
}

static void test_french_columns(void **state)
{
        struct recipient one;

        read_one("Civilité;NOM de famille;Prénom;Adresse 1;Complément;Code Postal;Ville;Pays;N° "
                 "dossier;IPP;Langue\n"
                 "Mme;Lefèvre;Zoé;12 rue de l’Œuvre;Bât. C;29200;Brest;France;x;884;EN-gb\n",
                 &one);
        assert_string_equal(one.name, "Zoé Lefèvre");
        assert_int_equal(one.line_count, 4);
        assert_string_equal(one.lines[0], "Mme Zoé Lefèvre");
        assert_string_equal(one.lines[1], "12 rue de l’Œuvre");
        assert_string_equal(one.lines[2], "Bât. C");
        assert_string_equal(one.lines[3], "29200 BREST");
        assert_string_equal(one.reference, "884");
        assert_true(one.has_language && one.language == LANGUAGE_EN);
}

static void test_english_columns(void **state)
{
        struct recipient one;

        read_one("Full name,Address,Country\n\"John  O'Neil\",\"1 High Street\nLeeds LS1 1AA\",United "
                 "Kingdom\n",
                 &one);
        assert_string_equal(one.name, "John O'Neil");
        assert_int_equal(one.line_count, 4);
        assert_string_equal(one.lines[2], "Leeds LS1 1AA");
        assert_string_equal(one.lines[3], "United Kingdom");
        assert_false(one.has_language);
}

static void test_whom_nobody_can_write_to(void **state)
{
        static const char *const rows[] = {";1 rue A;29200;Brest", "Martin;;;",
                                           "Martin;a\nb\nc\nd\ne\nf;29200;Brest"};
        struct recipient_map map;
        struct error error = {0};
        struct csv *csv;

        for (size_t i = 0; i < 3; i++) {
                struct recipient one;
                char text[256];

                snprintf(text, sizeof(text), "Nom;Adresse;CP;Ville\n%s%s%s\n", i == 2 ? "Martin;\"" : "",
                         i == 2 ? "a\nb\nc\nd\ne\nf" : rows[i], i == 2 ? "\";29200;Brest" : "");
                csv = table(text);
                assert_int_equal(recipient_map(csv, &map, &error), 0);
                assert_int_equal(csv_next(csv, &error), 0);
                assert_int_equal(recipient_read(csv, &map, &one, &error), -EINVAL);
                assert_null(strstr(error.fr, "Martin")); /* sentences go to logs: nobody's name is in them */
                csv_free(csv);
        }
        csv = table("Prénom;Adresse\nA;B\n");
        assert_int_equal(recipient_map(csv, &map, &error), -EINVAL);
        csv_free(csv);
        csv = table("Nom;Téléphone\nA;B\n");
        assert_int_equal(recipient_map(csv, &map, &error), -EINVAL);
        csv_free(csv);
}

static void test_typed_address(void **state)
{
        struct recipient one;
        struct error error = {0};

        assert_int_equal(
                recipient_typed("Commissariat central\n\n  1 place d’Armes \n29200 BREST\n", &one, NULL), 0);
        assert_int_equal(one.line_count, 3);
        assert_string_equal(one.lines[1], "1 place d’Armes");
        assert_int_equal(recipient_typed(" \n \n", &one, &error), -EINVAL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_separators),      cmocka_unit_test(test_quotes_and_lines),
                cmocka_unit_test(test_windows_letters), cmocka_unit_test(test_bad_records),
                cmocka_unit_test(test_bounds),          cmocka_unit_test(test_french_columns),
                cmocka_unit_test(test_english_columns), cmocka_unit_test(test_whom_nobody_can_write_to),
                cmocka_unit_test(test_typed_address),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
