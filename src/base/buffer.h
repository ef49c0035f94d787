/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bytes that grow, up to a cap given at the start. Beyond the cap nothing is appended and `overflow`
 * stays set: a caller checks once, at the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buffer {
        char *data;    /* NUL-terminated whenever not NULL */
        size_t length; /* without the NUL */
        size_t size;
        size_t cap;
        bool overflow; /* the cap was met, or memory ran out */
};

#define BUFFER_INIT(cap_bytes)                                                                               \
        {                                                                                                    \
                .cap = (cap_bytes)                                                                           \
        }

void buffer_append(struct buffer *buffer, const void *data, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Drop `length` bytes from the front. */
void buffer_consume(struct buffer *buffer, size_t length);

/* The text, "" when empty. Owned by the buffer. */
const char *buffer_string(const struct buffer *buffer);

/* Frees the bytes; the buffer may be used again. */
void buffer_release(struct buffer *buffer);
