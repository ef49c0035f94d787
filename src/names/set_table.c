/* SPDX-License-Identifier: EUPL-1.2 */
#include "names/set_table.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

/* At 95 three names in ten lie in their second bucket, at 88 fewer than two, at 80 one. */
#define LOAD_PERCENT   88
#define KICKS_MAX      1000
#define SET_TABLE_AWAY 0x8000U
#define HINT           1ULL
#define WIDE           (1u << 17) /* buckets from which on their numbers lose 15 bits and not more */
#define HUGE_FROM      (8UL << 20)
#define FULL           1 /* positive: no room could be made */

/* An entry that lies nowhere just now. */
struct entry {
        uint64_t slot; /* fingerprint and class */
        uint16_t rest, finer;
        uint32_t bucket; /* where it is to go */
        bool away;       /* which is its second one */
};

uint32_t set_table_buckets(uint64_t names)
{
        uint64_t buckets = (names * 100 + LOAD_PERCENT * SET_SLOTS - 1) / (LOAD_PERCENT * SET_SLOTS);

        return buckets < 2 ? 2 : (uint32_t)buckets;
}

/* ---- memory ---- */

static void *reserve(size_t length)
{
        void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (memory == MAP_FAILED)
                return NULL;
        /* Names go everywhere at once: with small pages a large table costs a second miss for each, that of the page. */
        if (length >= HUGE_FROM)
                madvise(memory, length, MADV_HUGEPAGE);
        return memory;
}

static size_t slots_of(uint32_t buckets)
{
        return (size_t)buckets * SET_SLOTS;
}

void set_table_release(struct set_table *table)
{
        size_t beside = slots_of(table->buckets) * sizeof(uint16_t);

        if (table->image)
                munmap(table->image, table->length);
        if (table->rest)
                munmap(table->rest, beside);
        if (table->finer)
                munmap(table->finer, beside);
        *table = (struct set_table){0};
}

int set_table_make(uint32_t buckets, struct set_table *ret_table)
{
        size_t beside = slots_of(buckets) * sizeof(uint16_t);
        struct set_table table = {
                .buckets = buckets, .length = set_image_length(buckets), .dice = 0x9e3779b97f4a7c15ULL};

        table.image = reserve(table.length);
        table.rest = reserve(beside);
        table.finer = buckets < WIDE ? reserve(beside) : NULL;
        if (!table.image || !table.rest || (buckets < WIDE && !table.finer)) {
                set_table_release(&table);
                return -ENOMEM;
        }
        *ret_table = table;
        return 0;
}

/* ---- slots ---- */

static uint64_t print_of(uint64_t slot)
{
        return slot >> SET_PRINT_SHIFT << SET_PRINT_SHIFT;
}

unsigned set_table_class(uint64_t slot)
{
        return slot >> SET_CLASS_SHIFT & (SET_IMAGE_CLASSES - 1);
}

void set_table_set_class(uint64_t *slot, unsigned class)
{
        *slot = print_of(*slot) | (uint64_t) class << SET_CLASS_SHIFT | (*slot & HINT);
}

static uint32_t other_of(const struct set_table *table, uint64_t slot, uint32_t bucket)
{
        return set_other(print_of(slot), bucket, table->buckets);
}

/* The first empty slot, SET_SLOTS when there is none. */
static unsigned vacancy(const struct set_table *table, uint32_t bucket)
{
        unsigned i = 0;

        while (i < SET_SLOTS && (table->image->buckets[bucket].slots[i] & ~HINT))
                i++;
        return i;
}

static void hint(struct set_table *table, uint32_t first, uint64_t slot)
{
        table->image->buckets[first].slots[slot >> SET_PRINT_SHIFT & (SET_SLOTS - 1)] |= HINT;
}

static void put(struct set_table *table, const struct entry *entry, unsigned i)
{
        uint64_t *slot = &table->image->buckets[entry->bucket].slots[i];
        size_t at = slots_of(entry->bucket) + i;

        *slot = entry->slot | (*slot & HINT);
        table->rest[at] = (uint16_t)(entry->rest | (entry->away ? SET_TABLE_AWAY : 0));
        if (table->finer)
                table->finer[at] = entry->finer;
        if (entry->away)
                hint(table, other_of(table, entry->slot, entry->bucket), entry->slot);
}

/* Out of its slot, on its way to its other bucket. */
static struct entry take(struct set_table *table, uint32_t bucket, unsigned i)
{
        uint64_t *slot = &table->image->buckets[bucket].slots[i];
        size_t at = slots_of(bucket) + i;
        struct entry entry = {.slot = *slot & ~HINT,
                              .rest = table->rest[at] & (SET_TABLE_AWAY - 1),
                              .finer = table->finer ? table->finer[at] : 0,
                              .bucket = other_of(table, *slot, bucket),
                              .away = !(table->rest[at] & SET_TABLE_AWAY)};

        *slot &= HINT;
        return entry;
}

/* ---- hashes to entries and back ---- */

/* A bucket's number is place * buckets >> 32; what is shifted out goes beside the slot. */
static struct entry entry_of(const struct set_table *table, uint32_t place, uint64_t slot)
{
        uint64_t product = (uint64_t)place * table->buckets;

        return (struct entry){.slot = slot,
                              .rest = (uint16_t)((uint32_t)product >> 17),
                              .finer = (uint16_t)((uint32_t)product >> 1),
                              .bucket = (uint32_t)(product >> 32)};
}

/* The only place whose product begins with these bits: neighbours differ by `buckets`, and fewer values than that are open. */
static uint32_t place_of(const struct set_table *table, const struct entry *entry)
{
        uint32_t first = entry->away ? other_of(table, entry->slot, entry->bucket) : entry->bucket;
        uint64_t product = (uint64_t)first << 32 | (uint64_t)entry->rest << 17 | (uint64_t)entry->finer << 1;

        return (uint32_t)((product + table->buckets - 1) / table->buckets);
}

/* ---- looking and inserting ---- */

static uint64_t *find_in(const struct set_table *table, uint32_t bucket, uint64_t print)
{
        uint64_t *slots = table->image->buckets[bucket].slots;

        for (unsigned i = 0; i < SET_SLOTS; i++)
                if (print_of(slots[i]) == print)
                        return &slots[i];
        return NULL;
}

void set_table_prefetch(const struct set_table *table, const struct set_hash *hash)
{
        uint32_t first = set_first(hash, table->buckets);

        __builtin_prefetch(&table->image->buckets[first], 1);
        __builtin_prefetch(&table->rest[slots_of(first)], 1);
}

uint64_t *set_table_find(const struct set_table *table, const struct set_hash *hash)
{
        uint64_t print = set_print(hash);
        uint32_t first = set_first(hash, table->buckets);
        uint64_t *slot = find_in(table, first, print);

        if (slot || !set_hinted(&table->image->buckets[first], print))
                return slot;
        return find_in(table, set_other(print, first, table->buckets), print);
}

static uint64_t throw(struct set_table * table)
{
        table->dice ^= table->dice << 13;
        table->dice ^= table->dice >> 7;
        table->dice ^= table->dice << 17;
        return table->dice;
}

/* Where there is room, or nothing. */
static bool settle_down(struct set_table *table, const struct entry *entry)
{
        unsigned i = vacancy(table, entry->bucket);

        if (i == SET_SLOTS)
                return false;
        put(table, entry, i);
        return true;
}

static void turn(const struct set_table *table, struct entry *entry)
{
        entry->bucket = other_of(table, entry->slot, entry->bucket);
        entry->away = !entry->away;
}

/* FULL: *entry is then one that has lost its place, not always the one that came. */
static int place_entry(struct set_table *table, struct entry *entry)
{
        if (settle_down(table, entry))
                return 0;
        turn(table, entry);
        for (unsigned kicks = 0; kicks < KICKS_MAX; kicks++) {
                struct entry victim;
                unsigned i;

                if (settle_down(table, entry))
                        return 0;
                i = throw(table) >> 32 & (SET_SLOTS - 1);
                victim = take(table, entry->bucket, i);
                put(table, entry, i);
                *entry = victim;
        }
        if (settle_down(table, entry))
                return 0;
        return FULL;
}

/* ---- another size ---- */

static int move_all(struct set_table *from, struct set_table *to)
{
        for (uint32_t bucket = 0; bucket < from->buckets; bucket++) {
                for (unsigned i = 0; i < SET_SLOTS; i++) {
                        struct entry entry;
                        size_t at = slots_of(bucket) + i;
                        uint64_t slot = from->image->buckets[bucket].slots[i] & ~HINT;

                        if (!slot)
                                continue;
                        entry = (struct entry){.slot = slot,
                                               .rest = from->rest[at] & (SET_TABLE_AWAY - 1),
                                               .finer = from->finer ? from->finer[at] : 0,
                                               .bucket = bucket,
                                               .away = from->rest[at] & SET_TABLE_AWAY};
                        entry = entry_of(to, place_of(from, &entry), slot);
                        if (place_entry(to, &entry))
                                return FULL;
                }
        }
        return 0;
}

/* `extra` has no place in the table yet; NULL when there is none. */
static int resize_with(struct set_table *table, uint32_t buckets, const struct entry *extra)
{
        for (;; buckets += buckets / 50 + 1) {
                struct set_table to;
                struct entry entry;
                int r = set_table_make(buckets, &to);

                if (r)
                        return r;
                r = move_all(table, &to);
                if (!r && extra) {
                        entry = entry_of(&to, place_of(table, extra), extra->slot);
                        r = place_entry(&to, &entry);
                }
                if (!r) {
                        set_table_release(table);
                        *table = to;
                        return 0;
                }
                set_table_release(&to);
        }
}

int set_table_resize(struct set_table *table, uint32_t buckets)
{
        return resize_with(table, buckets, NULL);
}

int set_table_insert(struct set_table *table, const struct set_hash *hash, unsigned class)
{
        struct entry entry = entry_of(table, (uint32_t)(hash->place >> 32),
                                      set_print(hash) | (uint64_t) class << SET_CLASS_SHIFT);

        if (!place_entry(table, &entry))
                return 0;
        return resize_with(table, table->buckets + table->buckets / 2 + 1, &entry);
}

/* ---- the end ---- */

static bool is_away(const struct set_table *table, uint32_t bucket, unsigned i)
{
        return (table->image->buckets[bucket].slots[i] & ~HINT) &&
               (table->rest[slots_of(bucket) + i] & SET_TABLE_AWAY);
}

/* What its first bucket and the sieve have to say of an entry. */
static void announce(struct set_table *table, uint32_t bucket, unsigned i)
{
        struct set_bucket *buckets = table->image->buckets, *sieve = buckets + table->buckets;
        uint64_t slot = buckets[bucket].slots[i];

        if (is_away(table, bucket, i)) {
                bucket = other_of(table, slot, bucket);
                hint(table, bucket, slot);
        }
        sieve[set_sieve_line(bucket)].slots[set_sieve_slot(bucket)] |= set_sieve_bits(slot);
}

void set_table_settle(struct set_table *table)
{
        struct set_bucket *buckets = table->image->buckets;

        for (uint32_t bucket = 0; bucket < table->buckets; bucket++)
                for (unsigned i = 0; i < SET_SLOTS; i++)
                        buckets[bucket].slots[i] &= ~HINT;
        memset(buckets + table->buckets, 0, set_sieve_lines(table->buckets) * sizeof(*buckets));
        for (uint32_t bucket = 0; bucket < table->buckets; bucket++)
                for (unsigned i = 0; i < SET_SLOTS; i++)
                        if (buckets[bucket].slots[i] & ~HINT)
                                announce(table, bucket, i);
}
