// fuzz: links=api_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What HTTP clients send: a target, a NUL, a body. Whatever it is, decoding ends, keeps to its caps, and gives an object whose
 * names are texts; the headers' small languages are read beside it.
 */
#include <stdlib.h>
#include <string.h>

#include "api/answer.h"
#include "api/cookie.h"
#include "api/host.h"
#include "api/input.h"
#include "base/cleanup.h"

static const struct act_param params[] = {{"incident", ACT_TEXT, ACT_PATH},
                                          {"all", ACT_BOOLEAN, 0},
                                          {"count", ACT_INTEGER, 0},
                                          {"share", ACT_NUMBER, 0},
                                          {"facts", ACT_JSON, 0},
                                          {"csv", ACT_TEXT, 0, 4096},
                                          {0}};
static const struct act acts[] = {
        {.name = "list", .method = ACT_GET, .path = "/incidents", .flags = ACT_PAGED, .params = params},
        {.name = "fact", .method = ACT_POST, .path = "/incidents/{incident}/facts", .params = params},
};

static void read_body(const struct act *act, const struct uri *uri, const char *body, size_t length)
{
        const struct route route = {.act = act, .params = {{"incident", "i_1"}}, .param_count = 1};
        const enum input_kind kinds[] = {INPUT_JSON, INPUT_CSV};

        for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
                struct error error = {0};
                json_t *in = NULL;
                int r = input_read(&route, uri, kinds[i], body, length, &in, &error);

                if (r ? in != NULL : !json_is_object(in))
                        abort();
                json_decref(in);
        }
}

static void read_headers(const char *text)
{
        static const char *const names[] = {"garde.example"};
        char value[COOKIE_VALUE_SIZE], tag[ANSWER_TAG_SIZE];

        answer_tag(text, strlen(text), tag);
        answer_tag_named(text, tag);
        answer_english(text, false);
        answer_accepts(text, "br");
        cookie_find(text, "garde", value);
        if (host_is_ours(text, names, 1) && strpbrk(text, "/@ "))
                abort();
        host_is_origin("garde.example", text);
        input_kind_of(&acts[1], text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
        char *target = malloc(length + 1);
        const char *body;
        struct uri uri;

        if (!target)
                return 0;
        memcpy(target, data, length);
        target[length] = '\0';
        body = memchr(target, '\0', length);
        body = body ? body + 1 : target + length;
        read_headers(target);
        if (!uri_parse(target, &uri)) {
                if (strstr(uri.path, "/..") &&
                    (!strstr(uri.path, "/..")[3] || strstr(uri.path, "/..")[3] == '/'))
                        abort();
                read_body(&acts[0], &uri, body, (size_t)(target + length - body));
                read_body(&acts[1], &uri, body, (size_t)(target + length - body));
                uri_release(&uri);
        }
        free(target);
        return 0;
}
