/* SPDX-License-Identifier: EUPL-1.2 */
/* The chains against going through all of them. */
#include "hub/kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BRIEFS 700 /* more than once more buckets are needed */
#define KINDS  9

struct house {
        struct kinds kinds;
        struct casebook_brief briefs[BRIEFS];
        size_t count;
        unsigned state;
};

static unsigned pick(struct house *house, unsigned below)
{
        house->state = house->state * 1664525U + 1013904223U;
        return (house->state >> 8) % below;
}

static void check(struct house *house)
{
        for (unsigned kind = 0; kind <= KINDS; kind++) {
                for (int open = 0; open <= 1; open++) {
                        char word[16];
                        uint32_t at;

                        snprintf(word, sizeof(word), "kind-%u", kind);
                        at = kinds_newest(&house->kinds, house->briefs, word, open);
                        for (size_t i = house->count; i-- > 0;) {
                                if (strcmp(house->briefs[i].kind, word) || house->briefs[i].open != open)
                                        continue;
                                assert_int_equal(at, i);
                                at = kinds_older(&house->kinds, house->briefs, at);
                        }
                        assert_int_equal(at, CASEBOOK_NONE);
                }
        }
}

static void add(struct house *house)
{
        struct casebook_brief *brief = &house->briefs[house->count++];

        snprintf(brief->kind, sizeof(brief->kind), "kind-%u", pick(house, KINDS));
        brief->open = pick(house, 3) > 0;
        assert_int_equal(kinds_add_last(&house->kinds, house->briefs, house->count), 0);
}

static void test_each_kind_newest_first(void **state)
{
        struct house house = {.state = 22032020};

        kinds_init(&house.kinds, &random_system);
        check(&house);
        while (house.count < BRIEFS) {
                add(&house);
                if (pick(&house, 2)) {
                        size_t index = pick(&house, (unsigned)house.count);
                        bool was_open = house.briefs[index].open;

                        house.briefs[index].open = !was_open;
                        kinds_move(&house.kinds, house.briefs, index, was_open);
                }
                if (house.count % 50 == 0)
                        check(&house);
        }
        kinds_release(&house.kinds);
}

static void test_one_in_the_middle(void **state)
{
        struct house house = {.state = 7};

        kinds_init(&house.kinds, &random_system);
        for (int i = 0; i < 40; i++)
                add(&house);
        memmove(house.briefs + 11, house.briefs + 10, 30 * sizeof(*house.briefs));
        house.count++;
        assert_int_equal(kinds_renew(&house.kinds, house.briefs, house.count), 0);
        check(&house);
        kinds_release(&house.kinds);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_kind_newest_first),
                                           cmocka_unit_test(test_one_in_the_middle)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
