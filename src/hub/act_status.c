/* SPDX-License-Identifier: EUPL-1.2 */
/* The present state, and the questions there are. */
#include <errno.h>

#include "base/cleanup.h"
#include "hub/acts.h"
#include "hub/world.h"

static int run_status(struct act_call *call)
{
        json_t *status = world_status(call->world);
        int r = status ? json_object_update(call->out, status) : -1;

        json_decref(status);
        return r ? act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory") : 0;
}

static const char *type_word(enum fact_type type)
{
#define TYPE_WORD(name, word) word,
        static const char *const words[] = {FACT_TYPES(TYPE_WORD)};
#undef TYPE_WORD
        return words[type];
}

static json_t *choices_json(const struct fact_kind *kind)
{
        json_t *list = json_array();

        for (size_t i = 0; i < kind->choice_count; i++)
                json_array_append_new(list, json_pack("{s:s, s:o}", "word", kind->choices[i].word, "label",
                                                      bitext_to_json(&kind->choices[i].label)));
        return list;
}

static json_t *kind_json(const struct fact_kind *kind)
{
        json_t *json = json_pack("{s:s, s:s, s:o, s:o, s:o, s:b, s:o}", "name", kind->name, "type",
                                 type_word(kind->type), "label", bitext_to_json(&kind->label), "question",
                                 bitext_to_json(&kind->question), "who", bitext_to_json(&kind->who),
                                 "by_person", kind->by_person, "choices", choices_json(kind));

        if (json && kind->unit.fr)
                json_object_set_new(json, "unit", bitext_to_json(&kind->unit));
        return json;
}

static int run_facts(struct act_call *call)
{
        json_t *list = json_array();

        for (size_t i = 0; i < call->world->catalogue->count; i++)
                json_array_append_new(list, kind_json(&call->world->catalogue->kinds[i]));
        if (json_object_set_new(call->out, "facts", list))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return 0;
}

static const struct act acts[] = {
        {.name = "status",
         .method = ACT_GET,
         .path = "/status",
         .result = "Status",
         .fr = "L’état présent : trafic, mesures en place, incidents ouverts, journal",
         .en = "The present state: traffic, standing measures, open incidents, journal",
         .run = run_status},
        {.name = "fact.list",
         .method = ACT_GET,
         .path = "/facts",
         .result = "FactList",
         .fr = "Les questions qu’un incident peut poser",
         .en = "The questions that an incident may ask",
         .run = run_facts},
};

const struct act_table acts_status = {acts, ARRAY_LEN(acts)};
