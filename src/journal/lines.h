/* SPDX-License-Identifier: EUPL-1.2 */
/* lines: a stream's lines one by one, in memory that is bounded by the longest line allowed. */
#pragma once

#include <stddef.h>
#include <stdio.h>

struct lines {
        FILE *stream; /* borrowed */
        char *data;
        size_t from; /* first byte not handed out */
        size_t length;
        size_t size;
        size_t cap; /* longest line, with its newline */
};

#define LINES_INIT(file, longest)                                                                            \
        {                                                                                                    \
                .stream = (file), .cap = (longest)                                                           \
        }

#define LINES_LINE 1
#define LINES_CUT  2 /* the last line has no newline */
#define LINES_LONG 3 /* a line is longer than the cap; nothing more is read */
/*
 * LINES_LINE or LINES_CUT with a line that is valid until the next call, LINES_LONG, 0 at the end, -EIO,
 * -ENOMEM.
 */
int lines_next(struct lines *lines, const char **ret_line, size_t *ret_length);
void lines_release(struct lines *lines);
