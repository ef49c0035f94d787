/* SPDX-License-Identifier: EUPL-1.2 */
#include "people/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define APPLICATION_ID "1195463763" /* "GAPS" */
#define VERSION        "1"
#define BUSY_LIMIT_MS  500

struct vault {
        sqlite3 *database;
        char path[256];
};

static const char schema[] =
        "BEGIN EXCLUSIVE;"
        "PRAGMA application_id=" APPLICATION_ID "; PRAGMA user_version=" VERSION ";"
        "CREATE TABLE accounts(id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, roles INTEGER "
        "NOT NULL,"
        " language INTEGER NOT NULL, enabled INTEGER NOT NULL, given INTEGER NOT NULL, created INTEGER NOT "
        "NULL,"
        " seen INTEGER NOT NULL, password TEXT NOT NULL, totp BLOB, totp_step INTEGER NOT NULL,"
        " recovery BLOB NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE sessions(id TEXT PRIMARY KEY, account TEXT NOT NULL, hash BLOB NOT NULL,"
        " opened INTEGER NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE tokens(id TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, hash BLOB NOT "
        "NULL,"
        " roles INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,"
        " seen INTEGER NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE approvals(id TEXT PRIMARY KEY, act TEXT NOT NULL, input TEXT NOT NULL, account TEXT "
        "NOT NULL,"
        " name TEXT NOT NULL, roles INTEGER NOT NULL, asked INTEGER NOT NULL,"
        " expires INTEGER NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE setup(one INTEGER PRIMARY KEY CHECK(one = 1), hash BLOB NOT NULL, ends INTEGER NOT "
        "NULL);"
        "COMMIT;";

/* ---- SQLite ---- */

static int vault_fail(const struct vault *vault, int result, struct error *error)
{
        int reason = vault->database ? sqlite3_system_errno(vault->database) : 0;

        if ((result & 0xff) == SQLITE_FULL ||
            ((result & 0xff) == SQLITE_IOERR && (reason == ENOSPC || reason == EDQUOT)))
                return error_say(error, -ENOSPC, "%s : le disque est plein", "%s: the disk is full",
                                 vault->path);
        switch (result & 0xff) {
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
                return error_say(
                        error, -EINVAL,
                        "%s est abîmé, ou n’est pas un fichier de comptes de Garde : conservez-le et "
                        "restaurez une copie",
                        "%s is damaged, or no file of Garde's accounts: keep it, and restore a copy",
                        vault->path);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
                return error_say(error, -EBUSY, "%s : un autre processus s’en sert",
                                 "%s: another process is using it", vault->path);
        case SQLITE_NOMEM:
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_READONLY:
                return error_say(error, -EACCES,
                                 "%s ne peut être ouvert : vérifiez son propriétaire et son dossier",
                                 "%s cannot be opened: check its owner and its folder", vault->path);
        default:
                return error_say(error, -EIO, "%s : %s", "%s: %s", vault->path,
                                 vault->database ? sqlite3_errmsg(vault->database) : "SQLite");
        }
}

static int run(const struct vault *vault, const char *sql, struct error *error)
{
        int result = sqlite3_exec(vault->database, sql, NULL, NULL, NULL);

        return result == SQLITE_OK ? 0 : vault_fail(vault, result, error);
}

static void cleanup_statement(sqlite3_stmt **statement)
{
        sqlite3_finalize(*statement);
}

static int prepare(const struct vault *vault, const char *sql, sqlite3_stmt **ret_statement,
                   struct error *error)
{
        int result = sqlite3_prepare_v2(vault->database, sql, -1, ret_statement, NULL);

        return result == SQLITE_OK ? 0 : vault_fail(vault, result, error);
}

static int change(const struct vault *vault, sqlite3_stmt *statement, struct error *error)
{
        int result = sqlite3_step(statement);

        return result == SQLITE_DONE ? 0 : vault_fail(vault, result, error);
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
        sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static void bind_bytes(sqlite3_stmt *statement, int at, const void *bytes, size_t length)
{
        sqlite3_bind_blob(statement, at, bytes, (int)length, SQLITE_STATIC);
}

/* ---- opening ---- */

static int read_number(const struct vault *vault, const char *sql, int64_t *ret_number, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int result, r = prepare(vault, sql, &statement, error);

        if (r)
                return r;
        result = sqlite3_step(statement);
        if (result != SQLITE_ROW)
                return vault_fail(vault, result, error);
        *ret_number = sqlite3_column_int64(statement, 0);
        return 0;
}

static int check_identity(const struct vault *vault, struct error *error)
{
        int64_t application = 0, version = 0, tables = 0;
        int r = read_number(vault, "PRAGMA application_id", &application, error);

        if (!r)
                r = read_number(vault, "PRAGMA user_version", &version, error);
        if (!r)
                r = read_number(vault, "SELECT count(*) FROM sqlite_schema", &tables, error);
        if (r)
                return r;
        if (!application && !version && !tables)
                return run(vault, schema, error);
        if (application != atoll(APPLICATION_ID))
                return error_say(error, -EINVAL, "%s n’est pas un fichier de comptes de Garde",
                                 "%s is no file of Garde's accounts", vault->path);
        if (version != atoll(VERSION))
                return error_say(error, -EINVAL, "%s vient d’une autre version de Garde (format %lld)",
                                 "%s is of another version of Garde (format %lld)", vault->path,
                                 (long long)version);
        return 0;
}

/* Made before SQLite sees it, so that it never exists with another mode; its log gets the same one from SQLite. */
static int make_file(const char *path, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

        if (fd < 0 || fchmod(fd, 0600) < 0)
                return error_say(error, -errno, "impossible d’ouvrir %s : %m", "cannot open %s: %m", path);
        return 0;
}

static int connect_vault(struct vault *vault, struct error *error)
{
        int result = sqlite3_open_v2(vault->path, &vault->database,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
        int r;

        if (result != SQLITE_OK)
                return vault_fail(vault, result, error);
        sqlite3_busy_timeout(vault->database, BUSY_LIMIT_MS);
        sqlite3_extended_result_codes(vault->database, 1);
        /* One process alone, from the first read on: a second hub must not hand out the same approvals. */
        r = run(vault,
                "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;",
                error);
        return r ? r : check_identity(vault, error);
}

int vault_open(const char *path, struct vault **ret_vault, struct error *error)
{
        struct vault *vault = calloc(1, sizeof(*vault));
        int r;

        if (!vault)
                return people_out_of_memory(error);
        if (strlen(path) >= sizeof(vault->path)) {
                free(vault);
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s", path);
        }
        strcpy(vault->path, path);
        r = make_file(path, error);
        if (!r)
                r = connect_vault(vault, error);
        if (r) {
                vault_close(vault);
                return r;
        }
        *ret_vault = vault;
        return 0;
}

struct vault *vault_close(struct vault *vault)
{
        if (vault)
                sqlite3_close(vault->database);
        free(vault);
        return NULL;
}

int vault_begin(struct vault *vault, struct error *error)
{
        return run(vault, "BEGIN IMMEDIATE", error);
}

int vault_commit(struct vault *vault, struct error *error)
{
        int r = run(vault, "COMMIT", error);

        if (r)
                vault_rollback(vault);
        return r;
}

void vault_rollback(struct vault *vault)
{
        if (!sqlite3_get_autocommit(vault->database))
                sqlite3_exec(vault->database, "ROLLBACK", NULL, NULL, NULL);
}

/* ---- putting ---- */

int vault_put_account(struct vault *vault, const struct account *account, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        const struct people_account *shown = &account->shown;
        int r = prepare(
                vault,
                "INSERT INTO accounts VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12) ON CONFLICT(id) DO "
                "UPDATE"
                " SET name=?2, roles=?3, language=?4, enabled=?5, given=?6, created=?7, seen=?8, password=?9,"
                " totp=?10, totp_step=?11, recovery=?12",
                &statement, error);

        if (r)
                return r;
        bind_text(statement, 1, shown->id.text);
        bind_text(statement, 2, shown->name);
        sqlite3_bind_int64(statement, 3, shown->roles);
        sqlite3_bind_int64(statement, 4, shown->language);
        sqlite3_bind_int64(statement, 5, shown->enabled);
        sqlite3_bind_int64(statement, 6, shown->password_given);
        sqlite3_bind_int64(statement, 7, shown->created_ms);
        sqlite3_bind_int64(statement, 8, shown->seen_ms);
        bind_text(statement, 9, account->password);
        if (shown->second_factor)
                bind_bytes(statement, 10, account->totp_key, sizeof(account->totp_key));
        sqlite3_bind_int64(statement, 11, (int64_t)account->totp_step);
        bind_bytes(statement, 12, account->recovery, shown->recovery_left * sizeof(*account->recovery));
        return change(vault, statement, error);
}

int vault_put_session(struct vault *vault, const struct session *session, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = prepare(vault, "INSERT OR REPLACE INTO sessions VALUES(?1,?2,?3,?4,?5)", &statement, error);

        if (r)
                return r;
        bind_text(statement, 1, session->id.text);
        bind_text(statement, 2, session->account.text);
        bind_bytes(statement, 3, session->hash, sizeof(session->hash));
        sqlite3_bind_int64(statement, 4, session->opened_ms);
        sqlite3_bind_int64(statement, 5, session->seen_ms);
        return change(vault, statement, error);
}

int vault_put_token(struct vault *vault, const struct token *token, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = prepare(vault, "INSERT OR REPLACE INTO tokens VALUES(?1,?2,?3,?4,?5,?6,?7,?8)", &statement,
                        error);

        if (r)
                return r;
        bind_text(statement, 1, token->id.text);
        bind_text(statement, 2, token->account.text);
        bind_text(statement, 3, token->name);
        bind_bytes(statement, 4, token->hash, sizeof(token->hash));
        sqlite3_bind_int64(statement, 5, token->roles);
        sqlite3_bind_int64(statement, 6, token->created_ms);
        sqlite3_bind_int64(statement, 7, token->expires_ms);
        sqlite3_bind_int64(statement, 8, token->seen_ms);
        return change(vault, statement, error);
}

int vault_put_approval(struct vault *vault, const struct people_approval *approval, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = prepare(vault, "INSERT OR REPLACE INTO approvals VALUES(?1,?2,?3,?4,?5,?6,?7,?8)", &statement,
                        error);

        if (r)
                return r;
        bind_text(statement, 1, approval->id.text);
        bind_text(statement, 2, approval->act);
        bind_text(statement, 3, approval->in);
        bind_text(statement, 4, approval->account.text);
        bind_text(statement, 5, approval->name);
        sqlite3_bind_int64(statement, 6, approval->roles);
        sqlite3_bind_int64(statement, 7, approval->asked_ms);
        sqlite3_bind_int64(statement, 8, approval->expires_ms);
        return change(vault, statement, error);
}

int vault_drop(struct vault *vault, enum vault_table table, const char *id, struct error *error)
{
        static const char *const statements[] = {[VAULT_SESSIONS] = "DELETE FROM sessions WHERE id=?1",
                                                 [VAULT_TOKENS] = "DELETE FROM tokens WHERE id=?1",
                                                 [VAULT_APPROVALS] = "DELETE FROM approvals WHERE id=?1"};
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = prepare(vault, statements[table], &statement, error);

        if (r)
                return r;
        bind_text(statement, 1, id);
        return change(vault, statement, error);
}

int vault_put_setup(struct vault *vault, const uint8_t hash[static SECRET_HASH_SIZE], int64_t ends_ms,
                    struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = prepare(vault, "INSERT OR REPLACE INTO setup VALUES(1,?1,?2)", &statement, error);

        if (r)
                return r;
        bind_bytes(statement, 1, hash, SECRET_HASH_SIZE);
        sqlite3_bind_int64(statement, 2, ends_ms);
        return change(vault, statement, error);
}

/* ---- loading ---- */

/* Whether the column is a text that fits. */
static bool take_text(sqlite3_stmt *statement, int column, char *ret_text, size_t size)
{
        const char *text = (const char *)sqlite3_column_text(statement, column);

        if (!text || strlen(text) >= size)
                return false;
        strcpy(ret_text, text);
        return true;
}

static bool take_bytes(sqlite3_stmt *statement, int column, void *ret_bytes, size_t size)
{
        if (sqlite3_column_bytes(statement, column) != (int)size)
                return false;
        memcpy(ret_bytes, sqlite3_column_blob(statement, column), size);
        return true;
}

static bool take_account(sqlite3_stmt *row, struct people *people)
{
        struct account *account =
                people->account_count < PEOPLE_ACCOUNTS_MAX ? calloc(1, sizeof(*account)) : NULL;
        struct people_account *shown = account ? &account->shown : NULL;
        int recovery = sqlite3_column_bytes(row, 11);

        if (!account)
                return false;
        people->accounts[people->account_count++] = account;
        shown->roles = (unsigned)sqlite3_column_int(row, 2);
        shown->language = sqlite3_column_int(row, 3) == LANGUAGE_EN ? LANGUAGE_EN : LANGUAGE_FR;
        shown->enabled = sqlite3_column_int(row, 4) != 0;
        shown->password_given = sqlite3_column_int(row, 5) != 0;
        shown->created_ms = sqlite3_column_int64(row, 6);
        shown->seen_ms = sqlite3_column_int64(row, 7);
        shown->second_factor = sqlite3_column_type(row, 9) != SQLITE_NULL;
        account->totp_step = (uint64_t)sqlite3_column_int64(row, 10);
        if (recovery < 0 || (size_t)recovery > sizeof(account->recovery) || recovery % SECRET_HASH_SIZE)
                return false;
        shown->recovery_left = (unsigned)recovery / SECRET_HASH_SIZE;
        if (recovery)
                memcpy(account->recovery, sqlite3_column_blob(row, 11), (size_t)recovery);
        if (shown->second_factor && !take_bytes(row, 9, account->totp_key, sizeof(account->totp_key)))
                return false;
        return take_text(row, 0, shown->id.text, sizeof(shown->id.text)) &&
               take_text(row, 1, shown->name, sizeof(shown->name)) &&
               take_text(row, 8, account->password, sizeof(account->password));
}

static bool take_session(sqlite3_stmt *row, struct people *people)
{
        struct session *session = &people->sessions[people->session_count];

        if (people->session_count == PEOPLE_SESSIONS_MAX)
                return false;
        people->session_count++;
        session->opened_ms = sqlite3_column_int64(row, 3);
        session->seen_ms = session->kept_seen_ms = sqlite3_column_int64(row, 4);
        return take_text(row, 0, session->id.text, sizeof(session->id.text)) &&
               take_text(row, 1, session->account.text, sizeof(session->account.text)) &&
               take_bytes(row, 2, session->hash, sizeof(session->hash));
}

static bool take_token(sqlite3_stmt *row, struct people *people)
{
        struct token *token = &people->tokens[people->token_count];

        if (people->token_count == PEOPLE_TOKENS_MAX)
                return false;
        people->token_count++;
        token->roles = (unsigned)sqlite3_column_int(row, 4);
        token->created_ms = sqlite3_column_int64(row, 5);
        token->expires_ms = sqlite3_column_int64(row, 6);
        token->seen_ms = token->kept_seen_ms = sqlite3_column_int64(row, 7);
        return take_text(row, 0, token->id.text, sizeof(token->id.text)) &&
               take_text(row, 1, token->account.text, sizeof(token->account.text)) &&
               take_text(row, 2, token->name, sizeof(token->name)) &&
               take_bytes(row, 3, token->hash, sizeof(token->hash));
}

static bool take_approval(sqlite3_stmt *row, struct people *people)
{
        struct people_approval *approval = &people->approvals[people->approval_count];
        const char *in = (const char *)sqlite3_column_text(row, 2);

        if (people->approval_count == PEOPLE_APPROVALS_MAX || !in)
                return false;
        people->approval_count++;
        approval->in = strdup(in);
        approval->roles = (unsigned)sqlite3_column_int(row, 5);
        approval->asked_ms = sqlite3_column_int64(row, 6);
        approval->expires_ms = sqlite3_column_int64(row, 7);
        return approval->in && take_text(row, 0, approval->id.text, sizeof(approval->id.text)) &&
               take_text(row, 1, approval->act, sizeof(approval->act)) &&
               take_text(row, 3, approval->account.text, sizeof(approval->account.text)) &&
               take_text(row, 4, approval->name, sizeof(approval->name));
}

static bool take_setup(sqlite3_stmt *row, struct people *people)
{
        people->setup_ends_ms = sqlite3_column_int64(row, 2);
        return take_bytes(row, 1, people->setup_hash, sizeof(people->setup_hash));
}

static int load_table(struct vault *vault, const char *sql, bool (*take)(sqlite3_stmt *, struct people *),
                      struct people *people, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int result, r = prepare(vault, sql, &statement, error);

        if (r)
                return r;
        while ((result = sqlite3_step(statement)) == SQLITE_ROW)
                if (!take(statement, people))
                        return error_say(
                                error, -E2BIG,
                                "%s contient une ligne illisible, ou plus de lignes que Garde n’en tient",
                                "%s holds a row that cannot be read, or more rows than Garde keeps",
                                vault->path);
        return result == SQLITE_DONE ? 0 : vault_fail(vault, result, error);
}

int vault_load(struct vault *vault, struct people *people, struct error *error)
{
        int r = load_table(vault, "SELECT * FROM accounts ORDER BY id", take_account, people, error);

        if (!r)
                r = load_table(vault, "SELECT * FROM sessions ORDER BY id", take_session, people, error);
        if (!r)
                r = load_table(vault, "SELECT * FROM tokens ORDER BY id", take_token, people, error);
        if (!r)
                r = load_table(vault, "SELECT * FROM approvals ORDER BY id", take_approval, people, error);
        if (!r)
                r = load_table(vault, "SELECT * FROM setup", take_setup, people, error);
        return r;
}
