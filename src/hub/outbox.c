/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"

#define APPLICATION "1198616655" /* "GroO" */
#define VERSION     "1"

static const char schema[] =
        "BEGIN IMMEDIATE;"
        "PRAGMA application_id=" APPLICATION "; PRAGMA user_version=" VERSION ";"
        "CREATE TABLE follow (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL) STRICT;"
        "INSERT INTO follow VALUES (1, 0);"
        "CREATE TABLE item (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, target TEXT "
        "NOT "
        "NULL, event TEXT NOT NULL, incident TEXT NOT NULL, since INTEGER NOT NULL, changed INTEGER NOT "
        "NULL, "
        "state INTEGER NOT NULL, attempts INTEGER NOT NULL, why_fr TEXT NOT NULL, why_en TEXT NOT NULL, "
        "payload "
        "TEXT NOT NULL) STRICT;"
        "CREATE INDEX item_by_target ON item (target, state, number);"
        "CREATE INDEX item_by_state ON item (state, number);"
        "COMMIT;";

struct outbox {
        sqlite3 *database;
        char path[PATH_MAX];
};

const char *outbox_state_word(enum outbox_state state)
{
        static const char *const words[] = {"waiting", "sent", "given-up"};

        return (unsigned)state < OUTBOX_STATES ? words[state] : "?";
}

static void cleanup_statement(sqlite3_stmt **statement)
{
        sqlite3_finalize(*statement);
}

static int fail(const struct outbox *outbox, int result, struct error *error)
{
        int code = (result & 0xff) == SQLITE_BUSY     ? -EBUSY
                   : (result & 0xff) == SQLITE_FULL   ? -ENOSPC
                   : (result & 0xff) == SQLITE_NOTADB ? -EINVAL
                                                      : -EIO;

        return error_say(error, code, "%s : %s", "%s: %s", outbox->path, sqlite3_errmsg(outbox->database));
}

static int run(const struct outbox *outbox, const char *sql, struct error *error)
{
        int result = sqlite3_exec(outbox->database, sql, NULL, NULL, NULL);

        return result == SQLITE_OK ? 0 : fail(outbox, result, error);
}

static int prepare(const struct outbox *outbox, const char *sql, sqlite3_stmt **ret_statement,
                   struct error *error)
{
        int result = sqlite3_prepare_v2(outbox->database, sql, -1, ret_statement, NULL);

        return result == SQLITE_OK ? 0 : fail(outbox, result, error);
}

static int change(const struct outbox *outbox, sqlite3_stmt *statement, struct error *error)
{
        int result = sqlite3_step(statement);

        return result == SQLITE_DONE ? 0 : fail(outbox, result, error);
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
        sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static int read_number(const struct outbox *outbox, const char *sql, int64_t *ret_number, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int result, r = prepare(outbox, sql, &statement, error);

        if (r)
                return r;
        result = sqlite3_step(statement);
        if (result != SQLITE_ROW)
                return fail(outbox, result, error);
        *ret_number = sqlite3_column_int64(statement, 0);
        return 0;
}

/* ---- opening ---- */

static int check_identity(const struct outbox *outbox, bool *ret_new, struct error *error)
{
        int64_t application = 0, version = 0, tables = 0;
        int r = read_number(outbox, "PRAGMA application_id", &application, error);

        if (!r)
                r = read_number(outbox, "PRAGMA user_version", &version, error);
        if (!r)
                r = read_number(outbox, "SELECT count(*) FROM sqlite_schema", &tables, error);
        if (r)
                return r;
        *ret_new = !application && !version && !tables;
        if (*ret_new)
                return run(outbox, schema, error);
        if (application != atoll(APPLICATION) || version != atoll(VERSION))
                return error_say(error, -EINVAL, "%s n’est pas une boîte de départ de cette version de Garde",
                                 "%s is no outbox of this version of Garde", outbox->path);
        return 0;
}

static int connect_file(struct outbox *outbox, bool *ret_new, struct error *error)
{
        CLEANUP(cleanup_fd)
        int fd = open(outbox->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        int result, r;

        if (fd < 0 || fchmod(fd, 0600) < 0)
                return error_say(error, -errno, "impossible d’ouvrir %s : %m", "cannot open %s: %m",
                                 outbox->path);
        result = sqlite3_open_v2(outbox->path, &outbox->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                                 NULL);
        if (result != SQLITE_OK)
                return fail(outbox, result, error);
        r = run(outbox,
                "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;",
                error);
        return r ? r : check_identity(outbox, ret_new, error);
}

int outbox_open(const char *path, struct outbox **ret_outbox, bool *ret_new, struct error *error)
{
        struct outbox *outbox = calloc(1, sizeof(*outbox));
        int r;

        if (!outbox)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (strlen(path) >= sizeof(outbox->path)) {
                free(outbox);
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s", path);
        }
        strcpy(outbox->path, path);
        r = connect_file(outbox, ret_new, error);
        if (r)
                outbox_close(outbox);
        else
                *ret_outbox = outbox;
        return r;
}

struct outbox *outbox_close(struct outbox *outbox)
{
        if (outbox)
                sqlite3_close(outbox->database);
        free(outbox);
        return NULL;
}

int outbox_begin(struct outbox *outbox, struct error *error)
{
        return run(outbox, "BEGIN IMMEDIATE", error);
}

int outbox_commit(struct outbox *outbox, struct error *error)
{
        int r = run(outbox, "COMMIT", error);

        if (r)
                outbox_rollback(outbox);
        return r;
}

void outbox_rollback(struct outbox *outbox)
{
        if (!sqlite3_get_autocommit(outbox->database))
                sqlite3_exec(outbox->database, "ROLLBACK", NULL, NULL, NULL);
}

/* ---- how far the journal was followed ---- */

int outbox_cursor(struct outbox *outbox, uint64_t *ret_seq, struct error *error)
{
        int64_t seq = 0;
        int r = read_number(outbox, "SELECT seq FROM follow", &seq, error);

        if (!r)
                *ret_seq = (uint64_t)seq;
        return r;
}

int outbox_set_cursor(struct outbox *outbox, uint64_t seq, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = prepare(outbox, "UPDATE follow SET seq = ?1", &statement, error);

        if (r)
                return r;
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)seq);
        return change(outbox, statement, error);
}

/* ---- items ---- */

int outbox_count(struct outbox *outbox, const char *target, enum outbox_state state, int64_t *ret_count,
                 struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = prepare(outbox, "SELECT count(*) FROM item WHERE state = ?1 AND (?2 = '' OR target = ?2)",
                        &statement, error);

        if (r)
                return r;
        sqlite3_bind_int(statement, 1, (int)state);
        bind_text(statement, 2, target);
        if (sqlite3_step(statement) != SQLITE_ROW)
                return fail(outbox, SQLITE_ERROR, error);
        *ret_count = sqlite3_column_int64(statement, 0);
        return 0;
}

static int insert(struct outbox *outbox, const struct outbox_item *item, const char *payload,
                  struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = prepare(
                outbox,
                "INSERT INTO item (id, target, event, incident, since, changed, state, attempts, why_fr, "
                "why_en, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?5, 0, 0, '', '', ?6) ON CONFLICT (id) DO "
                "NOTHING",
                &statement, error);

        if (r)
                return r;
        bind_text(statement, 1, item->id);
        bind_text(statement, 2, item->target);
        bind_text(statement, 3, item->event);
        bind_text(statement, 4, item->incident);
        sqlite3_bind_int64(statement, 5, item->since_ms);
        bind_text(statement, 6, payload);
        r = change(outbox, statement, error);
        if (r)
                return r;
        return sqlite3_changes(outbox->database) ? 0 : OUTBOX_THERE;
}

int outbox_add(struct outbox *outbox, const struct outbox_item *item, struct error *error)
{
        CLEANUP(cleanup_free) char *payload = json_dumps(item->payload, JSON_COMPACT);
        int64_t waiting = 0;
        int r = payload ? outbox_count(outbox, "", OUTBOX_WAITING, &waiting, error)
                        : error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");

        if (r)
                return r;
        return waiting >= OUTBOX_WAITING_MAX ? OUTBOX_FULL : insert(outbox, item, payload, error);
}

static void copy_column(sqlite3_stmt *statement, int column, char *to, size_t size)
{
        const char *text = (const char *)sqlite3_column_text(statement, column);

        snprintf(to, size, "%s", text ? text : "");
}

#define COLUMNS                                                                                              \
        "number, id, target, event, incident, since, changed, state, attempts, why_fr, why_en, payload"

static void take_row(sqlite3_stmt *statement, struct outbox_item *item)
{
        *item = (struct outbox_item){.number = sqlite3_column_int64(statement, 0),
                                     .since_ms = sqlite3_column_int64(statement, 5),
                                     .changed_ms = sqlite3_column_int64(statement, 6),
                                     .state = (enum outbox_state)sqlite3_column_int(statement, 7),
                                     .attempts = (unsigned)sqlite3_column_int(statement, 8)};
        copy_column(statement, 1, item->id, sizeof(item->id));
        copy_column(statement, 2, item->target, sizeof(item->target));
        copy_column(statement, 3, item->event, sizeof(item->event));
        copy_column(statement, 4, item->incident, sizeof(item->incident));
        copy_column(statement, 9, item->why_fr, sizeof(item->why_fr));
        copy_column(statement, 10, item->why_en, sizeof(item->why_en));
}

int outbox_find(struct outbox *outbox, const char *id, struct outbox_item *ret_item, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int result, r = prepare(outbox, "SELECT " COLUMNS " FROM item WHERE id = ?1", &statement, error);

        if (r)
                return r;
        bind_text(statement, 1, id);
        result = sqlite3_step(statement);
        if (result == SQLITE_DONE)
                return error_say(error, -ENOENT, "rien à envoyer sous « %s » ; la liste : garde out list",
                                 "nothing to send under “%s”; the list: garde out list", id);
        if (result != SQLITE_ROW)
                return fail(outbox, result, error);
        take_row(statement, ret_item);
        return 0;
}

/* Of what is over the oldest go. */
static int forget_old(struct outbox *outbox, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = prepare(
                outbox,
                "DELETE FROM item WHERE state != 0 AND number <= (SELECT number FROM item WHERE state != 0 "
                "ORDER BY number DESC LIMIT 1 OFFSET ?1)",
                &statement, error);

        if (r)
                return r;
        sqlite3_bind_int(statement, 1, OUTBOX_SENT_MAX);
        return change(outbox, statement, error);
}

int outbox_update(struct outbox *outbox, const struct outbox_item *item, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = prepare(
                outbox,
                "UPDATE item SET state = ?2, attempts = ?3, changed = ?4, why_fr = ?5, why_en = ?6 WHERE "
                "id = ?1",
                &statement, error);

        if (r)
                return r;
        bind_text(statement, 1, item->id);
        sqlite3_bind_int(statement, 2, (int)item->state);
        sqlite3_bind_int(statement, 3, (int)item->attempts);
        sqlite3_bind_int64(statement, 4, item->changed_ms);
        bind_text(statement, 5, item->why_fr);
        bind_text(statement, 6, item->why_en);
        r = change(outbox, statement, error);
        if (!r && item->state != OUTBOX_WAITING)
                r = forget_old(outbox, error);
        return r;
}

static int list_rows(struct outbox *outbox, sqlite3_stmt *statement,
                     int (*visit)(void *context, const struct outbox_item *item), void *context,
                     struct error *error)
{
        int result, r = 0;

        while (!r && (result = sqlite3_step(statement)) != SQLITE_DONE) {
                struct outbox_item item;
                if (result != SQLITE_ROW)
                        return fail(outbox, result, error);
                take_row(statement, &item);
                item.payload = json_loads((const char *)sqlite3_column_text(statement, 11), 0, NULL);
                r = visit(context, &item);
                json_decref(item.payload);
        }
        return r;
}

int outbox_list(struct outbox *outbox, const struct outbox_question *question,
                int (*visit)(void *context, const struct outbox_item *item), void *context,
                struct error *error)
{
        static const char rising[] =
                "SELECT " COLUMNS " FROM item WHERE (?1 = '' OR target = ?1) AND (?2 = 3 OR "
                "state = ?2) AND number > ?3 ORDER BY number LIMIT ?4";
        static const char falling[] =
                "SELECT " COLUMNS " FROM item WHERE (?1 = '' OR target = ?1) AND (?2 = 3 OR state = ?2) "
                "AND (?3 = 0 OR number < ?3) ORDER BY number DESC LIMIT ?4";
        static const char patient[] =
                "SELECT " COLUMNS " FROM item WHERE (?1 = '' OR target = ?1) AND (?2 = 3 OR state = ?2) "
                "AND number > ?3 ORDER BY attempts, number LIMIT ?4";
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        const char *sql = question->newest ? falling : question->least_tried ? patient : rising;
        int r = prepare(outbox, sql, &statement, error);

        if (r)
                return r;
        bind_text(statement, 1, question->target);
        sqlite3_bind_int(statement, 2, (int)question->state);
        sqlite3_bind_int64(statement, 3, question->after);
        sqlite3_bind_int64(statement, 4, (sqlite3_int64)question->limit);
        return list_rows(outbox, statement, visit, context, error);
}
