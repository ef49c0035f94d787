/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Each test works in a folder of its own, empty at first. */
static int enter_folder(void **state)
{
        char *folder = strdup("/tmp/garde-file-test-XXXXXX");

        if (!folder || !mkdtemp(folder) || chdir(folder))
                return -1;
        *state = folder;
        return 0;
}

static int leave_folder(void **state)
{
        char command[PATH_MAX];

        snprintf(command, sizeof(command), "rm -rf %s", (char *)*state);
        free(*state);
        return chdir("/") || system(command);
}

static void check_content(const char *path, const void *expected, size_t length)
{
        CLEANUP(cleanup_free) char *data = NULL;
        size_t got;

        assert_int_equal(file_read(path, 1 << 20, &data, &got, NULL), 0);
        assert_int_equal(got, length);
        assert_memory_equal(data, expected, length);
        assert_int_equal(data[length], 0);
}

static size_t entries_here(void)
{
        struct dirent **names;
        int count = scandir(".", &names, NULL, NULL);

        assert_true(count >= 2);
        for (int i = 0; i < count; i++)
                free(names[i]);
        free(names);
        return (size_t)count - 2;
}

static void test_what_is_written_is_read(void **state)
{
        assert_int_equal(file_write_atomic("a", "x\0y", 3, 0600, NULL), 0);
        check_content("a", "x\0y", 3);
        assert_int_equal(file_write_atomic("a", "", 0, 0600, NULL), 0);
        check_content("a", "", 0);
        assert_int_equal(entries_here(), 1);
}

static void test_larger_than_one_read(void **state)
{
        size_t length = 300001;
        CLEANUP(cleanup_free) char *data = malloc(length);

        assert_non_null(data);
        for (size_t i = 0; i < length; i++)
                data[i] = (char)(i * 31);
        assert_int_equal(file_write_atomic("a", data, length, 0600, NULL), 0);
        check_content("a", data, length);
}

static void test_mode_is_as_asked(void **state)
{
        struct stat found;

        assert_int_equal(file_write_atomic("a", "x", 1, 0600, NULL), 0);
        assert_int_equal(stat("a", &found), 0);
        assert_int_equal(found.st_mode & 0777, 0600);
}

static void test_cap_is_exact(void **state)
{
        CLEANUP(cleanup_free) char *data = NULL;
        size_t length = 99;
        struct error error = {0};

        assert_int_equal(file_write_atomic("a", "12345", 5, 0600, NULL), 0);
        assert_int_equal(file_read("a", 4, &data, &length, &error), -EFBIG);
        assert_null(data);
        assert_int_equal(length, 99);
        assert_string_equal(error.en, "a is larger than the 4 bytes allowed");
        assert_int_equal(file_read("a", 5, &data, &length, &error), 0);
        assert_int_equal(length, 5);
}

static void test_a_secret_is_its_readers_alone(void **state)
{
        static const mode_t modes[] = {0601, 0604, 0610, 0640, 0660, 0644};
        CLEANUP(cleanup_free) char *data = NULL;
        size_t length;
        struct error error = {0};

        assert_int_equal(file_write_atomic("secret", "abc", 3, 0600, NULL), 0);
        assert_int_equal(file_read_secret("secret", 10, &data, &length, NULL), 0);
        assert_string_equal(data, "abc");
        free(STEAL_PTR(data));
        for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
                assert_int_equal(chmod("secret", modes[i]), 0);
                assert_int_equal(file_read_secret("secret", 10, &data, &length, &error), -EACCES);
        }
        assert_non_null(strstr(error.en, "mode 0600"));
        assert_int_equal(chmod("secret", 0400), 0);
        assert_int_equal(file_read_secret("secret", 2, &data, &length, NULL), -EFBIG);
        assert_int_equal(symlink("secret", "link"), 0);
        assert_int_equal(file_read_secret("link", 10, &data, &length, NULL), -ELOOP);
        assert_int_equal(file_read_secret(".", 10, &data, &length, NULL), -EACCES);
        assert_int_equal(file_read_secret("absent", 10, &data, &length, NULL), -ENOENT);
        assert_null(data);
}

static void test_errors_name_the_file(void **state)
{
        char *data = NULL;
        size_t length;
        struct error error = {0};

        assert_int_equal(file_read("absent", 10, &data, &length, &error), -ENOENT);
        assert_non_null(strstr(error.en, "absent"));
        assert_int_equal(file_read(".", 10, &data, &length, &error), -EISDIR);
        assert_null(data);
        assert_int_equal(file_write_atomic("no/such/folder", "x", 1, 0600, &error), -ENOENT);
        assert_non_null(strstr(error.en, "no/such/folder"));
}

static void test_a_failed_write_leaves_old_and_no_litter(void **state)
{
        assert_int_equal(mkdir("taken", 0700), 0);
        assert_int_equal(file_write_atomic("taken/inside", "x", 1, 0600, NULL), 0);
        assert_int_equal(file_write_atomic("taken", "y", 1, 0600, NULL), -EISDIR);
        check_content("taken/inside", "x", 1);
        assert_int_equal(entries_here(), 1);
}

static void test_a_path_too_long_is_refused(void **state)
{
        char path[PATH_MAX + 10];

        memset(path, 'a', sizeof(path) - 1);
        path[sizeof(path) - 1] = '\0';
        assert_int_equal(file_write_atomic(path, "x", 1, 0600, NULL), -ENAMETOOLONG);
        assert_int_equal(file_make_folders(path, 0700, NULL), -ENAMETOOLONG);
}

static void test_folders_are_made_once(void **state)
{
        struct stat found;

        assert_int_equal(file_make_folders("one/two//three/", 0700, NULL), 0);
        assert_int_equal(file_make_folders("one/two/three", 0755, NULL), 0);
        assert_int_equal(stat("one/two/three", &found), 0);
        assert_true(S_ISDIR(found.st_mode));
        assert_int_equal(found.st_mode & 0777, 0700);
}

static void test_a_file_in_the_way_is_an_error(void **state)
{
        struct error error = {0};

        assert_int_equal(file_write_atomic("a", "x", 1, 0600, NULL), 0);
        assert_int_equal(file_make_folders("a", 0700, &error), -ENOTDIR);
        assert_int_equal(file_make_folders("a/b", 0700, &error), -ENOTDIR);
        assert_non_null(strstr(error.en, "a"));
        assert_int_equal(file_make_folders("", 0700, &error), -EINVAL);
}

static void test_a_lock_is_held_by_one(void **state)
{
        struct error error = {0};
        int first = -1, second = -1;

        assert_int_equal(file_lock("lock", &first, &error), 0);
        assert_int_equal(file_lock("lock", &second, &error), -EBUSY);
        assert_int_equal(second, -1);
        assert_non_null(strstr(error.en, "lock"));
        close(first);
        assert_int_equal(file_lock("lock", &second, &error), 0);
        close(second);
        assert_int_equal(symlink("lock", "link"), 0);
        assert_int_equal(file_lock("link", &second, &error), -ELOOP);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
        const struct CMUnitTest tests[] = {
                IN_FOLDER(test_what_is_written_is_read),
                IN_FOLDER(test_larger_than_one_read),
                IN_FOLDER(test_mode_is_as_asked),
                IN_FOLDER(test_cap_is_exact),
                IN_FOLDER(test_a_secret_is_its_readers_alone),
                IN_FOLDER(test_errors_name_the_file),
                IN_FOLDER(test_a_failed_write_leaves_old_and_no_litter),
                IN_FOLDER(test_a_path_too_long_is_refused),
                IN_FOLDER(test_folders_are_made_once),
                IN_FOLDER(test_a_file_in_the_way_is_an_error),
                IN_FOLDER(test_a_lock_is_held_by_one),
        };

        return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
