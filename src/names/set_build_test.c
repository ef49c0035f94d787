/* SPDX-License-Identifier: EUPL-1.2 */
/* Building: sizes, caps, classes that run out, files that are damaged, and a builder that dies on the way. */
#include "names/set_test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "names/set_image.h"

#define MANY 60000

static struct set *build_numbered(unsigned count, uint64_t expected, uint64_t generation)
{
        struct set_builder *builder = begin(expected, generation);
        char text[128];

        for (unsigned n = 0; n < count; n++)
                add(builder, numbered(2 * n, text), false, n % 2, SET_BLOCK);
        assert_int_equal(set_builder_names(builder), count);
        return finish(builder, "set");
}

static void check_numbered(const struct set *set, unsigned count)
{
        char text[128];
        struct set_hit hit;

        assert_int_equal(set_names(set), count);
        for (unsigned n = 0; n < count; n++) {
                assert_true(find(set, numbered(2 * n, text), &hit));
                assert_int_equal(hit.class.sources, n % 2 ? 2 : 1);
                assert_false(find(set, numbered(2 * n + 1, text), &hit));
        }
}

static void test_every_size_holds_every_name(void **state)
{
        for (unsigned count = 0; count < 40; count++) {
                struct set *set = build_numbered(count, count, count);
                check_numbered(set, count);
                set_close(set);
        }
}

static void test_more_than_expected_are_taken(void **state)
{
        struct set *set = build_numbered(MANY, 0, 1);
        size_t grown = set_bytes(set);

        check_numbered(set, MANY);
        set_close(set);
        set = build_numbered(MANY, MANY, 1);
        check_numbered(set, MANY);
        assert_true(grown < set_bytes(set) * 12 / 10);
        set_close(set);
}

static void test_room_for_a_name(void **state)
{
        struct set *set = build_numbered(MANY, MANY, 1);
        double each = (double)(set_bytes(set) - sizeof(struct set_image)) / MANY;

        assert_true(each < 9.8);
        set_close(set);
}

static void test_too_many_expected(void **state)
{
        struct set_builder *builder = NULL;
        struct error error = {0};

        assert_int_equal(set_builder_new(&(struct set_builder_options){.expected = SET_NAMES_MAX + 1ULL,
                                                                       .random = &random_system},
                                         &builder, &error),
                         -E2BIG);
        assert_string_equal(error.en, "a compiled list holds 67108864 names at most");
        assert_null(builder);
}

static void test_what_a_builder_refuses_changes_nothing(void **state)
{
        struct set_builder *builder = begin(10, 1);
        struct set_hit hit;
        char name[SET_SOURCE_LENGTH + 2];

        assert_int_equal(set_builder_add(builder, "", 0, false, 0, SET_BLOCK), -EINVAL);
        assert_int_equal(set_builder_add(builder, "a..b", 4, false, 0, SET_BLOCK), -EINVAL);
        assert_int_equal(set_builder_add(builder, "a.b.", 4, false, 0, SET_BLOCK), -EINVAL);
        assert_int_equal(set_builder_add(builder, "A.b", 3, false, 0, SET_BLOCK), -EINVAL);
        assert_int_equal(set_builder_add(builder, "a.b", 3, false, 2, SET_BLOCK), -EINVAL);
        assert_int_equal(set_builder_add(builder, "a.b", 3, false, 0, SET_ACTION_COUNT), -EINVAL);
        assert_int_equal(set_builder_source(builder, ""), -EINVAL);
        memset(name, 'n', sizeof(name) - 1);
        name[sizeof(name) - 1] = '\0';
        assert_int_equal(set_builder_source(builder, name), -EINVAL);
        for (int i = 2; i < SET_SOURCES_MAX; i++)
                assert_int_equal(set_builder_source(builder, name + 1), i);
        assert_int_equal(set_builder_source(builder, "one more"), -E2BIG);
        assert_int_equal(set_builder_names(builder), 0);
        add(builder, "c.d", false, 63, SET_BLOCK);
        struct set *set = finish(builder, "set");
        assert_false(find(set, "a.b", &hit));
        assert_true(find(set, "c.d", &hit));
        assert_true(hit.class.sources == 1ULL << 63);
        assert_string_equal(set_source(set, 63), name + 1);
        set_close(set);
}

/* Every name with sources of its own: far more combinations than there are classes. */
static void test_classes_that_run_out_become_too_many_sources_never_too_few(void **state)
{
        struct set_builder *builder = begin(5000, 1);
        struct set_hit hit;
        char text[128];

        for (unsigned i = 2; i < 16; i++)
                set_builder_source(builder, "more");
        for (unsigned n = 0; n < 5000; n++)
                for (unsigned bit = 0; bit < 13; bit++)
                        if ((n + 1) >> bit & 1)
                                add(builder, numbered(n, text), n % 2, bit, n % 3 ? SET_BLOCK : SET_WATCH);
        struct set *set = finish(builder, "set");
        assert_true(set_united(set) > 0);
        for (unsigned n = 0; n < 5000; n++) {
                assert_true(find(set, numbered(n, text), &hit));
                assert_int_equal(hit.class.action, n % 3 ? SET_BLOCK : SET_WATCH);
                assert_int_equal(hit.class.sources & (n + 1), n + 1);
                assert_int_equal(hit.below, n % 2);
        }
        set_close(set);
}

/* ---- files ---- */

static void test_an_old_generation_stays_usable(void **state)
{
        struct set *old = build_numbered(1000, 1000, 1), *new;
        struct set_hit hit;

        new = build_numbered(2000, 2000, 2);
        check_numbered(old, 1000);
        check_numbered(new, 2000);
        assert_int_equal(set_generation(old), 1);
        assert_int_equal(set_generation(new), 2);
        assert_int_equal(unlink("set"), 0);
        assert_true(find(old, "n0.example", &hit));
        set_close(old);
        set_close(new);
}

static void test_the_secret_is_new_in_each_file(void **state)
{
        struct set *one = build_numbered(10, 10, 1), *two = build_numbered(10, 10, 2);
        size_t length;
        const struct set_image *a = set_image(one, &length), *b = set_image(two, &length);

        assert_memory_not_equal(&a->head.secret, &b->head.secret, sizeof(a->head.secret));
        assert_int_equal(a->head.secret.words[SET_SECRET_WORDS - 1] & 1, 1);
        set_close(one);
        set_close(two);
}

static void check_refused(const char *data, size_t length, const char *why_en, const char *why_fr)
{
        struct set *set = NULL;
        struct error error = {0};

        assert_int_equal(file_write_atomic("damaged", data, length, 0600, NULL), 0);
        assert_int_equal(set_open("damaged", &set, &error), -EINVAL);
        assert_null(set);
        if (!strstr(error.en, why_en) || !strstr(error.fr, why_fr))
                fail_msg("%s | %s", error.en, error.fr);
        assert_non_null(strstr(error.en, "damaged"));
}

static void test_damaged_files_are_refused_with_a_sentence(void **state)
{
        CLEANUP(cleanup_free) char *data = NULL;
        struct set *set = build_numbered(1000, 1000, 1);
        struct set_image *image;
        struct error error = {0};
        size_t length;

        set_close(set);
        assert_int_equal(file_read("set", 1 << 24, &data, &length, NULL), 0);
        image = (struct set_image *)data;
        check_refused(data, 0, "cut off", "tronquée");
        check_refused(data, sizeof(*image) - 1, "cut off", "tronquée");
        check_refused(data, sizeof(*image), "cut off or lengthened", "tronquée ou allongée");
        check_refused(data, length - 64, "cut off or lengthened", "tronquée ou allongée");
        check_refused(data, length - 1, "cut off or lengthened", "tronquée ou allongée");
        image->head.version++;
        check_refused(data, length, "another version", "autre version");
        image->head.version--;
        image->head.magic ^= 1;
        check_refused(data, length, "it is none", "ce n’en est pas une");
        image->head.magic ^= 1;
        image->classes[SET_IMAGE_CLASSES - 1].pad[13] = 1;
        check_refused(data, length, "checksum", "somme de contrôle");
        image->classes[17].exact = SET_ACTION_COUNT + 1;
        image->head.sum_head = set_sum_head(image);
        check_refused(data, length, "inconsistent", "incohérente");
        image->classes[17].exact = SET_BLOCK + 1;
        memset(image->sources[5], 'x', SET_SOURCE_SIZE);
        image->head.sum_head = set_sum_head(image);
        check_refused(data, length, "inconsistent", "incohérente");
        memset(image->sources[5], 0, SET_SOURCE_SIZE);
        image->buckets[3].slots[3] ^= 1ULL << 40;
        image->head.sum_head = set_sum_head(image);
        assert_int_equal(file_write_atomic("damaged", data, length, 0600, NULL), 0);
        assert_int_equal(set_open("damaged", &set, &error), 0); /* not every page is read */
        assert_int_equal(set_verify(set, &error), -EINVAL);
        assert_non_null(strstr(error.en, "damaged"));
        set_close(set);
}

static void test_what_is_no_file_is_refused(void **state)
{
        struct set *set = NULL;
        struct error error = {0};

        assert_int_equal(set_open("absent", &set, &error), -ENOENT);
        assert_non_null(strstr(error.en, "absent"));
        assert_int_equal(set_open(".", &set, &error), -EINVAL);
        assert_int_equal(mkfifo("pipe", 0600), 0);
        assert_int_equal(set_open("pipe", &set, &error), -EINVAL);
        assert_null(set);
}

/* The disk is full: here a limit of this process says so. */
static void test_a_write_that_fails_leaves_the_old_file(void **state)
{
        struct set *set = build_numbered(100, 100, 1);
        struct set_builder *builder = begin(MANY, 2);
        struct rlimit limit, small = {.rlim_cur = 100000};
        struct error error = {0};
        char text[128];

        set_close(set);
        for (unsigned n = 0; n < MANY; n++)
                add(builder, numbered(n, text), false, 0, SET_BLOCK);
        assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
        small.rlim_max = limit.rlim_max;
        signal(SIGXFSZ, SIG_IGN);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        assert_int_equal(set_builder_write(builder, "set", &error), -EFBIG);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        assert_non_null(strstr(error.en, "set"));
        assert_int_equal(set_open("set", &set, NULL), 0);
        check_numbered(set, 100);
        set_close(set);
        /* And once there is room again the very same builder can write. */
        set = finish(builder, "set");
        assert_int_equal(set_names(set), MANY);
        set_close(set);
}

static bool appears(const char *path)
{
        struct stat found;

        return stat(path, &found) == 0 && found.st_size > 0;
}

/* Killed while the new file is being written: whatever the moment, there is one whole set. */
static void test_a_builder_that_is_killed_leaves_the_old_file(void **state)
{
        struct set *set = build_numbered(100, 100, 1);
        char text[128], temporary[64];
        int status;
        pid_t child;

        set_close(set);
        child = fork();
        if (child == 0) {
                struct set_builder *builder = begin(200000, 2);
                for (unsigned n = 0; n < 200000; n++)
                        add(builder, numbered(2 * n, text), false, n % 2, SET_BLOCK);
                for (;;)
                        if (set_builder_write(builder, "set", NULL))
                                _exit(1);
        }
        snprintf(temporary, sizeof(temporary), "set.new.%d", (int)child);
        while (!appears(temporary))
                assert_int_equal(waitpid(child, &status, WNOHANG), 0);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(set_open("set", &set, NULL), 0);
        assert_int_equal(set_verify(set, NULL), 0);
        check_numbered(set, set_generation(set) == 1 ? 100 : 200000);
        set_close(set);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                IN_FOLDER(test_every_size_holds_every_name),
                IN_FOLDER(test_more_than_expected_are_taken),
                IN_FOLDER(test_room_for_a_name),
                IN_FOLDER(test_too_many_expected),
                IN_FOLDER(test_what_a_builder_refuses_changes_nothing),
                IN_FOLDER(test_classes_that_run_out_become_too_many_sources_never_too_few),
                IN_FOLDER(test_an_old_generation_stays_usable),
                IN_FOLDER(test_the_secret_is_new_in_each_file),
                IN_FOLDER(test_damaged_files_are_refused_with_a_sentence),
                IN_FOLDER(test_what_is_no_file_is_refused),
                IN_FOLDER(test_a_write_that_fails_leaves_the_old_file),
                IN_FOLDER(test_a_builder_that_is_killed_leaves_the_old_file),
        };

        return cmocka_run_group_tests_name("set_build", tests, NULL, NULL);
}
