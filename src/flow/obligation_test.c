/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/noun_test.h"

#include "flow/obligation.h"

static const char sample[] =
        "{\"id\":\"o_01E402Z2W0ABCDEFGHJKMNPQRS\",\"incident\":\"i_01E402Z2W0ABCDEFGHJKMNPQRS\","
        "\"rule\":\"cert-sante-grave\",\"title\":{\"fr\":\"t\",\"en\":\"t\"},\"recipient\":{\"fr\":\"r\","
        "\"en\":\"r\"},"
        "\"state\":\"filed\",\"voluntary\":false,\"without_delay\":true,"
        "\"clock_started\":\"2020-03-22T10:05:00.250Z\",\"due\":null,\"legal_basis\":\"CSP L1111-8-2\","
        "\"why\":{\"fr\":\"w\",\"en\":\"w\"},\"filed\":\"2020-03-22T11:05:00.000Z\",\"filed_by\":\"Mme "
        "Martin\","
        "\"receipt\":\"2020-1234\",\"waived_reason\":null,"
        "\"filings\":[{\"phase\":\"initial\",\"at\":\"2020-03-22T12:00:00.000Z\",\"by\":\"Dr "
        "Roux\",\"channel\":\"portal\","
        "\"receipt\":null,\"late\":false}]}";

static int round_obligation(const json_t *json, json_t **ret_again, struct error *error)
{
        struct obligation obligation = {0};
        int r = obligation_from_json(json, &obligation, error);

        if (!r)
                *ret_again = obligation_to_json(&obligation);
        obligation_release(&obligation);
        return r;
}

static void test_round_trip(void **state)
{
        assert_round_trip(sample, round_obligation);
}

static void test_refusals_name_the_field(void **state)
{
        assert_refuses(sample, "state", json_string("done"), "possible, due, filed, waived, void",
                       round_obligation);
        assert_refuses(sample, "filed", json_null(), "\"filed\"", round_obligation);
        assert_refuses(sample, "state", json_string("waived"), "waived_reason", round_obligation);
        assert_refuses(sample, "waived_reason", json_integer(1), "waived_reason", round_obligation);
        assert_refuses(sample, "without_delay", json_string("oui"), "without_delay", round_obligation);
        assert_refuses(sample, "filings", json_pack("{}"), "filings", round_obligation);
        assert_refuses(sample, "filings", json_pack("[{s:s}]", "phase", "later"), "phase", round_obligation);
        assert_refuses(sample, "rule", json_null(), "\"rule\"", round_obligation);
        assert_refuses(sample, "due", json_string("2020-02-30T00:00:00Z"), "\"due\"", round_obligation);
}

/* Each member of its JSON but the id counts, so that none is forgotten when one is added. */
static void test_what_differs(void **state)
{
        static const struct {
                const char *member, *value;
        } changes[] = {{"incident", "\"i_01E402Z2W0ABCDEFGHJKMNPQRT\""},
                       {"rule", "\"other\""},
                       {"title", "{\"fr\":\"t\",\"en\":\"u\"}"},
                       {"recipient", "{\"fr\":\"s\",\"en\":\"r\"}"},
                       {"state", "\"due\""},
                       {"voluntary", "true"},
                       {"without_delay", "false"},
                       {"clock_started", "\"2020-03-22T10:05:00.251Z\""},
                       {"due", "\"2020-03-22T10:05:00.250Z\""},
                       {"legal_basis", "\"\\u00e9\""},
                       {"why", "{\"fr\":\"x\",\"en\":\"w\"}"},
                       {"filed", "\"2020-03-22T11:05:00.001Z\""},
                       {"filed_by", "\"Dr Roux\""},
                       {"receipt", "null"},
                       {"waived_reason", "\"non\""},
                       {"filings", "[]"}};
        json_t *json = json_loads(sample, 0, NULL);
        struct obligation one = {0}, other = {0};

        assert_int_equal(json_object_size(json), sizeof(changes) / sizeof(*changes) + 1);
        assert_int_equal(obligation_from_json(json, &one, NULL), 0);
        for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
                json_t *changed = json_copy(json);

                assert_non_null(json_object_get(json, changes[i].member));
                json_object_set_new(changed, changes[i].member,
                                    json_loads(changes[i].value, JSON_DECODE_ANY, NULL));
                assert_int_equal(obligation_from_json(changed, &other, NULL), 0);
                if (obligation_equal(&one, &other))
                        fail_msg("%s does not count", changes[i].member);
                json_decref(changed);
                obligation_release(&other);
        }
        json_object_set_new(json, "id", json_string("o_01E402Z2W0ABCDEFGHJKMNPQRT"));
        assert_int_equal(obligation_from_json(json, &other, NULL), 0);
        assert_true(obligation_equal(&one, &other));
        other.filings[0].late = true;
        assert_false(obligation_equal(&one, &other));
        obligation_release(&one);
        obligation_release(&other);
        json_decref(json);
}

static void test_copy_is_deep(void **state)
{
        struct obligation one = {0}, two = {0};
        json_t *json = json_loads(sample, 0, NULL), *again;

        json_object_set_new(json, "state", json_string("waived"));
        json_object_set_new(json, "waived_reason", json_string("Décision de la direction"));
        assert_int_equal(obligation_from_json(json, &one, NULL), 0);
        assert_int_equal(obligation_copy(&two, &one), 0);
        assert_ptr_not_equal(one.waived_reason, two.waived_reason);
        obligation_release(&one);
        again = obligation_to_json(&two);
        assert_true(json_equal(json, again));
        json_decref(json);
        json_decref(again);
        obligation_release(&two);
}

static void test_mutations(void **state)
{
        assert_survives_mutation(sample, round_obligation, 5000);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_refusals_name_the_field),
                cmocka_unit_test(test_what_differs), cmocka_unit_test(test_copy_is_deep),
                cmocka_unit_test(test_mutations),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
