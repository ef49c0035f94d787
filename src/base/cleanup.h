/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One way out of a function: release what a scope owns when the scope ends.
 * `_free(NULL)` is safe everywhere in Garde, so a variable may be declared NULL and filled later.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((cleanup(function)))

static inline void cleanup_free(void *pointer)
{
        free(*(void **)pointer);
}

static inline void cleanup_fd(const int *fd)
{
        if (*fd >= 0)
                close(*fd);
}

static inline void cleanup_file(FILE **file)
{
        if (*file)
                fclose(*file);
}

/* Hand a pointer (or descriptor) to somebody else: the scope no longer owns it. */
#define STEAL_PTR(pointer)                                                                                   \
        ({                                                                                                   \
                __auto_type stolen_ = (pointer);                                                             \
                (pointer) = NULL;                                                                            \
                stolen_;                                                                                     \
        })

#define STEAL_FD(fd)                                                                                         \
        ({                                                                                                   \
                int stolen_ = (fd);                                                                          \
                (fd) = -1;                                                                                   \
                stolen_;                                                                                     \
        })

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))
