/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/faults.h"

static void test_order_of_lines(void **state)
{
        CLEANUP(faults_release) struct faults faults = {0};

        faults_add(&faults, 7, "b", "sept", "seven");
        faults_add(&faults, 2, "a", "deux", "two");
        faults_add(&faults, 7, "c", "encore sept", "seven again");
        faults_add(&faults, 0, "", "le tout", "the whole");
        assert_int_equal(faults.count, 4);
        assert_string_equal(faults.list[0].en, "the whole");
        assert_string_equal(faults.list[1].key, "a");
        assert_string_equal(faults.list[2].key, "b");
        assert_string_equal(faults.list[3].fr, "encore sept");
}

/* Whatever the order in which they were found, the lowest lines stay. */
static void test_the_lowest_lines_are_kept(void **state)
{
        for (unsigned way = 0; way < 2; way++) {
                CLEANUP(faults_release) struct faults faults = {0};

                for (unsigned i = 1; i <= 3 * FAULTS_MAX; i++)
                        faults_add(&faults, way ? 3 * FAULTS_MAX + 1 - i : i, "k", "fr", "en");
                assert_int_equal(faults.count, FAULTS_MAX);
                assert_int_equal(faults.more, 2 * FAULTS_MAX);
                for (unsigned i = 0; i < FAULTS_MAX; i++)
                        assert_int_equal(faults.list[i].line, i + 1);
        }
}

static void test_error_says_the_first_by_place(void **state)
{
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        struct fault_log log = {.file = "f.yaml", .error = &error};

        assert_int_equal(fault_log_add(&log, 9, "b", "neuf", "nine"), -EINVAL);
        assert_int_equal(fault_log_add(&log, 4, NULL, "quatre", "four"), -EINVAL);
        assert_int_equal(fault_log_add(&log, 5, "c", "cinq", "five"), -EINVAL);
        assert_int_equal(log.found, 3);
        assert_string_equal(error.en, "f.yaml:4: four");
        assert_string_equal(error.fr, "f.yaml:4: quatre");
        assert_string_equal(faults.list[0].en, error.en);
        assert_string_equal(faults.list[2].en, "f.yaml:9: nine");
}

static void test_nobody_listens(void **state)
{
        struct error error = {0};
        struct fault_log deaf = {.file = "f.yaml"}, alone = {.file = "f.yaml", .error = &error};

        assert_int_equal(fault_log_add(&deaf, 1, "a", "un", "one"), -EINVAL);
        assert_int_equal(fault_log_add(&alone, 0, "", "le tout", "the whole"), -EINVAL);
        assert_int_equal(deaf.found, 1);
        assert_string_equal(error.en, "f.yaml: the whole");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_order_of_lines),
                cmocka_unit_test(test_the_lowest_lines_are_kept),
                cmocka_unit_test(test_error_says_the_first_by_place),
                cmocka_unit_test(test_nobody_listens),
        };

        return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
