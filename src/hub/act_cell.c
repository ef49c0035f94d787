/* SPDX-License-Identifier: EUPL-1.2 */
/* The crisis cell: what happened, what was decided, who hands over to whom, what the public is told, whom to call. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/acts.h"
#include "hub/contacts.h"
#include "hub/status_page.h"
#include "hub/timeline.h"
#include "hub/world.h"
#include "journal/journal.h"

#define TEXT_MAX     4000
#define CONTACTS_MAX (192 * 1024) /* bytes of the whole list */
#define STATUS_MAX   200          /* entries of the public page */

/* ---- what happened ---- */

struct telling {
        struct act_call *call;
        json_t *list;
        size_t limit;
        uint64_t last;
        bool more;
};

static int tell_record(void *context, const struct record *record)
{
        struct telling *telling = context;
        json_t *entry;

        if (json_array_size(telling->list) == telling->limit) {
                telling->more = true;
                return 1;
        }
        entry = timeline_entry(telling->call->world->catalogue, record);
        telling->last = record->seq;
        return json_array_append_new(telling->list, entry) ? -ENOMEM : 0;
}

static const struct incident *find_incident(struct act_call *call)
{
        const char *id = act_text(call, "incident");
        const struct incident *incident = casebook_incident(desk_book(call->world->desk), id);

        if (!incident)
                act_refuse(call, -ENOENT, "aucun incident « %s » ; la liste : garde incident list --all",
                           "no incident “%s”; the list: garde incident list --all", id);
        return incident;
}

static int run_timeline(struct act_call *call)
{
        const struct incident *incident = find_incident(call);
        bool newest = act_flag(call, "newest");
        struct telling telling = {.call = call, .limit = ACT_PAGE_DEFAULT};
        int64_t after = act_integer(call, "after_seq", -1), limit = act_integer(call, "limit", 0);
        uint64_t from = newest ? (after < 0 ? UINT64_MAX : (uint64_t)after) : (uint64_t)(after + 1);
        int r;

        if (!incident)
                return call->error.code;
        if (limit > 0)
                telling.limit = (size_t)limit;
        telling.list = json_array();
        r = journal_read_about(call->world->journal, incident->id.text, from, newest, tell_record, &telling,
                               &call->error);
        if (r < 0) {
                json_decref(telling.list);
                return r;
        }
        if (json_object_set_new(call->out, "entries", telling.list) ||
            json_object_set_new(call->out, "next",
                                telling.more ? json_integer((json_int_t)telling.last) : json_null()))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return 0;
}

/* ---- what is written down ---- */

/* One record about the incident, what was typed beside it. `extra` is consumed. */
static int write_down(struct act_call *call, enum record_type type, json_t *extra, const char *text)
{
        struct desk_entry entry = {.incident = act_text(call, "incident"),
                                   .type = type,
                                   .author = act_author(call),
                                   .at_ms = act_time(call, "at"),
                                   .body = extra,
                                   .text = text};
        uint64_t seq = 0;
        int r = desk_write(call->world->desk, &entry, &seq, &call->error);

        json_decref(extra);
        if (!r && json_object_set_new(call->out, "seq", json_integer((json_int_t)seq)))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return r;
}

static int run_note(struct act_call *call)
{
        return write_down(call, RECORD_TYPE_NOTE, json_object(), act_text(call, "text"));
}

static int run_decide(struct act_call *call)
{
        return write_down(call, RECORD_TYPE_DECISION_TAKEN, json_object(), act_text(call, "text"));
}

static int run_hand_over(struct act_call *call)
{
        return write_down(call, RECORD_TYPE_SHIFT_HANDED, json_pack("{s:s}", "to", act_text(call, "to")),
                          act_text(call, "text"));
}

/* When the situation is to be judged anew. ANSSI advises every twelve hours. */
static int run_revise(struct act_call *call)
{
        int64_t at_ms = act_time(call, "next");
        char at[TIME_TEXT_SIZE];

        if (at_ms <= clock_wall_ms(call->world->clock))
                return act_refuse(call, -EINVAL, "le prochain point se fixe dans l’avenir",
                                  "the next review lies in the future");
        time_format(at_ms, at);
        return write_down(call, RECORD_TYPE_NOTE,
                          json_pack("{s:s, s:s, s:{s:s, s:s, s:{s:s, s:s}}}", "about", "revise", "next", at,
                                    "document", "kind", "review", "id", act_text(call, "incident"), "json",
                                    "incident", act_text(call, "incident"), "next", at),
                          act_text(call, "text"));
}

/* ---- what the public is told ---- */

static json_t *both(const json_t *text)
{
        const char *fr = json_string_value(json_object_get(text, "fr")),
                   *en = json_string_value(json_object_get(text, "en"));

        return json_pack("{s:s, s:s}", "fr", fr && *fr ? fr : en, "en", en && *en ? en : fr);
}

/* Published is published: the text is no personal one, it stands in the record and on the page. */
static int run_publish(struct act_call *call)
{
        json_t *text = both(act_json(call, "text"));
        int64_t now_ms = clock_wall_ms(call->world->clock), at_ms = act_time(call, "at");
        char at[TIME_TEXT_SIZE];
        struct id id;

        id_make('p', call->world->clock, call->world->random, &id);
        time_format(at_ms ? at_ms : now_ms, at);
        return write_down(call, RECORD_TYPE_STATUS_PUBLISHED,
                          json_pack("{s:O, s:{s:s, s:s, s:{s:s, s:s, s:s, s:o}}}", "text", text, "document",
                                    "kind", "status", "id", id.text, "json", "id", id.text, "incident",
                                    act_text(call, "incident"), "at", at, "text", text),
                          NULL);
}

/* By the hour that is said, the newest first: what was typed in later stands where it belongs. */
static int add_status(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        const char *at = json_string_value(json_object_get(json, "at"));
        json_t *list = context;
        size_t place = json_array_size(list);

        while (place &&
               strcmp(json_string_value(json_object_get(json_array_get(list, place - 1), "at")), at) < 0)
                place--;
        if (json_array_insert_new(list, place,
                                  json_pack("{s:s, s:O}", "at", at, "text", json_object_get(json, "text"))))
                return -ENOMEM;
        return json_array_size(list) == STATUS_MAX;
}

static int run_public_status(struct act_call *call)
{
        json_t *list = json_array();
        const json_t *newest;
        int r = view_list_from(call->world->journal, "status", NULL, true, add_status, list, &call->error);

        if (r < 0) {
                json_decref(list);
                return r;
        }
        newest = json_object_get(json_array_get(list, 0), "at");
        if (json_object_set_new(call->out, "structure", json_string(call->world->config->structure.name)) ||
            json_object_set_new(call->out, "updated", newest ? json_incref((json_t *)newest) : json_null()) ||
            json_object_set_new(call->out, "entries", list))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return 0;
}

/* The same as a file, to be hosted where the public can still reach it. */
static int run_public_page(struct act_call *call)
{
        const struct config *config = call->world->config;
        json_t *list = json_array();
        struct status_page page = {.structure = config->structure.name,
                                   .zone = config->structure.timezone,
                                   .made_ms = clock_wall_ms(call->world->clock),
                                   .entries = list};
        int r = view_list_from(call->world->journal, "status", NULL, true, add_status, list, &call->error);

        if (r >= 0)
                r = status_page_html(&page, &call->blob.bytes, &call->blob.length, &call->error);
        json_decref(list);
        if (r)
                return r;
        strcpy(call->blob.type, "text/html; charset=utf-8");
        strcpy(call->blob.name, "etat.html");
        return 0;
}

/* ---- whom to call ---- */

static int run_contacts(struct act_call *call)
{
        json_t *list = NULL;
        int r = contacts_read(call->world->journal, &list, &call->error);

        if (!r && json_object_set_new(call->out, "contacts", list))
                r = act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return r;
}

static bool is_contact(const json_t *contact)
{
        static const char *const keys[] = {"name", "role", "phone", "phone2", "mail", "note", "calls"};
        const char *key;
        json_t *value;

        if (!json_is_object(contact) || !json_string_length(json_object_get(contact, "name")))
                return false;
        json_object_foreach((json_t *)contact, key, value)
        {
                bool known = false;
                for (size_t i = 0; i < ARRAY_LEN(keys); i++)
                        known |= !strcmp(keys[i], key);
                if (!known || !json_is_string(value) || json_string_length(value) > 400)
                        return false;
        }
        return true;
}

/* The whole list at once, as it is printed: whoever changes it sees it whole. */
static int run_set_contacts(struct act_call *call)
{
        const json_t *list = act_json(call, "contacts"), *contact;
        size_t index;
        int r = 0;

        if (!json_is_array(list))
                r = act_refuse(call, -EINVAL, "« contacts » doit être une liste",
                               "“contacts” must be a list");
        json_array_foreach(list, index, contact)
        {
                if (!r && !is_contact(contact))
                        r = act_refuse(call, -EINVAL,
                                       "contact n° %zu : un nom, et sinon role, phone, phone2, mail, note, "
                                       "calls ; des "
                                       "textes de 400 octets au plus",
                                       "contact %zu: a name, and else role, phone, phone2, mail, note, "
                                       "calls; texts of "
                                       "400 bytes at most",
                                       index + 1);
        }
        if (!r)
                r = contacts_write(call->world->desk, act_author(call), list, &call->error);
        return r ? r : run_contacts(call);
}

/* ---- the rows ---- */

#define INCIDENT                                                                                             \
        {                                                                                                    \
                .name = "incident", .type = ACT_TEXT, .flags = ACT_PATH, .max = 31,                          \
                .fr = "identifiant de l’incident", .en = "id of the incident"                                \
        }
#define TEXT                                                                                                 \
        {                                                                                                    \
                .name = "text", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = TEXT_MAX, .fr = "texte",     \
                .en = "text"                                                                                 \
        }
#define AT                                                                                                   \
        {                                                                                                    \
                .name = "at", .type = ACT_TIME, .fr = "quand il en était ainsi", .en = "when it was so"      \
        }

static const struct act_param timeline_params[] = {
        INCIDENT,
        {.name = "after_seq",
         .type = ACT_INTEGER,
         .fr = "à la suite de cet enregistrement",
         .en = "behind this record"},
        {.name = "limit",
         .type = ACT_INTEGER,
         .max = ACT_PAGE_MAX,
         .fr = "combien au plus",
         .en = "how many at most"},
        {.name = "newest", .type = ACT_BOOLEAN, .fr = "les plus récents d’abord", .en = "the newest first"},
        {0}};
static const struct act_param note_params[] = {INCIDENT, TEXT, AT, {0}};
static const struct act_param hand_over_params[] = {
        INCIDENT,
        TEXT,
        AT,
        {.name = "to", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = 63, .fr = "à qui", .en = "to whom"},
        {0}};
static const struct act_param revise_params[] = {INCIDENT,
                                                 {.name = "next",
                                                  .type = ACT_TIME,
                                                  .flags = ACT_REQUIRED,
                                                  .fr = "prochain point de situation",
                                                  .en = "next review"},
                                                 {.name = "text",
                                                  .type = ACT_TEXT,
                                                  .max = TEXT_MAX,
                                                  .fr = "ce qui a été jugé",
                                                  .en = "what was judged"},
                                                 {0}};
static const struct act_param publish_params[] = {INCIDENT,
                                                  {.name = "text",
                                                   .type = ACT_BITEXT,
                                                   .flags = ACT_REQUIRED,
                                                   .max = TEXT_MAX,
                                                   .fr = "ce que l’on dit au public",
                                                   .en = "what the public is told"},
                                                  AT,
                                                  {0}};
static const struct act_param contacts_params[] = {{.name = "contacts",
                                                    .type = ACT_JSON,
                                                    .flags = ACT_REQUIRED,
                                                    .max = CONTACTS_MAX,
                                                    .fr = "la liste entière",
                                                    .en = "the whole list"},
                                                   {0}};

static const struct act acts[] = {
        {.name = "incident.timeline",
         .method = ACT_GET,
         .path = "/incidents/{incident}/timeline",
         .result = "Timeline",
         .fr = "Ce qui s’est passé, enregistrement par enregistrement",
         .en = "What happened, record by record",
         .params = timeline_params,
         .run = run_timeline},
        {.name = "incident.note",
         .method = ACT_POST,
         .path = "/incidents/{incident}/notes",
         .roles = ACT_WRITERS,
         .result = "Seq",
         .fr = "Noter",
         .en = "Note",
         .params = note_params,
         .run = run_note},
        {.name = "incident.decide",
         .method = ACT_POST,
         .path = "/incidents/{incident}/decisions",
         .roles = ACT_ROLE(RESPONDER) | ACT_LAW,
         .flags = ACT_SEAL,
         .result = "Seq",
         .fr = "Inscrire une décision",
         .en = "Write down a decision",
         .params = note_params,
         .run = run_decide},
        {.name = "incident.handover",
         .method = ACT_POST,
         .path = "/incidents/{incident}/handover",
         .roles = ACT_ROLE(RESPONDER) | ACT_LAW,
         .result = "Seq",
         .fr = "Passer la relève",
         .en = "Hand over the shift",
         .params = hand_over_params,
         .run = run_hand_over},
        {.name = "incident.revise",
         .method = ACT_POST,
         .path = "/incidents/{incident}/revise",
         .roles = ACT_ROLE(RESPONDER) | ACT_LAW,
         .result = "Seq",
         .fr = "Fixer le prochain point de situation",
         .en = "Set the next review",
         .params = revise_params,
         .run = run_revise},
        {.name = "incident.publish",
         .method = ACT_POST,
         .path = "/incidents/{incident}/status",
         .roles = ACT_LAW,
         .flags = ACT_SEAL | ACT_TWO_PERSON,
         .body_max = 32 * 1024,
         .result = "Seq",
         .fr = "Publier une nouvelle sur la page publique",
         .en = "Publish news on the public page",
         .params = publish_params,
         .run = run_publish},
        {.name = "public.status",
         .method = ACT_GET,
         .path = "/public/status",
         .flags = ACT_PUBLIC,
         .result = "PublicStatus",
         .fr = "La page publique : ce que l’on dit de l’incident",
         .en = "The public page: what is said of the incident",
         .run = run_public_status},
        {.name = "public.page",
         .method = ACT_GET,
         .path = "/public/page",
         .flags = ACT_PUBLIC,
         .result = "text/html",
         .fr = "La page publique en un seul fichier, sans script, à héberger ailleurs",
         .en = "The public page as one file, without script, to be hosted elsewhere",
         .run = run_public_page},
        {.name = "contact.list",
         .method = ACT_GET,
         .path = "/contacts",
         .result = "ContactList",
         .fr = "L’annuaire de crise",
         .en = "The call tree",
         .run = run_contacts},
        {.name = "contact.set",
         .method = ACT_PUT,
         .path = "/contacts",
         .roles = ACT_RESPONDERS,
         .body_max = CONTACTS_MAX + 4096,
         .result = "ContactList",
         .fr = "Remplacer l’annuaire de crise",
         .en = "Replace the call tree",
         .params = contacts_params,
         .run = run_set_contacts},
};

const struct act_table acts_cell = {acts, ARRAY_LEN(acts)};
