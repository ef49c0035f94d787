/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/kinds.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sip.h"

#define FIRST_BUCKETS 64

void kinds_init(struct kinds *kinds, const struct random *random)
{
        *kinds = (struct kinds){0};
        random_fill(random, kinds->secret, sizeof(kinds->secret));
}

void kinds_release(struct kinds *kinds)
{
        free(kinds->newest);
        free(kinds->older);
        kinds->newest = kinds->older = NULL;
        kinds->mask = 0;
}

static uint32_t *bucket_of(const struct kinds *kinds, const char *kind, bool open)
{
        uint64_t hash = sip_hash(kinds->secret, kind, strlen(kind)) + open;

        return &kinds->newest[hash & kinds->mask];
}

static void push(struct kinds *kinds, const struct casebook_brief *briefs, size_t index)
{
        uint32_t *bucket = bucket_of(kinds, briefs[index].kind, briefs[index].open);

        kinds->older[index] = *bucket;
        *bucket = (uint32_t)index;
}

/* As many buckets as briefs, at least; nothing is in them yet. */
static int make_room(struct kinds *kinds, size_t count)
{
        size_t buckets = FIRST_BUCKETS;
        uint32_t *newest, *older;

        while (buckets < count)
                buckets *= 2;
        newest = realloc(kinds->newest, buckets * sizeof(*newest));
        if (newest)
                kinds->newest = newest;
        older = realloc(kinds->older, buckets * sizeof(*older));
        if (older)
                kinds->older = older;
        if (!newest || !older)
                return -ENOMEM;
        kinds->mask = buckets - 1;
        for (size_t i = 0; i < buckets; i++)
                newest[i] = CASEBOOK_NONE;
        return 0;
}

int kinds_renew(struct kinds *kinds, const struct casebook_brief *briefs, size_t count)
{
        int r = make_room(kinds, count);

        for (size_t i = 0; !r && i < count; i++)
                push(kinds, briefs, i);
        return r;
}

int kinds_add_last(struct kinds *kinds, const struct casebook_brief *briefs, size_t count)
{
        if (!kinds->newest || count > kinds->mask + 1)
                return kinds_renew(kinds, briefs, count);
        push(kinds, briefs, count - 1);
        return 0;
}

/* Where in its chain this index stands, or would: a chain goes from the newest to the oldest. */
static uint32_t *place_in(const struct kinds *kinds, uint32_t *bucket, size_t index)
{
        while (*bucket != CASEBOOK_NONE && *bucket > index)
                bucket = &kinds->older[*bucket];
        return bucket;
}

void kinds_move(struct kinds *kinds, const struct casebook_brief *briefs, size_t index, bool was_open)
{
        const struct casebook_brief *brief = &briefs[index];
        uint32_t *place = place_in(kinds, bucket_of(kinds, brief->kind, was_open), index);

        *place = kinds->older[index];
        place = place_in(kinds, bucket_of(kinds, brief->kind, brief->open), index);
        kinds->older[index] = *place;
        *place = (uint32_t)index;
}

/* A bucket may hold others too. */
static uint32_t skip_others(const struct kinds *kinds, const struct casebook_brief *briefs, uint32_t index,
                            const char *kind, bool open)
{
        while (index != CASEBOOK_NONE && (briefs[index].open != open || strcmp(briefs[index].kind, kind)))
                index = kinds->older[index];
        return index;
}

uint32_t kinds_newest(const struct kinds *kinds, const struct casebook_brief *briefs, const char *kind,
                      bool open)
{
        return kinds->newest ? skip_others(kinds, briefs, *bucket_of(kinds, kind, open), kind, open)
                             : CASEBOOK_NONE;
}

uint32_t kinds_older(const struct kinds *kinds, const struct casebook_brief *briefs, uint32_t index)
{
        return skip_others(kinds, briefs, kinds->older[index], briefs[index].kind, briefs[index].open);
}
