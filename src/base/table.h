/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A table a stranger may fill: a hard cap, least-recently-used eviction, and a count of evictions.
 * Keys are byte strings, hashed with a secret (SipHash-2-4, Aumasson and Bernstein 2012), so nobody
 * outside can choose collisions. Values are pointers owned by the table and freed by `free_value`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

struct table;

/* NULL when out of memory. `free_value` may be NULL. `cap` entries at most, at least 1. */
struct table *table_new(size_t cap, const struct random *random, void (*free_value)(void *value));
struct table *table_free(struct table *table); /* NULL */

/* The value, made the most recently used; NULL when absent. */
void *table_get(struct table *table, const void *key, size_t key_length);

/* Sets or replaces; evicts the least recently used when full. 0, or -ENOMEM (`value` stays the caller's). */
int table_put(struct table *table, const void *key, size_t key_length, void *value);

/* Removes and frees; no effect when absent. */
void table_remove(struct table *table, const void *key, size_t key_length);

size_t table_count(const struct table *table);
uint64_t table_evictions(const struct table *table);

/* From the most to the least recently used; the visitor must not change the table. Stops at non-zero, returns
 * it. */
int table_each(const struct table *table,
               int (*visit)(void *context, const void *key, size_t key_length, void *value), void *context);
