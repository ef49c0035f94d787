/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "drill/effect.h"

#define BINS 600

struct series {
        uint32_t sent[BINS], passed[BINS];
};

/* 1000 packets a bin from `first` to `end`; all come through until `drop`, then `leak` of them. */
static struct series attack(uint32_t first, uint32_t drop, uint32_t end, uint32_t leak)
{
        struct series series = {0};

        for (uint32_t i = first; i < end; i++) {
                series.sent[i] = 1000;
                series.passed[i] = i < drop ? 1000 : leak;
        }
        return series;
}

static struct effect judge(const struct series *series)
{
        return effect_judge(series->sent, series->passed, BINS);
}

static void test_dropped_after_a_while(void **state)
{
        struct series series = attack(100, 125, 500, 10);
        struct effect effect = judge(&series);

        assert_int_equal(effect.effective_ms, 250);
        assert_true(effect.dropped > 0.9899 && effect.dropped < 0.9901);
        assert_true(effect.dropped_all < effect.dropped);
        assert_int_equal(effect.sent, 400000);
        assert_int_equal(effect.peak_pps, 100000);
        assert_true(effect.duration_s == 4);
}

static void test_dropped_from_the_first_packet(void **state)
{
        struct series series = attack(50, 50, 400, 0);

        assert_int_equal(judge(&series).effective_ms, 0);
        assert_true(judge(&series).dropped == 1);
}

static void test_a_bit_less_than_95_percent_is_never_effective(void **state)
{
        struct series series = attack(0, 10, 500, 51);

        assert_int_equal(judge(&series).effective_ms, -1);
        assert_true(judge(&series).dropped == judge(&series).dropped_all);
        series = attack(0, 10, 500, 50);
        assert_int_equal(judge(&series).effective_ms, 100);
}

/* It must hold for a second: a leak of a tenth of a second half a second later undoes it. */
static void test_a_leak_within_the_second_undoes_it(void **state)
{
        struct series series = attack(0, 20, 500, 0);

        for (uint32_t i = 70; i < 80; i++)
                series.passed[i] = 500;
        assert_true(judge(&series).effective_ms > 700);
        assert_true(judge(&series).effective_ms <= 800);
}

static void test_a_leak_after_the_second_counts_in_the_share_alone(void **state)
{
        struct series series = attack(0, 20, 500, 0);

        for (uint32_t i = 300; i < 310; i++)
                series.passed[i] = 1000;
        assert_int_equal(judge(&series).effective_ms, 200);
        assert_true(judge(&series).dropped < 1);
}

static void test_pauses_do_not_count_against_it(void **state)
{
        struct series series = attack(0, 20, 500, 0);

        for (uint32_t i = 30; i < 60; i++)
                series.sent[i] = 0;
        assert_int_equal(judge(&series).effective_ms, 200);
}

static void test_too_short_to_hold_a_second(void **state)
{
        struct series series = attack(0, 0, 50, 0);

        assert_int_equal(judge(&series).effective_ms, -1);
}

static void test_nothing_sent(void **state)
{
        struct series series = {0};
        struct effect effect = judge(&series);

        assert_int_equal(effect.effective_ms, -1);
        assert_int_equal(effect.sent, 0);
        assert_true(effect.duration_s == 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_dropped_after_a_while),
                cmocka_unit_test(test_dropped_from_the_first_packet),
                cmocka_unit_test(test_a_bit_less_than_95_percent_is_never_effective),
                cmocka_unit_test(test_a_leak_within_the_second_undoes_it),
                cmocka_unit_test(test_a_leak_after_the_second_counts_in_the_share_alone),
                cmocka_unit_test(test_pauses_do_not_count_against_it),
                cmocka_unit_test(test_too_short_to_hold_a_second),
                cmocka_unit_test(test_nothing_sent),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
