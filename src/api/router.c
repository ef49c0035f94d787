/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/router.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define PREFIX_PARTS 2 /* "api", "v1" */

struct pattern {
        const struct act *act;
        struct uri uri; /* of the act's path; a segment {name} stands as it is written */
};

struct router {
        struct pattern *patterns;
        size_t count;
};

static const char *const words[] = {
        [ACT_GET] = "GET", [ACT_POST] = "POST", [ACT_PUT] = "PUT", [ACT_DELETE] = "DELETE"};

const char *act_method_word(enum act_method method)
{
        return words[method];
}

static bool is_param(const char *part)
{
        return part[0] == '{';
}

static bool same_shape(const struct pattern *a, const struct pattern *b)
{
        if (a->act->method != b->act->method || a->uri.part_count != b->uri.part_count)
                return false;
        for (size_t i = 0; i < a->uri.part_count; i++)
                if (is_param(a->uri.parts[i]) ? !is_param(b->uri.parts[i])
                                              : strcmp(a->uri.parts[i], b->uri.parts[i]) != 0)
                        return false;
        return true;
}

/* "{name}" loses its braces' end, so that the name is text of its own behind the '{'. */
static int trim_params(struct pattern *pattern)
{
        for (size_t i = 0; i < pattern->uri.part_count; i++) {
                char *part = (char *)pattern->uri.parts[i];
                size_t length = strlen(part);

                if (!is_param(part))
                        continue;
                if (length < 3 || part[length - 1] != '}')
                        return -EINVAL;
                part[length - 1] = '\0';
        }
        return 0;
}

static int add(struct router *router, const struct act *act, struct error *error)
{
        struct pattern *pattern = &router->patterns[router->count];
        int r;

        if (act->flags & ACT_SOCKET_ONLY || !act->path)
                return 0;
        pattern->act = act;
        r = uri_parse(act->path, &pattern->uri);
        if (!r)
                r = trim_params(pattern);
        for (size_t i = 0; !r && i < router->count; i++)
                if (same_shape(pattern, &router->patterns[i]))
                        r = -EINVAL;
        router->count++;
        return r ? error_say(error, r, "acte %s : chemin %s mal formé ou déjà pris",
                             "act %s: path %s is malformed or taken", act->name, act->path)
                 : 0;
}

int router_new(const struct act *const *acts, size_t count, struct router **ret_router, struct error *error)
{
        struct router *router = calloc(1, sizeof(*router));
        int r = 0;

        if (router)
                router->patterns = calloc(count + 1, sizeof(*router->patterns));
        if (!router || !router->patterns) {
                router_free(router);
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        for (size_t i = 0; !r && i < count; i++)
                r = add(router, acts[i], error);
        if (r) {
                router_free(router);
                return r;
        }
        *ret_router = router;
        return 0;
}

struct router *router_free(struct router *router)
{
        if (!router)
                return NULL;
        for (size_t i = 0; i < router->count; i++)
                uri_release(&router->patterns[i].uri);
        free(router->patterns);
        free(router);
        return NULL;
}

/* How many literal segments agree; -1 when the path is another. */
static int fit(const struct pattern *pattern, const struct uri *uri)
{
        int literals = 0;

        if (pattern->uri.part_count + PREFIX_PARTS != uri->part_count)
                return -1;
        for (size_t i = 0; i < pattern->uri.part_count; i++) {
                if (is_param(pattern->uri.parts[i]))
                        continue;
                if (strcmp(pattern->uri.parts[i], uri->parts[i + PREFIX_PARTS]) != 0)
                        return -1;
                literals++;
        }
        return literals;
}

static void take_params(const struct pattern *pattern, const struct uri *uri, struct route *route)
{
        for (size_t i = 0; i < pattern->uri.part_count; i++)
                if (is_param(pattern->uri.parts[i]))
                        route->params[route->param_count++] =
                                (struct uri_pair){pattern->uri.parts[i] + 1, uri->parts[i + PREFIX_PARTS]};
}

struct route router_find(const struct router *router, enum act_method method, const struct uri *uri)
{
        const struct pattern *best = NULL;
        struct route route = {0};
        int most = -1, literals;

        /* The most literal path is the one that is meant, whatever the method: its methods are what is allowed. */
        for (size_t i = 0; i < router->count; i++) {
                literals = fit(&router->patterns[i], uri);
                most = literals > most ? literals : most;
        }
        for (size_t i = 0; most >= 0 && i < router->count; i++) {
                const struct pattern *pattern = &router->patterns[i];

                if (fit(pattern, uri) != most)
                        continue;
                route.allowed |= 1U << pattern->act->method;
                if (pattern->act->method == method)
                        best = pattern;
        }
        if (best) {
                route.act = best->act;
                take_params(best, uri, &route);
        }
        return route;
}

void router_allow(unsigned allowed, char *ret_text, size_t size)
{
        int at = snprintf(ret_text, size, "%s", allowed & 1U << ACT_GET ? "GET, HEAD, " : "");

        for (unsigned method = ACT_POST; method <= ACT_DELETE; method++)
                if (allowed & 1U << method)
                        at += snprintf(ret_text + at, size - (size_t)at, "%s, ", words[method]);
        snprintf(ret_text + at, size - (size_t)at, "OPTIONS");
}
