/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
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

/* JSON string escaping of RFC 8259; control characters cannot forge a second line. */
static size_t escape(const char *text, char *out, size_t size)
{
        size_t used = 0;

        for (const unsigned char *p = (const unsigned char *)text; *p && used + 7 < size; p++) {
                if (*p == '"' || *p == '\\') {
                        out[used++] = '\\';
                        out[used++] = (char)*p;
                } else if (*p < 0x20 || *p == 0x7f) {
                        used += (size_t)snprintf(out + used, size - used, "\\u%04x", *p);
                } else {
                        out[used++] = (char)*p;
                }
        }
        out[used] = '\0';
        return used;
}

void log_write(enum log_level level, const char *format, ...)
{
        char message[LOG_LINE_MAX];
        char escaped[2 * LOG_LINE_MAX];
        char line[2 * LOG_LINE_MAX + 256];
        char now[TIME_TEXT_SIZE];
        va_list args;
        int length;

        if (level > log_state.most_verbose)
                return;
        va_start(args, format);
        vsnprintf(message, sizeof(message), format, args);
        va_end(args);
        escape(message, escaped, sizeof(escaped));
        time_format(clock_system.wall_ms(clock_system.context), now);
        if (log_state.format == LOG_FORMAT_JSON)
                length = snprintf(line, sizeof(line),
                                  "{\"time\":\"%s\",\"level\":\"%s\",\"program\":\"%s\",\"pid\":%d,\"message\":\"%s\"}\n",
                                  now, level_names[level], log_state.program, (int)getpid(), escaped);
        else
                length = snprintf(line, sizeof(line), "%s %s[%d] %s: %s\n", now, log_state.program, (int)getpid(),
                                  level_names[level], escaped);
        if (length > 0) {
                /* One write a line, so that daemons sharing a terminal do not mix; nobody to tell if it fails. */
                ssize_t written = write(STDERR_FILENO, line, (size_t)length);
                (void)written;
        }
}
