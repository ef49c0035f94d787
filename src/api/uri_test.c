/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/uri.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"

static void test_parts_and_pairs(void **state)
{
        struct uri uri;

        assert_int_equal(uri_parse("/api/v1/incidents/i_1%20%C3%A9?all=true&x=a+b%26c&&flag", &uri), 0);
        assert_string_equal(uri.path, "/api/v1/incidents/i_1 é");
        assert_int_equal(uri.part_count, 4);
        assert_string_equal(uri.parts[3], "i_1 é");
        assert_int_equal(uri.query_count, 3);
        assert_string_equal(uri.query[0].name, "all");
        assert_string_equal(uri.query[0].value, "true");
        assert_string_equal(uri.query[1].value, "a b&c");
        assert_string_equal(uri.query[2].name, "flag");
        assert_string_equal(uri.query[2].value, "");
        uri_release(&uri);
        assert_int_equal(uri_parse("/", &uri), 0);
        assert_int_equal(uri.part_count, 0);
        assert_string_equal(uri.path, "/");
        uri_release(&uri);
        assert_int_equal(uri_parse("/a+b?", &uri), 0); /* plus means a space in the query alone */
        assert_string_equal(uri.parts[0], "a+b");
        uri_release(&uri);
}

static void test_what_is_refused(void **state)
{
        static const char *const wrong[] = {
                "",           "*",        "api",          "http://a/b",
                "/a//b",      "/a/",      "//a",          "/.",
                "/..",        "/a/../b",  "/%2e%2e/b",    "/a%2fb",
                "/a%2Fb",     "/%",       "/%4",          "/%zz",
                "/%00",       "/a?b=%00", "/a%0d%0aX: y", "/a?b=%0a",
                "/a b",       "/a#b",     "/a\\b",        "/\xc3\xa9",
                "/%ff",       "/%c0%ae",  "/%ed%a0%80",   "/%f5%80%80%80",
                "/%e0%80%80", "/a?b=%c3", "/a\"",         "/<script>",
                "/%7f",       "/a?%",
        };

        for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
                struct uri uri;
                int r = uri_parse(wrong[i], &uri);

                if (r != -EINVAL)
                        fprintf(stderr, "# %s gives %d\n", wrong[i], r);
                assert_int_equal(r, -EINVAL);
        }
}

static void test_caps(void **state)
{
        char target[URI_MAX + 64] = "";
        struct uri uri;

        memset(target, 'a', URI_MAX + 1);
        target[0] = '/';
        assert_int_equal(uri_parse(target, &uri), -E2BIG);
        target[URI_MAX] = '\0';
        assert_int_equal(uri_parse(target, &uri), 0);
        uri_release(&uri);
        target[0] = '\0';
        for (unsigned i = 0; i <= URI_PARTS_MAX; i++)
                strcat(target, "/a");
        assert_int_equal(uri_parse(target, &uri), -E2BIG);
        strcpy(target, "/?a");
        for (unsigned i = 0; i < URI_QUERY_MAX; i++)
                strcat(target, "&a");
        assert_int_equal(uri_parse(target, &uri), -E2BIG);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_parts_and_pairs),
                                           cmocka_unit_test(test_what_is_refused),
                                           cmocka_unit_test(test_caps)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
