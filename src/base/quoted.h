/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * quoted: how much of a text may stand between JSON's quotes as it is. Nearly all of what is written and read here may, so it
 * is looked at sixteen bytes at a time.
 */
#pragma once

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Not a control character, the quote or the backslash; with `ascii` nothing beyond ASCII either. */
static inline bool quoted_is_plain(unsigned char byte, bool ascii)
{
        return byte >= 0x20 && byte != '"' && byte != '\\' && !(ascii && byte >= 0x80);
}

typedef int8_t quoted_signed __attribute__((vector_size(16)));
typedef uint8_t quoted_bytes __attribute__((vector_size(16)));
typedef uint64_t quoted_halves __attribute__((vector_size(16)));

/* 16 where all of them are plain. As signed bytes those beyond ASCII are below the space too. */
static inline size_t quoted_plain_of_16(const char *text, bool ascii)
{
        quoted_bytes bytes;
        quoted_halves marks;

        memcpy(&bytes, text, sizeof(bytes));
        marks = (quoted_halves)((bytes == '"') | (bytes == '\\'));
        marks |= ascii ? (quoted_halves)((quoted_signed)bytes < 0x20) : (quoted_halves)(bytes < 0x20);
        if (marks[0])
                return (size_t)__builtin_ctzll(le64toh(marks[0])) / 8;
        return marks[1] ? 8 + (size_t)__builtin_ctzll(le64toh(marks[1])) / 8 : 16;
}

/* How many bytes come before the first that is not plain. */
static inline size_t quoted_plain_length(const char *text, size_t length, bool ascii)
{
        size_t at = 0;

        while (length - at >= 16) {
                size_t step = quoted_plain_of_16(text + at, ascii);

                at += step;
                if (step < 16)
                        return at;
        }
        while (at < length && quoted_is_plain((unsigned char)text[at], ascii))
                at++;
        return at;
}
