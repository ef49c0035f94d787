/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * uri: a request's target (RFC 9112 section 3.2.1, origin form) taken apart: decoded path segments and query pairs. Strict:
 * one way to write a path, so that no two layers can read it differently. Refused are bad percent escapes, control
 * characters, what is not UTF-8, an escaped slash, empty segments, "." and "..".
 */
#pragma once

#include <stddef.h>

#define URI_MAX       4096 /* bytes of a target */
#define URI_PARTS_MAX 12
#define URI_QUERY_MAX 32

struct uri {
        char *path; /* decoded, "/a/b"; owned. Parts and pairs point into memory of ours */
        const char *parts[URI_PARTS_MAX];
        size_t part_count;
        struct uri_pair {
                const char *name, *value;
        } query[URI_QUERY_MAX];
        size_t query_count;
        char *memory; /* owned */
};

/* -EINVAL when it is malformed, -E2BIG beyond a cap, -ENOMEM. */
int uri_parse(const char *target, struct uri *ret_uri);
void uri_release(struct uri *uri);
