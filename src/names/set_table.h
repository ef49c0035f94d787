/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * set_table: the buckets of a set that is being built, in the very image that will be written. Beside them stands, for each slot, what the
 * image has no room for: whether the entry lies in its second bucket, and what its hash lost when it became the number of a
 * bucket. With that an entry moves, and the table is made anew in another size, without the names: 2 octets a slot. For set_build.c.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "names/set_image.h"

struct set_table {
        struct set_image *image;
        size_t length;
        uint32_t buckets;
        uint16_t *rest; /* a slot each: SET_TABLE_AWAY and 15 bits of the hash */
        uint16_t *
                finer; /* the 16 bits behind these; NULL in large tables, whose buckets' numbers have lost less */
        uint64_t dice; /* which entry has to give way: any will do, so it needs no secret */
};

/* How many it takes for so many names. */
uint32_t set_table_buckets(uint64_t names);

/* All empty; -ENOMEM. */
int set_table_make(uint32_t buckets, struct set_table *ret_table);
void set_table_release(struct set_table *table);

/* Sends for what set_table_find() and set_table_insert() will look at first. */
void set_table_prefetch(const struct set_table *table, const struct set_hash *hash);
/* The slot where this hash lies, NULL when nowhere. */
uint64_t *set_table_find(const struct set_table *table, const struct set_hash *hash);
unsigned set_table_class(uint64_t slot);
void set_table_set_class(uint64_t *slot, unsigned class);

/* A hash that is not in it. When no room can be made for it the table is made anew, larger. -ENOMEM: what was in it is lost. */
int set_table_insert(struct set_table *table, const struct set_hash *hash, unsigned class);

/* The same entries in about so many buckets, a few more when they would not go in. -ENOMEM changes nothing. Head and classes stay behind. */
int set_table_resize(struct set_table *table, uint32_t buckets);

/* Last of all: the hints and the sieve, which say exactly what is there. */
void set_table_settle(struct set_table *table);
