/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * signature: proves a webhook's sender and moment: HMAC-SHA256 (RFC 2104) of "<unix seconds>.<body>", in hexadecimal behind "sha256=". The
 * receiver makes it again and refuses moments that are minutes old.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SIGNATURE_SIZE 72 /* "sha256=", 64 digits, NUL */

void signature_make(const char *key, int64_t seconds, const char *body, size_t length,
                    char ret_text[static SIGNATURE_SIZE]);
