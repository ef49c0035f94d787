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
#include "base/file.h"
#include "domains/lists.h"

#define HOUR_NS (3600ULL * 1000000000)
#define MORNING 1584871200000 /* 22 March 2020 */

enum { CERT, OTHER, FRIENDS };

struct bench {
        char folder[32], allowed[48];
        struct clock_manual time;
        struct clock clock;
        struct config *config;
        struct lists *lists;
};

static struct lists *open_lists(struct bench *bench, bool read_only)
{
        const struct lists_options options = {.folder = bench->folder,
                                              .config = bench->config,
                                              .clock = &bench->clock,
                                              .random = &random_system,
                                              .read_only = read_only};
        struct error error = {0};
        struct lists *lists;

        if (lists_open(&options, &lists, &error))
                fail_msg("%s", error.en);
        return lists;
}

static struct config *configure(const struct bench *bench)
{
        struct config *config;
        struct error error = {0};
        char text[2048];
        int length = snprintf(text, sizeof(text),
                              "structure: {name: CHU, kind: etablissement}\ndomains:\n  own: [chu.example, "
                              "site.ville.example]\n"
                              "  partners: [labo.example]\n  allowed: [%s]\n  lists:\n"
                              "    - {name: cert, address: \"file:///a\", trust: block, tlp: green}\n"
                              "    - {name: autre, address: \"file:///b\", trust: block, below: yes, tlp: "
                              "amber, max_age_hours: 24}\n"
                              "    - {name: amis, address: \"file:///c\", trust: allow}\n",
                              bench->allowed);

        if (config_load_text("t.yaml", text, (size_t)length, &config, &error))
                fail_msg("%s", error.en);
        return config;
}

static int set_up(void **state)
{
        struct bench *bench = calloc(1, sizeof(*bench));
        static const char top[] = "moteur.example\n";

        strcpy(bench->folder, "/tmp/garde-lists-XXXXXX");
        assert_non_null(mkdtemp(bench->folder));
        snprintf(bench->allowed, sizeof(bench->allowed), "%s/top", bench->folder);
        assert_int_equal(file_write_atomic(bench->allowed, top, strlen(top), 0640, NULL), 0);
        bench->time.wall_ms = MORNING;
        bench->clock = clock_manual_view(&bench->time);
        bench->config = configure(bench);
        bench->lists = open_lists(bench, false);
        *state = bench;
        return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
        return remove(path);
}

static int tear_down(void **state)
{
        struct bench *bench = *state;

        lists_close(bench->lists);
        config_free(bench->config);
        nftw(bench->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        free(bench);
        return 0;
}

static enum source_outcome take(struct bench *bench, size_t index, const char *text)
{
        CLEANUP(cleanup_fd) int fd = memfd_create("list", MFD_CLOEXEC);
        enum source_outcome outcome;
        struct error error = {0};

        assert_int_equal(write(fd, text, strlen(text)), strlen(text));
        lseek(fd, 0, SEEK_SET);
        if (lists_take(bench->lists, index, fd, &outcome, &error))
                fail_msg("%s", error.en);
        return outcome;
}

static void compile(struct bench *bench)
{
        struct error error = {0};

        if (lists_compile(bench->lists, &error))
                fail_msg("%s", error.en);
}

/* SET_ACTION_COUNT: not listed. */
static int action(const struct lists *lists, const char *name)
{
        struct set_hit hit;

        return set_find(lists_set(lists), name, strlen(name), &hit) ? hit.class.action : SET_ACTION_COUNT;
}

static void test_lists_become_a_generation(void **state)
{
        struct bench *bench = *state;

        assert_null(lists_set(bench->lists));
        assert_int_equal(take(bench, CERT, "mal.example\nbien.example\n"), SOURCE_TAKEN);
        assert_int_equal(take(bench, OTHER, "pire.example\n"), SOURCE_TAKEN);
        assert_int_equal(take(bench, FRIENDS, "bien.example\n"), SOURCE_TAKEN);
        compile(bench);
        assert_int_equal(action(bench->lists, "mal.example"), SET_BLOCK);
        assert_int_equal(action(bench->lists, "www.mal.example"), SET_ACTION_COUNT);
        assert_int_equal(action(bench->lists, "www.pire.example"), SET_BLOCK);
        assert_int_equal(action(bench->lists, "bien.example"), SET_ALLOW);
        assert_int_equal(action(bench->lists, "www.chu.example"), SET_ALLOW);
        assert_int_equal(action(bench->lists, "moteur.example"), SET_ALLOW);
        assert_int_equal(action(bench->lists, "example"), SET_ACTION_COUNT);
        assert_int_equal(set_generation(lists_set(bench->lists)), 1);
        compile(bench);
        assert_int_equal(set_generation(lists_set(bench->lists)), 2);
}

static void test_what_must_not_be_blocked_holds_a_version_back(void **state)
{
        struct bench *bench = *state;

        assert_int_equal(take(bench, CERT, "mal.example\n"), SOURCE_TAKEN);
        assert_int_equal(take(bench, CERT, "mal.example\nwww.chu.example\n"), SOURCE_HELD);
        assert_int_equal(take(bench, CERT, "mal.example\nlabo.example\n"), SOURCE_HELD);
        assert_int_equal(take(bench, CERT, "mal.example\nmoteur.example\n"), SOURCE_HELD);
        assert_int_equal(take(bench, CERT, "mal.example\nco.uk\n"), SOURCE_HELD);
        /* All below a name above an own one; the name itself is no matter. */
        assert_int_equal(take(bench, OTHER, "pire.example\nville.example\n"), SOURCE_HELD);
        compile(bench);
        assert_int_equal(action(bench->lists, "mal.example"), SET_BLOCK);
        assert_int_equal(action(bench->lists, "x.example"), SET_ACTION_COUNT);
}

static void test_an_exemption_ends(void **state)
{
        struct bench *bench = *state;
        struct exemption exemptions[2] = {{.until_ms = MORNING + 3600 * 1000},
                                          {.until_ms = MORNING + 7200 * 1000}};
        struct name below;
        struct addr inside, outside;

        name_parse("mal.example", 11, &exemptions[0].name);
        name_parse("pire.example", 12, &exemptions[1].name);
        name_parse("a.pire.example", 14, &below);
        assert_int_equal(addr_parse("10.1.0.0/16", &exemptions[1].network), 0);
        assert_int_equal(addr_parse("10.1.2.3", &inside), 0);
        assert_int_equal(addr_parse("10.2.2.3", &outside), 0);
        take(bench, CERT, "mal.example\n");
        take(bench, OTHER, "pire.example\n");
        assert_int_equal(lists_exempt(bench->lists, exemptions, 2, NULL), 0);
        compile(bench);
        assert_int_equal(action(bench->lists, "mal.example"), SET_ALLOW);
        assert_int_equal(action(bench->lists, "pire.example"), SET_BLOCK);
        assert_true(lists_is_exempted(bench->lists, &below, &inside));
        assert_false(lists_is_exempted(bench->lists, &below, &outside));
        assert_false(lists_is_exempted(bench->lists, &below, NULL));
        assert_true(lists_is_exempted(bench->lists, &exemptions[0].name, NULL));
        assert_int_equal(lists_next_end_ms(bench->lists), exemptions[0].until_ms);

        lists_close(bench->lists);
        bench->lists = open_lists(bench, false);
        assert_true(lists_is_exempted(bench->lists, &below, &inside));
        clock_manual_advance(&bench->time, HOUR_NS);
        assert_int_equal(lists_next_end_ms(bench->lists), exemptions[1].until_ms);
        compile(bench);
        assert_int_equal(action(bench->lists, "mal.example"), SET_BLOCK);
}

struct seen {
        char text[256];
};

static int append(void *context, const struct listed *listed)
{
        struct seen *seen = context;
        size_t length = strlen(seen->text);

        snprintf(seen->text + length, sizeof(seen->text) - length, "%.*s%s %s;", (int)listed->length,
                 listed->name, listed->below ? "+" : "", config_tlp_word(listed->tlp));
        return 0;
}

static void test_each_blocked_name_comes_once(void **state)
{
        struct bench *bench = *state;
        struct seen seen = {""};

        take(bench, CERT, "mal.example\nbien.example\na.example\n");
        take(bench, OTHER, "pire.example\nmal.example\n");
        take(bench, FRIENDS, "bien.example\n");
        compile(bench);
        assert_int_equal(lists_each_blocked(bench->lists, append, &seen, NULL), 0);
        assert_string_equal(seen.text, "a.example green;mal.example+ amber;pire.example+ amber;");

        clock_manual_advance(&bench->time, 25 * HOUR_NS); /* nobody has heard of the second list since */
        take(bench, CERT, "mal.example\na.example\n");
        compile(bench);
        seen.text[0] = '\0';
        assert_int_equal(lists_each_blocked(bench->lists, append, &seen, NULL), 0);
        assert_string_equal(seen.text, "a.example green;mal.example green;");
        assert_int_equal(action(bench->lists, "pire.example"), SET_ACTION_COUNT);
}

static void test_why_remembers(void **state)
{
        struct bench *bench = *state;
        struct name name;
        json_t *why;

        take(bench, CERT, "mal.example # hameçonnage\n");
        take(bench, OTHER, "mal.example\n");
        clock_manual_advance(&bench->time, 48 * HOUR_NS);
        take(bench, CERT, "autre.example\n");
        compile(bench);
        name_parse("www.mal.example", 15, &name);
        why = lists_why(bench->lists, &name);
        assert_int_equal(json_array_size(why), 1);
        assert_string_equal(json_string_value(json_object_get(json_array_get(why, 0), "list")), "autre");
        json_decref(why);
        name_parse("mal.example", 11, &name);
        why = lists_why(bench->lists, &name);
        assert_int_equal(json_array_size(why), 2);
        assert_false(json_boolean_value(json_object_get(json_array_get(why, 0), "present")));
        assert_string_equal(json_string_value(json_object_get(json_array_get(why, 0), "first")),
                            "2020-03-22");
        json_decref(why);
}

static void test_one_keeps_them_others_look(void **state)
{
        struct bench *bench = *state;
        const struct lists_options second = {.folder = bench->folder,
                                             .config = bench->config,
                                             .clock = &bench->clock,
                                             .random = &random_system};
        struct error error = {0};
        struct lists *lists;

        assert_int_equal(lists_open(&second, &lists, &error), -EBUSY);
        assert_non_null(strstr(error.en, "garde-domains"));
        take(bench, CERT, "mal.example\n");
        lists = open_lists(bench, true);
        assert_null(lists_set(lists));
        assert_int_equal(lists_reopen(lists, NULL), 1);
        compile(bench);
        assert_int_equal(lists_reopen(lists, NULL), 0);
        assert_int_equal(action(lists, "mal.example"), SET_BLOCK);
        lists_close(lists);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
                TEST(test_lists_become_a_generation),
                TEST(test_what_must_not_be_blocked_holds_a_version_back),
                TEST(test_an_exemption_ends),
                TEST(test_each_blocked_name_comes_once),
                TEST(test_why_remembers),
                TEST(test_one_keeps_them_others_look),
        };

        return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
