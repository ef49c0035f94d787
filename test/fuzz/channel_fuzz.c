// fuzz: links=service_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Any bytes as a line of a channel: refused with a sentence, or an object that is flat enough and writes
 * back as one line.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "service/channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
        if (!holds)
                abort();
}

static size_t depth_of(json_t *json)
{
        size_t deepest = 0, index;
        const char *key;
        json_t *item;

        json_object_foreach(json, key, item)
        {
                size_t depth = depth_of(item);
                deepest = depth > deepest ? depth : deepest;
        }
        json_array_foreach(json, index, item)
        {
                size_t depth = depth_of(item);
                deepest = depth > deepest ? depth : deepest;
        }
        return deepest + (json_is_object(json) || json_is_array(json));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        json_t *message = NULL, *again = NULL;
        struct error error = {0};
        char *text;

        if (channel_line_parse((const char *)data, size, &message, &error)) {
                require(!message && error.en[0]);
                return 0;
        }
        require(json_is_object(message) && depth_of(message) <= CHANNEL_DEPTH_MAX);
        text = json_dumps(message, JSON_COMPACT);
        require(text && !strchr(text, '\n'));
        require(strlen(text) > CHANNEL_LINE_MAX || !channel_line_parse(text, strlen(text), &again, &error));
        require(!again || json_equal(message, again));
        free(text);
        json_decref(message);
        json_decref(again);
        return 0;
}
