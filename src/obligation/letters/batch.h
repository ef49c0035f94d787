/* SPDX-License-Identifier: EUPL-1.2 */
/* batch: a table of recipients looked through, and set letter by letter into one file. For a thread of its own. */
#pragma once

#include <stdatomic.h>

#include "obligation/letters/letter.h"

#define BATCH_BAD_SAID    100    /* rows told by number; the rest is only counted */
#define BATCH_LETTERS_MAX 200000 /* in one batch */

struct batch_bad {
        unsigned long row;
        struct error why;
};

/* What the table holds. */
struct batch_look {
        unsigned long good, bad;
        bool columns[RECIPIENT_COLUMN_COUNT]; /* that were known */
        bool utf8;
        char separator;
        struct batch_bad *said; /* owned; the first BATCH_BAD_SAID */
        size_t said_count;
};
void batch_look_release(struct batch_look *look);

/* 0; -EINVAL for what is no table of recipients; -E2BIG. */
int batch_look(const char *csv, size_t length, struct batch_look *ret_look, struct error *error);

struct batch_progress {
        atomic_ulong done, pages;
        atomic_bool stop; /* set by another thread: it ends after the present letter */
};

struct batch_order {
        const char *csv; /* NULL: one letter, to `typed`, or to nobody when that is NULL too */
        size_t length;
        const struct recipient *typed;
        const char *path; /* of the PDF */
        const struct letter_house *house;
        const struct letter_words *words; /* LANGUAGE_COUNT */
        enum language otherwise;
};

/* Bad rows are left out. -ECANCELED when stopped; then, and on any failure, the file is removed. */
int batch_print(const struct batch_order *order, struct batch_progress *progress, struct error *error);
