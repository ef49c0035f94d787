/* SPDX-License-Identifier: EUPL-1.2 */
#include "names/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define LABEL63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define BOM     "\xef\xbb\xbf"

struct dirty_case {
        const char *text;
        int refusal;
        const char *name; /* when there is none */
        bool wildcard;
};

static void check_parse(const char *text, int refusal, const char *expected)
{
        struct name name = {.length = 77};
        int r = name_parse(text, strlen(text), &name);

        if (r != refusal)
                fail_msg("%s: %s, not %s", text, name_refusal_word(r), name_refusal_word(refusal));
        if (r) {
                assert_int_equal(name.length, 77);
                return;
        }
        assert_string_equal(name.text, expected);
        assert_int_equal(name.length, strlen(expected));
}

static void test_letters_are_lowered_and_the_last_dot_goes(void **state)
{
        check_parse("EXAMPLE.Com", 0, "example.com");
        check_parse("example.com.", 0, "example.com");
        check_parse("_dmarc.Example.com", 0, "_dmarc.example.com");
        check_parse("localhost", 0, "localhost");
        check_parse("192.0.2.1", 0, "192.0.2.1");
        check_parse("r3---sn-4g5e.example", 0, "r3---sn-4g5e.example");
        check_parse("xn--anything-1234567.example", 0, "xn--anything-1234567.example");
}

static void test_labels_are_counted(void **state)
{
        struct name name;

        assert_int_equal(name_parse("a.b.c.d", 7, &name), 0);
        assert_int_equal(name.labels, 4);
        assert_int_equal(name_parse("a.", 2, &name), 0);
        assert_int_equal(name.labels, 1);
}

static void test_each_refusal_has_its_name(void **state)
{
        check_parse("", NAME_REFUSED_EMPTY, NULL);
        check_parse(".", NAME_REFUSED_EMPTY, NULL);
        check_parse("a..b", NAME_REFUSED_LABEL_EMPTY, NULL);
        check_parse("a.b..", NAME_REFUSED_LABEL_EMPTY, NULL);
        check_parse(".a", NAME_REFUSED_LABEL_EMPTY, NULL);
        check_parse(LABEL63 "a.b", NAME_REFUSED_LABEL_TOO_LONG, NULL);
        check_parse("a b.c", NAME_REFUSED_CHARACTER, NULL);
        check_parse("*.a.b", NAME_REFUSED_CHARACTER, NULL);
        check_parse("-a.b", NAME_REFUSED_HYPHEN, NULL);
        check_parse("a-.b", NAME_REFUSED_HYPHEN, NULL);
        check_parse("a.b-", NAME_REFUSED_HYPHEN, NULL);
        assert_int_equal(name_parse("a\0b.c", 5, &(struct name){0}), NAME_REFUSED_CHARACTER);
}

static void test_a_hyphen_below_what_is_registered_resolves_and_is_read(void **state)
{
        check_parse("paypal-.evil.example", 0, "paypal-.evil.example");
        check_parse("-a.b.c", 0, "-a.b.c");
        check_parse("a.-b.c", NAME_REFUSED_HYPHEN, NULL);
}

static void test_lengths_are_exact(void **state)
{
        char text[300];
        int length = snprintf(text, sizeof(text), "%s.%s.%s.%.61s", LABEL63, LABEL63, LABEL63, LABEL63);
        struct name name;

        assert_int_equal(length, NAME_LENGTH_MAX);
        assert_int_equal(name_parse(text, (size_t)length, &name), 0);
        assert_int_equal(name.length, NAME_LENGTH_MAX);
        memcpy(text + length, ".", 2);
        assert_int_equal(name_parse(text, (size_t)length + 1, &name), 0);
        length = snprintf(text, sizeof(text), "%s.%s.%s.%.62s", LABEL63, LABEL63, LABEL63, LABEL63);
        assert_int_equal(name_parse(text, (size_t)length, &name), NAME_REFUSED_TOO_LONG);
        for (int i = 0; i < NAME_LABELS_MAX; i++)
                memcpy(text + 2 * i, "a.", 3);
        assert_int_equal(name_parse(text, NAME_LABELS_MAX * 2, &name), 0);
        assert_int_equal(name.labels, NAME_LABELS_MAX);
}

static void test_international_names_become_a_labels(void **state)
{
        check_parse("été.fr", 0, "xn--t-9fab.fr");
        check_parse("ÉTÉ.FR", 0, "xn--t-9fab.fr");
        check_parse("e\xcc\x81té.fr", 0, "xn--t-9fab.fr");   /* e and a combining accent */
        check_parse("straße.de", 0, "xn--strae-oqa.de");     /* non-transitional */
        check_parse("ｅｘａｍｐｌｅ.com", 0, "example.com"); /* full width */
        check_parse("evil\xe3\x80\x82"
                    "example",
                    0, "evil.example"); /* ideographic dot */
        check_parse("evil．example｡", 0, "evil.example");
        check_parse("ex\xc2\xad"
                    "ample.com",
                    0, "example.com"); /* soft hyphen */
        check_parse("_dmarc.été.fr", 0, "_dmarc.xn--t-9fab.fr");
        check_parse("r3---sn.été.fr", 0,
                    "r3---sn.xn--t-9fab.fr"); /* the neighbours of an IDN are left alone */
        check_parse("xn--bad-label-99999.été.fr", 0, "xn--bad-label-99999.xn--t-9fab.fr");
}

static void test_international_names_that_are_none(void **state)
{
        check_parse("\xff.fr", NAME_REFUSED_IDN, NULL);
        check_parse("\xc3.fr", NAME_REFUSED_IDN, NULL);
        check_parse("\xcc\x81"
                    "e.fr",
                    NAME_REFUSED_IDN, NULL); /* begins with a combining accent */
        check_parse("a\xe2\x80\x8d"
                    "b.fr",
                    NAME_REFUSED_IDN, NULL); /* a joiner where nothing joins */
        check_parse("🏥.fr", NAME_REFUSED_IDN, NULL);
        check_parse("℀.fr", NAME_REFUSED_CHARACTER, NULL); /* maps to "a/c": never a path */
        check_parse("\xc2\xad.fr", NAME_REFUSED_LABEL_EMPTY, NULL);
        check_parse("ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé.fr",
                    NAME_REFUSED_LABEL_TOO_LONG, NULL);
        assert_int_equal(name_parse("\xc3\xa9\0.fr", 6, &(struct name){0}), NAME_REFUSED_CHARACTER);
}

static const struct dirty_case dirty[] = {
        /* as it stands */
        {"example.com", 0, "example.com", false},
        {"Example.COM.", 0, "example.com", false},
        {"\"example.com\",", 0, "example.com", false},
        {"  example.com \r\n", 0, "example.com", false},
        {BOM "example.com\r", 0, "example.com", false},
        {"« example.com »", 0, "example.com", false},
        {"\xe2\x80\x9c"
         "example.com\xe2\x80\x9d",
         0, "example.com", false},
        {"<example.com>", 0, "example.com", false},
        {"example.com # seen on 30 March", 0, "example.com", false},
        /* below, too */
        {"*.example.com", 0, "example.com", true},
        {".example.com", 0, "example.com", true},
        {"||example.com^", 0, "example.com", true},
        {"||example.com^$third-party,important", 0, "example.com", true},
        {"||example.com$all", 0, "example.com", true},
        {"|https://example.com|", 0, "example.com", false},
        /* defanged */
        {"evil[.]example", 0, "evil.example", false},
        {"evil(.)example", 0, "evil.example", false},
        {"evil{.}example", 0, "evil.example", false},
        {"evil[dot]example", 0, "evil.example", false},
        {"evil(DOT)example", 0, "evil.example", false},
        {"evil[point]example", 0, "evil.example", false},
        {"evil [ . ] example", NAME_REFUSED_CHARACTER, NULL, false},
        {"evil[ . ]example", 0, "evil.example", false},
        {"evil[.example", 0, "evil.example", false},
        {"evil.]example", 0, "evil.example", false},
        {"evil\\.example", 0, "evil.example", false},
        {"evil . example", 0, "evil.example", false},
        {"evil .example", 0, "evil.example", false},
        {"evil dot example", 0, "evil.example", false},
        {"evil[．]example", 0, "evil.example", false},
        {"evil。example", 0, "evil.example", false},
        {"a[.]b[.]evil[.]example", 0, "a.b.evil.example", false},
        {"hxxp://evil[.]example/path?a=b#c", 0, "evil.example", false},
        {"hXXps[:]//evil[.]example", 0, "evil.example", false},
        {"hxxps[://]evil.example", 0, "evil.example", false},
        {"h**p://evil.example", 0, "evil.example", false},
        {"meow://evil.example", 0, "evil.example", false},
        {"http[:]//evil.example:8080[/]x", 0, "evil.example", false},
        /* URLs */
        {"https://user:password@evil.example:8443/x", 0, "evil.example", false},
        {"https://www.ameli.fr@evil.example/", 0, "evil.example", false},
        {"https://a@b@evil.example", 0, "evil.example", false},
        {"https://evil.example\\@www.ameli.fr/", 0, "evil.example", false},
        {"http:\\\\evil.example\\x", 0, "evil.example", false},
        {"https:/evil.example", 0, "evil.example", false},
        {"//evil.example/x", 0, "evil.example", false},
        {"evil.example/x", 0, "evil.example", false},
        {"evil.example?https://good.example", 0, "evil.example", false},
        {"evil.example:443", 0, "evil.example", false},
        {"evil.example:*", 0, "evil.example", false},
        {"https://%65vil%2Eexample/", 0, "evil.example", false},
        {"https://Évil.example/", 0, "xn--vil-9la.example", false},
        /* mail */
        {"someone@evil.example", 0, "evil.example", false},
        {"someone[at]evil[dot]example", 0, "evil.example", false},
        {"<someone@evil.example>", 0, "evil.example", false},
        {"mailto:someone@evil.example?subject=a@b.c", 0, "evil.example", false},
        {"@evil.example", 0, "evil.example", false},
        /* not a name */
        {"", NAME_REFUSED_EMPTY, NULL, false},
        {" \r\n", NAME_REFUSED_EMPTY, NULL, false},
        {BOM, NAME_REFUSED_EMPTY, NULL, false},
        {".", NAME_REFUSED_EMPTY, NULL, false},
        {"@", NAME_REFUSED_EMPTY, NULL, false},
        {"https://", NAME_REFUSED_EMPTY, NULL, false},
        {"*", NAME_REFUSED_WILDCARD, NULL, false},
        {"evil.*", NAME_REFUSED_WILDCARD, NULL, false},
        {"*evil.example", NAME_REFUSED_WILDCARD, NULL, false},
        {"*.*.evil.example", NAME_REFUSED_WILDCARD, NULL, false},
        {"localhost", NAME_REFUSED_SINGLE, NULL, false},
        {"localhost:8080", NAME_REFUSED_SINGLE, NULL, false},
        {"*.com", NAME_REFUSED_SINGLE, NULL, false},
        {"C:\\setup.exe", NAME_REFUSED_SINGLE, NULL, false},
        {"/index.html", NAME_REFUSED_EMPTY, NULL, false},
        {"192.0.2.1", NAME_REFUSED_ADDRESS, NULL, false},
        {"192[.]0[.]2[.]1", NAME_REFUSED_ADDRESS, NULL, false},
        {"http://192.0.2.1:80/x", NAME_REFUSED_ADDRESS, NULL, false},
        {"192.0.2.0/24", NAME_REFUSED_ADDRESS, NULL, false},
        {"１２７.0.0.1", NAME_REFUSED_ADDRESS, NULL, false},
        {"3232235777", NAME_REFUSED_ADDRESS, NULL, false},
        {"0x7f.1", NAME_REFUSED_ADDRESS, NULL, false},
        {"[2001:db8::1]", NAME_REFUSED_ADDRESS, NULL, false},
        {"http://[2001:db8::1]:443/x", NAME_REFUSED_ADDRESS, NULL, false},
        {"https://[::1]/", NAME_REFUSED_ADDRESS, NULL, false},
        {"2001:db8::1", NAME_REFUSED_ADDRESS, NULL, false},
        {"fe80::1%eth0", NAME_REFUSED_ADDRESS, NULL, false},
        {"@@||good.example^", NAME_REFUSED_CHARACTER, NULL, false},
        {"0.0.0.0 evil.example", NAME_REFUSED_CHARACTER, NULL, false},
        {"It was evil. Example follows", NAME_REFUSED_CHARACTER, NULL, false},
        {"evil.example, other.example", NAME_REFUSED_CHARACTER, NULL, false},
        {"evil.example:http", NAME_REFUSED_CHARACTER, NULL, false},
        {"https://evil%00.example", NAME_REFUSED_CHARACTER, NULL, false},
        {"https://evil%2F.example", NAME_REFUSED_CHARACTER, NULL, false},
        {"evil／x.example", NAME_REFUSED_CHARACTER, NULL, false},
        {"evil..example", NAME_REFUSED_LABEL_EMPTY, NULL, false},
        {"-evil.example", NAME_REFUSED_HYPHEN, NULL, false},
};

static void test_dirty_text(void **state)
{
        for (size_t i = 0; i < ARRAY_LEN(dirty); i++) {
                struct name name = {.length = 77};
                bool wildcard = !dirty[i].wildcard;
                int r = name_clean(dirty[i].text, strlen(dirty[i].text), &name, &wildcard);

                if (r != dirty[i].refusal)
                        fail_msg("%s: %s, not %s (%s)", dirty[i].text, name_refusal_word(r),
                                 name_refusal_word(dirty[i].refusal), name.text);
                assert_int_equal(wildcard, r ? !dirty[i].wildcard : dirty[i].wildcard);
                if (r)
                        assert_int_equal(name.length, 77);
                else
                        assert_string_equal(name.text, dirty[i].name);
        }
}

static void test_a_nul_is_no_end(void **state)
{
        struct name name;
        bool wildcard;

        assert_int_equal(name_clean("evil.example\0.good.example", 26, &name, &wildcard),
                         NAME_REFUSED_CHARACTER);
        assert_int_equal(name_clean("https://evil.example\0/", 22, &name, &wildcard), NAME_REFUSED_CHARACTER);
}

static void test_what_is_longer_than_anybody_writes_is_refused(void **state)
{
        static char text[NAME_DIRTY_MAX + 2] = "https://evil.example/";
        struct name name;
        bool wildcard;

        memset(text + 21, 'a', sizeof(text) - 22);
        assert_int_equal(name_clean(text, NAME_DIRTY_MAX, &name, &wildcard), 0);
        assert_string_equal(name.text, "evil.example");
        assert_int_equal(name_clean(text, NAME_DIRTY_MAX + 1, &name, &wildcard), NAME_REFUSED_TOO_LONG);
}

static void test_every_refusal_says_why(void **state)
{
        for (int i = 0; i < NAME_REFUSAL_COUNT; i++) {
                assert_true(strlen(name_refusal_word(i)) > 1);
                assert_true(strlen(name_refusal_fr(i)) > 1);
                assert_true(strlen(name_refusal_en(i)) > 1);
        }
        assert_string_equal(name_refusal_word(NAME_REFUSED_LABEL_TOO_LONG), "label-too-long");
        assert_string_equal(name_refusal_word(-1), "?");
        assert_string_equal(name_refusal_en(NAME_REFUSAL_COUNT), "?");
}

static void test_parents(void **state)
{
        const char *text = "a.b.c";

        assert_ptr_equal(name_parent(text), text + 2);
        assert_ptr_equal(name_parent(text + 2), text + 4);
        assert_null(name_parent(text + 4));
        assert_true(name_is_within("a.b.c", "b.c"));
        assert_true(name_is_within("b.c", "b.c"));
        assert_false(name_is_within("ab.c", "b.c"));
        assert_false(name_is_within("c", "b.c"));
        assert_false(name_is_within("b.c", ""));
}

static void check_shown(const char *text, const char *expected)
{
        char shown[NAME_SHOWN_SIZE];
        struct name name;

        assert_int_equal(name_parse(text, strlen(text), &name), 0);
        name_show(&name, shown);
        assert_string_equal(shown, expected);
}

static void test_only_harmless_letters_are_shown(void **state)
{
        check_shown("www.xn--t-9fab.fr", "www.été.fr");
        check_shown("cœur.fr", "cœur.fr");
        check_shown("www.example.com", "www.example.com");
        check_shown("аррӏе.com", "xn--80ak6aa92e.com"); /* Cyrillic */
        check_shown("xn--not-an-a-label-9999.fr", "xn--not-an-a-label-9999.fr");
}

/* The longest that letters can take. */
static void test_the_longest_name_is_shown_whole(void **state)
{
        char text[600] = "", shown[NAME_SHOWN_SIZE];
        struct name name;

        for (int i = 0; i < 4; i++)
                strcat(text, "éééééééééééééééééééééééééééééééééééééééééé.");
        strcat(text, "fr");
        assert_int_equal(name_parse(text, strlen(text), &name), 0);
        name_show(&name, shown);
        assert_string_equal(shown, text);
}

static void test_wire_and_back(void **state)
{
        uint8_t wire[NAME_WIRE_MAX];
        struct name name, back;

        assert_int_equal(name_parse("www.example.com", 15, &name), 0);
        assert_int_equal(name_to_wire(&name, wire), 17);
        assert_memory_equal(wire, "\3www\7example\3com", 17);
        wire[1] = 'W';
        assert_int_equal(name_from_wire(wire, 17, &back), 17);
        assert_memory_equal(&back, &name, offsetof(struct name, text) + 16);
        assert_int_equal(name_from_wire(wire, sizeof(wire), &back), 17);
}

static void test_a_broken_wire_is_refused(void **state)
{
        struct name name;
        uint8_t wire[300];

        for (size_t length = 0; length < 17; length++)
                assert_int_equal(name_from_wire((const uint8_t *)"\3www\7example\3com", length, &name),
                                 -NAME_REFUSED_WIRE);
        assert_int_equal(name_from_wire((const uint8_t *)"\3www\xc0\x0c", 6, &name), -NAME_REFUSED_WIRE);
        assert_int_equal(name_from_wire((const uint8_t *)"", 1, &name), -NAME_REFUSED_EMPTY);
        assert_int_equal(name_from_wire((const uint8_t *)"\3w.w\3com", 9, &name), -NAME_REFUSED_CHARACTER);
        assert_int_equal(name_from_wire((const uint8_t *)"\3w\xc3\xa9\3com", 9, &name),
                         -NAME_REFUSED_CHARACTER);
        for (int i = 0; i < 300; i += 2)
                memcpy(wire + i, "\1a", 2);
        assert_int_equal(name_from_wire(wire, sizeof(wire), &name), -NAME_REFUSED_TOO_LONG);
}

static void test_the_longest_name_on_the_wire(void **state)
{
        uint8_t wire[NAME_WIRE_MAX];
        char text[NAME_LENGTH_MAX + 1];
        struct name name, back;

        memset(text, 'a', sizeof(text));
        for (int i = 1; i < NAME_LENGTH_MAX; i += 2)
                text[i] = '.';
        assert_int_equal(name_parse(text, NAME_LENGTH_MAX, &name), 0);
        assert_int_equal(name_to_wire(&name, wire), NAME_WIRE_MAX);
        assert_int_equal(name_from_wire(wire, sizeof(wire), &back), NAME_WIRE_MAX);
        assert_string_equal(back.text, name.text);
        assert_int_equal(back.labels, NAME_LABELS_MAX);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_letters_are_lowered_and_the_last_dot_goes),
                cmocka_unit_test(test_labels_are_counted),
                cmocka_unit_test(test_each_refusal_has_its_name),
                cmocka_unit_test(test_a_hyphen_below_what_is_registered_resolves_and_is_read),
                cmocka_unit_test(test_lengths_are_exact),
                cmocka_unit_test(test_international_names_become_a_labels),
                cmocka_unit_test(test_international_names_that_are_none),
                cmocka_unit_test(test_dirty_text),
                cmocka_unit_test(test_a_nul_is_no_end),
                cmocka_unit_test(test_what_is_longer_than_anybody_writes_is_refused),
                cmocka_unit_test(test_every_refusal_says_why),
                cmocka_unit_test(test_parents),
                cmocka_unit_test(test_only_harmless_letters_are_shown),
                cmocka_unit_test(test_the_longest_name_is_shown_whole),
                cmocka_unit_test(test_wire_and_back),
                cmocka_unit_test(test_a_broken_wire_is_refused),
                cmocka_unit_test(test_the_longest_name_on_the_wire),
        };

        return cmocka_run_group_tests_name("name", tests, NULL, NULL);
}
