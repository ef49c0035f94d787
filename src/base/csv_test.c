/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/csv.h"

static void expect_field(const char *text, const char *expected)
{
        char *made = NULL;
        size_t length;
        FILE *out = open_memstream(&made, &length);

        csv_field(out, text, true);
        fclose(out);
        assert_string_equal(made, expected);
        free(made);
}

static void test_plain(void **state)
{
        expect_field("bonjour", "bonjour");
        expect_field("", "");
        expect_field(NULL, "");
        expect_field("a,b", "\"a,b\"");
        expect_field("dit \"non\"", "\"dit \"\"non\"\"\"");
        expect_field("une\nligne", "\"une\nligne\"");
}

/* What a spreadsheet would carry out. */
static void test_formulas(void **state)
{
        expect_field("=1+1", "\"'=1+1\"");
        expect_field("@SUM(A1)", "\"'@SUM(A1)\"");
        expect_field("+33 1 00 00 00 00", "\"'+33 1 00 00 00 00\"");
        expect_field("-cmd|' /C calc'!A0", "\"'-cmd|' /C calc'!A0\"");
        expect_field("\t=1", "\"'\t=1\"");
        expect_field("-12.5", "-12.5");
        expect_field("-", "\"'-\"");
        expect_field("+", "\"'+\"");
        expect_field("a=1", "a=1");
}

static void test_row(void **state)
{
        char *made = NULL;
        size_t length;
        FILE *out = open_memstream(&made, &length);

        csv_field(out, "a", true);
        csv_field(out, NULL, false);
        csv_field(out, "c", false);
        csv_end(out);
        fclose(out);
        assert_string_equal(made, "a,,c\r\n");
        free(made);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_plain),
                cmocka_unit_test(test_formulas),
                cmocka_unit_test(test_row),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
