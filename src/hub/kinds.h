/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * kinds: of each kind of incident the open ones and the closed ones, newest first, so that a finding finds those it may belong to
 * without going through ten thousand others. Chains of indexes into the casebook's briefs, which the caller lends to each call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "hub/casebook.h"

struct kinds {
        uint64_t secret[2];
        uint32_t *newest; /* of each bucket; CASEBOOK_NONE when empty */
        size_t mask;      /* buckets - 1 */
        uint32_t *older;  /* of each brief: the one before it in its bucket */
};

void kinds_init(struct kinds *kinds, const struct random *random);
void kinds_release(struct kinds *kinds);

/* After a brief was put at the end, or one of them was opened or closed (`was_open` before). -ENOMEM. */
int kinds_add_last(struct kinds *kinds, const struct casebook_brief *briefs, size_t count);
void kinds_move(struct kinds *kinds, const struct casebook_brief *briefs, size_t index, bool was_open);
/* After one was put elsewhere: all of them anew. -ENOMEM. */
int kinds_renew(struct kinds *kinds, const struct casebook_brief *briefs, size_t count);

/* The newest of its kind and state, and the next older; CASEBOOK_NONE when there is none. */
uint32_t kinds_newest(const struct kinds *kinds, const struct casebook_brief *briefs, const char *kind,
                      bool open);
uint32_t kinds_older(const struct kinds *kinds, const struct casebook_brief *briefs, uint32_t index);
