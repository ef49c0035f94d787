/* SPDX-License-Identifier: EUPL-1.2 */
/* Simulated series, every one from a seed; ranges are asserted, not single values. */
#include "edge/detector.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/random.h"

#define TICK 0.1

static const struct detector_config config = {
        .floor_pps = 2000, .known_floor_pps = 50000, .learn_seconds = 30};

struct world {
        struct detector detector;
        struct random_seeded seeded;
        struct random random;
        bool measured, teach;
        struct detector_verdict last;
};

static void world_make(struct world *world, uint64_t seed)
{
        *world = (struct world){0};
        world->random = random_seeded_view(&world->seeded, seed);
        detector_init(&world->detector, &config);
}

/* Sum of twelve uniforms: near enough to a normal spread, never below zero. */
static double around(struct world *world, double mean)
{
        double sum = -6;

        for (unsigned n = 0; n < 12; n++)
                sum += (double)(random_u64(&world->random) >> 11) / 9007199254740992.0;
        return fmax(0, mean + sum * sqrt(mean));
}

/* One tick of ordinary visitors (per second), with so many packets/s of a flood of one class on top. */
static bool tick(struct world *world, double visitors, enum shield_class class_, double flood)
{
        double each = visitors * TICK;
        struct detector_counts counts = {.verified = around(world, each)};

        counts.unknown[SHIELD_CLASS_SYN] = around(world, each * 1.1);
        counts.unknown[SHIELD_CLASS_TCP] = around(world, each * 2.5);
        counts.known[SHIELD_CLASS_TCP] = around(world, each * 60);
        counts.unknown[SHIELD_CLASS_UDP] = around(world, 3);
        counts.unknown[class_] += flood * TICK;
        world->last = detector_tick(&world->detector, &counts, TICK, world->measured, world->teach);
        return world->last.attack;
}

/* Ticks until it is told; -1 within `most`. */
static int told_after(struct world *world, double visitors, enum shield_class class_, double flood, int most)
{
        for (int n = 1; n <= most; n++)
                if (tick(world, visitors, class_, flood))
                        return n;
        return -1;
}

static void test_calm_with_bursts_is_no_attack(void **state)
{
        for (uint64_t seed = 1; seed <= 20; seed++) {
                struct world world;

                world_make(&world, seed);
                for (int n = 0; n < 6000; n++) {
                        double burst = random_u64(&world.random) % 50 == 0 ? 8 : 1;

                        assert_false(tick(&world, 30 * burst, SHIELD_CLASS_UDP, 0));
                }
                assert_true(world.last.trusted);
        }
}

static void test_great_flood_is_told_at_once(void **state)
{
        static const enum shield_class classes[] = {SHIELD_CLASS_UDP,      SHIELD_CLASS_SYN,
                                                    SHIELD_CLASS_FRAGMENT, SHIELD_CLASS_SYNACK,
                                                    SHIELD_CLASS_TCP,      SHIELD_CLASS_ICMP};

        for (size_t n = 0; n < sizeof(classes) / sizeof(classes[0]); n++) {
                struct world world;

                world_make(&world, n + 1);
                assert_int_equal(told_after(&world, 30, SHIELD_CLASS_UDP, 0, 600), -1);
                assert_in_range(told_after(&world, 30, classes[n], 50000, 10), 1, 2);
                assert_true(world.last.began && world.last.confidence > 0.9);
        }
}

static void test_moderate_flood_takes_some_ticks(void **state)
{
        struct world world;

        world_make(&world, 3);
        assert_int_equal(told_after(&world, 30, SHIELD_CLASS_UDP, 0, 600), -1);
        assert_in_range(told_after(&world, 30, SHIELD_CLASS_UDP, 4000, 50), 2, 10);
}

static void test_cold_start_sees_floods_and_no_ghosts(void **state)
{
        struct world world;

        world_make(&world, 4);
        assert_int_equal(told_after(&world, 30, SHIELD_CLASS_UDP, 0, 50), -1);
        assert_false(world.last.trusted);
        world_make(&world, 5);
        assert_in_range(told_after(&world, 30, SHIELD_CLASS_UDP, 50000, 5), 1, 2);
}

/* Doubling every minute: no calm, however gentle each step. */
static void test_slow_ramp_is_told(void **state)
{
        struct world world;
        double flood = 10;
        int told = -1;

        world_make(&world, 6);
        assert_int_equal(told_after(&world, 30, SHIELD_CLASS_UDP, 0, 1200), -1);
        for (int n = 0; n < 7200 && told < 0; n++, flood *= exp2(1.0 / 600))
                if (tick(&world, 30, SHIELD_CLASS_UDP, flood))
                        told = n;
        assert_true(told > 0);
        assert_true(flood < 8000);
}

static void test_pulses_are_told(void **state)
{
        struct world world;
        int told = -1;

        world_make(&world, 7);
        assert_int_equal(told_after(&world, 30, SHIELD_CLASS_UDP, 0, 600), -1);
        for (int n = 0; n < 100 && told < 0; n++)
                if (tick(&world, 30, SHIELD_CLASS_UDP, n % 10 < 2 ? 30000 : 0))
                        told = n;
        assert_in_range(told, 0, 12);
}

/* A hundred times the visitors within seconds, all of them real. */
static void test_flash_crowd_is_left_alone(void **state)
{
        for (uint64_t seed = 1; seed <= 10; seed++) {
                struct world world;
                bool crowd = false;

                world_make(&world, seed);
                assert_int_equal(told_after(&world, 30, SHIELD_CLASS_UDP, 0, 1200), -1);
                for (int n = 0; n < 600; n++) {
                        assert_false(tick(&world, fmin(3000, 30 + n * 60), SHIELD_CLASS_UDP, 0));
                        crowd |= world.last.crowd;
                }
                assert_true(crowd);
                /* And a flood within the crowd is seen all the same. */
                assert_in_range(told_after(&world, 3000, SHIELD_CLASS_SYN, 100000, 10), 1, 4);
        }
}

static void test_long_attack_does_not_become_normal(void **state)
{
        struct world world;

        world_make(&world, 9);
        assert_int_equal(told_after(&world, 30, SHIELD_CLASS_UDP, 0, 1200), -1);
        double bar = detector_bar(&world.detector, SHIELD_CLASS_UDP, false);
        for (int n = 0; n < 36000; n++)
                assert_true(tick(&world, 30, SHIELD_CLASS_UDP, 20000) || n < 3);
        assert_true(detector_bar(&world.detector, SHIELD_CLASS_UDP, false) < bar * 1.5);
        for (int n = 0; n < 40; n++)
                tick(&world, 30, SHIELD_CLASS_UDP, 0);
        assert_false(world.last.attack);
        assert_in_range(told_after(&world, 30, SHIELD_CLASS_UDP, 20000, 10), 1, 2);
}

static void test_attack_lasts_while_measures_stand(void **state)
{
        struct world world;

        world_make(&world, 10);
        assert_int_equal(told_after(&world, 30, SHIELD_CLASS_UDP, 0, 600), -1);
        assert_true(told_after(&world, 30, SHIELD_CLASS_UDP, 20000, 5) > 0);
        world.measured = true;
        for (int n = 0; n < 100; n++)
                assert_true(tick(&world, 30, SHIELD_CLASS_UDP, 0));
        world.measured = false;
        assert_false(tick(&world, 30, SHIELD_CLASS_UDP, 0));
}

static void test_known_sources_have_a_higher_bar(void **state)
{
        struct world world;
        struct detector_counts download = {0}, bots = {0};

        world_make(&world, 11);
        assert_int_equal(told_after(&world, 30, SHIELD_CLASS_UDP, 0, 600), -1);
        download.known[SHIELD_CLASS_TCP] = 30000 * TICK;
        bots.known[SHIELD_CLASS_TCP] = 400000 * TICK;
        for (int n = 0; n < 100; n++)
                assert_false(detector_tick(&world.detector, &download, TICK, false, false).attack);
        struct detector_verdict verdict = {0};
        for (int n = 0; n < 20 && !verdict.attack; n++)
                verdict = detector_tick(&world.detector, &bots, TICK, false, false);
        assert_true(verdict.attack && verdict.by_known);
}

static void test_teaching_tells_nothing(void **state)
{
        struct world world;

        world_make(&world, 12);
        world.teach = true;
        assert_int_equal(told_after(&world, 30, SHIELD_CLASS_UDP, 20000, 600), -1);
        world.teach = false;
        assert_int_equal(told_after(&world, 30, SHIELD_CLASS_UDP, 20000, 100), -1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_calm_with_bursts_is_no_attack),
                cmocka_unit_test(test_great_flood_is_told_at_once),
                cmocka_unit_test(test_moderate_flood_takes_some_ticks),
                cmocka_unit_test(test_cold_start_sees_floods_and_no_ghosts),
                cmocka_unit_test(test_slow_ramp_is_told),
                cmocka_unit_test(test_pulses_are_told),
                cmocka_unit_test(test_flash_crowd_is_left_alone),
                cmocka_unit_test(test_long_attack_does_not_become_normal),
                cmocka_unit_test(test_attack_lasts_while_measures_stand),
                cmocka_unit_test(test_known_sources_have_a_higher_bar),
                cmocka_unit_test(test_teaching_tells_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
