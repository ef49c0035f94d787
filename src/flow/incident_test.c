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
        "\"entered\":null}},\"playbooks\":[\"clic\",\"rancongiciel\"],"
        "\"tasks\":[{\"id\":\"clic.mot-de-passe\",\"state\":\"done\",\"by\":\"Mme Martin\","
        "\"at\":\"2020-03-22T10:05:00.250Z\",\"entered\":\"2020-03-22T12:05:00.251Z\",\"measure\":null,"
        "\"text\":{\"fr\":\"Changez\",\"en\":\"Change\"}},"
        "{\"id\":\"ddos.barriere\",\"state\":\"open\",\"by\":\"edge\","
        "\"at\":\"2020-03-22T10:05:00.250Z\",\"entered\":\"2020-03-22T12:05:00.251Z\","
        "\"measure\":\"m_01E402Z2W0ABCDEFGHJKMNPQRS\",\"text\":{\"fr\":\"t\",\"en\":\"t\"}}]}";

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

static struct task ticked(const char *id, const char *text)
{
        struct task task = {.state = TASK_STATE_DONE, .by = "Mme Martin", .at_ms = 1, .entered_ms = 2};

        snprintf(task.id, sizeof(task.id), "%s", id);
        assert_int_equal(bitext_set(&task.text, text, text), 0);
        return task;
}

static void test_tasks_are_kept_once_and_bounded(void **state)
{
        struct incident incident = {0};
        char id[TASK_ID_SIZE];

        for (int i = 0; i <= INCIDENT_TASKS_MAX; i++) {
                snprintf(id, sizeof(id), "clic.pas-%d", i);
                struct task task = ticked(id, "t");

                assert_int_equal(incident_set_task(&incident, &task, NULL),
                                 i < INCIDENT_TASKS_MAX ? 0 : -E2BIG);
                task_release(&task);
        }
        struct task again = ticked("clic.pas-7", "anew");
        again.state = TASK_STATE_SKIPPED;
        assert_int_equal(incident_set_task(&incident, &again, NULL), 0);
        assert_int_equal(incident.task_count, INCIDENT_TASKS_MAX);
        assert_int_equal(incident_task(&incident, "clic.pas-7")->state, TASK_STATE_SKIPPED);
        assert_string_equal(incident_task(&incident, "clic.pas-7")->text.en, "anew");
        /* Setting a task to itself must not read what it has freed. */
        assert_int_equal(incident_set_task(&incident, incident_task(&incident, "clic.pas-7"), NULL), 0);
        assert_string_equal(incident_task(&incident, "clic.pas-7")->text.en, "anew");
        assert_null(incident_task(&incident, "clic.pas"));
        task_release(&again);
        incident_release(&incident);
}

static void test_tasks_that_are_refused(void **state)
{
        struct incident incident = {0};
        struct task task = ticked("clic.pas", "t");

        task.state = TASK_STATE_NOT_NEEDED;
        assert_int_equal(incident_set_task(&incident, &task, NULL), -EINVAL);
        task.state = TASK_STATE_DONE;
        strcpy(task.id, "clic");
        assert_int_equal(incident_set_task(&incident, &task, NULL), -EINVAL);
        strcpy(task.id, "clic.pas.un");
        assert_int_equal(incident_set_task(&incident, &task, NULL), -EINVAL);
        strcpy(task.id, "clic.pas");
        task.by[0] = '\0';
        assert_int_equal(incident_set_task(&incident, &task, NULL), -EINVAL);
        task_release(&task);
        assert_refuses(sample, "tasks", json_pack("[{s:s}]", "id", "clic"), "task", round_incident);
        assert_refuses(sample, "tasks", json_string("x"), "\"tasks\"", round_incident);
        assert_refuses(sample, "playbooks", json_pack("[s]", "Clic !"), "Clic", round_incident);
        assert_refuses(sample, "playbooks", json_pack("[i]", 1), "\"playbooks\"", round_incident);
        incident_release(&incident);
}

static void test_an_incident_of_before_has_no_tasks(void **state)
{
        struct incident incident = {0};
        json_t *json = json_loads(sample, 0, NULL);

        json_object_del(json, "tasks");
        json_object_del(json, "playbooks");
        assert_int_equal(incident_from_json(json, &incident, NULL), 0);
        assert_int_equal(incident.task_count + incident.playbook_count, 0);
        incident_release(&incident);
        json_decref(json);
}

static void test_playbooks_are_taken_up_once(void **state)
{
        struct incident incident = {0};
        char id[PLAYBOOK_ID_SIZE];

        for (int i = 0; i <= INCIDENT_PLAYBOOKS_MAX; i++) {
                snprintf(id, sizeof(id), "plan-%d", i);
                assert_int_equal(incident_add_playbook(&incident, id, NULL),
                                 i < INCIDENT_PLAYBOOKS_MAX ? 0 : -E2BIG);
        }
        assert_int_equal(incident_add_playbook(&incident, "plan-3", NULL), 0);
        assert_int_equal(incident.playbook_count, INCIDENT_PLAYBOOKS_MAX);
        assert_true(incident_follows(&incident, "plan-3"));
        assert_false(incident_follows(&incident, "plan"));
        assert_int_equal(incident_add_playbook(&incident, "a.b", NULL), -EINVAL);
        incident_release(&incident);
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
                cmocka_unit_test(test_tasks_are_kept_once_and_bounded),
                cmocka_unit_test(test_tasks_that_are_refused),
                cmocka_unit_test(test_an_incident_of_before_has_no_tasks),
                cmocka_unit_test(test_playbooks_are_taken_up_once),
                cmocka_unit_test(test_gravity_words),
                cmocka_unit_test(test_mutations),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
