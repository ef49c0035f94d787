/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/html.h"

static void expect(const char *text, const char *expected)
{
        struct buffer out = BUFFER_INIT(1024);

        html_text(&out, text);
        assert_string_equal(buffer_string(&out), expected);
        buffer_release(&out);
}

static void test_text_stays_text(void **state)
{
        expect("", "");
        expect("état à 9 h", "état à 9 h");
        expect("<script>alert(\"x\")</script>", "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
        expect("a & b\nc", "a &amp; b<br>c");
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_text_stays_text)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
