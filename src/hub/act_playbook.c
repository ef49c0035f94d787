/* SPDX-License-Identifier: EUPL-1.2 */
/* Playbooks and an incident's tasks: look, take up, tick, export. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/acts.h"
#include "hub/desk_tasks.h"
#include "hub/world.h"
#include "incident/cacao.h"

static int out_of_memory(struct act_call *call)
{
        return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
}

/* ---- playbooks ---- */

static int run_list(struct act_call *call)
{
        const struct playbook_set *set = call->world->playbooks;
        json_t *list = json_array();

        for (size_t i = 0; set && i < set->count; i++)
                json_array_append_new(list, playbook_to_json(&set->playbooks[i], false));
        if (json_object_set_new(call->out, "playbooks", list))
                return out_of_memory(call);
        return 0;
}

static const struct playbook *wanted(struct act_call *call)
{
        const char *id = act_text(call, "playbook");
        const struct playbook *playbook =
                call->world->playbooks ? playbooks_find(call->world->playbooks, id) : NULL;

        if (!playbook)
                act_refuse(call, -ENOENT, "aucun plan d’action « %s » ; la liste : garde playbook list",
                           "no playbook “%s”; the list: garde playbook list", id);
        return playbook;
}

static int run_show(struct act_call *call)
{
        const struct playbook *playbook = wanted(call);

        if (!playbook)
                return -ENOENT;
        return json_object_set_new(call->out, "playbook", playbook_to_json(playbook, true))
                       ? out_of_memory(call)
                       : 0;
}

static int run_cacao(struct act_call *call)
{
        const char *word = act_text(call, "language");
        enum language language = call->caller->english ? LANGUAGE_EN : LANGUAGE_FR;
        const struct playbook *playbook = wanted(call);
        json_t *json;

        if (!playbook)
                return -ENOENT;
        if (word[0] && language_parse(word, &language))
                return act_refuse(call, -EINVAL, "la langue est fr ou en", "the language is fr or en");
        json = cacao_from_playbook(playbook, language);
        call->blob.bytes = json ? json_dumps(json, JSON_INDENT(2) | JSON_SORT_KEYS) : NULL;
        json_decref(json);
        if (!call->blob.bytes)
                return out_of_memory(call);
        call->blob.length = strlen(call->blob.bytes);
        strcpy(call->blob.type, "application/json");
        snprintf(call->blob.name, sizeof(call->blob.name), "%s.cacao.json", playbook->id);
        return 0;
}

/* ---- tasks ---- */

/* The whole list, since one tick may stand for another playbook's too. */
static int answer(struct act_call *call)
{
        json_t *tasks = NULL;
        int r = desk_tasks(call->world->desk, act_text(call, "incident"), &tasks, &call->error);

        if (r)
                return r;
        return json_object_set_new(call->out, "tasks", tasks) ? out_of_memory(call) : 0;
}

static int run_set(struct act_call *call)
{
        struct desk_tick tick = {.incident = act_text(call, "incident"),
                                 .task = act_text(call, "task"),
                                 .author = act_author(call),
                                 .reason = act_text(call, "reason"),
                                 .note = act_text(call, "note"),
                                 .at_ms = act_time(call, "at")};
        int r;

        if (task_state_parse(act_text(call, "state"), &tick.state))
                return act_refuse(call, -EINVAL, "une tâche se met à : open, done ou skipped",
                                  "a task is set to one of: open, done, skipped");
        r = desk_tick(call->world->desk, &tick, &call->error);
        return r ? r : answer(call);
}

static int run_add(struct act_call *call)
{
        int r = desk_follow(call->world->desk, act_text(call, "incident"), act_text(call, "playbook"),
                            act_author(call), &call->error);

        return r ? r : answer(call);
}

#define INCIDENT                                                                                             \
        {                                                                                                    \
                .name = "incident", .type = ACT_TEXT, .flags = ACT_PATH, .max = 31,                          \
                .fr = "identifiant de l’incident", .en = "id of the incident"                                \
        }

static const struct act_param show_params[] = {{.name = "playbook",
                                                .type = ACT_TEXT,
                                                .flags = ACT_PATH,
                                                .max = PLAYBOOK_ID_SIZE - 1,
                                                .fr = "identifiant du plan d’action",
                                                .en = "id of the playbook"},
                                               {0}};
static const struct act_param cacao_params[] = {
        {.name = "playbook",
         .type = ACT_TEXT,
         .flags = ACT_PATH,
         .max = PLAYBOOK_ID_SIZE - 1,
         .fr = "identifiant du plan d’action",
         .en = "id of the playbook"},
        {.name = "language", .type = ACT_TEXT, .max = 2, .fr = "fr ou en", .en = "fr or en"},
        {0}};
static const struct act_param tasks_params[] = {INCIDENT, {0}};
static const struct act_param set_params[] = {
        INCIDENT,
        {.name = "task",
         .type = ACT_TEXT,
         .flags = ACT_PATH,
         .max = TASK_ID_SIZE - 1,
         .fr = "identifiant de la tâche : plan.pas",
         .en = "id of the task: playbook.step"},
        {.name = "state",
         .type = ACT_TEXT,
         .flags = ACT_REQUIRED,
         .max = 15,
         .fr = "open, done ou skipped",
         .en = "open, done or skipped"},
        {.name = "reason",
         .type = ACT_TEXT,
         .max = 4096,
         .fr = "pourquoi elle ne sera pas faite (skipped)",
         .en = "why it will not be done (skipped)"},
        {.name = "note", .type = ACT_TEXT, .max = 4096, .fr = "remarque", .en = "remark"},
        {.name = "at",
         .type = ACT_TIME,
         .fr = "quand c’était fait (saisie après coup)",
         .en = "when it was done (typed in later)"},
        {0}};
static const struct act_param add_params[] = {INCIDENT,
                                              {.name = "playbook",
                                               .type = ACT_TEXT,
                                               .flags = ACT_REQUIRED,
                                               .max = PLAYBOOK_ID_SIZE - 1,
                                               .fr = "identifiant du plan d’action",
                                               .en = "id of the playbook"},
                                              {0}};

static const struct act acts[] = {
        {.name = "playbook.list",
         .method = ACT_GET,
         .path = "/playbooks",
         .result = "PlaybookList",
         .fr = "Les plans d’action",
         .en = "The playbooks",
         .run = run_list},
        {.name = "playbook.show",
         .method = ACT_GET,
         .path = "/playbooks/{playbook}",
         .result = "PlaybookWhole",
         .fr = "Un plan d’action, avec ses pas",
         .en = "One playbook, with its steps",
         .params = show_params,
         .run = run_show},
        {.name = "playbook.cacao",
         .method = ACT_GET,
         .path = "/playbooks/{playbook}/cacao",
         .result = "application/json",
         .fr = "Un plan d’action au format OASIS CACAO 2.0",
         .en = "One playbook in OASIS CACAO 2.0",
         .params = cacao_params,
         .run = run_cacao},
        {.name = "incident.tasks",
         .method = ACT_GET,
         .path = "/incidents/{incident}/tasks",
         .result = "TaskList",
         .fr = "Les tâches d’un incident, avec ce qui en est fait",
         .en = "An incident’s tasks, and what became of each",
         .params = tasks_params,
         .run = answer},
        {.name = "task.set",
         .method = ACT_POST,
         .path = "/incidents/{incident}/tasks/{task}",
         .roles = ACT_WRITERS,
         .result = "TaskList",
         .fr = "Cocher une tâche, l’écarter ou la rouvrir",
         .en = "Tick a task, skip it or open it again",
         .params = set_params,
         .run = run_set},
        {.name = "incident.playbook.add",
         .method = ACT_POST,
         .path = "/incidents/{incident}/playbooks",
         .roles = ACT_WRITERS,
         .result = "TaskList",
         .fr = "Suivre un plan d’action de plus",
         .en = "Follow one more playbook",
         .params = add_params,
         .run = run_add},
};

const struct act_table acts_playbook = {acts, ARRAY_LEN(acts)};
