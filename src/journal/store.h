/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store: the SQLite file under the journal; for the files of this room alone.
 *
 * records(seq, line, hash)   the canonical bytes and their SHA-256
 * personal(id, seq, name, salt, text, erased)   rows are never moved nor deleted: an erasure overwrites in
 * place
 * nodes(level, position, hash)   complete subtrees from STORE_NODE_LEVEL up; smaller ones are computed from
 * records
 * heads(id, size, json)   signed heads, canonical
 * meta(name, value)   "key": the public key; "view:NAME": the version a view was last replayed with
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "journal/hash.h"
#include "journal/merkle.h"

#define STORE_APPLICATION_ID 0x47415244 /* "GARD" */
#define STORE_VERSION        1
#define STORE_NODE_LEVEL     8

/* The errno that stands for what SQLite last complained of on this connection, with its sentence. */
int store_fail(sqlite3 *database, int result, struct error *error);

/* Runs statements that return nothing. */
int store_run(sqlite3 *database, const char *sql, struct error *error);
int store_prepare(sqlite3 *database, const char *sql, sqlite3_stmt **ret_statement, struct error *error);

/* Steps a statement that changes something, and resets it. */
int store_change(sqlite3_stmt *statement, struct error *error);

#define STORE_ROW 1
/* STORE_ROW, or 0 when there are no more. */
int store_step(sqlite3_stmt *statement, struct error *error);

/*
 * Statements that are asked again and again stay prepared, since preparing costs more than most of them. One that is lent
 * out already (a visitor asks the same) is prepared a second time. `sql` is a literal: it is known by its address.
 */
#define STATEMENTS_MAX 24
struct statements {
        struct {
                const char *sql;
                sqlite3_stmt *statement;
                bool lent;
        } rows[STATEMENTS_MAX];
};

struct loan {
        sqlite3_stmt *statement;
        bool *lent; /* NULL: prepared for this once */
};
#define LOAN_INIT                                                                                            \
        {                                                                                                    \
                NULL, NULL                                                                                   \
        }

int store_lend(struct statements *statements, sqlite3 *database, const char *sql, struct loan *ret_loan,
               struct error *error);
void loan_return(struct loan *loan); /* for CLEANUP() */
/* One that returns nothing. */
int store_repeat(struct statements *statements, sqlite3 *database, const char *sql, struct error *error);
void statements_release(struct statements *statements); /* none is lent any more */

static inline void cleanup_statement(sqlite3_stmt **statement)
{
        sqlite3_finalize(*statement);
}

/* A new database at `path`, which must not exist: schema, rollback mode. */
int store_create(const char *path, sqlite3 **ret_database, struct error *error);

/* Checks that it is ours. Writable: WAL, synchronous=FULL, secure_delete. */
int store_open(const char *path, bool readonly, sqlite3 **ret_database, struct error *error);

/* One snapshot for several reads. */
int store_begin_read(sqlite3 *database, struct error *error);
#define STORE_BEGIN_WRITE "BEGIN IMMEDIATE"
#define STORE_COMMIT      "COMMIT"
int store_begin_write(sqlite3 *database, struct error *error);
int store_commit(sqlite3 *database, struct error *error);
void store_rollback(sqlite3 *database); /* no effect outside a transaction */
/* A part of an open transaction that can be undone alone. */
#define STORE_BEGIN_PART  "SAVEPOINT part"
#define STORE_COMMIT_PART "RELEASE part"
void store_rollback_part(sqlite3 *database);

/* 0 when nothing of the log is left, STORE_BUSY when a reader still needs it. */
#define STORE_BUSY 1
int store_empty_log(sqlite3 *database, struct error *error);

/* meta. -ENOENT when there is no such name. */
int store_set_meta(sqlite3 *database, const char *name, const void *value, size_t length,
                   struct error *error);
int store_get_meta(sqlite3 *database, const char *name, void *ret_value, size_t length, struct error *error);

/* A copied blob column, exactly `size` bytes; -EINVAL otherwise. */
int store_column_bytes(sqlite3_stmt *statement, int column, uint8_t *ret_bytes, size_t size,
                       struct error *error);

/* The tree's complete subtrees. `context` of the source is the database. */
int store_node(void *database, unsigned level, uint64_t index, uint8_t ret_hash[static HASH_SIZE]);

/* How many records there are, by the greatest seq. */
int store_size(sqlite3 *database, uint64_t *ret_size, struct error *error);
