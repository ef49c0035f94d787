/* SPDX-License-Identifier: EUPL-1.2 */
/* Measures: what stands, asking for one, prolonging, lifting, forbidding. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/selector.h"
#include "hub/acts.h"
#include "hub/world.h"
#include "journal/journal.h"

struct listing {
        struct act_call *call;
        struct act_page page;
        const char *incident;
};

/* From the journal: all there ever were. Stops when the page is full. */
static int add_document(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct listing *listing = context;
        const char *incident = json_string_value(json_object_get(json, "incident"));

        if (listing->incident[0] && (!incident || strcmp(incident, listing->incident)))
                return 0;
        if (act_page_wants(&listing->page, id)) {
                json_t *copy = json_copy((json_t *)json);
                world_mark_measure(listing->call->world, copy);
                return json_array_append_new(listing->page.list, copy) ? -ENOMEM : 0;
        }
        return listing->page.next[0] ? 1 : 0;
}

static int add_standing(struct listing *listing)
{
        json_t *standing = world_measures(listing->call->world), *one;
        size_t index;
        int r = standing ? 0 : -ENOMEM;

        json_array_foreach(standing, index, one)
        {
                if (!r)
                        r = add_document(listing, json_string_value(json_object_get(one, "id")), one, 0);
        }
        json_decref(standing);
        return r;
}

static int run_list(struct act_call *call)
{
        struct listing listing = {.call = call, .incident = act_text(call, "incident")};
        int r;

        act_page_begin(call, &listing.page);
        if (act_flag(call, "all"))
                r = view_list_from(call->world->journal, "measure", act_text(call, "after"),
                                   act_flag(call, "newest"), add_document, &listing, &call->error);
        else
                r = add_standing(&listing);
        if (r < 0) {
                json_decref(listing.page.list);
                return r;
        }
        return act_page_end(call, &listing.page, "measures");
}

static int answer(struct act_call *call, const char *id)
{
        const struct measure *measure = casebook_measure(desk_book(call->world->desk), id);
        json_t *json = measure ? measure_to_json(measure) : json_null();

        if (measure && id_is_set(&measure->incident))
                strcpy(call->incident, measure->incident.text);
        world_tell_edge(call->world);
        world_mark_measure(call->world, json);
        if (json_object_set_new(call->out, "measure", json))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return 0;
}

/* ---- asking ---- */

/* The services there are: as configured, else as the edge tells of them; nobody knows them before it did. */
static bool is_service(const struct world *world, const char *name)
{
        const struct config *config = world->config;
        const json_t *services = traffic_services(&world->traffic), *service;
        size_t index;

        for (unsigned i = 0; config->edge.configured && i < config->edge.service_count; i++)
                if (!strcmp(config->edge.services[i].name, name))
                        return true;
        if (config->edge.configured || !json_array_size(services))
                return !config->edge.configured;
        json_array_foreach(services, index, service)
        {
                const char *there = json_string_value(json_object_get(service, "name"));
                if (there && !strcmp(there, name))
                        return true;
        }
        return false;
}

static int kind_of(struct act_call *call, enum measure_kind *ret_kind)
{
        for (unsigned kind = 0; kind < MEASURE_KIND_COUNT; kind++) {
                if (strcmp(measure_kind_word(kind), act_text(call, "kind")))
                        continue;
                *ret_kind = kind;
                return 0;
        }
        return act_refuse(call, -EINVAL, "aucune mesure n’est de la sorte « %s »",
                          "no measure is of the kind “%s”", act_text(call, "kind"));
}

/* What could never stand is not asked of a second person, and not left to an edge that may be away. */
static int check_ask(struct act_call *call)
{
        enum measure_kind kind = MEASURE_KIND_COUNT;
        int r = kind_of(call, &kind);

        if (!r)
                r = selector_check(kind, act_json(call, "selector"), &call->error);
        if (!r && act_time(call, "until") <= clock_wall_ms(call->world->clock))
                r = act_refuse(call, -EINVAL, "une mesure finit dans l’avenir : donnez une durée (until)",
                               "a measure ends in the future: give it a time (until)");
        if (!r && !is_service(call->world, act_text(call, "subject")))
                r = act_refuse(call, -EINVAL, "aucun service protégé ne s’appelle « %s »",
                               "no protected service is called “%s”", act_text(call, "subject"));
        return r;
}

static int run_ask(struct act_call *call)
{
        char until[TIME_TEXT_SIZE];
        time_format(act_time(call, "until"), until);
        json_t *asked = json_pack("{s:s, s:s, s:O, s:s, s:O, s:s}", "kind", act_text(call, "kind"), "subject",
                                  act_text(call, "subject"), "selector", act_json(call, "selector"), "until",
                                  until, "why", act_json(call, "why"), "owner", act_author(call));
        struct id id = {0};
        int r = asked ? desk_ask(call->world->desk, asked, &id, &call->error) : -ENOMEM;

        json_decref(asked);
        return r ? r : answer(call, id.text);
}

static int run_lift(struct act_call *call)
{
        const char *measure = act_text(call, "measure");
        int r = desk_lift(call->world->desk, measure, act_author(call), act_text(call, "reason"),
                          &call->error);

        return r ? r : answer(call, measure);
}

static int run_prolong(struct act_call *call)
{
        struct id id = {0};
        int r = desk_prolong(call->world->desk, act_text(call, "measure"), act_time(call, "until"),
                             act_author(call), act_text(call, "reason"), &id, &call->error);

        return r ? r : answer(call, id.text);
}

#define MEASURE                                                                                              \
        {                                                                                                    \
                .name = "measure", .type = ACT_TEXT, .flags = ACT_PATH, .max = 31,                           \
                .fr = "identifiant de la mesure", .en = "id of the measure"                                  \
        }

static const struct act_param list_params[] = {{.name = "all",
                                                .type = ACT_BOOLEAN,
                                                .fr = "celles qui ont pris fin aussi",
                                                .en = "those that ended too"},
                                               {.name = "incident",
                                                .type = ACT_TEXT,
                                                .max = 31,
                                                .fr = "celles de cet incident",
                                                .en = "those of this incident"},
                                               {0}};
static const struct act_param ask_params[] = {
        {.name = "kind", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = 31, .fr = "genre", .en = "kind"},
        {.name = "subject",
         .type = ACT_TEXT,
         .flags = ACT_REQUIRED,
         .max = 63,
         .fr = "service protégé",
         .en = "protected service"},
        {.name = "selector",
         .type = ACT_JSON,
         .flags = ACT_REQUIRED,
         .max = 16 * 1024,
         .fr = "ce qu’elle touche",
         .en = "what it meets"},
        {.name = "until", .type = ACT_TIME, .flags = ACT_REQUIRED, .fr = "sa fin", .en = "its end"},
        {.name = "why",
         .type = ACT_BITEXT,
         .flags = ACT_REQUIRED,
         .max = 1024,
         .fr = "pourquoi",
         .en = "why"},
        {0}};
static const struct act_param lift_params[] = {
        MEASURE, {.name = "reason", .type = ACT_TEXT, .max = 4096, .fr = "pourquoi", .en = "why"}, {0}};
static const struct act_param prolong_params[] = {MEASURE,
                                                  {.name = "until",
                                                   .type = ACT_TIME,
                                                   .flags = ACT_REQUIRED,
                                                   .fr = "sa nouvelle fin",
                                                   .en = "its new end"},
                                                  {.name = "reason",
                                                   .type = ACT_TEXT,
                                                   .flags = ACT_REQUIRED,
                                                   .max = 1024,
                                                   .fr = "pourquoi",
                                                   .en = "why"},
                                                  {0}};

static const struct act acts[] = {
        {.name = "measure.list",
         .method = ACT_GET,
         .path = "/measures",
         .flags = ACT_PAGED,
         .result = "MeasureList",
         .fr = "Les mesures en place",
         .en = "The measures that stand",
         .params = list_params,
         .run = run_list},
        {.name = "measure.ask",
         .method = ACT_POST,
         .path = "/measures",
         .roles = ACT_RESPONDERS,
         .flags = ACT_TWO_PERSON,
         .body_max = 64 * 1024,
         .result = "MeasureAnswer",
         .fr = "Demander une mesure",
         .en = "Ask for a measure",
         .params = ask_params,
         .check = check_ask,
         .run = run_ask},
        {.name = "measure.lift",
         .method = ACT_POST,
         .path = "/measures/{measure}/lift",
         .roles = ACT_RESPONDERS,
         .result = "MeasureAnswer",
         .fr = "Lever une mesure ; prise par Garde, elle ne revient pas dans cette attaque",
         .en = "Lift a measure; one of Garde’s own does not come back in this attack",
         .params = lift_params,
         .run = run_lift},
        {.name = "measure.prolong",
         .method = ACT_POST,
         .path = "/measures/{measure}/prolong",
         .roles = ACT_RESPONDERS,
         .result = "MeasureAnswer",
         .fr = "Prolonger une mesure ; elle est désormais celle de la personne",
         .en = "Prolong a measure; from then on it is the person’s",
         .params = prolong_params,
         .run = run_prolong},
};

const struct act_table acts_measure = {acts, ARRAY_LEN(acts)};
