/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/json_text.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quoted.h"

#define RAW_MARK '\xff' /* never part of UTF-8 */

static int append_value(const json_t *json, int depth, struct buffer *out);

static void append_escape(unsigned char byte, struct buffer *out)
{
        static const char letters[] = "\bb\tt\nn\ff\rr\"\"\\\\";
        char escape[8];

        for (size_t i = 0; letters[i]; i += 2) {
                if ((unsigned char)letters[i] == byte) {
                        escape[0] = '\\';
                        escape[1] = letters[i + 1];
                        buffer_append(out, escape, 2);
                        return;
                }
        }
        snprintf(escape, sizeof(escape), "\\u%04X", byte);
        buffer_append(out, escape, 6);
}

/* What jansson holds is UTF-8 already, or text of ours that is JSON. */
static void append_string(const char *text, size_t length, struct buffer *out)
{
        if (length && *text == RAW_MARK) {
                buffer_append(out, text + 1, length - 1);
                return;
        }
        buffer_append(out, "\"", 1);
        for (;;) {
                size_t plain = quoted_plain_length(text, length, false);

                buffer_append(out, text, plain);
                if (plain == length)
                        break;
                append_escape((unsigned char)text[plain], out);
                text += plain + 1;
                length -= plain + 1;
        }
        buffer_append(out, "\"", 1);
}

static int append_array(const json_t *array, int depth, struct buffer *out)
{
        size_t count = json_array_size(array);
        int r = 0;

        buffer_append(out, "[", 1);
        for (size_t i = 0; i < count && !r; i++) {
                if (i)
                        buffer_append(out, ",", 1);
                r = append_value(json_array_get(array, i), depth, out);
        }
        buffer_append(out, "]", 1);
        return r;
}

static int append_object(json_t *object, int depth, struct buffer *out)
{
        const char *before = "";
        int r = 0;

        buffer_append(out, "{", 1);
        for (void *at = json_object_iter(object); at && !r; at = json_object_iter_next(object, at)) {
                buffer_text(out, before);
                append_string(json_object_iter_key(at), json_object_iter_key_len(at), out);
                buffer_append(out, ":", 1);
                r = append_value(json_object_iter_value(at), depth, out);
                before = ",";
        }
        buffer_append(out, "}", 1);
        return r;
}

/* Numbers are few and short: as jansson writes them. */
static void append_number(const json_t *number, struct buffer *out)
{
        char text[64];

        buffer_append(out, text, json_dumpb(number, text, sizeof(text), JSON_COMPACT | JSON_ENCODE_ANY));
}

static int append_value(const json_t *json, int depth, struct buffer *out)
{
        if (depth == JSON_TEXT_DEPTH_MAX)
                return -ELOOP;
        switch (json_typeof(json)) {
        case JSON_OBJECT:
                return append_object((json_t *)json, depth + 1, out);
        case JSON_ARRAY:
                return append_array(json, depth + 1, out);
        case JSON_STRING:
                append_string(json_string_value(json), json_string_length(json), out);
                return 0;
        case JSON_INTEGER:
        case JSON_REAL:
                append_number(json, out);
                return 0;
        case JSON_TRUE:
                buffer_append(out, "true", 4);
                return 0;
        case JSON_FALSE:
                buffer_append(out, "false", 5);
                return 0;
        case JSON_NULL:
                buffer_append(out, "null", 4);
                return 0;
        }
        return -EINVAL;
}

json_t *json_text_raw(const char *text, size_t length)
{
        char *marked = malloc(length + 1);
        json_t *raw;

        if (!marked)
                return NULL;
        marked[0] = RAW_MARK;
        memcpy(marked + 1, text, length);
        raw = json_stringn_nocheck(marked, length + 1);
        free(marked);
        return raw;
}

int json_text_append(const json_t *json, struct buffer *out)
{
        int r = json ? append_value(json, 0, out) : -EINVAL;

        return r ? r : out->overflow ? -ENOMEM : 0;
}

char *json_text(const json_t *json, size_t *ret_length)
{
        struct buffer text = BUFFER_INIT(SIZE_MAX / 4);

        if (json_text_append(json, &text)) {
                buffer_release(&text);
                return NULL;
        }
        *ret_length = text.length;
        return text.data;
}
