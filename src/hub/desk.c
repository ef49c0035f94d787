/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/desk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/batch.h"
#include "incident/gravity.h"
#include "incident/join.h"
#include "journal/journal.h"
#include "obligation/duty.h"

#define TOLD_WITHIN_MS 5000 /* an edge that lives has said by then that a measure's time is over */

struct desk {
        struct desk_options options;
        struct casebook book;
        struct id lifted[DESK_LIFTED_MAX]; /* a ring */
        size_t lifted_count;
};

/* ---- helpers ---- */

/* Sentences come back to whoever asked, in the structure's language. */
#define PICK(desk, fr, en) ((desk)->options.english ? (en) : (fr))

static int no_incident(const struct desk *desk, struct error *error, const char *id)
{
        return error_set(error, -ENOENT,
                         PICK(desk, "aucun incident « %s » ; la liste : garde incident list --all",
                              "no incident “%s”; the list: garde incident list --all"),
                         id);
}

static int no_obligation(const struct desk *desk, struct error *error, const char *id)
{
        return error_set(error, -ENOENT,
                         PICK(desk, "aucune obligation « %s » ; la liste : garde incident show INCIDENT",
                              "no obligation “%s”; the list: garde incident show INCIDENT"),
                         id);
}

static int by_whom(const struct desk *desk, struct error *error)
{
        return error_set(error, -EINVAL, "%s",
                         PICK(desk, "une personne doit répondre de cet acte : dites qui (--author NOM)",
                              "a person must answer for this act: say who (--author NAME)"));
}

static int clone_incident(const struct incident *from, struct incident *ret_incident, struct error *error)
{
        json_t *json = incident_to_json(from);
        int r = json ? incident_from_json(json, ret_incident, error) : -ENOMEM;

        json_decref(json);
        return r;
}

static int clone_obligation(const struct obligation *from, struct obligation *ret_obligation,
                            struct error *error)
{
        json_t *json = obligation_to_json(from);
        int r = json ? obligation_from_json(json, ret_obligation, error) : -ENOMEM;

        json_decref(json);
        return r;
}

static const struct obligation *find_same(const struct casebook *book, const struct obligation *obligation)
{
        return casebook_obligation(book, obligation->id.text);
}

/* ---- what follows from an incident's facts ---- */

static int propose_gravity(struct desk *desk, struct incident *incident, bool *ret_changed)
{
        struct gravity_proposal proposal = {0};
        int r = gravity_propose(incident, desk->options.catalogue, &proposal);

        if (r)
                return r;
        *ret_changed = gravity_adopt(incident, &proposal);
        gravity_proposal_release(&proposal);
        return 0;
}

/* The incident's obligations as they are with `changed` (may be NULL) in place of the one it replaces. */
static int collect_obligations(const struct desk *desk, const struct incident *incident,
                               const struct obligation *changed, struct obligation **ret_list,
                               size_t *ret_count)
{
        struct obligation *list = calloc(desk->book.obligation_count + 1, sizeof(*list));
        size_t count = 0;

        if (!list)
                return -ENOMEM;
        for (size_t i = 0; i < desk->book.obligation_count; i++) {
                const struct obligation *one = &desk->book.obligations[i];
                if (strcmp(one->incident.text, incident->id.text))
                        continue;
                list[count++] = changed && !strcmp(changed->id.text, one->id.text) ? *changed : *one;
        }
        *ret_list = list; /* a shallow list: the texts stay their owners' */
        *ret_count = count;
        return 0;
}

/* Adds what changes among the duties; `filed` is the one a person just acted on, in the batch already. */
static int evaluate_duties(struct desk *desk, struct batch *batch, const struct incident *incident,
                           const struct obligation *filed, struct error *error)
{
        const struct duty_world world = {.rules = desk->options.rules,
                                         .catalogue = desk->options.catalogue,
                                         .clock = desk->options.clock,
                                         .random = desk->options.random};
        CLEANUP(cleanup_free) struct obligation *existing = NULL;
        struct duty_set duties = {0};
        size_t count;
        int r = collect_obligations(desk, incident, filed, &existing, &count);

        if (r)
                return error_set(error, r, "out of memory");
        r = duties_evaluate(&world, incident, existing, count, &duties, error);
        if (r)
                return r;
        for (size_t i = 0; i < duties.count; i++) {
                const struct obligation *before = find_same(&desk->book, &duties.obligations[i]);
                if (filed && !strcmp(filed->id.text, duties.obligations[i].id.text))
                        continue;
                if (!before || duty_differs(before, &duties.obligations[i]))
                        batch_obligation(batch, RECORD_TYPE_OBLIGATION_CHANGED, "rule",
                                         &duties.obligations[i], NULL);
        }
        duty_set_release(&duties);
        return 0;
}

/* Gravity, then duties, then the records; the incident is taken over. */
static int settle(struct desk *desk, struct batch *batch, enum record_type type, const char *author,
                  struct incident *incident, json_t *body, struct error *error)
{
        bool regraded = false;
        int r = propose_gravity(desk, incident, &regraded);

        if (!r)
                r = evaluate_duties(desk, batch, incident, NULL, error);
        if (r) {
                json_decref(body);
                return r;
        }
        if (regraded)
                batch_record(batch, RECORD_TYPE_INCIDENT_GRAVITY, "", "rule",
                             json_pack("{s:s, s:s}", "incident", incident->id.text, "gravity",
                                       gravity_word(incident->gravity)),
                             NULL);
        batch_incident(batch, type, author, incident, body);
        return 0;
}

static int commit(struct desk *desk, struct batch *batch, uint64_t *ret_first, struct error *error)
{
        return batch_commit(batch, desk->options.journal, &desk->book, ret_first, error);
}

/* ---- findings and measures ---- */

/* What the configuration already answers about the structure. */
static int set_structure(const struct desk *desk, struct incident *incident, struct error *error)
{
        int64_t now = clock_wall_ms(desk->options.clock);
        struct fact fact = {.name = "structure.kind",
                            .state = FACT_STATE_KNOWN,
                            .author = "config",
                            .at_ms = now,
                            .entered_ms = now};
        int r;

        if (!desk->options.structure_kind)
                return 0;
        fact.value = json_string(desk->options.structure_kind);
        r = fact.value ? incident_set_fact(incident, &fact, error) : -ENOMEM;
        json_decref(fact.value);
        return r;
}

/*
 * An edge that was killed may find a person's measure in the kernel and later report the end of an attack that never
 * was: without a packet of it there is nothing to open an incident for.
 */
static bool is_end_of_nothing(const struct finding *finding)
{
        const json_t *peak = json_object_get(finding->evidence, "peak_pps");

        return finding->phase == FINDING_PHASE_ENDS && json_is_number(peak) && json_number_value(peak) <= 0;
}

static int join(struct desk *desk, struct batch *batch, const struct finding *finding,
                struct id *ret_incident, struct error *error)
{
        const struct join_config config = {.window_ms = desk->options.join_window_ms};
        struct join_result result = {0};
        struct id id;
        int r = join_finding(&config, finding, desk->book.incidents, desk->book.incident_count,
                             desk->options.clock, desk->options.random, &result, error);

        if (r)
                return r;
        if (result.opened && is_end_of_nothing(finding)) {
                join_result_release(&result);
                batch_finding(batch, finding);
                return commit(desk, batch, NULL, error);
        }
        id = result.incident.id;
        r = result.opened ? set_structure(desk, &result.incident, error) : 0;
        if (r) {
                join_result_release(&result);
                return r;
        }
        batch_finding(batch, finding);
        for (size_t i = 0; i < result.changed_count; i++) {
                const struct fact *fact = incident_fact(&result.incident, result.changed[i]);
                if (fact)
                        batch_fact(batch, id.text, fact);
        }
        r = settle(desk, batch, result.opened ? RECORD_TYPE_INCIDENT_OPENED : RECORD_TYPE_INCIDENT_JOINED,
                   finding->sensor, &result.incident, json_pack("{s:s}", "finding", finding->id.text), error);
        if (!r)
                r = commit(desk, batch, NULL, error);
        join_result_release(&result);
        if (!r)
                *ret_incident = id;
        return r;
}

int desk_finding(struct desk *desk, const struct finding *finding, struct id *ret_incident,
                 struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        int r = join(desk, &batch, finding, ret_incident, error);

        batch_release(&batch);
        if (r == JOIN_DUPLICATE) {
                const struct incident *incident = casebook_incident_of_finding(&desk->book, finding->id.text);
                if (incident)
                        *ret_incident = incident->id;
                return 0;
        }
        return r;
}

int desk_unreadable(struct desk *desk, const char *sensor, const json_t *message, const char *why,
                    struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        char *text = json_dumps(message, JSON_COMPACT | JSON_ENSURE_ASCII);
        int r;

        /* As text: it may hold what canonical JSON refuses. */
        batch_record(&batch, RECORD_TYPE_NOTE, "", sensor,
                     text ? json_pack("{s:s, s:s, s:s}", "about", "unreadable", "why", why, "message", text)
                          : NULL,
                     NULL);
        r = commit(desk, &batch, NULL, error);
        free(text);
        batch_release(&batch);
        return r;
}

static const struct incident *incident_for(const struct desk *desk, const struct measure *measure)
{
        const struct incident *incident = casebook_incident_of_finding(&desk->book, measure->finding.text);

        for (size_t i = desk->book.incident_count; !incident && i-- > 0;)
                if (desk->book.incidents[i].open &&
                    !strcmp(desk->book.incidents[i].subject, measure->subject))
                        incident = &desk->book.incidents[i];
        return incident;
}

static bool holds_measure(const struct incident *incident, const struct id *measure)
{
        for (size_t i = 0; i < incident->measure_count; i++)
                if (!strcmp(incident->measures[i].text, measure->text))
                        return true;
        return false;
}

static int add_to_incident(struct desk *desk, struct batch *batch, struct measure *measure,
                           struct error *error)
{
        const struct incident *found = incident_for(desk, measure);
        struct incident incident = {0};
        int r;

        if (!found)
                return 0;
        measure->incident = found->id;
        if (holds_measure(found, &measure->id) || found->measure_count == INCIDENT_MEASURES_MAX)
                return 0; /* beyond the cap the measure still names its incident */
        r = clone_incident(found, &incident, error);
        if (!r)
                r = incident_add_measure(&incident, &measure->id, error);
        if (!r)
                batch_incident(batch, RECORD_TYPE_INCIDENT_JOINED, "edge", &incident,
                               json_pack("{s:s}", "measure", measure->id.text));
        incident_release(&incident);
        return r;
}

static bool was_lifted(const struct desk *desk, const struct id *measure)
{
        size_t kept = desk->lifted_count < DESK_LIFTED_MAX ? desk->lifted_count : DESK_LIFTED_MAX;

        for (size_t i = 0; i < kept; i++)
                if (!strcmp(desk->lifted[i].text, measure->text))
                        return true;
        return false;
}

/*
 * An edge that was killed finds a person's measure in the kernel and does not know whose it is: the book does. When it
 * is taken down like one of the edge's own, it was lifted all the same.
 */
static int keep_person(const struct desk *desk, struct measure *report)
{
        const struct measure *there = casebook_measure(&desk->book, report->id.text);

        if (!there || !author_is_person(there->owner) || author_is_person(report->owner))
                return 0;
        memcpy(report->owner, there->owner, sizeof(report->owner));
        if (report->state == MEASURE_STATE_REFUSED && was_lifted(desk, &report->id))
                report->state = MEASURE_STATE_LIFTED;
        bitext_release(&report->why);
        return bitext_set(&report->why, there->why.fr, there->why.en);
}

int desk_measure(struct desk *desk, const char *change, const struct measure *measure, struct error *error)
{
        static const struct {
                const char *word;
                enum record_type type;
        } changes[] = {{"applied", RECORD_TYPE_MEASURE_APPLIED},
                       {"changed", RECORD_TYPE_MEASURE_CHANGED},
                       {"ended", RECORD_TYPE_MEASURE_ENDED}};
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        struct measure copy = {0};
        size_t which = 0;
        int r;

        while (which < ARRAY_LEN(changes) && strcmp(changes[which].word, change))
                which++;
        if (which == ARRAY_LEN(changes))
                return error_set(error, -EINVAL, "a measure is applied, changed or ended, not « %s »",
                                 change);
        r = measure_copy(&copy, measure);
        if (!r)
                r = keep_person(desk, &copy);
        if (!r)
                r = add_to_incident(desk, &batch, &copy, error);
        if (!r) {
                /* Who reports it signs, whoever asked for the measure. */
                batch_measure(&batch, changes[which].type, "edge", &copy, NULL);
                r = commit(desk, &batch, NULL, error);
        }
        measure_release(&copy);
        batch_release(&batch);
        return r;
}

static bool stands_at_edge(const json_t *services, const char *measure)
{
        const json_t *service;
        size_t index;

        json_array_foreach(services, index, service) if (json_object_get(json_object_get(service, "measures"),
                                                                         measure)) return true;
        return false;
}

/* How the measure has ended although nobody said so; its own state while it goes on. */
static enum measure_state silent_end(const struct desk *desk, const struct measure *measure,
                                     const json_t *services)
{
        bool open = measure->state == MEASURE_STATE_PROPOSED || measure->state == MEASURE_STATE_STANDING ||
                    measure->state == MEASURE_STATE_PROBATION;
        bool over = measure->until_ms + TOLD_WITHIN_MS < clock_wall_ms(desk->options.clock);

        if (!open || (!over && !was_lifted(desk, &measure->id)) || stands_at_edge(services, measure->id.text))
                return measure->state;
        return over ? MEASURE_STATE_EXPIRED : MEASURE_STATE_LIFTED;
}

int desk_standing(struct desk *desk, const json_t *services, struct error *error)
{
        for (size_t i = 0; i < desk->book.measure_count; i++) {
                const struct measure *one = &desk->book.measures[i];
                enum measure_state end = silent_end(desk, one, services);
                if (end == one->state)
                        continue;
                struct batch batch = BATCH_INIT(desk->options.catalogue);
                struct measure ended = {0};
                int r = measure_copy(&ended, one);
                ended.state = end;
                if (!r) {
                        batch_measure(&batch, RECORD_TYPE_MEASURE_ENDED, "hub", &ended, NULL);
                        r = commit(desk, &batch, NULL, error);
                }
                measure_release(&ended);
                batch_release(&batch);
                return r; /* one a report: the book may have moved */
        }
        return 0;
}

/* ---- people ---- */

int desk_fact(struct desk *desk, const char *incident, const char *name, const char *typed,
              const char *author, int64_t at_ms, struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct incident *there = casebook_incident(&desk->book, incident);
        struct incident changed = {0};
        struct fact fact = {0};
        int r;

        if (!there)
                return no_incident(desk, error, incident);
        if (!author_is_person(author))
                return by_whom(desk, error);
        r = catalogue_answer(desk->options.catalogue, name, typed, author, at_ms, desk->options.clock, &fact,
                             error);
        if (r)
                return r;
        r = clone_incident(there, &changed, error);
        if (!r)
                r = incident_set_fact(&changed, &fact, error);
        if (!r) {
                batch_fact(&batch, there->id.text, &fact);
                r = settle(desk, &batch, RECORD_TYPE_INCIDENT_JOINED, author, &changed,
                           json_pack("{s:s}", "fact", fact.name), error);
        }
        if (!r)
                r = commit(desk, &batch, NULL, error);
        incident_release(&changed);
        fact_release(&fact);
        batch_release(&batch);
        return r;
}

int desk_gravity(struct desk *desk, const char *incident, enum gravity gravity, const char *author,
                 struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct incident *there = casebook_incident(&desk->book, incident);
        struct incident changed = {0};
        int r;

        if (!there)
                return no_incident(desk, error, incident);
        r = clone_incident(there, &changed, error);
        if (!r)
                r = gravity_decide(&changed, gravity, author, error);
        if (!r)
                r = settle(desk, &batch, RECORD_TYPE_INCIDENT_GRAVITY, author, &changed,
                           json_pack("{s:s}", "gravity", gravity_word(gravity)), error);
        if (!r)
                r = commit(desk, &batch, NULL, error);
        incident_release(&changed);
        batch_release(&batch);
        return r;
}

static const struct obligation *still_owed(const struct desk *desk, const char *incident)
{
        for (size_t i = 0; i < desk->book.obligation_count; i++) {
                const struct obligation *one = &desk->book.obligations[i];
                if (!strcmp(one->incident.text, incident) && one->state == OBLIGATION_STATE_DUE &&
                    !one->voluntary)
                        return one;
        }
        return NULL;
}

int desk_close(struct desk *desk, const char *incident, const char *author, const char *reason,
               struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct incident *there = casebook_incident(&desk->book, incident);
        const struct obligation *owed;
        struct incident changed = {0};
        int r;

        if (!there)
                return no_incident(desk, error, incident);
        if (!author_is_person(author))
                return by_whom(desk, error);
        owed = still_owed(desk, there->id.text);
        if (owed && !reason[0])
                return error_set(
                        error, -EBUSY,
                        PICK(desk,
                             "cet incident doit encore : « %s ». Déposez-la (garde declare), ou fermez en "
                             "disant pourquoi (--reason TEXTE)",
                             "this incident still owes: “%s”. File it (garde declare), or close it and say "
                             "why (--reason TEXT)"),
                        PICK(desk, owed->title.fr, owed->title.en));
        r = clone_incident(there, &changed, error);
        if (!r)
                r = incident_close(&changed, desk->options.clock, error);
        if (!r && reason[0])
                batch_record(&batch, RECORD_TYPE_NOTE, there->id.text, author,
                             json_pack("{s:s}", "about", "incident.closed"),
                             json_pack("{s:s}", "reason", reason));
        if (!r) {
                batch_incident(&batch, RECORD_TYPE_INCIDENT_CLOSED, author, &changed, NULL);
                r = commit(desk, &batch, NULL, error);
        }
        incident_release(&changed);
        batch_release(&batch);
        return r;
}

static void remember_lifted(struct desk *desk, const struct id *id)
{
        desk->lifted[desk->lifted_count++ % DESK_LIFTED_MAX] = *id;
}

int desk_lift(struct desk *desk, const char *measure, const char *author, const char *reason,
              struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct measure *there = casebook_measure(&desk->book, measure);
        int r;

        if (!there)
                return error_set(error, -ENOENT,
                                 PICK(desk, "aucune mesure « %s » ; la liste : garde measure list",
                                      "no measure “%s”; the list: garde measure list"),
                                 measure);
        if (!author_is_person(author))
                return by_whom(desk, error);
        if (there->state != MEASURE_STATE_STANDING && there->state != MEASURE_STATE_PROBATION &&
            there->state != MEASURE_STATE_PROPOSED)
                return error_set(
                        error, -EALREADY,
                        PICK(desk, "la mesure %s n’est plus en place (%s)", "measure %s stands no more (%s)"),
                        measure, measure_state_word(there->state));
        batch_record(&batch, RECORD_TYPE_MEASURE_ASKED, there->id.text, author,
                     json_pack("{s:s, s:s}", "act", "lift", "measure", there->id.text),
                     reason[0] ? json_pack("{s:s}", "reason", reason) : NULL);
        r = commit(desk, &batch, NULL, error);
        if (!r)
                remember_lifted(desk, &there->id);
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
        r = json ? measure_from_json(json, &measure, error) : error_set(error, -ENOMEM, "out of memory");
        json_decref(json);
        if (!r && !author_is_person(measure.owner))
                r = by_whom(desk, error);
        if (!r && measure.until_ms <= clock_wall_ms(desk->options.clock))
                r = error_set(error, -EINVAL, "%s",
                              PICK(desk, "une mesure finit dans l’avenir : donnez une durée (until)",
                                   "a measure ends in the future: give it a time (until)"));
        if (!r) {
                const struct incident *incident = incident_for(desk, &measure);
                if (incident)
                        measure.incident = incident->id;
                batch_measure(&batch, RECORD_TYPE_MEASURE_ASKED, measure.owner, &measure,
                              json_pack("{s:s}", "act", "ask"));
                r = commit(desk, &batch, NULL, error);
        }
        if (!r)
                *ret_measure = id;
        measure_release(&measure);
        batch_release(&batch);
        return r;
}

/* ---- obligations ---- */

/* The changed obligation's record, then what follows from it (a chained clock may start), in one batch. */
static int act_on_obligation(struct desk *desk, struct obligation *changed, enum record_type type,
                             const char *author, json_t *personal, struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct incident *incident = casebook_incident(&desk->book, changed->incident.text);
        int r = incident ? evaluate_duties(desk, &batch, incident, changed, error) : 0;

        if (!r) {
                if (personal)
                        batch_record(&batch, RECORD_TYPE_NOTE, changed->id.text, author,
                                     json_pack("{s:s}", "about", "obligation.changed"),
                                     json_incref(personal));
                batch_obligation(&batch, type, author, changed, NULL);
                r = commit(desk, &batch, NULL, error);
        }
        json_decref(personal);
        batch_release(&batch);
        return r;
}

int desk_file(struct desk *desk, const char *obligation, const char *author, const char *receipt,
              int64_t at_ms, struct error *error)
{
        const struct obligation *there = casebook_obligation(&desk->book, obligation);
        struct obligation changed = {0};
        int r;

        if (!there)
                return no_obligation(desk, error, obligation);
        r = clone_obligation(there, &changed, error);
        if (!r)
                r = duty_file(&changed, at_ms ? at_ms : clock_wall_ms(desk->options.clock), author, receipt,
                              error);
        if (!r)
                r = act_on_obligation(desk, &changed, RECORD_TYPE_DECLARATION_FILED, author, NULL, error);
        obligation_release(&changed);
        return r;
}

int desk_waive(struct desk *desk, const char *obligation, const char *author, const char *reason,
               struct error *error)
{
        const struct obligation *there = casebook_obligation(&desk->book, obligation);
        struct obligation changed = {0};
        int r;

        if (!there)
                return no_obligation(desk, error, obligation);
        r = clone_obligation(there, &changed, error);
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
        const struct incident *there = casebook_incident(&desk->book, incident);
        int r;

        if (!there)
                return no_incident(desk, error, incident);
        batch_record(&batch, RECORD_TYPE_DECLARATION_MADE, there->id.text, author,
                     json_pack("{s:s, s:O}", "rule", rule, "files", files), NULL);
        r = commit(desk, &batch, ret_seq, error);
        batch_release(&batch);
        return r;
}

/* ---- life ---- */

json_t *desk_desired(const struct desk *desk)
{
        json_t *asked = json_array(), *lifted = json_array();
        int64_t now = clock_wall_ms(desk->options.clock);
        size_t kept = desk->lifted_count < DESK_LIFTED_MAX ? desk->lifted_count : DESK_LIFTED_MAX;

        for (size_t i = 0; i < desk->book.measure_count; i++) {
                const struct measure *one = &desk->book.measures[i];
                if (author_is_person(one->owner) && one->until_ms > now &&
                    (one->state == MEASURE_STATE_PROPOSED || one->state == MEASURE_STATE_STANDING))
                        json_array_append_new(asked, measure_to_json(one));
        }
        for (size_t i = 0; i < kept; i++)
                json_array_append_new(lifted, json_string(desk->lifted[i].text));
        return json_pack("{s:s, s:o, s:o}", "type", "desired", "asked", asked, "lifted", lifted);
}

/* A restart must not forget what people took down: the records say so. */
static int recall_lifted(void *context, const struct record *record)
{
        const char *act = json_string_value(json_object_get(record->body, "act"));
        struct desk *desk = context;
        struct id id;

        if (record->type == RECORD_TYPE_MEASURE_ASKED && act && !strcmp(act, "lift") &&
            !id_parse(record->subject, 'm', &id))
                remember_lifted(desk, &id);
        return 0;
}

int desk_new(const struct desk_options *options, struct desk **ret_desk, struct error *error)
{
        struct desk *desk = calloc(1, sizeof(*desk));
        int r;

        if (!desk)
                return error_set(error, -ENOMEM, "out of memory");
        desk->options = *options;
        r = casebook_load(options->journal, &desk->book, error);
        if (!r)
                r = journal_read(options->journal, 0, UINT64_MAX, recall_lifted, desk, error);
        if (r) {
                desk_free(desk);
                return r;
        }
        *ret_desk = desk;
        return 0;
}

struct desk *desk_free(struct desk *desk)
{
        if (desk) {
                casebook_release(&desk->book);
                free(desk);
        }
        return NULL;
}

int desk_reload(struct desk *desk, struct error *error)
{
        struct casebook book = CASEBOOK_INIT;
        int r = casebook_load(desk->options.journal, &book, error);

        if (r)
                return r;
        casebook_release(&desk->book);
        desk->book = book;
        return 0;
}

const struct casebook *desk_book(const struct desk *desk)
{
        return &desk->book;
}
