/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The view that is always there; views.h says what it keeps. A document's canonical bytes stand in its record's line, so that
 * they are copied and not written a second time, and a replay builds no value at all.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/private.h"

#define DOCUMENTS_VERSION 3

struct documents {
        sqlite3_stmt *put;
        sqlite3_stmt *remove;
        sqlite3_stmt *about;
};

/* What a record says of a document. */
struct told {
        char kind[VIEW_NAME_MAX + 1];
        char id[VIEW_ID_MAX + 1];
        char incident[VIEW_ID_MAX + 1]; /* which it is part of; "" for none */
        char state[VIEW_NAME_MAX + 1];  /* "" for none */
        struct canonical_member json;
};

static int documents_reset(void *context, sqlite3 *database, struct error *error)
{
        return store_run(
                database,
                "DROP TABLE IF EXISTS view_documents;"
                "CREATE TABLE view_documents(kind TEXT NOT NULL, id TEXT NOT NULL, json BLOB NOT NULL,"
                " updated INTEGER NOT NULL, incident TEXT NOT NULL, state TEXT NOT NULL,"
                " PRIMARY KEY(kind, id)) WITHOUT ROWID;"
                "CREATE INDEX view_documents_incident ON view_documents(incident, kind, id) WHERE incident "
                "<> '';"
                "CREATE INDEX view_documents_state ON view_documents(kind, state, id) WHERE state <> '';"
                "DROP TABLE IF EXISTS view_documents_about;"
                "CREATE TABLE view_documents_about(incident TEXT NOT NULL, seq INTEGER NOT NULL,"
                " PRIMARY KEY(incident, seq)) WITHOUT ROWID;",
                error);
}

struct view documents_view(void)
{
        return (struct view){.name = "documents", .version = DOCUMENTS_VERSION, .reset = documents_reset};
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
        r = store_prepare(database, "INSERT OR REPLACE INTO view_documents VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                          &documents->put, error);
        if (r >= 0)
                r = store_prepare(database, "DELETE FROM view_documents WHERE kind = ?1 AND id = ?2",
                                  &documents->remove, error);
        if (r >= 0)
                r = store_prepare(database, "INSERT OR IGNORE INTO view_documents_about VALUES(?1, ?2)",
                                  &documents->about, error);
        if (r < 0) {
                documents_free(documents);
                return r;
        }
        *slot = documents;
        return 0;
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

/* ---- what a record says ---- */

/* A short text in a body or a document; "" when there is none. */
static void read_word(const struct canonical_member *holder, const char *name, char *ret_word, size_t size)
{
        struct canonical_member member;

        if (canonical_find(holder, name, &member) < 0 || canonical_text(&member, ret_word, size) < 0)
                ret_word[0] = '\0';
}

static bool is_null(const struct canonical_member *json)
{
        return json->value[0] == 'n';
}

/* Its three members and no others, in the order of their names. */
static int read_document(const struct canonical_member *document, struct told *told, struct error *error)
{
        enum { ID, JSON, KIND, MEMBERS };
        struct canonical_member members[MEMBERS];
        size_t count = 0;
        int r = canonical_split(document, members, MEMBERS, &count);

        if (r < 0 || count != MEMBERS || strncmp(members[ID].key, "id\"", 3) ||
            strncmp(members[JSON].key, "json\"", 5) || strncmp(members[KIND].key, "kind\"", 5) ||
            members[ID].value[0] != '"' || members[KIND].value[0] != '"')
                return error_say(error, -EINVAL, "Un document doit être {\"kind\", \"id\", \"json\"}.",
                                 "A document must be {\"kind\", \"id\", \"json\"}.");
        told->json = members[JSON];
        if (canonical_text(&members[KIND], told->kind, sizeof(told->kind)) < 0 || !told->kind[0] ||
            canonical_text(&members[ID], told->id, sizeof(told->id)) < 0 || !told->id[0])
                return error_say(
                        error, -EINVAL,
                        "Un document demande une sorte de 1 à %d octets et un identifiant de 1 à %d.",
                        "A document needs a kind of 1 to %d bytes and an id of 1 to %d.", VIEW_NAME_MAX,
                        VIEW_ID_MAX);
        return 0;
}

/* ---- writing it down ---- */

/* A record is about the incident that is its subject, its document, or named by either. */
static int note_about(struct documents *documents, const struct chain_view *record, const struct told *told,
                      struct error *error)
{
        const char *incident = strcmp(told->kind, "incident") ? told->incident : told->id;
        char subject[VIEW_ID_MAX + 1];

        if (!strncmp(record->subject.value, "\"i_", 3) &&
            !canonical_text(&record->subject, subject, sizeof(subject)))
                incident = subject;
        if (!*incident)
                return 0;
        sqlite3_bind_text(documents->about, 1, incident, -1, SQLITE_STATIC);
        sqlite3_bind_int64(documents->about, 2, (int64_t)record->seq);
        return store_change(documents->about, error);
}

static int put(const struct documents *documents, const struct told *told, int64_t updated_ms,
               struct error *error)
{
        sqlite3_stmt *statement = is_null(&told->json) ? documents->remove : documents->put;

        sqlite3_bind_text(statement, 1, told->kind, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, told->id, -1, SQLITE_STATIC);
        if (statement == documents->put) {
                sqlite3_bind_blob64(statement, 3, told->json.value, told->json.value_length, SQLITE_STATIC);
                sqlite3_bind_int64(statement, 4, updated_ms);
                sqlite3_bind_text(statement, 5, told->incident, -1, SQLITE_STATIC);
                sqlite3_bind_text(statement, 6, told->state, -1, SQLITE_STATIC);
        }
        return store_change(statement, error);
}

int documents_apply(struct documents **slot, const struct chain_view *record, sqlite3 *database,
                    struct error *error)
{
        struct canonical_member document;
        bool has_document = canonical_find(&record->body, "document", &document) == 0;
        struct told told = {.kind = ""};
        char time[TIME_TEXT_SIZE];
        int64_t time_ms;
        int r = ready(slot, database, error);

        if (r >= 0 && has_document)
                r = read_document(&document, &told, error);
        if (r < 0)
                return r;
        if (has_document) {
                read_word(&told.json, "incident", told.incident, sizeof(told.incident));
                read_word(&told.json, "state", told.state, sizeof(told.state));
        }
        if (!told.incident[0])
                read_word(&record->body, "incident", told.incident, sizeof(told.incident));
        r = note_about(*slot, record, &told, error);
        if (r < 0 || !has_document)
                return r;
        if (canonical_text(&record->time, time, sizeof(time)) < 0 || time_parse(time, &time_ms) < 0)
                return error_say(error, -EINVAL, "Un enregistrement n’a pas d’heure.",
                                 "A record has no time.");
        return put(*slot, &told, time_ms, error);
}
