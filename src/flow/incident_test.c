/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/noun_test.h"

#include "flow/incident.h"

static const char sample[] =
        "{\"id\":\"i_01E402Z2W0ABCDEFGHJKMNPQRS\",\"kind\":\"flood\",\"subject\":\"portail\","
        "\"title\":{\"fr\":\"t\",\"en\":\"t\"},\"state\":\"open\",\"opened\":\"2020-03-22T10:05:00.250Z\","
        "\"closed\":null,\"last_finding\":\"2020-03-22T10:06:00.000Z\",\"gravity\":\"grave\",\"gravity_by\":"
        "\"rule\","
        "\"findings\":[\"f_01E402Z2W0ABCDEFGHJKMNPQRS\"],\"measures\":[\"m_01E402Z2W0ABCDEFGHJKMNPQRS\"],"
        "\"facts\":{\"attack.peak_pps\":{\"state\":\"known\",\"value\":300000,\"author\":\"edge\","
        "\"at\":\"2020-03-22T10:05:00.250Z\",\"entered\":\"2020-03-22T10:05:00.251Z\"},"
        "\"care.safety_hit\":{\"state\":\"unknown\",\"value\":null,\"author\":\"Mme Martin\","
        "\"at\":\"2020-03-22T10:05:00.250Z\",\"entered\":\"2020-03-22T12:05:00.251Z\"},"
        "\"origin\":{\"state\":\"known\",\"value\":\"malveillante\",\"author\":\"edge\",\"at\":null,"
        "\"entered\":null}}}";

static int round_incident(const json_t *json, json_t **ret_again, struct error *error)
{
        struct incident incident = {0};
        int r = incident_from_json(json, &incident, error);

        if (!r)
                *ret_again = incident_to_json(&incident);
        incident_release(&incident);
        return r;
}

static void test_round_trip(void **state)
{
        assert_round_trip(sample, round_incident);
}

static void test_refusals_name_the_field(void **state)
{
        assert_refuses(sample, "gravity", json_string("bad"), "mineur, significatif, grave", round_incident);
        assert_refuses(sample, "state", json_string("closed"), "\"closed\"", round_incident);
        assert_refuses(sample, "closed", json_string("2020-03-22T12:00:00Z"), "\"closed\"", round_incident);
        assert_refuses(sample, "findings", json_pack("[s]", "m_01E402Z2W0ABCDEFGHJKMNPQRS"), "\"findings\"",
                       round_incident);
        assert_refuses(sample, "measures", json_pack("[i]", 1), "\"measures\"", round_incident);
        assert_refuses(sample, "facts", json_pack("{s:{s:s}}", "Bad Name", "state", "unknown"), "Bad Name",
                       round_incident);
        assert_refuses(sample, "facts", json_pack("{s:{s:s}}", "a.b", "state", "known"), "\"value\"",
                       round_incident);
        assert_refuses(sample, "facts", json_pack("{s:{s:s,s:b}}", "a.b", "state", "unknown", "value", 1),
                       "\"value\"", round_incident);
        assert_refuses(sample, "facts", json_pack("{s:{s:s,s:[]}}", "a.b", "state", "known", "value"),
                       "\"value\"", round_incident);
}

static struct fact number(const char *name, int value)
{
        struct fact fact = {.state = FACT_STATE_KNOWN, .value = json_integer(value), .author = "edge"};

        strcpy(fact.name, name);
        return fact;
}

static void test_facts_stay_sorted_and_replace(void **state)
{
        static const char *const names[] = {"m", "a", "z", "b", "y", "a"};
        struct incident incident = {0};

        for (int i = 0; i < 6; i++) {
                struct fact fact = number(names[i], i);

                assert_int_equal(incident_set_fact(&incident, &fact, NULL), 0);
                fact_release(&fact);
        }
        assert_int_equal(incident.fact_count, 5);
        for (size_t i = 1; i < incident.fact_count; i++)
                assert_true(strcmp(incident.facts[i - 1].name, incident.facts[i].name) < 0);
        assert_int_equal(json_integer_value(incident_fact(&incident, "a")->value), 5);
        assert_null(incident_fact(&incident, "nobody"));
        /* Replacing a fact by itself must not read what it has freed. */
        assert_int_equal(incident_set_fact(&incident, incident_fact(&incident, "a"), NULL), 0);
        assert_int_equal(json_integer_value(incident_fact(&incident, "a")->value), 5);
        incident_release(&incident);
}

static void test_caps_hold(void **state)
{
        struct incident incident = {0};
        struct error error = {0};
        char name[32];

        for (int i = 0; i <= INCIDENT_FACTS_MAX; i++) {
                snprintf(name, sizeof(name), "fact_%d", i);
                struct fact fact = number(name, i);

                assert_int_equal(incident_set_fact(&incident, &fact, &error),
                                 i < INCIDENT_FACTS_MAX ? 0 : -E2BIG);
                fact_release(&fact);
        }
        for (int i = 0; i <= INCIDENT_MEASURES_MAX; i++) {
                struct id id;

                snprintf(id.text, sizeof(id.text), "m_%026d", i);
                assert_int_equal(incident_add_measure(&incident, &id, &error),
                                 i < INCIDENT_MEASURES_MAX ? 0 : -E2BIG);
        }
        struct id again;
        snprintf(again.text, sizeof(again.text), "m_%026d", 0);
        assert_int_equal(incident_add_measure(&incident, &again, &error), 0);
        assert_int_equal(incident.measure_count, INCIDENT_MEASURES_MAX);
        incident_release(&incident);
}

static void test_a_known_fact_needs_a_value(void **state)
{
        struct incident incident = {0};
        struct fact fact = {.name = "a", .state = FACT_STATE_KNOWN};

        assert_int_equal(incident_set_fact(&incident, &fact, NULL), -EINVAL);
        fact.state = FACT_STATE_UNKNOWN;
        assert_int_equal(incident_set_fact(&incident, &fact, NULL), 0);
        fact.value = json_true();
        assert_int_equal(incident_set_fact(&incident, &fact, NULL), -EINVAL);
        fact.value = NULL;
        strcpy(fact.name, "NO");
        assert_int_equal(incident_set_fact(&incident, &fact, NULL), -EINVAL);
        incident_release(&incident);
}

static void test_copy_is_deep(void **state)
{
        struct incident one = {0}, two = {0};
        json_t *json = json_loads(sample, 0, NULL), *again;

        assert_int_equal(incident_from_json(json, &one, NULL), 0);
        assert_int_equal(incident_copy(&two, &one), 0);
        incident_release(&one);
        again = incident_to_json(&two);
        assert_true(json_equal(json, again));
        incident_release(&two);
        json_decref(json);
        json_decref(again);
}

static void test_gravity_words(void **state)
{
        enum gravity gravity = GRAVITY_NOT_QUALIFIED;

        assert_int_equal(gravity_parse("significatif", &gravity), 0);
        assert_int_equal(gravity, GRAVITY_SIGNIFICANT);
        assert_int_equal(gravity_parse("Grave", &gravity), -EINVAL);
        assert_string_equal(fact_state_word(FACT_STATE_NOT_ASKED), "not-asked");
}

static void test_mutations(void **state)
{
        assert_survives_mutation(sample, round_incident, 5000);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_round_trip),
                cmocka_unit_test(test_refusals_name_the_field),
                cmocka_unit_test(test_facts_stay_sorted_and_replace),
                cmocka_unit_test(test_caps_hold),
                cmocka_unit_test(test_a_known_fact_needs_a_value),
                cmocka_unit_test(test_copy_is_deep),
                cmocka_unit_test(test_gravity_words),
                cmocka_unit_test(test_mutations),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
