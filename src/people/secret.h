/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * secret: a random text that is shown once, and the hash that is kept of it. 256 random bits need no slow hash: whoever
 * holds the hash cannot search for the text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

#define SECRET_TEXT_SIZE 44 /* 32 bytes as base64url without padding, and the NUL */
#define SECRET_HASH_SIZE 32

void secret_make(const struct random *random, char ret_text[static SECRET_TEXT_SIZE]);
/* SHA-256 of the text. */
void secret_hash(const char *text, uint8_t ret_hash[static SECRET_HASH_SIZE]);
/* In a time that does not depend on where they differ. */
bool secret_hash_equal(const uint8_t a[static SECRET_HASH_SIZE], const uint8_t b[static SECRET_HASH_SIZE]);

/*
 * A second secret that follows from the first one and does not tell it: BLAKE2b of `purpose`, keyed with the text
 * (RFC 7693). So the CSRF value of a session is kept nowhere.
 */
void secret_derive(const char *text, const char *purpose, char ret_text[static SECRET_TEXT_SIZE]);

/* Crockford's base 32 in groups of four, as people copy it from paper: "7K2M-9QXT-…". */
#define SECRET_PAPER_SIZE 20 /* 16 characters (80 bits), three hyphens, the NUL */
void secret_paper_make(const struct random *random, char ret_text[static SECRET_PAPER_SIZE]);
/* As typed: letter case, spaces and hyphens do not count, O is 0, I and L are 1. False when it is no such code. */
bool secret_paper_read(const char *typed, char ret_text[static SECRET_PAPER_SIZE]);
