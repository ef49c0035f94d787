/* SPDX-License-Identifier: EUPL-1.2 */
/* What the files of this room share of a journal. Nobody else includes it. */
#pragma once

#include "base/buffer.h"
#include "journal/chain.h"
#include "journal/journal.h"
#include "journal/merkle.h"
#include "journal/store.h"

#define JOURNAL_FORMAT "garde.journal"

struct journal {
        sqlite3 *database;
        bool readonly;
        bool stale;          /* a commit failed in a way that leaves doubt: read the state again */
        bool held;           /* one transaction over several appends */
        bool lost;           /* … and SQLite ended it: nothing of it was kept */
        bool log_holds_text; /* erased text may still lie in the write-ahead log */
        int lock;
        const struct clock *clock;
        const struct random *random;
        struct key key; /* public half alone when readonly */
        struct view views[VIEWS_MAX];
        size_t view_count;

        struct merkle_frontier frontier;
        uint8_t last[HASH_SIZE];

        struct buffer line;
        sqlite3_stmt *insert_record;
        sqlite3_stmt *insert_personal;
        sqlite3_stmt *insert_node;
        struct documents *documents;  /* statements of the documents view */
        struct statements statements; /* those that are asked again and again */
};

static inline int journal_lend(struct journal *journal, const char *sql, struct loan *ret_loan,
                               struct error *error)
{
        return store_lend(&journal->statements, journal->database, sql, ret_loan, error);
}

/* Size, last hash and frontier from the database; checks that the last record and newest head fit. */
int journal_load_state(struct journal *journal, struct error *error);

/* Within a write transaction; changes *frontier and `last`, which the caller keeps once committed. */
int journal_write_record(struct journal *journal, const struct record_draft *draft,
                         struct merkle_frontier *frontier, uint8_t last[static HASH_SIZE],
                         struct error *error);

/* Prepares what writing needs, once. */
int journal_prepare_writing(struct journal *journal, struct error *error);
void journal_finish_writing(struct journal *journal);

/*
 * The kept head of exactly this size; size 0: the newest that covers more than `above` records.
 * JOURNAL_NONE.
 */
int journal_find_head(struct journal *journal, uint64_t size, uint64_t above, struct head *ret_head,
                      struct error *error);

/* The body of record 0, which binds the key into the chain. */
int journal_opening_body(const uint8_t key[static KEY_PUBLIC_SIZE], char *ret_text, size_t size);

/* The documents view, always the first; it is told by documents_apply() and has no apply() of its own. */
struct view documents_view(void);
/* `documents` keeps its statements. The record's bytes were scanned. */
int documents_apply(struct documents **documents, const struct chain_view *record, sqlite3 *database,
                    struct error *error);
struct documents *documents_free(struct documents *documents);

/* Tells every view but the documents of one record; whether there are any. */
int views_apply(struct journal *journal, const struct record *record, struct error *error);
bool views_want(const struct journal *journal);
/* Replays views whose version is not the stored one; all of them when told so. Opens its own transaction. */
int views_refresh(struct journal *journal, bool all, const struct journal_progress *progress,
                  struct error *error);

/* As journal_read(), within the caller's transaction or none. */
int journal_read_range(struct journal *journal, uint64_t from, uint64_t to,
                       int (*visit)(void *context, const struct record *record), void *context,
                       struct error *error);
