/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/measure.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/field.h"

#define MEASURE_WORD(name, word) word,
static const char *const kind_words[] = {MEASURE_KINDS(MEASURE_WORD)};
static const char *const state_words[] = {MEASURE_STATES(MEASURE_WORD)};

const char *measure_kind_word(enum measure_kind kind)
{
        return field_word(kind_words, MEASURE_KIND_COUNT, kind);
}

const char *measure_state_word(enum measure_state state)
{
        return field_word(state_words, MEASURE_STATE_COUNT, state);
}

void measure_release(struct measure *measure)
{
        json_decref(measure->selector);
        bitext_release(&measure->why);
        memset(measure, 0, sizeof(*measure));
}

static json_t *count_json(uint64_t count)
{
        return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

json_t *measure_to_json(const struct measure *measure)
{
        return json_pack(
                "{s:s, s:o, s:o, s:s, s:s, s:O?, s:o, s:s, s:s, s:o, s:o, s:i, s:f, s:o, s:o, s:o, s:o}",
                "id", measure->id.text, "incident", field_id_json(&measure->incident), "finding",
                field_id_json(&measure->finding), "kind", measure_kind_word(measure->kind), "subject",
                measure->subject, "selector", measure->selector, "why", bitext_to_json(&measure->why),
                "owner", measure->owner, "state", measure_state_word(measure->state), "since",
                field_time_json(measure->since_ms), "until", field_time_json(measure->until_ms),
                "pass_per_mille", (int)measure->pass_per_mille, "predicted_cost", measure->predicted_cost,
                "actual_cost", measure->actual_cost < 0 ? json_null() : json_real(measure->actual_cost),
                "dropped", count_json(measure->dropped), "would_drop", count_json(measure->would_drop),
                "spared", count_json(measure->spared));
}

static void read_figures(struct fields *fields, struct measure *measure)
{
        uint64_t pass = 0;

        measure->actual_cost = -1;
        fields_count(fields, "pass_per_mille", 1000, &pass);
        measure->pass_per_mille = (unsigned)pass;
        fields_number(fields, "predicted_cost", FIELD_REQUIRED, 0, 1, &measure->predicted_cost);
        fields_number(fields, "actual_cost", FIELD_OPTIONAL, 0, 1, &measure->actual_cost);
        fields_count(fields, "dropped", INT64_MAX, &measure->dropped);
        fields_count(fields, "would_drop", INT64_MAX, &measure->would_drop);
        fields_count(fields, "spared", INT64_MAX, &measure->spared);
}

int measure_from_json(const json_t *json, struct measure *ret_measure, struct error *error)
{
        CLEANUP(measure_release) struct measure measure = {0};
        struct fields fields = fields_begin(json, "measure", error);
        unsigned kind = 0, state = 0;

        fields_id(&fields, "id", 'm', FIELD_REQUIRED, &measure.id);
        fields_id(&fields, "incident", 'i', FIELD_OPTIONAL, &measure.incident);
        fields_id(&fields, "finding", 'f', FIELD_OPTIONAL, &measure.finding);
        fields_word(&fields, "kind", FIELD_REQUIRED, kind_words, MEASURE_KIND_COUNT, &kind);
        fields_text(&fields, "subject", FIELD_REQUIRED, measure.subject, sizeof(measure.subject));
        fields_tree(&fields, "selector", FIELD_OPTIONAL, &measure.selector);
        fields_bitext(&fields, "why", &measure.why);
        fields_text(&fields, "owner", FIELD_REQUIRED, measure.owner, sizeof(measure.owner));
        fields_word(&fields, "state", FIELD_REQUIRED, state_words, MEASURE_STATE_COUNT, &state);
        fields_time(&fields, "since", FIELD_OPTIONAL, &measure.since_ms);
        fields_time(&fields, "until", FIELD_OPTIONAL, &measure.until_ms);
        read_figures(&fields, &measure);
        int r = fields_end(&fields);
        if (r)
                return r;
        measure.kind = (enum measure_kind)kind;
        measure.state = (enum measure_state)state;
        *ret_measure = measure;
        memset(&measure, 0, sizeof(measure));
        return 0;
}

int measure_copy(struct measure *to, const struct measure *from)
{
        struct bitext why = BITEXT_INIT;
        json_t *selector;

        if (to == from)
                return 0;
        selector = from->selector ? json_deep_copy(from->selector) : NULL;
        if ((from->selector && !selector) || bitext_copy(&why, &from->why)) {
                json_decref(selector);
                return -ENOMEM;
        }
        measure_release(to);
        *to = *from;
        to->selector = selector;
        to->why = why;
        return 0;
}
