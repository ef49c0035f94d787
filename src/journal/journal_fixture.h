/* SPDX-License-Identifier: EUPL-1.2 */
/* For this room's tests: a journal in a folder of its own, with a clock and randomness that repeat. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "journal/journal.h"

struct fixture {
        char folder[64];
        char path[128];
        char key_path[128];
        char export_path[128];
        struct clock_manual manual;
        struct clock clock;
        struct random_seeded seeded;
        struct random random;
        struct error error;
        const struct view *views; /* for fixture_open() */
        size_t view_count;
        struct journal *journal; /* NULL until fixture_open() */
};

int fixture_setup(void **state);    /* *state is a struct fixture, nothing opened yet */
int fixture_teardown(void **state); /* closes, and removes the folder */

/* Opens for writing; closes what was open. Returns what journal_open() returned. */
int fixture_open(struct fixture *fixture);

/*
 * One record of type note; `text` is the body's text, `name` its personal text's when not NULL. Returns its
 * seq.
 */
uint64_t fixture_note(struct fixture *fixture, const char *text, const char *personal);

/* Replaces the journal's file by SQL, as somebody with the disk in hand would. The journal is closed. */
void fixture_sql(struct fixture *fixture, const char *sql);

/* The whole of a file, NUL-terminated; the caller frees it. */
char *fixture_read(const char *path, size_t *ret_length);
void fixture_write(const char *path, const char *data, size_t length);
