/* SPDX-License-Identifier: EUPL-1.2 */
/* Which act is meant, and what goes into it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "api/input.h"
#include "api/router.h"
#include "base/cleanup.h"

static const struct act_param params[] = {{"incident", ACT_TEXT, ACT_PATH},
                                          {"all", ACT_BOOLEAN, 0},
                                          {"count", ACT_INTEGER, 0},
                                          {"share", ACT_NUMBER, 0},
                                          {"name", ACT_TEXT, 0},
                                          {"facts", ACT_JSON, 0},
                                          {"csv", ACT_TEXT, 0, 1024},
                                          {0}};
static const struct act acts[] = {
        {.name = "incident.list",
         .method = ACT_GET,
         .path = "/incidents",
         .flags = ACT_PAGED,
         .params = params},
        {.name = "incident.open", .method = ACT_POST, .path = "/incidents", .params = params},
        {.name = "incident.show", .method = ACT_GET, .path = "/incidents/{incident}", .params = params},
        {.name = "incident.paper", .method = ACT_GET, .path = "/incidents/paper"},
        {.name = "incident.fact",
         .method = ACT_POST,
         .path = "/incidents/{incident}/facts",
         .params = params},
        {.name = "account.put", .method = ACT_PUT, .path = "/accounts/{account}"},
        {.name = "account.drop", .method = ACT_DELETE, .path = "/accounts/{account}"},
        {.name = "watch", .method = ACT_GET, .path = "/watch", .flags = ACT_SOCKET_ONLY},
};

static struct router *make(void)
{
        const struct act *list[ARRAY_LEN(acts)];
        struct router *router;

        for (size_t i = 0; i < ARRAY_LEN(acts); i++)
                list[i] = &acts[i];
        assert_int_equal(router_new(list, ARRAY_LEN(list), &router, NULL), 0);
        return router;
}

static void assert_route(enum act_method method, const char *target, const char *name, const char *allow)
{
        struct router *router = make();
        struct uri uri;
        char text[64];

        assert_int_equal(uri_parse(target, &uri), 0);
        struct route route = router_find(router, method, &uri);
        if (name)
                assert_string_equal(route.act->name, name);
        else
                assert_null(route.act);
        router_allow(route.allowed, text, sizeof(text));
        assert_string_equal(text, allow);
        uri_release(&uri);
        router_free(router);
}

static void test_routes(void **state)
{
        assert_route(ACT_GET, "/api/v1/incidents", "incident.list", "GET, HEAD, POST, OPTIONS");
        assert_route(ACT_POST, "/api/v1/incidents", "incident.open", "GET, HEAD, POST, OPTIONS");
        assert_route(ACT_GET, "/api/v1/incidents/i_1", "incident.show", "GET, HEAD, OPTIONS");
        assert_route(ACT_POST, "/api/v1/incidents/i_1/facts", "incident.fact", "POST, OPTIONS");
        assert_route(ACT_GET, "/api/v1/incidents/i_1/facts", NULL, "POST, OPTIONS");
        assert_route(ACT_DELETE, "/api/v1/accounts/a", "account.drop", "PUT, DELETE, OPTIONS");
        assert_route(ACT_GET, "/api/v1/incidents/i_1/nothing", NULL, "OPTIONS");
        assert_route(ACT_GET, "/api/v1", NULL, "OPTIONS");
        assert_route(ACT_GET, "/api/v1/{incident}", NULL, "OPTIONS");
}

static void test_a_literal_wins(void **state)
{
        assert_route(ACT_GET, "/api/v1/incidents/paper", "incident.paper", "GET, HEAD, OPTIONS");
}

static void test_what_is_for_the_socket_has_no_route(void **state)
{
        assert_route(ACT_GET, "/api/v1/watch", NULL, "OPTIONS");
}

static void test_params_are_taken(void **state)
{
        struct router *router = make();
        struct uri uri;

        assert_int_equal(uri_parse("/api/v1/incidents/i_%31/facts", &uri), 0);
        struct route route = router_find(router, ACT_POST, &uri);
        assert_int_equal(route.param_count, 1);
        assert_string_equal(route.params[0].name, "incident");
        assert_string_equal(route.params[0].value, "i_1");
        uri_release(&uri);
        router_free(router);
}

static void test_bad_tables(void **state)
{
        static const struct act bad[][2] = {
                {{.name = "a", .path = "/a/{x}"}, {.name = "b", .path = "/a/{y}"}},
                {{.name = "a", .path = "/a/{x"}, {.name = "b", .path = "/b"}},
                {{.name = "a", .path = "/a/{}"}, {.name = "b", .path = "/b"}},
                {{.name = "a", .path = "a"}, {.name = "b", .path = "/b"}},
        };

        for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
                const struct act *list[] = {&bad[i][0], &bad[i][1]};
                struct router *router = NULL;

                assert_int_equal(router_new(list, 2, &router, NULL), -EINVAL);
                assert_null(router);
        }
}

/* ---- input ---- */

static json_t *read_in(const struct act *act, const char *target, const char *body, enum input_kind kind,
                       int expected)
{
        struct uri uri;
        struct route route = {.act = act, .params = {{"incident", "i_1"}}, .param_count = 1};
        json_t *in = NULL;
        struct error error = {0};

        assert_int_equal(uri_parse(target, &uri), 0);
        assert_int_equal(input_read(&route, &uri, kind, body, body ? strlen(body) : 0, &in, &error),
                         expected);
        if (expected)
                assert_true(error.fr[0] && error.en[0]);
        uri_release(&uri);
        return in;
}

static void assert_in(const char *target, const char *body, const char *expected)
{
        json_t *in = read_in(&acts[4], target, body, INPUT_JSON, 0);
        char *text = json_dumps(in, JSON_COMPACT | JSON_SORT_KEYS);

        assert_string_equal(text, expected);
        free(text);
        json_decref(in);
}

static void test_all_parts_meet(void **state)
{
        assert_in("/x", NULL, "{\"incident\":\"i_1\"}");
        assert_in("/x?all=1&count=-3&share=0.5&name=7", "{\"facts\":{\"a\":[1]}}",
                  "{\"all\":true,\"count\":-3,\"facts\":{\"a\":[1]},\"incident\":\"i_1\",\"name\":\"7\","
                  "\"share\":0.5}");
        assert_in("/x?all=false&all2=1", NULL, "{\"all\":false,\"all2\":\"1\",\"incident\":\"i_1\"}");
        assert_in("/x?count=9x&share=nan&all=maybe", NULL,
                  "{\"all\":\"maybe\",\"count\":\"9x\",\"incident\":\"i_1\",\"share\":\"nan\"}");
        assert_in("/x?count=99999999999999999999", NULL,
                  "{\"count\":\"99999999999999999999\",\"incident\":\"i_1\"}");
        assert_in("/x", "{\"name\":\"]]}}\\\"[[[[[[[[[[[[[[[[[[[[[\"}",
                  "{\"incident\":\"i_1\",\"name\":\"]]}}\\\"[[[[[[[[[[[[[[[[[[[[[\"}");
}

static void test_limit_is_a_number(void **state)
{
        json_t *in = read_in(&acts[0], "/x?limit=10&after=5", NULL, INPUT_NONE, 0);

        assert_int_equal(json_integer_value(json_object_get(in, "limit")), 10);
        assert_string_equal(json_string_value(json_object_get(in, "after")), "5");
        json_decref(in);
}

static void test_malformed_input(void **state)
{
        static const char *const bodies[] = {"[]",
                                             "1",
                                             "{",
                                             "{\"a\":1,}",
                                             "{\"a\":1,\"a\":2}",
                                             "{\"incident\":\"i_2\"}",
                                             "{\"a\":\"\\u0000\"}",
                                             "{}x",
                                             "{\"a\":\"\xff\"}",
                                             "{\"a\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}"};

        for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
                read_in(&acts[4], "/x", bodies[i], INPUT_JSON, -EINVAL);
        read_in(&acts[4], "/x?name=a&name=b", NULL, INPUT_NONE, -EINVAL);
        read_in(&acts[4], "/x?incident=i_2", NULL, INPUT_NONE, -EINVAL);
        read_in(&acts[4], "/x?name=a", "{\"name\":\"b\"}", INPUT_JSON, -EINVAL);
}

static void test_csv(void **state)
{
        json_t *in = read_in(&acts[4], "/x", "\xef\xbb\xbfnom;pr\xc3\xa9nom\r\n", INPUT_CSV, 0);

        assert_string_equal(json_string_value(json_object_get(in, "csv")), "nom;pr\xc3\xa9nom\r\n");
        json_decref(in);
        read_in(&acts[4], "/x", "nom\xe9", INPUT_CSV, -EINVAL);
}

static void test_kinds(void **state)
{
        const struct act *with = &acts[4], *without = &acts[5];

        assert_int_equal(input_kind_of(with, NULL), INPUT_NONE);
        assert_int_equal(input_kind_of(with, "application/json"), INPUT_JSON);
        assert_int_equal(input_kind_of(with, "Application/JSON; charset=\"UTF-8\""), INPUT_JSON);
        assert_int_equal(input_kind_of(with, "application/json; charset=latin1"), INPUT_OTHER);
        assert_int_equal(input_kind_of(with, "application/jsonp"), INPUT_OTHER);
        assert_int_equal(input_kind_of(with, "text/plain"), INPUT_OTHER);
        assert_int_equal(input_kind_of(with, "text/csv"), INPUT_CSV);
        assert_int_equal(input_kind_of(without, "text/csv"), INPUT_OTHER);
        assert_int_equal(input_kind_of(with, "application/x-www-form-urlencoded"), INPUT_OTHER);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_routes),
                                           cmocka_unit_test(test_a_literal_wins),
                                           cmocka_unit_test(test_what_is_for_the_socket_has_no_route),
                                           cmocka_unit_test(test_params_are_taken),
                                           cmocka_unit_test(test_bad_tables),
                                           cmocka_unit_test(test_all_parts_meet),
                                           cmocka_unit_test(test_limit_is_a_number),
                                           cmocka_unit_test(test_malformed_input),
                                           cmocka_unit_test(test_csv),
                                           cmocka_unit_test(test_kinds)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
