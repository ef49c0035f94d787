/* SPDX-License-Identifier: EUPL-1.2 */
/* Legal duties: which are owed, handing in, writing down why not; papers that were made. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/json_text.h"
#include "hub/acts.h"
#include "hub/world.h"
#include "journal/journal.h"
#include "obligation/phase.h"

struct listing {
        struct act_page page;
        bool owed;
};

static int add_document(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct listing *listing = context;
        const char *state = json_string_value(json_object_get(json, "state"));

        if (listing->owed && (!state || strcmp(state, "due")))
                return 0;
        if (act_page_wants(&listing->page, id))
                return json_array_append(listing->page.list, (json_t *)json) ? -ENOMEM : 0;
        return listing->page.next[0] ? 1 : 0;
}

static int add_text(void *context, const char *id, const char *json, size_t length)
{
        struct listing *listing = context;

        if (act_page_wants(&listing->page, id))
                return json_array_append_new(listing->page.list, json_text_raw(json, length)) ? -ENOMEM : 0;
        return listing->page.next[0] ? 1 : 0;
}

static int run_list(struct act_call *call)
{
        const char *incident = act_text(call, "incident");
        struct listing listing = {.owed = act_flag(call, "owed")};
        struct journal *journal = call->world->journal;
        int r;

        act_page_begin(call, &listing.page);
        if (incident[0] && !listing.owed)
                r = view_text_of(journal, "obligation", incident, add_text, &listing, &call->error);
        else if (incident[0])
                r = view_list_of(journal, "obligation", incident, add_document, &listing, &call->error);
        else if (listing.owed)
                r = view_list_in(journal, "obligation", obligation_state_word(OBLIGATION_STATE_DUE),
                                 act_text(call, "after"), act_flag(call, "newest"), add_document, &listing,
                                 &call->error);
        else
                r = view_list_from(journal, "obligation", act_text(call, "after"), act_flag(call, "newest"),
                                   add_document, &listing, &call->error);
        if (r < 0) {
                json_decref(listing.page.list);
                return r;
        }
        return act_page_end(call, &listing.page, "obligations");
}

/* All of the incident's, since one that is handed in may start the clock of another. */
static int answer(struct act_call *call)
{
        struct casebook *book = desk_book(call->world->desk);
        const struct obligation *acted = casebook_obligation(book, act_text(call, "obligation"));
        json_t *list;

        if (acted)
                strcpy(call->incident, acted->incident.text);
        list = acted ? casebook_obligations_told(book, call->incident) : json_array();
        if (json_object_set_new(call->out, "obligations", list))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return 0;
}

static int run_file(struct act_call *call)
{
        const char *phase = act_text(call, "phase");
        struct filing filing = {.at_ms = act_time(call, "at")};
        int r = phase_parse(phase[0] ? phase : filing_phase_word(FILING_PHASE_INITIAL), &filing.phase,
                            &call->error);

        if (r)
                return r;
        snprintf(filing.by, sizeof(filing.by), "%s", act_author(call));
        snprintf(filing.receipt, sizeof(filing.receipt), "%s", act_text(call, "receipt"));
        snprintf(filing.channel, sizeof(filing.channel), "%s", act_text(call, "channel"));
        r = desk_file(call->world->desk, act_text(call, "obligation"), &filing, act_text(call, "late_reason"),
                      &call->error);
        return r ? r : answer(call);
}

static int run_waive(struct act_call *call)
{
        int r = desk_waive(call->world->desk, act_text(call, "obligation"), act_author(call),
                           act_text(call, "reason"), &call->error);

        return r ? r : answer(call);
}

static int run_declared(struct act_call *call)
{
        const json_t *files = act_json(call, "files");
        uint64_t seq = 0;
        int r;

        if (!json_is_object(files))
                return act_refuse(call, -EINVAL, "« files » doit être un objet de noms et d’empreintes",
                                  "“files” must be an object of names and hashes");
        r = desk_declared(call->world->desk, act_text(call, "incident"), act_text(call, "rule"),
                          act_author(call), files, &seq, &call->error);
        if (!r && json_object_set_new(call->out, "seq", json_integer((json_int_t)seq)))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return r;
}

#define OBLIGATION                                                                                           \
        {                                                                                                    \
                .name = "obligation", .type = ACT_TEXT, .flags = ACT_PATH, .max = 31,                        \
                .fr = "identifiant de l’obligation", .en = "id of the obligation"                            \
        }

static const struct act_param list_params[] = {
        {.name = "incident",
         .type = ACT_TEXT,
         .max = 31,
         .fr = "celles de cet incident",
         .en = "those of this incident"},
        {.name = "owed", .type = ACT_BOOLEAN, .fr = "celles qui sont dues", .en = "those that are owed"},
        {0}};
static const struct act_param file_params[] = {
        OBLIGATION,
        {.name = "receipt", .type = ACT_TEXT, .max = 127, .fr = "accusé de réception", .en = "receipt"},
        {.name = "at", .type = ACT_TIME, .fr = "quand elle est partie", .en = "when it went out"},
        {.name = "phase",
         .type = ACT_TEXT,
         .max = 15,
         .fr = "initial, complement ou closing",
         .en = "initial, complement or closing"},
        {.name = "channel", .type = ACT_TEXT, .max = 31, .fr = "par quelle voie", .en = "by which way"},
        {.name = "late_reason",
         .type = ACT_TEXT,
         .max = 4096,
         .fr = "pourquoi si tard, quand son heure est passée",
         .en = "why so late, when its hour has passed"},
        {0}};
static const struct act_param waive_params[] = {OBLIGATION,
                                                {.name = "reason",
                                                 .type = ACT_TEXT,
                                                 .flags = ACT_REQUIRED,
                                                 .max = 4096,
                                                 .fr = "pourquoi",
                                                 .en = "why"},
                                                {0}};
static const struct act_param declared_params[] = {
        {.name = "incident",
         .type = ACT_TEXT,
         .flags = ACT_PATH,
         .max = 31,
         .fr = "incident",
         .en = "incident"},
        {.name = "rule", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = 63, .fr = "règle", .en = "rule"},
        {.name = "files",
         .type = ACT_JSON,
         .flags = ACT_REQUIRED,
         .max = 64 * 1024,
         .fr = "nom et SHA-256 de chacun",
         .en = "name and SHA-256 of each"},
        {0}};

static const struct act acts[] = {
        {.name = "obligation.list",
         .method = ACT_GET,
         .path = "/obligations",
         .flags = ACT_PAGED,
         .result = "ObligationList",
         .fr = "Les obligations légales",
         .en = "Legal duties",
         .params = list_params,
         .run = run_list},
        {.name = "obligation.file",
         .method = ACT_POST,
         .path = "/obligations/{obligation}/file",
         .roles = ACT_WRITERS,
         .flags = ACT_SEAL,
         .result = "ObligationList",
         .fr = "Noter qu’une déclaration est partie",
         .en = "Note that a declaration went out",
         .params = file_params,
         .run = run_file},
        {.name = "obligation.waive",
         .method = ACT_POST,
         .path = "/obligations/{obligation}/waive",
         .roles = ACT_LAW,
         .flags = ACT_SEAL,
         .result = "ObligationList",
         .fr = "Écrire pourquoi une obligation n’est pas remplie",
         .en = "Write down why a duty is not fulfilled",
         .params = waive_params,
         .run = run_waive},
        {.name = "declaration.made",
         .method = ACT_POST,
         .path = "/incidents/{incident}/declarations",
         .roles = ACT_WRITERS,
         .flags = ACT_SEAL | ACT_SOCKET_ONLY,
         .body_max = 64 * 1024,
         .result = "Seq",
         .fr = "Inscrire que des papiers ont été faits",
         .en = "Write down that papers were made",
         .params = declared_params,
         .run = run_declared},
};

const struct act_table acts_obligation = {acts, ARRAY_LEN(acts)};
