/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static size_t freed;

static void count_free(void *value)
{
        freed++;
        free(value);
}

static int begin(void **state)
{
        freed = 0;
        return 0;
}

static struct random seeded_random(void)
{
        static struct random_seeded seeded;

        return random_seeded_view(&seeded, 1);
}

static struct table *new_table(size_t cap)
{
        struct random random = seeded_random();
        struct table *table = table_new(cap, &random, count_free);

        assert_non_null(table);
        return table;
}

static void put_number(struct table *table, uint32_t key, uint32_t number)
{
        uint32_t *value = malloc(sizeof(*value));

        assert_non_null(value);
        *value = number;
        assert_int_equal(table_put(table, &key, sizeof(key), value), 0);
}

static uint32_t *get_number(struct table *table, uint32_t key)
{
        return table_get(table, &key, sizeof(key));
}

static void test_put_get_remove(void **state)
{
        struct table *table = new_table(10);
        uint32_t key = 1;

        put_number(table, 1, 100);
        put_number(table, 2, 200);
        assert_int_equal(*get_number(table, 1), 100);
        assert_int_equal(*get_number(table, 2), 200);
        assert_null(get_number(table, 3));
        table_remove(table, &key, sizeof(key));
        table_remove(table, &key, sizeof(key));
        assert_null(get_number(table, 1));
        assert_int_equal(table_count(table), 1);
        assert_int_equal(freed, 1);
        assert_null(table_free(table));
        assert_int_equal(freed, 2);
}

static void test_replacing_frees_the_old_value(void **state)
{
        struct table *table = new_table(10);
        uint32_t key = 1;

        put_number(table, 1, 100);
        put_number(table, 1, 101);
        assert_int_equal(*get_number(table, 1), 101);
        assert_int_equal(table_count(table), 1);
        assert_int_equal(freed, 1);
        assert_int_equal(table_put(table, &key, sizeof(key), get_number(table, 1)), 0);
        assert_int_equal(freed, 1);
        table_free(table);
}

static void test_the_least_recently_used_goes_first(void **state)
{
        struct table *table = new_table(3);

        put_number(table, 1, 1);
        put_number(table, 2, 2);
        put_number(table, 3, 3);
        get_number(table, 1);
        put_number(table, 2, 22);
        put_number(table, 4, 4);
        assert_null(get_number(table, 3));
        assert_non_null(get_number(table, 1));
        assert_non_null(get_number(table, 2));
        assert_int_equal(table_evictions(table), 1);
        assert_int_equal(table_count(table), 3);
        table_free(table);
}

static void test_a_stranger_cannot_grow_it(void **state)
{
        struct table *table = new_table(100);

        for (uint32_t key = 0; key < 10000; key++)
                put_number(table, key, key);
        assert_int_equal(table_count(table), 100);
        assert_int_equal(table_evictions(table), 9900);
        assert_int_equal(freed, 9900);
        for (uint32_t key = 0; key < 10000; key++)
                assert_int_equal(get_number(table, key) != NULL, key >= 9900);
        table_free(table);
        assert_int_equal(freed, 10000);
}

static void test_one_entry_is_enough(void **state)
{
        struct table *table = new_table(0);

        put_number(table, 1, 1);
        put_number(table, 2, 2);
        assert_int_equal(table_count(table), 1);
        assert_int_equal(*get_number(table, 2), 2);
        table_free(table);
}

static void test_no_memory_for_such_a_cap(void **state)
{
        struct random random = seeded_random();

        assert_null(table_new(SIZE_MAX, &random, NULL));
}

static void test_keys_are_bytes_of_any_length(void **state)
{
        struct random random = seeded_random();
        struct table *table = table_new(600, &random, NULL);
        static uint8_t keys[300];

        for (size_t i = 0; i < sizeof(keys); i++)
                assert_int_equal(table_put(table, keys, i, &keys[i]), 0);
        assert_int_equal(table_count(table), sizeof(keys));
        for (size_t i = 0; i < sizeof(keys); i++)
                assert_ptr_equal(table_get(table, keys, i), &keys[i]);
        table_free(table);
}

struct walk {
        uint32_t seen[8];
        size_t count;
        size_t stop_after;
};

static int note_value(void *context, const void *key, size_t key_length, void *value)
{
        struct walk *walk = context;

        assert_int_equal(key_length, sizeof(uint32_t));
        walk->seen[walk->count++] = *(uint32_t *)value;
        return walk->count == walk->stop_after ? 7 : 0;
}

static void test_walk_from_the_newest(void **state)
{
        struct table *table = new_table(8);
        struct walk all = {0};
        struct walk two = {.stop_after = 2};

        for (uint32_t key = 1; key <= 4; key++)
                put_number(table, key, key);
        get_number(table, 2);
        assert_int_equal(table_each(table, note_value, &all), 0);
        assert_int_equal(all.count, 4);
        assert_memory_equal(all.seen, ((uint32_t[]){2, 4, 3, 1}), 4 * sizeof(uint32_t));
        assert_int_equal(table_each(table, note_value, &two), 7);
        assert_int_equal(two.count, 2);
        table_free(table);
}

static void test_freeing_nothing_is_fine(void **state)
{
        assert_null(table_free(NULL));
}

#define COUNTED(test) cmocka_unit_test_setup(test, begin)

int main(void)
{
        const struct CMUnitTest tests[] = {
                COUNTED(test_put_get_remove),
                COUNTED(test_replacing_frees_the_old_value),
                COUNTED(test_the_least_recently_used_goes_first),
                COUNTED(test_a_stranger_cannot_grow_it),
                COUNTED(test_one_entry_is_enough),
                COUNTED(test_no_memory_for_such_a_cap),
                COUNTED(test_keys_are_bytes_of_any_length),
                COUNTED(test_walk_from_the_newest),
                COUNTED(test_freeing_nothing_is_fine),
        };

        return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
