/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct buffer *buffer, size_t length)
{
        size_t wanted = buffer->length + length + 1;
        size_t size = buffer->size ? buffer->size : 256;
        char *data;

        if (buffer->overflow || length > buffer->cap || buffer->length > buffer->cap - length) {
                buffer->overflow = true;
                return false;
        }
        if (wanted <= buffer->size)
                return true;
        while (size < wanted)
                size *= 2;
        data = realloc(buffer->data, size);
        if (!data) {
                buffer->overflow = true;
                return false;
        }
        buffer->data = data;
        buffer->size = size;
        return true;
}

void buffer_append_growing(struct buffer *buffer, const void *data, size_t length)
{
        if (!make_room(buffer, length))
                return;
        if (length)
                memcpy(buffer->data + buffer->length, data, length);
        buffer->length += length;
        buffer->data[buffer->length] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text)
{
        buffer_append(buffer, text, strlen(text));
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
        va_list args;
        int length;

        va_start(args, format);
        length = vsnprintf(NULL, 0, format, args);
        va_end(args);
        if (length < 0 || !make_room(buffer, (size_t)length)) {
                buffer->overflow = true;
                return;
        }
        va_start(args, format);
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, args);
        va_end(args);
        buffer->length += (size_t)length;
}

void buffer_consume(struct buffer *buffer, size_t length)
{
        if (length >= buffer->length) {
                buffer->length = 0;
        } else {
                memmove(buffer->data, buffer->data + length, buffer->length - length);
                buffer->length -= length;
        }
        if (buffer->data)
                buffer->data[buffer->length] = '\0';
}

const char *buffer_string(const struct buffer *buffer)
{
        return buffer->data ? buffer->data : "";
}

void buffer_release(struct buffer *buffer)
{
        free(buffer->data);
        *buffer = (struct buffer)BUFFER_INIT(buffer->cap);
}
