/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cleanup.h"

#define LOG_LINE_MAX 2048

static struct {
        const char *program;
        enum log_format format;
        enum log_level most_verbose;
} log_state = {.program = "garde", .format = LOG_FORMAT_TEXT, .most_verbose = LOG_LEVEL_INFO};

static const char *const level_names[] = {"error", "warning", "notice", "info", "debug"};
static const char *const format_names[] = {"text", "json"};

void log_setup(const char *program, enum log_format format, enum log_level most_verbose)
{
        log_state.program = program;
        log_state.format = format;
        log_state.most_verbose = most_verbose;
}

static int word_index(const char *word, const char *const *names, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (!strcmp(word, names[i]))
                        return (int)i;
        return -EINVAL;
}

int log_level_parse(const char *word, enum log_level *ret_level)
{
        int index = word_index(word, level_names, ARRAY_LEN(level_names));

        if (index < 0)
                return index;
        *ret_level = (enum log_level)index;
        return 0;
}

int log_format_parse(const char *word, enum log_format *ret_format)
{
        int index = word_index(word, format_names, ARRAY_LEN(format_names));

        if (index < 0)
                return index;
        *ret_format = (enum log_format)index;
        return 0;
}

/* Length of the well-formed UTF-8 character at `text` (RFC 3629), 0 when there is none. */
static size_t character_length(const unsigned char *text)
{
        static const struct {
                unsigned char first, last; /* of the leading byte */
                unsigned char second_least, second_most;
                size_t length;
        } shapes[] = {
                {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
                {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
                {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
        };

        for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
                if (text[0] < shapes[i].first || text[0] > shapes[i].last)
                        continue;
                if (shapes[i].length > 1 &&
                    (text[1] < shapes[i].second_least || text[1] > shapes[i].second_most))
                        return 0;
                for (size_t k = 2; k < shapes[i].length; k++)
                        if ((text[k] & 0xc0) != 0x80)
                                return 0;
                return shapes[i].length;
        }
        return 0;
}

static bool is_control(const unsigned char *text, size_t length)
{
        return (length == 1 && (*text < 0x20 || *text == 0x7f)) ||
               (length == 2 && *text == 0xc2 && text[1] < 0xa0);
}

/*
 * Control characters can forge no second line and drive no terminal; what is not UTF-8 becomes U+FFFD. In
 * JSON (RFC 8259) quotes and backslashes are escaped too.
 */
static void escape(const char *text, enum log_format format, char *out, size_t size)
{
        size_t used = 0;

        for (const unsigned char *p = (const unsigned char *)text; *p && used + 7 < size;) {
                size_t length = character_length(p);
                if (length == 0) {
                        used += (size_t)snprintf(out + used, size - used, "\xef\xbf\xbd");
                        p++;
                        continue;
                }
                if (is_control(p, length)) {
                        used += (size_t)snprintf(out + used, size - used, "\\u%04x", p[length - 1]);
                } else {
                        if (format == LOG_FORMAT_JSON && (*p == '"' || *p == '\\'))
                                out[used++] = '\\';
                        memcpy(out + used, p, length);
                        used += length;
                }
                p += length;
        }
        out[used] = '\0';
}

void log_write(enum log_level level, const char *format, ...)
{
        char message[LOG_LINE_MAX];
        char escaped[6 * LOG_LINE_MAX];
        char line[6 * LOG_LINE_MAX + 256];
        char now[TIME_TEXT_SIZE];
        va_list args;
        int length;

        if (level > log_state.most_verbose)
                return;
        va_start(args, format);
        vsnprintf(message, sizeof(message), format, args);
        va_end(args);
        escape(message, log_state.format, escaped, sizeof(escaped));
        time_format(clock_system.wall_ms(clock_system.context), now);
        if (log_state.format == LOG_FORMAT_JSON)
                length = snprintf(line, sizeof(line),
                                  "{\"time\":\"%s\",\"level\":\"%s\",\"program\":\"%s\",\"pid\":%d,"
                                  "\"message\":\"%s\"}\n",
                                  now, level_names[level], log_state.program, (int)getpid(), escaped);
        else
                length = snprintf(line, sizeof(line), "%s %s[%d] %s: %s\n", now, log_state.program,
                                  (int)getpid(), level_names[level], escaped);
        if (length > 0) {
                /* One write a line, so that daemons sharing a terminal do not mix; nobody to tell if it
                 * fails. */
                ssize_t written = write(STDERR_FILENO, line, (size_t)length);
                (void)written;
        }
}
