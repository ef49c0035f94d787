/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/random.h"
#include "journal/canonical.h"

static void assert_canonical(const char *json, const char *expected)
{
        struct buffer out = BUFFER_INIT(1 << 20);
        json_t *value = json_loads(json, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        size_t at = 0;

        assert_non_null(value);
        assert_int_equal(canonical_append(value, &out, NULL), 0);
        assert_string_equal(buffer_string(&out), expected);
        assert_int_equal(canonical_check(out.data, out.length, &at), 0);
        json_decref(value);
        buffer_release(&out);
}

static int append_code(const json_t *value)
{
        struct buffer out = BUFFER_INIT(1 << 20);
        int r = canonical_append(value, &out, NULL);

        buffer_release(&out);
        return r;
}

/* RFC 8785 section 3.2.2 to 3.2.4. */
static void test_rfc_sample(void **state)
{
        assert_canonical(
                "{\"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],"
                "\"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
                "\"literals\": [null, true, false]}",
                "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

/* RFC 8785 section 3.2.3: keys by UTF-16 code units, so U+1F600 comes before U+FB33. */
static void test_rfc_key_order(void **state)
{
        assert_canonical(
                "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet "
                "With "
                "Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
                "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
                "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\u00f6\":\"Latin "
                "Small "
                "Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\",\"\U0001f600\":\"Emoji: Grinning Face\","
                "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

/* RFC 8785 appendix B; and 2^-44, whose shortest form is not its nearest 16 digits. */
static void test_rfc_numbers(void **state)
{
        static const struct {
                uint64_t bits;
                const char *text;
        } cases[] = {
                {0x0000000000000000, "0"},
                {0x8000000000000000, "0"},
                {0x0000000000000001, "5e-324"},
                {0x8000000000000001, "-5e-324"},
                {0x7fefffffffffffff, "1.7976931348623157e+308"},
                {0xffefffffffffffff, "-1.7976931348623157e+308"},
                {0x4340000000000000, "9007199254740992"},
                {0xc340000000000000, "-9007199254740992"},
                {0x4430000000000000, "295147905179352830000"},
                {0x44b52d02c7e14af5, "9.999999999999997e+22"},
                {0x44b52d02c7e14af6, "1e+23"},
                {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                {0x444b1ae4d6e2ef4e, "999999999999999700000"},
                {0x444b1ae4d6e2ef4f, "999999999999999900000"},
                {0x444b1ae4d6e2ef50, "1e+21"},
                {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                {0x3eb0c6f7a0b5ed8d, "0.000001"},
                {0x41b3de4355555553, "333333333.3333332"},
                {0x41b3de4355555554, "333333333.33333325"},
                {0x41b3de4355555555, "333333333.3333333"},
                {0x41b3de4355555556, "333333333.3333334"},
                {0x41b3de4355555557, "333333333.33333343"},
                {0xbecbf647612f3696, "-0.0000033333333333333333"},
                {0x43143ff3c1cb0959, "1424953923781206.2"},
                {0x3d30000000000000, "5.684341886080802e-14"},
        };

        for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
                char text[CANONICAL_NUMBER_SIZE];
                size_t length;
                double number;

                memcpy(&number, &cases[i].bits, sizeof(number));
                assert_int_equal(canonical_number(number, text, &length), 0);
                assert_string_equal(text, cases[i].text);
                assert_int_equal(length, strlen(text));
        }
}

static void test_not_numbers(void **state)
{
        char text[CANONICAL_NUMBER_SIZE];
        size_t length;

        assert_int_equal(canonical_number(NAN, text, &length), -EINVAL);
        assert_int_equal(canonical_number(INFINITY, text, &length), -EINVAL);
        assert_int_equal(canonical_number(-INFINITY, text, &length), -EINVAL);
}

/* Whatever the double: it reads back, and no text with a digit less does. */
static void test_numbers_round_trip_shortest(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 8785);

        for (int i = 0; i < 20000; i++) {
                uint64_t bits = random_u64(&random);
                char text[CANONICAL_NUMBER_SIZE];
                char shorter[40];
                size_t length, at, digits = 0;
                double number;

                /* Every other one is what a program counts: a ratio, a percentage. */
                memcpy(&number, &bits, sizeof(number));
                if (i % 2)
                        number = (double)(bits % 100000) / (double)(bits >> 48 | 1);
                if (!isfinite(number) || number == 0)
                        continue;
                assert_int_equal(canonical_number(number, text, &length), 0);
                assert_true(strtod(text, NULL) == number);
                if (fabs(number) >= 9007199254740992.0 && fabs(number) < 1e21)
                        continue;
                assert_int_equal(canonical_check(text, length, &at), 0);
                for (const char *c = text; *c && *c != 'e'; c++)
                        digits += *c >= (digits ? '0' : '1') && *c <= '9';
                if (digits > 1 && strchr(text, '.')) {
                        snprintf(shorter, sizeof(shorter), "%.*e", (int)digits - 2, number);
                        assert_true(strtod(shorter, NULL) != number);
                }
        }
}

/* Doubles of the sizes that records hold; powers of two and their neighbours, and few bits, among them. */
static double everyday_double(const struct random *random)
{
        uint64_t bits = random_u64(random) >> 12;
        uint64_t exponent = 1023 - 50 + random_u64(random) % 110;
        double number;

        switch (random_u64(random) % 4) {
        case 0:
                bits = (bits % 5 - 2) & 0xfffffffffffff;
                break;
        case 1:
                bits &= 0xfffff00000000;
                break;
        default:
                break;
        }
        bits |= exponent << 52;
        memcpy(&number, &bits, sizeof(number));
        return number;
}

static void assert_accepted_as_written(const char *text)
{
        char written[CANONICAL_NUMBER_SIZE];
        size_t length, at;
        bool same;

        assert_int_equal(canonical_number(strtod(text, NULL), written, &length), 0);
        same = strcmp(text, written) == 0;
        if (same != (canonical_check(text, strlen(text), &at) == 0))
                fail_msg("%s is written %s", text, written);
}

/* A text near a canonical one: accepted exactly when the double it reads as is written so. */
static void test_numbers_near_the_shortest(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 16);

        for (int i = 0; i < 30000; i++) {
                char text[CANONICAL_NUMBER_SIZE + 4];
                size_t length;

                assert_int_equal(canonical_number(everyday_double(&random), text, &length), 0);
                if (!strchr(text, '.') || strchr(text, 'e'))
                        continue;
                assert_accepted_as_written(text);
                text[length] = (char)('1' + random_u64(&random) % 9);
                text[length + 1] = '\0';
                assert_accepted_as_written(text);
                text[length - 1] = (char)('1' + random_u64(&random) % 9);
                text[length] = '\0';
                assert_accepted_as_written(text);
                if (text[length - 2] != '.' && text[length - 2] != '0') {
                        text[length - 1] = '\0';
                        assert_accepted_as_written(text);
                }
        }
}

static void test_numbers_in_any_locale(void **state)
{
        static const char *const locales[] = {"fr_FR.UTF-8", "fr_FR.utf8", "de_DE.UTF-8"};
        const char *set = NULL;

        for (size_t i = 0; i < ARRAY_LEN(locales) && !set; i++)
                set = setlocale(LC_ALL, locales[i]);
        assert_canonical("[0.1, 5e-324, 333333333.33333329]", "[0.1,5e-324,333333333.3333333]");
        setlocale(LC_ALL, "C");
}

static void test_refuses_what_two_programs_would_read_differently(void **state)
{
        json_t *value = json_integer(9007199254740993);

        assert_int_equal(append_code(value), -ERANGE);
        json_decref(value);
        value = json_integer(-9007199254740993);
        assert_int_equal(append_code(value), -ERANGE);
        json_decref(value);
        value = json_integer(INT64_MIN);
        assert_int_equal(append_code(value), -ERANGE);
        json_decref(value);
        value = json_real(1e20);
        assert_int_equal(append_code(value), -ERANGE);
        json_decref(value);
        assert_canonical("9007199254740992", "9007199254740992");
        assert_canonical("-9007199254740992", "-9007199254740992");
        value = json_stringn_nocheck("a\xc3(", 3);
        assert_int_equal(append_code(value), -EILSEQ);
        json_decref(value);
}

static json_t *nested(int depth)
{
        json_t *value = json_array();

        for (int i = 1; i < depth; i++)
                value = json_pack("[o]", value);
        return value;
}

static void test_depth_has_an_end(void **state)
{
        json_t *good = nested(CANONICAL_DEPTH_MAX);
        json_t *deep = nested(CANONICAL_DEPTH_MAX + 1);
        char text[2 * CANONICAL_DEPTH_MAX + 3];
        size_t at;

        assert_int_equal(append_code(good), 0);
        assert_int_equal(append_code(deep), -ELOOP);
        memset(text, '[', CANONICAL_DEPTH_MAX + 1);
        memset(text + CANONICAL_DEPTH_MAX + 1, ']', CANONICAL_DEPTH_MAX + 1);
        assert_int_equal(canonical_check(text, 2 * CANONICAL_DEPTH_MAX + 2, &at), -EINVAL);
        assert_int_equal(canonical_check(text + 1, 2 * CANONICAL_DEPTH_MAX, &at), 0);
        json_decref(good);
        json_decref(deep);
}

static void test_buffer_cap_is_kept(void **state)
{
        struct buffer out = BUFFER_INIT(8);
        json_t *value = json_string("longer than eight");

        assert_int_equal(canonical_append(value, &out, NULL), -E2BIG);
        json_decref(value);
        buffer_release(&out);
}

static void test_many_keys_are_sorted(void **state)
{
        json_t *object = json_object();
        struct buffer out = BUFFER_INIT(1 << 16);
        size_t at;

        for (int i = 0; i < 500; i++) {
                char key[16];

                snprintf(key, sizeof(key), "k%d", (i * 7919) % 500);
                json_object_set_new(object, key, json_integer(i));
        }
        assert_int_equal(canonical_append(object, &out, NULL), 0);
        assert_int_equal(canonical_check(out.data, out.length, &at), 0);
        json_decref(object);
        buffer_release(&out);
}

/* JSON, but not the one form of it. */
static void test_scanner_refuses_other_spellings(void **state)
{
        static const char *const refused[] = {
                "",
                " 1",
                "1 ",
                "[1, 2]",
                "[1,]",
                "[,1]",
                "[1",
                "1]",
                "{}x",
                "{\"a\":1,}",
                "{\"b\":1,\"a\":2}",
                "{\"a\":1,\"a\":2}",
                "{\"a\" :1}",
                "{a:1}",
                "{\"a\":}",
                "{\"a\"}",
                "tru",
                "True",
                "nul",
                "nullx",
                "01",
                "-0",
                "-",
                "+1",
                "1.0",
                "1.",
                ".5",
                "1e5",
                "1E+30",
                "1e30",
                "1e+030",
                "10e+29",
                "0.50",
                "00.5",
                "1.10e+30",
                "0.0000001",
                "1e-6",
                "9007199254740993",
                "99999999999999999",
                "1e400",
                "1e+400",
                "--1",
                "1.5.2",
                "1-2",
                "0.1000000000000000055",
                "0.30000000000000000",
                "5e-325",
                "4.9e-324",
                "-0.0",
                "0.0",
                "1e+21e",
                "1e+",
                "\"",
                "\"a",
                "\"\\/\"",
                "\"\\u0041\"",
                "\"\\u000A\"",
                "\"\\u000a\"",
                "\"\\u001F\"",
                "\"\\u0020\"",
                "\"\\u20ac\"",
                "\"\\x\"",
                "\"\\u00\"",
                "\"\n\"",
                "\"\t\"",
                "\"\\",
                "\"\xc0\x80\"",
                "\"\xed\xa0\x80\"",
                "\"\xf4\x90\x80\x80\"",
                "\"\x80\"",
                "\"\xc3\"",
                "\"\xe0\x80\x80\"",
                "{\"\\u0000\":1}",
                "{\"\ufb33\":1,\"\U0001f600\":2}",
                "{\"b\":1,\"\\n\":2}",
                "'a'",
                "[1 2]",
                "{1:2}",
        };

        for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
                size_t at = 0;

                if (canonical_check(refused[i], strlen(refused[i]), &at) != -EINVAL)
                        fail_msg("accepted %s", refused[i]);
                assert_true(at <= strlen(refused[i]));
        }
}

static void test_scanner_accepts_the_one_form(void **state)
{
        static const char *const accepted[] = {
                "null",
                "true",
                "false",
                "0",
                "-1",
                "9007199254740992",
                "0.1",
                "1e+21",
                "1e-7",
                "0.000001",
                "123.456",
                "0.30000000000000004",
                "1.7976931348623157e+308",
                "5e-324",
                "2.2250738585072014e-308",
                "\"\"",
                "\"\\b\\t\\n\\f\\r\\\"\\\\\\u0000\\u001f\x7f/\"",
                "[]",
                "{}",
                "[[],{}]",
                "{\"\":0}",
                "{\"\\n\":1,\"b\":2}",
                "{\"a\":1,\"aa\":2,\"b\":3}",
                "{\"\U0001f600\":1,\"\ufb33\":2}",
                "\"\u00e9\u20ac\U0001f600\"",
        };

        for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
                size_t at = 0;

                if (canonical_check(accepted[i], strlen(accepted[i]), &at) != 0)
                        fail_msg("refused %s at %zu", accepted[i], at);
        }
}

static void test_members_are_handed_out(void **state)
{
        static const char text[] = "{\"a\":[1,{\"x\":2}],\"b\":\"c\"}";
        struct canonical_member members[2];
        size_t count, at;

        assert_int_equal(canonical_members(text, strlen(text), members, 2, &count, &at), 0);
        assert_int_equal(count, 2);
        assert_int_equal(members[0].value_length, 11);
        assert_memory_equal(members[0].value, "[1,{\"x\":2}]", 11);
        assert_memory_equal(members[1].key, "b", 1);
        assert_memory_equal(members[1].value, "\"c\"", 3);
        assert_int_equal(canonical_members(text, strlen(text), members, 1, &count, &at), -EINVAL);
        assert_int_equal(canonical_members("[]", 2, members, 2, &count, &at), -EINVAL);
}

/* Wherever it stands in a text, and whatever stands beside it. */
static struct canonical_member whole(const char *text)
{
        return (struct canonical_member){.value = text, .value_length = strlen(text)};
}

static void test_members_are_found_by_name(void **state)
{
        struct canonical_member object =
                whole("{\"a\\\"b\":1,\"document\":{\"incident\":2},\"incident\":\"i_1\",\"z\":[]}");
        struct canonical_member empty = whole("{}"), list = whole("[1]"), found = {.key = NULL};

        assert_int_equal(canonical_find(&object, "incident", &found), 0);
        assert_memory_equal(found.value, "\"i_1\",", 6);
        assert_int_equal(found.value_length, 5);
        assert_int_equal(canonical_find(&object, "z", &found), 0);
        assert_int_equal(found.value_length, 2);
        for (const char *const *name =
                     (const char *const[]){"", "a", "b", "documen", "documents", "zz", NULL};
             *name; name++)
                assert_int_equal(canonical_find(&object, *name, &found), -ENOENT);
        assert_int_equal(canonical_find(&empty, "a", &found), -ENOENT);
        assert_int_equal(canonical_find(&list, "a", &found), -ENOENT);
}

/* Splitting checks nothing, so it must agree with the scanner on whatever that accepts. */
static void test_splitting_agrees_with_the_scanner(void **state)
{
        static const char *const objects[] = {"{}", "{\"\":1}",
                                              "{\"a\":{\"b\":[1,\"]}\",{\"c\":\"\\\\\\\"\"}]},\"d\":[]}",
                                              ("{\"\\\\\":\"{\\\"[\",\"b\":-1.5e+30,\"c\":null,\"é\":"
                                               "\"ééééééééééééééééééééé\\n\",\"\xf0\x9f\x8f\xa5\":true}"),
                                              "{\"a\":\"0123456789abcdef\",\"b\":[[[[]]],{}],\"c\":\"}\"}"};

        for (size_t i = 0; i < sizeof(objects) / sizeof(*objects); i++) {
                struct canonical_member object = whole(objects[i]), scanned[8], split[8];
                size_t scanned_count = 0, split_count = 9, at;

                assert_int_equal(
                        canonical_members(objects[i], strlen(objects[i]), scanned, 8, &scanned_count, &at),
                        0);
                assert_int_equal(canonical_split(&object, split, 8, &split_count), 0);
                assert_int_equal(split_count, scanned_count);
                for (size_t k = 0; k < split_count; k++) {
                        assert_ptr_equal(split[k].key, scanned[k].key);
                        assert_int_equal(split[k].key_length, scanned[k].key_length);
                        assert_ptr_equal(split[k].value, scanned[k].value);
                        assert_int_equal(split[k].value_length, scanned[k].value_length);
                }
                if (scanned_count > 1)
                        assert_int_equal(canonical_split(&object, split, 1, &split_count), -E2BIG);
        }
        assert_int_equal(canonical_split(&(struct canonical_member){.value = "[]", .value_length = 2}, NULL,
                                         0, &(size_t){0}),
                         -EINVAL);
}

static void check_text(const char *quoted, const char *expected, size_t size)
{
        struct canonical_member string = whole(quoted);
        char text[64];

        assert_int_equal(canonical_text(&string, text, size), expected ? 0 : size < 5 ? -E2BIG : -EINVAL);
        if (expected)
                assert_string_equal(text, expected);
}

static void test_texts_are_read(void **state)
{
        check_text("\"\"", "", 1);
        check_text("\"o_01J9ZC3N5V8QW2RT7XK4MHB6YD\"", "o_01J9ZC3N5V8QW2RT7XK4MHB6YD", 64);
        check_text("\"a\\\"b\\\\c\\n\\u0001é\"", "a\"b\\c\n\x01é", 64);
        check_text("\"abcd\"", "abcd", 5);
        check_text("\"abcd\"", NULL, 4);
        check_text("\"a\\u0000b\"", NULL, 64);
        check_text("12", NULL, 64);
}

static void test_each_byte_in_each_place(void **state)
{
        for (size_t place = 0; place < 40; place++) {
                for (int byte = 0; byte < 256; byte++) {
                        char text[42];
                        size_t at = 0;
                        bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';

                        memset(text, place % 2 ? 'z' : ' ', sizeof(text));
                        text[0] = text[41] = '"';
                        text[1 + place] = (char)byte;
                        if ((canonical_check(text, sizeof(text), &at) == 0) != plain)
                                fail_msg("byte %d in place %zu", byte, place);
                        if (!plain && byte != '"' && byte != '\\')
                                assert_int_equal(at, 1 + place);
                }
        }
}

/* The scanner accepts a text exactly when writing what it says gives the same text. */
static void test_scanner_agrees_with_the_writer(void **state)
{
        static const char seed[] =
                "{\"a\":[1,-2.5,1e+21,true,null],\"b\":{\"x\":\"q\\n\\u0001\u00e9\"},\"c\":0.1}";
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 1);

        for (int i = 0; i < 20000; i++) {
                struct buffer out = BUFFER_INIT(1 << 12);
                char text[sizeof(seed)];
                uint64_t dice = random_u64(&random);
                size_t at;
                json_t *value;
                bool same = false;

                memcpy(text, seed, sizeof(seed));
                text[dice % (sizeof(seed) - 1)] = "0123456789{}[]\",:.e+-\\ntrf \xc3"[(dice >> 32) % 29];
                value = json_loadb(text, sizeof(seed) - 1, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
                if (value && canonical_append(value, &out, NULL) == 0)
                        same = out.length == sizeof(seed) - 1 && memcmp(out.data, text, out.length) == 0;
                if (same != (canonical_check(text, sizeof(seed) - 1, &at) == 0))
                        fail_msg("writer and scanner disagree: %s", text);
                json_decref(value);
                buffer_release(&out);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rfc_sample),
                cmocka_unit_test(test_rfc_key_order),
                cmocka_unit_test(test_rfc_numbers),
                cmocka_unit_test(test_not_numbers),
                cmocka_unit_test(test_numbers_round_trip_shortest),
                cmocka_unit_test(test_numbers_near_the_shortest),
                cmocka_unit_test(test_numbers_in_any_locale),
                cmocka_unit_test(test_refuses_what_two_programs_would_read_differently),
                cmocka_unit_test(test_depth_has_an_end),
                cmocka_unit_test(test_buffer_cap_is_kept),
                cmocka_unit_test(test_many_keys_are_sorted),
                cmocka_unit_test(test_scanner_refuses_other_spellings),
                cmocka_unit_test(test_scanner_accepts_the_one_form),
                cmocka_unit_test(test_members_are_handed_out),
                cmocka_unit_test(test_members_are_found_by_name),
                cmocka_unit_test(test_splitting_agrees_with_the_scanner),
                cmocka_unit_test(test_texts_are_read),
                cmocka_unit_test(test_each_byte_in_each_place),
                cmocka_unit_test(test_scanner_agrees_with_the_writer),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
