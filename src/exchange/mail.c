/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/mail.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "exchange/words.h"

#define WORD_BYTES                                                                                           \
        36 /* of UTF-8 in one encoded word: 48 letters of base64, so a header line stays below 76 */
#define LINE_BYTES 57 /* of body in one line: 76 letters */

static bool is_address(const char *text)
{
        for (const char *p = text; *p; p++)
                if (*p <= ' ' || *p > '~' || strchr("<>\",;:\\()[]", *p))
                        return false;
        return strchr(text, '@');
}

static void append_base64(struct buffer *buffer, const char *bytes, size_t length)
{
        char text[sodium_base64_ENCODED_LEN(LINE_BYTES, sodium_base64_VARIANT_ORIGINAL)];

        sodium_bin2base64(text, sizeof(text), (const unsigned char *)bytes, length,
                          sodium_base64_VARIANT_ORIGINAL);
        buffer_text(buffer, text);
}

/* Whole characters that fit into one encoded word. */
static size_t word_length(const char *text)
{
        size_t length = strlen(text);

        if (length <= WORD_BYTES)
                return length;
        for (length = WORD_BYTES; length > 1 && ((unsigned char)text[length] & 0xc0) == 0x80;)
                length--;
        return length;
}

static void append_encoded(struct buffer *buffer, const char *text)
{
        while (*text) {
                size_t length = word_length(text);
                buffer_text(buffer, "=?UTF-8?B?");
                append_base64(buffer, text, length);
                buffer_text(buffer, "?=");
                text += length;
                if (*text)
                        buffer_text(buffer, "\r\n ");
        }
}

/* The names of days and months in English whatever the locale. */
static void append_date(struct buffer *buffer, int64_t now_ms)
{
        static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        time_t seconds = (time_t)(now_ms / 1000);
        struct tm utc;

        gmtime_r(&seconds, &utc);
        buffer_format(buffer, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[utc.tm_wday], utc.tm_mday,
                      months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

static void append_subject(const struct parcel *parcel, enum language first, struct buffer *buffer)
{
        struct buffer subject = BUFFER_INIT(1024);

        buffer_text(&subject, "[Garde] ");
        words_line(parcel, first, &subject);
        buffer_text(buffer, "Subject: ");
        append_encoded(buffer, buffer_string(&subject));
        buffer_text(buffer, "\r\n");
        buffer_release(&subject);
}

static void append_body(const struct parcel *parcel, struct buffer *buffer)
{
        struct buffer body = BUFFER_INIT(MAIL_MAX / 2);

        words_lines(parcel, LANGUAGE_FR, &body);
        buffer_text(&body, "\n-- \n\n");
        words_lines(parcel, LANGUAGE_EN, &body);
        for (size_t at = 0; at < body.length; at += LINE_BYTES) {
                size_t rest = body.length - at;
                append_base64(buffer, body.data + at, rest < LINE_BYTES ? rest : LINE_BYTES);
                buffer_text(buffer, "\r\n");
        }
        buffer_release(&body);
}

int mail_message(const struct outlet *outlet, const struct parcel *parcel, int64_t now_ms,
                 struct buffer *buffer, struct error *error)
{
        const struct config_target *target = outlet->config;
        bool fits = is_address(target->from);

        for (uint32_t i = 0; i < target->to_count; i++)
                fits &= is_address(target->to[i]);
        if (!fits)
                return error_say(error, -EINVAL, "cible %s : une adresse de courriel ne peut pas être écrite",
                                 "target %s: a mail address cannot be written", target->name);
        buffer_format(buffer, "From: Garde <%s>\r\nTo: ", target->from);
        for (uint32_t i = 0; i < target->to_count; i++)
                buffer_format(buffer, "%s%s", i ? ",\r\n " : "", target->to[i]);
        buffer_text(buffer, "\r\n");
        append_subject(parcel, outlet->language, buffer);
        append_date(buffer, now_ms);
        buffer_format(buffer, "Message-ID: <%s@%s>\r\n", parcel->id, strchr(target->from, '@') + 1);
        buffer_text(buffer, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                            "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
        append_body(parcel, buffer);
        return 0;
}
