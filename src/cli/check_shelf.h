/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A folder of data files as `garde check` goes through it: a card for each, with the id it says and everything that is
 * wrong with it. Ids are known also of files that are otherwise at fault, so that nobody else is blamed for them.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/faults.h"
#include "flow/folder.h"

struct card {
        char *path;  /* owned */
        char id[64]; /* "" when the file does not say */
        struct faults faults;
};

struct shelf {
        struct card cards[FOLDER_FILES_MAX];
        size_t count;
        bool blind; /* a file could not be made out: what it would define is unknown */
};

/* NULL when memory is short or the shelf is full. */
struct card *shelf_add(struct shelf *shelf, const char *path, const char *data, size_t length);
void shelf_release(struct shelf *shelf);

/* Whether a file has that id; "cnil-*" is any that begins so. */
bool shelf_has(const struct shelf *shelf, const char *id);
/* A card before this one with its id, or NULL. */
const struct card *shelf_same(const struct shelf *shelf, const struct card *card);

/* A file that could not be read at all: what `error` says of it, unless its faults are on the card already. */
void card_failed(struct card *card, const struct error *error);
/* What only several files together show, at a place of this one such as "steps[2].obligation". */
void card_fault(struct card *card, const char *place, const char *fr, const char *en, ...)
        __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* Appends {"file","line","key","fr","en"} for each fault, then one with "more" when there are more. -ENOMEM. */
int faults_to_json(const char *file, const struct faults *faults, json_t *list);
