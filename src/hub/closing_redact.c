/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/closing_redact.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

#define TEXT_MAX (64 * 1024)
#define LEFT_OUT "[…]"

static size_t name_at(const json_t *names, const char *at)
{
        const char *name;
        json_t *value;
        size_t longest = 0;

        json_object_foreach((json_t *)names, name, value)
        {
                size_t length = strlen(name);

                if (length > longest && length >= 2 && !strncmp(at, name, length))
                        longest = length;
        }
        return longest;
}

/* IPv4, IPv6, either with a prefix length, or something with an @ in it. */
static bool is_address(const char *word, size_t length)
{
        char copy[128];
        unsigned char bytes[16];
        char *slash;

        if (length >= sizeof(copy) || length < 3)
                return length >= sizeof(copy) && memchr(word, '@', length);
        memcpy(copy, word, length);
        copy[length] = '\0';
        while (length && strchr(".,;:!?)", copy[length - 1]) && copy[length - 1])
                copy[--length] = '\0';
        if (strchr(copy, '@'))
                return true;
        slash = strchr(copy, '/');
        if (slash)
                *slash = '\0';
        return inet_pton(AF_INET, copy, bytes) == 1 ||
               (strchr(copy, ':') && inet_pton(AF_INET6, copy, bytes) == 1);
}

char *closing_redact(const json_t *names, const char *text)
{
        struct buffer out = BUFFER_INIT(TEXT_MAX);
        bool fresh = true; /* at the beginning of a word */

        while (*text) {
                size_t word = strcspn(text, " \n\t(«»[]\"'"), name = fresh ? name_at(names, text) : 0;

                if (fresh && word && is_address(text, word)) {
                        buffer_text(&out, LEFT_OUT);
                        text += word;
                } else if (name) {
                        buffer_text(&out, LEFT_OUT);
                        text += name;
                } else {
                        fresh = strchr(" \n\t(«»[]\"'", *text) || (unsigned char)*text >= 0x80;
                        buffer_append(&out, text++, 1);
                }
        }
        if (!out.data)
                buffer_text(&out, "");
        return out.data;
}
