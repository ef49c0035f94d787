/* SPDX-License-Identifier: EUPL-1.2 */
#include "names/suffix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int open_default(void **state)
{
        struct suffixes *suffixes = NULL;

        assert_int_equal(suffixes_open(NULL, &suffixes, NULL), 0);
        *state = suffixes;
        return 0;
}

static int close_it(void **state)
{
        *state = suffixes_close(*state);
        return 0;
}

static void test_what_anybody_may_register_under(void **state)
{
        assert_true(suffix_is_public(*state, "com"));
        assert_true(suffix_is_public(*state, "co.uk"));
        assert_true(suffix_is_public(*state, "github.io"));
        assert_true(suffix_is_public(*state, "xn--55qx5d.cn")); /* an A-label */
        assert_true(suffix_is_public(*state, "anything.ck"));   /* *.ck */
        assert_false(suffix_is_public(*state, "www.ck"));       /* !www.ck */
        assert_false(suffix_is_public(*state, "example.co.uk"));
        assert_true(suffix_is_public(*state, "no-such-top-level")); /* the list's own rule for the unknown */
}

static void test_what_somebody_registered(void **state)
{
        const char *text = "a.b.example.co.uk";

        assert_ptr_equal(suffix_of(*state, text), text + strlen("a.b.example."));
        assert_ptr_equal(suffix_registered(*state, text), text + strlen("a.b."));
        assert_null(suffix_registered(*state, "co.uk"));
        assert_string_equal(suffix_registered(*state, "example.no-such-top-level"),
                            "example.no-such-top-level");
}

static void test_private_suffixes_are_registered_themselves(void **state)
{
        assert_string_equal(suffix_registered(*state, "www.someone.github.io"), "someone.github.io");
        assert_string_equal(suffix_registered_icann(*state, "www.someone.github.io"), "github.io");
        assert_string_equal(suffix_registered_icann(*state, "a.b.example.co.uk"), "example.co.uk");
        assert_null(suffix_registered_icann(*state, "co.uk"));
        assert_null(suffix_registered_icann(*state, "com"));
}

static void test_a_text_list_does_as_well(void **state)
{
        struct suffixes *suffixes = NULL;

        assert_int_equal(suffixes_open("/usr/share/publicsuffix/public_suffix_list.dat", &suffixes, NULL), 0);
        assert_true(suffix_is_public(suffixes, "co.uk"));
        suffixes_close(suffixes);
}

static void test_what_is_no_list_is_refused(void **state)
{
        struct suffixes *suffixes = NULL;
        struct error error = {0};

        assert_int_equal(suffixes_open("/no/such/file", &suffixes, &error), -ENOENT);
        assert_non_null(strstr(error.en, "/no/such/file"));
        assert_int_equal(suffixes_open("/etc/passwd", &suffixes, &error), -EINVAL);
        assert_string_equal(error.en, "/etc/passwd is not the public suffix list");
        assert_null(suffixes);
        assert_null(suffixes_close(NULL));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_what_anybody_may_register_under),
                cmocka_unit_test(test_what_somebody_registered),
                cmocka_unit_test(test_private_suffixes_are_registered_themselves),
                cmocka_unit_test(test_a_text_list_does_as_well),
                cmocka_unit_test(test_what_is_no_list_is_refused),
        };

        return cmocka_run_group_tests_name("suffix", tests, open_default, close_it);
}
