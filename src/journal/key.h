/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * key: the journal's Ed25519 key pair (RFC 8032, libsodium). The secret lies in a file of its own, mode 0600,
 * that is never exported; the public half stands in record 0, in the database and in every export. A key's id
 * is the first 8 bytes of SHA-256 of its public half, in hex.
 */
#pragma once

#include <stdint.h>

#include "base/error.h"
#include "base/random.h"

#define KEY_PUBLIC_SIZE    32
#define KEY_SECRET_SIZE    64
#define KEY_SIGNATURE_SIZE 64
#define KEY_ID_SIZE        17 /* 16 hex digits and NUL */

struct key {
        uint8_t public[KEY_PUBLIC_SIZE];
        uint8_t secret[KEY_SECRET_SIZE];
};

/* Makes a key and writes it to `path`, which must not be there yet. */
int key_create(const char *path, const struct random *random, struct key *ret_key, struct error *error);

/* -ENOENT when there is none; -EPERM when others than its owner may read it; -EINVAL when it is not a key
 * file. */
int key_load(const char *path, struct key *ret_key, struct error *error);

/* Overwrites the secret. */
void key_wipe(struct key *key);

void key_id(const uint8_t public[static KEY_PUBLIC_SIZE], char ret_id[static KEY_ID_SIZE]);
void key_sign(const struct key *key, const void *data, size_t length,
              uint8_t ret_signature[static KEY_SIGNATURE_SIZE]);
/* 0, or -EBADMSG. */
int key_verify(const uint8_t public[static KEY_PUBLIC_SIZE], const void *data, size_t length,
               const uint8_t signature[static KEY_SIGNATURE_SIZE]);
