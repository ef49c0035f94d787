/* SPDX-License-Identifier: EUPL-1.2 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "api/cookie.h"
#include "api/visit_private.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "hub/world.h"
#include "people/people.h"

#define NEXT_LINK_MAX 1000 /* of the header Link; beyond, a client takes "next" from the body */

/* ---- answers ---- */

static void refuse_by(struct visit *visit, unsigned status, const struct error *error, int r)
{
        if (status == 401)
                answer_header(&visit->answer, "WWW-Authenticate", "Bearer realm=\"garde\"");
        if (status == 429)
                answer_header(&visit->answer, "Retry-After", "60");
        visit_refuse(visit, status, error_text_in(error, r, LANGUAGE_FR),
                     error_text_in(error, r, LANGUAGE_EN));
}

/* Everything but RFC 3986's unreserved characters as %XX. */
static void append_escaped(struct buffer *buffer, const char *text)
{
        for (const unsigned char *at = (const unsigned char *)text; *at; at++)
                buffer_format(buffer, isalnum(*at) || strchr("-._~", *at) ? "%c" : "%%%02X", *at);
}

/* RFC 6266 with RFC 8187: a plain name for all, the real one beside it. */
static void name_file(struct answer *answer, const char *name)
{
        struct buffer real = BUFFER_INIT(1024);
        char plain[160];
        size_t length = 0;

        for (const unsigned char *at = (const unsigned char *)name; *at && length < sizeof(plain) - 1; at++)
                if ((*at & 0xc0) != 0x80) /* one '_' for a character, however many bytes it has */
                        plain[length++] = isalnum(*at) || strchr("-._", *at) ? (char)*at : '_';
        plain[length] = '\0';
        append_escaped(&real, name);
        answer_header_format(answer, "Content-Disposition",
                             "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, buffer_string(&real));
        buffer_release(&real);
}

static int take_blob(struct answer *answer, struct act_blob *blob)
{
        struct stat st;

        answer->status = 200;
        if (blob->path) {
                answer->fd = open(blob->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
                if (answer->fd < 0 || fstat(answer->fd, &st) < 0)
                        return -errno;
                answer->length = (size_t)st.st_size;
                if (blob->unlink)
                        unlink(blob->path);
        } else {
                answer->body = STEAL_PTR(blob->bytes);
                answer->length = blob->length;
                answer->owned = true;
        }
        answer_header(answer, "Content-Type", blob->type);
        if (blob->name[0])
                name_file(answer, blob->name);
        return 0;
}

/* A paper is compressed already. */
static bool is_text(const char *type)
{
        return !*type || !strncmp(type, "text/", 5) || !strcmp(type, "application/json");
}

/*
 * Whether this answer may leave compressed: its client takes it and sits at another machine (on this one it would only cost), and it holds
 * no secret. Those stand in answers to writes, and in what the way in says: session.show's CSRF value.
 */
static bool may_shrink(const struct visit *visit)
{
        const struct act *act = visit->route.act;

        return visit->far && visit->method == ACT_GET && is_text(visit->call.blob.type) &&
               !(act && act->flags & ACT_UNLOGGED_IN) && answer_accepts(visit->head.accept_encoding, "gzip");
}

/* At once when that is the shorter way; else visit.c has another thread do it. */
static void shrink(struct visit *visit)
{
        struct answer *answer = &visit->answer;
        char *bytes;
        size_t length;

        if (answer->status != 200)
                return;
        visit->shrinks = answer->length > GZIP_SHORT && answer->length <= GZIP_MOST;
        if (!visit->shrinks && !gzip_body(visit->house->gzip, gzip_noise(visit->house->world->random),
                                          answer->body, answer->length, &bytes, &length))
                answer_recode(answer, bytes, length, "gzip");
}

/* Tag, condition and coding of a GET that has a body. */
static void settle_body(struct visit *visit, const char *tag)
{
        bool shrinks = may_shrink(visit);

        answer_header(&visit->answer, "Vary", "Accept-Encoding");
        answer_settle_tag(&visit->answer, tag, shrinks, visit->head.if_none_match);
        if (shrinks)
                shrink(visit);
}

/* The page after this one (RFC 8288): the same query, but for "after". */
static void link_next(struct visit *visit)
{
        const char *next = json_string_value(json_object_get(visit->call.out, "next"));
        struct buffer link = BUFFER_INIT(NEXT_LINK_MAX);

        if (!(visit->route.act->flags & ACT_PAGED) || !next)
                return;
        buffer_format(&link, "<%s?after=", visit->uri.path);
        append_escaped(&link, next);
        for (size_t i = 0; i < visit->uri.query_count; i++) {
                const struct uri_pair *pair = &visit->uri.query[i];

                if (!strcmp(pair->name, "after"))
                        continue;
                buffer_text(&link, "&");
                append_escaped(&link, pair->name);
                buffer_text(&link, "=");
                append_escaped(&link, pair->value);
        }
        buffer_text(&link, ">; rel=\"next\"");
        if (!link.overflow)
                answer_header(&visit->answer, "Link", link.data);
        buffer_release(&link);
}

/* A session was made, or the one that asked is over. */
static void set_cookie(struct visit *visit)
{
        const char *value = visit->call.set_cookie;
        struct people_session session;
        char header[COOKIE_HEADER_SIZE], cookie[COOKIE_VALUE_SIZE];
        bool over = false;

        if (!*value && visit->caller.act.session[0] && visit->method != ACT_GET)
                over = cookie_find(visit->head.cookie, cookie_name(visit->secure), cookie) &&
                       people_session_find(visit->house->world->people, cookie, &session) != 0;
        if (!*value && !over)
                return;
        cookie_set(visit->secure, value, header);
        answer_header(&visit->answer, "Set-Cookie", header);
        explicit_bzero(header, sizeof(header));
}

static bool waits_for_second(const struct visit *visit)
{
        return visit->route.act->flags & ACT_TWO_PERSON && json_object_get(visit->call.out, "approval");
}

void visit_settle(struct visit *visit, int r)
{
        struct answer *answer = &visit->answer;
        struct act_call *call = &visit->call;
        char tag[ANSWER_TAG_SIZE];

        if (r && r != -EINPROGRESS) {
                refuse_by(visit, answer_status(r), &call->error, r);
                return;
        }
        if (call->blob.type[0])
                r = take_blob(answer, &call->blob);
        else
                r = answer_json(answer, r || waits_for_second(visit) ? 202 : 200, "application/json",
                                call->out);
        if (r) {
                answer_release(answer);
                visit_refuse(visit, 500, "le document n’a pas pu être lu", "the document could not be read");
                return;
        }
        answer_header(answer, "Cache-Control", "no-store");
        link_next(visit);
        set_cookie(visit);
        if (visit->method == ACT_GET && answer->body) {
                answer_tag(answer->body, answer->length, tag);
                settle_body(visit, tag);
        }
}

/* ---- conditions ---- */

/* What a GET of the same path would give now; false when there is no such act, or it refuses. */
static bool present_tag(struct visit *visit, char ret_tag[static ANSWER_TAG_SIZE])
{
        struct route route = router_find(visit->house->router, ACT_GET, &visit->uri);
        const struct uri bare = {0};
        struct act_call call;
        struct answer answer = ANSWER_INIT;
        json_t *in;
        bool there;

        if (!route.act || input_read(&route, &bare, INPUT_NONE, NULL, 0, &in, NULL))
                return false;
        there = !act_run(visit->house->world, route.act, &visit->caller.act, in, &call) && !call.work.work &&
                !call.blob.type[0] && !answer_json(&answer, 200, "application/json", call.out);
        if (there)
                answer_tag(answer.body, answer.length, ret_tag);
        answer_release(&answer);
        act_call_release(&call);
        json_decref(in);
        return there;
}

static bool changed_meanwhile(struct visit *visit)
{
        char tag[ANSWER_TAG_SIZE];

        if (!visit->head.if_match || visit->method == ACT_GET)
                return false;
        if (present_tag(visit, tag) && answer_tag_named(visit->head.if_match, tag))
                return false;
        visit_refuse(visit, 412, "quelqu’un l’a changé entre-temps : relisez avant d’écrire",
                     "somebody changed it meanwhile: read it again before writing");
        return true;
}

/* ---- running ---- */

static void give_document(struct visit *visit)
{
        visit->answer.status = 200;
        visit->answer.body = (char *)visit->house->document;
        visit->answer.length = visit->house->document_length;
        answer_header(&visit->answer, "Content-Type", "application/json");
        answer_header(&visit->answer, "Cache-Control", "no-cache");
        settle_body(visit, visit->house->document_tag);
}

bool visit_run(struct visit *visit)
{
        struct error error = {0};
        int r;

        if (visit->kind == VISIT_DOCUMENT) {
                give_document(visit);
                return false;
        }
        r = visit->length == visit->head.length ? 0 : -EINVAL;
        if (!r)
                r = input_read(&visit->route, &visit->uri, visit->input, visit->body, visit->length,
                               &visit->in, &error);
        if (r) {
                refuse_by(visit, r == -EINVAL ? 400 : 503, &error, r);
                return false;
        }
        if (changed_meanwhile(visit))
                return false;
        visit->called = true;
        r = act_run(visit->house->world, visit->route.act, &visit->caller.act, visit->in, &visit->call);
        if (!r && visit->call.work.work)
                return true;
        visit_settle(visit, r);
        return false;
}
