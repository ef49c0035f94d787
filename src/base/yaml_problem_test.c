/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "base/yaml_problem.h"

/* What libyaml itself says of the text. */
static void problem_of(const char *text, size_t length, char ret_problem[static 128])
{
        yaml_parser_t parser;
        yaml_event_t event = {0};

        assert_true(yaml_parser_initialize(&parser));
        yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
        while (yaml_parser_parse(&parser, &event)) {
                if (event.type == YAML_STREAM_END_EVENT)
                        fail_msg("“%s” is good YAML", text);
                yaml_event_delete(&event);
        }
        snprintf(ret_problem, 128, "%s", parser.problem ? parser.problem : "");
        yaml_parser_delete(&parser);
}

static void test_what_people_get_wrong_is_said_in_french(void **state)
{
        static const char *const texts[] = {
                "a: b: c", "a: [1, 2",  "a: {b: 1",      "a: \"open",  "a:\n\t- b",    "- a\nb: c",
                "a: @b",   "a: {b: 1]", "key\nother: 1", "a: \"\\q\"", "a: \"\\x0g\"", "%FOO\n---\na",
                "a: \x80", "a: \x01",   "a: !u!x y",     "? a\n- b",   "a: b\n  c: d", "%YAML 2.0\n---\na",
        };

        for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
                char problem[128];

                problem_of(texts[i], strlen(texts[i]), problem);
                assert_string_equal(yaml_problem(problem, LANGUAGE_EN), problem);
                if (!strcmp(yaml_problem(problem, LANGUAGE_FR), problem))
                        fail_msg("%s: “%s” stays English", texts[i], problem);
        }
}

static void test_what_is_not_known_stays(void **state)
{
        assert_string_equal(yaml_problem("something new", LANGUAGE_FR), "something new");
        assert_string_equal(yaml_problem(NULL, LANGUAGE_FR), "ce n’est pas du YAML");
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_people_get_wrong_is_said_in_french),
                                           cmocka_unit_test(test_what_is_not_known_stays)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
