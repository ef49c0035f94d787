/* SPDX-License-Identifier: EUPL-1.2 */
/* What sensors report: findings, measures, and that something stands no more. */
#include "hub/desk_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "incident/join.h"
#include "obligation/duty.h"

#define TOLD_WITHIN_MS 5000 /* an edge that lives has said by then that a measure's time is over */

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

/* Who tells of it: a sensor signs with its name, and an incident gets its title from the finding; a person says both. */
struct teller {
        const char *author;
        const json_t *title; /* {"fr","en"}, either may be missing; NULL */
        bool alone;          /* opens an incident of its own, whatever else there is */
};

static int set_title(struct incident *incident, const json_t *title)
{
        const char *fr = json_string_value(json_object_get(title, "fr")),
                   *en = json_string_value(json_object_get(title, "en"));

        if (!fr && !en)
                return 0;
        return bitext_set(&incident->title, fr ? fr : en, en ? en : fr);
}

/*
 * Those it may belong to, as shallow copies: of its kind, the newest first, those on the same subject before the others. Of closed
 * ones a few, since only the end of a matter is looked for there.
 */
#define CANDIDATES_MAX 48
#define CLOSED_MAX     8

struct candidates {
        struct incident list[CANDIDATES_MAX];
        size_t count;
};

static void add_candidates(struct desk *desk, const struct finding *finding, bool open, bool same_subject,
                           size_t most, struct candidates *candidates)
{
        for (uint32_t at = casebook_newest(desk->book, finding->kind, open);
             at != CASEBOOK_NONE && most && candidates->count < CANDIDATES_MAX;
             at = casebook_older(desk->book, at)) {
                const struct casebook_brief *brief = casebook_brief(desk->book, at);
                const struct incident *incident;

                if ((strcmp(brief->subject, finding->subject) == 0) != same_subject)
                        continue;
                incident = casebook_incident(desk->book, brief->id.text);
                if (incident)
                        candidates->list[candidates->count++] = *incident;
                most--;
        }
}

static void find_candidates(struct desk *desk, const struct finding *finding, struct candidates *candidates)
{
        for (int same_subject = 1; same_subject >= 0; same_subject--) {
                add_candidates(desk, finding, true, same_subject, CANDIDATES_MAX, candidates);
                if (finding->phase == FINDING_PHASE_ENDS)
                        add_candidates(desk, finding, false, same_subject, CLOSED_MAX, candidates);
        }
}

/*
 * One more of the same, and its place in the incident's list is full or was taken a moment ago: the finding has its record and
 * names its incident; the incident itself is not written down again for it, or a storm would write nothing else.
 */
static bool says_nothing_new(const struct desk *desk, const struct join_result *result,
                             const struct finding *finding)
{
        return !result->changed_count && finding->phase == FINDING_PHASE_CONTINUES &&
               result->incident.finding_count >= INCIDENT_FINDINGS_MAX;
}

static int join(struct desk *desk, struct batch *batch, const struct finding *finding,
                const struct teller *teller, struct id *ret_incident, struct error *error)
{
        const struct join_config config = {.window_ms = desk->options.join_window_ms,
                                           .author = teller->author};
        struct join_result result = {0};
        struct id id;
        struct candidates candidates;
        int r;

        candidates.count = 0; /* and the list is not zeroed: it is long, and a storm comes here often */
        if (casebook_incident_of_finding(desk->book, finding->id.text, ret_incident))
                return JOIN_DUPLICATE;
        if (!teller->alone)
                find_candidates(desk, finding, &candidates);
        r = join_finding(&config, finding, candidates.list, candidates.count, desk->options.clock,
                         desk->options.random, &result, error);
        if (r)
                return r;
        if (result.opened && is_end_of_nothing(finding)) {
                join_result_release(&result);
                batch_finding(batch, finding, teller->author, "");
                return desk_commit(desk, batch, NULL, error);
        }
        id = result.incident.id;
        r = result.opened ? set_structure(desk, &result.incident, error) : 0;
        if (!r && result.opened)
                r = set_title(&result.incident, teller->title);
        if (r) {
                join_result_release(&result);
                return r;
        }
        batch_finding(batch, finding, teller->author, id.text);
        if (!result.opened && says_nothing_new(desk, &result, finding)) {
                r = desk_commit(desk, batch, NULL, error);
                if (!r)
                        r = casebook_put_incident(desk->book, &result.incident);
                join_result_release(&result);
                if (!r)
                        *ret_incident = id;
                return r;
        }
        for (size_t i = 0; i < result.changed_count; i++) {
                const struct fact *fact = incident_fact(&result.incident, result.changed[i]);
                if (fact)
                        batch_fact(batch, id.text, fact);
        }
        r = desk_settle(
                desk, batch, result.opened ? RECORD_TYPE_INCIDENT_OPENED : RECORD_TYPE_INCIDENT_JOINED,
                teller->author, &result.incident, json_pack("{s:s}", "finding", finding->id.text), error);
        if (!r)
                r = desk_commit(desk, batch, NULL, error);
        join_result_release(&result);
        if (!r)
                *ret_incident = id;
        return r;
}

int desk_finding_by(struct desk *desk, const struct finding *finding, const char *author, const json_t *title,
                    bool alone, struct id *ret_incident, struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct teller teller = {.author = author, .title = title, .alone = alone};
        int r = join(desk, &batch, finding, &teller, ret_incident, error);

        batch_release(&batch);
        return r == JOIN_DUPLICATE ? 0 : r;
}

int desk_finding(struct desk *desk, const struct finding *finding, struct id *ret_incident,
                 struct error *error)
{
        return desk_finding_by(desk, finding, finding->sensor, NULL, false, ret_incident, error);
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
        r = desk_commit(desk, &batch, NULL, error);
        free(text);
        batch_release(&batch);
        return r;
}

const struct incident *desk_incident_for(struct desk *desk, const struct measure *measure)
{
        struct id id;

        if (casebook_incident_of_finding(desk->book, measure->finding.text, &id))
                return casebook_incident(desk->book, id.text);
        for (size_t i = casebook_count(desk->book); i-- > 0;) {
                const struct casebook_brief *brief = casebook_brief(desk->book, i);
                if (brief->open && !strcmp(brief->subject, measure->subject))
                        return casebook_incident(desk->book, brief->id.text);
        }
        return NULL;
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
        const struct incident *found = desk_incident_for(desk, measure);
        struct incident incident = {0};
        int r;

        if (!found)
                return 0;
        measure->incident = found->id;
        if (holds_measure(found, &measure->id) || found->measure_count == INCIDENT_MEASURES_MAX)
                return 0; /* beyond the cap the measure still names its incident */
        r = incident_copy(&incident, found);
        if (!r)
                r = incident_add_measure(&incident, &measure->id, error);
        if (!r)
                batch_incident(batch, RECORD_TYPE_INCIDENT_JOINED, "edge", &incident,
                               json_pack("{s:s}", "measure", measure->id.text));
        incident_release(&incident);
        return r;
}

/*
 * An edge that was killed finds a person's measure in the kernel and does not know whose it is: the book does. When it
 * is taken down like one of the edge's own, it was lifted all the same.
 */
static int keep_person(const struct desk *desk, struct measure *report)
{
        const struct measure *there = casebook_measure(desk->book, report->id.text);

        if (!there || !author_is_person(there->owner) || author_is_person(report->owner))
                return 0;
        memcpy(report->owner, there->owner, sizeof(report->owner));
        if (report->state == MEASURE_STATE_REFUSED && desk_lift_is_asked(desk, report->id.text))
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
                return error_say(error, -EINVAL,
                                 "une mesure est « applied », « changed » ou « ended », et non « %s »",
                                 "a measure is applied, changed or ended, not \"%s\"", change);
        r = measure_copy(&copy, measure);
        if (!r)
                r = keep_person(desk, &copy);
        if (!r)
                r = add_to_incident(desk, &batch, &copy, error);
        if (!r) {
                /* Who reports it signs, whoever asked for the measure. */
                batch_measure(&batch, changes[which].type, "edge", &copy, NULL);
                r = desk_commit(desk, &batch, NULL, error);
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

        if (!open || (!over && !desk_lift_is_asked(desk, measure->id.text)) ||
            stands_at_edge(services, measure->id.text))
                return measure->state;
        return over ? MEASURE_STATE_EXPIRED : MEASURE_STATE_LIFTED;
}

int desk_standing(struct desk *desk, const json_t *services, struct error *error)
{
        size_t count;
        const struct measure *measures = casebook_standing(desk->book, &count);

        for (size_t i = 0; i < count; i++) {
                const struct measure *one = &measures[i];
                enum measure_state end = silent_end(desk, one, services);
                if (end == one->state)
                        continue;
                struct batch batch = BATCH_INIT(desk->options.catalogue);
                struct measure ended = {0};
                int r = measure_copy(&ended, one);
                ended.state = end;
                if (!r) {
                        batch_measure(&batch, RECORD_TYPE_MEASURE_ENDED, "hub", &ended, NULL);
                        r = desk_commit(desk, &batch, NULL, error);
                }
                measure_release(&ended);
                batch_release(&batch);
                return r; /* one a report: the book may have moved */
        }
        return 0;
}
