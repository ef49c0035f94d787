/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/cookie.h"

#include <stdio.h>
#include <string.h>

const char *cookie_name(bool secure)
{
        return secure ? "__Host-garde" : "garde";
}

bool cookie_find(const char *header, const char *name, char ret_value[static COOKIE_VALUE_SIZE])
{
        size_t name_length = strlen(name), length;
        unsigned found = 0;

        for (const char *at = header; at && *at; at = strchr(at, ';')) {
                at += strspn(at, "; \t");
                if (strncmp(at, name, name_length) != 0 || at[name_length] != '=')
                        continue;
                at += name_length + 1;
                length = strcspn(at, "; \t");
                if (!length || length >= COOKIE_VALUE_SIZE || found++)
                        return false;
                memcpy(ret_value, at, length);
                ret_value[length] = '\0';
        }
        return found == 1;
}

void cookie_set(bool secure, const char *value, char ret_header[static COOKIE_HEADER_SIZE])
{
        snprintf(ret_header, COOKIE_HEADER_SIZE, "%s=%.*s; Path=/; HttpOnly; SameSite=Strict%s%s",
                 cookie_name(secure), COOKIE_VALUE_SIZE, value, secure ? "; Secure" : "",
                 *value ? "" : "; Max-Age=0");
}
