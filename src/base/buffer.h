/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bytes that grow, up to a cap given at the start. Beyond the cap nothing is appended and `overflow`
 * stays set: a caller checks once, at the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

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

void buffer_append_growing(struct buffer *buffer, const void *data,
                           size_t length); /* buffer_append() without room */

/* In the header, since writers of JSON append a byte or two at a time. */
static inline void buffer_append(struct buffer *buffer, const void *data, size_t length)
{
        if (buffer->overflow || length >= buffer->size - buffer->length ||
            length > buffer->cap - buffer->length) {
                buffer_append_growing(buffer, data, length);
                return;
        }
        if (length)
                memcpy(buffer->data + buffer->length, data, length);
        buffer->length += length;
        buffer->data[buffer->length] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text);
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Drop `length` bytes from the front. */
void buffer_consume(struct buffer *buffer, size_t length);

/* The text, "" when empty. Owned by the buffer. */
const char *buffer_string(const struct buffer *buffer);

/* Frees the bytes; the buffer may be used again. */
void buffer_release(struct buffer *buffer);
