/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hub/closing_redact.h"

static void test_what_is_left_out(void **state)
{
        static const struct {
                const char *in, *out;
        } cases[] = {
                {"Levée par Anne Martin à 11 h 15", "Levée par […] à 11 h 15"},
                {"(Anne Martin)", "([…])"},
                {"Anne Martineau", "[…]eau"}, /* rather too much than a name */
                {"depuis 198.51.100.7, puis 2001:db8::1/64.", "depuis […] puis […]"},
                {"écrire à rssi@hopital.example.", "écrire à […]"},
                {"à 11:15, 72 h, 1.5 Mpps, 22/03/2020", "à 11:15, 72 h, 1.5 Mpps, 22/03/2020"},
                {"UDP/53 de ::ffff:198.51.100.7", "UDP/53 de […]"},
                {"", ""},
        };
        json_t *names = json_pack("{s:b, s:b}", "Anne Martin", 1, "A", 1);

        for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
                char *text = closing_redact(names, cases[i].in);

                assert_string_equal(text, cases[i].out);
                free(text);
        }
        json_decref(names);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_left_out)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
