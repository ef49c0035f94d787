/* SPDX-License-Identifier: EUPL-1.2 */
/* Looking up: what is listed, what stands above it, who wins, and the same from the wire. */
#include "names/set_test.h"

static void check_hit(const struct set *set, const char *text, const char *at, enum set_action action,
                      uint64_t sources, bool below)
{
        struct set_hit hit = {.at = NULL};

        if (!find(set, text, &hit))
                fail_msg("%s is not found", text);
        assert_string_equal(hit.at, at);
        assert_true(hit.at >= text && hit.at < text + strlen(text));
        assert_int_equal(hit.class.action, action);
        assert_int_equal(hit.class.sources, sources);
        assert_int_equal(hit.below, below);
}

static void check_miss(const struct set *set, const char *text)
{
        struct set_hit hit;

        if (find(set, text, &hit))
                fail_msg("%s is found", text);
}

static void test_exact_and_below(void **state)
{
        struct set_builder *builder = begin(10, 7);

        add(builder, "exact.example", false, 0, SET_BLOCK);
        add(builder, "below.example", true, 1, SET_WATCH);
        struct set *set = finish(builder, "set");

        check_hit(set, "exact.example", "exact.example", SET_BLOCK, 1, false);
        check_miss(set, "www.exact.example");
        check_hit(set, "below.example", "below.example", SET_WATCH, 2, true);
        check_hit(set, "a.b.below.example", "below.example", SET_WATCH, 2, true);
        check_miss(set, "xbelow.example");
        check_miss(set, "example");
        check_miss(set, "below");
        check_miss(set, "below.example.com");
        set_close(set);
}

static void test_what_it_is(void **state)
{
        struct set_builder *builder = begin(10, 7);
        size_t length;

        add(builder, "a.example", false, 0, SET_BLOCK);
        add(builder, "a.example", true, 1, SET_BLOCK);
        assert_int_equal(set_builder_names(builder), 1);
        struct set *set = finish(builder, "set");

        assert_int_equal(set_generation(set), 7);
        assert_int_equal(set_built_ms(set), 1584872100000);
        assert_int_equal(set_names(set), 1);
        assert_int_equal(set_united(set), 0);
        assert_string_equal(set_source(set, 0), "first");
        assert_string_equal(set_source(set, 1), "second");
        assert_null(set_source(set, 2));
        assert_null(set_source(set, 4000000000U));
        assert_non_null(set_image(set, &length));
        assert_int_equal(length, set_bytes(set));
        assert_int_equal(length % 64, 0);
        set_close(set);
        assert_null(set_close(NULL));
        assert_null(set_builder_free(NULL));
}

static void test_sources_unite_and_the_stronger_action_holds(void **state)
{
        struct set_builder *builder = begin(10, 1);

        add(builder, "a.example", false, 0, SET_WATCH);
        add(builder, "a.example", false, 1, SET_BLOCK);
        add(builder, "b.example", false, 1, SET_BLOCK);
        add(builder, "b.example", false, 0, SET_WATCH);
        add(builder, "both.example", false, 0, SET_BLOCK);
        add(builder, "both.example", true, 1, SET_BLOCK);
        add(builder, "split.example", false, 0, SET_ALLOW);
        add(builder, "split.example", true, 1, SET_BLOCK);
        struct set *set = finish(builder, "set");

        check_hit(set, "a.example", "a.example", SET_BLOCK, 3, false);
        check_hit(set, "b.example", "b.example", SET_BLOCK, 3, false);
        check_hit(set, "both.example", "both.example", SET_BLOCK, 3, true);
        check_hit(set, "x.both.example", "both.example", SET_BLOCK, 2, true);
        check_hit(set, "split.example", "split.example", SET_ALLOW, 1, false);
        check_hit(set, "x.split.example", "split.example", SET_BLOCK, 2, true);
        set_close(set);
}

static void test_the_strongest_among_parents_holds_and_allow_above_all(void **state)
{
        struct set_builder *builder = begin(10, 1);

        add(builder, "example", true, 0, SET_WATCH);
        add(builder, "bad.example", true, 1, SET_BLOCK);
        add(builder, "x.bad.example", true, 0, SET_WATCH);
        add(builder, "good.x.bad.example", true, 0, SET_ALLOW);
        add(builder, "evil.good.x.bad.example", false, 0, SET_BLOCK);
        add(builder, "deep.bad.example", true, 0, SET_BLOCK);
        struct set *set = finish(builder, "set");

        check_hit(set, "other.example", "example", SET_WATCH, 1, true);
        check_hit(set, "y.x.bad.example", "bad.example", SET_BLOCK, 2, true);
        check_hit(set, "good.x.bad.example", "good.x.bad.example", SET_ALLOW, 1, true);
        check_hit(set, "evil.good.x.bad.example", "good.x.bad.example", SET_ALLOW, 1, true);
        check_hit(set, "a.deep.bad.example", "deep.bad.example", SET_BLOCK, 1,
                  true); /* the nearest among equals */
        set_close(set);
}

static void test_names_of_every_length(void **state)
{
        struct set_builder *builder = begin(300, 1);
        char text[NAME_LENGTH_MAX + 2];

        memset(text, 'a', sizeof(text));
        for (int i = 50; i < NAME_LENGTH_MAX; i += 50)
                text[i] = '.';
        for (size_t length = 1; length <= NAME_LENGTH_MAX; length++)
                if (text[length - 1] != '.')
                        assert_int_equal(set_builder_add(builder, text, length, false, 0, SET_BLOCK), 0);
        struct set *set = finish(builder, "set");
        for (size_t length = 1; length <= NAME_LENGTH_MAX; length++) {
                /* Ends where the memory ends: nothing behind it is read. */
                char *alone = malloc(length);
                struct set_hit hit;
                memcpy(alone, text, length);
                assert_int_equal(set_find(set, alone, length, &hit), text[length - 1] != '.');
                alone[length / 2] = 'b';
                assert_false(set_find(set, alone, length, &hit));
                free(alone);
        }
        set_close(set);
}

static void test_names_of_every_depth(void **state)
{
        struct set_builder *builder = begin(300, 1);
        char text[NAME_LENGTH_MAX + 1];
        struct set_hit hit;

        for (unsigned i = 0; i < NAME_LENGTH_MAX; i++)
                text[i] = i % 2 ? '.' : (char)('a' + i / 2 % 26);
        text[NAME_LENGTH_MAX] = '\0';
        for (unsigned labels = 1; labels <= NAME_LABELS_MAX; labels += 2)
                add(builder, text + 2 * (NAME_LABELS_MAX - labels), true, labels == 101, SET_BLOCK);
        struct set *set = finish(builder, "set");
        for (unsigned labels = 1; labels <= NAME_LABELS_MAX; labels++) {
                assert_true(find(set, text + 2 * (NAME_LABELS_MAX - labels), &hit));
                assert_int_equal(hit.at - text, 2 * (NAME_LABELS_MAX - labels + (labels % 2 == 0)));
        }
        set_close(set);
}

static void test_what_is_no_name_is_not_found(void **state)
{
        struct set_builder *builder = begin(10, 1);
        static char dots[NAME_LENGTH_MAX + 1];
        struct set_hit hit;

        add(builder, "example", true, 0, SET_BLOCK);
        struct set *set = finish(builder, "set");
        memset(dots, '.', sizeof(dots));
        check_miss(set, "");
        check_miss(set, ".");
        check_miss(set, "example.");
        check_miss(set, ".example");
        check_miss(set, "a..example");
        assert_false(set_find(set, dots, NAME_LENGTH_MAX, &hit));
        assert_false(set_find(set, dots, NAME_LENGTH_MAX + 1, &hit));
        memset(dots, 'a', 64);
        memcpy(dots + 64, ".example", 8);
        assert_false(set_find(set, dots, 72, &hit));
        set_close(set);
}

static void test_the_wire_is_read_as_it_comes(void **state)
{
        struct set_builder *builder = begin(10, 1);
        static const uint8_t tunnel[] = "\4\x00\xff.\xc0\4Evil\7eXAMPLE";
        struct set_hit hit;

        add(builder, "evil.example", true, 0, SET_BLOCK);
        struct set *set = finish(builder, "set");
        assert_true(set_find_wire(set, tunnel, sizeof(tunnel), &hit));
        assert_ptr_equal(hit.at, tunnel + 5);
        assert_true(hit.below);
        for (size_t length = 0; length < sizeof(tunnel); length++)
                assert_false(set_find_wire(set, tunnel, length, &hit));
        assert_false(set_find_wire(set, (const uint8_t *)"", 1, &hit));
        assert_false(set_find_wire(set, (const uint8_t *)"\4evil\xc0\x0c", 8, &hit));
        assert_false(set_find_wire(set, (const uint8_t *)"\6evil\0\0\7example", 16,
                                   &hit)); /* zeros are octets as well */
        assert_false(set_find_wire(set, (const uint8_t *)"\4Evi\x0c\7example", 14,
                                   &hit)); /* and not a lower-case letter */
        set_close(set);
}

static void test_the_longest_wire(void **state)
{
        struct set_builder *builder = begin(10, 1);
        uint8_t wire[400];
        struct set_hit hit;

        add(builder, "a", true, 0, SET_BLOCK);
        struct set *set = finish(builder, "set");
        for (unsigned i = 0; i < sizeof(wire); i += 2)
                memcpy(wire + i, "\1A", 2);
        wire[254] = 0;
        assert_true(set_find_wire(set, wire, sizeof(wire), &hit));
        assert_ptr_equal(hit.at, wire + 252);
        wire[254] = 1;
        wire[256] = 0;
        assert_false(set_find_wire(set, wire, sizeof(wire), &hit));
        set_close(set);
}

/* What a kernel program will do with a query agrees with what everybody else does with the text. */
static void test_wire_and_text_agree(void **state)
{
        struct set_builder *builder = begin(2000, 1);
        char text[128];

        for (unsigned n = 0; n < 4000; n += 2)
                add(builder, numbered(n, text), n % 3 == 0, n % 2, SET_BLOCK);
        struct set *set = finish(builder, "set");
        for (unsigned n = 0; n < 4000; n++) {
                struct set_hit by_text = {.at = NULL}, by_wire = {.at = NULL};
                uint8_t wire[NAME_WIRE_MAX];
                struct name name;
                int length;

                numbered(n, text);
                assert_int_equal(name_parse(text, strlen(text), &name), 0);
                length = name_to_wire(&name, wire);
                for (int i = 1; i < length; i++)
                        if (wire[i] >= 'a' && wire[i] <= 'z' && (n + (unsigned)i) % 3)
                                wire[i] = (uint8_t)(wire[i] - 0x20);
                assert_int_equal(find(set, name.text, &by_text), n % 2 == 0);
                assert_int_equal(set_find_wire(set, wire, (size_t)length, &by_wire), n % 2 == 0);
                if (n % 2 == 0)
                        assert_int_equal(by_text.at - name.text, by_wire.at - (const char *)wire);
        }
        set_close(set);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                IN_FOLDER(test_exact_and_below),
                IN_FOLDER(test_what_it_is),
                IN_FOLDER(test_sources_unite_and_the_stronger_action_holds),
                IN_FOLDER(test_the_strongest_among_parents_holds_and_allow_above_all),
                IN_FOLDER(test_names_of_every_length),
                IN_FOLDER(test_names_of_every_depth),
                IN_FOLDER(test_what_is_no_name_is_not_found),
                IN_FOLDER(test_the_wire_is_read_as_it_comes),
                IN_FOLDER(test_the_longest_wire),
                IN_FOLDER(test_wire_and_text_agree),
        };

        return cmocka_run_group_tests_name("set", tests, NULL, NULL);
}
