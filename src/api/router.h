/* SPDX-License-Identifier: EUPL-1.2 */
/* router: which act a method and a path mean. Made from the act table once; a literal segment wins over a {param}. */
#pragma once

#include "api/uri.h"
#include "hub/act.h"

#define ROUTER_PREFIX "/api/v1"
#define ROUTE_MAX     URI_PARTS_MAX

struct router;

/* The acts are borrowed; those without an HTTP route are left out. -EINVAL for a path that is malformed or there twice. */
int router_new(const struct act *const *acts, size_t count, struct router **ret_router, struct error *error);
struct router *router_free(struct router *router); /* NULL */

struct route {
        const struct act *act;             /* NULL: nothing is done there with this method */
        unsigned allowed;                  /* bit 1 << enum act_method of what could be; 0: no such path */
        struct uri_pair params[ROUTE_MAX]; /* the path's; values point into the uri */
        size_t param_count;
};

/* `uri` is the whole target's; its first two segments are ROUTER_PREFIX. */
struct route router_find(const struct router *router, enum act_method method, const struct uri *uri);
/* "GET, HEAD, POST, OPTIONS": the header Allow (RFC 9110 section 10.2.1). */
void router_allow(unsigned allowed, char *ret_text, size_t size);

const char *act_method_word(enum act_method method);
