/* SPDX-License-Identifier: EUPL-1.2 */
/* Which steps an incident has: conditions, hours, self-made ticks, people's ticks, and that nothing is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "incident/task.h"

#define NOW_MS 1774173900000 /* Sunday 2026-03-22T10:05:00Z */
#define MINUTE (60 * 1000)

struct scene {
        struct catalogue catalogue;
        struct playbook_set set;
        struct incident incident;
        struct measure measures[4];
        size_t measure_count;
        struct obligation obligations[4];
        size_t obligation_count;
        struct clock_manual manual;
        struct clock clock;
        struct task_list list;
};

static const char plan_a[] =
        "id: plan-a\nversion: 1\ntitle: {fr: t, en: t}\nkinds: [flood]\nsteps:\n"
        "  - {key: dernier, role: rssi, phase: apprendre, text: {fr: fin, en: end}}\n"
        "  - {key: clic, role: tous, phase: contenir, text: {fr: c, en: c}, when: {is: {report.clicked: "
        "true}}}\n"
        "  - {key: barriere, role: dsi, phase: tout-de-suite, text: {fr: b, en: b},\n"
        "     measure: {kind: fence, subject_from: incident.subject, selector: {countries: [US]}, minutes: "
        "60}}\n"
        "  - {key: commun, role: tous, phase: contenir, shared: ensemble, text: {fr: a, en: a},\n"
        "     when: {not: {is: {report.password_given: false}}}}\n"
        "  - {key: cnil, role: dpo, phase: declarer, obligation: cnil-33, text: {fr: n, en: n},\n"
        "     due: {minutes: 120, before: cnil-33}}\n"
        "  - {key: cert, role: rssi, phase: declarer, obligation: cert-sante-*, text: {fr: d, en: d},\n"
        "     due: {minutes: 30, after: ended_at}}\n";
static const char plan_b[] =
        "id: plan-b\nversion: 1\ntitle: {fr: t, en: t}\nwhen: {is: {report.ransom_note: true}}\nwith: "
        "[plan-c]\n"
        "steps:\n"
        "  - {key: commun, role: tous, phase: contenir, shared: ensemble, text: {fr: b, en: b}}\n"
        "  - {key: vite, role: tous, phase: tout-de-suite, text: {fr: v, en: v}, due: {minutes: 15}}\n";
static const char plan_c[] = "id: plan-c\nversion: 1\ntitle: {fr: t, en: t}\nwith: [plan-b]\nsteps:\n"
                             "  - {key: seul, role: tous, phase: contenir, text: {fr: s, en: s}}\n";

static void add_playbook(struct scene *scene, const char *text)
{
        struct error error = {0};

        scene->set.playbooks =
                reallocarray(scene->set.playbooks, scene->set.count + 1, sizeof(struct playbook));
        if (playbook_read("plan.yaml", text, strlen(text), &scene->catalogue,
                          &scene->set.playbooks[scene->set.count++], &error))
                fail_msg("%s", error.en);
}

static int scene_setup(void **state)
{
        struct scene *scene = calloc(1, sizeof(*scene));
        char folder[PATH_MAX];

        if (paths_data("facts", folder, NULL) || catalogue_load(folder, &scene->catalogue, NULL))
                return -1;
        add_playbook(scene, plan_a);
        add_playbook(scene, plan_b);
        add_playbook(scene, plan_c);
        scene->manual.wall_ms = NOW_MS;
        scene->clock = clock_manual_view(&scene->manual);
        strcpy(scene->incident.id.text, "i_01E402Z2W0ABCDEFGHJKMNPQRS");
        strcpy(scene->incident.kind, "flood");
        strcpy(scene->incident.subject, "portail");
        scene->incident.open = true;
        scene->incident.opened_ms = NOW_MS;
        *state = scene;
        return bitext_set(&scene->incident.title, "t", "t");
}

static int scene_teardown(void **state)
{
        struct scene *scene = *state;

        task_list_release(&scene->list);
        for (size_t i = 0; i < scene->measure_count; i++)
                measure_release(&scene->measures[i]);
        for (size_t i = 0; i < scene->obligation_count; i++)
                obligation_release(&scene->obligations[i]);
        incident_release(&scene->incident);
        playbooks_release(&scene->set);
        catalogue_release(&scene->catalogue);
        free(scene);
        return 0;
}

static struct task_input input_of(const struct scene *scene)
{
        return (struct task_input){&scene->set,          &scene->incident,   scene->measures,
                                   scene->measure_count, scene->obligations, scene->obligation_count};
}

static void evaluate(struct scene *scene)
{
        const struct task_input input = input_of(scene);

        task_list_release(&scene->list);
        assert_int_equal(tasks_evaluate(&input, &scene->list, NULL), 0);
        assert_true(tasks_any(input.playbooks, input.incident) || !scene->list.count);
}

static void assert_state(struct scene *scene, const char *id, enum task_state state)
{
        const struct task_line *line;

        evaluate(scene);
        line = task_list_find(&scene->list, id);
        if (!line)
                fail_msg("there is no task %s", id);
        assert_string_equal(task_state_word(line->state), task_state_word(state));
}

static void assert_order(struct scene *scene, const char *wanted)
{
        char order[512] = "";

        evaluate(scene);
        for (size_t i = 0; i < scene->list.count; i++) {
                strcat(order, i ? " " : "");
                strcat(order, scene->list.lines[i].id);
        }
        assert_string_equal(order, wanted);
}

/* NULL is "je ne sais pas"; the value is taken over. */
static void set_fact(struct scene *scene, const char *name, json_t *value)
{
        struct fact fact = {.state = value ? FACT_STATE_KNOWN : FACT_STATE_UNKNOWN,
                            .value = value,
                            .author = "Mme Martin",
                            .at_ms = NOW_MS,
                            .entered_ms = NOW_MS};

        strcpy(fact.name, name);
        assert_int_equal(catalogue_check(&scene->catalogue, &fact, NULL), 0);
        assert_int_equal(incident_set_fact(&scene->incident, &fact, NULL), 0);
        json_decref(value);
}

static struct measure *add_measure(struct scene *scene, enum measure_kind kind, const char *subject,
                                   const char *selector)
{
        struct measure *measure = &scene->measures[scene->measure_count++];

        snprintf(measure->id.text, sizeof(measure->id.text), "m_01E402Z2W0ABCDEFGHJKMNPQR%zu",
                 scene->measure_count);
        measure->incident = scene->incident.id;
        measure->kind = kind;
        strcpy(measure->subject, subject);
        measure->selector = json_loads(selector, 0, NULL);
        strcpy(measure->owner, "edge");
        measure->state = MEASURE_STATE_STANDING;
        measure->since_ms = NOW_MS + 5 * MINUTE;
        return measure;
}

static struct obligation *add_obligation(struct scene *scene, const char *rule, enum obligation_state state)
{
        struct obligation *obligation = &scene->obligations[scene->obligation_count++];

        strcpy(obligation->rule, rule);
        obligation->incident = scene->incident.id;
        obligation->state = state;
        return obligation;
}

static int tick(struct scene *scene, const char *task, enum task_state state, const char *by,
                const char *reason, int64_t at_ms)
{
        const struct task_input input = input_of(scene);
        json_t *body = NULL;
        const struct task_touch touch = {
                .task = task, .state = state, .by = by, .reason = reason, .at_ms = at_ms};
        int r = task_tick(&input, &scene->clock, &touch, &scene->incident, &body, NULL);

        if (!r) {
                const json_t *one = json_array_get(json_object_get(body, "tasks"), 0);
                assert_string_equal(json_string_value(json_object_get(one, "id")), task);
                assert_string_equal(json_string_value(json_object_get(body, "incident")),
                                    scene->incident.id.text);
        } else {
                assert_null(body);
        }
        json_decref(body);
        return r;
}

static json_t *settle(struct scene *scene)
{
        const struct task_input input = input_of(scene);
        json_t *body = NULL;

        assert_int_equal(tasks_settle(&input, &scene->clock, &scene->incident, &body, NULL), 0);
        return body;
}

/* ---- which ---- */

static void test_order_is_by_phase_then_by_playbook(void **state)
{
        struct scene *scene = *state;

        assert_order(scene,
                     "plan-a.barriere plan-a.clic plan-a.commun plan-a.cnil plan-a.cert plan-a.dernier");
        set_fact(scene, "report.ransom_note", json_true());
        assert_order(scene, "plan-a.barriere plan-b.vite plan-a.clic plan-a.commun plan-c.seul plan-a.cnil "
                            "plan-a.cert plan-a.dernier");
}

static void test_a_condition_unknown_shows_and_false_hides(void **state)
{
        struct scene *scene = *state;

        assert_state(scene, "plan-a.clic", TASK_STATE_OPEN); /* not asked */
        set_fact(scene, "report.clicked", NULL);
        assert_state(scene, "plan-a.clic", TASK_STATE_OPEN); /* je ne sais pas */
        set_fact(scene, "report.clicked", json_false());
        assert_state(scene, "plan-a.clic", TASK_STATE_NOT_NEEDED);
        set_fact(scene, "report.clicked", json_true());
        assert_state(scene, "plan-a.clic", TASK_STATE_OPEN); /* comes back */
}

static void test_a_shared_act_is_shown_once(void **state)
{
        struct scene *scene = *state;

        set_fact(scene, "report.ransom_note", json_true());
        assert_state(scene, "plan-a.commun", TASK_STATE_OPEN);
        assert_null(task_list_find(&scene->list, "plan-b.commun"));
        /* The first is not needed any more: the other one takes its place. */
        set_fact(scene, "report.password_given", json_false());
        assert_state(scene, "plan-b.commun", TASK_STATE_OPEN);
        assert_null(task_list_find(&scene->list, "plan-a.commun"));
        /* Ticked under one name, it stays under that name. */
        assert_int_equal(tick(scene, "plan-b.commun", TASK_STATE_DONE, "Mme Martin", "", 0), 0);
        set_fact(scene, "report.password_given", json_true());
        assert_state(scene, "plan-b.commun", TASK_STATE_DONE);
        assert_null(task_list_find(&scene->list, "plan-a.commun"));
}

static void test_evaluating_is_idempotent(void **state)
{
        struct scene *scene = *state;
        struct task_list first;
        json_t *one, *two;

        set_fact(scene, "report.ransom_note", json_true());
        evaluate(scene);
        first = scene->list;
        scene->list = (struct task_list){0};
        evaluate(scene);
        one = task_list_to_json(&first, &scene->incident);
        two = task_list_to_json(&scene->list, &scene->incident);
        assert_true(json_equal(one, two));
        assert_int_equal(json_array_size(one), 8);
        json_decref(one);
        json_decref(two);
        task_list_release(&first);
        /* Settling once is settling for good. */
        json_decref(settle(scene));
        assert_null(settle(scene));
}

static void test_playbooks_are_taken_up_and_stay(void **state)
{
        struct scene *scene = *state;
        json_t *body;

        set_fact(scene, "report.ransom_note", json_true());
        body = settle(scene);
        assert_int_equal(json_array_size(json_object_get(body, "playbooks")), 3);
        json_decref(body);
        assert_true(incident_follows(&scene->incident, "plan-b"));
        set_fact(scene, "report.ransom_note", json_false());
        assert_state(scene, "plan-b.vite", TASK_STATE_OPEN);
        assert_null(settle(scene));
}

/* ---- until when ---- */

static int64_t due_of(struct scene *scene, const char *id)
{
        evaluate(scene);
        return task_list_find(&scene->list, id)->due_ms;
}

static void test_hours(void **state)
{
        struct scene *scene = *state;
        struct obligation *cnil;

        set_fact(scene, "report.ransom_note", json_true());
        assert_int_equal(due_of(scene, "plan-b.vite"), NOW_MS + 15 * MINUTE);
        assert_int_equal(due_of(scene, "plan-a.dernier"), 0);
        assert_int_equal(due_of(scene, "plan-a.cert"), 0); /* its event has not happened */
        set_fact(scene, "ended_at", json_string("2026-03-22T12:00:00+01:00"));
        assert_int_equal(due_of(scene, "plan-a.cert"), NOW_MS + (55 + 30) * MINUTE);
        assert_int_equal(due_of(scene, "plan-a.cnil"), 0);
        cnil = add_obligation(scene, "cnil-33", OBLIGATION_STATE_DUE);
        assert_int_equal(due_of(scene, "plan-a.cnil"), 0); /* owed, but its clock stands still */
        cnil->due_ms = NOW_MS + 72 * 60 * MINUTE;
        assert_int_equal(due_of(scene, "plan-a.cnil"), NOW_MS + 70 * 60 * MINUTE);
}

/* ---- by itself ---- */

static void test_a_measure_ticks_its_step(void **state)
{
        struct scene *scene = *state;
        struct measure *measure = add_measure(scene, MEASURE_KIND_FENCE, "portail",
                                              "{\"countries\":[\"US\"],\"spare_known\":true}");
        json_t *body;

        measure->state = MEASURE_STATE_PROPOSED;
        assert_state(scene, "plan-a.barriere", TASK_STATE_OPEN);
        measure->state = MEASURE_STATE_STANDING;
        assert_state(scene, "plan-a.barriere", TASK_STATE_DONE);
        body = settle(scene);
        assert_string_equal(json_string_value(json_object_get(
                                    json_array_get(json_object_get(body, "tasks"), 0), "measure")),
                            measure->id.text);
        json_decref(body);
        /* Its end does not undo that it was done, nor does forgetting it. */
        measure->state = MEASURE_STATE_LIFTED;
        assert_state(scene, "plan-a.barriere", TASK_STATE_DONE);
        measure_release(&scene->measures[--scene->measure_count]);
        assert_state(scene, "plan-a.barriere", TASK_STATE_DONE);
        const struct task *kept = incident_task(&scene->incident, "plan-a.barriere");
        assert_string_equal(kept->by, "edge");
        assert_int_equal(kept->at_ms, NOW_MS + 5 * MINUTE);
        assert_string_equal(kept->text.fr, "b");
}

static void test_another_measure_ticks_nothing(void **state)
{
        struct scene *scene = *state;
        struct measure *measure =
                add_measure(scene, MEASURE_KIND_FENCE, "portail", "{\"countries\":[\"CN\"]}");

        assert_state(scene, "plan-a.barriere", TASK_STATE_OPEN); /* other countries */
        json_decref(measure->selector);
        measure->selector = json_loads("{\"countries\":[\"US\"]}", 0, NULL);
        strcpy(measure->subject, "vpn");
        assert_state(scene, "plan-a.barriere", TASK_STATE_OPEN); /* another service */
        set_fact(scene, "services.touched", json_string("portail, vpn"));
        assert_state(scene, "plan-a.barriere", TASK_STATE_DONE); /* which the incident touches too */
        strcpy(measure->incident.text, "i_01E402Z2W0ABCDEFGHJKMNPQR9");
        assert_state(scene, "plan-a.barriere", TASK_STATE_OPEN); /* another incident's */
        measure->incident = scene->incident.id;
        measure->kind = MEASURE_KIND_THROTTLE;
        assert_state(scene, "plan-a.barriere", TASK_STATE_OPEN);
}

static void test_a_tick_taken_back_stays_so_until_a_new_measure(void **state)
{
        struct scene *scene = *state;
        struct measure *again;

        add_measure(scene, MEASURE_KIND_FENCE, "portail", "{\"countries\":[\"US\"]}");
        scene->manual.wall_ms = NOW_MS + 10 * MINUTE;
        assert_int_equal(tick(scene, "plan-a.barriere", TASK_STATE_OPEN, "Dr Roux", "", 0), 0);
        assert_state(scene, "plan-a.barriere", TASK_STATE_OPEN);
        json_decref(settle(scene));
        assert_state(scene, "plan-a.barriere", TASK_STATE_OPEN);
        again = add_measure(scene, MEASURE_KIND_FENCE, "portail", "{\"countries\":[\"US\"]}");
        again->since_ms = NOW_MS + 20 * MINUTE;
        assert_state(scene, "plan-a.barriere", TASK_STATE_DONE);
}

static void test_a_filing_ticks_its_step(void **state)
{
        struct scene *scene = *state;
        struct obligation *grave = add_obligation(scene, "cert-sante-grave", OBLIGATION_STATE_VOID);
        struct obligation *minor;

        assert_state(scene, "plan-a.cert", TASK_STATE_NOT_NEEDED); /* not owed after all */
        minor = add_obligation(scene, "cert-sante-mineur", OBLIGATION_STATE_POSSIBLE);
        assert_state(scene, "plan-a.cert", TASK_STATE_OPEN);
        minor->state = OBLIGATION_STATE_FILED;
        minor->filed_ms = NOW_MS + MINUTE;
        strcpy(minor->filed_by, "Mme Martin");
        assert_state(scene, "plan-a.cert", TASK_STATE_DONE);
        json_decref(settle(scene));
        assert_string_equal(incident_task(&scene->incident, "plan-a.cert")->by, "Mme Martin");
        minor->state = OBLIGATION_STATE_VOID;
        grave->state = OBLIGATION_STATE_WAIVED;
        assert_state(scene, "plan-a.cert", TASK_STATE_DONE);
}

/* ---- by people ---- */

static void test_ticks_and_their_refusals(void **state)
{
        struct scene *scene = *state;

        assert_int_equal(tick(scene, "plan-a.rien", TASK_STATE_DONE, "Mme Martin", "", 0), -ENOENT);
        assert_int_equal(tick(scene, "plan-b.vite", TASK_STATE_DONE, "Mme Martin", "", 0), -ENOENT);
        assert_int_equal(tick(scene, "plan-a.clic", TASK_STATE_DONE, "", "", 0), -EINVAL);
        assert_int_equal(tick(scene, "plan-a.clic", TASK_STATE_DONE, "edge", "", 0), -EINVAL);
        assert_int_equal(tick(scene, "plan-a.clic", TASK_STATE_SKIPPED, "Mme Martin", "", 0), -EINVAL);
        assert_int_equal(tick(scene, "plan-a.clic", TASK_STATE_NOT_NEEDED, "Mme Martin", "x", 0), -EINVAL);
        assert_int_equal(tick(scene, "plan-a.clic", TASK_STATE_DONE, "Mme Martin", "", NOW_MS + 5 * MINUTE),
                         -EINVAL);
        assert_int_equal(tick(scene, "plan-a.clic", TASK_STATE_OPEN, "Mme Martin", "", 0), -EALREADY);
        assert_int_equal(scene->incident.task_count, 0);
        assert_int_equal(tick(scene, "plan-a.clic", TASK_STATE_DONE, "Mme Martin", "", 0), 0);
        assert_int_equal(tick(scene, "plan-a.clic", TASK_STATE_DONE, "Mme Martin", "", 0), -EALREADY);
        assert_int_equal(tick(scene, "plan-a.clic", TASK_STATE_SKIPPED, "Dr Roux", "inutile", 0), 0);
        assert_state(scene, "plan-a.clic", TASK_STATE_SKIPPED);
        assert_int_equal(scene->incident.task_count, 1);
}

static void test_back_entry_keeps_both_times(void **state)
{
        struct scene *scene = *state;
        const struct task *task;

        assert_int_equal(tick(scene, "plan-a.clic", TASK_STATE_DONE, "Mme Martin", "", NOW_MS - 90 * MINUTE),
                         0);
        task = incident_task(&scene->incident, "plan-a.clic");
        assert_int_equal(task->at_ms, NOW_MS - 90 * MINUTE);
        assert_int_equal(task->entered_ms, NOW_MS);
}

static void test_what_was_ticked_is_never_lost(void **state)
{
        struct scene *scene = *state;
        struct playbook *plan = &scene->set.playbooks[0];
        json_t *tasks;

        json_decref(settle(scene));
        assert_int_equal(tick(scene, "plan-a.clic", TASK_STATE_DONE, "Mme Martin", "", 0), 0);
        /* Its condition turns false. */
        set_fact(scene, "report.clicked", json_false());
        assert_state(scene, "plan-a.clic", TASK_STATE_DONE);
        /* The data words it anew. */
        assert_int_equal(bitext_set(&plan->steps[1].text, "autre chose", "something else"), 0);
        evaluate(scene);
        assert_string_equal(task_line_text(task_list_find(&scene->list, "plan-a.clic"))->fr, "c");
        /* The step goes, then the playbook. */
        strcpy(plan->steps[1].key, "nouveau");
        assert_state(scene, "plan-a.clic", TASK_STATE_DONE);
        strcpy(plan->id, "plan-z");
        plan->kind_count = 0;
        assert_state(scene, "plan-a.clic", TASK_STATE_DONE);
        assert_int_equal(scene->list.count, 1);
        tasks = task_list_to_json(&scene->list, &scene->incident);
        assert_string_equal(json_string_value(json_object_get(json_array_get(tasks, 0), "by")), "Mme Martin");
        assert_true(json_is_null(json_object_get(json_array_get(tasks, 0), "role")));
        json_decref(tasks);
}

static void test_a_closed_incident_keeps_its_list(void **state)
{
        struct scene *scene = *state;

        scene->incident.open = false;
        scene->incident.closed_ms = NOW_MS;
        assert_state(scene, "plan-a.clic", TASK_STATE_OPEN);
}

static void test_a_template_names_its_subject(void **state)
{
        struct scene *scene = *state;
        json_t *json = task_measure_json(&scene->set.playbooks[0].steps[2], &scene->incident);

        assert_string_equal(json_string_value(json_object_get(json, "subject")), "portail");
        assert_string_equal(json_string_value(json_object_get(json, "kind")), "fence");
        assert_int_equal(json_integer_value(json_object_get(json, "minutes")), 60);
        json_decref(json);
        assert_null(task_measure_json(&scene->set.playbooks[0].steps[1], &scene->incident));
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                SCENE(test_order_is_by_phase_then_by_playbook),
                SCENE(test_a_condition_unknown_shows_and_false_hides),
                SCENE(test_a_shared_act_is_shown_once),
                SCENE(test_evaluating_is_idempotent),
                SCENE(test_playbooks_are_taken_up_and_stay),
                SCENE(test_hours),
                SCENE(test_a_measure_ticks_its_step),
                SCENE(test_another_measure_ticks_nothing),
                SCENE(test_a_tick_taken_back_stays_so_until_a_new_measure),
                SCENE(test_a_filing_ticks_its_step),
                SCENE(test_ticks_and_their_refusals),
                SCENE(test_back_entry_keeps_both_times),
                SCENE(test_what_was_ticked_is_never_lost),
                SCENE(test_a_closed_incident_keeps_its_list),
                SCENE(test_a_template_names_its_subject),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
