/* SPDX-License-Identifier: EUPL-1.2 */
/* Asking the documents; views.h says what for. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/private.h"

static void cleanup_json(json_t **json)
{
        json_decref(*json);
}

static void bind_names(sqlite3_stmt *statement, const char *kind, const char *id)
{
        sqlite3_bind_text(statement, 1, kind, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, id, -1, SQLITE_STATIC);
}

static int damaged(struct error *error)
{
        return error_say(error, -EINVAL,
                         "Un document est abîmé : reconstruisez les vues (garde journal rebuild).",
                         "A document is damaged: rebuild the views (garde journal rebuild).");
}

static int column_json(sqlite3_stmt *row, int column, json_t **ret_json, struct error *error)
{
        const char *bytes = sqlite3_column_blob(row, column);

        if (!bytes)
                return damaged(error);
        return canonical_parse(bytes, (size_t)sqlite3_column_bytes(row, column), ret_json, error);
}

int view_get(struct journal *journal, const char *kind, const char *id, json_t **ret_json,
             int64_t *ret_updated_ms, struct error *error)
{
        CLEANUP(loan_return) struct loan loan = LOAN_INIT;
        int r = journal_lend(journal, "SELECT json, updated FROM view_documents WHERE kind = ?1 AND id = ?2",
                             &loan, error);

        if (r < 0)
                return r;
        bind_names(loan.statement, kind, id);
        r = store_step(loan.statement, error);
        if (r != STORE_ROW)
                return r < 0 ? r : VIEW_NONE;
        r = column_json(loan.statement, 0, ret_json, error);
        if (r < 0)
                return r;
        if (ret_updated_ms)
                *ret_updated_ms = sqlite3_column_int64(loan.statement, 1);
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
        CLEANUP(loan_return) struct loan loan = LOAN_INIT;
        int r = journal_lend(journal,
                             newest_first
                                     ? "SELECT id, json, updated FROM view_documents WHERE kind = ?1 AND "
                                       "(?2 IS NULL OR id < ?2) ORDER BY id DESC"
                                     : "SELECT id, json, updated FROM view_documents WHERE kind = ?1 AND "
                                       "id > coalesce(?2, '') ORDER BY id",
                             &loan, error);

        if (r < 0)
                return r;
        sqlite3_bind_text(loan.statement, 1, kind, -1, SQLITE_STATIC);
        if (after && *after)
                sqlite3_bind_text(loan.statement, 2, after, -1, SQLITE_STATIC);
        return visit_rows(loan.statement, visit, context, error);
}

int view_list_in(struct journal *journal, const char *kind, const char *state, const char *after,
                 bool newest_first,
                 int (*visit)(void *context, const char *id, const json_t *json, int64_t updated_ms),
                 void *context, struct error *error)
{
        CLEANUP(loan_return) struct loan loan = LOAN_INIT;
        int r = journal_lend(journal,
                             newest_first
                                     ? "SELECT id, json, updated FROM view_documents INDEXED BY "
                                       "view_documents_state WHERE kind = ?1 AND state = ?2 AND state <> '' "
                                       "AND (?3 IS NULL OR id < ?3) ORDER BY id DESC"
                                     : "SELECT id, json, updated FROM view_documents INDEXED BY "
                                       "view_documents_state WHERE kind = ?1 AND state = ?2 AND state <> '' "
                                       "AND id > coalesce(?3, '') ORDER BY id",
                             &loan, error);

        if (r < 0)
                return r;
        bind_names(loan.statement, kind, state);
        if (after && *after)
                sqlite3_bind_text(loan.statement, 3, after, -1, SQLITE_STATIC);
        return visit_rows(loan.statement, visit, context, error);
}

/* Rows of what belongs to an incident, for visit_rows() or visit_texts(). */
static int lend_list_of(struct journal *journal, const char *kind, const char *incident,
                        struct loan *ret_loan, struct error *error)
{
        int r = journal_lend(journal,
                             /* Left to itself SQLite reads all of the kind: without statistics it holds the
                                primary key for as good. */
                             "SELECT id, json, updated FROM view_documents INDEXED BY "
                             "view_documents_incident WHERE incident = ?2 AND kind = ?1 AND incident <> '' "
                             "ORDER BY id",
                             ret_loan, error);

        if (r >= 0)
                bind_names(ret_loan->statement, kind, incident);
        return r;
}

int view_list_of(struct journal *journal, const char *kind, const char *incident,
                 int (*visit)(void *context, const char *id, const json_t *json, int64_t updated_ms),
                 void *context, struct error *error)
{
        CLEANUP(loan_return) struct loan loan = LOAN_INIT;
        int r = lend_list_of(journal, kind, incident, &loan, error);

        return r < 0 ? r : visit_rows(loan.statement, visit, context, error);
}

int view_text_of(struct journal *journal, const char *kind, const char *incident,
                 int (*visit)(void *context, const char *id, const char *json, size_t length), void *context,
                 struct error *error)
{
        CLEANUP(loan_return) struct loan loan = LOAN_INIT;
        int r = lend_list_of(journal, kind, incident, &loan, error);

        if (r < 0)
                return r;
        while ((r = store_step(loan.statement, error)) == STORE_ROW) {
                const char *json = sqlite3_column_blob(loan.statement, 1);
                size_t length = (size_t)sqlite3_column_bytes(loan.statement, 1), at;

                if (!json || canonical_check(json, length, &at) < 0)
                        return damaged(error);
                r = visit(context, (const char *)sqlite3_column_text(loan.statement, 0), json, length);
                if (r)
                        return r;
        }
        return r;
}

int view_incident(struct journal *journal, const char *kind, const char *id, char *ret_incident, size_t size,
                  struct error *error)
{
        CLEANUP(loan_return) struct loan loan = LOAN_INIT;
        int r = journal_lend(journal, "SELECT incident FROM view_documents WHERE kind = ?1 AND id = ?2",
                             &loan, error);

        if (r < 0)
                return r;
        bind_names(loan.statement, kind, id);
        r = store_step(loan.statement, error);
        if (r != STORE_ROW)
                return r < 0 ? r : VIEW_NONE;
        snprintf(ret_incident, size, "%s", (const char *)sqlite3_column_text(loan.statement, 0));
        return 0;
}

int journal_read_about(struct journal *journal, const char *incident, uint64_t from, bool newest_first,
                       int (*visit)(void *context, const struct record *record), void *context,
                       struct error *error)
{
        CLEANUP(loan_return) struct loan loan = LOAN_INIT;
        int r = journal_lend(
                journal,
                newest_first ? "SELECT seq FROM view_documents_about WHERE incident = ?1 AND seq < ?2 "
                               "ORDER BY seq DESC"
                             : "SELECT seq FROM view_documents_about WHERE incident = ?1 AND seq >= ?2 "
                               "ORDER BY seq",
                &loan, error);

        if (r < 0)
                return r;
        sqlite3_bind_text(loan.statement, 1, incident, -1, SQLITE_STATIC);
        sqlite3_bind_int64(loan.statement, 2, from > INT64_MAX ? INT64_MAX : (int64_t)from);
        while ((r = store_step(loan.statement, error)) == STORE_ROW) {
                uint64_t seq = (uint64_t)sqlite3_column_int64(loan.statement, 0);

                r = journal_read_range(journal, seq, seq + 1, visit, context, error);
                if (r != 0)
                        return r;
        }
        return r;
}
