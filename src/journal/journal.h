/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * journal: the sealed register. Records are only ever appended; each names the hash of the one before
 * (chain.h), all of them stand in a Merkle tree (merkle.h), signed heads fix what the tree was (head.h),
 * views are replayed from it (views.h). The store is one SQLite file in WAL mode with synchronous=FULL: what
 * journal_append_batch() acknowledged is on disk.
 *
 * One process writes (a lock beside the file says so); any number may open it read-only meanwhile. A handle
 * belongs to one thread. SQLite is named nowhere else: another store takes the same calls.
 *
 * Verification reads the stored bytes and does not re-canonicalise them: canonical.h's scanner accepts only
 * bytes that are already canonical, which are then hashed as they stand. That is as strong as parsing and
 * writing them again, since the scanner accepts exactly the writer's output, and several times faster.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "flow/record.h"
#include "journal/head.h"
#include "journal/report.h"
#include "journal/views.h"

#define JOURNAL_BATCH_MAX 65536 /* records in one call */

struct journal;

/* Who watches long work: told at its beginning and now and then how much is done. Anything but 0 ends it, -ECANCELED. */
struct journal_progress {
        int (*tell)(void *context, uint64_t done, uint64_t all);
        void *context;
};

struct journal_config {
        const char *path;          /* the database; made with its folder's owner at first opening */
        const char *key_path;      /* the secret key; made likewise */
        const struct clock *clock; /* borrowed; must outlive the journal */
        const struct random *random;
        const struct view *views; /* copied; may be NULL */
        size_t view_count;
        const struct journal_progress *progress; /* of replaying views at the opening; may be NULL */
};

/*
 * Opens for writing; makes journal, key and record 0 ("journal.opened") when the path is not there, and
 * replays views that are new or changed. -EBUSY when another process writes it; -EINVAL for a file that is
 * empty, foreign or damaged; -ENOKEY when the journal is there and its key is not, or is another; -ENOSPC,
 * -EIO, -EACCES.
 */
int journal_open(const struct journal_config *config, struct journal **ret_journal, struct error *error);

/* For verifying, exporting, proving and reading views while another process may write. -ENOENT when it is not
 * there. */
int journal_open_readonly(const char *path, struct journal **ret_journal, struct error *error);

struct journal *journal_close(struct journal *journal); /* NULL */

/* The file it lies in, whole; valid as long as the journal is open. */
const char *journal_path(const struct journal *journal);

/* Records so far; the next seq. */
uint64_t journal_size(struct journal *journal);

/*
 * Appends all or none, durable on return. *ret_first is the seq of drafts[0]; the others follow. The types
 * journal.opened and personal.erased are the journal's own: -EINVAL. Bad drafts: as chain.h. -ENOSPC when the
 * disk is full: nothing of the batch was kept, nothing acknowledged was lost, and appending works again once
 * there is room. -EROFS.
 */
int journal_append_batch(struct journal *journal, const struct record_draft *drafts, size_t count,
                         uint64_t *ret_first, struct error *error);
int journal_append(struct journal *journal, const struct record_draft *draft, uint64_t *ret_seq,
                   struct error *error);

/*
 * Appends between these two are made durable by one commit, so many small acts cost one write to the disk. Each append is
 * still all or none, and reads see it at once; but nothing is acknowledged before journal_settle() returned 0. When that
 * fails, nothing since journal_hold() was kept: read anew what was made of it. Holding twice is no error; an erasure
 * waits until it is settled (-EBUSY). Both do nothing to a journal that is not held.
 */
int journal_hold(struct journal *journal, struct error *error);
bool journal_is_held(const struct journal *journal);
int journal_settle(struct journal *journal, struct error *error);

/*
 * Records [from, to) in order, parsed, with the personal texts that are still there; `to` beyond the end
 * means the end. The record is borrowed for the call; the visitor must not write to the journal. Stops at
 * non-zero and returns it.
 */
int journal_read(struct journal *journal, uint64_t from, uint64_t to,
                 int (*visit)(void *context, const struct record *record), void *context,
                 struct error *error);

/* Signs what the journal is now, and keeps it. The same size is signed again with the time of now. */
int journal_head(struct journal *journal, struct head *ret_head, struct error *error);

#define JOURNAL_NONE 1
/* The kept head of the greatest size. JOURNAL_NONE when there is none. */
int journal_last_head(struct journal *journal, struct head *ret_head, struct error *error);

/*
 * Overwrites salt and text and writes a personal.erased record with body {"seq","name","reason"}. The bytes
 * are overwritten in place, and leave the write-ahead log too before the call returns, or, when a reader
 * holds the log, at the first append after it left (JOURNAL_LATER). The length of the text and the file
 * system's own freed blocks are not hidden. -ENOENT when that record has no such text or it is erased
 * already.
 */
#define JOURNAL_LATER 2
int journal_erase_personal(struct journal *journal, uint64_t seq, const char *name, const char *author,
                           const char *reason, uint64_t *ret_seq, struct error *error);

/*
 * Writes the whole journal as JSON lines, each of them canonical, from one moment's snapshot, in constant
 * memory:
 *   {"format":"garde.journal","key":"<hex public key>","v":1}
 *   {"hash":"<hex>","personal":{"name":{"salt":"<hex>","text":…}},"record":{…}}     one a record
 *   {"head":{…}}                                          after the last record it covers
 *   {"end":{"heads":2,"personal":3,"records":42,"root":"<hex>"}}
 * -EIO or what errno says when the stream fails.
 */
int journal_export(struct journal *journal, FILE *stream, struct error *error);

/*
 * The same in parts, for who must not be kept waiting: each call of _part() writes whole lines, at least so many bytes
 * of them, and returns JOURNAL_MORE, or 0 after the last one. All of it is of the moment of _begin(); until _end() the handle
 * is the export's alone, and the write-ahead log cannot be emptied. A failed export can only be ended.
 */
struct journal_export;
#define JOURNAL_MORE 3
int journal_export_begin(struct journal *journal, struct journal_export **ret_export, struct error *error);
int journal_export_part(struct journal_export *export, FILE *stream, size_t bytes, struct error *error);
struct journal_export *journal_export_end(struct journal_export *export); /* NULL */

/* To a new file beside `path`, fsynced and renamed over it: never half an export under that name. */
int journal_export_file(struct journal *journal, const char *path, struct error *error);

/* What the verifier may be told from elsewhere. All may be unset: then the export's own key is taken at its
 * word. */
struct journal_trust {
        const uint8_t *key;      /* KEY_PUBLIC_SIZE bytes, or NULL */
        const struct head *head; /* a head kept elsewhere, or NULL */
};

/*
 * Fills the report: 0 when verification ran, whatever it found (ret_report->ok says); negative when it could
 * not run (file not there, not readable, not a journal at all). `trust` may be NULL. Files need no database
 * and no key.
 */
int journal_verify(struct journal *journal, const struct journal_trust *trust,
                   struct journal_report *ret_report, struct error *error);
int journal_verify_file(const char *path, const struct journal_trust *trust,
                        struct journal_report *ret_report, struct error *error);
int journal_verify_stream(FILE *stream, const struct journal_trust *trust, struct journal_report *ret_report,
                          struct error *error);

/*
 * Proofs that need nothing but themselves (and, to mean something, a key or head known from elsewhere):
 *   {"head":{…},"key":"<hex>","path":["<hex>"…],"proof":"inclusion","record":{…},"v":1}
 *   {"first":{…},"key":"<hex>","path":[…],"proof":"consistency","second":{…},"v":1}
 * Heads are the kept ones of exactly these sizes; size 0 means the newest kept head that covers the record
 * (or, for `second`, the newest). -ENOENT when there is no such head: sign one first. New reference.
 */
int journal_prove_inclusion(struct journal *journal, uint64_t seq, uint64_t size, json_t **ret_proof,
                            struct error *error);
int journal_prove_consistency(struct journal *journal, uint64_t first, uint64_t second, json_t **ret_proof,
                              struct error *error);
/* As journal_verify_file(): the report says what was found. -EINVAL when the JSON is no proof. */
int journal_verify_proof(const json_t *proof, const struct journal_trust *trust,
                         struct journal_report *ret_report, struct error *error);

/* Drops every view and replays it from record 0, in one transaction. `progress` may be NULL. */
int journal_rebuild(struct journal *journal, const struct journal_progress *progress, struct error *error);
