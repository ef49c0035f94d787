/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/outcome.h"

#include <string.h>

#include "base/clock.h"

static json_t *number_or_null(int64_t value)
{
        return value < 0 ? json_null() : json_integer(value);
}

static json_t *row_to_json(const struct tally_row *row)
{
        return json_pack("{s:i, s:i, s:f, s:f}", "tried", (int)row->tried, "ok", (int)row->ok, "p50_ms",
                         row->p50_ms, "p99_ms", row->p99_ms);
}

static json_t *phase_to_json(const struct tally *tally, enum tally_phase phase)
{
        json_t *object = json_object();

        for (unsigned class = 0; class < TALLY_CLASS_COUNT; class ++)
                json_object_set_new(object, tally_class_word(class), row_to_json(&tally->rows[phase][class]));
        return object;
}

/* Milliseconds from the first attack packet to a time of RFC 3339. */
static json_t *since_attack(const json_t *time, int64_t attack_wall_ms)
{
        int64_t wall_ms;

        if (!json_is_string(time) || time_parse(json_string_value(time), &wall_ms))
                return json_null();
        return json_integer(wall_ms - attack_wall_ms);
}

static void copy_keys(json_t *to, const json_t *from, const char *const *keys)
{
        for (; *keys; keys++) {
                json_t *value = json_object_get(from, *keys);

                json_object_set(to, *keys, value ? value : json_null());
        }
}

static json_t *measures_to_json(const struct outcome *outcome)
{
        static const char *const keys[] = {
                "id",      "kind",       "subject", "selector",       "why",         "owner", "state",
                "dropped", "would_drop", "spared",  "predicted_cost", "actual_cost", NULL};
        json_t *list = json_array();
        const json_t *measure;
        size_t index;

        json_array_foreach(outcome->measures, index, measure)
        {
                json_t *object = json_object();

                copy_keys(object, measure, keys);
                json_object_set_new(object, "since_ms",
                                    since_attack(json_object_get(measure, "since"), outcome->attack_wall_ms));
                json_object_set_new(object, "until_ms",
                                    since_attack(json_object_get(measure, "until"), outcome->attack_wall_ms));
                json_array_append_new(list, object);
        }
        return list;
}

static json_t *incident_to_report(const struct outcome *outcome)
{
        static const char *const incident_keys[] = {"id",    "gravity", "kind", "subject",
                                                    "title", "opened",  NULL};
        static const char *const obligation_keys[] = {"id",    "rule",          "title",     "recipient",
                                                      "state", "without_delay", "voluntary", "clock_started",
                                                      "due",   "legal_basis",   "why",       NULL};
        json_t *object, *list;
        const json_t *obligation;
        size_t index;

        if (!outcome->incident)
                return json_null();
        object = json_object();
        list = json_array();
        copy_keys(object, outcome->incident, incident_keys);
        json_array_foreach(outcome->obligations, index, obligation)
        {
                json_t *entry = json_object();

                copy_keys(entry, obligation, obligation_keys);
                json_array_append_new(list, entry);
        }
        json_object_set_new(object, "obligations", list);
        return object;
}

json_t *outcome_to_json(const struct outcome *outcome)
{
        const struct effect *effect = &outcome->effect;
        json_t *json = json_pack(
                "{s:s, s:s, s:{s:I, s:I, s:I, s:i, s:f, s:I}}", "drill", outcome->name, "policy",
                drill_policy_word(outcome->policy), "attack", "packets", (json_int_t)effect->sent, "peak_pps",
                (json_int_t)effect->peak_pps, "sources", (json_int_t)outcome->sources, "countries",
                (int)outcome->countries, "duration_s", effect->duration_s, "lost", (json_int_t)outcome->lost);

        if (!json)
                return NULL;
        json_object_set_new(json, "detected_ms", number_or_null(outcome->detected_ms));
        json_object_set_new(json, "effective_ms", number_or_null(effect->effective_ms));
        json_object_set_new(json, "attack_dropped", json_real(effect->dropped));
        json_object_set_new(json, "attack_dropped_in_all", json_real(effect->dropped_all));
        for (unsigned phase = 0; phase < TALLY_PHASE_COUNT; phase++)
                json_object_set_new(json, tally_phase_word(phase), phase_to_json(&outcome->tally, phase));
        json_object_set_new(json, "reopened_s",
                            outcome->reopened_s < 0 ? json_null() : json_real(outcome->reopened_s));
        json_object_set_new(json, "relapses", json_integer(outcome->relapses));
        json_object_set_new(json, "resident_mb", json_real((double)outcome->resident_bytes / 1e6));
        json_object_set_new(json, "measures", measures_to_json(outcome));
        json_object_set_new(json, "incident", incident_to_report(outcome));
        json_object_set(json, "files", outcome->files ? outcome->files : json_null());
        return json;
}
