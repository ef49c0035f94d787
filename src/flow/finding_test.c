/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/noun_test.h"

#include "flow/finding.h"

static const char sample[] =
        "{\"id\":\"f_01E402Z2W0ABCDEFGHJKMNPQRS\",\"seen\":\"2020-03-22T10:05:00.250Z\",\"sensor\":\"edge\","
        "\"kind\":\"flood\",\"subject\":\"portail\",\"phase\":\"begins\",\"confidence\":0.98,"
        "\"why\":{\"fr\":\"Trop de paquets d’un coup.\",\"en\":\"Too many packets at once.\"},"
        "\"evidence\":{\"peak_pps\":300000,\"countries\":{\"US\":0.31}}}";

static int round_finding(const json_t *json, json_t **ret_again, struct error *error)
{
        struct finding finding = {0};
        int r = finding_from_json(json, &finding, error);

        if (!r)
                *ret_again = finding_to_json(&finding);
        finding_release(&finding);
        return r;
}

static void test_round_trip(void **state)
{
        assert_round_trip(sample, round_finding);
}

static void test_every_phase_has_its_word(void **state)
{
        assert_string_equal(finding_phase_word(FINDING_PHASE_BEGINS), "begins");
        assert_string_equal(finding_phase_word(FINDING_PHASE_ENDS), "ends");
        assert_string_equal(finding_phase_word((enum finding_phase)77), "?");
}

static void test_refusals_name_the_field(void **state)
{
        assert_refuses(sample, "id", json_string("m_01E402Z2W0ABCDEFGHJKMNPQRS"), "\"id\"", round_finding);
        assert_refuses(sample, "seen", json_string("22 mars"), "\"seen\"", round_finding);
        assert_refuses(sample, "seen", json_string("1969-12-31T23:59:59Z"), "\"seen\"", round_finding);
        assert_refuses(sample, "sensor", json_string("a-name-that-is-too-long"), "too long", round_finding);
        assert_refuses(sample, "sensor", json_string(""), "\"sensor\"", round_finding);
        assert_refuses(sample, "kind", json_string("flood\nforged line"), "control", round_finding);
        assert_refuses(sample, "subject", json_stringn("a\0b", 3), "control", round_finding);
        assert_refuses(sample, "phase", json_string("over"), "begins, continues, ends", round_finding);
        assert_refuses(sample, "confidence", json_real(1.01), "\"confidence\"", round_finding);
        assert_refuses(sample, "confidence", json_string("0.5"), "\"confidence\"", round_finding);
        assert_refuses(sample, "why", json_pack("{s:s}", "fr", "seul"), "\"why\"", round_finding);
        assert_refuses(sample, "why", NULL, "missing", round_finding);
        assert_refuses(sample, "evidence", json_array(), "\"evidence\"", round_finding);
        assert_refuses(sample, "surplus", json_true(), "surplus", round_finding);
}

static void test_evidence_is_bounded(void **state)
{
        json_t *deep = json_object(), *wide = json_object();
        char key[16];

        for (int i = 0; i < 60; i++)
                deep = json_pack("{s:o}", "d", deep);
        for (int i = 0; i < 5000; i++) {
                snprintf(key, sizeof(key), "k%d", i);
                json_object_set_new(wide, key, json_integer(i));
        }
        assert_refuses(sample, "evidence", deep, "too deep", round_finding);
        assert_refuses(sample, "evidence", wide, "too large", round_finding);
}

static void test_failure_leaves_the_output(void **state)
{
        struct finding finding = {.seen_ms = 42};
        json_t *json = json_loads(sample, 0, NULL);

        json_object_del(json, "evidence");
        json_object_set_new(json, "phase", json_integer(1));
        assert_int_equal(finding_from_json(json, &finding, NULL), -EINVAL);
        assert_int_equal(finding.seen_ms, 42);
        json_decref(json);
        assert_int_equal(finding_from_json(NULL, &finding, NULL), -EINVAL);
}

static void test_mutations(void **state)
{
        assert_survives_mutation(sample, round_finding, 5000);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_round_trip),
                cmocka_unit_test(test_every_phase_has_its_word),
                cmocka_unit_test(test_refusals_name_the_field),
                cmocka_unit_test(test_evidence_is_bounded),
                cmocka_unit_test(test_failure_leaves_the_output),
                cmocka_unit_test(test_mutations),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
