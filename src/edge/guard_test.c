/* SPDX-License-Identifier: EUPL-1.2 */
/* What people ask of the guard, and what it finds standing at its start. */
#include "edge/guard_test.h"

static void test_asked_signature_acts_at_once(void **state)
{
        struct house *house = *state;

        ticks(house, 30, 0);
        assert_true(reflect(house));
        ask(house, MEASURE_KIND_SIGNATURE, "{'class':'udp','source_port':123}", 60);
        assert_false(reflect(house));
        assert_true(visit(house, "203.0.113.9"));
        tick(house, 0);
        const struct measure *measure = standing(house, 0, 1);
        assert_int_equal(measure->state, MEASURE_STATE_STANDING);
        assert_string_equal(measure->owner, "marie.durand");
        assert_string_equal(measure->why.fr, "Demandé au téléphone");
        assert_true(measure->predicted_cost == 0);
        assert_int_equal(measure->dropped, 1);
        assert_false(id_is_set(&measure->finding));
}

static void test_asked_fence_stops_a_country(void **state)
{
        struct house *house = *state;
        struct measure measure = wish(house, MEASURE_KIND_FENCE, "{'countries':['FR']}", 60);
        struct error error = {};
        double cost;

        ticks(house, 60, 0);
        assert_int_equal(guard_predict(house->guard, &measure, &cost, &error), 0);
        assert_true(cost > 0.3 && cost < 0.7); /* half of the visitors are from there */
        measure_release(&measure);
        assert_true(visit(house, "2.9.9.9"));
        ask(house, MEASURE_KIND_FENCE, "{'countries':['FR'],'spare_known':false}", 60);
        assert_false(visit(house, "2.9.9.9"));
        assert_true(visit(house, "8.8.8.9"));
}

static void test_asked_throttle_and_challenge_act(void **state)
{
        struct house *house = *state;
        unsigned passed = 0;

        tick(house, 0);
        ask(house, MEASURE_KIND_THROTTLE, "{'rate_pps':1000}", 60);
        for (unsigned n = 0; n < 100; n++) /* in one moment */
                passed += reflect(house);
        assert_in_range(passed, 1, 20);
        struct id id = standing(house, 0, 1)->id;
        struct error error = {};
        assert_int_equal(guard_lift(house->guard, &id, &error), 0);
        ticks(house, 2, 0);
        assert_true(visit(house, "203.0.113.9"));
        ask(house, MEASURE_KIND_CHALLENGE, "{}", 60);
        assert_false(visit(house, "203.0.113.9")); /* answered by the program itself */
        standing(house, 0, 1);
}

static void test_bad_wishes_are_refused_with_a_sentence(void **state)
{
        static const struct {
                enum measure_kind kind;
                const char *selector;
        } bad[] = {
                {MEASURE_KIND_SIGNATURE, "{}"},
                {MEASURE_KIND_SIGNATURE, "[]"},
                {MEASURE_KIND_SIGNATURE, "{'colour':'red'}"},
                {MEASURE_KIND_SIGNATURE, "{'source_port':70000}"},
                {MEASURE_KIND_SIGNATURE, "{'ttl':[9,3]}"},
                {MEASURE_KIND_SIGNATURE, "{'class':'carrier-pigeon'}"},
                {MEASURE_KIND_FENCE, "{}"},
                {MEASURE_KIND_FENCE, "{'countries':[]}"},
                {MEASURE_KIND_FENCE, "{'countries':['Atlantis']}"},
                {MEASURE_KIND_FENCE, "{'countries':[7]}"},
                {MEASURE_KIND_FENCE, "{'countries':['FR'],'spare_known':1}"},
                {MEASURE_KIND_FENCE, "{'countries':['FR'],'but':['US']}"},
                {MEASURE_KIND_THROTTLE, "{}"},
                {MEASURE_KIND_THROTTLE, "{'rate_pps':0}"},
                {MEASURE_KIND_THROTTLE, "{'rate_pps':'many'}"},
                {MEASURE_KIND_THROTTLE, "{'rate_pps':5,'burst':1}"},
                {MEASURE_KIND_THROTTLE, "{'rate_pps':4294967296}"},
                {MEASURE_KIND_CHALLENGE, "{'ports':[443]}"},
                {MEASURE_KIND_COUNT, "{}"},
        };
        struct house *house = *state;

        tick(house, 0);
        for (size_t n = 0; n < ARRAY_LEN(bad); n++) {
                struct error error = {};

                assert_int_equal(ask_as(house, NULL, bad[n].kind, bad[n].selector, 60, &error), -EINVAL);
                assert_true(strlen(error.en) > 10);
        }
        struct measure measure = wish(house, MEASURE_KIND_CHALLENGE, "{}", 60);
        struct error error = {};
        snprintf(measure.subject, sizeof(measure.subject), "cantine");
        assert_int_equal(guard_ask(house->guard, &measure, &error), -EINVAL);
        assert_non_null(strstr(error.en, "cantine"));
        snprintf(measure.subject, sizeof(measure.subject), "portail");
        measure.until_ms = house->manual.wall_ms;
        assert_int_equal(guard_ask(house->guard, &measure, &error), -EINVAL);
        measure_release(&measure);
        standing(house, 0, 0);
        assert_true(reflect(house));
}

static void test_fence_needs_a_country_table(void **state)
{
        struct house *house = *state;
        struct error error = {};

        guard_free(house->guard);
        house->geo = geo_free(house->geo);
        guard_open(house);
        assert_int_equal(ask_as(house, NULL, MEASURE_KIND_FENCE, "{'countries':['FR']}", 60, &error),
                         -EINVAL);
}

#define PLACES                                                                                               \
        (2 * SHIELD_PLAN_SLOTS -                                                                             \
         3) /* of signatures: a list of their own, and what rungs leave of the other */

static void test_places_run_out(void **state)
{
        struct house *house = *state;
        struct error error = {};
        char selector[64];

        tick(house, 0);
        for (unsigned n = 0; n < PLACES; n++) {
                snprintf(selector, sizeof(selector), "{'source_port':%u}", 1000 + n);
                ask(house, MEASURE_KIND_SIGNATURE, selector, 60);
        }
        assert_int_equal(ask_as(house, NULL, MEASURE_KIND_SIGNATURE, "{'source_port':1}", 60, &error),
                         -ENOSPC);
        ask(house, MEASURE_KIND_CHALLENGE, "{}", 60); /* rungs have places kept for them */
        standing(house, 0, PLACES + 1);
}

static void test_lifted_is_told_once(void **state)
{
        struct house *house = *state;
        struct error error = {};

        tick(house, 0);
        ask(house, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 60);
        tick(house, 0);
        struct id id = standing(house, 0, 1)->id;
        assert_int_equal(guard_lift(house->guard, &id, &error), 0);
        ticks(house, 5, 0);
        assert_int_equal(told_states(house, MEASURE_STATE_LIFTED), 1);
        standing(house, 0, 0);
        assert_true(reflect(house));
        assert_int_equal(guard_lift(house->guard, &id, &error), -ENOENT);
        assert_int_equal(guard_forbid(house->guard, &id, &error), -ENOENT);
}

static void test_expiry_is_told_once(void **state)
{
        struct house *house = *state;

        tick(house, 0);
        ask(house, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 1);
        ticks(house, 9, 0);
        assert_false(reflect(house));
        assert_int_equal(house->told, 0);
        ticks(house, 8, 0);
        assert_int_equal(told_states(house, MEASURE_STATE_EXPIRED), 1);
        assert_int_equal(house->told, 1);
        standing(house, 0, 0);
        assert_true(reflect(house));
}

static void test_forbidden_does_not_come_back(void **state)
{
        struct house *house = *state;
        struct error error = {};

        ticks(house, 40, 0);
        ticks(house, 5, FLOOD);
        const struct measure *measure = standing(house, 0, 1);
        json_t *selector = json_deep_copy(measure->selector);
        struct id id = measure->id;
        assert_int_equal(guard_forbid(house->guard, &id, &error), 0);
        ticks(house, 40, FLOOD);
        assert_int_equal(told_states(house, MEASURE_STATE_REFUSED), 1);
        const struct measure *measures[SHIELD_SLOTS];
        size_t count = guard_measures(house->guard, measures, SHIELD_SLOTS);
        for (size_t n = 0; n < count; n++)
                assert_false(json_equal(measures[n]->selector, selector));
        json_decref(selector);
        /* It is the edge that may not: a person still may ask for it. */
        ask(house, MEASURE_KIND_SIGNATURE, "{'class':'udp','source_port':123}", 60);
        assert_false(reflect(house));
}

#define ADOPTED "m_01J8Z6Q0G4T5W2X9Y7R3K1B0CD"

static void test_adopted_is_claimed_by_who_asked(void **state)
{
        struct house *house = *state;
        struct error error = {};

        tick(house, 0);
        assert_int_equal(ask_as(house, ADOPTED, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 60, &error),
                         0);
        tick(house, 0);
        guard_free(house->guard);
        assert_false(reflect(house)); /* it stands with nobody there */
        guard_open(house);
        assert_false(reflect(house));
        const struct measure *measure = standing(house, 0, 1);
        assert_string_equal(measure->id.text, ADOPTED);
        assert_string_equal(measure->owner, "edge");
        assert_non_null(strstr(measure->why.fr, "redémarrage"));
        assert_int_equal(ask_as(house, ADOPTED, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 30, &error),
                         0);
        measure = standing(house, 0, 1);
        assert_string_equal(measure->owner, "marie.durand");
        assert_string_equal(measure->why.en, "Asked for by telephone");
        assert_in_range(measure->until_ms - house->manual.wall_ms, 29000, 30000);
        ticks(house, 250, 0); /* calm does not take down what a person wants */
        assert_false(reflect(house));
        ticks(house, 60, 0);
        assert_int_equal(told_states(house, MEASURE_STATE_EXPIRED), 1);
        assert_true(reflect(house));
}

/* A hub that is away for long, and an attack that nobody told the beginning of because there was none. */
static void test_adopted_stands_unclaimed_and_ends_no_attack(void **state)
{
        struct house *house = *state;
        struct error error = {};

        tick(house, 0);
        assert_int_equal(ask_as(house, ADOPTED, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 20, &error),
                         0);
        guard_free(house->guard);
        guard_open(house);
        ticks(house, 150, 0); /* the ladder would have taken down one of the edge's own */
        assert_int_equal(house->told, 0);
        assert_false(reflect(house));
        ticks(house, 60, 0);
        assert_int_equal(told_states(house, MEASURE_STATE_EXPIRED), 1);
        assert_int_equal(house->told, 1);
        assert_true(reflect(house));
}

/* As the version before this one left it in the kernel: nothing says that it is a person's. */
static void unmark(struct house *house)
{
        for (unsigned n = 0; n < SHIELD_SLOTS; n++)
                plane_slot(house->plane, n)->flags &= ~(uint32_t)SHIELD_FLAG_PERSON;
}

static void test_unmarked_is_lifted_in_calm(void **state)
{
        struct house *house = *state;
        struct error error = {};

        tick(house, 0);
        assert_int_equal(ask_as(house, ADOPTED, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 600, &error),
                         0);
        guard_free(house->guard);
        unmark(house);
        guard_open(house);
        ticks(house, 150, 0);
        assert_int_equal(told_states(house, MEASURE_STATE_LIFTED), 1);
        standing(house, 0, 0);
        assert_true(reflect(house));
}

static void test_unmarked_and_claimed_ends_no_attack(void **state)
{
        struct house *house = *state;
        struct error error = {};

        tick(house, 0);
        assert_int_equal(ask_as(house, ADOPTED, MEASURE_KIND_SIGNATURE, "{'source_port':123}", 600, &error),
                         0);
        guard_free(house->guard);
        unmark(house);
        for (unsigned n = 0; n < 2; n++) { /* from the claim on it is marked */
                guard_open(house);
                if (!n)
                        assert_int_equal(ask_as(house, ADOPTED, MEASURE_KIND_SIGNATURE, "{'source_port':123}",
                                                600, &error),
                                         0);
                ticks(house, 150, 0);
                assert_int_equal(house->told, 0);
                assert_false(reflect(house));
                guard_free(house->guard);
        }
        guard_open(house);
}

static void test_adopted_of_a_person_is_lifted_not_forbidden(void **state)
{
        struct house *house = *state;
        struct error error = {};

        tick(house, 0);
        assert_int_equal(ask_as(house, ADOPTED, MEASURE_KIND_SIGNATURE, "{'class':'udp','source_port':123}",
                                600, &error),
                         0);
        guard_free(house->guard);
        guard_open(house);
        struct id id = standing(house, 0, 1)->id;
        assert_int_equal(guard_forbid(house->guard, &id, &error), 0);
        ticks(house, 2, 0); /* the first one only notes the counters */
        assert_int_equal(told_states(house, MEASURE_STATE_LIFTED), 1);
        assert_int_equal(told_states(house, MEASURE_STATE_REFUSED), 0);
        ticks(house, 40, 0);
        ticks(house, 5, FLOOD); /* and the edge may put up its like */
        assert_non_null(strstr(standing(house, 0, 1)->why.en, "port 123"));
}

/* The predecessor told the beginning: its end is told, by whoever came after. */
static void test_adopted_of_the_edge_ends_its_attack(void **state)
{
        struct house *house = *state;

        ticks(house, 40, 0);
        ticks(house, 5, FLOOD);
        guard_free(house->guard);
        guard_open(house);
        size_t before = house->told, ends = 0;
        ticks(house, 200, 0);
        for (size_t n = before; n < house->told; n++)
                ends += house->log[n].finding && house->log[n].phase == FINDING_PHASE_ENDS;
        assert_int_equal(ends, 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                HOUSE_TEST(test_asked_signature_acts_at_once),
                HOUSE_TEST(test_asked_fence_stops_a_country),
                HOUSE_TEST(test_asked_throttle_and_challenge_act),
                HOUSE_TEST(test_bad_wishes_are_refused_with_a_sentence),
                HOUSE_TEST(test_fence_needs_a_country_table),
                HOUSE_TEST(test_places_run_out),
                HOUSE_TEST(test_lifted_is_told_once),
                HOUSE_TEST(test_expiry_is_told_once),
                HOUSE_TEST(test_forbidden_does_not_come_back),
                HOUSE_TEST(test_adopted_is_claimed_by_who_asked),
                HOUSE_TEST(test_adopted_stands_unclaimed_and_ends_no_attack),
                HOUSE_TEST(test_unmarked_is_lifted_in_calm),
                HOUSE_TEST(test_unmarked_and_claimed_ends_no_attack),
                HOUSE_TEST(test_adopted_of_a_person_is_lifted_not_forbidden),
                HOUSE_TEST(test_adopted_of_the_edge_ends_its_attack),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
