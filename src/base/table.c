/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sip.h"

struct entry {
        struct entry *chain;         /* same bucket */
        struct entry *newer, *older; /* order of use */
        uint64_t hash;
        void *value;
        size_t key_length;
        uint8_t key[];
};

struct table {
        struct entry **buckets;
        size_t mask; /* buckets - 1 */
        size_t cap, count;
        uint64_t evictions;
        uint64_t secret[2];
        struct entry *newest, *oldest;
        void (*free_value)(void *value);
};

struct table *table_new(size_t cap, const struct random *random, void (*free_value)(void *value))
{
        struct table *table;
        size_t buckets = 16;

        if (cap > SIZE_MAX / 2 / sizeof(struct entry *))
                return NULL;
        table = calloc(1, sizeof(*table));
        if (!table)
                return NULL;
        while (buckets < cap)
                buckets *= 2;
        table->buckets = calloc(buckets, sizeof(struct entry *));
        if (!table->buckets) {
                free(table);
                return NULL;
        }
        table->mask = buckets - 1;
        table->cap = cap ? cap : 1;
        table->free_value = free_value;
        random_fill(random, table->secret, sizeof(table->secret));
        return table;
}

static void unlink_order(struct table *table, struct entry *entry)
{
        *(entry->newer ? &entry->newer->older : &table->newest) = entry->older;
        *(entry->older ? &entry->older->newer : &table->oldest) = entry->newer;
        entry->newer = entry->older = NULL;
}

static void make_newest(struct table *table, struct entry *entry)
{
        entry->older = table->newest;
        if (table->newest)
                table->newest->newer = entry;
        else
                table->oldest = entry;
        table->newest = entry;
}

static struct entry **find(const struct table *table, const void *key, size_t key_length, uint64_t hash)
{
        struct entry **slot = &table->buckets[hash & table->mask];

        while (*slot && !((*slot)->hash == hash && (*slot)->key_length == key_length &&
                          (key_length == 0 || !memcmp((*slot)->key, key, key_length))))
                slot = &(*slot)->chain;
        return slot;
}

static void drop(struct table *table, struct entry **slot)
{
        struct entry *entry = *slot;

        *slot = entry->chain;
        unlink_order(table, entry);
        if (table->free_value)
                table->free_value(entry->value);
        free(entry);
        table->count--;
}

struct table *table_free(struct table *table)
{
        if (!table)
                return NULL;
        for (size_t i = 0; i <= table->mask; i++)
                while (table->buckets[i])
                        drop(table, &table->buckets[i]);
        free(table->buckets);
        free(table);
        return NULL;
}

void *table_get(struct table *table, const void *key, size_t key_length)
{
        struct entry *entry = *find(table, key, key_length, sip_hash(table->secret, key, key_length));

        if (!entry)
                return NULL;
        unlink_order(table, entry);
        make_newest(table, entry);
        return entry->value;
}

int table_put(struct table *table, const void *key, size_t key_length, void *value)
{
        uint64_t hash = sip_hash(table->secret, key, key_length);
        struct entry *entry = *find(table, key, key_length, hash);

        if (entry) {
                if (table->free_value && entry->value != value)
                        table->free_value(entry->value);
                entry->value = value;
                unlink_order(table, entry);
                make_newest(table, entry);
                return 0;
        }
        entry = calloc(1, sizeof(*entry) + key_length);
        if (!entry)
                return -ENOMEM;
        if (table->count == table->cap) {
                struct entry *oldest = table->oldest;
                drop(table, find(table, oldest->key, oldest->key_length, oldest->hash));
                table->evictions++;
        }
        entry->hash = hash;
        entry->value = value;
        entry->key_length = key_length;
        if (key_length)
                memcpy(entry->key, key, key_length);
        entry->chain = table->buckets[hash & table->mask];
        table->buckets[hash & table->mask] = entry;
        make_newest(table, entry);
        table->count++;
        return 0;
}

void table_remove(struct table *table, const void *key, size_t key_length)
{
        struct entry **slot = find(table, key, key_length, sip_hash(table->secret, key, key_length));

        if (*slot)
                drop(table, slot);
}

size_t table_count(const struct table *table)
{
        return table->count;
}

uint64_t table_evictions(const struct table *table)
{
        return table->evictions;
}

int table_each(const struct table *table,
               int (*visit)(void *context, const void *key, size_t key_length, void *value), void *context)
{
        for (const struct entry *entry = table->newest; entry; entry = entry->older) {
                int r = visit(context, entry->key, entry->key_length, entry->value);
                if (r)
                        return r;
        }
        return 0;
}
