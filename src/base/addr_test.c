/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/addr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

static struct addr parsed(const char *text)
{
        struct addr addr;

        assert_int_equal(addr_parse(text, &addr), 0);
        return addr;
}

static void test_what_is_parsed_is_formatted_alike(void **state)
{
        static const char *const texts[] = {"192.0.2.1",   "192.0.2.0/24",  "0.0.0.0/0", "255.255.255.255",
                                            "2001:db8::1", "2001:db8::/32", "::/0",      "::1",
                                            "fe80::/10"};
        char text[ADDR_TEXT_SIZE];

        for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
                struct addr addr = parsed(texts[i]);
                addr_format(&addr, text);
                assert_string_equal(text, texts[i]);
        }
}

static void test_full_prefix_is_a_single_address(void **state)
{
        struct addr one = parsed("192.0.2.7/32");
        struct addr other = parsed("192.0.2.7");
        char text[ADDR_TEXT_SIZE];

        assert_true(addr_equal(&one, &other));
        addr_format(&one, text);
        assert_string_equal(text, "192.0.2.7");
}

static void test_the_longest_text_fits(void **state)
{
        struct addr addr = parsed("2001:db8:ffff:ffff:ffff:ffff:ffff:fffe/127");
        char text[ADDR_TEXT_SIZE];

        addr_format(&addr, text);
        assert_string_equal(text, "2001:db8:ffff:ffff:ffff:ffff:ffff:fffe/127");
}

static void test_nonsense_is_refused_and_changes_nothing(void **state)
{
        static const char *const texts[] = {"",
                                            "/",
                                            "/24",
                                            "192.0.2",
                                            "192.0.2.256",
                                            "192.0.2.1/",
                                            "192.0.2.1/33",
                                            "192.0.2.0/-1",
                                            "192.0.2.0/+24",
                                            "192.0.2.0/ 24",
                                            "192.0.2.0/24x",
                                            "192.0.2.0/24/24",
                                            "192.0.2.1 ",
                                            "2001:db8::/129",
                                            "2001:db8:::1",
                                            "192.0.2.0/99999999999999999999999",
                                            "portail"};
        struct addr before = parsed("198.51.100.1");
        struct addr addr = before;

        for (size_t i = 0; i < ARRAY_LEN(texts); i++)
                assert_int_equal(addr_parse(texts[i], &addr), -EINVAL);
        assert_memory_equal(&addr, &before, sizeof(addr));
}

static void test_a_text_too_long_is_refused(void **state)
{
        char text[300];
        struct addr addr;

        memset(text, '1', sizeof(text) - 1);
        text[sizeof(text) - 1] = '\0';
        assert_int_equal(addr_parse(text, &addr), -EINVAL);
}

static void test_bits_beyond_the_prefix_are_refused(void **state)
{
        struct addr addr;

        assert_int_equal(addr_parse("192.0.2.1/24", &addr), -EINVAL);
        assert_int_equal(addr_parse("192.0.2.128/24", &addr), -EINVAL);
        assert_int_equal(addr_parse("192.0.2.128/25", &addr), 0);
        assert_int_equal(addr_parse("2001:db8::1/64", &addr), -EINVAL);
        assert_int_equal(addr_parse("128.0.0.0/0", &addr), -EINVAL);
}

static void check_within(const char *inner, const char *outer, bool expected)
{
        struct addr a = parsed(inner);
        struct addr b = parsed(outer);

        assert_int_equal(addr_within(&a, &b), expected);
}

static void test_within(void **state)
{
        check_within("192.0.2.200", "192.0.2.0/24", true);
        check_within("192.0.2.200", "192.0.2.192/26", true);
        check_within("192.0.2.200", "192.0.2.0/25", false);
        check_within("192.0.2.200", "0.0.0.0/0", true);
        check_within("192.0.2.200", "192.0.2.200", true);
        check_within("192.0.2.201", "192.0.2.200", false);
        check_within("192.0.2.0/24", "192.0.2.0/25", false);
        check_within("192.0.2.128/25", "192.0.2.0/24", true);
        check_within("2001:db8:1::1", "2001:db8::/32", true);
        check_within("2001:db9::1", "2001:db8::/32", false);
}

static void test_loopback(void **state)
{
        const struct addr here4 = parsed("127.0.0.53"), here6 = parsed("::1"), wide = parsed("126.0.0.0/7"),
                          there4 = parsed("128.0.0.1"), there6 = parsed("::2");

        assert_true(addr_is_loopback(&here4));
        assert_true(addr_is_loopback(&here6));
        assert_false(addr_is_loopback(&wide));
        assert_false(addr_is_loopback(&there4));
        assert_false(addr_is_loopback(&there6));
}

static void test_families_do_not_mix(void **state)
{
        struct addr four = parsed("0.0.0.0/0");
        struct addr six = parsed("::/0");

        assert_false(addr_equal(&four, &six));
        check_within("192.0.2.1", "::/0", false);
        check_within("::1", "0.0.0.0/0", false);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_what_is_parsed_is_formatted_alike),
                cmocka_unit_test(test_full_prefix_is_a_single_address),
                cmocka_unit_test(test_the_longest_text_fits),
                cmocka_unit_test(test_nonsense_is_refused_and_changes_nothing),
                cmocka_unit_test(test_a_text_too_long_is_refused),
                cmocka_unit_test(test_bits_beyond_the_prefix_are_refused),
                cmocka_unit_test(test_within),
                cmocka_unit_test(test_loopback),
                cmocka_unit_test(test_families_do_not_mix),
        };

        return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
