/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/language.h"
#include "cli/quantity.h"

#define N NNBSP
#define U NBSP

static void test_counts_have_their_thousands_apart(void **state)
{
        static const struct {
                double number;
                const char *fr, *en;
        } cases[] = {
                {-5, "0", "0"},
                {0, "0", "0"},
                {999, "999", "999"},
                {1000, "1" N "000", "1,000"},
                {312450, "312" N "450", "312,450"},
                {1234567890, "1" N "234" N "567" N "890", "1,234,567,890"},
                {1e300, "1" N "000" N "000" N "000" N "000" N "000" N "000", "1,000,000,000,000,000,000"},
                {NAN, "0", "0"}};
        char text[QUANTITY_SIZE];

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                assert_string_equal(quantity_count(cases[i].number, false, text), cases[i].fr);
                assert_string_equal(quantity_count(cases[i].number, true, text), cases[i].en);
        }
}

static void test_a_trickle_is_not_nothing(void **state)
{
        char text[QUANTITY_SIZE];

        assert_string_equal(quantity_rate(0.4, false, text), "0,4");
        assert_string_equal(quantity_rate(0.4, true, text), "0.4");
        assert_string_equal(quantity_rate(0, false, text), "0");
        assert_string_equal(quantity_rate(9.97, false, text), "10");
        assert_string_equal(quantity_rate(2450.6, false, text), "2" N "451");
}

static void test_bits_have_the_unit_that_fits(void **state)
{
        static const struct {
                double bits;
                const char *fr, *en;
        } cases[] = {{0, "0" U "bit/s", "0" U "bit/s"},
                     {999, "999" U "bit/s", "999" U "bit/s"},
                     {999.7, "1,0" U "kbit/s", "1.0" U "kbit/s"},
                     {149900000, "149,9" U "Mbit/s", "149.9" U "Mbit/s"},
                     {999960000, "1,0" U "Gbit/s", "1.0" U "Gbit/s"},
                     {40e9, "40,0" U "Gbit/s", "40.0" U "Gbit/s"},
                     {5e15, "5000,0" U "Tbit/s", "5000.0" U "Tbit/s"}};
        char text[QUANTITY_SIZE];

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                assert_string_equal(quantity_bits(cases[i].bits, false, text), cases[i].fr);
                assert_string_equal(quantity_bits(cases[i].bits, true, text), cases[i].en);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_counts_have_their_thousands_apart),
                cmocka_unit_test(test_a_trickle_is_not_nothing),
                cmocka_unit_test(test_bits_have_the_unit_that_fits),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
