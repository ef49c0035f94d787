/* SPDX-License-Identifier: EUPL-1.2 */
/* Against jansson's own writer. */
#include "flow/json_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(json_t *json)
{
        size_t length = 0;
        char *ours = json_text(json, &length);
        char *theirs = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);

        assert_non_null(ours);
        assert_non_null(theirs);
        assert_string_equal(ours, theirs);
        assert_int_equal(length, strlen(theirs));
        free(ours);
        free(theirs);
        json_decref(json);
}

static void test_every_kind_of_value(void **state)
{
        check(json_object());
        check(json_array());
        check(json_pack("{s:[i, f, f, b, b, n], s:{s:s, s:{}}, s:[[], {}, [[]]]}", "z", -7, 0.1, 4.0, 1, 0,
                        "a", "é", "Hôpital « de l’exercice » \xf0\x9f\x8f\xa5", "", "list"));
        check(json_integer(INT64_MIN));
        check(json_integer(INT64_MAX));
        check(json_real(1e300));
        check(json_real(-1.0 / 3));
}

/* Each byte that has an escape, at each place within and behind sixteen bytes. */
static void test_every_byte_at_every_place(void **state)
{
        for (unsigned byte = 0; byte < 0x80; byte++) {
                for (size_t at = 0; at < 36; at++) {
                        char text[36];

                        memset(text, 'x', sizeof(text));
                        text[at] = (char)byte;
                        check(json_stringn(text, sizeof(text)));
                }
        }
        for (size_t length = 0; length < 40; length++) {
                char text[128] = "";

                for (size_t i = 0; i < length; i++)
                        strcat(text, i % 3 ? "é" : "\n");
                check(json_string(text));
        }
}

static void test_keys_with_escapes(void **state)
{
        json_t *json = json_object();

        json_object_set_new(json, "a \"key\"\n\x01", json_null());
        json_object_set_new(json, "ключ", json_string(""));
        check(json);
}

static void test_text_that_is_there_already(void **state)
{
        static const char list[] = "[{\"n\":1}]";
        json_t *json, *typed;
        char *written;
        size_t length;

        json = json_pack("{s:o, s:s}", "list", json_text_raw(list, strlen(list)), "end", "é");
        written = json_text(json, &length);
        assert_string_equal(written, "{\"list\":[{\"n\":1}],\"end\":\"é\"}");
        free(written);
        json_decref(json);
        /* What would let a stranger write an answer of his own is no text to jansson. */
        assert_null(json_string("\xff{\"owner\":true}"));
        assert_null(json_loads("[\"\xff{}\"]", 0, NULL));
        typed = json_loads("[\"\\u00ff{}\"]", 0, NULL);
        check(typed);
}

static void test_too_deep(void **state)
{
        json_t *json = json_array();
        size_t length;

        for (int i = 0; i < JSON_TEXT_DEPTH_MAX; i++)
                json = json_pack("[o]", json);
        assert_null(json_text(json, &length));
        json_decref(json);
        assert_null(json_text(NULL, &length));
}

static void test_a_buffer_that_is_full(void **state)
{
        struct buffer out = BUFFER_INIT(10);
        json_t *json = json_string("longer than that");

        assert_int_not_equal(json_text_append(json, &out), 0);
        assert_true(out.overflow);
        buffer_release(&out);
        json_decref(json);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_kind_of_value),
                                           cmocka_unit_test(test_every_byte_at_every_place),
                                           cmocka_unit_test(test_keys_with_escapes),
                                           cmocka_unit_test(test_text_that_is_there_already),
                                           cmocka_unit_test(test_too_deep),
                                           cmocka_unit_test(test_a_buffer_that_is_full)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
