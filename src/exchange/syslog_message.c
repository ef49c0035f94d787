/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/syslog_message.h"

#include <string.h>

#include "base/clock.h"
#include "exchange/words.h"

#define FACILITY 13

/* RFC 5424 6.2.1: critical 2, error 3, warning 4, notice 5. */
static unsigned severity_of(const struct parcel *parcel)
{
        const char *gravity = parcel_text(json_object_get(parcel->payload, "incident"), "gravity");

        if (!strcmp(parcel->event, "test") || !strcmp(parcel->event, "incident.closed"))
                return 5;
        if (!strcmp(gravity, "grave"))
                return 2;
        if (!strcmp(gravity, "significatif") || !strcmp(parcel->event, "obligation.overdue"))
                return 3;
        return 4;
}

/* PRINTUSASCII of at most `max` letters, "-" for nothing. */
static void append_name(struct buffer *buffer, const char *text, size_t max)
{
        size_t written = 0;

        for (; *text && written < max; text++) {
                if (*text <= ' ' || *text > '~')
                        continue;
                buffer_append(buffer, text, 1);
                written++;
        }
        if (!written)
                buffer_text(buffer, "-");
}

static void append_param(struct buffer *buffer, const char *name, const char *value)
{
        if (!value[0])
                return;
        buffer_format(buffer, " %s=\"", name);
        for (; *value; value++) {
                if (*value == '"' || *value == '\\' || *value == ']')
                        buffer_text(buffer, "\\");
                if ((unsigned char)*value >= 0x20 && *value != 0x7f)
                        buffer_append(buffer, value, 1);
        }
        buffer_text(buffer, "\"");
}

static void append_data(const struct outlet *outlet, const struct parcel *parcel, struct buffer *buffer)
{
        const json_t *incident = json_object_get(parcel->payload, "incident"),
                     *obligation = json_object_get(parcel->payload, "obligation"),
                     *measure = json_object_get(parcel->payload, "measure");

        buffer_text(buffer, "[garde@");
        append_name(buffer, outlet->enterprise, 26);
        append_param(buffer, "id", parcel->id);
        append_param(buffer, "event", parcel->event);
        append_param(buffer, "incident", parcel_text(incident, "id"));
        append_param(buffer, "kind", parcel_text(incident, "kind"));
        append_param(buffer, "gravity", parcel_text(incident, "gravity"));
        append_param(buffer, "obligation", parcel_text(obligation, "rule"));
        append_param(buffer, "due", parcel_text(obligation, "due"));
        append_param(buffer, "measure", parcel_text(measure, "kind"));
        append_param(buffer, "tlp", parcel_text(parcel->payload, "tlp"));
        buffer_text(buffer, "]");
}

void syslog_message(const struct outlet *outlet, const struct parcel *parcel, const char *host,
                    struct buffer *buffer)
{
        const char *at = parcel_text(parcel->payload, "at");
        int64_t ms;

        buffer_format(buffer, "<%u>1 %s ", FACILITY * 8 + severity_of(parcel),
                      time_parse(at, &ms) ? "-" : at);
        append_name(buffer, host, 255);
        buffer_text(buffer, " garde - ");
        append_name(buffer, parcel->event, 32);
        buffer_text(buffer, " ");
        append_data(outlet, parcel, buffer);
        buffer_text(buffer, " \xef\xbb\xbf");
        words_line(parcel, outlet->language, buffer);
}

void syslog_frame(const struct buffer *message, struct buffer *buffer)
{
        buffer_format(buffer, "%zu ", message->length);
        buffer_append(buffer, buffer_string(message), message->length);
}
