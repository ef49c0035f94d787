/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * answer: status, headers and body of one response, before libmicrohttpd sees them. Every answer carries the strict headers
 * of answer_headers(), whatever it is. JSON and problems (RFC 9457) are made here; so are entity tags (RFC 9110 section 8.8.3)
 * and the decision that a client has it already (304).
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define ANSWER_HEADERS_MAX 12
#define ANSWER_TAG_SIZE    36 /* quotes, 128 bits in hex, NUL */

struct answer {
        unsigned status;
        struct answer_header {
                const char *name; /* literal */
                char *value;      /* owned */
        } headers[ANSWER_HEADERS_MAX];
        size_t header_count;
        char *body; /* owned by malloc when `owned`, else it outlives the answer */
        size_t length;
        bool owned;
        int fd;                    /* a file instead of a body, -1 when none; owned */
        char tag[ANSWER_TAG_SIZE]; /* "" when it has none */
};

#define ANSWER_INIT                                                                                          \
        {                                                                                                    \
                .fd = -1                                                                                     \
        }

void answer_release(struct answer *answer);

/* A header; the value is copied, cut off at a control character, so that no data can begin a header of its own. */
void answer_header(struct answer *answer, const char *name, const char *value);
void answer_header_format(struct answer *answer, const char *name, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* The body is `json`, borrowed; -ENOMEM leaves status 500 without a body. */
int answer_json(struct answer *answer, unsigned status, const char *type, const json_t *json);

/* application/problem+json: {"type","title","status","detail","detail_fr","detail_en"}. `fr` and `en` are the sentence. */
void answer_problem(struct answer *answer, unsigned status, const char *fr, const char *en, bool english);

/* What an act's errno means over HTTP (hub/act.h). */
unsigned answer_status(int r);

/* The strong tag of these bytes. */
void answer_tag(const void *bytes, size_t length, char ret_tag[static ANSWER_TAG_SIZE]);
/* Whether a header If-None-Match or If-Match names the tag, or is "*". NULL names nothing. */
bool answer_tag_named(const char *header, const char *tag);
/*
 * Sets the tag and its header; when the client has it already, the answer becomes a 304 without a body. `weak`: the bytes that leave
 * are not those that were tagged (compressed), so the header says that the tag is a weak one.
 */
void answer_settle_tag(struct answer *answer, const char *tag, bool weak, const char *if_none_match);

/* The body becomes these bytes, by malloc(), in another coding ("gzip"). */
void answer_recode(struct answer *answer, char *bytes, size_t length, const char *coding);

/* Calls `add` for each header that every answer carries. */
void answer_headers(bool tls, void (*add)(void *context, const char *name, const char *value), void *context);

/* Whether a client who sends this Accept-Language reads English rather than French; `otherwise` when it names neither. */
bool answer_english(const char *accept_language, bool otherwise);

/* Whether Accept-Encoding takes this coding ("br", "gzip") with a weight above 0 (RFC 9110 section 12.5.3). */
bool answer_accepts(const char *accept_encoding, const char *coding);
