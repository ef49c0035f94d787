/* SPDX-License-Identifier: EUPL-1.2 */
/* Every playbook of data/ against what CACAO 2.0 demands of the objects we write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/paths.h"
#include "incident/cacao.h"

struct shelf {
        struct catalogue catalogue;
        struct playbook_set set;
};

static int shelf_setup(void **state)
{
        struct shelf *shelf = calloc(1, sizeof(*shelf));
        char folder[PATH_MAX];
        struct error error = {0};

        if (paths_data("facts", folder, &error) || catalogue_load(folder, &shelf->catalogue, &error) ||
            paths_data("playbooks", folder, &error) ||
            playbooks_load(folder, &shelf->catalogue, &shelf->set, &error)) {
                fprintf(stderr, "%s\n", error.en);
                return -1;
        }
        *state = shelf;
        return 0;
}

static int shelf_teardown(void **state)
{
        struct shelf *shelf = *state;

        if (!shelf)
                return 0;
        playbooks_release(&shelf->set);
        catalogue_release(&shelf->catalogue);
        free(shelf);
        return 0;
}

static const char *text_of(const json_t *object, const char *key)
{
        const char *text = json_string_value(json_object_get(object, key));

        if (!text || !*text)
                fail_msg("\"%s\" is missing", key);
        return text;
}

/* type--uuid of version 5 and variant 1. */
static void assert_identifier(const char *id, const char *type)
{
        size_t length = strlen(type);

        if (strncmp(id, type, length) || strncmp(id + length, "--", 2))
                fail_msg("%s is no identifier of %s", id, type);
        id += length + 2;
        assert_int_equal(strlen(id), 36);
        for (int i = 0; i < 36; i++)
                assert_true(i == 8 || i == 13 || i == 18 || i == 23
                                    ? id[i] == '-'
                                    : strchr("0123456789abcdef", id[i]) != NULL);
        assert_int_equal(id[14], '5');
        assert_non_null(strchr("89ab", id[19]));
}

static void assert_head(const json_t *json)
{
        int64_t created, modified;

        assert_string_equal(text_of(json, "type"), "playbook");
        assert_string_equal(text_of(json, "spec_version"), "cacao-2.0");
        assert_identifier(text_of(json, "id"), "playbook");
        assert_identifier(text_of(json, "created_by"), "identity");
        assert_identifier(text_of(json, "workflow_start"), "start");
        text_of(json, "name");
        assert_int_equal(time_parse(text_of(json, "created"), &created), 0);
        assert_int_equal(time_parse(text_of(json, "modified"), &modified), 0);
        assert_true(modified >= created);
}

/* Every variable in a condition is defined: __name__. */
static void assert_variables(const json_t *json, const char *condition)
{
        const json_t *variables = json_object_get(json, "playbook_variables");
        int depth = 0;

        for (const char *at = condition; *at; at++)
                depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        assert_int_equal(depth, 0);
        for (const char *at = strstr(condition, "__"); at; at = strstr(at, "__")) {
                const char *end = strstr(at + 2, "__:value");
                char name[80];

                assert_non_null(end);
                snprintf(name, sizeof(name), "%.*s", (int)(end + 2 - at), at);
                if (!json_object_get(variables, name))
                        fail_msg("%s is not defined", name);
                assert_string_equal(text_of(json_object_get(variables, name), "type"), "string");
                at = end + 2;
        }
}

static const json_t *reference(const json_t *json, const json_t *step, const char *key)
{
        const char *id = text_of(step, key);
        const json_t *other = json_object_get(json_object_get(json, "workflow"), id);

        if (!other)
                fail_msg("%s leads to %s, which is not there", key, id);
        return other;
}

static void assert_action(const json_t *json, const json_t *step)
{
        const json_t *commands = json_object_get(step, "commands"), *command;
        size_t i;

        text_of(step, "name");
        text_of(step, "description");
        assert_true(json_array_size(commands) > 0);
        json_array_foreach(commands, i, command)
        {
                assert_string_equal(text_of(command, "type"), "manual");
                text_of(command, "command");
        }
        const json_t *agent =
                json_object_get(json_object_get(json, "agent_definitions"), text_of(step, "agent"));
        assert_non_null(agent);
        assert_identifier(text_of(step, "agent"), text_of(agent, "type"));
        text_of(agent, "name");
        reference(json, step, "on_completion");
}

static void assert_step(const json_t *json, const char *id, const json_t *step)
{
        const char *type = text_of(step, "type");

        assert_identifier(id, type);
        if (!strcmp(type, "action")) {
                assert_action(json, step);
        } else if (!strcmp(type, "if-condition")) {
                assert_variables(json, text_of(step, "condition"));
                reference(json, step, "on_true");
                reference(json, step, "on_completion");
        } else if (!strcmp(type, "playbook-action")) {
                assert_identifier(text_of(step, "playbook_id"), "playbook");
                reference(json, step, "on_completion");
        } else if (!strcmp(type, "start")) {
                reference(json, step, "on_completion");
        } else {
                assert_string_equal(type, "end");
                assert_null(json_object_get(step, "on_completion"));
        }
}

/* Walks from the start: main line and branches, each to its end. Returns how many actions it met. */
static size_t walk(const json_t *json, const json_t *step, size_t *met, unsigned hops)
{
        const char *type = text_of(step, "type");
        size_t actions = !strcmp(type, "action");

        assert_true(hops < 500);
        ++*met;
        if (!strcmp(type, "end"))
                return 0;
        if (!strcmp(type, "if-condition"))
                actions += walk(json, reference(json, step, "on_true"), met, hops + 1);
        return actions + walk(json, reference(json, step, "on_completion"), met, hops + 1);
}

static void test_every_playbook_is_sound(void **state)
{
        const struct shelf *shelf = *state;

        for (size_t i = 0; i < shelf->set.count; i++) {
                const struct playbook *playbook = &shelf->set.playbooks[i];
                json_t *json = cacao_from_playbook(playbook, LANGUAGE_FR), *step;
                json_t *workflow = json_object_get(json, "workflow");
                const char *id;
                size_t met = 0;

                assert_head(json);
                json_object_foreach(workflow, id, step) assert_step(json, id, step);
                assert_int_equal(
                        walk(json, json_object_get(workflow, text_of(json, "workflow_start")), &met, 0),
                        playbook->step_count);
                assert_int_equal(met, json_object_size(workflow)); /* nothing out of reach */
                json_decref(json);
        }
}

static void test_ids_do_not_depend_on_the_language(void **state)
{
        const struct shelf *shelf = *state;

        for (size_t i = 0; i < shelf->set.count; i++) {
                json_t *fr = cacao_from_playbook(&shelf->set.playbooks[i], LANGUAGE_FR), *step;
                json_t *again = cacao_from_playbook(&shelf->set.playbooks[i], LANGUAGE_FR);
                json_t *en = cacao_from_playbook(&shelf->set.playbooks[i], LANGUAGE_EN);
                const char *id;

                assert_true(json_equal(fr, again));
                assert_false(json_equal(fr, en));
                json_object_foreach(json_object_get(fr, "workflow"), id, step)
                        assert_non_null(json_object_get(json_object_get(en, "workflow"), id));
                json_decref(fr);
                json_decref(again);
                json_decref(en);
        }
}

static void test_a_new_version_is_a_later_one(void **state)
{
        const struct shelf *shelf = *state;
        struct playbook next = shelf->set.playbooks[0];
        json_t *before = cacao_from_playbook(&next, LANGUAGE_EN), *after;

        next.version++;
        after = cacao_from_playbook(&next, LANGUAGE_EN);
        assert_string_equal(text_of(before, "id"), text_of(after, "id"));
        assert_string_equal(text_of(before, "created"), text_of(after, "created"));
        assert_true(strcmp(text_of(before, "modified"), text_of(after, "modified")) < 0);
        json_decref(before);
        json_decref(after);
}

/* The value is RFC 9562's, worked out by another program. */
static void test_uuid_of_a_name(void **state)
{
        char uuid[CACAO_UUID_SIZE];

        cacao_uuid("playbook:clic", uuid);
        assert_string_equal(uuid, "9e6c3499-2f32-571a-a969-a4b3211acf84");
}

static void condition_of(const struct shelf *shelf, const char *when, char *ret_condition, size_t size)
{
        struct playbook playbook = {0};
        json_t *json, *step;
        const char *id;
        char text[1024];

        snprintf(text, sizeof(text),
                 "id: essai\nversion: 1\ntitle: {fr: t, en: t}\nsteps:\n"
                 "  - {key: un, role: tous, phase: contenir, text: {fr: a, en: b}, when: %s}\n",
                 when);
        assert_int_equal(playbook_read("e.yaml", text, strlen(text), &shelf->catalogue, &playbook, NULL), 0);
        json = cacao_from_playbook(&playbook, LANGUAGE_EN);
        ret_condition[0] = '\0';
        json_object_foreach(json_object_get(json, "workflow"), id, step)
        {
                if (!strncmp(id, "if-condition", 12))
                        snprintf(ret_condition, size, "%s", text_of(step, "condition"));
        }
        json_decref(json);
        playbook_release(&playbook);
}

static void test_unknown_shows_the_step_there_too(void **state)
{
        char condition[1024];

        condition_of(*state, "{is: {report.clicked: true}}", condition, sizeof(condition));
        assert_string_equal(condition, "__report_clicked__:value IN ('true', 'unknown')");
        condition_of(*state, "{not: {is: {report.clicked: false}}}", condition, sizeof(condition));
        assert_string_equal(condition, "__report_clicked__:value NOT IN ('false')");
        condition_of(*state, "{not: {any: [{known: ended_at}, {is: {origin: [panne, erreur]}}]}}", condition,
                     sizeof(condition));
        assert_string_equal(condition,
                            "(__ended_at__:value = 'unknown' AND __origin__:value NOT IN ('panne', "
                            "'erreur'))");
        condition_of(*state, "{not: {all: [{at_least: {attack.peak_pps: 5}}, {known: origin}]}}", condition,
                     sizeof(condition));
        assert_string_equal(condition, "((__attack_peak_pps__:value < 5 OR __attack_peak_pps__:value = "
                                       "'unknown') OR __origin__:value = 'unknown')");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_every_playbook_is_sound),
                cmocka_unit_test(test_ids_do_not_depend_on_the_language),
                cmocka_unit_test(test_a_new_version_is_a_later_one),
                cmocka_unit_test(test_uuid_of_a_name),
                cmocka_unit_test(test_unknown_shows_the_step_there_too),
        };

        return cmocka_run_group_tests(tests, shelf_setup, shelf_teardown);
}
