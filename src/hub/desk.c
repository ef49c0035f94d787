/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/desk_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/desk_tasks.h"
#include "incident/gravity.h"
#include "journal/journal.h"
#include "obligation/duty.h"

int desk_no_incident(const struct desk *desk, struct error *error, const char *id)
{
        return error_say(error, -ENOENT, "aucun incident « %s » ; la liste : garde incident list --all",
                         "no incident “%s”; the list: garde incident list --all", id);
}

int desk_no_obligation(const struct desk *desk, struct error *error, const char *id)
{
        return error_say(error, -ENOENT, "aucune obligation « %s » ; la liste : garde incident show INCIDENT",
                         "no obligation “%s”; the list: garde incident show INCIDENT", id);
}

int desk_by_whom(const struct desk *desk, struct error *error)
{
        return error_say(error, -EINVAL, "une personne doit répondre de cet acte : dites qui (--author NOM)",
                         "a person must answer for this act: say who (--author NAME)");
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
        size_t count;
        const struct obligation *there = casebook_obligations(desk->book, incident->id.text, &count);
        struct obligation *list = calloc(count + 1, sizeof(*list));

        if (!list)
                return -ENOMEM;
        for (size_t i = 0; i < count; i++)
                list[i] = changed && !strcmp(changed->id.text, there[i].id.text) ? *changed : there[i];
        *ret_list = list; /* a shallow list: the texts stay their owners' */
        *ret_count = count;
        return 0;
}

static const struct obligation *existing_with(const struct obligation *list, size_t count, const char *id)
{
        for (size_t i = 0; i < count; i++)
                if (!strcmp(list[i].id.text, id))
                        return &list[i];
        return NULL;
}

int desk_evaluate_duties(struct desk *desk, struct batch *batch, const struct incident *incident,
                         const struct obligation *filed, bool *ret_owing, struct error *error)
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
                return error_say(error, r, "mémoire insuffisante", "out of memory");
        r = duties_evaluate(&world, incident, existing, count, &duties, error);
        if (r)
                return r;
        *ret_owing = false;
        for (size_t i = 0; i < duties.count; i++) {
                const struct obligation *before =
                        existing_with(existing, count, duties.obligations[i].id.text);
                *ret_owing |= duty_is_owed(&duties.obligations[i]);
                if (filed && !strcmp(filed->id.text, duties.obligations[i].id.text))
                        continue;
                if (!before || !obligation_equal(before, &duties.obligations[i]))
                        batch_obligation(batch, RECORD_TYPE_OBLIGATION_CHANGED, "rule",
                                         &duties.obligations[i], NULL);
        }
        duty_set_release(&duties);
        return 0;
}

/* Gravity, then duties, then the records; the incident is taken over. */
int desk_settle(struct desk *desk, struct batch *batch, enum record_type type, const char *author,
                struct incident *incident, json_t *body, struct error *error)
{
        bool regraded = false, owing = false;
        int r = propose_gravity(desk, incident, &regraded);

        if (!r)
                r = desk_evaluate_duties(desk, batch, incident, NULL, &owing, error);
        if (r) {
                json_decref(body);
                return r;
        }
        incident->owing = !incident->open && owing;
        if (regraded)
                batch_record(batch, RECORD_TYPE_INCIDENT_GRAVITY, "", "rule",
                             json_pack("{s:s, s:s}", "incident", incident->id.text, "gravity",
                                       gravity_word(incident->gravity)),
                             NULL);
        batch_incident(batch, type, author, incident, body);
        return 0;
}

/* Which playbooks fit now, and which steps are done by what Garde did or what was filed: written down when it changes. */
static int follow_playbooks(struct desk *desk, const char *id, struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        CLEANUP(board_release) struct board board = {0};
        CLEANUP(incident_release) struct incident changed = {0};
        json_t *body = NULL;
        int r = casebook_incident(desk->book, id) ? board_open(desk, id, &board, error) : -ENOENT;

        if (r)
                return r == -ENOENT ? 0 : r;
        if (!tasks_any(board.input.playbooks, board.input.incident))
                return 0;
        if (incident_copy(&changed, board.input.incident))
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        r = tasks_settle(&board.input, desk->options.clock, &changed, &body, error);
        if (!r && body) {
                batch_incident(&batch, RECORD_TYPE_TASK_CHANGED, "playbook", &changed, body);
                r = batch_commit(&batch, desk->options.journal, desk->book, NULL, error);
        }
        batch_release(&batch);
        return r;
}

/* The incidents that a batch speaks of, each once. */
#define TOUCHED_MAX 8

static size_t touched_incidents(const struct batch *batch, struct id ret_ids[static TOUCHED_MAX])
{
        size_t count = 0;

        for (size_t i = 0; i < batch->incident_count + batch->measure_count + batch->obligation_count; i++) {
                size_t m = i - batch->incident_count, o = m - batch->measure_count, k = 0;
                const struct id *id = i < batch->incident_count  ? &batch->incidents[i].id
                                      : m < batch->measure_count ? &batch->measures[m].incident
                                                                 : &batch->obligations[o].incident;
                while (k < count && strcmp(ret_ids[k].text, id->text))
                        k++;
                if (id_is_set(id) && k == count && count < TOUCHED_MAX)
                        ret_ids[count++] = *id;
        }
        return count;
}

/* The end of a hold of the desk's own. What the disk refuses never was: the book is read anew. */
static int settle(struct desk *desk, int r, struct error *error)
{
        struct error why = {0};
        int settled = journal_settle(desk->options.journal, &why);

        if (!settled)
                return r;
        desk_reload(desk, NULL);
        return r ? r : error_forward(error, settled, why.fr, why.en);
}

/* What a person did and what the playbooks make of it go to the disk in one write. */
int desk_commit(struct desk *desk, struct batch *batch, uint64_t *ret_first, struct error *error)
{
        struct id ids[TOUCHED_MAX];
        size_t count = touched_incidents(batch, ids);
        bool held = journal_is_held(desk->options.journal);
        int r = held ? 0 : journal_hold(desk->options.journal, error);

        if (r)
                return r;
        r = batch_commit(batch, desk->options.journal, desk->book, ret_first, error);
        for (size_t i = 0; !r && desk->options.playbooks && i < count; i++)
                r = follow_playbooks(desk, ids[i].text, error);
        return held ? r : settle(desk, r, error);
}

void desk_remember_lifted(struct desk *desk, const struct id *id)
{
        desk->lifted[desk->lifted_count++ % DESK_LIFTED_MAX] = *id;
}

bool desk_lift_is_asked(const struct desk *desk, const char *measure)
{
        size_t kept = desk->lifted_count < DESK_LIFTED_MAX ? desk->lifted_count : DESK_LIFTED_MAX;

        for (size_t i = 0; i < kept; i++)
                if (!strcmp(desk->lifted[i].text, measure))
                        return true;
        return false;
}

/* ---- life ---- */

json_t *desk_desired(const struct desk *desk)
{
        json_t *asked = json_array(), *lifted = json_array();
        int64_t now = clock_wall_ms(desk->options.clock);
        size_t kept = desk->lifted_count < DESK_LIFTED_MAX ? desk->lifted_count : DESK_LIFTED_MAX, count;

        const struct measure *measures = casebook_standing(desk->book, &count);
        for (size_t i = 0; i < count; i++) {
                const struct measure *one = &measures[i];
                if (author_is_person(one->owner) && one->until_ms > now &&
                    (one->state == MEASURE_STATE_PROPOSED || one->state == MEASURE_STATE_STANDING))
                        json_array_append_new(asked, measure_to_json(one));
        }
        for (size_t i = 0; i < kept; i++)
                json_array_append_new(lifted, json_string(desk->lifted[i].text));
        return json_pack("{s:s, s:o, s:o}", "type", "desired", "asked", asked, "lifted", lifted);
}

/* A restart must not forget what people took down. */
static int recall_lifted(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct desk *desk = context;
        struct id measure;

        if (!id_parse(id, 'm', &measure))
                desk_remember_lifted(desk, &measure);
        return desk->lifted_count == DESK_LIFTED_MAX;
}

int desk_new(const struct desk_options *options, struct desk **ret_desk, struct error *error)
{
        struct desk *desk = calloc(1, sizeof(*desk));
        int r;

        if (!desk)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        desk->options = *options;
        r = casebook_open(options->journal, options->random, &desk->book, error);
        if (!r)
                r = view_list_from(options->journal, "lift", NULL, true, recall_lifted, desk, error);
        if (r < 0) {
                desk_free(desk);
                return r;
        }
        *ret_desk = desk;
        return 0;
}

struct desk *desk_free(struct desk *desk)
{
        if (desk) {
                casebook_close(desk->book);
                free(desk);
        }
        return NULL;
}

int desk_reload(struct desk *desk, struct error *error)
{
        struct casebook *book;
        int r = casebook_open(desk->options.journal, desk->options.random, &book, error);

        if (r)
                return r;
        casebook_close(desk->book);
        desk->book = book;
        return 0;
}

struct casebook *desk_book(const struct desk *desk)
{
        return desk->book;
}
