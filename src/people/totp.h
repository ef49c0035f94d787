/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * totp: the six digits a telephone shows (RFC 6238: HMAC-SHA-1, steps of 30 s since 1970). Pure. Each step's code counts
 * once: who calls keeps the step that was used last.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_KEY_SIZE  20 /* RFC 4226, 4: 160 bits */
#define TOTP_TEXT_SIZE 33 /* the key in base 32 (RFC 4648), with the NUL */
#define TOTP_URI_SIZE  512
#define TOTP_STEP_MS   30000
#define TOTP_SLACK     1 /* steps a telephone's clock may be away */
#define TOTP_DIGITS    6

/* RFC 4226's 31 bits for a step; its lowest decimal digits are the code. */
uint32_t totp_value(const uint8_t *key, size_t key_length, uint64_t step);

/*
 * Whether `typed` (spaces do not count) is the code of a step around now that is later than `last_step`; then
 * *ret_step is that step.
 */
bool totp_fits(const uint8_t key[static TOTP_KEY_SIZE], const char *typed, int64_t now_ms, uint64_t last_step,
               uint64_t *ret_step);

void totp_key_text(const uint8_t key[static TOTP_KEY_SIZE], char ret_text[static TOTP_TEXT_SIZE]);

/* otpauth://totp/Issuer:name?secret=…, percent-encoded; long names are cut. */
void totp_uri(const uint8_t key[static TOTP_KEY_SIZE], const char *issuer, const char *name,
              char ret_uri[static TOTP_URI_SIZE]);
