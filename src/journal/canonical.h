/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * canonical: the one way to write a JSON value down, by RFC 8785 (JCS), so that the same value always has
 * the same bytes and so the same hash. Values are I-JSON (RFC 7493): strings are valid UTF-8, keys are
 * unique, numbers are IEEE doubles; an integer beyond 2^53 is refused, because two programs may read it
 * differently. Keys are ordered by UTF-16 code units, numbers are written as ECMAScript does.
 *
 * The writer goes from a jansson value to bytes. The scanner goes the other way without building a value:
 * it accepts bytes if and only if they are what the writer would write for some value. So whoever holds
 * scanned bytes may hash them as they are: no second text means the same.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

#define CANONICAL_DEPTH_MAX   64
#define CANONICAL_NUMBER_SIZE 32
#define CANONICAL_INTEGER_MAX 9007199254740992LL /* 2^53 */

/*
 * Appends the value's canonical bytes to `out`. -ERANGE for an integer beyond 2^53 in size, -ELOOP beyond
 * CANONICAL_DEPTH_MAX, -EILSEQ for text that is not UTF-8 or a key holding NUL, -E2BIG when the buffer's cap
 * is met, -ENOMEM. After a failure the buffer holds a part of the value: the caller cuts it back.
 */
int canonical_append(const json_t *value, struct buffer *out, struct error *error);

/* One string with its quotes. `length` in bytes. */
int canonical_append_string(const char *text, size_t length, struct buffer *out, struct error *error);

/*
 * The ECMAScript form of a finite number (ECMA-262 Number::toString, as RFC 8785 3.2.2.3 asks): the shortest
 * digits that read back as the same double. -EINVAL for NaN and the infinities. Any locale.
 */
int canonical_number(double number, char ret_text[static CANONICAL_NUMBER_SIZE], size_t *ret_length);

/* < 0, 0, > 0 by UTF-16 code units; both valid UTF-8. */
int canonical_compare_keys(const char *a, size_t a_length, const char *b, size_t b_length);

/* A member of an object, as it stands in the scanned bytes. */
struct canonical_member {
        const char *key; /* between its quotes, escapes and all */
        size_t key_length;
        const char *value;
        size_t value_length;
};

/*
 * Scans one value that fills `length` bytes exactly. 0, or -EINVAL: not JSON, or not its canonical form; then
 * *ret_at is the offset of the first byte that is wrong.
 */
int canonical_check(const char *data, size_t length, size_t *ret_at);

/* The same for an object, which must have at most `max` members; they are handed out in their order. */
int canonical_members(const char *data, size_t length, struct canonical_member *ret_members, size_t max,
                      size_t *ret_count, size_t *ret_at);

/*
 * In bytes that were scanned or written by ours, so that nothing is checked again: the members of an object (-E2BIG beyond `max`,
 * -EINVAL for another value); the one of this name, which needs no escapes (-ENOENT when there is none); the text of a string and
 * its NUL (-EINVAL for another value or a text that holds NUL, -E2BIG beyond `size`).
 */
int canonical_split(const struct canonical_member *object, struct canonical_member *ret_members, size_t max,
                    size_t *ret_count);
int canonical_find(const struct canonical_member *object, const char *key,
                   struct canonical_member *ret_member);
int canonical_text(const struct canonical_member *string, char *ret_text, size_t size);

/* The length of the canonical value that `data` begins with; -EINVAL when there is none. */
int canonical_value_length(const char *data, size_t length, size_t *ret_length);

/* Reads canonical bytes into a new reference, after scanning them. -EINVAL, -ENOMEM. */
int canonical_parse(const char *data, size_t length, json_t **ret_value, struct error *error);
