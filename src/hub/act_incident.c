/* SPDX-License-Identifier: EUPL-1.2 */
/* Incidents: list, look, open, answer, qualify, close, reopen. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/acts.h"
#include "hub/desk_tasks.h"
#include "hub/status.h"
#include "hub/world.h"
#include "obligation/duty.h"

#define INCIDENT                                                                                             \
        {                                                                                                    \
                .name = "incident", .type = ACT_TEXT, .flags = ACT_PATH, .max = 31,                          \
                .fr = "identifiant de l’incident", .en = "id of the incident"                                \
        }

static bool is_asked_for(const struct act_call *call, const struct casebook_brief *brief)
{
        const char *kind = act_text(call, "kind");

        return (casebook_is_pending(brief) || act_flag(call, "all")) &&
               (!kind[0] || !strcmp(kind, brief->kind));
}

static int run_list(struct act_call *call)
{
        struct casebook *book = desk_book(call->world->desk);
        const char *after = act_text(call, "after");
        bool newest = act_flag(call, "newest");
        size_t count = casebook_count(book), at = casebook_after(book, after);
        struct act_page page;

        act_page_begin(call, &page);
        if (newest) /* from the end, or from just before `after` */
                at = after[0] ? count - at + (at > 0 && !strcmp(casebook_brief(book, at - 1)->id.text, after))
                              : 0;
        for (; at < count && !page.next[0]; at++) {
                const struct casebook_brief *brief = casebook_brief(book, newest ? count - 1 - at : at);
                const struct incident *incident;

                if (!is_asked_for(call, brief) || !act_page_wants(&page, brief->id.text))
                        continue;
                incident = casebook_incident(book, brief->id.text);
                if (incident)
                        json_array_append_new(page.list, status_incident_brief(book, incident));
        }
        return act_page_end(call, &page, "incidents");
}

static void mark_measures(const struct world *world, json_t *whole)
{
        json_t *measure;
        size_t index;

        json_array_foreach(json_object_get(whole, "measures"), index, measure)
                world_mark_measure(world, measure);
}

/* The incident whole, as the answer to whatever was done to it. */
static int answer(struct act_call *call, const char *id)
{
        struct casebook *book = desk_book(call->world->desk);
        const struct incident *incident = casebook_incident(book, id);
        json_t *whole, *tasks = NULL;
        int r;

        if (!incident)
                return act_refuse(call, -ENOENT,
                                  "aucun incident « %s » ; la liste : garde incident list --all",
                                  "no incident “%s”; the list: garde incident list --all", id);
        strcpy(call->incident, incident->id.text);
        whole = status_incident_told(book, incident, call->world->journal);
        mark_measures(call->world, whole);
        r = whole ? json_object_update(call->out, whole) : -1;
        json_decref(whole);
        if (!r && desk_tasks(call->world->desk, id, &tasks, &call->error))
                return call->error.code;
        if (r || json_object_set_new(call->out, "tasks", tasks))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return 0;
}

static int run_show(struct act_call *call)
{
        return answer(call, act_text(call, "incident"));
}

static int run_open(struct act_call *call)
{
        const struct desk_opening opening = {.kind = act_text(call, "kind"),
                                             .subject = act_text(call, "subject"),
                                             .title = act_json(call, "title"),
                                             .author = act_author(call),
                                             .at_ms = act_time(call, "at")};
        struct id id = {0};
        int r = desk_open(call->world->desk, &opening, &id, &call->error);

        return r ? r : answer(call, id.text);
}

static int run_fact(struct act_call *call)
{
        const char *incident = act_text(call, "incident");
        int r = desk_fact(call->world->desk, incident, act_text(call, "name"), act_text(call, "value"),
                          act_author(call), act_time(call, "at"), &call->error);

        return r ? r : answer(call, incident);
}

static int run_gravity(struct act_call *call)
{
        const char *incident = act_text(call, "incident"), *word = act_text(call, "gravity");
        enum gravity gravity = GRAVITY_NOT_QUALIFIED;
        int r = gravity_parse(word, &gravity);

        if (r)
                return act_refuse(call, -EINVAL, "la gravité est grave, significatif ou mineur, pas « %s »",
                                  "gravity is grave, significatif or mineur, not “%s”", word);
        r = desk_gravity(call->world->desk, incident, gravity, act_author(call), &call->error);
        return r ? r : answer(call, incident);
}

static int run_close(struct act_call *call)
{
        const char *incident = act_text(call, "incident");
        int r = desk_close(call->world->desk, incident, act_author(call), act_text(call, "reason"),
                           &call->error);

        return r ? r : answer(call, incident);
}

/* Closing over a duty that is due is one person's word against the law; without a reason it is refused before anybody is asked. */
static bool closes_over_a_duty(const struct act_call *call)
{
        size_t count;
        const struct obligation *list =
                casebook_obligations(desk_book(call->world->desk), act_text(call, "incident"), &count);

        for (size_t i = 0; i < count; i++)
                if (duty_is_owed(&list[i]))
                        return act_text(call, "reason")[0] != '\0';
        return false;
}

static int run_reopen(struct act_call *call)
{
        const char *incident = act_text(call, "incident");
        int r = desk_reopen(call->world->desk, incident, act_author(call), act_text(call, "reason"),
                            &call->error);

        return r ? r : answer(call, incident);
}

static const struct act_param list_params[] = {
        {.name = "all",
         .type = ACT_BOOLEAN,
         .fr = "les incidents fermés aussi, et non seulement ceux qui doivent encore",
         .en = "closed incidents too, and not those alone that still owe"},
        {.name = "kind", .type = ACT_TEXT, .max = 31, .fr = "ce genre seulement", .en = "this kind alone"},
        {0}};
static const struct act_param show_params[] = {INCIDENT, {0}};
static const struct act_param open_params[] = {
        {.name = "kind", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = 31, .fr = "genre", .en = "kind"},
        {.name = "subject", .type = ACT_TEXT, .max = 63, .fr = "ce qui est touché", .en = "what is hit"},
        {.name = "title", .type = ACT_BITEXT, .max = 160, .fr = "intitulé", .en = "title"},
        {.name = "at", .type = ACT_TIME, .fr = "quand cela a commencé", .en = "when it began"},
        {0}};
static const struct act_param fact_params[] = {
        INCIDENT,
        {.name = "name",
         .type = ACT_TEXT,
         .flags = ACT_REQUIRED,
         .max = 63,
         .fr = "nom du fait",
         .en = "name of the fact"},
        {.name = "value",
         .type = ACT_TEXT,
         .flags = ACT_REQUIRED,
         .max = FACT_TEXT_MAX,
         .fr = "la réponse, « je ne sais pas » comprise",
         .en = "the answer, “I don’t know” included"},
        {.name = "at", .type = ACT_TIME, .fr = "quand il en était ainsi", .en = "when it was so"},
        {0}};
static const struct act_param gravity_params[] = {INCIDENT,
                                                  {.name = "gravity",
                                                   .type = ACT_TEXT,
                                                   .flags = ACT_REQUIRED,
                                                   .max = 31,
                                                   .fr = "gravité",
                                                   .en = "gravity"},
                                                  {0}};
static const struct act_param close_params[] = {
        INCIDENT,
        {.name = "reason",
         .type = ACT_TEXT,
         .max = 4096,
         .fr = "pourquoi, s’il doit encore quelque chose ou si des réponses manquent",
         .en = "why, when it still owes something or answers are missing"},
        {0}};

static const struct act_param reopen_params[] = {INCIDENT,
                                                 {.name = "reason",
                                                  .type = ACT_TEXT,
                                                  .flags = ACT_REQUIRED,
                                                  .max = 4096,
                                                  .fr = "pourquoi",
                                                  .en = "why"},
                                                 {0}};

static const struct act acts[] = {
        {.name = "incident.list",
         .method = ACT_GET,
         .path = "/incidents",
         .flags = ACT_PAGED,
         .result = "IncidentList",
         .fr = "Les incidents, avec leurs obligations",
         .en = "Incidents, with their obligations",
         .params = list_params,
         .run = run_list},
        {.name = "incident.open",
         .method = ACT_POST,
         .path = "/incidents",
         .roles = ACT_WRITERS,
         .result = "IncidentWhole",
         .fr = "Ouvrir un incident à la main",
         .en = "Open an incident by hand",
         .params = open_params,
         .run = run_open},
        {.name = "incident.show",
         .method = ACT_GET,
         .path = "/incidents/{incident}",
         .result = "IncidentWhole",
         .fr = "Un incident entier",
         .en = "One incident whole",
         .params = show_params,
         .run = run_show},
        {.name = "incident.fact",
         .method = ACT_POST,
         .path = "/incidents/{incident}/facts",
         .roles = ACT_WRITERS,
         .body_max = 64 * 1024,
         .result = "IncidentWhole",
         .fr = "Répondre à une question",
         .en = "Answer a question",
         .params = fact_params,
         .run = run_fact},
        {.name = "incident.gravity",
         .method = ACT_POST,
         .path = "/incidents/{incident}/gravity",
         .roles = ACT_ROLE(RESPONDER) | ACT_LAW,
         .flags = ACT_SEAL,
         .result = "IncidentWhole",
         .fr = "Décider de la gravité",
         .en = "Decide the gravity",
         .params = gravity_params,
         .run = run_gravity},
        {.name = "incident.close",
         .method = ACT_POST,
         .path = "/incidents/{incident}/close",
         .roles = ACT_ROLE(RESPONDER) | ACT_LAW,
         .flags = ACT_SEAL | ACT_TWO_PERSON,
         .result = "IncidentWhole",
         .fr = "Fermer un incident",
         .en = "Close an incident",
         .params = close_params,
         .run = run_close,
         .wide = closes_over_a_duty},
        {.name = "incident.reopen",
         .method = ACT_POST,
         .path = "/incidents/{incident}/reopen",
         .roles = ACT_ROLE(RESPONDER) | ACT_LAW,
         .flags = ACT_SEAL,
         .result = "IncidentWhole",
         .fr = "Rouvrir un incident fermé",
         .en = "Open a closed incident again",
         .params = reopen_params,
         .run = run_reopen},
};

const struct act_table acts_incident = {acts, ARRAY_LEN(acts)};
