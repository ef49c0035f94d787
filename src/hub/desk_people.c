/* SPDX-License-Identifier: EUPL-1.2 */
/* What people decide: answers, gravity, measures, duties. */
#include "hub/desk_private.h"

#include <errno.h>
#include <string.h>

#include "incident/gravity.h"
#include "incident/join.h"
#include "obligation/duty.h"

/* ---- people ---- */

int desk_fact(struct desk *desk, const char *incident, const char *name, const char *typed,
              const char *author, int64_t at_ms, struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct incident *there = casebook_incident(desk->book, incident);
        struct incident changed = {0};
        struct fact fact = {0};
        int r;

        if (!there)
                return desk_no_incident(desk, error, incident);
        if (!author_is_person(author))
                return desk_by_whom(desk, error);
        r = catalogue_answer(desk->options.catalogue, name, typed, author, at_ms, desk->options.clock, &fact,
                             error);
        if (r)
                return r;
        r = incident_copy(&changed, there);
        if (!r)
                r = incident_set_fact(&changed, &fact, error);
        if (!r) {
                batch_fact(&batch, there->id.text, &fact);
                r = desk_settle(desk, &batch, RECORD_TYPE_INCIDENT_JOINED, author, &changed,
                                json_pack("{s:s}", "fact", fact.name), error);
        }
        if (!r)
                r = desk_commit(desk, &batch, NULL, error);
        incident_release(&changed);
        fact_release(&fact);
        batch_release(&batch);
        return r;
}

int desk_gravity(struct desk *desk, const char *incident, enum gravity gravity, const char *author,
                 struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct incident *there = casebook_incident(desk->book, incident);
        struct incident changed = {0};
        int r;

        if (!there)
                return desk_no_incident(desk, error, incident);
        r = incident_copy(&changed, there);
        if (!r)
                r = gravity_decide(&changed, gravity, author, error);
        if (!r)
                r = desk_settle(desk, &batch, RECORD_TYPE_INCIDENT_GRAVITY, author, &changed,
                                json_pack("{s:s}", "gravity", gravity_word(gravity)), error);
        if (!r)
                r = desk_commit(desk, &batch, NULL, error);
        incident_release(&changed);
        batch_release(&batch);
        return r;
}

int desk_lift(struct desk *desk, const char *measure, const char *author, const char *reason,
              struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct measure *there = casebook_measure(desk->book, measure);
        int r;

        if (!there)
                return error_say(error, -ENOENT, "aucune mesure « %s » ; la liste : garde measure list",
                                 "no measure “%s”; the list: garde measure list", measure);
        if (!author_is_person(author))
                return desk_by_whom(desk, error);
        if (there->state != MEASURE_STATE_STANDING && there->state != MEASURE_STATE_PROBATION &&
            there->state != MEASURE_STATE_PROPOSED)
                return error_say(error, -EALREADY, "la mesure %s n’est plus en place (%s)",
                                 "measure %s stands no more (%s)", measure, measure_state_word(there->state));
        batch_record(&batch, RECORD_TYPE_MEASURE_ASKED, there->id.text, author,
                     json_pack("{s:s, s:s, s:{s:s, s:s, s:{s:s}}}", "act", "lift", "measure", there->id.text,
                               "document", "kind", "lift", "id", there->id.text, "json", "by", author),
                     reason[0] ? json_pack("{s:s}", "reason", reason) : NULL);
        r = desk_commit(desk, &batch, NULL, error);
        if (!r)
                desk_remember_lifted(desk, &there->id);
        batch_release(&batch);
        return r;
}

/* What a person may leave out is filled in here; everything else is checked by measure_from_json(). */
static json_t *complete_asked(const struct desk *desk, const json_t *asked, const struct id *id)
{
        json_t *json = json_deep_copy(asked);
        int64_t now_ms = clock_wall_ms(desk->options.clock);
        char now[TIME_TEXT_SIZE];

        time_format(now_ms, now);
        if (!json || json_object_set_new(json, "id", json_string(id->text)) ||
            json_object_set_new(json, "state", json_string("proposed")) ||
            json_object_set_new(json, "since", json_string(now)) ||
            json_object_update_missing_new(json, json_pack("{s:n, s:n, s:i, s:f, s:n, s:i, s:i, s:i}",
                                                           "incident", "finding", "pass_per_mille", 0,
                                                           "predicted_cost", 0.0, "actual_cost", "dropped", 0,
                                                           "would_drop", 0, "spared", 0))) {
                json_decref(json);
                return NULL;
        }
        return json;
}

int desk_ask(struct desk *desk, const json_t *asked, struct id *ret_measure, struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        struct measure measure = {0};
        struct id id;
        json_t *json;
        int r;

        id_make('m', desk->options.clock, desk->options.random, &id);
        json = complete_asked(desk, asked, &id);
        r = json ? measure_from_json(json, &measure, error)
                 : error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        json_decref(json);
        if (!r && !author_is_person(measure.owner))
                r = desk_by_whom(desk, error);
        if (!r && measure.until_ms <= clock_wall_ms(desk->options.clock))
                r = error_say(error, -EINVAL, "une mesure finit dans l’avenir : donnez une durée (until)",
                              "a measure ends in the future: give it a time (until)");
        if (!r) {
                const struct incident *incident = desk_incident_for(desk, &measure);
                if (incident)
                        measure.incident = incident->id;
                batch_measure(&batch, RECORD_TYPE_MEASURE_ASKED, measure.owner, &measure,
                              json_pack("{s:s}", "act", "ask"));
                r = desk_commit(desk, &batch, NULL, error);
        }
        if (!r)
                *ret_measure = id;
        measure_release(&measure);
        batch_release(&batch);
        return r;
}

/* ---- obligations ---- */

/* What a closed incident owes may have changed with one of its duties. */
static int settle_owing(struct batch *batch, const struct incident *incident, const char *author, bool owing,
                        struct error *error)
{
        struct incident changed = {0};

        if (incident->open || incident->owing == owing)
                return 0;
        if (incident_copy(&changed, incident))
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        changed.owing = owing;
        batch_incident(batch, RECORD_TYPE_INCIDENT_JOINED, author, &changed,
                       json_pack("{s:b}", "owing", owing));
        incident_release(&changed);
        return 0;
}

/* The changed obligation's record, then what follows from it (a chained clock may start), in one batch. */
static int act_on_obligation(struct desk *desk, struct obligation *changed, enum record_type type,
                             const char *author, json_t *personal, struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct incident *incident = casebook_incident(desk->book, changed->incident.text);
        bool owing = false;
        int r = incident ? desk_evaluate_duties(desk, &batch, incident, changed, &owing, error) : 0;

        if (!r && incident)
                r = settle_owing(&batch, incident, author, owing, error);
        if (!r) {
                if (personal)
                        batch_record(&batch, RECORD_TYPE_NOTE, changed->id.text, author,
                                     json_pack("{s:s, s:s, s:s}", "about", "obligation.changed", "obligation",
                                               changed->id.text, "incident", changed->incident.text),
                                     json_incref(personal));
                batch_obligation(&batch, type, author, changed, NULL);
                r = desk_commit(desk, &batch, NULL, error);
        }
        json_decref(personal);
        batch_release(&batch);
        return r;
}

int desk_file(struct desk *desk, const char *obligation, const struct filing *filing, const char *late_reason,
              struct error *error)
{
        const struct obligation *there = casebook_obligation(desk->book, obligation);
        struct obligation changed = {0};
        struct filing noted = *filing;
        int64_t now_ms = clock_wall_ms(desk->options.clock);
        int r;

        if (!there)
                return desk_no_obligation(desk, error, obligation);
        if (filing->at_ms > now_ms)
                return error_say(error, -EINVAL, "ce qui est déposé ne peut pas l’être à l’avenir",
                                 "what was filed cannot have been filed in the future");
        if (!noted.at_ms)
                noted.at_ms = now_ms;
        r = obligation_copy(&changed, there);
        if (!r)
                r = duty_file(&changed, &noted, late_reason, error);
        if (!r)
                r = act_on_obligation(desk, &changed, RECORD_TYPE_DECLARATION_FILED, filing->by,
                                      late_reason[0] ? json_pack("{s:s}", "late_reason", late_reason) : NULL,
                                      error);
        obligation_release(&changed);
        return r;
}

int desk_waive(struct desk *desk, const char *obligation, const char *author, const char *reason,
               struct error *error)
{
        const struct obligation *there = casebook_obligation(desk->book, obligation);
        struct obligation changed = {0};
        int r;

        if (!there)
                return desk_no_obligation(desk, error, obligation);
        r = obligation_copy(&changed, there);
        if (!r)
                r = duty_waive(&changed, author, reason, error);
        if (!r)
                r = act_on_obligation(desk, &changed, RECORD_TYPE_OBLIGATION_CHANGED, author, NULL, error);
        obligation_release(&changed);
        return r;
}

int desk_declared(struct desk *desk, const char *incident, const char *rule, const char *author,
                  const json_t *files, uint64_t *ret_seq, struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct incident *there = casebook_incident(desk->book, incident);
        int r;

        if (!there)
                return desk_no_incident(desk, error, incident);
        batch_record(&batch, RECORD_TYPE_DECLARATION_MADE, there->id.text, author,
                     json_pack("{s:s, s:O}", "rule", rule, "files", files), NULL);
        r = desk_commit(desk, &batch, ret_seq, error);
        batch_release(&batch);
        return r;
}
