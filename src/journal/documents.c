/* SPDX-License-Identifier: EUPL-1.2 */
/* The view that is always there; views.h says what it keeps. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/private.h"

#define DOCUMENTS_VERSION 2

static const char put_sql[] = "INSERT OR REPLACE INTO view_documents VALUES(?1, ?2, ?3, ?4, ?5)";
static const char about_sql[] = "INSERT OR IGNORE INTO view_documents_about VALUES(?1, ?2)";
static const char remove_sql[] = "DELETE FROM view_documents WHERE kind = ?1 AND id = ?2";

struct documents {
        sqlite3_stmt *put;
        sqlite3_stmt *remove;
        sqlite3_stmt *about;
};

static void cleanup_json(json_t **json)
{
        json_decref(*json);
}

static int check_names(const char *kind, const char *id, struct error *error)
{
        if (!*kind || strlen(kind) > VIEW_NAME_MAX || !*id || strlen(id) > VIEW_ID_MAX)
                return error_say(
                        error, -EINVAL,
                        "Un document demande une sorte de 1 à %d octets et un identifiant de 1 à %d.",
                        "A document needs a kind of 1 to %d bytes and an id of 1 to %d.", VIEW_NAME_MAX,
                        VIEW_ID_MAX);
        return 0;
}

static void bind_names(sqlite3_stmt *statement, const char *kind, const char *id)
{
        sqlite3_bind_text(statement, 1, kind, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, id, -1, SQLITE_STATIC);
}

/* Which incident a record or its document is part of; "" for none. */
static const char *incident_of(const json_t *holder)
{
        const char *id = json_string_value(json_object_get(holder, "incident"));

        return id && strlen(id) <= VIEW_ID_MAX ? id : "";
}

static int put(const struct documents *documents, const char *kind, const char *id, const json_t *json,
               const char *incident, int64_t updated_ms, struct error *error)
{
        CLEANUP(buffer_release) struct buffer bytes = BUFFER_INIT(RECORD_BODY_MAX);
        int r = check_names(kind, id, error);

        if (r < 0)
                return r;
        if (!json || json_is_null(json)) {
                bind_names(documents->remove, kind, id);
                return store_change(documents->remove, error);
        }
        r = canonical_append(json, &bytes, error);
        if (r < 0)
                return r;
        bind_names(documents->put, kind, id);
        sqlite3_bind_blob64(documents->put, 3, bytes.data, bytes.length, SQLITE_STATIC);
        sqlite3_bind_int64(documents->put, 4, updated_ms);
        sqlite3_bind_text(documents->put, 5, incident, -1, SQLITE_STATIC);
        return store_change(documents->put, error);
}

int view_put(sqlite3 *database, const char *kind, const char *id, const json_t *json, int64_t updated_ms,
             struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *put_statement = NULL;
        CLEANUP(cleanup_statement) sqlite3_stmt *remove_statement = NULL;
        struct documents documents;
        int r = store_prepare(database, put_sql, &put_statement, error);

        if (r >= 0)
                r = store_prepare(database, remove_sql, &remove_statement, error);
        if (r < 0)
                return r;
        documents = (struct documents){.put = put_statement, .remove = remove_statement};
        return put(&documents, kind, id, json, incident_of(json), updated_ms, error);
}

static int documents_reset(void *context, sqlite3 *database, struct error *error)
{
        return store_run(
                database,
                "DROP TABLE IF EXISTS view_documents;"
                "CREATE TABLE view_documents(kind TEXT NOT NULL, id TEXT NOT NULL, json BLOB NOT NULL,"
                " updated INTEGER NOT NULL, incident TEXT NOT NULL, PRIMARY KEY(kind, id)) WITHOUT ROWID;"
                "CREATE INDEX view_documents_incident ON view_documents(incident, kind, id) WHERE incident "
                "<> '';"
                "DROP TABLE IF EXISTS view_documents_about;"
                "CREATE TABLE view_documents_about(incident TEXT NOT NULL, seq INTEGER NOT NULL,"
                " PRIMARY KEY(incident, seq)) WITHOUT ROWID;",
                error);
}

static int ready(struct documents **slot, sqlite3 *database, struct error *error)
{
        struct documents *documents;
        int r;

        if (*slot)
                return 0;
        documents = calloc(1, sizeof(*documents));
        if (!documents)
                return error_say(error, -ENOMEM, "Mémoire insuffisante.", "Out of memory.");
        r = store_prepare(database, put_sql, &documents->put, error);
        if (r >= 0)
                r = store_prepare(database, remove_sql, &documents->remove, error);
        if (r >= 0)
                r = store_prepare(database, about_sql, &documents->about, error);
        if (r < 0) {
                documents_free(documents);
                return r;
        }
        *slot = documents;
        return 0;
}

/* A record is about the incident that is its subject, its document, or named by either. */
static const char *record_incident(const struct record *record, const json_t *document)
{
        const char *kind = json_string_value(json_object_get(document, "kind"));
        const char *of_document = incident_of(json_object_get(document, "json"));

        if (!strncmp(record->subject, "i_", 2))
                return record->subject;
        if (kind && !strcmp(kind, "incident"))
                return json_string_value(json_object_get(document, "id"));
        return *of_document ? of_document : incident_of(record->body);
}

static int note_about(struct documents *documents, const struct record *record, const json_t *document,
                      struct error *error)
{
        const char *incident = record_incident(record, document);

        if (!incident || !*incident)
                return 0;
        sqlite3_bind_text(documents->about, 1, incident, -1, SQLITE_STATIC);
        sqlite3_bind_int64(documents->about, 2, (int64_t)record->seq);
        return store_change(documents->about, error);
}

static int documents_apply(void *context, const struct record *record, sqlite3 *database, struct error *error)
{
        struct documents **slot = context;
        json_t *document = json_object_get(record->body, "document");
        const char *kind, *id, *incident;
        json_t *json;
        int r = ready(slot, database, error);

        if (r >= 0)
                r = note_about(*slot, record, document, error);
        if (r < 0 || !document)
                return r;
        if (json_unpack(document, "{s:s, s:s, s:o !}", "kind", &kind, "id", &id, "json", &json) < 0)
                return error_say(error, -EINVAL, "Un document doit être {\"kind\", \"id\", \"json\"}.",
                                 "A document must be {\"kind\", \"id\", \"json\"}.");
        incident = incident_of(json);
        return put(*slot, kind, id, json, *incident ? incident : incident_of(record->body), record->time_ms,
                   error);
}

struct view documents_view(struct documents **documents)
{
        return (struct view){.name = "documents",
                             .version = DOCUMENTS_VERSION,
                             .context = documents,
                             .reset = documents_reset,
                             .apply = documents_apply};
}

struct documents *documents_free(struct documents *documents)
{
        if (!documents)
                return NULL;
        sqlite3_finalize(documents->put);
        sqlite3_finalize(documents->remove);
        sqlite3_finalize(documents->about);
        free(documents);
        return NULL;
}

static int column_json(sqlite3_stmt *row, int column, json_t **ret_json, struct error *error)
{
        const char *bytes = sqlite3_column_blob(row, column);

        if (!bytes)
                return error_say(error, -EINVAL,
                                 "Un document est abîmé : reconstruisez les vues (garde journal rebuild).",
                                 "A document is damaged: rebuild the views.");
        return canonical_parse(bytes, (size_t)sqlite3_column_bytes(row, column), ret_json, error);
}

int view_get(struct journal *journal, const char *kind, const char *id, json_t **ret_json,
             int64_t *ret_updated_ms, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(journal->database,
                              "SELECT json, updated FROM view_documents WHERE kind = ?1 AND id = ?2",
                              &statement, error);

        if (r < 0)
                return r;
        bind_names(statement, kind, id);
        r = store_step(statement, error);
        if (r != STORE_ROW)
                return r < 0 ? r : VIEW_NONE;
        r = column_json(statement, 0, ret_json, error);
        if (r < 0)
                return r;
        if (ret_updated_ms)
                *ret_updated_ms = sqlite3_column_int64(statement, 1);
        return 0;
}

/* Rows of id, json, updated to a visitor, until it says stop. */
static int visit_rows(sqlite3_stmt *statement,
                      int (*visit)(void *context, const char *id, const json_t *json, int64_t updated_ms),
                      void *context, struct error *error)
{
        int r;

        while ((r = store_step(statement, error)) == STORE_ROW) {
                CLEANUP(cleanup_json) json_t *json = NULL;

                r = column_json(statement, 1, &json, error);
                if (r >= 0)
                        r = visit(context, (const char *)sqlite3_column_text(statement, 0), json,
                                  sqlite3_column_int64(statement, 2));
                if (r != 0)
                        return r;
        }
        return r;
}

int view_list(struct journal *journal, const char *kind,
              int (*visit)(void *context, const char *id, const json_t *json, int64_t updated_ms),
              void *context, struct error *error)
{
        return view_list_from(journal, kind, NULL, false, visit, context, error);
}

int view_list_from(struct journal *journal, const char *kind, const char *after, bool newest_first,
                   int (*visit)(void *context, const char *id, const json_t *json, int64_t updated_ms),
                   void *context, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(journal->database,
                              newest_first
                                      ? "SELECT id, json, updated FROM view_documents WHERE kind = ?1 AND "
                                        "(?2 IS NULL OR id < ?2) ORDER BY id DESC"
                                      : "SELECT id, json, updated FROM view_documents WHERE kind = ?1 AND "
                                        "id > coalesce(?2, '') ORDER BY id",
                              &statement, error);

        if (r < 0)
                return r;
        sqlite3_bind_text(statement, 1, kind, -1, SQLITE_STATIC);
        if (after && *after)
                sqlite3_bind_text(statement, 2, after, -1, SQLITE_STATIC);
        return visit_rows(statement, visit, context, error);
}

int view_list_of(struct journal *journal, const char *kind, const char *incident,
                 int (*visit)(void *context, const char *id, const json_t *json, int64_t updated_ms),
                 void *context, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(
                journal->database,
                /* Left to itself SQLite reads all of the kind: without statistics it holds the primary key for as good. */
                "SELECT id, json, updated FROM view_documents INDEXED BY view_documents_incident WHERE "
                "incident = ?2 AND "
                "kind = ?1 "
                "AND incident <> '' ORDER BY id",
                &statement, error);

        if (r < 0)
                return r;
        bind_names(statement, kind, incident);
        return visit_rows(statement, visit, context, error);
}

int view_incident(struct journal *journal, const char *kind, const char *id, char *ret_incident, size_t size,
                  struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(journal->database,
                              "SELECT incident FROM view_documents WHERE kind = ?1 AND id = ?2", &statement,
                              error);

        if (r < 0)
                return r;
        bind_names(statement, kind, id);
        r = store_step(statement, error);
        if (r != STORE_ROW)
                return r < 0 ? r : VIEW_NONE;
        snprintf(ret_incident, size, "%s", (const char *)sqlite3_column_text(statement, 0));
        return 0;
}

int journal_read_about(struct journal *journal, const char *incident, uint64_t from, bool newest_first,
                       int (*visit)(void *context, const struct record *record), void *context,
                       struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(
                journal->database,
                newest_first ? "SELECT seq FROM view_documents_about WHERE incident = ?1 AND seq < ?2 "
                               "ORDER BY seq DESC"
                             : "SELECT seq FROM view_documents_about WHERE incident = ?1 AND seq >= ?2 "
                               "ORDER BY seq",
                &statement, error);

        if (r < 0)
                return r;
        sqlite3_bind_text(statement, 1, incident, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 2, from > INT64_MAX ? INT64_MAX : (int64_t)from);
        while ((r = store_step(statement, error)) == STORE_ROW) {
                uint64_t seq = (uint64_t)sqlite3_column_int64(statement, 0);

                r = journal_read_range(journal, seq, seq + 1, visit, context, error);
                if (r != 0)
                        return r;
        }
        return r;
}
