/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The engine against a made world: packets are made from a seed, and a small stand-in for the kernel program counts
 * them, holds them against the engine's measures and samples them.
 */
#include "edge/engine.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "edge/signature.h"

#define TICK_NS 100000000ull
#define SAMPLED 400 /* samples a tick, about */

struct world {
        struct random_seeded seeded, engine_seeded;
        struct random random;
        struct engine *engine;
        struct shield_counters counters;
        struct shield_plan plan; /* of service 0, as published before this tick */
        uint64_t now_ns;
        uint64_t attack, attack_dropped, benign, benign_dropped;
        unsigned begins, continues, ends, stands, lifts, crowds;
        struct engine_news last; /* of the attack */
        unsigned dice;
};

static struct engine_config config_make(void)
{
        return (struct engine_config){
                .floor_pps = 2000,
                .hold_seconds = 5,
                .max_measure_seconds = 900,
                .learn_seconds = 10,
                .services = 1,
        };
}

static void world_make(struct world *world, const struct engine_config *config, uint64_t seed)
{
        struct random random;

        memset(world, 0, sizeof(*world));
        world->random = random_seeded_view(&world->seeded, seed);
        random = random_seeded_view(&world->engine_seeded, seed + 1000);
        world->engine = engine_new(config, &random);
        world->now_ns = 1000 * TICK_NS;
        assert_non_null(world->engine);
}

static uint32_t pick(struct world *world, uint32_t below)
{
        return (uint32_t)(random_u64(&world->random) % below);
}

/* The slot that stops it, or SHIELD_NO_SLOT; counters as the kernel program keeps them. */
static unsigned meet(struct world *world, const struct shield_features *features, bool known)
{
        for (uint64_t places = world->plan.signatures; places & 0xff; places >>= 8) {
                unsigned slot = (unsigned)(places & 0xff) - 1;
                const struct engine_measure *measure = engine_measure_at(world->engine, slot);
                struct shield_slot_counters *count = &world->counters.slot[slot];

                if (!signature_match(&measure->signature, features))
                        continue;
                count->matched++;
                if (known && measure->spare_known) {
                        count->spared++;
                } else if (measure->shadow ||
                           pick(world, 1000) < ladder_pass_per_mille(measure->ladder.stage)) {
                        count->would_drop++;
                } else {
                        count->dropped++;
                        return slot;
                }
        }
        return SHIELD_NO_SLOT;
}

static bool packet(struct world *world, const struct shield_features *features, bool known, unsigned one_in)
{
        struct shield_class_counters *count = &world->counters.service[0].by_class[features->class_];
        unsigned slot = meet(world, features, known);
        bool dropped = slot != SHIELD_NO_SLOT;

        count->packets++;
        count->known += known;
        count->dropped += dropped;
        if (pick(world, one_in) == 0) {
                struct shield_sample sample = {
                        .version = SHIELD_VERSION,
                        .size = sizeof(sample),
                        .weight = one_in,
                        .time_ns = world->now_ns + TICK_NS / 2,
                        .features = *features,
                        .known = known,
                        .verdict = dropped ? SHIELD_DROP : SHIELD_PASS,
                        .slot = (uint8_t)slot,
                };
                engine_sample(world->engine, &sample);
        }
        return dropped;
}

static struct shield_features visitor(struct world *world)
{
        bool syn = pick(world, 3) == 0;

        return (struct shield_features){
                .protocol = 6,
                .class_ = syn ? SHIELD_CLASS_SYN : SHIELD_CLASS_TCP,
                .tcp_flags = syn ? 2 : 24,
                .ttl = (uint8_t)(45 + pick(world, 80)),
                .header_words = syn ? 10 : 8,
                .country = (uint8_t)(1 + pick(world, 5)),
                .marks = SHIELD_MARK_SERVED | SHIELD_MARK_DONT_FRAGMENT,
                .window = (uint16_t)(syn ? 64240 : pick(world, 60000)),
                .source_port = (uint16_t)(32768 + pick(world, 28000)),
                .dest_port = 443,
                .length = (uint16_t)(syn ? 60 : 52 + pick(world, 1400)),
        };
}

static void news_take(struct world *world, const struct engine_news *news, size_t count)
{
        for (size_t n = 0; n < count; n++) {
                world->begins += news[n].kind == ENGINE_ATTACK_BEGINS;
                world->continues += news[n].kind == ENGINE_ATTACK_CONTINUES;
                world->ends += news[n].kind == ENGINE_ATTACK_ENDS;
                if (news[n].kind <= ENGINE_ATTACK_ENDS)
                        world->last = news[n];
                world->stands += news[n].kind == ENGINE_MEASURE_STANDS;
                world->lifts += news[n].kind == ENGINE_MEASURE_ENDS;
                world->crowds += news[n].kind == ENGINE_CROWD_BEGINS;
                if (news[n].kind == ENGINE_MEASURE_STANDS)
                        memset(&world->counters.slot[news[n].slot], 0, sizeof(world->counters.slot[0]));
        }
}

typedef struct shield_features world_attack(struct world *world);

static void tick(struct world *world, unsigned visitors, unsigned attackers, world_attack *make)
{
        struct engine_news news[ENGINE_NEWS_MAX];
        unsigned one_in = 1 + (visitors + attackers) / SAMPLED;

        world->plan = engine_plan(world->engine, 0);
        for (unsigned n = 0; n < visitors; n++) {
                struct shield_features features = visitor(world);

                world->benign++;
                world->benign_dropped += packet(world, &features, n % 2, one_in);
        }
        world->counters.service[0].verified += visitors / 8;
        for (unsigned n = 0; n < attackers; n++) {
                struct shield_features features = make(world);

                world->attack++;
                world->attack_dropped += packet(world, &features, false, one_in);
        }
        world->now_ns += TICK_NS;
        news_take(world, news, engine_tick(world->engine, &world->counters, world->now_ns, news));
}

static struct shield_features reflection(struct world *world)
{
        return (struct shield_features){
                .protocol = 17,
                .class_ = SHIELD_CLASS_UDP,
                .ttl = (uint8_t)(30 + pick(world, 200)),
                .country = (uint8_t)pick(world, 100),
                .marks = SHIELD_MARK_LOW_SOURCE_PORT,
                .source_port = 123,
                .dest_port = (uint16_t)pick(world, 65536),
                .length = 468,
                .payload = {0xd7, (uint8_t)pick(world, 256), 3, 0x2a},
        };
}

/* Three shapes, of which the last is small. */
static struct shield_features mixture(struct world *world)
{
        struct shield_features features = reflection(world);
        unsigned dice = pick(world, 100);

        if (dice < 60)
                return features;
        features.class_ = SHIELD_CLASS_FRAGMENT;
        features.marks = SHIELD_MARK_FRAGMENT | SHIELD_MARK_FRAGMENT_LATER;
        features.source_port = features.dest_port = 0;
        features.fragment_offset = 185;
        if (dice < 95)
                return features;
        features = visitor(world);
        features.class_ = SHIELD_CLASS_SYN;
        features.tcp_flags = 2;
        features.window = 1024;
        features.header_words = 5;
        features.length = 40;
        return features;
}

static void calm(struct world *world, unsigned ticks)
{
        for (unsigned n = 0; n < ticks; n++)
                tick(world, 60, 0, NULL);
}

static unsigned standing(const struct world *world)
{
        unsigned count = 0;

        for (unsigned n = 0; n < SHIELD_SLOTS; n++)
                count += engine_measure_at(world->engine, n)->kind != SHIELD_KIND_NONE;
        return count;
}

static void test_from_calm_to_calm(void **state)
{
        for (uint64_t seed = 1; seed <= 3; seed++) {
                struct engine_config config = config_make();
                struct world world;
                unsigned reopened = 0;

                world_make(&world, &config, seed);
                calm(&world, 300);
                assert_int_equal(world.begins + world.stands, 0);
                double normal = engine_normal_pps(world.engine, 0);
                world.benign = world.benign_dropped = 0;
                for (unsigned n = 0; n < 150; n++) {
                        tick(&world, 60, 4000, mixture);
                        if (n == 2)
                                assert_true(world.begins == 1 && world.stands >= 1);
                        if (n == 9) /* from a second on nearly nothing gets through */
                                world.attack = world.attack_dropped = 0;
                }
                assert_true((double)world.attack_dropped > 0.99 * (double)world.attack);
                assert_true((double)world.benign_dropped <= 0.001 * (double)world.benign + 1);
                assert_int_equal(world.lifts, 0);
                while (standing(&world) && reopened < 600) {
                        tick(&world, 60, 0, NULL);
                        reopened++;
                }
                assert_in_range(reopened, 100, 600);
                calm(&world, 40);
                assert_int_equal(world.begins, 1);
                assert_int_equal(world.ends, 1);
                assert_int_equal(world.stands, world.lifts);
                assert_false(engine_attacked(world.engine, 0));
                /* Nothing of the attack became normal. */
                assert_true(engine_normal_pps(world.engine, 0) < 1.3 * normal);
                engine_free(world.engine);
        }
}

static void test_second_wave_in_probation_is_dropped_at_once(void **state)
{
        struct engine_config config = config_make();
        struct world world;
        unsigned ticks = 0;

        world_make(&world, &config, 5);
        calm(&world, 300);
        for (unsigned n = 0; n < 50; n++)
                tick(&world, 60, 4000, reflection);
        while (ticks++ < 600) {
                bool all = false;

                tick(&world, 60, 0, NULL);
                for (unsigned n = 0; n < SHIELD_SLOTS; n++)
                        all |= engine_measure_at(world.engine, n)->ladder.stage == LADDER_PASS_ALL;
                if (all)
                        break;
        }
        assert_in_range(ticks, 100, 300);
        tick(&world, 60, 4000, reflection);
        world.attack = world.attack_dropped = 0;
        for (unsigned n = 0; n < 20; n++)
                tick(&world, 60, 4000, reflection);
        assert_true((double)world.attack_dropped > 0.99 * (double)world.attack);
        assert_int_equal(world.begins, 1); /* the same matter */
        engine_free(world.engine);
}

static void test_cold_start_under_attack(void **state)
{
        struct engine_config config = config_make();
        struct world world;

        world_make(&world, &config, 6);
        for (unsigned n = 0; n < 50; n++) {
                tick(&world, 60, 4000, reflection);
                if (n == 5)
                        world.attack = world.attack_dropped = world.benign = world.benign_dropped = 0;
        }
        assert_true((double)world.attack_dropped > 0.98 * (double)world.attack);
        assert_int_equal(world.benign_dropped, 0);
        engine_free(world.engine);
}

static void test_watching_drops_nothing(void **state)
{
        struct engine_config config = config_make();
        struct world world;

        config.watch = true;
        world_make(&world, &config, 7);
        calm(&world, 200);
        for (unsigned n = 0; n < 50; n++)
                tick(&world, 60, 4000, reflection);
        assert_int_equal(world.begins, 1);
        assert_in_range(world.stands, 1, 3);
        assert_int_equal(world.attack_dropped, 0);
        engine_free(world.engine);
}

static void test_what_a_person_forbids_stays_down(void **state)
{
        struct engine_config config = config_make();
        struct world world;

        world_make(&world, &config, 8);
        calm(&world, 200);
        for (unsigned n = 0; n < 10; n++)
                tick(&world, 60, 4000, reflection);
        assert_int_equal(standing(&world), 1);
        assert_int_equal(engine_lift(world.engine, 0, true), 0);
        assert_int_equal(engine_lift(world.engine, 5, true), -ENOENT);
        tick(&world, 60, 4000, reflection);
        struct shield_signature forbidden = engine_measure_at(world.engine, 0)->signature;
        assert_int_equal(engine_measure_at(world.engine, 0)->end, ENGINE_FORBIDDEN);
        for (unsigned n = 0; n < 50; n++)
                tick(&world, 60, 4000, reflection);
        for (unsigned n = 0; n < SHIELD_SLOTS; n++) {
                const struct engine_measure *measure = engine_measure_at(world.engine, n);

                assert_false(measure->kind == SHIELD_KIND_SIGNATURE &&
                             signature_covers(&measure->signature, &forbidden));
        }
        engine_free(world.engine);
}

static void test_a_persons_measure_stands_until_its_end(void **state)
{
        struct engine_config config = config_make();
        struct engine_measure asked = {
                .kind = SHIELD_KIND_SIGNATURE, .owner = ENGINE_OWNER_PERSON, .spare_known = true};
        struct world world;
        unsigned slot;

        world_make(&world, &config, 9);
        calm(&world, 200);
        asked.signature = signature_any();
        signature_require(&asked.signature, SIGNATURE_TTL, 1, 40);
        asked.until_ns = world.now_ns + 60 * 10 * TICK_NS;
        assert_int_equal(engine_ask(world.engine, &asked, world.now_ns, &slot), 0);
        calm(&world, 590);
        assert_int_equal(engine_measure_at(world.engine, slot)->kind, SHIELD_KIND_SIGNATURE);
        assert_int_equal(world.lifts, 0);
        calm(&world, 11);
        assert_int_equal(world.lifts, 1);
        assert_int_equal(standing(&world), 0);
        assert_int_equal(world.ends, 0); /* no attack, so no end of one */
        engine_free(world.engine);
}

static void test_places_are_bounded(void **state)
{
        struct engine_config config = config_make();
        struct engine_measure asked = {
                .kind = SHIELD_KIND_FENCE, .owner = ENGINE_OWNER_PERSON, .until_ns = UINT64_MAX};
        struct world world;
        unsigned slot;

        world_make(&world, &config, 10);
        for (unsigned n = 0; n < SHIELD_PLAN_SLOTS; n++)
                assert_int_equal(engine_ask(world.engine, &asked, world.now_ns, &slot), 0);
        assert_int_equal(engine_ask(world.engine, &asked, world.now_ns, &slot), -ENOSPC);
        struct shield_plan plan = engine_plan(world.engine, 0);
        assert_true(plan.rungs >> 56 != 0);
        assert_int_equal(plan.signatures, 0);
        engine_free(world.engine);
}

static void test_same_seed_same_answers(void **state)
{
        struct engine_config config = config_make();
        struct world worlds[2];

        for (unsigned n = 0; n < 2; n++) {
                world_make(&worlds[n], &config, 11);
                calm(&worlds[n], 150);
                for (unsigned t = 0; t < 20; t++)
                        tick(&worlds[n], 60, 3000, mixture);
        }
        for (unsigned n = 0; n < SHIELD_SLOTS; n++)
                assert_memory_equal(&engine_measure_at(worlds[0].engine, n)->signature,
                                    &engine_measure_at(worlds[1].engine, n)->signature,
                                    sizeof(struct shield_signature));
        assert_int_equal(worlds[0].attack_dropped, worlds[1].attack_dropped);
        engine_free(worlds[0].engine);
        engine_free(worlds[1].engine);
}

/* Another port every second: always one more shape, and nothing else that is new. */
static struct shield_features wanderer(struct world *world)
{
        struct shield_features features = reflection(world);

        features.source_port = (uint16_t)(100 + world->now_ns / (10 * TICK_NS) % 50);
        features.payload[0] = features.payload[2] = features.payload[3] = (uint8_t)pick(world, 256);
        features.length = (uint16_t)(100 + pick(world, 1000));
        features.marks |= SHIELD_MARK_SERVED;
        features.dest_port = 443;
        return features;
}

static void test_a_changing_flood_is_told_once_a_minute(void **state)
{
        struct engine_config config = config_make();
        struct world world;
        unsigned doubled;

        world_make(&world, &config, 13);
        calm(&world, 150);
        for (unsigned n = 0; n < 580; n++)
                tick(&world, 60, 600, wanderer);
        assert_int_equal(world.begins, 1);
        assert_true(world.stands >= 3);
        assert_int_equal(world.continues, 0);
        for (unsigned n = 0; n < 50; n++)
                tick(&world, 60, 600, wanderer);
        assert_int_equal(world.continues, 1); /* the minute is over */
        doubled = world.continues;
        for (unsigned n = 0; n < 20; n++)
                tick(&world, 60, 1500, wanderer);
        assert_int_equal(world.continues, doubled + 1); /* the peak more than doubled: said, and once */
        assert_true(world.last.peak_pps > 15000);
        assert_int_equal(world.last.classes, 1u << SHIELD_CLASS_UDP);
        assert_int_equal(world.last.most, SHIELD_CLASS_UDP);
        engine_free(world.engine);
}

static void test_another_kind_of_measure_is_told(void **state)
{
        struct engine_config config = config_make();
        struct engine_measure asked = {
                .kind = SHIELD_KIND_CHALLENGE, .owner = ENGINE_OWNER_PERSON, .until_ns = UINT64_MAX};
        struct world world;
        unsigned slot;

        world_make(&world, &config, 14);
        calm(&world, 150);
        for (unsigned n = 0; n < 20; n++)
                tick(&world, 60, 600, reflection);
        assert_int_equal(world.last.kinds, 1u << SHIELD_KIND_SIGNATURE);
        assert_int_equal(world.continues, 0);
        assert_int_equal(engine_ask(world.engine, &asked, world.now_ns, &slot), 0);
        for (unsigned n = 0; n < 5; n++)
                tick(&world, 60, 600, reflection);
        assert_int_equal(world.continues, 1);
        assert_int_equal(world.last.kinds, 1u << SHIELD_KIND_SIGNATURE | 1u << SHIELD_KIND_CHALLENGE);
        engine_free(world.engine);
}

/* The line is full: of those who are known, every second visitor, nobody arrives any more. */
static void test_missing_known_sources_are_noticed(void **state)
{
        struct engine_config config = config_make();
        struct world world;

        world_make(&world, &config, 15);
        calm(&world, 150);
        for (unsigned n = 0; n < 200; n++)
                tick(&world, 60, 600, reflection);
        calm(&world, 100);
        assert_false(world.last.known_missing); /* they came all the time */
        for (unsigned n = 0; n < 90; n++)
                tick(&world, 1, 600, reflection);
        assert_false(world.last.known_missing); /* a few seconds are a pause */
        for (unsigned n = 0; n < 60; n++)
                tick(&world, 1, 600, reflection);
        while (standing(&world))
                tick(&world, 1, 0, NULL);
        calm(&world, 40);
        assert_int_equal(world.last.kind, ENGINE_ATTACK_ENDS);
        assert_true(world.last.known_missing);
        assert_true(world.last.seen_ns < world.now_ns - 50 * TICK_NS);
        engine_free(world.engine);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_from_calm_to_calm),
                cmocka_unit_test(test_second_wave_in_probation_is_dropped_at_once),
                cmocka_unit_test(test_cold_start_under_attack),
                cmocka_unit_test(test_watching_drops_nothing),
                cmocka_unit_test(test_what_a_person_forbids_stays_down),
                cmocka_unit_test(test_a_persons_measure_stands_until_its_end),
                cmocka_unit_test(test_places_are_bounded),
                cmocka_unit_test(test_same_seed_same_answers),
                cmocka_unit_test(test_a_changing_flood_is_told_once_a_minute),
                cmocka_unit_test(test_another_kind_of_measure_is_told),
                cmocka_unit_test(test_missing_known_sources_are_noticed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
