/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * source: one list that is taken in again and again, with its memory. A new version is looked at before it counts: one that
 * shrinks or grows too much, is empty, or names what must never be blocked (a public suffix, an own or allowed name, a top site) is
 * *held back* for a person, and the last good version stays. What stood in a list, since when, until when and why is kept,
 * so that a hit can be explained a year later.
 *
 * In its folder (STATE/domains/lists/NAME/):
 *      current     the last good version: "name<TAB>flags<TAB>first<TAB>last<TAB>why", sorted by name; first, last: days since 1970;
 *                  names that left the list stay, with the day they were last in it, for SOURCE_MEMORY_DAYS
 *      held        a version that waits for a person, the same form
 *      state.json  when it was last fetched, ETag, Last-Modified, digest, counts, the report, why it is held back
 * Each is written beside, synced and renamed: a kill at any moment leaves the old one or the new one.
 */
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "base/error.h"
#include "domains/list.h"
#include "domains/rows.h"
#include "names/set.h"
#include "names/suffix.h"

#define SOURCE_MEMORY_DAYS 400
#define SOURCE_NAME_SIZE   32

struct source_options {
        char name[SOURCE_NAME_SIZE]; /* [a-z0-9-]+ */
        enum set_action trust;       /* SET_BLOCK, SET_WATCH, SET_ALLOW */
        enum list_format format;
        bool below; /* each name means all below it, too, whatever the format says */
        const char *column, *why_column;
        uint64_t entries_max, bytes_max;
        uint64_t entries_min; /* fewer is held back */
        unsigned
                change_percent; /* shrunk or grown by more is held back; of lists below SOURCE_SMALL names, by SOURCE_SMALL too */
        int64_t max_age_ms; /* older than this it does not count any more, and says so; 0: never */
};
#define SOURCE_SMALL 100

/* What no list may block. Pure: says which rule `name` breaks, or NULL. */
struct source_guard {
        const struct suffixes *suffixes;
        void *context;
        /* Own, partner or allowed name, or a parent of one: "own", "allowed"; NULL when it is none. */
        const char *(*kept)(void *context, const struct name *name, bool below);
};

struct source;

int source_open(const char *folder, const struct source_options *options, const struct clock *clock,
                struct source **ret_source, struct error *error);
struct source *source_close(struct source *source); /* NULL */

/* What became of a new version. */
enum source_outcome { SOURCE_TAKEN, SOURCE_UNCHANGED, SOURCE_HELD };

/*
 * A new version lies in `fd`. 0 with the outcome; -EINVAL, -E2BIG, -EIO with a sentence: the last good version stays and state.json
 * says what happened.
 */
int source_take(struct source *source, int fd, const struct source_guard *guard,
                enum source_outcome *ret_outcome, struct error *error);
/* A person lets the held version in, or throws it away. -ENOENT: none is held. */
int source_release(struct source *source, const char *author, struct error *error);
int source_discard(struct source *source, const char *author, struct error *error);

/* Nothing new at the other end (304): it was heard of all the same. */
int source_confirm(struct source *source, struct error *error);
/*
 * What the other end calls the version that was looked at last, "" for nothing known: whoever fetches asks for another than this. Kept with the next
 * source_take() or source_confirm().
 */
const char *source_etag(const struct source *source);
const char *source_modified(const struct source *source);
void source_validators(struct source *source, const char *etag, const char *modified);
/* When it was last heard of; 0: never. */
int64_t source_fetched_ms(const struct source *source);
/* It could not be had; for state.json and the age. */
int source_failed(struct source *source, const struct error *why, struct error *error);

/* The last good version as it lies on disk, until the next source_take() or source_release(). */
const struct rows *source_rows(const struct source *source);
bool source_is_stale(const struct source *source); /* past max_age */

/* All of the last good version into a builder; nothing of a stale one. */
int source_compile(struct source *source, struct set_builder *builder, unsigned number, struct error *error);

/* What this list says, or said, of exactly this name. */
struct source_memory {
        bool present, below;
        int64_t first_ms, last_ms;
        char why[LIST_WHY_SIZE];
};
/* 0, 1 when it never stood there. Binary search in the mapped file: no memory, microseconds. */
int source_recall(struct source *source, const char *text, struct source_memory *ret_memory,
                  struct error *error);

/* New reference: {"name","trust","format","names","fetched","changed","stale","held":{why…}|null,"refused":{…},"shown":[…],"error":…}. */
json_t *source_state(const struct source *source);
