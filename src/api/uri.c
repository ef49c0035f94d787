/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/uri.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static int hex_digit(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        c = (char)tolower((unsigned char)c);
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes that follow a first byte of UTF-8 (RFC 3629), with the range of the second; 0 and false for no first byte. */
static bool utf8_first(unsigned char first, unsigned *ret_more, unsigned char *ret_low,
                       unsigned char *ret_high)
{
        *ret_low = 0x80;
        *ret_high = 0xbf;
        *ret_more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        if (first == 0xe0)
                *ret_low = 0xa0;
        else if (first == 0xed)
                *ret_high = 0x9f;
        else if (first == 0xf0)
                *ret_low = 0x90;
        else if (first == 0xf4)
                *ret_high = 0x8f;
        return first < 0x80 || (first >= 0xc2 && first <= 0xf4);
}

static bool is_plain_text(const char *text)
{
        const unsigned char *at = (const unsigned char *)text;

        while (*at) {
                unsigned char low, high;
                unsigned more;

                if (*at < 0x20 || *at == 0x7f || !utf8_first(*at++, &more, &low, &high))
                        return false;
                for (; more; more--, at++, low = 0x80, high = 0xbf)
                        if (*at < low || *at > high)
                                return false;
        }
        return true;
}

/* In place. An escape for `never` or NUL is refused. */
static int decode(char *text, char never, bool plus_is_space)
{
        char *to = text;

        for (const char *from = text; *from; from++) {
                char c = *from;

                if (c == '%') {
                        int high = hex_digit(from[1]), low = high < 0 ? -1 : hex_digit(from[2]);
                        if (low < 0)
                                return -EINVAL;
                        c = (char)(high << 4 | low);
                        if (!c || c == never)
                                return -EINVAL;
                        from += 2;
                } else if (c == '+' && plus_is_space) {
                        c = ' ';
                }
                *to++ = c;
        }
        *to = '\0';
        return is_plain_text(text) ? 0 : -EINVAL;
}

static int parse_part(struct uri *uri, char *part)
{
        if (uri->part_count == URI_PARTS_MAX)
                return -E2BIG;
        if (decode(part, '/', false) || !*part || !strcmp(part, ".") || !strcmp(part, ".."))
                return -EINVAL;
        uri->parts[uri->part_count++] = part;
        strcat(strcat(uri->path, "/"), part);
        return 0;
}

static int parse_path(struct uri *uri, char *path)
{
        int r = 0;

        if (!strcmp(path, "/")) {
                strcpy(uri->path, "/");
                return 0;
        }
        for (char *part = path + 1, *next; !r && part; part = next) {
                next = strchr(part, '/');
                if (next)
                        *next++ = '\0';
                r = parse_part(uri, part);
        }
        return r;
}

static int parse_pair(struct uri *uri, char *pair)
{
        char *value = strchr(pair, '=');

        if (!*pair)
                return 0;
        if (uri->query_count == URI_QUERY_MAX)
                return -E2BIG;
        if (value)
                *value++ = '\0';
        if (decode(pair, '\0', true) || (value && decode(value, '\0', true)))
                return -EINVAL;
        uri->query[uri->query_count++] = (struct uri_pair){pair, value ? value : ""};
        return 0;
}

static int parse_query(struct uri *uri, char *query)
{
        int r = 0;

        for (char *pair = query, *next; !r && pair; pair = next) {
                next = strchr(pair, '&');
                if (next)
                        *next++ = '\0';
                r = parse_pair(uri, pair);
        }
        return r;
}

int uri_parse(const char *target, struct uri *ret_uri)
{
        CLEANUP(uri_release) struct uri uri = {0};
        size_t length = strlen(target);
        char *query;
        int r;

        if (length > URI_MAX)
                return -E2BIG;
        if (target[0] != '/')
                return -EINVAL;
        for (size_t i = 0; i < length; i++)
                if ((unsigned char)target[i] <= ' ' || (unsigned char)target[i] > '~' ||
                    strchr("#\\\"<>", target[i]))
                        return -EINVAL;
        uri.memory = strdup(target);
        uri.path = calloc(1, length + 1);
        if (!uri.memory || !uri.path)
                return -ENOMEM;
        query = strchr(uri.memory, '?');
        if (query)
                *query++ = '\0';
        r = parse_path(&uri, uri.memory);
        if (!r && query)
                r = parse_query(&uri, query);
        if (r)
                return r;
        *ret_uri = uri;
        uri = (struct uri){0};
        return 0;
}

void uri_release(struct uri *uri)
{
        free(uri->path);
        free(uri->memory);
        *uri = (struct uri){0};
}
