/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/caller.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/host.h"
#include "people/people.h"

#define BEARER        "Bearer "
#define FORWARDED_MAX 1024

static void fill(struct caller *caller, enum act_way way, unsigned roles, const char *name,
                 const char *account, enum language language, int english)
{
        caller->act = (struct act_caller){.way = way, .roles = roles};
        snprintf(caller->act.name, sizeof(caller->act.name), "%s", name);
        snprintf(caller->act.account, sizeof(caller->act.account), "%s", account);
        caller->act.english = english < 0 ? language == LANGUAGE_EN : english > 0;
}

static int by_token(struct people *people, const struct caller_request *request, struct caller *caller,
                    struct error *error)
{
        struct people_token token;

        if (!people || strncasecmp(request->authorization, BEARER, strlen(BEARER)) != 0 ||
            people_token_find(people, request->authorization + strlen(BEARER), &token))
                return error_say(error, -EPERM, "ce jeton n’est pas reconnu", "this token is not recognised");
        fill(caller, ACT_WAY_TOKEN, token.roles, token.signs, token.account.text, token.language,
             request->english);
        caller->token = true;
        return 0;
}

static bool comes_from_elsewhere(const struct caller_request *request)
{
        if (request->fetch_site && strcmp(request->fetch_site, "same-origin") != 0 &&
            strcmp(request->fetch_site, "none") != 0)
                return true;
        return request->origin && !host_is_origin(request->host, request->origin);
}

static int refuse_foreign(struct error *error)
{
        return error_say(error, -EACCES, "cette demande ne vient pas de la console : rechargez la page",
                         "this request does not come from the console: load the page again");
}

/* Whether the write shows the session's value; over a proxy's word alone there is none, so the header's presence counts:
 * another site cannot send it without our leave. */
static bool shows_csrf(const struct caller_request *request, const struct people_session *session)
{
        if (!request->writes)
                return true;
        if (!request->csrf || !*request->csrf)
                return false;
        return !session || people_session_csrf_fits(session, request->csrf);
}

static int by_session(struct people *people, const struct caller_request *request, struct caller *caller,
                      struct error *error)
{
        struct people_session session;

        if (people_session_find(people, request->cookie, &session))
                return 0;
        if (!shows_csrf(request, &session)) /* an open act goes on as nobody's */
                return request->open ? 0 : refuse_foreign(error);
        fill(caller, ACT_WAY_SESSION, session.roles, session.name, session.account.text, session.language,
             request->english);
        snprintf(caller->act.session, sizeof(caller->act.session), "%s", session.id.text);
        return 0;
}

static int by_proxy(struct people *people, const struct caller_request *request, struct caller *caller,
                    struct error *error)
{
        const struct people_account *account = people_proxy_find(people, request->proxy_user);

        if (!account)
                return 0;
        if (!shows_csrf(request, NULL))
                return request->open ? 0 : refuse_foreign(error);
        fill(caller, ACT_WAY_SESSION, account->roles, account->name, account->id.text, account->language,
             request->english);
        return 0;
}

int caller_find(struct people *people, const struct caller_request *request, struct caller *ret_caller,
                struct error *error)
{
        struct caller caller = {.act = {.way = ACT_WAY_PUBLIC, .english = request->english > 0}};
        int r = 0;

        if (request->authorization)
                r = by_token(people, request, &caller, error);
        else if (request->writes && comes_from_elsewhere(request))
                r = refuse_foreign(error);
        else if (people && request->cookie)
                r = by_session(people, request, &caller, error);
        if (!r && people && request->proxy_user && caller.act.way == ACT_WAY_PUBLIC)
                r = by_proxy(people, request, &caller, error);
        if (!r)
                *ret_caller = caller;
        return r;
}

bool caller_is_proxy(const struct addr *addr, const struct addr *proxies, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (addr_within(addr, &proxies[i]))
                        return true;
        return false;
}

void caller_address(const struct addr *peer, const char *forwarded_for, const struct addr *proxies,
                    size_t count, struct addr *ret_addr)
{
        char list[FORWARDED_MAX];
        struct addr addr;

        *ret_addr = *peer;
        if (!forwarded_for || strlen(forwarded_for) >= sizeof(list))
                return;
        strcpy(list, forwarded_for);
        /* From the right: each proxy wrote down who spoke to it; what is left of the first stranger is the stranger's tale. */
        for (char *last = list; last && caller_is_proxy(ret_addr, proxies, count);) {
                last = strrchr(list, ',');
                char *text = last ? last + 1 : list;
                text += strspn(text, " \t");
                text[strcspn(text, " \t")] = '\0';
                if (strchr(text, '/') || addr_parse(text, &addr))
                        return;
                *ret_addr = addr;
                if (last)
                        *last = '\0';
        }
}
