/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * hash: SHA-256 (FIPS 180-4) as the journal uses it, through libcrypto, which takes the processor's own SHA
 * instructions (docs/decisions/0003-sha256-from-libcrypto.md).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define HASH_SIZE          32
#define HASH_HEX_SIZE      65 /* with NUL */
#define HASH_HEX_BYTES_MAX 64

void hash_bytes(const void *data, size_t length, uint8_t ret_hash[static HASH_SIZE]);

/* SHA-256(prefix || a || b). */
void hash_prefixed(uint8_t prefix, const void *a, size_t a_length, const void *b, size_t b_length,
                   uint8_t ret_hash[static HASH_SIZE]);

/* Lower-case hex. */
void hash_format(const uint8_t hash[static HASH_SIZE], char ret_hex[static HASH_HEX_SIZE]);

/* Up to HASH_HEX_BYTES_MAX bytes, lower-case only: exactly 2 * size digits, or -EINVAL. */
int hash_parse_hex(const char *hex, size_t hex_length, uint8_t *ret_bytes, size_t size);
void hash_format_hex(const uint8_t *bytes, size_t size, char *ret_hex); /* 2 * size + 1 characters */
