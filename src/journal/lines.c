/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK (256 * 1024)

static int make_room(struct lines *lines)
{
        size_t wanted = lines->size ? lines->size * 2 : 2 * CHUNK;
        char *data;

        if (lines->from > 0) {
                memmove(lines->data, lines->data + lines->from, lines->length - lines->from);
                lines->length -= lines->from;
                lines->from = 0;
        }
        if (lines->size - lines->length >= CHUNK)
                return 0;
        data = realloc(lines->data, wanted);
        if (!data)
                return -ENOMEM;
        lines->data = data;
        lines->size = wanted;
        return 0;
}

/* More bytes behind those there; 0 at the end of the stream. */
static int fill(struct lines *lines, size_t *ret_count)
{
        int r = make_room(lines);

        if (r < 0)
                return r;
        *ret_count = fread(lines->data + lines->length, 1, CHUNK, lines->stream);
        lines->length += *ret_count;
        return *ret_count == 0 && ferror(lines->stream) ? -EIO : 0;
}

static int hand_out(struct lines *lines, size_t length, size_t skip, const char **ret_line,
                    size_t *ret_length)
{
        *ret_line = lines->data + lines->from;
        *ret_length = length;
        lines->from += length + skip;
        return skip ? LINES_LINE : LINES_CUT;
}

int lines_next(struct lines *lines, const char **ret_line, size_t *ret_length)
{
        size_t searched = 0;

        for (;;) {
                size_t rest = lines->length - lines->from;
                char *newline = NULL;
                size_t count;
                int r;

                if (rest > searched)
                        newline = memchr(lines->data + lines->from + searched, '\n', rest - searched);
                if (newline)
                        return hand_out(lines, (size_t)(newline - lines->data) - lines->from, 1, ret_line,
                                        ret_length);
                if (rest >= lines->cap)
                        return LINES_LONG;
                searched = rest;
                r = fill(lines, &count);
                if (r < 0)
                        return r;
                if (count == 0)
                        return rest ? hand_out(lines, rest, 0, ret_line, ret_length) : 0;
        }
}

void lines_release(struct lines *lines)
{
        free(lines->data);
        *lines = (struct lines)LINES_INIT(lines->stream, lines->cap);
}
