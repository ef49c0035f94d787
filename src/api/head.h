/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * head: the headers of a request that mean something here, each at most once. A header of these that comes twice, or
 * holds a NUL, makes the request refused: whoever stands between might have read the other one (request smuggling).
 */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/proxy.h"

/* clang-format off */
#define HEADS(X)                                                                                             \
        X(host, "Host") X(cookie, "Cookie") X(authorization, "Authorization") X(csrf, "X-Garde-CSRF")        \
        X(content_type, "Content-Type") X(content_length, "Content-Length")                                  \
        X(transfer_encoding, "Transfer-Encoding") X(origin, "Origin") X(fetch_site, "Sec-Fetch-Site")        \
        X(accept_language, "Accept-Language") X(accept_encoding, "Accept-Encoding")                          \
        X(if_none_match, "If-None-Match") X(if_match, "If-Match") X(forwarded_for, "X-Forwarded-For")        \
        X(forwarded_proto, "X-Forwarded-Proto") X(proxy_secret, PROXY_HEADER) X(content_encoding, "Content-Encoding")
/* clang-format on */

#define HEAD_MEMBER(member, name) const char *member;
struct head {
        HEADS(HEAD_MEMBER)      /* NULL when absent; valid as long as the request */
        const char *proxy_user; /* of the header the configuration names */
        uint64_t length;        /* of the body, by Content-Length */
};

/* -EINVAL when it must be refused. `proxy_header` may be NULL or "". */
int head_read(struct MHD_Connection *connection, const char *proxy_header, struct head *ret_head);
