/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * views: projections of the records, kept in the journal's database, in the same transaction as the records
 * that change them: a view is never ahead of the journal nor behind it, and can be dropped and replayed at
 * any time.
 *
 * One view is always there: documents. A record whose body holds
 *     "document":{"kind":"incident","id":"i_…","json":{…}}
 * sets document (kind, id) to that JSON, whatever the record's type; "json":null removes it. `updated` is the
 * record's time. So the hub writes the whole noun into the record that says what changed ("measure.changed"
 * carries the measure), and reads it back with view_get(); replaying needs no code of the hub's. Documents
 * are kept in canonical form, so a replayed one is byte for byte the kept one; beware that 4.0 comes back as
 * the integer 4: read numbers with json_number_value().
 *
 * A room that wants more registers a struct view in journal_config.
 */
#pragma once

#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "flow/record.h"

#define VIEW_NAME_MAX 64  /* bytes, of a view, a kind */
#define VIEW_ID_MAX   256 /* bytes */
#define VIEWS_MAX     16

struct view {
        const char *name;
        int version; /* a higher or lower one than the stored: the view is replayed at opening */
        void *context;
        /* Drops and creates its tables, whose names begin with "view_<name>". 0 or negative errno. */
        int (*reset)(void *context, sqlite3 *database, struct error *error);
        /* One record in order. A failure undoes the whole batch. It may touch its own tables alone. */
        int (*apply)(void *context, const struct record *record, sqlite3 *database, struct error *error);
};

struct journal;

#define VIEW_NONE 1
/* New reference. VIEW_NONE when there is no such document. `ret_updated_ms` may be NULL. */
int view_get(struct journal *journal, const char *kind, const char *id, json_t **ret_json,
             int64_t *ret_updated_ms, struct error *error);

/*
 * Every document of a kind in the order of its ids (ULIDs: of their birth). The JSON is borrowed for the
 * call. The visitor must not write to the journal. Stops at non-zero and returns it.
 */
int view_list(struct journal *journal, const char *kind,
              int (*visit)(void *context, const char *id, const json_t *json, int64_t updated_ms),
              void *context, struct error *error);
/* From behind `after` (NULL or "": from the start), in this order or the other way round. */
int view_list_from(struct journal *journal, const char *kind, const char *after, bool newest_first,
                   int (*visit)(void *context, const char *id, const json_t *json, int64_t updated_ms),
                   void *context, struct error *error);

/* Those alone whose JSON says this "state", looked up and not sifted. */
int view_list_in(struct journal *journal, const char *kind, const char *state, const char *after,
                 bool newest_first,
                 int (*visit)(void *context, const char *id, const json_t *json, int64_t updated_ms),
                 void *context, struct error *error);

/*
 * What belongs to an incident: documents that name it ("incident" in them, or in the body of the record that set them), and
 * records that are about it (their subject, their document, or named so likewise).
 */
int view_list_of(struct journal *journal, const char *kind, const char *incident,
                 int (*visit)(void *context, const char *id, const json_t *json, int64_t updated_ms),
                 void *context, struct error *error);
/* The same with the bytes as they are kept, canonical JSON, for who hands them on. */
int view_text_of(struct journal *journal, const char *kind, const char *incident,
                 int (*visit)(void *context, const char *id, const char *json, size_t length), void *context,
                 struct error *error);
/* The incident a document belongs to, "" for none. VIEW_NONE when there is no such document. */
int view_incident(struct journal *journal, const char *kind, const char *id, char *ret_incident, size_t size,
                  struct error *error);
/* Records about it with seq >= `from`, oldest first; or those below `from`, newest first. As journal_read(). */
int journal_read_about(struct journal *journal, const char *incident, uint64_t from, bool newest_first,
                       int (*visit)(void *context, const struct record *record), void *context,
                       struct error *error);
