/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * utf8: well-formed sequences by table 3-7 of the Unicode Standard: no overlong form, no surrogate, none
 * beyond U+10FFFF.
 */
#pragma once

#include <stddef.h>

/* Bytes of the sequence that `text` begins with, 0 when it is not well formed within `length`. */
size_t utf8_sequence(const char *text, size_t length);
