/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * head: a signed statement of what the journal was at some moment. Kept elsewhere (paper, USB, a peer) it
 * proves later that nothing before it was changed.
 *
 * JSON: {"key":"<16 hex: id>","last":"<hex hash of record size-1>","root":"<hex, RFC 9162>","signature":"<128
 * hex>", "size":42,"time":RFC 3339,"type":"garde.head","v":1} The signature is Ed25519 over the canonical
 * bytes of this object without its signature.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "base/error.h"
#include "journal/hash.h"
#include "journal/key.h"

struct head {
        uint64_t size; /* records, at least 1 */
        int64_t time_ms;
        uint8_t root[HASH_SIZE];
        uint8_t last[HASH_SIZE];
        char key_id[KEY_ID_SIZE];
        uint8_t signature[KEY_SIGNATURE_SIZE];
};

/* Fills key_id and signature. -ENOMEM. */
int head_sign(struct head *head, const struct key *key);

/* 0; -EBADMSG when the signature is not this key's over these fields; -ENOMEM. */
int head_check(const struct head *head, const uint8_t public[static KEY_PUBLIC_SIZE]);

json_t *head_to_json(const struct head *head); /* new reference, NULL when out of memory */
int head_from_json(const json_t *json, struct head *ret_head, struct error *error); /* -EINVAL */
