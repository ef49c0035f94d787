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

static int run_erase(struct act_call *call)
{
        uint64_t erased = 0;
        int r = journal_erase_personal(call->world->journal, (uint64_t)act_integer(call, "seq", 0),
                                       act_text(call, "name"), act_author(call), act_text(call, "reason"),
                                       &erased, &call->error);

        if (r == JOURNAL_LATER)
                r = 0;
        if (!r)
                r = desk_reload(call->world->desk, &call->error);
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

static const struct act acts[] = {
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
