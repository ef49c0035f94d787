/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * judge: what is to be thought of a name: block, suspect, watch or clean, and why. Lists first (allowlists win), then what is
 * protected, then what it looks like, then its theme. Judging is pure; judge_open() alone reads files.
 *
 * Without a list nothing is blocked but what puts a protected name where a reader takes it for the real one: JUDGE_BLOCK and
 * above. A theme alone is watched: most themed names are harmless.
 */
#pragma once

#include <stddef.h>

#include "domains/lookalike.h"
#include "names/set.h"

#define JUDGE_BLOCK   0.95
#define JUDGE_SUSPECT 0.70

#define VERDICTS(X)              X(CLEAN, "clean") X(WATCH, "watch") X(SUSPECT, "suspect") X(BLOCK, "block")
#define VERDICT_ENUM(name, word) VERDICT_##name,
enum verdict_level { VERDICTS(VERDICT_ENUM) VERDICT_COUNT };

/* The compiled lists, however they are held. `find` as set_find(); `source` as set_source(). */
struct judge_lists {
        bool (*find)(void *context, const char *text, size_t length, struct set_hit *ret_hit);
        const char *(*source)(void *context, unsigned number);
        void *context;
};

struct verdict {
        enum verdict_level level;
        bool is_lookalike; /* `lookalike` is set */
        struct lookalike lookalike;
        bool is_listed; /* `hit` is set */
        struct set_hit hit;
        const char *protected_name; /* it is this protected name, or below it; NULL */
        char why_fr[LOOKALIKE_SENTENCE_SIZE];
        char why_en[LOOKALIKE_SENTENCE_SIZE];
};

struct judge_files {
        const char *brands, *themes, *suffixes; /* folders; NULL: those of data/ */
        const char *public_suffixes;            /* NULL: the system's */
        const char *public_list;                /* names of public bodies, a name a line; NULL: none */
        const char *const *own;                 /* own names */
        size_t own_count;
};

struct judge;

/* -ENOENT, -EINVAL, -ENOMEM, -EFBIG: which file, which line. */
int judge_open(const struct judge_files *files, struct judge **ret_judge, struct error *error);
struct judge *judge_close(struct judge *judge); /* NULL */

/* `lists` may be NULL. Any number of threads. */
void judge_name(const struct judge *judge, const struct judge_lists *lists, const struct name *name,
                struct verdict *ret_verdict);
/* Without sentences and lists: for those who judge everything they see, and say little about it. */
enum verdict_level judge_level(const struct judge *judge, const struct name *name,
                               struct lookalike *ret_lookalike);
/* As if whoever the name belongs to were in no list, for measuring false alarms; a lookalike or false. */
bool judge_as_if_absent(const struct judge *judge, const struct name *name, struct lookalike *ret_lookalike);
enum verdict_level verdict_level_of(const struct lookalike *lookalike);

const char *verdict_word(enum verdict_level level);
const struct protected *judge_protected(const struct judge *judge);
