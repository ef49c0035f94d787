/* SPDX-License-Identifier: EUPL-1.2 */
/* Signatures derived from mixtures. All packets here are made, from a seed. */
#include "edge/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "edge/signature.h"

#define ROWS   600
#define NORMAL 4000

struct lab {
        struct random_seeded seeded;
        struct random random;
        struct baseline *baseline;
        struct shield_features attack[2 * ROWS];
        struct answer_row rows[2 * ROWS];
        size_t count;
        struct shield_features held_back[NORMAL]; /* normal packets the baseline never saw */
};

static uint32_t pick(struct lab *lab, uint32_t below)
{
        return (uint32_t)(random_u64(&lab->random) % below);
}

/* A newcomer's packet: a SYN of one of three systems, or what follows it. */
static struct shield_features visitor(struct lab *lab)
{
        static const uint16_t windows[] = {64240, 65535, 29200};
        unsigned system = pick(lab, 3);
        bool syn = pick(lab, 3) == 0;
        struct shield_features features = {
                .protocol = 6,
                .class_ = syn ? SHIELD_CLASS_SYN : SHIELD_CLASS_TCP,
                .tcp_flags = syn            ? 2
                             : pick(lab, 2) ? 16
                                            : 24,
                .ttl = (uint8_t)((system == 1 ? 128 : 64) - 5 - pick(lab, 15)),
                .header_words = syn           ? (system == 1 ? 8 : 10)
                                : system == 1 ? 5
                                              : 8,
                .country = (uint8_t)(1 + pick(lab, 6)),
                .marks = SHIELD_MARK_SERVED | SHIELD_MARK_DONT_FRAGMENT,
                .window = syn ? windows[system] : (uint16_t)(200 + pick(lab, 800)),
                .source_port = (uint16_t)(32768 + pick(lab, 28000)),
                .dest_port = pick(lab, 4) ? 443 : 80,
                .length = (uint16_t)(syn ? (system == 1 ? 52 : 60) : 52 + pick(lab, 1400)),
                .ip_id = (uint16_t)pick(lab, 65536),
                .options = {2, 4, 5, 0xb4},
        };

        if (syn || features.length == 52)
                features.marks |= SHIELD_MARK_EMPTY;
        return features;
}

static void lab_make(struct lab *lab, uint64_t seed)
{
        double unknown[SHIELD_CLASS_COUNT] = {0}, known[SHIELD_CLASS_COUNT] = {0};

        memset(lab, 0, sizeof(*lab));
        lab->random = random_seeded_view(&lab->seeded, seed);
        lab->baseline = baseline_new();
        for (size_t n = 0; n < NORMAL; n++) {
                struct shield_features features = visitor(lab);

                baseline_learn_sample(lab->baseline, &features, 1, false, &lab->random);
                lab->held_back[n] = visitor(lab);
        }
        unknown[SHIELD_CLASS_SYN] = 10;
        unknown[SHIELD_CLASS_TCP] = 20;
        known[SHIELD_CLASS_TCP] = 300;
        baseline_learn_rates(lab->baseline, unknown, known, 1);
}

static void lab_add(struct lab *lab, const struct shield_features *features, double pps)
{
        lab->attack[lab->count] = *features;
        lab->rows[lab->count] = (struct answer_row){&lab->attack[lab->count], pps};
        lab->count++;
}

/* Beside the attack there are always some visitors. */
static void lab_visitors(struct lab *lab)
{
        for (size_t n = 0; n < 12; n++) {
                struct shield_features features = visitor(lab);

                lab_add(lab, &features, 2.5);
        }
}

static size_t lab_answer_within(struct lab *lab, struct answer_effort *effort,
                                struct answer_proposal *proposals, double *rest)
{
        double load = 0;

        for (size_t n = 0; n < lab->count; n++)
                load += lab->rows[n].pps;
        struct answer_question question = {
                .rows = lab->rows,
                .row_count = lab->count,
                .load_pps = load,
                .fit_pps = load * 0.01 + 60,
                .cost_max = 0.0004,
                .newcomers_max = 0.02,
                .spare_known = true,
                .baseline = lab->baseline,
                .slots_free = SHIELD_PLAN_SLOTS,
                .effort = effort,
        };
        return answer_signatures(&question, proposals, ANSWER_PROPOSALS, rest);
}

static size_t lab_answer(struct lab *lab, struct answer_proposal *proposals, double *rest)
{
        return lab_answer_within(lab, NULL, proposals, rest);
}

/* What was predicted must hold for packets that were held back. */
static void check_cost(const struct lab *lab, const struct answer_proposal *proposals, size_t count)
{
        size_t hit = 0;

        for (size_t n = 0; n < NORMAL; n++)
                for (size_t p = 0; p < count; p++)
                        if (signature_match(&proposals[p].signature, &lab->held_back[n])) {
                                hit++;
                                break;
                        }
        assert_in_range(hit, 0, NORMAL / 50);
}

static struct shield_features reflection(struct lab *lab, uint16_t port, bool served)
{
        return (struct shield_features){
                .protocol = 17,
                .class_ = SHIELD_CLASS_UDP,
                .ttl = (uint8_t)(40 + pick(lab, 200)),
                .country = (uint8_t)(1 + pick(lab, 100)),
                .marks = SHIELD_MARK_LOW_SOURCE_PORT | (served ? SHIELD_MARK_SERVED : 0),
                .source_port = port,
                .dest_port = served ? 443 : (uint16_t)(1024 + pick(lab, 60000)),
                .length = (uint16_t)(400 + pick(lab, 900)),
                .ip_id = (uint16_t)pick(lab, 65536),
                .payload = {(uint8_t)pick(lab, 256), (uint8_t)pick(lab, 256), 0x81, 0x80},
        };
}

static void test_reflection_is_one_shape(void **state)
{
        static const uint16_t ports[] = {53, 123, 389};

        for (size_t n = 0; n < 3; n++) {
                struct lab lab;
                struct answer_proposal proposals[ANSWER_PROPOSALS];
                double rest;

                lab_make(&lab, n + 1);
                lab_visitors(&lab);
                for (size_t row = 0; row < ROWS; row++) {
                        struct shield_features features = reflection(&lab, ports[n], n == 1);

                        lab_add(&lab, &features, 100);
                }
                assert_int_equal(lab_answer(&lab, proposals, &rest), 1);
                assert_true(proposals[0].share > 0.99);
                assert_true(rest < 60);
                check_cost(&lab, proposals, 1);
                baseline_free(lab.baseline);
        }
}

/* A forged SYN flood to a served port that looks like one system's own but for its TTL and window. */
static void test_forged_syns_are_told_from_visitors(void **state)
{
        for (uint64_t seed = 1; seed <= 5; seed++) {
                struct lab lab;
                struct answer_proposal proposals[ANSWER_PROPOSALS];
                double rest;

                lab_make(&lab, seed);
                lab_visitors(&lab);
                for (size_t row = 0; row < ROWS; row++) {
                        struct shield_features features = visitor(&lab);

                        features.class_ = SHIELD_CLASS_SYN;
                        features.tcp_flags = 2;
                        features.ttl = (uint8_t)(230 + pick(&lab, 20));
                        features.window = 512;
                        features.header_words = 5;
                        features.length = 40;
                        features.marks |= SHIELD_MARK_EMPTY;
                        memset(features.options, 0, sizeof(features.options));
                        lab_add(&lab, &features, 200);
                }
                size_t count = lab_answer(&lab, proposals, &rest);
                assert_in_range(count, 1, 2);
                assert_true(rest < 200);
                check_cost(&lab, proposals, count);
                baseline_free(lab.baseline);
        }
}

/* Nothing tells these from visitors: better no signature than one that shuts visitors out. */
static void test_perfect_imitation_gets_no_signature(void **state)
{
        struct lab lab;
        struct answer_proposal proposals[ANSWER_PROPOSALS];
        double rest;

        lab_make(&lab, 7);
        for (size_t row = 0; row < 2 * ROWS; row++) {
                struct shield_features features = visitor(&lab);

                lab_add(&lab, &features, 100);
        }
        size_t count = lab_answer(&lab, proposals, &rest);
        check_cost(&lab, proposals, count);
        assert_true(rest > 0.5 * 2 * ROWS * 100);
        baseline_free(lab.baseline);
}

static void test_mixture_is_taken_apart(void **state)
{
        for (uint64_t seed = 1; seed <= 5; seed++) {
                struct lab lab;
                struct answer_proposal proposals[ANSWER_PROPOSALS];
                double rest;

                lab_make(&lab, seed);
                lab_visitors(&lab);
                for (size_t row = 0; row < ROWS; row++) {
                        struct shield_features features = reflection(&lab, 53, false);

                        if (row % 3 == 1) {
                                features.class_ = SHIELD_CLASS_FRAGMENT;
                                features.source_port = features.dest_port = 0;
                                features.marks = SHIELD_MARK_FRAGMENT | SHIELD_MARK_FRAGMENT_LATER;
                                features.fragment_offset = 185;
                        } else if (row % 3 == 2) {
                                features = visitor(&lab);
                                features.class_ = SHIELD_CLASS_SYNACK;
                                features.tcp_flags = 18;
                                features.marks = SHIELD_MARK_EMPTY;
                                features.source_port = 21;
                        }
                        lab_add(&lab, &features, 100);
                }
                size_t count = lab_answer(&lab, proposals, &rest);
                assert_in_range(count, 2, 4);
                assert_true(rest < 0.02 * ROWS * 100);
                check_cost(&lab, proposals, count);
                baseline_free(lab.baseline);
        }
}

/* More shapes than places: some must give way to wider ones, and the asking must end. */
static void test_places_run_out(void **state)
{
        struct lab lab;
        struct answer_proposal proposals[ANSWER_PROPOSALS];
        struct answer_standing standing[SHIELD_PLAN_SLOTS];
        double rest;

        lab_make(&lab, 8);
        for (size_t n = 0; n < SHIELD_PLAN_SLOTS; n++) {
                standing[n] = (struct answer_standing){signature_any(), 40.0 * (double)(n + 1)};
                signature_require(&standing[n].signature, SIGNATURE_CLASS, SHIELD_CLASS_UDP,
                                  SHIELD_CLASS_UDP);
                signature_require(&standing[n].signature, SIGNATURE_PROTOCOL, 17, 17);
                signature_require(&standing[n].signature, SIGNATURE_SOURCE_PORT, 5000 + n * 100,
                                  5000 + n * 100);
                signature_require(&standing[n].signature, SIGNATURE_SERVED, 0, 0);
        }
        for (size_t row = 0; row < ROWS; row++) {
                struct shield_features features = reflection(&lab, 1900, false);

                lab_add(&lab, &features, 100);
        }
        struct answer_question question = {
                .rows = lab.rows,
                .row_count = lab.count,
                .load_pps = ROWS * 100,
                .fit_pps = 100,
                .cost_max = 0.0004,
                .newcomers_max = 0.02,
                .spare_known = true,
                .baseline = lab.baseline,
                .standing = standing,
                .standing_count = SHIELD_PLAN_SLOTS,
        };
        size_t count = answer_signatures(&question, proposals, ANSWER_PROPOSALS, &rest);
        assert_in_range(count, 1, SHIELD_PLAN_SLOTS);
        uint32_t replaced = 0;
        for (size_t n = 0; n < count; n++)
                replaced |= proposals[n].replaces;
        assert_true((size_t)__builtin_popcount(replaced) >= count);
        assert_true(rest < 1000);
        /* With wishes of a person against it nothing is put up. */
        struct shield_signature all_udp = signature_any();
        signature_require(&all_udp, SIGNATURE_CLASS, SHIELD_CLASS_UDP, SHIELD_CLASS_UDP);
        question.forbidden = &all_udp;
        question.forbidden_count = 1;
        assert_int_equal(answer_signatures(&question, proposals, ANSWER_PROPOSALS, &rest), 0);
        baseline_free(lab.baseline);
}

static void test_fence_takes_countries_by_excess(void **state)
{
        struct lab lab;
        struct answer_proposal fence;
        uint8_t continents[SHIELD_COUNTRIES] = {0};

        lab_make(&lab, 9);
        for (size_t row = 0; row < ROWS; row++) {
                struct shield_features features = visitor(&lab);

                features.country = (uint8_t)(row % 10 == 0 ? 1 : 50 + row % 5);
                lab_add(&lab, &features, 100);
        }
        struct answer_question question = {
                .rows = lab.rows,
                .row_count = lab.count,
                .load_pps = ROWS * 100,
                .fit_pps = ROWS * 12,
                .newcomers_max = 0.05,
                .baseline = lab.baseline,
        };
        assert_true(answer_fence(&question, continents, &fence));
        assert_int_equal(fence.kind, SHIELD_KIND_FENCE);
        assert_int_equal(fence.countries[0] & 0x7f, 0); /* where visitors come from */
        assert_true(fence.cost.newcomers < 0.01);
        for (unsigned n = 50; n < 55; n++)
                assert_true(fence.countries[0] >> n & 1);
        question.cold = true;
        assert_false(answer_fence(&question, continents, &fence));
        baseline_free(lab.baseline);
}

#define EFFORT_LAB 32000 /* a class of so few rows needs no more; two do */

/* How many calls until something is found; 10: never. */
static unsigned calls_until_found(struct lab *lab, bool carry)
{
        struct answer_effort effort = {0};
        struct answer_proposal proposals[ANSWER_PROPOSALS];
        double rest;

        for (unsigned call = 1; call < 10; call++) {
                effort.left = EFFORT_LAB;
                effort.cut = false;
                effort.searched = carry ? effort.searched : 0;
                if (lab_answer_within(lab, &effort, proposals, &rest))
                        return call;
                assert_true(effort.cut); /* nothing was found because there was no time */
        }
        return 10;
}

/* Two classes that imitate visitors are searched in vain, one after the other; the reflection's turn comes. */
static void test_a_cut_search_goes_on(void **state)
{
        struct answer_proposal proposals[ANSWER_PROPOSALS];
        struct lab lab;
        double rest;

        lab_make(&lab, 10);
        for (size_t row = 0; row < ROWS; row++) {
                struct shield_features features = visitor(&lab);

                lab_add(&lab, &features, 100);
        }
        for (size_t row = 0; row < ROWS / 5; row++) {
                struct shield_features features = reflection(&lab, 1900, false);

                lab_add(&lab, &features, 50);
        }
        assert_int_equal(lab_answer(&lab, proposals, &rest), 1); /* with all the time in the world */
        assert_in_range(calls_until_found(&lab, true), 2, 3);
        assert_int_equal(calls_until_found(&lab, false), 10);
        baseline_free(lab.baseline);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_reflection_is_one_shape),
                cmocka_unit_test(test_forged_syns_are_told_from_visitors),
                cmocka_unit_test(test_perfect_imitation_gets_no_signature),
                cmocka_unit_test(test_mixture_is_taken_apart),
                cmocka_unit_test(test_places_run_out),
                cmocka_unit_test(test_fence_takes_countries_by_excess),
                cmocka_unit_test(test_a_cut_search_goes_on),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
