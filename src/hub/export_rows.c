/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/export_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "flow/incident.h"
#include "flow/measure.h"
#include "flow/obligation.h"
#include "hub/contacts.h"
#include "incident/task.h"
#include "journal/journal.h"

/* Where the rows lie. Records, contacts and tasks have their own ways. */
static const struct {
        const char *document; /* kind of the view */
        const char *each;     /* its member whose every element is a row; NULL: the document is the row */
        const char *owner;    /* such a row gets the document's id under this name; NULL: it does not */
} sources[EXPORT_KIND_COUNT] = {
        [EXPORT_INCIDENTS] = {"incident", NULL, NULL},
        [EXPORT_FACTS] = {"incident", "facts", "incident"},
        [EXPORT_TASKS] = {"incident", NULL, "incident"},
        [EXPORT_FINDINGS] = {"finding", NULL, NULL},
        [EXPORT_MEASURES] = {"measure", NULL, NULL},
        [EXPORT_OBLIGATIONS] = {"obligation", NULL, NULL},
        [EXPORT_FILINGS] = {"obligation", "filings", "obligation"},
        [EXPORT_LETTERS] = {"letters", NULL, NULL},
        [EXPORT_SENDINGS] = {"letters", "sent", "letters"},
        [EXPORT_ACCOUNTS] = {"account", NULL, NULL},
        [EXPORT_APPROVALS] = {"approval", NULL, NULL},
};

struct rows {
        struct journal *journal;
        const struct export_request *request;
        int (*visit)(void *context, const json_t *row);
        void *context;
        struct error *error;
};

/* ---- an element of a list ---- */

/* With what it belongs to: the document, the incident and rule that the document itself names. */
static json_t *with_owner(const json_t *element, const char *owner, const char *id, const json_t *document)
{
        static const char *const inherited[] = {"incident", "rule"};
        json_t *row = json_object();

        if (owner && json_object_set_new(row, owner, json_string(id))) {
                json_decref(row);
                return NULL;
        }
        for (size_t i = 0; owner && i < ARRAY_LEN(inherited); i++)
                if (json_object_get(document, inherited[i]))
                        json_object_set(row, inherited[i], json_object_get(document, inherited[i]));
        if (json_object_update(row, (json_t *)element)) {
                json_decref(row);
                return NULL;
        }
        return row;
}

/* `name`: under which it stands in its document; NULL in a list. */
static int visit_element(struct rows *rows, const json_t *element, const char *name, const char *id,
                         const json_t *document)
{
        json_t *row = with_owner(element, sources[rows->request->kind].owner, id, document);
        int r = 0;

        if (!row || (name && json_object_set_new(row, "name", json_string(name))))
                r = -ENOMEM;
        if (!r)
                r = rows->visit(rows->context, row);
        json_decref(row);
        return r;
}

static int visit_each(struct rows *rows, const json_t *all, const char *id, const json_t *document)
{
        const char *name;
        json_t *element;
        size_t index;
        int r = 0;

        json_object_foreach((json_t *)all, name, element)
        {
                r = visit_element(rows, element, name, id, document);
                if (r)
                        return r;
        }
        json_array_foreach(all, index, element)
        {
                r = visit_element(rows, element, NULL, id, document);
                if (r)
                        return r;
        }
        return 0;
}

/* ---- tasks ---- */

/* What an incident's list is worked out from, as the journal has it at this moment. */
struct board {
        struct incident incident;
        struct measure *measures;
        size_t measure_count;
        struct obligation *obligations;
        size_t obligation_count;
};

static void board_release(struct board *board)
{
        for (size_t i = 0; i < board->measure_count; i++)
                measure_release(&board->measures[i]);
        for (size_t i = 0; i < board->obligation_count; i++)
                obligation_release(&board->obligations[i]);
        free(board->measures);
        free(board->obligations);
        incident_release(&board->incident);
}

/* Only those that stand: what a measure that ended had done was ticked while it stood. */
static int add_measure(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct board *board = context;
        struct measure measure = {0}, *more;
        int r = measure_from_json(json, &measure, NULL);

        if (r || (measure.state != MEASURE_STATE_STANDING && measure.state != MEASURE_STATE_PROBATION)) {
                measure_release(&measure);
                return r;
        }
        more = reallocarray(board->measures, board->measure_count + 1, sizeof(*more));
        if (!more) {
                measure_release(&measure);
                return -ENOMEM;
        }
        board->measures = more;
        board->measures[board->measure_count++] = measure;
        return 0;
}

static int add_obligation(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct board *board = context;
        struct obligation obligation = {0}, *more = reallocarray(board->obligations,
                                                                 board->obligation_count + 1, sizeof(*more));
        int r = more ? obligation_from_json(json, &obligation, NULL) : -ENOMEM;

        if (more)
                board->obligations = more;
        if (!r)
                board->obligations[board->obligation_count++] = obligation;
        return r;
}

static int board_fill(struct rows *rows, const char *incident, const json_t *json, struct board *board)
{
        int r = incident_from_json(json, &board->incident, rows->error);

        if (!r)
                r = view_list_of(rows->journal, "measure", incident, add_measure, board, rows->error);
        if (!r)
                r = view_list_of(rows->journal, "obligation", incident, add_obligation, board, rows->error);
        return r;
}

static int visit_tasks(struct rows *rows, const char *id, const json_t *document)
{
        static const struct playbook_set none;
        CLEANUP(board_release) struct board board = {0};
        CLEANUP(task_list_release) struct task_list list = {0};
        const struct playbook_set *playbooks = rows->request->playbooks;
        json_t *tasks = NULL;
        int r = board_fill(rows, id, document, &board);
        const struct task_input input = {.playbooks = playbooks ? playbooks : &none,
                                         .incident = &board.incident,
                                         .measures = board.measures,
                                         .measure_count = board.measure_count,
                                         .obligations = board.obligations,
                                         .obligation_count = board.obligation_count};

        if (!r)
                r = tasks_evaluate(&input, &list, rows->error);
        if (!r) {
                tasks = task_list_to_json(&list, &board.incident);
                r = tasks ? visit_each(rows, tasks, id, NULL) : -ENOMEM;
        }
        json_decref(tasks);
        return r;
}

/* ---- documents and records ---- */

static int visit_document(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct rows *rows = context;
        const char *each = sources[rows->request->kind].each;

        if (rows->request->kind == EXPORT_TASKS)
                return visit_tasks(rows, id, json);
        return each ? visit_each(rows, json_object_get(json, each), id, json)
                    : rows->visit(rows->context, json);
}

/* What a record says of personal texts is their commitments, which prove nothing without the journal: left out. */
static int visit_record(void *context, const struct record *record)
{
        char time[TIME_TEXT_SIZE], hash[2 * RECORD_HASH_SIZE + 1];
        struct rows *rows = context;
        json_t *row;
        int r;

        time_format(record->time_ms, time);
        for (size_t i = 0; i < RECORD_HASH_SIZE; i++)
                snprintf(hash + 2 * i, 3, "%02x", record->hash[i]);
        row = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:O}", "seq", (json_int_t)record->seq, "time", time,
                        "type", record_type_word(record->type), "subject", record->subject, "author",
                        record->author, "hash", hash, "body", record->body);
        r = row ? rows->visit(rows->context, row) : -ENOMEM;
        json_decref(row);
        return r;
}

static int visit_contacts(struct rows *rows)
{
        json_t *contacts = NULL;
        int r = contacts_read(rows->journal, &contacts, rows->error);

        if (!r)
                r = visit_each(rows, contacts, "", NULL);
        json_decref(contacts);
        return r;
}

int export_rows(struct journal *journal, const struct export_request *request,
                int (*visit)(void *context, const json_t *row), void *context, struct error *error)
{
        struct rows rows = {journal, request, visit, context, error};

        if (request->kind == EXPORT_RECORDS)
                return journal_read(journal, 0, UINT64_MAX, visit_record, &rows, error);
        if (request->kind == EXPORT_CONTACTS)
                return visit_contacts(&rows);
        return view_list(journal, sources[request->kind].document, visit_document, &rows, error);
}
