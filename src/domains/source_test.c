/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "domains/source.h"

#define DAY_NS  (24ULL * 3600 * 1000000000)
#define MORNING 1584871200000 /* 22 March 2020 */

struct bench {
        char folder[32];
        struct clock_manual time;
        struct clock clock;
        struct source *source;
        struct source_options options;
};

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
        return remove(path);
}

static void open_again(struct bench *bench)
{
        struct error error = {0};

        source_close(bench->source);
        bench->source = NULL;
        if (source_open(bench->folder, &bench->options, &bench->clock, &bench->source, &error))
                fail_msg("%s", error.en);
}

static int set_up(void **state)
{
        struct bench *bench = calloc(1, sizeof(*bench));

        strcpy(bench->folder, "/tmp/garde-source-XXXXXX");
        assert_non_null(mkdtemp(bench->folder));
        bench->time.wall_ms = MORNING;
        bench->clock = clock_manual_view(&bench->time);
        bench->options = (struct source_options){.name = "cert-sante",
                                                 .trust = SET_BLOCK,
                                                 .format = LIST_FORMAT_PLAIN,
                                                 .entries_max = 10000,
                                                 .bytes_max = 1 << 20,
                                                 .change_percent = 50,
                                                 .max_age_ms = 72LL * 3600 * 1000};
        open_again(bench);
        *state = bench;
        return 0;
}

static int tear_down(void **state)
{
        struct bench *bench = *state;

        source_close(bench->source);
        nftw(bench->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        free(bench);
        return 0;
}

/* Who keeps "ameli.fr" from being blocked. */
static const char *kept(void *context, const struct name *name, bool below)
{
        return strcmp(name->text, "ameli.fr") ? NULL : "allowed";
}

static int take_text(struct bench *bench, const char *text, enum source_outcome *outcome)
{
        const struct source_guard guard = {.kept = kept};
        CLEANUP(cleanup_fd) int fd = memfd_create("list", MFD_CLOEXEC);
        struct error error = {0};
        int r;

        assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
        lseek(fd, 0, SEEK_SET);
        r = source_take(bench->source, fd, &guard, outcome, &error);
        if (r) {
                assert_true(error.fr[0] && error.en[0]);
                assert_non_null(strstr(error.en, "cert-sante"));
        }
        return r;
}

static void assert_taken(struct bench *bench, const char *text, enum source_outcome expected)
{
        enum source_outcome outcome = SOURCE_UNCHANGED;

        assert_int_equal(take_text(bench, text, &outcome), 0);
        assert_int_equal(outcome, expected);
}

static uint64_t names_in_force(const struct bench *bench)
{
        json_t *state = source_state(bench->source);
        uint64_t names = (uint64_t)json_integer_value(json_object_get(state, "names"));

        json_decref(state);
        return names;
}

static bool is_held(const struct bench *bench)
{
        json_t *state = source_state(bench->source);
        bool held = json_is_object(json_object_get(state, "held"));

        json_decref(state);
        return held;
}

static void pass_days(struct bench *bench, unsigned days)
{
        clock_manual_advance(&bench->time, days * DAY_NS);
}

static void what_stood_there_is_remembered(void **state)
{
        struct bench *bench = *state;
        struct source_memory memory = {0};

        assert_taken(bench, "b.example\na.example\n*.w.example\n", SOURCE_TAKEN);
        assert_taken(bench, "b.example\na.example\n*.w.example\n", SOURCE_UNCHANGED);
        pass_days(bench, 3);
        assert_taken(bench, "a.example\nc.example\n", SOURCE_TAKEN);
        open_again(bench);
        assert_int_equal(names_in_force(bench), 2);
        assert_int_equal(source_recall(bench->source, "a.example", &memory, NULL), 0);
        assert_true(memory.present);
        assert_int_equal(memory.last_ms - memory.first_ms, 3LL * 24 * 3600 * 1000);
        assert_int_equal(source_recall(bench->source, "w.example", &memory, NULL), 0);
        assert_true(!memory.present && memory.below);
        assert_int_equal(memory.first_ms, memory.last_ms);
        assert_int_equal(source_recall(bench->source, "never.example", &memory, NULL), 1);
        pass_days(bench, SOURCE_MEMORY_DAYS + 1);
        assert_taken(bench, "a.example\nd.example\n", SOURCE_TAKEN);
        assert_int_equal(source_recall(bench->source, "w.example", &memory, NULL), 1);
        assert_int_equal(source_recall(bench->source, "a.example", &memory, NULL), 0);
}

static void a_version_that_names_what_must_not_be_blocked_waits(void **state)
{
        struct bench *bench = *state;

        assert_taken(bench, "a.example\n", SOURCE_TAKEN);
        assert_taken(bench, "a.example\nameli.fr\n", SOURCE_HELD);
        assert_true(is_held(bench));
        assert_int_equal(names_in_force(bench), 1);
        open_again(bench);
        assert_int_equal(source_release(bench->source, "Claire", NULL), 0);
        assert_int_equal(names_in_force(bench), 2);
        assert_false(is_held(bench));
        /* Let in once, it is not asked again. */
        assert_taken(bench, "a.example\nameli.fr\nb.example\n", SOURCE_TAKEN);
        assert_int_equal(source_release(bench->source, "Claire", NULL), -ENOENT);
}

static char *many_names(unsigned count)
{
        char *text = calloc(count + 1, 24), *at = text;

        for (unsigned i = 0; i < count; i++)
                at += sprintf(at, "n%u.example\n", i);
        return text;
}

static void a_version_that_shrinks_or_empties_waits(void **state)
{
        struct bench *bench = *state;
        CLEANUP(cleanup_free)
        char *whole = many_names(1000), *half = many_names(400), *most = many_names(600);

        assert_taken(bench, whole, SOURCE_TAKEN);
        assert_taken(bench, half, SOURCE_HELD);
        assert_taken(bench, "# nothing\n", SOURCE_HELD);
        assert_int_equal(names_in_force(bench), 1000);
        assert_int_equal(source_discard(bench->source, "Claire", NULL), 0);
        assert_taken(bench, most, SOURCE_TAKEN);
        assert_int_equal(names_in_force(bench), 600);
        assert_false(is_held(bench));
}

static void what_cannot_be_read_changes_nothing(void **state)
{
        struct bench *bench = *state;
        enum source_outcome outcome;

        assert_taken(bench, "a.example\n", SOURCE_TAKEN);
        assert_int_equal(take_text(bench, "<html>404</html>\n", &outcome), -EINVAL);
        open_again(bench);
        assert_int_equal(names_in_force(bench), 1);
        json_t *told = source_state(bench->source);
        assert_true(json_is_object(json_object_get(told, "error")));
        json_decref(told);
}

static void a_list_nobody_hears_of_stops_counting(void **state)
{
        struct bench *bench = *state;
        struct set_builder_options options = {.expected = 10, .random = &random_system};
        struct set_builder *builder = NULL;

        assert_taken(bench, "a.example\n", SOURCE_TAKEN);
        assert_int_equal(set_builder_new(&options, &builder, NULL), 0);
        assert_int_equal(set_builder_source(builder, "cert-sante"), 0);
        assert_int_equal(source_compile(bench->source, builder, 0, NULL), 0);
        assert_int_equal(set_builder_names(builder), 1);
        set_builder_free(builder);
        pass_days(bench, 4);
        assert_true(source_is_stale(bench->source));
        assert_int_equal(set_builder_new(&options, &builder, NULL), 0);
        assert_int_equal(set_builder_source(builder, "cert-sante"), 0);
        assert_int_equal(source_compile(bench->source, builder, 0, NULL), 0);
        assert_int_equal(set_builder_names(builder), 0);
        set_builder_free(builder);
        assert_int_equal(source_confirm(bench->source, NULL), 0);
        assert_false(source_is_stale(bench->source));
}

static void a_damaged_file_is_named(void **state)
{
        struct bench *bench = *state;
        char path[128];
        struct error error = {0};
        FILE *file;

        assert_taken(bench, "a.example\nb.example\n", SOURCE_TAKEN);
        snprintf(path, sizeof(path), "%s/cert-sante/current", bench->folder);
        file = fopen(path, "a");
        fputs("a.example\tp\t1\t2\t\n", file);
        fclose(file);
        bench->source = source_close(bench->source);
        assert_int_equal(source_open(bench->folder, &bench->options, &bench->clock, &bench->source, &error),
                         -EINVAL);
        assert_non_null(strstr(error.en, "line 3"));
        bench->source = NULL;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(what_stood_there_is_remembered, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_version_that_names_what_must_not_be_blocked_waits, set_up,
                                                tear_down),
                cmocka_unit_test_setup_teardown(a_version_that_shrinks_or_empties_waits, set_up, tear_down),
                cmocka_unit_test_setup_teardown(what_cannot_be_read_changes_nothing, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_list_nobody_hears_of_stops_counting, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_damaged_file_is_named, set_up, tear_down),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
