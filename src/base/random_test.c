/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

/* From the state 1, 2, 3, 4 the first output is rotl(2 * 5, 7) * 9 = 11520, and so on. */
static void test_xoshiro_is_xoshiro(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 0);

        memcpy(seeded.state, (const uint64_t[]){1, 2, 3, 4}, sizeof(seeded.state));
        assert_int_equal(random_u64(&random), 11520);
        assert_int_equal(random_u64(&random), 0);
        assert_int_equal(random_u64(&random), 1509978240);
        assert_int_equal(random_u64(&random), 1215971899390074240);
}

/* splitmix64 from 0 begins with 0xe220a8397b1dcdaf (its authors' test value). */
static void test_seeding_is_splitmix(void **state)
{
        struct random_seeded seeded;

        random_seeded_view(&seeded, 0);
        assert_int_equal(seeded.state[0], 0xe220a8397b1dcdaf);
}

static void test_one_seed_one_sequence(void **state)
{
        struct random_seeded one_state, other_state, third_state;
        struct random one = random_seeded_view(&one_state, 42);
        struct random other = random_seeded_view(&other_state, 42);
        struct random third = random_seeded_view(&third_state, 43);
        uint64_t last = 0;

        for (int i = 0; i < 100; i++) {
                last = random_u64(&one);
                assert_int_equal(last, random_u64(&other));
        }
        assert_int_not_equal(last, random_u64(&third));
}

static void check_fill(const struct random *random, size_t length)
{
        uint8_t bytes[64];
        uint8_t ever_set = 0;

        memset(bytes, 0, sizeof(bytes));
        for (int i = 0; i < 64; i++) {
                random_fill(random, bytes, length);
                ever_set |= length ? bytes[length - 1] : 0;
        }
        for (size_t i = length; i < sizeof(bytes); i++)
                assert_int_equal(bytes[i], 0);
        assert_true(length == 0 || ever_set != 0);
}

static void test_fill_fills_all_and_no_more(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 7);

        for (size_t length = 0; length <= 33; length++) {
                check_fill(&random, length);
                check_fill(&random_system, length);
        }
}

static void test_the_systems_differs_each_time(void **state)
{
        assert_int_not_equal(random_u64(&random_system), random_u64(&random_system));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_xoshiro_is_xoshiro),
                cmocka_unit_test(test_seeding_is_splitmix),
                cmocka_unit_test(test_one_seed_one_sequence),
                cmocka_unit_test(test_fill_fills_all_and_no_more),
                cmocka_unit_test(test_the_systems_differs_each_time),
        };

        return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
