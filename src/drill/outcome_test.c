/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "drill/outcome.h"

static const char *const keys[] = {"policy",   "attack", "detected_ms", "effective_ms", "attack_dropped",
                                   "calm",     "during", "reopened_s",  "relapses",     "measures",
                                   "incident", "files",  "resident_mb"};

static json_t *parse(const char *text)
{
        json_t *json = json_loads(text, 0, NULL);

        assert_non_null(json);
        return json;
}

static struct outcome sample(void)
{
        struct outcome outcome = {.name = "2020-03-22",
                                  .policy = DRILL_POLICY_GARDE,
                                  .effect = {.effective_ms = 160,
                                             .dropped = 0.9993,
                                             .sent = 8000000,
                                             .peak_pps = 350000,
                                             .duration_s = 25},
                                  .sources = 44192,
                                  .countries = 181,
                                  .detected_ms = 96,
                                  .attack_wall_ms = 1584868500000,
                                  .reopened_s = 20.5,
                                  .resident_bytes = 59000000};

        outcome.tally.rows[TALLY_PHASE_DURING][TALLY_NEW_ELSEWHERE] =
                (struct tally_row){.tried = 3000, .ok = 2999, .p50_ms = 12.5, .p99_ms = 30};
        outcome.measures =
                parse("[{\"id\":\"m_1\",\"kind\":\"signature\",\"selector\":{\"class\":\"udp\"},"
                      "\"why\":{\"fr\":\"a\",\"en\":\"b\"},\"since\":\"2020-03-22T09:15:00.250Z\","
                      "\"until\":\"2020-03-22T09:15:40.000Z\",\"dropped\":12,\"predicted_cost\":0.001,"
                      "\"actual_cost\":null}]");
        outcome.incident = parse("{\"id\":\"i_1\",\"gravity\":\"grave\"}");
        outcome.obligations = parse("[{\"rule\":\"cert-sante-grave\",\"state\":\"due\",\"facts\":1}]");
        outcome.files = parse("{\"journal\":\"/x\"}");
        return outcome;
}

static void release(struct outcome *outcome)
{
        json_decref(outcome->measures);
        json_decref(outcome->incident);
        json_decref(outcome->obligations);
        json_decref(outcome->files);
}

static void test_the_object_has_the_agreed_names(void **state)
{
        struct outcome outcome = sample();
        json_t *json = outcome_to_json(&outcome), *measure, *row;

        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
                assert_non_null(json_object_get(json, keys[i]));
        measure = json_array_get(json_object_get(json, "measures"), 0);
        assert_int_equal(json_integer_value(json_object_get(measure, "since_ms")), 250);
        assert_int_equal(json_integer_value(json_object_get(measure, "until_ms")), 40000);
        assert_true(json_is_null(json_object_get(measure, "actual_cost")));
        row = json_object_get(json_object_get(json, "during"), "new_elsewhere");
        assert_int_equal(json_integer_value(json_object_get(row, "ok")), 2999);
        assert_string_equal(json_string_value(json_object_get(json_object_get(json, "incident"), "gravity")),
                            "grave");
        json_decref(json);
        release(&outcome);
}

static void test_what_never_happened_is_null(void **state)
{
        struct outcome outcome = {
                .name = "x", .effect = {.effective_ms = -1}, .detected_ms = -1, .reopened_s = -1};
        json_t *json = outcome_to_json(&outcome);

        assert_true(json_is_null(json_object_get(json, "detected_ms")));
        assert_true(json_is_null(json_object_get(json, "effective_ms")));
        assert_true(json_is_null(json_object_get(json, "reopened_s")));
        assert_true(json_is_null(json_object_get(json, "incident")));
        assert_int_equal(json_array_size(json_object_get(json, "measures")), 0);
        json_decref(json);
}

/* 2999 of 3000 is not all of them. */
static void test_table_never_rounds_up_to_all(void **state)
{
        struct outcome outcome = sample();
        struct buffer table = BUFFER_INIT(65536);
        json_t *json = outcome_to_json(&outcome);

        outcome_table(&table, json, NULL, false);
        assert_non_null(strstr(table.data, "99,96 %"));
        assert_non_null(strstr(table.data, "99,93 %"));
        assert_null(strstr(table.data, "100,00 %"));
        buffer_release(&table);
        json_decref(json);
        release(&outcome);
}

static void test_two_side_by_side(void **state)
{
        struct outcome outcome = sample();
        struct buffer table = BUFFER_INIT(65536);
        json_t *first = outcome_to_json(&outcome), *second;

        outcome.policy = DRILL_POLICY_AS_IN_2020;
        outcome.reopened_s = -1;
        second = outcome_to_json(&outcome);
        outcome_table(&table, first, second, true);
        assert_non_null(strstr(table.data, "as-in-2020"));
        assert_non_null(strstr(table.data, "20.5 s"));
        assert_non_null(strstr(table.data, "never"));
        buffer_release(&table);
        json_decref(first);
        json_decref(second);
        release(&outcome);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_the_object_has_the_agreed_names),
                cmocka_unit_test(test_what_never_happened_is_null),
                cmocka_unit_test(test_table_never_rounds_up_to_all),
                cmocka_unit_test(test_two_side_by_side),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
