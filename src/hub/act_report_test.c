/* SPDX-License-Identifier: EUPL-1.2 */
/* The buttons, playbooks and tasks as acts, against a journal on disk and the data that ships. */
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
#include "hub/desk_tasks.h"
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

        strcpy(house->folder, "/tmp/act_report_test.XXXXXX");
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

/* Anybody on the premises. */
static int stranger(struct house *house, const char *name, json_t *in, json_t **ret_out)
{
        const struct act_caller caller = {.way = ACT_WAY_PUBLIC};

        return ask_as(house, &caller, name, in, ret_out);
}

static int ask(struct house *house, const char *name, json_t *in, json_t **ret_out)
{
        struct act_caller caller = with_roles(ACT_WRITERS);

        return ask_as(house, &caller, name, in, ret_out);
}

static const char *text_of(const json_t *json, const char *key)
{
        const char *text = json_string_value(json_object_get(json, key));

        return text ? text : "";
}

static const json_t *entry_of(const json_t *list, const char *id)
{
        const json_t *one;
        size_t i;

        json_array_foreach(list, i, one)
        {
                if (!strcmp(text_of(one, "id"), id))
                        return one;
        }
        return NULL;
}

/* A report with these answers (consumed); its number into `number`. The answer is a new reference. */
static json_t *report(struct house *house, const char *button, json_t *answers, char number[static 32])
{
        json_t *out = NULL;
        int r;

        clock_manual_advance(&house->manual, 1000000000);
        r = stranger(house, "report.make",
                     json_pack("{s:s, s:o, s:s}", "button", button, "answers", answers, "contact",
                               "Paule Durand, poste 4217"),
                     &out);
        if (r)
                fail_msg("report.make: %d", r);
        snprintf(number, 32, "%s", text_of(out, "number"));
        return out;
}

static size_t incident_count(const struct house *house)
{
        return casebook_count(desk_book(house->world.desk));
}

static const struct incident *newest(const struct house *house)
{
        struct casebook *book = desk_book(house->world.desk);

        return casebook_incident(book, casebook_brief(book, casebook_count(book) - 1)->id.text);
}

static json_t *tasks_of(struct house *house, const char *incident)
{
        json_t *out = NULL;

        assert_int_equal(ask(house, "incident.tasks", json_pack("{s:s}", "incident", incident), &out), 0);
        return out;
}

static void assert_task(struct house *house, const char *incident, const char *id, const char *state)
{
        json_t *out = tasks_of(house, incident);
        const json_t *task = entry_of(json_object_get(out, "tasks"), id);

        if (!task)
                fail_msg("there is no task %s", id);
        assert_string_equal(text_of(task, "state"), state);
        json_decref(out);
}

/* ---- the buttons ---- */

static void test_six_buttons_in_their_order(void **state)
{
        static const char *const ids[] = {"mail-suspect",     "clic", "compte-usurpe", "poste-bizarre",
                                          "service-en-panne", "fuite"};
        struct house *house = *state;
        json_t *out = NULL, *buttons;

        assert_int_equal(stranger(house, "report.buttons", json_object(), &out), 0);
        buttons = json_object_get(out, "buttons");
        assert_int_equal(json_array_size(buttons), 6);
        for (size_t i = 0; i < 6; i++) {
                const json_t *button = json_array_get(buttons, i), *question;
                size_t k;

                assert_string_equal(text_of(button, "id"), ids[i]);
                assert_true(json_array_size(json_object_get(button, "questions")) > 0);
                json_array_foreach(json_object_get(button, "questions"), k, question)
                {
                        assert_true(text_of(json_object_get(question, "question"), "fr")[0]);
                        assert_int_equal(strcmp(text_of(question, "type"), "choice") == 0,
                                         json_is_array(json_object_get(question, "choices")));
                }
        }
        json_decref(out);
}

static void test_a_report_gives_advice_and_opens_an_incident(void **state)
{
        struct house *house = *state;
        char number[32];
        json_t *out = report(house, "clic",
                             json_pack("{s:b, s:b, s:s, s:s}", "report.password_given", 1,
                                       "report.file_opened", 0, "report.files_unreadable", "je ne sais pas",
                                       "report.mail_sender", "facture@exemple.example"),
                             number);
        const json_t *advice = json_object_get(out, "advice");
        const struct incident *incident = newest(house);

        assert_string_equal(text_of(json_array_get(advice, 0), "id"), "clic.debrancher");
        assert_non_null(entry_of(advice, "clic.autres-mots-de-passe"));
        assert_non_null(entry_of(advice, "clic.dire-rancon")); /* je ne sais pas */
        assert_null(entry_of(advice, "clic.fermer-sessions")); /* for the staff */
        assert_true(text_of(json_object_get(json_object_get(out, "call"), "text"), "fr")[0]);
        assert_string_equal(incident->kind, "clic");
        assert_string_equal(incident->title.fr, "Lien cliqué ou pièce jointe ouverte");
        assert_true(incident_follows(incident, "clic"));
        assert_true(incident_follows(incident, "declarer"));
        assert_string_equal(incident_fact(incident, "report.password_given")->author, REPORT_AUTHOR);
        assert_int_equal(incident_fact(incident, "report.files_unreadable")->state, FACT_STATE_UNKNOWN);
        assert_int_equal(incident_fact(incident, "discovered_at")->state, FACT_STATE_KNOWN);
        assert_task(house, incident->id.text, "clic.reinstaller", "not-needed"); /* no file was opened */
        assert_task(house, incident->id.text, "clic.debrancher", "open");
        json_decref(out);
}

static void test_what_a_report_may_not_say(void **state)
{
        struct house *house = *state;
        char long_text[REPORT_TEXT_MAX + 2];

        memset(long_text, 'a', sizeof(long_text));
        long_text[sizeof(long_text) - 1] = '\0';
        assert_int_equal(stranger(house, "report.make", json_pack("{s:s}", "button", "ddos"), NULL), -ENOENT);
        assert_int_equal(stranger(house, "report.make", json_pack("{s:s}", "button", "rien"), NULL), -ENOENT);
        assert_int_equal(stranger(house, "report.make",
                                  json_pack("{s:s, s:{s:b}}", "button", "clic", "answers",
                                            "personal_data.risk_removed", 1),
                                  NULL),
                         -EINVAL);
        assert_int_equal(stranger(house, "report.make",
                                  json_pack("{s:s, s:{s:s}}", "button", "clic", "answers",
                                            "report.file_opened", "peut-être"),
                                  NULL),
                         -EINVAL);
        assert_int_equal(stranger(house, "report.make",
                                  json_pack("{s:s, s:{s:s}}", "button", "clic", "answers",
                                            "report.mail_sender", long_text),
                                  NULL),
                         -EINVAL);
        assert_int_equal(stranger(house, "report.make",
                                  json_pack("{s:s, s:s}", "button", "clic", "answers", "x"), NULL),
                         -EINVAL);
        assert_int_equal(incident_count(house), 0);
}

static void test_the_same_mail_is_one_incident_with_two_numbers(void **state)
{
        struct house *house = *state;
        char first[32], second[32], third[32];

        json_decref(report(
                house, "mail-suspect",
                json_pack("{s:s, s:b}", "report.mail_sender", "Facture@Exemple.example", "report.clicked", 0),
                first));
        json_decref(report(house, "mail-suspect",
                           json_pack("{s:s, s:b}", "report.mail_sender", " facture@exemple.example",
                                     "report.clicked", 1),
                           second));
        assert_int_equal(incident_count(house), 1);
        assert_string_not_equal(first, second);
        assert_int_equal(newest(house)->finding_count, 2);
        assert_true(json_is_true(incident_fact(newest(house), "report.clicked")->value));
        assert_true(incident_follows(newest(house), "clic")); /* somebody clicked */
        json_decref(report(house, "mail-suspect",
                           json_pack("{s:s}", "report.mail_sender", "autre@exemple.example"), third));
        assert_int_equal(incident_count(house), 2);
        /* Long after, it is another wave of it. */
        clock_manual_advance(&house->manual, 2 * 3600 * 1000000000ULL);
        json_decref(report(house, "mail-suspect",
                           json_pack("{s:s}", "report.mail_sender", "facture@exemple.example"), third));
        assert_int_equal(incident_count(house), 3);
}

static void test_coming_back_with_the_number(void **state)
{
        struct house *house = *state;
        char number[32], wrong[32], other[32];
        json_t *out = NULL;

        json_decref(report(house, "poste-bizarre", json_pack("{s:s}", "report.symptom", "souris"), number));
        json_decref(report(house, "fuite", json_pack("{s:s}", "report.data_how", "envoi"), other));
        assert_int_equal(stranger(house, "report.show", json_pack("{s:s}", "number", number), &out), 0);
        assert_string_equal(text_of(out, "button"), "poste-bizarre");
        assert_string_equal(text_of(out, "state"), "open");
        assert_null(json_object_get(out, "contact"));
        json_decref(out);
        /* Another's letters on one's own counter, and the counter alone. */
        snprintf(wrong, sizeof(wrong), "%.12s%s", number, other + 12);
        assert_int_equal(stranger(house, "report.show", json_pack("{s:s}", "number", wrong), NULL), -ENOENT);
        snprintf(wrong, sizeof(wrong), "%.11s", number);
        assert_int_equal(stranger(house, "report.show", json_pack("{s:s}", "number", wrong), NULL), -ENOENT);
        assert_int_equal(
                stranger(house, "report.show", json_pack("{s:s}", "number", "G-2026-9999-KRT-XMA"), NULL),
                -ENOENT);
        assert_int_equal(
                ask(house, "incident.close",
                    json_pack("{s:s, s:s}", "incident", newest(house)->id.text, "reason", "exercice"), NULL),
                0);
        assert_int_equal(stranger(house, "report.show", json_pack("{s:s}", "number", other), &out), 0);
        assert_string_equal(text_of(out, "state"), "closed");
        json_decref(out);
}

static int step(struct house *house, const char *number, const char *id, bool done, json_t **ret_out)
{
        return stranger(house, "report.step",
                        json_pack("{s:s, s:s, s:b}", "number", number, "step", id, "done", done), ret_out);
}

static void test_a_reporter_ticks(void **state)
{
        struct house *house = *state;
        char number[32];
        json_t *out = NULL;

        json_decref(report(house, "clic", json_object(), number));
        assert_int_equal(step(house, number, "clic.debrancher", true, &out), 0);
        assert_true(json_is_true(
                json_object_get(entry_of(json_object_get(out, "advice"), "clic.debrancher"), "done")));
        json_decref(out);
        assert_task(house, newest(house)->id.text, "clic.debrancher", "done");
        assert_int_equal(strncmp(incident_task(newest(house), "clic.debrancher")->by, number, 11), 0);
        assert_null(
                strstr(incident_task(newest(house), "clic.debrancher")->by, number)); /* never the secret */
        assert_int_equal(step(house, number, "clic.debrancher", false, NULL), 0);
        assert_task(house, newest(house)->id.text, "clic.debrancher", "open");
        /* Not theirs to tick. */
        assert_int_equal(step(house, number, "clic.fermer-sessions", true, NULL), -ENOENT);
        assert_int_equal(step(house, number, "declarer.cnil", true, NULL), -ENOENT);
        assert_int_equal(step(house, "G-2026-0001-AAA-AAA", "clic.debrancher", true, NULL), -ENOENT);
}

static void test_a_step_is_done_when_everybody_has_done_it(void **state)
{
        struct house *house = *state;
        char first[32], second[32];
        const char *id = "clic.mot-de-passe";

        json_decref(report(house, "clic", json_object(), first));
        json_decref(report(house, "clic", json_object(), second));
        assert_int_equal(incident_count(house), 1);
        assert_int_equal(step(house, first, id, true, NULL), 0);
        assert_task(house, newest(house)->id.text, id, "open");
        assert_int_equal(step(house, second, id, true, NULL), 0);
        assert_task(house, newest(house)->id.text, id, "done");
        /* What the staff decides stands against what reporters tick. */
        assert_int_equal(ask(house, "task.set",
                             json_pack("{s:s, s:s, s:s, s:s}", "incident", newest(house)->id.text, "task", id,
                                       "state", "skipped", "reason", "compte fermé"),
                             NULL),
                         0);
        assert_int_equal(step(house, second, id, false, NULL), 0);
        assert_task(house, newest(house)->id.text, id, "skipped");
}

static void test_a_flood_of_reports_meets_a_limit(void **state)
{
        struct house *house = *state;
        char number[32];
        json_t *in = json_pack("{s:s}", "button", "poste-bizarre");

        for (unsigned i = 0; i < DESK_REPORTS_AN_HOUR; i++)
                json_decref(report(house, "poste-bizarre", json_object(), number));
        assert_int_equal(stranger(house, "report.make", json_incref(in), NULL), -EAGAIN);
        assert_int_equal(incident_count(house), 1); /* none of them said which workstation */
        clock_manual_advance(&house->manual, 3600 * 1000000000ULL);
        assert_int_equal(stranger(house, "report.make", in, NULL), 0);
}

struct looking {
        const char *needle;
        unsigned bodies, personal;
};

static int look(void *context, const struct record *record)
{
        struct looking *looking = context;
        char *body = json_dumps(record->body, JSON_COMPACT),
             *personal = json_dumps(record->personal, JSON_COMPACT);

        looking->bodies += body && strstr(body, looking->needle);
        looking->personal += personal && strstr(personal, looking->needle);
        free(body);
        free(personal);
        return 0;
}

static void assert_apart(struct house *house, const char *needle)
{
        struct looking looking = {.needle = needle};

        assert_int_equal(journal_read(house->world.journal, 0, UINT64_MAX, look, &looking, NULL), 0);
        assert_int_equal(looking.bodies, 0);
        assert_int_equal(looking.personal, 1); /* in one place, where it can be erased */
}

static void test_what_was_typed_stands_beside_the_record(void **state)
{
        struct house *house = *state;
        char number[32], again[32];

        json_decref(report(house, "service-en-panne",
                           json_pack("{s:s}", "report.service", "le DPI du deuxième"), number));
        assert_apart(house, "le DPI du deuxième");
        assert_apart(house, "Paule Durand");
        assert_int_equal(ask(house, "task.set",
                             json_pack("{s:s, s:s, s:s, s:s}", "incident", newest(house)->id.text, "task",
                                       "panne.cause", "state", "done", "note", "vu avec M. Petit"),
                             NULL),
                         0);
        assert_apart(house, "vu avec M. Petit");
        /* The second report of it says the same in its own words. */
        json_decref(report(house, "mail-suspect",
                           json_pack("{s:s, s:s}", "report.mail_sender", "a@b.example", "report.mail_subject",
                                     "Votre colis"),
                           again));
        json_decref(report(house, "mail-suspect",
                           json_pack("{s:s, s:s}", "report.mail_sender", "a@b.example", "report.mail_subject",
                                     "Votre colis attend"),
                           again));
        assert_apart(house, "Votre colis attend");
        /* The number opens a report: the journal does not keep it. */
        struct looking looking = {.needle = number};
        assert_int_equal(journal_read(house->world.journal, 0, UINT64_MAX, look, &looking, NULL), 0);
        assert_int_equal(looking.bodies + looking.personal, 0);
}

/* ---- playbooks and tasks ---- */

static void test_playbooks_are_shown_and_exported(void **state)
{
        const struct act_caller caller = with_roles(ACT_ROLE(AUDITOR));
        struct house *house = *state;
        struct act_call call;
        json_t *out = NULL, *in = json_pack("{s:s, s:s}", "playbook", "clic", "language", "en"), *cacao;

        assert_int_equal(ask_as(house, &caller, "playbook.list", json_object(), &out), 0);
        assert_true(json_array_size(json_object_get(out, "playbooks")) >= 11);
        json_decref(out);
        assert_int_equal(
                ask_as(house, &caller, "playbook.show", json_pack("{s:s}", "playbook", "ddos"), &out), 0);
        assert_true(json_array_size(json_object_get(json_object_get(out, "playbook"), "steps")) > 10);
        json_decref(out);
        assert_int_equal(ask_as(house, &caller, "playbook.show", json_pack("{s:s}", "playbook", "x"), NULL),
                         -ENOENT);
        assert_int_equal(act_run(&house->world, act_find("playbook.cacao"), &caller, in, &call), 0);
        assert_string_equal(call.blob.type, "application/json");
        cacao = json_loadb(call.blob.bytes, call.blob.length, 0, NULL);
        assert_string_equal(text_of(cacao, "spec_version"), "cacao-2.0");
        assert_string_equal(text_of(cacao, "name"), "Link clicked or attachment opened");
        json_decref(cacao);
        act_call_release(&call);
        json_decref(in);
}

static void test_an_auditor_ticks_nothing(void **state)
{
        const struct act_caller auditor = with_roles(ACT_ROLE(AUDITOR)), nobody = {.way = ACT_WAY_PUBLIC};
        struct house *house = *state;
        char number[32];
        json_t *in;

        json_decref(report(house, "clic", json_object(), number));
        in = json_pack("{s:s, s:s, s:s}", "incident", newest(house)->id.text, "task", "clic.debrancher",
                       "state", "done");
        assert_int_equal(ask_as(house, &auditor, "task.set", json_incref(in), NULL), -EACCES);
        assert_int_equal(ask_as(house, &nobody, "task.set", json_incref(in), NULL), -EPERM);
        assert_int_equal(ask_as(house, &nobody, "incident.tasks",
                                json_pack("{s:s}", "incident", newest(house)->id.text), NULL),
                         -EPERM);
        json_decref(in);
}

static void test_ticks_outlive_a_restart(void **state)
{
        struct house *house = *state;
        char number[32], id[32];
        json_t *out;

        json_decref(report(house, "clic", json_object(), number));
        snprintf(id, sizeof(id), "%s", newest(house)->id.text);
        assert_int_equal(ask(house, "task.set",
                             json_pack("{s:s, s:s, s:s, s:s}", "incident", id, "task", "clic.journaux",
                                       "state", "done", "at", "2020-03-22T09:30:00Z"),
                             NULL),
                         0);
        assert_int_equal(
                ask(house, "task.set",
                    json_pack("{s:s, s:s, s:s}", "incident", id, "task", "clic.bloquer", "state", "skipped"),
                    NULL),
                -EINVAL); /* why? */
        house->world.desk = desk_free(house->world.desk);
        house->world.journal = journal_close(house->world.journal);
        open_house(house);
        assert_task(house, id, "clic.journaux", "done");
        out = tasks_of(house, id);
        assert_string_equal(text_of(entry_of(json_object_get(out, "tasks"), "clic.journaux"), "at"),
                            "2020-03-22T09:30:00.000Z");
        assert_string_equal(text_of(entry_of(json_object_get(out, "tasks"), "clic.journaux"), "by"),
                            "Anne Martin");
        json_decref(out);
        assert_int_equal(stranger(house, "report.show", json_pack("{s:s}", "number", number), NULL), 0);
}

static void test_a_filing_ticks_its_step(void **state)
{
        struct house *house = *state;
        struct casebook *book = desk_book(house->world.desk);
        char number[32], id[32];
        size_t count;

        json_decref(report(house, "fuite", json_pack("{s:s}", "report.data_how", "volees"), number));
        snprintf(id, sizeof(id), "%s", newest(house)->id.text);
        assert_task(house, id, "declarer.cnil", "open");
        assert_int_equal(ask(house, "incident.fact",
                             json_pack("{s:s, s:s, s:s}", "incident", id, "name",
                                       "personal_data.confidentiality_hit", "value", "oui"),
                             NULL),
                         0);
        assert_true(incident_follows(newest(house), "fuite-de-donnees"));
        assert_true(incident_follows(newest(house), "cellule"));
        const struct obligation *all = casebook_obligations(book, id, &count);
        for (size_t i = 0; i < count; i++) {
                char obligation[32];

                if (strcmp(all[i].rule, "cnil-33"))
                        continue;
                snprintf(obligation, sizeof(obligation), "%s", all[i].id.text);
                assert_int_equal(ask(house, "obligation.file",
                                     json_pack("{s:s, s:s}", "obligation", obligation, "receipt", "CNIL-1"),
                                     NULL),
                                 0);
                break;
        }
        assert_task(house, id, "declarer.cnil", "done");
        assert_string_equal(incident_task(newest(house), "declarer.cnil")->by, "Anne Martin");
}

static void test_a_playbook_by_hand(void **state)
{
        struct house *house = *state;
        char number[32];
        json_t *in;

        json_decref(report(house, "poste-bizarre", json_object(), number));
        in = json_pack("{s:s, s:s}", "incident", newest(house)->id.text, "playbook", "rancongiciel");
        assert_int_equal(ask(house, "incident.playbook.add", json_incref(in), NULL), 0);
        assert_task(house, newest(house)->id.text, "rancongiciel.sauvegardes", "open");
        assert_int_equal(ask(house, "incident.playbook.add", in, NULL), -EALREADY);
        assert_int_equal(ask(house, "incident.playbook.add",
                             json_pack("{s:s, s:s}", "incident", newest(house)->id.text, "playbook", "x"),
                             NULL),
                         -ENOENT);
}

#define HOUSE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                HOUSE(test_six_buttons_in_their_order),
                HOUSE(test_a_report_gives_advice_and_opens_an_incident),
                HOUSE(test_what_a_report_may_not_say),
                HOUSE(test_the_same_mail_is_one_incident_with_two_numbers),
                HOUSE(test_coming_back_with_the_number),
                HOUSE(test_a_reporter_ticks),
                HOUSE(test_a_step_is_done_when_everybody_has_done_it),
                HOUSE(test_a_flood_of_reports_meets_a_limit),
                HOUSE(test_what_was_typed_stands_beside_the_record),
                HOUSE(test_playbooks_are_shown_and_exported),
                HOUSE(test_an_auditor_ticks_nothing),
                HOUSE(test_ticks_outlive_a_restart),
                HOUSE(test_a_filing_ticks_its_step),
                HOUSE(test_a_playbook_by_hand),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
