/* SPDX-License-Identifier: EUPL-1.2 */
/* The core of acts and the acts on incidents and of the crisis cell, against a journal on disk. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "hub/world.h"
#include "journal/journal.h"

#define MORNING 1584871200000LL

struct house {
        char folder[64];
        struct clock_manual manual;
        struct clock clock;
        struct catalogue catalogue;
        struct rule_set rules;
        struct playbook_set playbooks;
        struct config config;
        struct world world;
};

static void open_house(struct house *house)
{
        char path[96], key[96];

        snprintf(path, sizeof(path), "%s/journal.db", house->folder);
        snprintf(key, sizeof(key), "%s/journal.key", house->folder);
        const struct journal_config journal = {
                .path = path, .key_path = key, .clock = &house->clock, .random = &random_system};
        assert_int_equal(journal_open(&journal, &house->world.journal, NULL), 0);
        const struct desk_options desk = {.journal = house->world.journal,
                                          .clock = &house->clock,
                                          .random = &random_system,
                                          .catalogue = &house->catalogue,
                                          .rules = &house->rules,
                                          .playbooks = &house->playbooks,
                                          .join_window_ms = 3600000,
                                          .structure_kind = "etablissement"};
        assert_int_equal(desk_new(&desk, &house->world.desk, NULL), 0);
}

static int set_up(void **state)
{
        struct house *house = calloc(1, sizeof(*house));
        struct error error = {0};
        char path[PATH_MAX];

        strcpy(house->folder, "/tmp/act_test.XXXXXX");
        assert_non_null(mkdtemp(house->folder));
        house->manual = (struct clock_manual){.wall_ms = MORNING};
        house->clock = clock_manual_view(&house->manual);
        strcpy(house->config.structure.name, "Hôpital de l’exercice");
        if (paths_data("facts", path, &error) || catalogue_load(path, &house->catalogue, &error) ||
            paths_data("obligations", path, &error) ||
            rules_load(path, &house->catalogue, &house->rules, &error) ||
            paths_data("playbooks", path, &error) ||
            playbooks_load(path, &house->catalogue, &house->playbooks, &error))
                fail_msg("%s", error.en);
        house->world = (struct world){.catalogue = &house->catalogue,
                                      .rules = &house->rules,
                                      .playbooks = &house->playbooks,
                                      .config = &house->config,
                                      .clock = &house->clock,
                                      .random = &random_system};
        assert_int_equal(watch_new(&house->world.watch, NULL), 0);
        open_house(house);
        *state = house;
        return 0;
}

static int tear_down(void **state)
{
        struct house *house = *state;
        char command[96];

        watch_free(house->world.watch);
        desk_free(house->world.desk);
        journal_close(house->world.journal);
        playbooks_release(&house->playbooks);
        rules_release(&house->rules);
        catalogue_release(&house->catalogue);
        snprintf(command, sizeof(command), "rm -rf %s", house->folder);
        free(house);
        return system(command) ? -1 : 0;
}

static struct act_caller with_roles(unsigned roles)
{
        struct act_caller caller = {.way = ACT_WAY_SESSION, .roles = roles};

        strcpy(caller.name, "Anne Martin");
        return caller;
}

/* `in` is consumed; *ret_out (may be NULL) is the answer. Every refusal has a sentence in both languages. */
static int ask_as(struct house *house, const struct act_caller *caller, const char *name, json_t *in,
                  json_t **ret_out)
{
        const struct act *act = act_find(name);
        struct act_call call;
        int r;

        assert_non_null(act);
        assert_non_null(in);
        r = act_run(&house->world, act, caller, in, &call);
        if (r && (!call.error.fr[0] || !call.error.en[0]))
                fail_msg("%s refuses (%d) without a word", name, r);
        if (ret_out)
                *ret_out = r ? NULL : json_incref(call.out);
        act_call_release(&call);
        json_decref(in);
        return r;
}

static int ask(struct house *house, const char *name, json_t *in, json_t **ret_out)
{
        struct act_caller caller = with_roles(ACT_WRITERS);

        return ask_as(house, &caller, name, in, ret_out);
}

static void open_incident(struct house *house, const char *subject, char ret_id[static 32])
{
        json_t *out;

        clock_manual_advance(&house->manual, 1000000000);
        assert_int_equal(ask(house, "incident.open",
                             json_pack("{s:s, s:s}", "kind", "outage", "subject", subject), &out),
                         0);
        strcpy(ret_id, json_string_value(json_object_get(json_object_get(out, "incident"), "id")));
        json_decref(out);
}

/* ---- the rows themselves ---- */

static void test_rows_are_whole(void **state)
{
        assert_null(act_at(act_count()));
        for (size_t i = 0; i < act_count(); i++) {
                const struct act *act = act_at(i);

                assert_ptr_equal(act_find(act->name), act); /* no name twice */
                assert_true(act->fr && act->fr[0] && act->en && act->en[0]);
                assert_int_equal(act->path[0], '/');
                for (const struct act_param *param = act->params; param && param->name; param++) {
                        char place[80];

                        if (!param->fr || !param->fr[0] || !param->en || !param->en[0])
                                fail_msg("%s: %s has no words", act->name, param->name);
                        snprintf(place, sizeof(place), "{%s}", param->name);
                        assert_int_equal(strstr(act->path, place) != NULL, (param->flags & ACT_PATH) != 0);
                }
                /* Nobody changes anything without a role, save where the row says that anybody may. */
                if (act->method != ACT_GET && !(act->flags & (ACT_PUBLIC | ACT_UNLOGGED_IN)) && act->roles)
                        assert_false(act->roles == ACT_ROLE(AUDITOR));
        }
}

static void test_what_is_sent_is_checked(void **state)
{
        struct house *house = *state;
        char id[32], *longest = malloc(70000);
        json_t *out = NULL;

        open_incident(house, "poste", id);
        assert_int_equal(ask(house, "incident.show", json_object(), NULL), -EINVAL);
        assert_int_equal(
                ask(house, "incident.show", json_pack("{s:s, s:s}", "incident", id, "more", "x"), NULL),
                -EINVAL);
        assert_int_equal(ask(house, "incident.show", json_pack("{s:i}", "incident", 4), NULL), -EINVAL);
        assert_int_equal(ask(house, "incident.show", json_pack("{s:s}", "incident", "i_0"), NULL), -ENOENT);
        assert_int_equal(
                ask(house, "incident.show", json_pack("{s:s, s:s}", "incident", id, "author", "x"), NULL),
                -EINVAL);
        memset(longest, 'x', 69999);
        longest[69999] = '\0';
        assert_int_equal(
                ask(house, "incident.note", json_pack("{s:s, s:s}", "incident", id, "text", longest), NULL),
                -E2BIG);
        free(longest);
        assert_int_equal(ask(house, "incident.note",
                             json_pack("{s:s, s:s%}", "incident", id, "text", "a\0b", (size_t)3), NULL),
                         -EINVAL);
        assert_int_equal(ask(house, "incident.note",
                             json_pack("{s:s, s:s, s:s}", "incident", id, "text", "vu", "at", "hier"), NULL),
                         -EINVAL);
        assert_int_equal(ask(house, "incident.list", json_pack("{s:i}", "limit", 100000), NULL), -EINVAL);
        assert_int_equal(ask(house, "incident.show", json_pack("{s:s}", "incident", id), &out), 0);
        json_decref(out);
}

static void test_roles_count(void **state)
{
        struct house *house = *state;
        struct act_caller auditor = with_roles(ACT_ROLE(AUDITOR)), nobody = {.way = ACT_WAY_PUBLIC};
        char id[32];

        open_incident(house, "poste", id);
        assert_int_equal(ask_as(house, &auditor, "incident.show", json_pack("{s:s}", "incident", id), NULL),
                         0);
        assert_int_equal(ask_as(house, &auditor, "incident.note",
                                json_pack("{s:s, s:s}", "incident", id, "text", "x"), NULL),
                         -EACCES);
        assert_int_equal(ask_as(house, &nobody, "incident.show", json_pack("{s:s}", "incident", id), NULL),
                         -EPERM);
        assert_int_equal(ask_as(house, &nobody, "public.status", json_object(), NULL), 0);
}

/* ---- pages ---- */

static void collect(struct house *house, bool newest, char ret_seen[static 64])
{
        char after[64] = "";

        ret_seen[0] = '\0';
        for (;;) {
                const char *next;
                json_t *out, *one;
                size_t index;

                assert_int_equal(
                        ask(house, "incident.list",
                            json_pack("{s:i, s:s, s:b}", "limit", 2, "after", after, "newest", newest), &out),
                        0);
                json_array_foreach(json_object_get(out, "incidents"), index, one)
                        strncat(ret_seen, json_string_value(json_object_get(one, "subject")), 2);
                next = json_string_value(json_object_get(out, "next"));
                snprintf(after, sizeof(after), "%s", next ? next : "");
                json_decref(out);
                if (!after[0])
                        return;
        }
}

static void test_pages_hold_everything_once_in_either_order(void **state)
{
        struct house *house = *state;
        char id[32], seen[64];

        collect(house, false, seen);
        assert_string_equal(seen, "");
        for (const char *c = "abcde"; *c; c++)
                open_incident(house, (char[]){*c, '\0'}, id);
        collect(house, false, seen);
        assert_string_equal(seen, "abcde");
        collect(house, true, seen);
        assert_string_equal(seen, "edcba");
        open_incident(house, "f", id);
        collect(house, true, seen);
        assert_string_equal(seen, "fedcba");
}

/* ---- the crisis cell ---- */

static json_t *timeline(struct house *house, const char *id, const char *type)
{
        json_t *out, *one, *found = NULL;
        size_t index;

        assert_int_equal(ask(house, "incident.timeline", json_pack("{s:s}", "incident", id), &out), 0);
        json_array_foreach(json_object_get(out, "entries"), index, one)
        {
                const json_t *summary = json_object_get(one, "summary");

                assert_true(json_string_length(json_object_get(summary, "fr")) > 0);
                assert_true(json_string_length(json_object_get(summary, "en")) > 0);
                if (!strcmp(json_string_value(json_object_get(one, "type")), type))
                        found = one;
        }
        json_incref(found);
        json_decref(out);
        return found;
}

static void test_decisions_keep_both_times_and_can_be_erased(void **state)
{
        struct house *house = *state;
        struct act_caller two = with_roles(ACT_WRITERS);
        char id[32];
        json_t *entry;

        open_incident(house, "poste", id);
        assert_int_equal(ask(house, "incident.decide",
                             json_pack("{s:s, s:s, s:s}", "incident", id, "text",
                                       "On coupe le réseau du bloc B.", "at", "2020-03-22T09:00:00Z"),
                             NULL),
                         0);
        entry = timeline(house, id, "decision.taken");
        assert_non_null(entry);
        assert_string_equal(json_string_value(json_object_get(entry, "text")),
                            "On coupe le réseau du bloc B.");
        assert_string_equal(json_string_value(json_object_get(entry, "at")), "2020-03-22T09:00:00.000Z");
        assert_string_not_equal(json_string_value(json_object_get(entry, "time")),
                                "2020-03-22T09:00:00.000Z");
        assert_int_equal(
                ask(house, "incident.decide",
                    json_pack("{s:s, s:s, s:s}", "incident", id, "text", "x", "at", "2030-01-01T00:00:00Z"),
                    NULL),
                -EINVAL);
        two.approved = true;
        assert_int_equal(ask_as(house, &two, "journal.erase",
                                json_pack("{s:O, s:s, s:s}", "seq", json_object_get(entry, "seq"), "name",
                                          "text", "reason", "demande de la personne"),
                                NULL),
                         0);
        json_decref(entry);
        entry = timeline(house, id, "decision.taken");
        assert_true(json_is_null(json_object_get(entry, "text")));
        json_decref(entry);
}

static void test_the_public_page_says_what_was_published(void **state)
{
        struct house *house = *state;
        struct act_caller nobody = {.way = ACT_WAY_PUBLIC};
        char id[32];
        json_t *out, *entries;

        open_incident(house, "portail", id);
        assert_int_equal(
                ask(house, "incident.publish",
                    json_pack("{s:s, s:{s:s}}", "incident", id, "text", "fr", "Le portail est ralenti."),
                    NULL),
                0);
        clock_manual_advance(&house->manual, 60000000000);
        assert_int_equal(ask(house, "incident.publish",
                             json_pack("{s:s, s:{s:s, s:s}}", "incident", id, "text", "fr",
                                       "Tout est rétabli.", "en", "All is restored."),
                             NULL),
                         0);
        assert_int_equal(ask_as(house, &nobody, "public.status", json_object(), &out), 0);
        entries = json_object_get(out, "entries");
        assert_int_equal(json_array_size(entries), 2);
        assert_string_equal(
                json_string_value(json_object_get(json_object_get(json_array_get(entries, 0), "text"), "fr")),
                "Tout est rétabli.");
        assert_string_equal(
                json_string_value(json_object_get(json_object_get(json_array_get(entries, 1), "text"), "en")),
                "Le portail est ralenti.");
        json_decref(out);
}

static int names_nobody(void *context, const struct record *record)
{
        char *body = json_dumps(record->body, JSON_COMPACT);

        assert_non_null(body);
        assert_null(strstr(body, "Imaginaire"));
        free(body);
        return 0;
}

static void test_the_call_tree_is_replaced_whole(void **state)
{
        struct house *house = *state;
        json_t *out;

        assert_int_equal(
                ask(house, "contact.set",
                    json_pack("{s:[{s:s, s:s}]}", "contacts", "name", "Standard", "phone", "01 40 27 30 00"),
                    &out),
                0);
        assert_int_equal(json_array_size(json_object_get(out, "contacts")), 1);
        json_decref(out);
        assert_int_equal(ask(house, "contact.set", json_pack("{s:[{s:s}]}", "contacts", "phone", "1"), NULL),
                         -EINVAL);
        assert_int_equal(ask(house, "contact.set",
                             json_pack("{s:[{s:s, s:s}]}", "contacts", "name", "x", "secret", "y"), NULL),
                         -EINVAL);
        assert_int_equal(ask(house, "contact.set", json_pack("{s:{}}", "contacts"), NULL), -EINVAL);
        assert_int_equal(ask(house, "contact.list", json_object(), &out), 0);
        assert_string_equal(json_string_value(json_object_get(
                                    json_array_get(json_object_get(out, "contacts"), 0), "name")),
                            "Standard");
        json_decref(out);
}

/* More than one text beside the record holds, and nothing of it in the record. */
static void test_a_long_call_tree(void **state)
{
        struct house *house = *state;
        json_t *list = json_array(), *out;
        char note[380];

        memset(note, 'n', sizeof(note) - 1);
        note[sizeof(note) - 1] = '\0';
        for (int i = 0; i < 400; i++) {
                char name[32];
                snprintf(name, sizeof(name), "Mme Imaginaire %d", i);
                json_array_append_new(list, json_pack("{s:s, s:s}", "name", name, "note", note));
        }
        assert_int_equal(ask(house, "contact.set", json_pack("{s:O}", "contacts", list), &out), 0);
        assert_true(json_equal(json_object_get(out, "contacts"), list));
        json_decref(out);
        assert_int_equal(journal_read(house->world.journal, 0, UINT64_MAX, names_nobody, NULL, NULL), 0);
        json_decref(list);
}

/* ---- what lasts ---- */

static void test_a_cold_incident_comes_back_with_its_texts(void **state)
{
        struct house *house = *state;
        char id[32];
        json_t *out, *fact;

        open_incident(house, "poste", id);
        assert_int_equal(ask(house, "incident.fact",
                             json_pack("{s:s, s:s, s:s}", "incident", id, "name", "care.detail", "value",
                                       "Deux blocs fermés."),
                             NULL),
                         0);
        house->world.desk = desk_free(house->world.desk);
        house->world.journal = journal_close(house->world.journal);
        open_house(house);
        assert_int_equal(ask(house, "incident.show", json_pack("{s:s}", "incident", id), &out), 0);
        fact = json_object_get(json_object_get(json_object_get(out, "incident"), "facts"), "care.detail");
        assert_string_equal(json_string_value(json_object_get(fact, "value")), "Deux blocs fermés.");
        json_decref(out);
}

#define WITH_HOUSE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows_are_whole),
                WITH_HOUSE(test_what_is_sent_is_checked),
                WITH_HOUSE(test_roles_count),
                WITH_HOUSE(test_pages_hold_everything_once_in_either_order),
                WITH_HOUSE(test_decisions_keep_both_times_and_can_be_erased),
                WITH_HOUSE(test_the_public_page_says_what_was_published),
                WITH_HOUSE(test_the_call_tree_is_replaced_whole),
                WITH_HOUSE(test_a_long_call_tree),
                WITH_HOUSE(test_a_cold_incident_comes_back_with_its_texts),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
