/* SPDX-License-Identifier: EUPL-1.2 */
/* The buttons: pages for anybody on the premises, without an account. The API limits how often. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/acts.h"
#include "hub/desk_tasks.h"
#include "hub/world.h"

static int out_of_memory(struct act_call *call)
{
        return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
}

/* ---- which buttons ---- */

static json_t *question_json(const struct catalogue *catalogue, const char *name)
{
        static const char *const types[] = {"boolean", "number", "text", "choice", "time"};
        const struct fact_kind *kind = catalogue_find(catalogue, name);
        json_t *choices = kind && kind->choice_count ? json_array() : json_null();

        if (!kind)
                return NULL;
        for (size_t i = 0; i < kind->choice_count; i++)
                json_array_append_new(choices, json_pack("{s:s, s:o}", "word", kind->choices[i].word, "label",
                                                         bitext_to_json(&kind->choices[i].label)));
        return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:i}", "name", name, "type", types[kind->type],
                         "label", bitext_to_json(&kind->label), "question", bitext_to_json(&kind->question),
                         "unit", kind->unit.fr ? bitext_to_json(&kind->unit) : json_null(), "choices",
                         choices, "max", REPORT_TEXT_MAX);
}

static json_t *button_json(const struct world *world, const struct playbook *playbook)
{
        json_t *questions = json_array();

        for (size_t i = 0; i < playbook->entry.question_count; i++)
                json_array_append_new(questions,
                                      question_json(world->catalogue, playbook->entry.questions[i]));
        return json_pack("{s:s, s:o, s:s, s:o}", "id", playbook->id, "title",
                         bitext_to_json(&playbook->entry.title), "icon", playbook->entry.icon, "questions",
                         questions);
}

static int compare_orders(const void *a, const void *b)
{
        const struct playbook *const *left = a, *const *right = b;

        return (int)(*left)->entry.order - (int)(*right)->entry.order;
}

static int run_buttons(struct act_call *call)
{
        const struct playbook_set *set = call->world->playbooks;
        const struct playbook *entries[PLAYBOOKS_MAX];
        json_t *list = json_array();
        size_t count = 0;

        for (size_t i = 0; set && i < set->count; i++)
                if (set->playbooks[i].entry.is_set)
                        entries[count++] = &set->playbooks[i];
        qsort(entries, count, sizeof(*entries), compare_orders);
        for (size_t i = 0; i < count; i++)
                json_array_append_new(list, button_json(call->world, entries[i]));
        return json_object_set_new(call->out, "buttons", list) ? out_of_memory(call) : 0;
}

/* ---- one report ---- */

/* Whom to call, and at which number when the configuration has one. */
static json_t *call_json(const struct world *world, const struct playbook *playbook)
{
        const struct config *config = world->config;
        const char *phone = config ? config->people.declarant.phone : "";
        const char *who = config ? config->people.declarant.function : "";

        return json_pack("{s:o, s:s?, s:s?}", "text",
                         playbook && playbook->entry.call.fr ? bitext_to_json(&playbook->entry.call)
                                                             : json_null(),
                         "phone", phone[0] ? phone : NULL, "who", who[0] ? who : NULL);
}

/* What whoever reported sees, at once and when they come back. Nothing of what others said. */
static int tell(struct act_call *call, const struct report_number *number, const json_t *report)
{
        struct desk *desk = call->world->desk;
        const char *button = json_string_value(json_object_get(report, "button"));
        const char *id = json_string_value(json_object_get(report, "incident"));
        const struct incident *incident = id ? casebook_incident(desk_book(desk), id) : NULL;
        const struct playbook *playbook =
                button && call->world->playbooks ? playbooks_entry(call->world->playbooks, button) : NULL;
        json_t *advice = desk_report_advice(desk, report);

        if (incident)
                strcpy(call->incident, incident->id.text);
        if (!advice || json_object_set_new(call->out, "number", json_string(number->whole)) ||
            json_object_set_new(call->out, "state",
                                json_string(incident && !incident->open ? "closed" : "open")) ||
            json_object_set_new(call->out, "button", json_string(button ? button : "")) ||
            json_object_set_new(call->out, "title",
                                playbook ? bitext_to_json(&playbook->entry.title) : json_null()) ||
            json_object_set(call->out, "made", json_object_get(report, "made")) ||
            json_object_set_new(call->out, "call", call_json(call->world, playbook))) {
                json_decref(advice);
                return out_of_memory(call);
        }
        return json_object_set_new(call->out, "advice", advice) ? out_of_memory(call) : 0;
}

static int tell_found(struct act_call *call, const char *typed)
{
        struct report_number number;
        json_t *report = NULL;
        int r = desk_report_find(call->world->desk, typed, &number, &report, &call->error);

        if (!r)
                r = tell(call, &number, report);
        json_decref(report);
        return r;
}

static int run_make(struct act_call *call)
{
        const struct playbook_set *set = call->world->playbooks;
        const char *button = act_text(call, "button");
        const json_t *answers = act_json(call, "answers");
        const struct desk_report report = {.playbook = set ? playbooks_entry(set, button) : NULL,
                                           .answers = answers,
                                           .contact = act_text(call, "contact")};
        struct report_number number;
        int r;

        if (!report.playbook)
                return act_refuse(call, -ENOENT, "aucun bouton « %s »", "no button “%s”", button);
        if (answers && !json_is_object(answers))
                return act_refuse(call, -EINVAL, "« answers » doit être un objet de questions et de réponses",
                                  "“answers” must be an object of questions and answers");
        r = desk_report(call->world->desk, &report, &number, &call->error);
        return r ? r : tell_found(call, number.whole);
}

static int run_show(struct act_call *call)
{
        return tell_found(call, act_text(call, "number"));
}

static int run_step(struct act_call *call)
{
        const char *number = act_text(call, "number");
        int r = desk_report_step(call->world->desk, number, act_text(call, "step"), act_flag(call, "done"),
                                 &call->error);

        return r ? r : tell_found(call, number);
}

#define NUMBER                                                                                               \
        {                                                                                                    \
                .name = "number", .type = ACT_TEXT, .flags = ACT_PATH | ACT_SECRET, .max = 64,               \
                .fr = "numéro du signalement", .en = "number of the report"                                  \
        }

static const struct act_param make_params[] = {
        {.name = "button",
         .type = ACT_TEXT,
         .flags = ACT_REQUIRED,
         .max = PLAYBOOK_ID_SIZE - 1,
         .fr = "quel bouton",
         .en = "which button"},
        {.name = "answers",
         .type = ACT_JSON,
         .max = 8192,
         .fr = "les réponses : {fait: oui ou non, nombre, texte, null si l’on n’a pas répondu}",
         .en = "the answers: {fact: true or false, number, text, null when not answered}"},
        {.name = "contact",
         .type = ACT_TEXT,
         .flags = ACT_SECRET,
         .max = DESK_CONTACT_MAX,
         .fr = "nom et téléphone, si l’on veut être rappelé",
         .en = "name and telephone, to be called back"},
        {0}};
static const struct act_param show_params[] = {NUMBER, {0}};
static const struct act_param step_params[] = {NUMBER,
                                               {.name = "step",
                                                .type = ACT_TEXT,
                                                .flags = ACT_REQUIRED,
                                                .max = TASK_ID_SIZE - 1,
                                                .fr = "le pas",
                                                .en = "the step"},
                                               {.name = "done",
                                                .type = ACT_BOOLEAN,
                                                .flags = ACT_REQUIRED,
                                                .fr = "fait ou non",
                                                .en = "done or not"},
                                               {0}};

static const struct act acts[] = {
        {.name = "report.buttons",
         .method = ACT_GET,
         .path = "/report",
         .flags = ACT_PUBLIC,
         .result = "ReportButtons",
         .fr = "Les boutons de la page de signalement, avec leurs questions",
         .en = "The buttons of the reporting page, with their questions",
         .run = run_buttons},
        {.name = "report.make",
         .method = ACT_POST,
         .path = "/report",
         .flags = ACT_PUBLIC,
         .result = "Report",
         .fr = "Signaler ; les conseils viennent aussitôt",
         .en = "Report; advice comes at once",
         .params = make_params,
         .run = run_make},
        {.name = "report.show",
         .method = ACT_GET,
         .path = "/report/{number}",
         .flags = ACT_PUBLIC,
         .result = "Report",
         .fr = "Revenir à son signalement",
         .en = "Come back to one’s report",
         .params = show_params,
         .run = run_show},
        {.name = "report.step",
         .method = ACT_POST,
         .path = "/report/{number}/steps",
         .flags = ACT_PUBLIC,
         .result = "Report",
         .fr = "Cocher un conseil suivi",
         .en = "Tick an advice that was followed",
         .params = step_params,
         .run = run_step},
};

const struct act_table acts_report = {acts, ARRAY_LEN(acts)};
