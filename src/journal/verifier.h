/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * verifier: the judge of a journal, whatever it is read from. It is told header, records, heads and end in
 * their order,
 * touches nothing outside itself, and keeps a constant amount of memory.
 *
 * After a fault it goes on as if the stored hashes were right, so that one changed record is one fault; a
 * gap leaves the
 * tree unknown, and heads are then checked for their signature alone.
 */
#pragma once

#include "journal/chain.h"
#include "journal/journal.h"
#include "journal/merkle.h"

struct verifier {
        struct journal_report *report;
        const struct journal_trust *trust;
        uint64_t line; /* of the file, 0 in a database */
        uint64_t next; /* seq that should come */
        uint64_t gap_from,
                gap_to; /* the last gap: a record from it that comes later was moved, not doubled */
        uint8_t last[HASH_SIZE];
        struct merkle_frontier frontier;
        bool last_known; /* false right after a gap */
        bool tree_known; /* false after any gap */
        bool trusted_seen;
        uint64_t erasures;                                              /* personal.erased records */
        int (*complete)(void *context, const struct merkle_node *node); /* told of tree nodes; may be NULL */
        void *context;
};

/* One personal text that stands beside a record. */
struct verifier_text {
        const char *name;
        size_t name_length;
        const uint8_t *salt; /* CHAIN_SALT_SIZE */
        const char *text;
        size_t text_length;
};

void verifier_begin(struct verifier *verifier, const struct journal_trust *trust,
                    const uint8_t key[static KEY_PUBLIC_SIZE], struct journal_report *report);
void verifier_record(struct verifier *verifier, const char *line, size_t length,
                     const uint8_t stored_hash[static HASH_SIZE], const struct verifier_text *texts,
                     size_t text_count);
/* Canonical bytes of the head. */
void verifier_head(struct verifier *verifier, const char *data, size_t length);
/* Nothing more will come. */
void verifier_finish(struct verifier *verifier);

/* Adds a fault at this line; `fr` and `en` are formats that take the same arguments. */
void verifier_fault(struct verifier *verifier, enum report_fault_kind kind, uint64_t seq, const char *fr,
                    const char *en, ...);
