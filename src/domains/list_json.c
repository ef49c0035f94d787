/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * MISP events (misp-rfc, core format) and STIX 2.1 bundles or TAXII 2.1 envelopes. Several documents may follow one another: what is fetched
 * in pages or events is one list. They are read whole, as long as bytes_max allows.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "domains/list_private.h"

#define DEPTH_MAX 16 /* of lists within lists of events */

struct document_stream {
        struct list_reading *reading;
        int fd;
        uint64_t bytes;
        int failure;
};

/* Counts what is read; jansson would read ahead by itself and lose the next document's beginning. */
static ssize_t on_read(void *context, char *buffer, size_t length)
{
        struct document_stream *stream = context;
        ssize_t got;

        do
                got = read(stream->fd, buffer, length);
        while (got < 0 && errno == EINTR);
        if (got < 0)
                stream->failure = -errno;
        else
                stream->bytes += (uint64_t)got;
        if (stream->bytes > stream->reading->options->bytes_max)
                stream->failure = -E2BIG;
        return stream->failure ? -1 : got;
}

static bool is_at_end(FILE *file)
{
        int c;

        do
                c = fgetc(file);
        while (c == ' ' || c == '\t' || c == '\r' || c == '\n');
        if (c != EOF)
                ungetc(c, file);
        return c == EOF;
}

static int say_failure(const struct document_stream *stream, const json_error_t *why)
{
        struct error *error = stream->reading->error;

        if (stream->failure == -E2BIG)
                return error_say(error, -E2BIG, "la liste dépasse %llu octets",
                                 "the list is longer than %llu bytes",
                                 (unsigned long long)stream->reading->options->bytes_max);
        if (stream->failure)
                return error_say(error, stream->failure, "la liste ne se lit pas : %m",
                                 "the list cannot be read: %m");
        return error_say(error, -EINVAL, "ligne %d, colonne %d : ce n’est pas du JSON",
                         "line %d, column %d: not JSON", why->line, why->column);
}

typedef int take_document(struct list_reading *reading, const json_t *document);

/* Documents until the end of the stream; an empty one is no list. */
static int read_documents(struct list_reading *reading, int fd, take_document *take)
{
        const size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK;
        struct document_stream stream = {.reading = reading, .fd = fd};
        CLEANUP(cleanup_file)
        FILE *file = fopencookie(&stream, "r", (cookie_io_functions_t){.read = on_read});
        json_error_t why;
        int r = 0;

        if (!file)
                return error_say(reading->error, -ENOMEM, "mémoire insuffisante", "out of memory");
        do {
                json_t *document = json_loadf(file, flags, &why);

                r = document ? take(reading, document) : say_failure(&stream, &why);
                json_decref(document);
        } while (!r && !is_at_end(file));
        return !r && stream.failure ? say_failure(&stream, &why) : r;
}

static const char *text_of(const json_t *object, const char *key)
{
        const char *text = json_string_value(json_object_get(object, key));

        return text ? text : "";
}

/* ---- MISP ---- */

/* Where in the value of an attribute of this type the name stands: all of it, or what is before the bar. */
static size_t misp_name_length(const char *type, const char *value)
{
        static const char *const whole[] = {"domain", "hostname", "url", "uri"};
        static const char *const first[] = {"domain|ip", "hostname|port"};

        for (size_t i = 0; i < ARRAY_LEN(whole); i++)
                if (!strcmp(type, whole[i]))
                        return strlen(value);
        for (size_t i = 0; i < ARRAY_LEN(first); i++)
                if (!strcmp(type, first[i]))
                        return strcspn(value, "|");
        return 0;
}

static int take_attribute(struct list_reading *reading, const json_t *attribute, const char *info)
{
        const char *value = text_of(attribute, "value"), *comment = text_of(attribute, "comment");
        size_t length = misp_name_length(text_of(attribute, "type"), value);
        char why[LIST_WHY_SIZE];
        const struct list_entry like = {.why = why};

        if (!length || !json_is_true(json_object_get(attribute, "to_ids"))) {
                list_refuse(reading, LIST_REFUSED_KIND, value, strlen(value));
                return 0;
        }
        if (json_is_true(json_object_get(attribute, "deleted"))) {
                list_refuse(reading, LIST_REFUSED_EXPIRED, value, strlen(value));
                return 0;
        }
        if (!comment[0])
                comment = info;
        list_why(comment, strlen(comment), why);
        return list_offer(reading, value, length, &like);
}

static int take_attributes(struct list_reading *reading, const json_t *attributes, const char *info)
{
        size_t index;
        json_t *attribute;

        json_array_foreach(attributes, index, attribute)
        {
                int r = take_attribute(reading, attribute, info);
                if (r)
                        return r;
        }
        return 0;
}

static int take_event(struct list_reading *reading, const json_t *event)
{
        size_t index;
        json_t *object;
        int r = take_attributes(reading, json_object_get(event, "Attribute"), text_of(event, "info"));

        json_array_foreach(json_object_get(event, "Object"), index, object)
        {
                if (!r && !json_is_true(json_object_get(object, "deleted")))
                        r = take_attributes(reading, json_object_get(object, "Attribute"),
                                            text_of(event, "info"));
        }
        return r;
}

/* {"Event":…}, {"response":[…]}, or a list of such. */
static int take_misp(struct list_reading *reading, const json_t *document, int depth)
{
        size_t index;
        json_t *item;
        const json_t *response = json_object_get(document, "response"),
                     *event = json_object_get(document, "Event");

        if (json_is_object(event))
                return take_event(reading, event);
        if (response)
                document = response;
        if (!json_is_array(document) || depth == DEPTH_MAX)
                return error_say(reading->error, -EINVAL, "ce JSON n’est pas un évènement MISP",
                                 "this JSON is no MISP event");
        json_array_foreach(document, index, item)
        {
                int r = take_misp(reading, item, depth + 1);
                if (r)
                        return r;
        }
        return 0;
}

static int take_misp_document(struct list_reading *reading, const json_t *document)
{
        return take_misp(reading, document, 0);
}

int list_read_misp(struct list_reading *reading, int fd)
{
        return read_documents(reading, fd, take_misp_document);
}

/* ---- STIX ---- */

/* Words that make a pattern narrower than the names in it. */
static bool is_narrow(const char *pattern)
{
        bool quoted = false;

        for (const char *at = pattern; *at; at++) {
                if (*at == '\\' && quoted && at[1])
                        at++;
                else if (*at == '\'')
                        quoted = !quoted;
                else if (!quoted && (!strncmp(at, " AND ", 5) || !strncmp(at, "FOLLOWEDBY", 10) ||
                                     !strncmp(at, "NOT ", 4)))
                        return true;
        }
        return false;
}

/* The string behind "= '", unescaped; NULL when it is another comparison. *ret_end is behind it. */
static const char *compared_with(const char *at, char *value, size_t size, const char **ret_end)
{
        size_t length = 0;

        at += strspn(at, " ");
        if (*at++ != '=')
                return NULL;
        at += strspn(at, " ");
        if (*at++ != '\'')
                return NULL;
        for (; *at && *at != '\''; at++) {
                at += *at == '\\' && at[1];
                if (length + 1 == size)
                        return NULL;
                value[length++] = *at;
        }
        value[length] = '\0';
        *ret_end = at;
        return *at ? value : NULL;
}

static int take_pattern(struct list_reading *reading, const char *pattern, const struct list_entry *like)
{
        static const char *const properties[] = {"domain-name:value", "url:value"};
        char value[2048];
        bool found = false;

        for (size_t i = 0; i < ARRAY_LEN(properties); i++) {
                const char *at = pattern, *end;

                while ((at = strstr(at, properties[i]))) {
                        at += strlen(properties[i]);
                        if (!compared_with(at, value, sizeof(value), &end))
                                continue;
                        at = end;
                        found = true;
                        int r = list_offer(reading, value, strlen(value), like);
                        if (r)
                                return r;
                }
        }
        if (!found)
                list_refuse(reading, LIST_REFUSED_KIND, pattern, strlen(pattern));
        return 0;
}

static int take_indicator(struct list_reading *reading, const json_t *indicator)
{
        const char *pattern = text_of(indicator, "pattern"), *type = text_of(indicator, "pattern_type"),
                   *until = text_of(indicator, "valid_until"), *name = text_of(indicator, "name");
        char why[LIST_WHY_SIZE];
        struct list_entry like = {.why = why};

        if (json_is_true(json_object_get(indicator, "revoked")) ||
            (until[0] && time_parse(until, &like.until_ms))) {
                list_refuse(reading, LIST_REFUSED_EXPIRED, pattern, strlen(pattern));
                return 0;
        }
        if ((type[0] && strcmp(type, "stix") != 0) || is_narrow(pattern)) {
                list_refuse(reading, LIST_REFUSED_KIND, pattern, strlen(pattern));
                return 0;
        }
        if (!name[0])
                name = text_of(indicator, "description");
        list_why(name, strlen(name), why);
        return take_pattern(reading, pattern, &like);
}

/* Objects that are no indicators (reports, actors, what was observed somewhere) say nothing of what to block. */
static int take_stix(struct list_reading *reading, const json_t *document)
{
        const json_t *objects = json_object_get(document, "objects");
        size_t index;
        json_t *object;

        /* An envelope of TAXII without an object is an empty page. */
        if (!json_is_object(document) || (objects && !json_is_array(objects)) ||
            (!objects && strcmp(text_of(document, "type"), "bundle") != 0 && json_object_size(document)))
                return error_say(reading->error, -EINVAL,
                                 "ce JSON n’est ni un bundle STIX ni une réponse TAXII",
                                 "this JSON is neither a STIX bundle nor a TAXII envelope");
        json_array_foreach(objects, index, object)
        {
                int r = strcmp(text_of(object, "type"), "indicator") ? 0 : take_indicator(reading, object);
                if (r)
                        return r;
        }
        return 0;
}

int list_read_stix(struct list_reading *reading, int fd)
{
        return read_documents(reading, fd, take_stix);
}
