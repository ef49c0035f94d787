/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/noun_test.h"

#include "flow/measure.h"

static const char sample[] =
        "{\"id\":\"m_01E402Z2W0ABCDEFGHJKMNPQRS\",\"incident\":null,\"finding\":\"f_"
        "01E402Z2W0ABCDEFGHJKMNPQRS\","
        "\"kind\":\"fence\",\"subject\":\"portail\",\"selector\":{\"countries\":[\"US\",\"CN\"]},"
        "\"why\":{\"fr\":\"Excès\",\"en\":\"Excess\"},\"owner\":\"edge\",\"state\":\"probation\","
        "\"since\":\"2020-03-22T10:05:00.250Z\",\"until\":\"2020-03-22T10:35:00.000Z\",\"pass_per_mille\":10,"
        "\"predicted_cost\":0.0004,\"actual_cost\":null,\"dropped\":123,\"would_drop\":4,\"spared\":5}";

static int round_measure(const json_t *json, json_t **ret_again, struct error *error)
{
        struct measure measure = {0};
        int r = measure_from_json(json, &measure, error);

        if (!r)
                *ret_again = measure_to_json(&measure);
        measure_release(&measure);
        return r;
}

static void test_round_trip(void **state)
{
        assert_round_trip(sample, round_measure);
}

static void test_refusals_name_the_field(void **state)
{
        assert_refuses(sample, "kind", json_string("nuke"), "signature, challenge, fence, throttle",
                       round_measure);
        assert_refuses(sample, "state", NULL, "\"state\"", round_measure);
        assert_refuses(sample, "pass_per_mille", json_integer(1001), "\"pass_per_mille\"", round_measure);
        assert_refuses(sample, "dropped", json_integer(-1), "\"dropped\"", round_measure);
        assert_refuses(sample, "dropped", json_real(1.5), "\"dropped\"", round_measure);
        assert_refuses(sample, "predicted_cost", json_real(-0.1), "\"predicted_cost\"", round_measure);
        assert_refuses(sample, "actual_cost", json_integer(2), "\"actual_cost\"", round_measure);
        assert_refuses(sample, "owner", json_string(""), "\"owner\"", round_measure);
        assert_refuses(sample, "incident", json_string("i_"), "\"incident\"", round_measure);
        assert_refuses(sample, "extra", json_true(), "extra", round_measure);
}

static void test_unknown_cost_is_null_both_ways(void **state)
{
        struct measure measure = {0};
        json_t *json = json_loads(sample, 0, NULL);

        assert_int_equal(measure_from_json(json, &measure, NULL), 0);
        assert_true(measure.actual_cost < 0);
        measure_release(&measure);
        json_object_set_new(json, "actual_cost", json_real(0.25));
        assert_int_equal(measure_from_json(json, &measure, NULL), 0);
        assert_true(measure.actual_cost == 0.25);
        measure_release(&measure);
        json_decref(json);
}

static void test_copy_is_deep(void **state)
{
        struct measure one = {0}, two = {0};
        json_t *json = json_loads(sample, 0, NULL), *again;

        assert_int_equal(measure_from_json(json, &one, NULL), 0);
        assert_int_equal(measure_copy(&two, &one), 0);
        assert_int_equal(measure_copy(&two, &two), 0);
        assert_ptr_not_equal(one.selector, two.selector);
        json_object_set_new(one.selector, "countries", json_null());
        measure_release(&one);
        again = measure_to_json(&two);
        assert_true(json_equal(json, again));
        measure_release(&two);
        json_decref(json);
        json_decref(again);
}

static void test_counters_beyond_json_are_capped(void **state)
{
        struct measure measure = {.dropped = UINT64_MAX};
        json_t *json;

        assert_int_equal(bitext_set(&measure.why, "a", "b"), 0);
        json = measure_to_json(&measure);
        assert_true(json_integer_value(json_object_get(json, "dropped")) == INT64_MAX);
        json_decref(json);
        measure_release(&measure);
}

static void test_mutations(void **state)
{
        assert_survives_mutation(sample, round_measure, 5000);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_round_trip),
                cmocka_unit_test(test_refusals_name_the_field),
                cmocka_unit_test(test_unknown_cost_is_null_both_ways),
                cmocka_unit_test(test_copy_is_deep),
                cmocka_unit_test(test_counters_beyond_json_are_capped),
                cmocka_unit_test(test_mutations),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
