/* SPDX-License-Identifier: EUPL-1.2 */
/* The view that is always there; views.h says what it keeps. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/private.h"

#define DOCUMENTS_VERSION 1

static const char put_sql[] = "INSERT OR REPLACE INTO view_documents VALUES(?1, ?2, ?3, ?4)";
static const char remove_sql[] = "DELETE FROM view_documents WHERE kind = ?1 AND id = ?2";

struct documents {
        sqlite3_stmt *put;
        sqlite3_stmt *remove;
};

static void cleanup_json(json_t **json)
{
        json_decref(*json);
}

static int check_names(const char *kind, const char *id, struct error *error)
{
        if (!*kind || strlen(kind) > VIEW_NAME_MAX || !*id || strlen(id) > VIEW_ID_MAX)
                return error_set(error, -EINVAL,
                                 "A document needs a kind of 1 to %d bytes and an id of 1 to %d.",
                                 VIEW_NAME_MAX, VIEW_ID_MAX);
        return 0;
}

static void bind_names(sqlite3_stmt *statement, const char *kind, const char *id)
{
        sqlite3_bind_text(statement, 1, kind, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, id, -1, SQLITE_STATIC);
}

static int put(const struct documents *documents, const char *kind, const char *id, const json_t *json,
               int64_t updated_ms, struct error *error)
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
        documents = (struct documents){put_statement, remove_statement};
        return put(&documents, kind, id, json, updated_ms, error);
}

static int documents_reset(void *context, sqlite3 *database, struct error *error)
{
        return store_run(
                database,
                "DROP TABLE IF EXISTS view_documents;"
                "CREATE TABLE view_documents(kind TEXT NOT NULL, id TEXT NOT NULL, json BLOB NOT NULL,"
                " updated INTEGER NOT NULL, PRIMARY KEY(kind, id)) WITHOUT ROWID;",
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
                return error_set(error, -ENOMEM, "Out of memory.");
        r = store_prepare(database, put_sql, &documents->put, error);
        if (r >= 0)
                r = store_prepare(database, remove_sql, &documents->remove, error);
        if (r < 0) {
                documents_free(documents);
                return r;
        }
        *slot = documents;
        return 0;
}

static int documents_apply(void *context, const struct record *record, sqlite3 *database, struct error *error)
{
        struct documents **slot = context;
        json_t *document = json_object_get(record->body, "document");
        const char *kind, *id;
        json_t *json;
        int r;

        if (!document)
                return 0;
        if (json_unpack(document, "{s:s, s:s, s:o !}", "kind", &kind, "id", &id, "json", &json) < 0)
                return error_set(error, -EINVAL, "A document must be {\"kind\", \"id\", \"json\"}.");
        r = ready(slot, database, error);
        return r < 0 ? r : put(*slot, kind, id, json, record->time_ms, error);
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
        free(documents);
        return NULL;
}

static int column_json(sqlite3_stmt *row, int column, json_t **ret_json, struct error *error)
{
        const char *bytes = sqlite3_column_blob(row, column);

        if (!bytes)
                return error_set(error, -EINVAL, "A document is damaged: rebuild the views.");
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

int view_list(struct journal *journal, const char *kind,
              int (*visit)(void *context, const char *id, const json_t *json, int64_t updated_ms),
              void *context, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(journal->database,
                              "SELECT id, json, updated FROM view_documents WHERE kind = ?1 ORDER BY id",
                              &statement, error);

        if (r < 0)
                return r;
        sqlite3_bind_text(statement, 1, kind, -1, SQLITE_STATIC);
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
