/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/answer.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "flow/json_text.h"

#define HEADER_MAX 1024
#define TAG_BYTES  16

/* Nothing but our own scripts and styles, no frames, no forms, no <base>; see docs/threat-model.md. */
#define POLICY                                                                                               \
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "        \
        "'self'; "                                                                                           \
        "font-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

static const struct {
        const char *name, *value;
} strict[] = {
        {"Content-Security-Policy", POLICY},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"X-Frame-Options", "DENY"},
        {"Permissions-Policy",
         "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"},
};

void answer_headers(bool tls, void (*add)(void *context, const char *name, const char *value), void *context)
{
        for (size_t i = 0; i < ARRAY_LEN(strict); i++)
                add(context, strict[i].name, strict[i].value);
        if (tls)
                add(context, "Strict-Transport-Security", "max-age=31536000");
}

void answer_release(struct answer *answer)
{
        for (size_t i = 0; i < answer->header_count; i++)
                free(answer->headers[i].value);
        if (answer->owned)
                free(answer->body);
        if (answer->fd >= 0)
                close(answer->fd);
        *answer = (struct answer)ANSWER_INIT;
}

void answer_header(struct answer *answer, const char *name, const char *value)
{
        char *copy;

        if (answer->header_count == ANSWER_HEADERS_MAX || !(copy = strndup(value, HEADER_MAX)))
                return;
        for (char *at = copy; *at; at++)
                if ((unsigned char)*at < 0x20 || *at == 0x7f)
                        *at = '\0';
        answer->headers[answer->header_count++] = (struct answer_header){name, copy};
}

void answer_header_format(struct answer *answer, const char *name, const char *format, ...)
{
        char value[HEADER_MAX];
        va_list args;

        va_start(args, format);
        vsnprintf(value, sizeof(value), format, args);
        va_end(args);
        answer_header(answer, name, value);
}

int answer_json(struct answer *answer, unsigned status, const char *type, const json_t *json)
{
        char *body = json_text(json, &answer->length);

        answer->status = body ? status : 500;
        if (!body)
                return -ENOMEM;
        answer->body = body;
        answer->owned = true;
        answer_header(answer, "Content-Type", type);
        return 0;
}

static const char *title_of(unsigned status)
{
        static const struct {
                unsigned status;
                const char *title;
        } titles[] = {{400, "Bad Request"},         {401, "Unauthorized"},
                      {403, "Forbidden"},           {404, "Not Found"},
                      {405, "Method Not Allowed"},  {409, "Conflict"},
                      {412, "Precondition Failed"}, {413, "Content Too Large"},
                      {414, "URI Too Long"},        {415, "Unsupported Media Type"},
                      {421, "Misdirected Request"}, {422, "Unprocessable Content"},
                      {429, "Too Many Requests"},   {503, "Service Unavailable"}};

        for (size_t i = 0; i < ARRAY_LEN(titles); i++)
                if (titles[i].status == status)
                        return titles[i].title;
        return "Internal Server Error";
}

void answer_problem(struct answer *answer, unsigned status, const char *fr, const char *en, bool english)
{
        json_t *problem = json_pack("{s:s, s:s, s:i, s:s, s:s, s:s}", "type", "about:blank", "title",
                                    title_of(status), "status", (int)status, "detail", english ? en : fr,
                                    "detail_fr", fr, "detail_en", en);

        answer->status = status;
        if (problem)
                answer_json(answer, status, "application/problem+json", problem);
        json_decref(problem);
        answer_header(answer, "Content-Language", english ? "en" : "fr");
}

unsigned answer_status(int r)
{
        switch (r) {
        case 0:
                return 200;
        case -EINPROGRESS:
                return 202;
        case -EINVAL:
                return 422;
        case -ENOENT:
                return 404;
        case -EACCES:
                return 403;
        case -EPERM:
                return 401;
        case -EBUSY:
        case -EALREADY:
                return 409;
        case -EAGAIN:
                return 429;
        case -E2BIG:
                return 413;
        case -ESTALE:
                return 412;
        default:
                return 500;
        }
}

/* ---- entity tags ---- */

void answer_tag(const void *bytes, size_t length, char ret_tag[static ANSWER_TAG_SIZE])
{
        uint8_t hash[TAG_BYTES];

        crypto_generichash(hash, sizeof(hash), bytes, length, NULL, 0);
        ret_tag[0] = '"';
        sodium_bin2hex(ret_tag + 1, 2 * TAG_BYTES + 1, hash, sizeof(hash));
        memcpy(ret_tag + 1 + 2 * TAG_BYTES, "\"", 2);
}

bool answer_tag_named(const char *header, const char *tag)
{
        size_t length = strlen(tag);

        while (header && length) {
                header += strspn(header, " \t,");
                if (*header == '*')
                        return true;
                if (!strncmp(header, "W/", 2))
                        header += 2;
                if (!strncmp(header, tag, length) && strchr(" \t,", header[length]))
                        return true;
                header = strchr(header, ',');
        }
        return false;
}

static void drop_body(struct answer *answer)
{
        if (answer->owned)
                free(answer->body);
        answer->body = NULL;
        answer->owned = false;
        answer->length = 0;
}

void answer_settle_tag(struct answer *answer, const char *tag, bool weak, const char *if_none_match)
{
        snprintf(answer->tag, sizeof(answer->tag), "%s", tag);
        answer_header_format(answer, "ETag", "%s%s", weak ? "W/" : "", answer->tag);
        if (!answer_tag_named(if_none_match, answer->tag))
                return;
        drop_body(answer);
        answer->status = 304;
}

void answer_recode(struct answer *answer, char *bytes, size_t length, const char *coding)
{
        drop_body(answer);
        answer->body = bytes;
        answer->length = length;
        answer->owned = true;
        answer_header(answer, "Content-Encoding", coding);
}

/* ---- what the client reads ---- */

/* The weight of `what` in a list such as "fr-FR, en;q=0.8"; -1 when it is not named. */
static double weight_of(const char *list, const char *what)
{
        size_t length = strlen(what);
        double best = -1;

        while (list && *list) {
                list += strspn(list, " \t,");
                size_t item = strcspn(list, ",");
                if (!strncasecmp(list, what, length) && strchr("-;, \t", list[length])) {
                        const char *weight = memmem(list, item, "q=", 2);
                        double value = weight ? strtod(weight + 2, NULL) : 1;
                        best = value > best ? value : best;
                }
                list += item;
        }
        return best;
}

bool answer_english(const char *accept_language, bool otherwise)
{
        double english = accept_language ? weight_of(accept_language, "en") : -1;
        double french = accept_language ? weight_of(accept_language, "fr") : -1;

        return english == french ? otherwise : english > french;
}

bool answer_accepts(const char *accept_encoding, const char *coding)
{
        return accept_encoding && weight_of(accept_encoding, coding) > 0;
}
