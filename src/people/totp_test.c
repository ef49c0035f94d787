/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "people/totp.h"

static const uint8_t rfc_key[TOTP_KEY_SIZE + 1] = "12345678901234567890";

/* RFC 6238, appendix B, the rows of SHA1: eight digits. */
static void gives_the_rfc_values(void **state)
{
        static const struct {
                uint64_t seconds;
                uint32_t code;
        } rows[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                    {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};

        for (size_t i = 0; i < ARRAY_LEN(rows); i++)
                assert_int_equal(totp_value(rfc_key, 20, rows[i].seconds / 30) % 100000000, rows[i].code);
}

/* RFC 4226, appendix D: six digits of the counters 0 to 9. */
static void gives_the_hotp_values(void **state)
{
        static const uint32_t codes[] = {755224, 287082, 359152, 969429, 338314,
                                         254676, 287922, 162583, 399871, 520489};

        for (uint64_t i = 0; i < ARRAY_LEN(codes); i++)
                assert_int_equal(totp_value(rfc_key, 20, i) % 1000000, codes[i]);
}

static void one_step_of_slack_and_no_more(void **state)
{
        const int64_t now_ms = 1234567890000;
        char code[8];
        uint64_t step = 0;

        for (int64_t away = -3; away <= 3; away++) {
                uint64_t wanted = (uint64_t)(now_ms / TOTP_STEP_MS + away);

                snprintf(code, sizeof(code), "%06u", totp_value(rfc_key, 20, wanted) % 1000000);
                if (away >= -TOTP_SLACK && away <= TOTP_SLACK) {
                        assert_true(totp_fits(rfc_key, code, now_ms, 0, &step));
                        assert_int_equal(step, wanted);
                } else {
                        assert_false(totp_fits(rfc_key, code, now_ms, 0, &step));
                }
        }
}

static void a_step_counts_once(void **state)
{
        uint64_t step = 0;

        assert_true(totp_fits(rfc_key, "005 924", 1234567890000, 0, &step));
        assert_false(totp_fits(rfc_key, "005924", 1234567890000, step, &step));
        assert_true(totp_fits(rfc_key, "005924", 1234567890000, step - 1, &step));
}

static void refuses_what_is_no_code(void **state)
{
        static const char *const typed[] = {"",       "00592",  "0059240", "00592a",
                                            "-05924", "+05924", "0x5924",  "     "};
        uint64_t step = 7;

        for (size_t i = 0; i < ARRAY_LEN(typed); i++)
                assert_false(totp_fits(rfc_key, typed[i], 1234567890000, 0, &step));
        assert_int_equal(step, 7);
}

/* RFC 4648, 10 gives "foobar" as MZXW6YTBOI; twenty bytes need no padding. */
static void writes_the_key_in_base_32(void **state)
{
        char text[TOTP_TEXT_SIZE];
        uint8_t key[TOTP_KEY_SIZE] = "foobarfoobarfoobarfo";

        totp_key_text(rfc_key, text);
        assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        totp_key_text(key, text);
        assert_memory_equal(text, "MZXW6YTB", 8);
        assert_int_equal(strlen(text), 32);
}

static void the_uri_is_encoded(void **state)
{
        char uri[TOTP_URI_SIZE];
        char huge[400];

        totp_uri(rfc_key, "Hôpital de l’Est", "Anne & Cie?", uri);
        assert_string_equal(uri, "otpauth://totp/H%C3%B4pital%20de%20l%E2%80%99Est:Anne%20%26%20Cie%3F"
                                 "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        memset(huge, 0xff, sizeof(huge) - 1);
        huge[sizeof(huge) - 1] = '\0';
        totp_uri(rfc_key, huge, huge, uri);
        assert_non_null(strstr(uri, "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(gives_the_rfc_values),
                cmocka_unit_test(gives_the_hotp_values),
                cmocka_unit_test(one_step_of_slack_and_no_more),
                cmocka_unit_test(a_step_counts_once),
                cmocka_unit_test(refuses_what_is_no_code),
                cmocka_unit_test(writes_the_key_in_base_32),
                cmocka_unit_test(the_uri_is_encoded),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
