/* SPDX-License-Identifier: EUPL-1.2 */
/* The register: its head, its records, erasing what is personal. */
#include <errno.h>

#include "base/cleanup.h"
#include "hub/acts.h"
#include "hub/world.h"
#include "journal/journal.h"

static int run_head(struct act_call *call)
{
        struct head head;
        int r = journal_head(call->world->journal, &head, &call->error);

        if (!r && json_object_set_new(call->out, "head", head_to_json(&head)))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return r;
}

struct reading {
        json_t *list;
        size_t limit;
        uint64_t last;
        bool more;
};

/* A record as it is hashed, without the texts that stand beside it: those are read with their incident. */
static json_t *record_json(const struct record *record)
{
        char time[TIME_TEXT_SIZE];

        time_format(record->time_ms, time);
        return json_pack("{s:I, s:s, s:s, s:s, s:s, s:O}", "seq", (json_int_t)record->seq, "time", time,
                         "type", record_type_word(record->type), "subject", record->subject, "author",
                         record->author, "body", record->body);
}

static int read_record(void *context, const struct record *record)
{
        struct reading *reading = context;

        if (json_array_size(reading->list) == reading->limit) {
                reading->more = true;
                return 1;
        }
        reading->last = record->seq;
        return json_array_append_new(reading->list, record_json(record)) ? -ENOMEM : 0;
}

static int run_records(struct act_call *call)
{
        int64_t after = act_integer(call, "after_seq", -1), limit = act_integer(call, "limit", 0);
        struct reading reading = {.list = json_array(),
                                  .limit = limit > 0 ? (size_t)limit : ACT_PAGE_DEFAULT};
        int r = journal_read(call->world->journal, (uint64_t)(after + 1), UINT64_MAX, read_record, &reading,
                             &call->error);

        if (r < 0) {
                json_decref(reading.list);
                return r;
        }
        if (json_object_set_new(call->out, "records", reading.list) ||
            json_object_set_new(call->out, "next",
                                reading.more ? json_integer((json_int_t)reading.last) : json_null()))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return 0;
}

static int run_erase(struct act_call *call)
{
        uint64_t erased = 0;
        int r = journal_erase_personal(call->world->journal, (uint64_t)act_integer(call, "seq", 0),
                                       act_text(call, "name"), act_author(call), act_text(call, "reason"),
                                       &erased, &call->error);

        if (r == JOURNAL_LATER)
                r = 0;
        if (!r)
                casebook_forget(desk_book(call->world->desk));
        if (!r && json_object_set_new(call->out, "seq", json_integer((json_int_t)erased)))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return r;
}

static const struct act_param erase_params[] = {{.name = "seq",
                                                 .type = ACT_INTEGER,
                                                 .flags = ACT_REQUIRED,
                                                 .fr = "numéro de l’enregistrement",
                                                 .en = "number of the record"},
                                                {.name = "name",
                                                 .type = ACT_TEXT,
                                                 .flags = ACT_REQUIRED,
                                                 .max = 63,
                                                 .fr = "nom du texte",
                                                 .en = "name of the text"},
                                                {.name = "reason",
                                                 .type = ACT_TEXT,
                                                 .flags = ACT_REQUIRED,
                                                 .max = 4096,
                                                 .fr = "pourquoi",
                                                 .en = "why"},
                                                {0}};

static const struct act_param records_params[] = {{.name = "after_seq",
                                                   .type = ACT_INTEGER,
                                                   .fr = "à la suite de cet enregistrement",
                                                   .en = "behind this record"},
                                                  {.name = "limit",
                                                   .type = ACT_INTEGER,
                                                   .max = ACT_PAGE_MAX,
                                                   .fr = "combien au plus",
                                                   .en = "how many at most"},
                                                  {0}};

static const struct act acts[] = {
        {.name = "journal.records",
         .method = ACT_GET,
         .path = "/journal/records",
         .roles = ACT_LAW | ACT_ROLE(AUDITOR),
         .result = "Records",
         .fr = "Les enregistrements du journal, dans l’ordre",
         .en = "The journal’s records, in order",
         .params = records_params,
         .run = run_records},
        {.name = "journal.head",
         .method = ACT_GET,
         .path = "/journal/head",
         .result = "Head",
         .fr = "Signer et donner la tête du journal",
         .en = "Sign and give the journal’s head",
         .run = run_head},
        {.name = "journal.erase",
         .method = ACT_POST,
         .path = "/journal/erase",
         .roles = ACT_LAW,
         .flags = ACT_SEAL | ACT_TWO_PERSON,
         .result = "Seq",
         .fr = "Effacer un texte personnel ; la chaîne reste vérifiable",
         .en = "Erase a personal text; the chain still verifies",
         .params = erase_params,
         .run = run_erase},
};

const struct act_table acts_journal = {acts, ARRAY_LEN(acts)};
