/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of source.h; private to source*.c. */
#pragma once

#include <limits.h>

#include "domains/source.h"

struct source {
        struct source_options options;
        const struct clock *clock;
        char folder[PATH_MAX - 32];
        struct rows *rows; /* of the last good version */
        json_t *state;     /* state.json */
};

int source_no_memory(struct error *error);
void source_path(const struct source *source, const char *file, char ret_path[static PATH_MAX]);
/* Says which list; passes `r` on. */
int source_named(const struct source *source, struct error *error, int r);

/* ---- source_state.c: what is remembered beside the names ---- */

int source_state_read(struct source *source, struct error *error);
int source_state_write(const struct source *source, struct error *error);
/* Now, under `key`; what stands there, 0 for none. */
void source_state_time(struct source *source, const char *key);
int64_t source_state_ms(const struct source *source, const char *key);

/* How the list is read: the same octets, read otherwise, are another version. */
#define SOURCE_READING_SIZE 192
void source_reading(const struct source *source, char ret_text[static SOURCE_READING_SIZE]);

void source_note_report(struct source *source, const struct list_report *report);
/* A version of `count` names waits for a person; `offences`: the first of the names that no list may block. */
void source_note_held(struct source *source, size_t count, const json_t *offences, uint64_t offence_count,
                      const struct error *why);
