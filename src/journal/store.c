/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cleanup.h"

/* Pages of 4 KiB in the log before it is copied into the database: 16 MiB, so that a burst pays once. */
#define LOG_PAGES     "4096"
#define BUSY_LIMIT_MS 2000

static const char schema[] =
        "BEGIN IMMEDIATE;"
        "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE records(seq INTEGER PRIMARY KEY, line BLOB NOT NULL, hash BLOB NOT NULL);"
        "CREATE TABLE personal(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, name TEXT NOT NULL,"
        " salt BLOB NOT NULL, text BLOB NOT NULL, erased INTEGER NOT NULL);"
        "CREATE UNIQUE INDEX personal_seq ON personal(seq, name);"
        "CREATE TABLE nodes(level INTEGER NOT NULL, position INTEGER NOT NULL,"
        " hash BLOB NOT NULL, PRIMARY KEY(level, position)) WITHOUT ROWID;"
        "CREATE TABLE heads(id INTEGER PRIMARY KEY, size INTEGER NOT NULL, json BLOB NOT NULL);"
        "CREATE INDEX heads_size ON heads(size);"
        "COMMIT;";

static const char *file_of(sqlite3 *database)
{
        const char *path = database ? sqlite3_db_filename(database, "main") : NULL;

        return path && *path ? path : "journal";
}

static bool is_disk_full(sqlite3 *database, int result)
{
        int reason = database ? sqlite3_system_errno(database) : 0;

        return (result & 0xff) == SQLITE_FULL ||
               ((result & 0xff) == SQLITE_IOERR && (reason == ENOSPC || reason == EDQUOT));
}

int store_fail(sqlite3 *database, int result, struct error *error)
{
        const char *path = file_of(database);

        if (is_disk_full(database, result))
                return error_say(error, -ENOSPC,
                                 "%s : le disque est plein. Rien de ce qui a été confirmé n’est perdu ; "
                                 "l’écriture reprendra dès qu’il y aura de la place.",
                                 "%s: the disk is full. Nothing acknowledged is lost; writing goes on once "
                                 "there is room.",
                                 path);
        switch (result & 0xff) {
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
                return error_say(error, -EINVAL,
                                 "%s est abîmé ou n’est pas un journal de Garde : gardez le fichier, et "
                                 "restaurez une copie ou un export.",
                                 "%s is damaged or no journal of Garde: keep the file, and restore a copy or "
                                 "an export.",
                                 path);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
                return error_say(error, -EBUSY, "%s : un autre processus tient la base de données.",
                                 "%s: another process holds the database.", path);
        case SQLITE_READONLY:
                return error_say(error, -EROFS,
                                 "%s a été ouvert en lecture seule, ou ne peut pas être écrit.",
                                 "%s was opened for reading, or may not be written.", path);
        case SQLITE_NOMEM:
                return error_say(error, -ENOMEM, "Mémoire insuffisante.", "Out of memory.");
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
                return error_say(error, -EACCES,
                                 "%s ne peut pas être ouvert : vérifiez à qui appartiennent le fichier et "
                                 "son dossier.",
                                 "%s cannot be opened: check its owner and its folder's.", path);
        default:
                return error_say(error, -EIO, "%s : %s.", "%s: %s.", path,
                                 database ? sqlite3_errmsg(database) : "unknown");
        }
}

int store_run(sqlite3 *database, const char *sql, struct error *error)
{
        int result = sqlite3_exec(database, sql, NULL, NULL, NULL);

        return result == SQLITE_OK ? 0 : store_fail(database, result, error);
}

int store_prepare(sqlite3 *database, const char *sql, sqlite3_stmt **ret_statement, struct error *error)
{
        int result = sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, ret_statement, NULL);

        return result == SQLITE_OK ? 0 : store_fail(database, result, error);
}

int store_change(sqlite3_stmt *statement, struct error *error)
{
        int result = sqlite3_step(statement);
        int r = 0;

        if (result != SQLITE_DONE)
                r = store_fail(sqlite3_db_handle(statement), result, error);
        sqlite3_reset(statement);
        return r;
}

int store_step(sqlite3_stmt *statement, struct error *error)
{
        int result = sqlite3_step(statement);

        if (result == SQLITE_ROW)
                return STORE_ROW;
        return result == SQLITE_DONE ? 0 : store_fail(sqlite3_db_handle(statement), result, error);
}

static int lend_row(struct statements *statements, size_t i, sqlite3 *database, const char *sql,
                    struct loan *ret_loan, struct error *error)
{
        int r = statements->rows[i].sql ? 0
                                        : store_prepare(database, sql, &statements->rows[i].statement, error);

        if (r < 0)
                return r;
        statements->rows[i].sql = sql;
        statements->rows[i].lent = true;
        *ret_loan = (struct loan){statements->rows[i].statement, &statements->rows[i].lent};
        return 0;
}

int store_lend(struct statements *statements, sqlite3 *database, const char *sql, struct loan *ret_loan,
               struct error *error)
{
        size_t i = 0;

        while (i < STATEMENTS_MAX && statements->rows[i].sql && statements->rows[i].sql != sql)
                i++;
        if (i < STATEMENTS_MAX && !statements->rows[i].lent)
                return lend_row(statements, i, database, sql, ret_loan, error);
        return store_prepare(database, sql, &ret_loan->statement, error);
}

void loan_return(struct loan *loan)
{
        if (loan->lent) {
                sqlite3_reset(loan->statement);
                sqlite3_clear_bindings(loan->statement);
                *loan->lent = false;
        } else {
                sqlite3_finalize(loan->statement);
        }
        *loan = (struct loan)LOAN_INIT;
}

int store_repeat(struct statements *statements, sqlite3 *database, const char *sql, struct error *error)
{
        CLEANUP(loan_return) struct loan loan = LOAN_INIT;
        int r = store_lend(statements, database, sql, &loan, error);

        return r < 0 ? r : store_change(loan.statement, error);
}

void statements_release(struct statements *statements)
{
        for (size_t i = 0; i < STATEMENTS_MAX; i++)
                sqlite3_finalize(statements->rows[i].statement);
        *statements = (struct statements){0};
}

static int connect_file(const char *path, int flags, sqlite3 **ret_database, struct error *error)
{
        sqlite3 *database = NULL;
        int result = sqlite3_open_v2(path, &database, flags | SQLITE_OPEN_NOMUTEX, NULL);
        int r = 0;

        if (result != SQLITE_OK) {
                r = store_fail(database, result, error);
                sqlite3_close(database);
                return r;
        }
        sqlite3_busy_timeout(database, BUSY_LIMIT_MS);
        sqlite3_extended_result_codes(database, 1);
        *ret_database = database;
        return 0;
}

int store_create(const char *path, sqlite3 **ret_database, struct error *error)
{
        char identity[128];
        sqlite3 *database;
        int r = connect_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &database, error);

        if (r < 0)
                return r;
        snprintf(identity, sizeof(identity), "PRAGMA application_id=%d; PRAGMA user_version=%d;",
                 STORE_APPLICATION_ID, STORE_VERSION);
        r = store_run(database, "PRAGMA secure_delete=ON; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;",
                      error);
        if (r >= 0)
                r = store_run(database, identity, error);
        if (r >= 0)
                r = store_run(database, schema, error);
        if (r < 0) {
                sqlite3_close(database);
                return r;
        }
        *ret_database = database;
        return 0;
}

static int read_number(sqlite3 *database, const char *sql, int64_t *ret_number, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(database, sql, &statement, error);

        if (r < 0)
                return r;
        r = store_step(statement, error);
        if (r < 0)
                return r;
        *ret_number = r == STORE_ROW ? sqlite3_column_int64(statement, 0) : 0;
        return 0;
}

static int check_identity(sqlite3 *database, struct error *error)
{
        int64_t application = 0;
        int64_t version = 0;
        int r = read_number(database, "PRAGMA application_id", &application, error);

        if (r >= 0)
                r = read_number(database, "PRAGMA user_version", &version, error);
        if (r < 0)
                return r;
        if (application != STORE_APPLICATION_ID)
                return error_say(error, -EINVAL, "%s est une base de données, mais pas un journal de Garde.",
                                 "%s is a database, but not a journal of Garde.", file_of(database));
        if (version != STORE_VERSION)
                return error_say(error, -EINVAL,
                                 "%s a été écrit par une autre version de Garde (format %lld, et non %d).",
                                 "%s was written by another version of Garde (format %lld, not %d).",
                                 file_of(database), (long long)version, STORE_VERSION);
        return 0;
}

static int check_file(const char *path, struct error *error)
{
        struct stat status;

        if (stat(path, &status) < 0)
                return error_say(error, -errno, "%s : %m.", "%s: %m.", path);
        if (!S_ISREG(status.st_mode))
                return error_say(error, -EINVAL, "%s n’est pas un fichier.", "%s is not a file.", path);
        if (status.st_size == 0)
                return error_say(error, -EINVAL,
                                 "%s est vide : le journal qui s’y trouvait a disparu. Restaurez une copie, "
                                 "ou déplacez le fichier pour commencer un nouveau journal.",
                                 "%s is empty: the journal that was there is gone. Restore a copy, or move "
                                 "the file away to begin a new journal.",
                                 path);
        return 0;
}

/*
 * A reader without a log beside the file, in a folder it may not write: nobody is writing, so nothing can
 * change.
 */
static int connect_immutable(const char *path, sqlite3 **ret_database, struct error *error)
{
        CLEANUP(buffer_release) struct buffer uri = BUFFER_INIT(3 * PATH_MAX + 64);

        buffer_text(&uri, "file:");
        for (const char *at = path; *at; at++)
                buffer_format(&uri, strchr("?#%", *at) ? "%%%02x" : "%c", (unsigned char)*at);
        buffer_text(&uri, "?immutable=1");
        return connect_file(buffer_string(&uri), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, ret_database, error);
}

static bool has_log(const char *path)
{
        char log[PATH_MAX];

        return snprintf(log, sizeof(log), "%s-wal", path) >= (int)sizeof(log) || access(log, F_OK) == 0;
}

static int open_readonly(const char *path, sqlite3 **ret_database, struct error *error)
{
        sqlite3 *database = NULL;
        int r = connect_file(path, SQLITE_OPEN_READONLY, &database, error);

        if (r < 0)
                return r;
        r = check_identity(database, error);
        if (r == -EACCES && !has_log(path)) {
                sqlite3_close(database);
                r = connect_immutable(path, &database, error);
                if (r < 0)
                        return r;
                r = check_identity(database, error);
        }
        if (r < 0) {
                sqlite3_close(database);
                return r;
        }
        *ret_database = database;
        return 0;
}

int store_open(const char *path, bool readonly, sqlite3 **ret_database, struct error *error)
{
        sqlite3 *database = NULL;
        int r = check_file(path, error);

        if (r < 0)
                return r;
        if (readonly)
                return open_readonly(path, ret_database, error);
        r = connect_file(path, SQLITE_OPEN_READWRITE, &database, error);
        if (r < 0)
                return r;
        sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        r = check_identity(database, error);
        if (r >= 0)
                r = store_run(database,
                              "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                              "PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; PRAGMA cache_size=-16384;"
                              "PRAGMA wal_autocheckpoint=" LOG_PAGES ";",
                              error);
        if (r < 0) {
                sqlite3_close(database);
                return r;
        }
        *ret_database = database;
        return 0;
}

int store_begin_read(sqlite3 *database, struct error *error)
{
        return store_run(database, "BEGIN", error);
}

int store_begin_write(sqlite3 *database, struct error *error)
{
        return store_run(database, STORE_BEGIN_WRITE, error);
}

int store_commit(sqlite3 *database, struct error *error)
{
        return store_run(database, STORE_COMMIT, error);
}

void store_rollback(sqlite3 *database)
{
        if (!sqlite3_get_autocommit(database))
                sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
}

void store_rollback_part(sqlite3 *database)
{
        if (!sqlite3_get_autocommit(database))
                sqlite3_exec(database, "ROLLBACK TO part; RELEASE part", NULL, NULL, NULL);
}

int store_empty_log(sqlite3 *database, struct error *error)
{
        int result;

        /* Waiting for a reader would stop the writer: try, and let the caller come back. */
        sqlite3_busy_timeout(database, 0);
        result = sqlite3_wal_checkpoint_v2(database, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        sqlite3_busy_timeout(database, BUSY_LIMIT_MS);
        if (result == SQLITE_OK)
                return 0;
        if ((result & 0xff) == SQLITE_BUSY)
                return STORE_BUSY;
        return store_fail(database, result, error);
}

int store_set_meta(sqlite3 *database, const char *name, const void *value, size_t length, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(database, "INSERT OR REPLACE INTO meta VALUES(?1, ?2)", &statement, error);

        if (r < 0)
                return r;
        sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
        sqlite3_bind_blob64(statement, 2, value, length, SQLITE_STATIC);
        return store_change(statement, error);
}

int store_get_meta(sqlite3 *database, const char *name, void *ret_value, size_t length, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(database, "SELECT value FROM meta WHERE name = ?1", &statement, error);

        if (r < 0)
                return r;
        sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
        r = store_step(statement, error);
        if (r < 0)
                return r;
        if (r != STORE_ROW)
                return error_say(error, -ENOENT, "%s : il manque l’entrée « %s ».",
                                 "%s: the entry \"%s\" is missing.", file_of(database), name);
        return store_column_bytes(statement, 0, ret_value, length, error);
}

int store_column_bytes(sqlite3_stmt *statement, int column, uint8_t *ret_bytes, size_t size,
                       struct error *error)
{
        const void *bytes = sqlite3_column_blob(statement, column);

        if (!bytes || (size_t)sqlite3_column_bytes(statement, column) != size)
                return error_say(error, -EINVAL, "%s : une valeur enregistrée n’a pas la bonne taille.",
                                 "%s: a stored value has the wrong size.",
                                 file_of(sqlite3_db_handle(statement)));
        memcpy(ret_bytes, bytes, size);
        return 0;
}

static int small_subtree(sqlite3 *database, unsigned level, uint64_t index, uint8_t *ret_hash)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        struct merkle_frontier frontier = MERKLE_FRONTIER_INIT;
        uint8_t bytes[HASH_SIZE];
        int r = store_prepare(database, "SELECT hash FROM records WHERE seq >= ?1 AND seq < ?2 ORDER BY seq",
                              &statement, NULL);

        if (r < 0)
                return r;
        sqlite3_bind_int64(statement, 1, (int64_t)(index << level));
        sqlite3_bind_int64(statement, 2, (int64_t)((index + 1) << level));
        while ((r = store_step(statement, NULL)) == STORE_ROW) {
                r = store_column_bytes(statement, 0, bytes, HASH_SIZE, NULL);
                if (r < 0)
                        return r;
                merkle_leaf(bytes, HASH_SIZE, bytes);
                merkle_append(&frontier, bytes, NULL, NULL);
        }
        if (r < 0)
                return r;
        if (frontier.size != 1ULL << level)
                return -EINVAL;
        memcpy(ret_hash, frontier.hash[level], HASH_SIZE);
        return 0;
}

int store_node(void *database, unsigned level, uint64_t index, uint8_t ret_hash[static HASH_SIZE])
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r;

        if (level < STORE_NODE_LEVEL)
                return small_subtree(database, level, index, ret_hash);
        r = store_prepare(database, "SELECT hash FROM nodes WHERE level = ?1 AND position = ?2", &statement,
                          NULL);
        if (r < 0)
                return r;
        sqlite3_bind_int64(statement, 1, level);
        sqlite3_bind_int64(statement, 2, (int64_t)index);
        r = store_step(statement, NULL);
        if (r < 0)
                return r;
        return r == STORE_ROW ? store_column_bytes(statement, 0, ret_hash, HASH_SIZE, NULL) : -EINVAL;
}

int store_size(sqlite3 *database, uint64_t *ret_size, struct error *error)
{
        int64_t size = 0;
        int r = read_number(database, "SELECT max(seq) + 1 FROM records", &size, error);

        if (r < 0)
                return r;
        *ret_size = (uint64_t)size;
        return 0;
}
