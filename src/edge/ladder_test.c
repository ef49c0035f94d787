/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/ladder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"

#define TICK_NS 100000000ull
#define FLOOR   2000.0

static const struct ladder_config config = {.hold_s = 5, .stage_s = 5, .hold_max_s = 300, .expiry_s = 600};

struct climb {
        struct ladder ladder;
        uint64_t now_ns;
        double normal_pps, patience;
};

static void climb_make(struct climb *climb)
{
        *climb = (struct climb){.now_ns = 1000 * TICK_NS, .patience = 1};
        ladder_init(&climb->ladder, &config, climb->now_ns);
}

static bool tick(struct climb *climb, double pps)
{
        climb->now_ns += TICK_NS;
        return ladder_tick(&climb->ladder, &config, pps, climb->normal_pps, FLOOR, climb->patience, 0.1,
                           climb->now_ns);
}

/* Ticks until the stage is reached; -1 when it is not. */
static int reach(struct climb *climb, double pps, enum ladder_stage stage, int most)
{
        for (int n = 1; n <= most; n++) {
                tick(climb, pps);
                if (climb->ladder.stage == stage)
                        return n;
        }
        return -1;
}

static void test_stands_while_its_attack_lasts(void **state)
{
        struct climb climb;

        climb_make(&climb);
        for (int n = 0; n < 36000; n++)
                assert_false(tick(&climb, 50000));
        assert_int_equal(climb.ladder.stage, LADDER_STANDING);
        assert_true(ladder_quiet_pps(&climb.ladder) < 0);
}

static void test_reopens_by_stages_within_a_minute(void **state)
{
        struct climb climb;

        climb_make(&climb);
        reach(&climb, 50000, LADDER_PASS_1, 100);
        int first = reach(&climb, 0, LADDER_PASS_1, 600);
        int second = reach(&climb, 0, LADDER_PASS_10, 600);
        int third = reach(&climb, 0, LADDER_PASS_ALL, 600);
        int lifted = reach(&climb, 0, LADDER_LIFTED, 600);

        assert_in_range(first, 50, 150);
        assert_in_range(second, 49, 51);
        assert_in_range(third, 49, 51);
        assert_in_range(lifted, 49, 51);
        assert_in_range(first + second + third + lifted, 0, 600);
        assert_int_equal(climb.ladder.relapses, 0);
}

static void test_returns_within_one_tick_and_holds_twice_as_long(void **state)
{
        struct climb climb;
        int held = 0;

        climb_make(&climb);
        for (unsigned relapse = 0; relapse < 3; relapse++) {
                for (int n = 0; n < 50; n++)
                        tick(&climb, 50000);
                int hold = reach(&climb, 0, LADDER_PASS_1, 3000);
                assert_true(hold > 0);
                if (relapse)
                        assert_in_range(hold, held + held / 2, held * 5 / 2);
                held = hold;
                if (relapse == 1)
                        assert_true(reach(&climb, 0, LADDER_PASS_ALL, 3000) > 0);
                assert_true(tick(&climb, 20000));
                assert_int_equal(climb.ladder.stage, LADDER_STANDING);
                assert_int_equal(climb.ladder.relapses, relapse + 1);
        }
}

/* Ordinary packets that happen to match, in bursts. */
static void test_benign_matches_are_no_relapse(void **state)
{
        for (uint64_t seed = 1; seed <= 20; seed++) {
                struct random_seeded seeded;
                struct random random = random_seeded_view(&seeded, seed);
                struct climb climb;
                int ticks = 0;

                climb_make(&climb);
                climb.normal_pps = 40;
                for (int n = 0; n < 100; n++)
                        tick(&climb, 50000);
                for (; ticks < 600 && climb.ladder.stage != LADDER_LIFTED; ticks++)
                        tick(&climb, (double)(random_u64(&random) % 10) * 8);
                assert_int_equal(climb.ladder.stage, LADDER_LIFTED);
                assert_int_equal(climb.ladder.relapses, 0);
                assert_true(ladder_quiet_pps(&climb.ladder) > 25 && ladder_quiet_pps(&climb.ladder) < 50);
        }
}

static void test_pulses_hold_longer_and_longer(void **state)
{
        struct climb climb;
        int open = 0;

        climb_make(&climb);
        for (int n = 0; n < 30 * 600; n++) {
                tick(&climb, n % 150 < 20 ? 50000 : 0); /* two seconds of every fifteen */
                if (climb.ladder.stage == LADDER_LIFTED)
                        break;
                open += climb.ladder.stage == LADDER_PASS_ALL;
        }
        assert_int_not_equal(climb.ladder.stage, LADDER_LIFTED);
        assert_in_range(climb.ladder.relapses, 1, 6);
        assert_in_range(open, 0, 400);
}

static void test_patience_keeps_it_standing_longer(void **state)
{
        struct climb climb;

        climb_make(&climb);
        climb.patience = 3;
        reach(&climb, 50000, LADDER_PASS_1, 100);
        assert_in_range(reach(&climb, 0, LADDER_PASS_1, 1000), 150, 260);
}

static void test_expires_when_its_attack_is_never_seen(void **state)
{
        const struct ladder_config slow = {.hold_s = 400, .stage_s = 400, .hold_max_s = 400, .expiry_s = 600};
        struct ladder ladder;
        uint64_t now_ns = TICK_NS;

        ladder_init(&ladder, &slow, now_ns);
        while (ladder.stage < LADDER_LIFTED && now_ns < 10000 * TICK_NS) {
                now_ns += TICK_NS;
                ladder_tick(&ladder, &slow, 0, 0, FLOOR, 1, 0.1, now_ns);
        }
        assert_int_equal(ladder.stage, LADDER_EXPIRED);
        assert_in_range(now_ns / TICK_NS, 5990, 6010);
}

static void test_what_a_stage_lets_through(void **state)
{
        assert_int_equal(ladder_pass_threshold(LADDER_STANDING), 0);
        assert_in_range(ladder_pass_threshold(LADDER_PASS_1), UINT32_MAX / 101, UINT32_MAX / 99);
        assert_in_range(ladder_pass_threshold(LADDER_PASS_10), UINT32_MAX / 11, UINT32_MAX / 9);
        assert_int_equal(ladder_pass_threshold(LADDER_PASS_ALL), UINT32_MAX);
        assert_int_equal(ladder_pass_per_mille(LADDER_PASS_1), 10);
        assert_int_equal(ladder_pass_per_mille(LADDER_PASS_ALL), 1000);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_stands_while_its_attack_lasts),
                cmocka_unit_test(test_reopens_by_stages_within_a_minute),
                cmocka_unit_test(test_returns_within_one_tick_and_holds_twice_as_long),
                cmocka_unit_test(test_benign_matches_are_no_relapse),
                cmocka_unit_test(test_pulses_hold_longer_and_longer),
                cmocka_unit_test(test_patience_keeps_it_standing_longer),
                cmocka_unit_test(test_expires_when_its_attack_is_never_seen),
                cmocka_unit_test(test_what_a_stage_lets_through),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
