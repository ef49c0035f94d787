/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/near_index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint64_t stir(uint64_t hash, char c)
{
        return (hash ^ (unsigned char)c) * UINT64_C(0x100000001b3); /* FNV-1a */
}

/* FNV's low bits are its good ones; buckets and tags need all. */
static uint64_t settle(uint64_t hash)
{
        hash ^= hash >> 32;
        hash *= UINT64_C(0xd6e8feb86659fd93);
        return hash ^ (hash >> 32);
}

uint64_t near_hash(uint64_t salt, const char *text, size_t length)
{
        return near_hash_without(salt, text, length, length);
}

uint64_t near_hash_without(uint64_t salt, const char *text, size_t length, size_t skip)
{
        uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (salt * UINT64_C(0x9e3779b97f4a7c15));

        for (size_t i = 0; i < length; i++)
                if (i != skip)
                        hash = stir(hash, text[i]);
        return settle(hash);
}

int near_index_add(struct near_index *index, uint64_t hash, uint32_t number)
{
        if (index->count == index->size) {
                size_t size = index->size ? index->size * 2 : 1024;
                struct near_filed *filed = reallocarray(index->filed, size, sizeof(*filed));

                if (!filed)
                        return -ENOMEM;
                index->filed = filed;
                index->size = size;
        }
        index->filed[index->count++] = (struct near_filed){(uint32_t)hash, number};
        return 0;
}

static size_t bucket_of(const struct near_index *index, uint32_t hash)
{
        return hash >> (32 - index->bits);
}

/* Counting sort: stable, so that importance keeps its order. */
int near_index_finish(struct near_index *index)
{
        struct near_filed *sorted;
        size_t buckets;

        for (index->bits = 8; (UINT64_C(1) << index->bits) < index->count && index->bits < 24; index->bits++)
                ;
        buckets = (size_t)1 << index->bits;
        index->starts = calloc(buckets + 2, sizeof(*index->starts));
        sorted = calloc(index->count + 1, sizeof(*sorted));
        if (!index->starts || !sorted) {
                free(sorted);
                return -ENOMEM;
        }
        for (size_t i = 0; i < index->count; i++)
                index->starts[bucket_of(index, index->filed[i].hash) + 2]++;
        for (size_t i = 2; i < buckets + 2; i++)
                index->starts[i] += index->starts[i - 1];
        for (size_t i = 0; i < index->count; i++)
                sorted[index->starts[bucket_of(index, index->filed[i].hash) + 1]++] = index->filed[i];
        free(index->filed);
        index->filed = sorted;
        index->size = index->count + 1;
        return 0;
}

void near_index_release(struct near_index *index)
{
        free(index->filed);
        free(index->starts);
        *index = (struct near_index){0};
}

size_t near_index_find(const struct near_index *index, uint64_t hash, uint32_t *numbers, size_t count,
                       size_t most)
{
        size_t bucket = bucket_of(index, (uint32_t)hash);

        for (uint32_t i = index->starts[bucket]; i < index->starts[bucket + 1] && count < most; i++)
                if (index->filed[i].hash == (uint32_t)hash)
                        numbers[count++] = index->filed[i].number;
        return count;
}
