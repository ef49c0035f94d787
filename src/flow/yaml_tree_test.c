/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/yaml_tree.h"

static void refuses(const char *text, const char *says)
{
        struct yaml_file file;
        struct error error = {0};

        yaml_read("f.yaml", text, strlen(text), &file, &error);
        assert_int_equal(file.result, -EINVAL);
        if (!strstr(error.en, says))
                fprintf(stderr, "\"%s\" does not say \"%s\"\n", error.en, says);
        assert_non_null(strstr(error.en, says));
        yaml_release(&file);
}

static void test_reads_with_lines(void **state)
{
        static const char text[] = "a: 1\nb:\n  - x\n  - {fr: un, en: one}\nc: \"true\"\n";
        struct yaml_file file;
        struct bitext words = BITEXT_INIT;
        double number = 0;
        bool flag = false;

        assert_int_equal(yaml_read("f.yaml", text, strlen(text), &file, NULL), 0);
        yaml_number(&file, file.root, "a", true, 0, 2, &number);
        assert_true(number == 1);
        struct yaml_node *list = yaml_get(&file, file.root, "b", YAML_LIST, true);
        assert_int_equal(list->count, 2);
        assert_int_equal(list->child->next->line, 4);
        struct yaml_node *map = list->child->next;
        map->key = strdup("words"); /* as if it stood in a map */
        file.root->child->next->child->next = NULL;
        struct yaml_node wrap = {.shape = YAML_MAP, .child = map, .count = 1};
        yaml_bitext(&file, &wrap, "words", true, &words);
        assert_string_equal(words.en, "one");
        bitext_release(&words);
        file.root->child->next->child->next = map;
        /* In quotes it is a text, and no boolean. */
        yaml_bool(&file, file.root, "c", true, &flag);
        assert_int_equal(file.result, -EINVAL);
        yaml_release(&file);
}

static void test_faults_name_file_and_line(void **state)
{
        refuses("a: 1\na: 2\n", "f.yaml:2: a: this key stands here twice");
        refuses("a: &x 1\n", "anchors");
        refuses("a: [*x]\n", "aliases");
        refuses("a: !t 1\n", "tags");
        refuses("a: !t [1]\n", "tags");
        refuses("a: 1\n---\nb: 1\n", "one document");
        refuses("", "empty");
        refuses("a: [1\n", "f.yaml:");
        refuses("? [1]\n: 2\n", "plain word");
        refuses("a: \"x\\0y\"\n", "NUL");
        refuses("a: \xff\n", "f.yaml:");
}

static void test_bounds(void **state)
{
        char deep[400];
        struct yaml_file file;
        struct error error = {0};
        size_t size = YAML_BYTES_MAX + 1;
        char *large = malloc(size);

        memset(deep, '[', 200);
        deep[200] = '\0';
        refuses(deep, "nested too deep");
        memset(large, ' ', size);
        assert_int_equal(yaml_read("f.yaml", large, size, &file, &error), -EFBIG);
        yaml_release(&file);
        for (size_t i = 0; i + 2 < size; i += 2)
                memcpy(large + i, i ? "1," : "[ ", 2);
        large[40000] = ']';
        large[40001] = '\0';
        refuses(large, "too many values");
        free(large);
}

static void test_unknown_keys_and_days(void **state)
{
        static const char text[] = "a: 2026-02-29\nb: 2028-02-29\nsurplus: 1\n";
        struct yaml_file file;
        struct error error = {0};
        int64_t day = 0;

        assert_int_equal(yaml_read("f.yaml", text, strlen(text), &file, &error), 0);
        assert_true(yaml_day(&file, file.root, "b", true, &day));
        assert_true(day == 1835395200000);
        assert_int_equal(file.result, 0);
        assert_false(yaml_day(&file, file.root, "a", true, &day));
        assert_true(day == 1835395200000);
        yaml_only_known(&file, file.root);
        assert_int_equal(file.result, -EINVAL);
        assert_int_equal(file.log.found, 2);
        assert_string_equal(error.en, "f.yaml:1: a: expected a day such as 2026-01-31");
        yaml_release(&file);
}

/* Decorations, doubles and NULs are told and read past; what stands behind them is read all the same. */
static void test_reads_on_after_faults(void **state)
{
        static const char text[] = "a: &x 1\na: 2\nb: *x\nc: {fr: un}\nd: [1, !t 2]\ne: \"x\\0y\"\n";
        static const char *const places[] = {"", "a", "b", "c.en", "", ""};
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        CLEANUP(yaml_release) struct yaml_file file;
        struct bitext words = BITEXT_INIT;
        double number = 0;

        assert_int_equal(yaml_read("f.yaml", text, strlen(text), &file, &error), 0);
        assert_true(yaml_number(&file, file.root, "a", true, 0, 9, &number));
        assert_true(number == 1);
        assert_false(yaml_number(&file, file.root, "b", true, 0, 9, &number)); /* told already, so silent */
        assert_false(yaml_bitext(&file, file.root, "c", true, &words));
        assert_int_equal(yaml_get(&file, file.root, "d", YAML_LIST, true)->count, 2);
        assert_non_null(yaml_get(&file, file.root, "e", YAML_SCALAR, true));
        yaml_only_known(&file, file.root);
        assert_int_equal(faults.count, 6);
        for (unsigned i = 0; i < 6; i++) {
                assert_int_equal(faults.list[i].line, i + 1);
                assert_string_equal(faults.list[i].key, places[i]);
        }
        assert_string_equal(faults.list[1].en,
                            "f.yaml:2: a: this key stands here twice (already on line 1); keep one");
}

/* The wrong shape is one fault, however often it is asked for; known keys are named. */
static void test_one_fault_for_one_mistake(void **state)
{
        static const char text[] = "map: 3\nlist: {x: 1}\n";
        CLEANUP(yaml_release) struct yaml_file file;
        struct error error = {0};
        char text_of[8] = "";
        struct yaml_node *map;

        assert_int_equal(yaml_read("f.yaml", text, strlen(text), &file, &error), 0);
        map = yaml_any(&file, file.root, "map", true);
        assert_false(yaml_text(&file, map, "a", true, text_of, sizeof(text_of)));
        assert_false(yaml_text(&file, map, "b", true, text_of, sizeof(text_of)));
        assert_int_equal(file.log.found, 1);
        assert_string_equal(error.en, "f.yaml:1: map: expected a map of keys");
        yaml_only_known(&file, file.root);
        assert_int_equal(file.log.found, 2);
}

static void test_paths(void **state)
{
        static const char text[] = "a:\n  - b\n  - c: {d: [x, y]}\n";
        CLEANUP(buffer_release) struct buffer path = BUFFER_INIT(64);
        CLEANUP(yaml_release) struct yaml_file file;

        assert_int_equal(yaml_read("f.yaml", text, strlen(text), &file, NULL), 0);
        const struct yaml_node *node = yaml_at(file.root, "a[2].c.d[2]");
        assert_string_equal(node->text, "y");
        yaml_path(node, &path);
        assert_string_equal(buffer_string(&path), "a[2].c.d[2]");
        assert_null(yaml_at(file.root, "a[3]"));
        assert_null(yaml_at(file.root, "a[2].e"));
        assert_null(yaml_at(file.root, "a["));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_reads_with_lines),
                cmocka_unit_test(test_faults_name_file_and_line),
                cmocka_unit_test(test_bounds),
                cmocka_unit_test(test_unknown_keys_and_days),
                cmocka_unit_test(test_reads_on_after_faults),
                cmocka_unit_test(test_one_fault_for_one_mistake),
                cmocka_unit_test(test_paths),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
