/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/proxy.h"

#include <errno.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/file.h"

#define SECRET "0123456789abcdef0123456789abcdef"

static int read_back(const char *text, size_t length, char secret[static PROXY_SECRET_SIZE],
                     struct error *error)
{
        char path[] = "/tmp/garde-proxy-XXXXXX";
        int fd = mkstemp(path), r;

        assert_true(fd >= 0);
        assert_int_equal(write(fd, text, length), (ssize_t)length);
        close(fd);
        r = proxy_secret_read(path, secret, error);
        unlink(path);
        return r;
}

static void test_one_line(void **state)
{
        char secret[PROXY_SECRET_SIZE] = "";

        assert_int_equal(read_back(SECRET "\n", strlen(SECRET) + 1, secret, NULL), 0);
        assert_string_equal(secret, SECRET);
        assert_int_equal(read_back(SECRET, strlen(SECRET), secret, NULL), 0);
        assert_string_equal(secret, SECRET);
}

static void test_what_is_none(void **state)
{
        static const struct {
                const char *text;
                size_t length;
        } wrong[] = {{"", 0},
                     {"\n", 1},
                     {"too-short\n", 10},
                     {SECRET "\n" SECRET "\n", 66},
                     {SECRET " x\n", 35},
                     {SECRET "\0x", 34},
                     {SECRET "\xc3\xa9", 34}};
        char secret[PROXY_SECRET_SIZE] = "as it was", longest[PROXY_SECRET_SIZE];
        struct error error = {0};

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                assert_int_equal(read_back(wrong[i].text, wrong[i].length, secret, &error), -EINVAL);
                assert_null(strstr(error.en, "0123"));
        }
        memset(longest, 'x', sizeof(longest));
        assert_int_equal(read_back(longest, sizeof(longest), secret, NULL), -EINVAL);
        assert_string_equal(secret, "as it was");
        assert_int_equal(proxy_secret_read("/nowhere/secret", secret, NULL), -ENOENT);
}

static void test_what_fits(void **state)
{
        assert_true(proxy_secret_fits(SECRET, SECRET));
        assert_false(proxy_secret_fits(SECRET, SECRET "0"));
        assert_false(proxy_secret_fits(SECRET, "0123"));
        assert_false(proxy_secret_fits(SECRET, ""));
        assert_false(proxy_secret_fits(SECRET, NULL));
        assert_false(proxy_secret_fits("", ""));
        assert_false(proxy_secret_fits("", NULL));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_one_line),
                cmocka_unit_test(test_what_is_none),
                cmocka_unit_test(test_what_fits),
        };

        return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
