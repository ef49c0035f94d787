/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/head.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"

#define LENGTH_DIGITS_MAX 12

#define HEAD_PLACE(member, name) {name, offsetof(struct head, member)},
static const struct {
        const char *name;
        size_t offset;
} places[] = {HEADS(HEAD_PLACE)};

struct reading {
        struct head head;
        const char *proxy_header;
        bool wrong;
};

static const char **place_of(struct reading *reading, const char *name)
{
        for (size_t i = 0; i < ARRAY_LEN(places); i++)
                if (!strcasecmp(name, places[i].name))
                        return (const char **)((char *)&reading->head + places[i].offset);
        if (reading->proxy_header && *reading->proxy_header && !strcasecmp(name, reading->proxy_header))
                return &reading->head.proxy_user;
        return NULL;
}

static enum MHD_Result take(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                            const char *value, size_t value_size)
{
        struct reading *reading = context;
        const char **place = place_of(reading, name);

        if (strlen(name) != name_size || (value && strlen(value) != value_size) || (place && *place))
                reading->wrong = true;
        else if (place)
                *place = value ? value : "";
        return MHD_YES;
}

/* Digits alone: "+5", "5, 5" and "0x5" are read differently by different servers. */
static int read_length(struct head *head)
{
        const char *text = head->content_length;

        if (!text)
                return 0;
        if (!*text || strlen(text) > LENGTH_DIGITS_MAX || text[strspn(text, "0123456789")])
                return -EINVAL;
        head->length = strtoull(text, NULL, 10);
        return 0;
}

int head_read(struct MHD_Connection *connection, const char *proxy_header, struct head *ret_head)
{
        struct reading reading = {.proxy_header = proxy_header};

        MHD_get_connection_values_n(connection, MHD_HEADER_KIND, take, &reading);
        if (reading.wrong || read_length(&reading.head))
                return -EINVAL;
        *ret_head = reading.head;
        return 0;
}
