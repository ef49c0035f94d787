/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/paths.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* A data folder of its own; GARDE_DATA is put back as it was. */
static int make_data(void **state)
{
        char *folder = strdup("/tmp/garde-paths-test-XXXXXX");
        char path[PATH_MAX];

        if (!folder || !mkdtemp(folder))
                return -1;
        snprintf(path, sizeof(path), "%s/rules.yaml", folder);
        *state = folder;
        return file_write_atomic(path, "x", 1, 0600, NULL) || setenv("GARDE_DATA", folder, 1);
}

static int drop_data(void **state)
{
        char path[PATH_MAX];

        snprintf(path, sizeof(path), "%s/rules.yaml", (char *)*state);
        unlink(path);
        rmdir(*state);
        free(*state);
        return unsetenv("GARDE_DATA");
}

static void test_the_given_folder_wins(void **state)
{
        char path[PATH_MAX], expected[PATH_MAX];

        snprintf(expected, sizeof(expected), "%s/rules.yaml", (char *)*state);
        assert_int_equal(paths_data("rules.yaml", path, NULL), 0);
        assert_string_equal(path, expected);
}

static void test_the_given_folder_is_the_only_one(void **state)
{
        char path[PATH_MAX] = "before";
        struct error error = {0};

        assert_int_equal(paths_data("absent.yaml", path, &error), -ENOENT);
        assert_non_null(strstr(error.en, "absent.yaml"));
        assert_non_null(strstr(error.en, *state));
        assert_string_equal(path, "before");
}

static void test_absent_data_says_what_to_do(void **state)
{
        char path[PATH_MAX] = "before";
        struct error error = {0};

        assert_int_equal(unsetenv("GARDE_DATA"), 0);
        assert_int_equal(paths_data("no-such-file-anywhere", path, &error), -ENOENT);
        assert_non_null(strstr(error.en, "GARDE_DATA"));
        assert_string_equal(path, "before");
}

static void test_a_program_lies_beside_this_one(void **state)
{
        char path[PATH_MAX] = "before";
        struct error error = {0};
        struct stat found, self;

        assert_int_equal(paths_program("paths_test", path, &error), 0);
        assert_int_equal(stat(path, &found), 0);
        assert_int_equal(stat("/proc/self/exe", &self), 0);
        assert_int_equal(found.st_ino, self.st_ino);
        assert_int_equal(paths_program("garde-absent", path, &error), -ENOENT);
        assert_non_null(strstr(error.en, "garde-absent"));
}

static void test_a_name_too_long_is_not_found(void **state)
{
        char name[PATH_MAX + 10], path[PATH_MAX];

        memset(name, 'a', sizeof(name) - 1);
        name[sizeof(name) - 1] = '\0';
        assert_int_equal(paths_program(name, path, NULL), -ENOENT);
        assert_int_equal(paths_data(name, path, NULL), -ENOENT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_the_given_folder_wins, make_data, drop_data),
                cmocka_unit_test_setup_teardown(test_the_given_folder_is_the_only_one, make_data, drop_data),
                cmocka_unit_test(test_absent_data_says_what_to_do),
                cmocka_unit_test(test_a_program_lies_beside_this_one),
                cmocka_unit_test(test_a_name_too_long_is_not_found),
        };

        return cmocka_run_group_tests_name("paths", tests, NULL, NULL);
}
