/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * chain: from a draft to the canonical bytes of a record, and back. A record's hash is SHA-256 of exactly the
 * canonical object of flow/record.h, which names the hash of the record before it; record 0 names 32 zeros.
 *
 * Personal text stays outside: the object holds SHA-256(0x02 || salt || text) for each name. The salt is 32
 * random bytes for each text, so that a short text (a name, a telephone number) cannot be guessed from its
 * commitment; once salt and text are erased, the commitment says nothing.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/random.h"
#include "flow/record.h"
#include "journal/canonical.h"
#include "journal/hash.h"

#define CHAIN_SALT_SIZE         32
#define CHAIN_PERSONAL_NAME_MAX 64          /* of A-Z a-z 0-9 _ . - */
#define CHAIN_PERSONAL_TEXT_MAX (64 * 1024) /* bytes */
#define CHAIN_LINE_MAX          (RECORD_BODY_MAX + 16 * 1024)

/* One personal text beside its record. `text` and `name` are borrowed from the draft. */
struct chain_personal {
        const char *name;
        const char *text;
        size_t text_length;
        uint8_t salt[CHAIN_SALT_SIZE];
        uint8_t commitment[HASH_SIZE];
};

void chain_commit(const uint8_t salt[static CHAIN_SALT_SIZE], const void *text, size_t length,
                  uint8_t ret_commitment[static HASH_SIZE]);

/*
 * Checks a draft and salts its personal texts, sorted by name as they will stand. -EINVAL for a body that is
 * no object, a subject or author too long, a personal value that is no string; -E2BIG beyond a cap of
 * flow/record.h or of above.
 */
int chain_salt_personal(const struct record_draft *draft, const struct random *random,
                        struct chain_personal ret_personal[static RECORD_PERSONAL_MAX], size_t *ret_count,
                        struct error *error);

/* What a verifier and a view need of a record, pointing into its bytes. */
struct chain_view {
        uint64_t seq;
        enum record_type type;
        uint8_t prev[HASH_SIZE];
        struct canonical_member body, subject, time;
        struct canonical_member personal[RECORD_PERSONAL_MAX]; /* value: 64 hex digits in quotes */
        size_t personal_count;
};

/* Where a record stands: its number, its time, the hash of the one before. */
struct chain_place {
        uint64_t seq;
        int64_t time_ms;
        const uint8_t *prev; /* HASH_SIZE bytes */
};

/*
 * Writes the canonical object into `line`, which is empty. -ERANGE, -ELOOP, -EILSEQ as canonical_append(), -E2BIG. Of *ret_view
 * all but the personal texts is filled in.
 */
int chain_write(const struct record_draft *draft, const struct chain_place *place,
                const struct chain_personal *personal, size_t personal_count, struct buffer *line,
                struct chain_view *ret_view, struct error *error);

/*
 * Reads the canonical bytes without building a value: the strict scanner, then exactly the nine members of
 * flow/record.h with exactly their forms. -EINVAL otherwise.
 */
int chain_scan(const char *line, size_t length, struct chain_view *ret_view);

/* Reads a whole record; personal holds the commitments alone. The hash is computed. -EINVAL, -ENOMEM. */
int chain_read(const char *line, size_t length, struct record *ret_record, struct error *error);
