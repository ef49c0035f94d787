/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "flow/selector.h"

struct selected {
        enum measure_kind kind;
        const char *selector;
};

static int check(const struct selected *selected, struct error *error)
{
        json_t *selector = json_loads(selected->selector, JSON_DECODE_ANY, NULL);
        int r = selector_check(selected->kind, selector, error);

        json_decref(selector);
        return r;
}

static void test_what_makes_sense(void **state)
{
        static const struct selected good[] = {
                {MEASURE_KIND_SIGNATURE, "{\"protocol\":1}"},
                {MEASURE_KIND_SIGNATURE,
                 "{\"class\":\"udp\",\"length\":[700,820],\"served_port\":false,\"ttl\":0}"},
                {MEASURE_KIND_FENCE, "{\"countries\":[\"FR\",\"UK\"],\"spare_known\":false}"},
                {MEASURE_KIND_THROTTLE, "{\"rate_pps\":1}"},
                {MEASURE_KIND_CHALLENGE, "{}"},
        };

        for (size_t i = 0; i < ARRAY_LEN(good); i++)
                assert_int_equal(check(&good[i], NULL), 0);
        assert_int_equal(selector_check(MEASURE_KIND_CHALLENGE, NULL, NULL), 0);
}

static void test_what_makes_none(void **state)
{
        static const struct selected bad[] = {
                {MEASURE_KIND_SIGNATURE, "{}"},
                {MEASURE_KIND_SIGNATURE, "[]"},
                {MEASURE_KIND_SIGNATURE, "{\"protcol\":1}"},
                {MEASURE_KIND_SIGNATURE, "{\"pays\":\"ES\"}"},
                {MEASURE_KIND_SIGNATURE, "{\"ttl\":[9,3]}"},
                {MEASURE_KIND_SIGNATURE, "{\"ttl\":[9]}"},
                {MEASURE_KIND_SIGNATURE, "{\"ttl\":-1}"},
                {MEASURE_KIND_SIGNATURE, "{\"ttl\":null}"},
                {MEASURE_KIND_SIGNATURE, "{\"country\":\"ZZ\"}"},
                {MEASURE_KIND_FENCE, "{}"},
                {MEASURE_KIND_FENCE, "{\"pays\":[\"ES\"]}"},
                {MEASURE_KIND_FENCE, "{\"countries\":[]}"},
                {MEASURE_KIND_FENCE, "{\"countries\":[\"ZZZ\"]}"},
                {MEASURE_KIND_FENCE, "{\"countries\":[\"ZZ\"]}"},
                {MEASURE_KIND_FENCE, "{\"countries\":[\"FR\",7]}"},
                {MEASURE_KIND_FENCE, "{\"countries\":[\"FR\"],\"spare_known\":1}"},
                {MEASURE_KIND_FENCE, "{\"countries\":[\"FR\"],\"but\":[\"US\"]}"},
                {MEASURE_KIND_THROTTLE, "{}"},
                {MEASURE_KIND_THROTTLE, "{\"rate_pps\":0}"},
                {MEASURE_KIND_THROTTLE, "{\"packets_per_second\":100}"},
                {MEASURE_KIND_THROTTLE, "{\"rate_pps\":4294967296}"},
                {MEASURE_KIND_CHALLENGE, "{\"ports\":[443]}"},
                {MEASURE_KIND_COUNT, "{}"},
        };

        for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
                struct error error = {0};

                if (check(&bad[i], &error) != -EINVAL)
                        fail_msg("%s passes", bad[i].selector);
                assert_true(strlen(error.fr) > 10 && strlen(error.en) > 10);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_makes_sense),
                                           cmocka_unit_test(test_what_makes_none)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
