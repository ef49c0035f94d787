/* SPDX-License-Identifier: EUPL-1.2 */
/* The buckets while a set is built: entries move, and find their way into a table of any other size. */
#include "names/set_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/random.h"

#define SMALL 300
#define WIDE  (1U << 17) /* where less is kept beside each slot */

/* Hash number i: places from end to end, the first and the last included. */
static struct set_hash hash_number(uint64_t i, uint64_t count)
{
        uint64_t place = i + 1 == count ? UINT32_MAX : i * (UINT32_MAX / count);

        return (struct set_hash){.print = (i + 1) * 0x9e3779b97f4a7c15ULL, .place = place << 32};
}

static void fill(struct set_table *table, uint64_t count)
{
        for (uint64_t i = 0; i < count; i++) {
                struct set_hash hash = hash_number(i, count);

                assert_null(set_table_find(table, &hash));
                assert_int_equal(set_table_insert(table, &hash, (unsigned)(i % 2000) + 1), 0);
        }
}

static void check(const struct set_table *table, uint64_t count)
{
        for (uint64_t i = 0; i < count; i++) {
                struct set_hash hash = hash_number(i, count);
                uint64_t *slot = set_table_find(table, &hash);

                assert_non_null(slot);
                assert_int_equal(set_table_class(*slot), i % 2000 + 1);
        }
}

static void check_sizes(uint32_t buckets, uint64_t count, const uint32_t *sizes)
{
        struct set_table table;

        assert_int_equal(set_table_make(buckets, &table), 0);
        fill(&table, count);
        check(&table, count);
        for (; *sizes; sizes++) {
                assert_int_equal(set_table_resize(&table, *sizes), 0);
                assert_true(table.buckets >= *sizes);
                check(&table, count);
        }
        set_table_release(&table);
}

static void test_small_tables_of_every_size(void **state)
{
        check_sizes(SMALL, 2000, (const uint32_t[]){264, 299, 1000, 263, 65536, 264, 0});
        check_sizes(2, 10, (const uint32_t[]){3, 2, 5, 0});
}

static void test_large_tables_and_back(void **state)
{
        check_sizes(SMALL, 2000,
                    (const uint32_t[]){WIDE - 1, WIDE, 2 * WIDE + 12345, WIDE + 1, WIDE - 1, 264, 0});
        check_sizes(WIDE, 2000, (const uint32_t[]){3 * WIDE + 7, 264, WIDE, 0});
}

static void test_a_table_that_is_too_small_grows_by_itself(void **state)
{
        struct set_table table;

        assert_int_equal(set_table_make(2, &table), 0);
        fill(&table, 5000);
        check(&table, 5000);
        assert_true(table.buckets >= 5000 / SET_SLOTS);
        set_table_release(&table);
}

static void test_a_class_is_exchanged_in_its_place(void **state)
{
        uint64_t slot = 0xabcdefULL << SET_PRINT_SHIFT | 5 << SET_CLASS_SHIFT | 1;

        set_table_set_class(&slot, SET_IMAGE_CLASSES - 1);
        assert_int_equal(set_table_class(slot), SET_IMAGE_CLASSES - 1);
        assert_true(slot >> SET_PRINT_SHIFT == 0xabcdef);
        assert_int_equal(slot & 1, 1);
}

/* After settling: the hints and the sieve know every entry, and little else. */
static void test_what_is_not_in_it_is_mostly_held_back(void **state)
{
        enum { COUNT = 20000 };
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 1);
        static struct set_hash hashes[2 * COUNT]; /* the first half is put in */
        struct set_table table;
        unsigned passed = 0, hinted = 0;

        random_fill(&random, hashes, sizeof(hashes));
        assert_int_equal(set_table_make(set_table_buckets(COUNT), &table), 0);
        for (unsigned i = 0; i < COUNT; i++)
                assert_int_equal(set_table_insert(&table, &hashes[i], 1), 0);
        set_table_settle(&table);
        for (unsigned i = 0; i < 2 * COUNT; i++) {
                uint64_t print = set_print(&hashes[i]), bits = set_sieve_bits(print);
                uint32_t first = set_first(&hashes[i], table.buckets);
                const struct set_bucket *sieve = table.image->buckets + table.buckets + set_sieve_line(first);
                bool passes = (sieve->slots[set_sieve_slot(first)] & bits) == bits;

                assert_int_equal(set_table_find(&table, &hashes[i]) != NULL, i < COUNT);
                if (i < COUNT)
                        assert_true(passes);
                passed += i >= COUNT && passes;
                hinted += i >= COUNT && set_hinted(&table.image->buckets[first], print);
        }
        assert_in_range(passed, COUNT / 20, COUNT / 5);
        assert_in_range(hinted, 1, COUNT / 5);
        set_table_release(&table);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_small_tables_of_every_size),
                cmocka_unit_test(test_large_tables_and_back),
                cmocka_unit_test(test_a_table_that_is_too_small_grows_by_itself),
                cmocka_unit_test(test_a_class_is_exchanged_in_its_place),
                cmocka_unit_test(test_what_is_not_in_it_is_mostly_held_back),
        };

        return cmocka_run_group_tests_name("set_table", tests, NULL, NULL);
}
