/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * caller: who asks. A script by its token (Authorization: Bearer), a person by the session's cookie or by what a trusted
 * reverse proxy says, else nobody. A browser adds cookies to whatever page asks it to; so a write by cookie or proxy also needs
 * the session's CSRF value in a header and, where the browser says so, the origin of our own page.
 */
#pragma once

#include "base/addr.h"
#include "hub/act.h"

struct people;

struct caller_request {
        const char *cookie;        /* the session's value, NULL when none */
        const char *authorization; /* headers, NULL when absent */
        const char *csrf, *host, *origin, *fetch_site;
        const char *proxy_user; /* NULL unless a trusted proxy says it */
        bool writes;            /* anything but GET and HEAD */
        bool open;              /* the act needs no account */
        int english;            /* the client's wish: 1 yes, 0 no, -1 it has none */
};

struct caller {
        struct act_caller
                act; /* way, roles, name, account, session, english; the address is the API's to fill */
        bool token;  /* came with one, so the event stream cannot watch its session */
};

/*
 * 0, perhaps nobody (ACT_WAY_PUBLIC). -EPERM: a token that is none. -EACCES: a write that another site may have made. `people` NULL:
 * everybody is nobody.
 */
int caller_find(struct people *people, const struct caller_request *request, struct caller *ret_caller,
                struct error *error);

/*
 * The client's address as a trusted proxy tells it: the last one of X-Forwarded-For that is no proxy of ours. Unless
 * `peer` is a proxy, it is the client itself.
 */
void caller_address(const struct addr *peer, const char *forwarded_for, const struct addr *proxies,
                    size_t count, struct addr *ret_addr);
bool caller_is_proxy(const struct addr *addr, const struct addr *proxies, size_t count);
