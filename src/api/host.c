/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/host.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/addr.h"

#define HOST_MAX 256

/* The name without its port; false when it is malformed. */
static bool host_name(const char *host, char ret_name[static HOST_MAX], bool *ret_framed)
{
        bool framed = host[0] == '[';
        const char *end = framed ? strchr(host, ']') : host + strcspn(host, ":");
        size_t length;

        if (!end)
                return false;
        host += framed;
        length = (size_t)(end - host);
        end += framed;
        if (!length || length >= HOST_MAX || (*end && *end != ':'))
                return false;
        if (*end == ':' && (!end[1] || strlen(end + 1) > 5 || end[1 + strspn(end + 1, "0123456789")]))
                return false;
        memcpy(ret_name, host, length);
        ret_name[length] = '\0';
        *ret_framed = framed;
        return true;
}

bool host_is_ours(const char *host, const char *const *names, size_t count)
{
        char name[HOST_MAX];
        struct addr addr;
        bool framed;

        if (!host || !host_name(host, name, &framed))
                return false;
        if (!strchr(name, '/') && !addr_parse(name, &addr))
                return framed == (addr.family == 6);
        if (framed)
                return false;
        if (!strcasecmp(name, "localhost"))
                return true;
        for (size_t i = 0; i < count; i++)
                if (!strcasecmp(name, names[i]))
                        return true;
        return false;
}

bool host_is_origin(const char *host, const char *origin)
{
        const char *rest = strstr(origin, "://");

        return rest && (!strncmp(origin, "http://", 7) || !strncmp(origin, "https://", 8)) &&
               !strcasecmp(rest + 3, host);
}
