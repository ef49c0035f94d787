/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "api/cookie.h"
#include "api/host.h"
#include "api/visit_private.h"
#include "hub/world.h"

static bool refuse(struct visit *visit, unsigned status, const char *fr, const char *en)
{
        visit_refuse(visit, status, fr, en);
        return true;
}

/* ---- where from ---- */

static void peer_address(struct MHD_Connection *connection, struct addr *ret_addr)
{
        const union MHD_ConnectionInfo *info =
                MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        const struct sockaddr *peer = info ? info->client_addr : NULL;

        *ret_addr = (struct addr){.family = 4, .prefix = 32};
        if (peer && peer->sa_family == AF_INET) {
                memcpy(ret_addr->bytes, &((const struct sockaddr_in *)peer)->sin_addr, 4);
        } else if (peer && peer->sa_family == AF_INET6) {
                const struct in6_addr *in6 = &((const struct sockaddr_in6 *)peer)->sin6_addr;
                bool mapped = IN6_IS_ADDR_V4MAPPED(in6);

                *ret_addr = (struct addr){.family = mapped ? 4 : 6, .prefix = mapped ? 32 : 128};
                memcpy(ret_addr->bytes, in6->s6_addr + 12 * mapped, mapped ? 4 : 16);
        }
}

/* By its address, and by its secret where there is one. */
static bool comes_by_proxy(const struct visit *visit, const struct addr *peer)
{
        const struct visit_house *house = visit->house;

        return caller_is_proxy(peer, house->proxies, house->proxy_count) &&
               (!*house->proxy_secret || proxy_secret_fits(house->proxy_secret, visit->head.proxy_secret));
}

static void find_address(struct visit *visit)
{
        const struct visit_house *house = visit->house;
        struct addr peer;

        peer_address(visit->connection, &peer);
        visit->secure = house->tls;
        if (comes_by_proxy(visit, &peer)) {
                caller_address(&peer, visit->head.forwarded_for, house->proxies, house->proxy_count,
                               &visit->address);
                visit->secure |= visit->head.forwarded_proto && !strcmp(visit->head.forwarded_proto, "https");
        } else {
                visit->address = peer;
                visit->head.proxy_user = NULL;
        }
        if (!*house->proxy_secret)
                visit->head.proxy_user = NULL;
        visit->far = !addr_is_loopback(&visit->address);
}

/* ---- how often ---- */

static bool charge(struct visit *visit, unsigned kind, struct rate_limit limit)
{
        unsigned wait = rate_charge(visit->house->rate, &visit->address, kind, limit);

        if (!wait)
                return false;
        answer_header_format(&visit->answer, "Retry-After", "%u", wait);
        return refuse(visit, 429, "trop de demandes en peu de temps : attendez un peu",
                      "too many requests in a short time: wait a little");
}

static bool charge_anybody(struct visit *visit)
{
        const struct api_limits *limits = &visit->house->limits;
        bool known = visit->caller.act.way != ACT_WAY_PUBLIC;
        unsigned a_second = known ? limits->known_a_second : limits->anonymous_a_second;

        return charge(visit, known ? RATE_KNOWN : RATE_ANONYMOUS,
                      (struct rate_limit){.a_minute = 60 * a_second, .at_once = a_second * (known ? 2 : 10)});
}

static bool charge_act(struct visit *visit)
{
        const struct api_limits *limits = &visit->house->limits;
        const struct act *act = visit->route.act;

        if (act->flags & ACT_UNLOGGED_IN && act->method != ACT_GET)
                return charge(visit, RATE_LOGIN,
                              (struct rate_limit){limits->logins_a_minute, limits->logins_a_minute});
        if (act->flags & ACT_PUBLIC && act->method != ACT_GET && visit->caller.act.way == ACT_WAY_PUBLIC)
                return charge(visit, RATE_PUBLIC,
                              (struct rate_limit){limits->public_a_minute, limits->public_a_minute});
        return false;
}

/* ---- who ---- */

static int wish(const char *accept_language)
{
        bool yes = answer_english(accept_language, true), no = answer_english(accept_language, false);

        return yes == no ? yes : -1;
}

static bool is_open(const struct visit *visit)
{
        return visit->kind == VISIT_DOCUMENT ||
               (visit->route.act && visit->route.act->flags & (ACT_PUBLIC | ACT_UNLOGGED_IN));
}

static bool find_caller(struct visit *visit)
{
        char cookie[COOKIE_VALUE_SIZE];
        const struct head *head = &visit->head;
        bool found = cookie_find(head->cookie, cookie_name(visit->secure), cookie);
        const struct caller_request request = {.cookie = found ? cookie : NULL,
                                               .authorization = head->authorization,
                                               .csrf = head->csrf,
                                               .host = head->host,
                                               .origin = head->origin,
                                               .fetch_site = head->fetch_site,
                                               .proxy_user = head->proxy_user,
                                               .writes = visit->method != ACT_GET,
                                               .open = is_open(visit),
                                               .english = wish(head->accept_language)};
        struct error error = {0};
        int r = caller_find(visit->house->world->people, &request, &visit->caller, &error);

        explicit_bzero(cookie, sizeof(cookie));
        if (visit->caller.act.way == ACT_WAY_PUBLIC && request.english < 0)
                visit->caller.act.english = visit->house->english;
        addr_format(&visit->address, visit->caller.act.address);
        visit->caller.act.address[strcspn(visit->caller.act.address, "/")] = '\0';
        if (r == -EPERM && charge(visit, RATE_LOGIN,
                                  (struct rate_limit){visit->house->limits.logins_a_minute,
                                                      visit->house->limits.logins_a_minute}))
                return true;
        return r ? refuse(visit, answer_status(r), error.fr, error.en) : false;
}

/* What act_run() would say, before a body is read from somebody who may not send one. */
static bool check_leave(struct visit *visit)
{
        const struct act *act = visit->route.act;

        if (is_open(visit))
                return false;
        if (visit->caller.act.way == ACT_WAY_PUBLIC) {
                answer_header(&visit->answer, "WWW-Authenticate", "Bearer realm=\"garde\"");
                return refuse(visit, 401, "il faut d’abord se connecter", "sign in first");
        }
        if (act && act->roles && !(act->flags & ACT_OWN) && !(visit->caller.act.roles & act->roles))
                return refuse(visit, 403, "votre rôle ne permet pas cet acte",
                              "your role does not allow this");
        return false;
}

/* ---- what ---- */

static bool refuse_method(struct visit *visit, unsigned allowed, bool asks_which)
{
        char allow[64];

        router_allow(allowed, allow, sizeof(allow));
        answer_header(&visit->answer, "Allow", allow);
        if (!asks_which)
                return refuse(visit, 405, "cette adresse ne se prête pas à cette méthode",
                              "this address does not take this method");
        visit->answer.status = 204;
        return true;
}

static const char *const own_routes[] = {
        [VISIT_EVENTS] = ROUTER_PREFIX "/events", [VISIT_DOCUMENT] = ROUTER_PREFIX "/openapi.json"};

/* Which method, for which of our kinds; a HEAD is a GET whose body libmicrohttpd leaves out. */
static bool find_route(struct visit *visit, const char *method)
{
        const struct uri *uri = &visit->uri;
        bool known = !strcmp(method, "HEAD");
        unsigned allowed = 1U << ACT_GET;

        for (unsigned i = ACT_GET; !known && i <= ACT_DELETE; i++) {
                known = !strcmp(method, act_method_word((enum act_method)i));
                visit->method = known ? (enum act_method)i : ACT_GET;
        }
        visit->kind = uri->part_count && !strcmp(uri->parts[0], "api") ? VISIT_ACT : VISIT_FILE;
        for (unsigned i = VISIT_EVENTS; i <= VISIT_DOCUMENT; i++)
                if (!strcmp(uri->path, own_routes[i]))
                        visit->kind = (enum visit_kind)i;
        if (visit->kind == VISIT_ACT) {
                if (uri->part_count >= 2 && !strcmp(uri->parts[1], "v1"))
                        visit->route = router_find(visit->house->router, visit->method, uri);
                allowed = visit->route.allowed;
        }
        if (!allowed)
                return refuse(visit, 404, "il n’y a rien à cette adresse",
                              "there is nothing at this address");
        if (!known || !(allowed & 1U << visit->method))
                return refuse_method(visit, allowed, !strcmp(method, "OPTIONS"));
        return false;
}

static bool check_shape(struct visit *visit)
{
        const struct visit_house *house = visit->house;
        int bad = head_read(visit->connection, house->proxy_header, &visit->head);

        visit->caller.act.english = answer_english(visit->head.accept_language, house->english);
        if (bad || visit->bad_target == -EINVAL)
                return refuse(visit, 400, "demande mal formée", "malformed request");
        if (visit->bad_target)
                return refuse(visit, 414, "adresse trop longue", "address too long");
        if (visit->head.transfer_encoding)
                return refuse(visit, 411, "il faut dire la longueur (Content-Length)",
                              "say the length (Content-Length)");
        if (!host_is_ours(visit->head.host, house->names, house->name_count))
                return refuse(visit, 421, "ce nom d’hôte n’est pas celui de la console (console.names)",
                              "this host name is not the console's (console.names)");
        return false;
}

static bool check_body(struct visit *visit)
{
        const struct act *act = visit->route.act;
        bool none = visit->method == ACT_GET || visit->method == ACT_DELETE || !act;

        if (!visit->head.length)
                return false;
        if (none || visit->head.length > input_body_max(act))
                return refuse(visit, 413, "demande trop longue", "request too long");
        visit->input = input_kind_of(act, visit->head.content_type);
        if (visit->input == INPUT_NONE || visit->input == INPUT_OTHER || visit->head.content_encoding)
                return refuse(visit, 415, "le corps doit être en JSON (application/json)",
                              "the body must be JSON (application/json)");
        visit->body = malloc(visit->head.length);
        return visit->body ? false : refuse(visit, 503, "mémoire insuffisante", "out of memory");
}

static bool give_file(struct visit *visit)
{
        const struct site_request request = {.path = visit->uri.path,
                                             .accept_encoding = visit->head.accept_encoding,
                                             .if_none_match = visit->head.if_none_match,
                                             .english = visit->caller.act.english};

        site_answer(visit->house->site, &request, &visit->answer);
        return true;
}

bool visit_judge(struct visit *visit, const char *method)
{
        if (check_shape(visit))
                return true;
        find_address(visit);
        if (find_route(visit, method))
                return charge_anybody(visit) || true;
        if (visit->kind == VISIT_FILE)
                return charge_anybody(visit) || check_body(visit) || give_file(visit);
        return find_caller(visit) || charge_anybody(visit) || check_leave(visit) ||
               (visit->route.act && charge_act(visit)) || check_body(visit);
}
