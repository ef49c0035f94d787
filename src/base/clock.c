/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/clock.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t system_wall_ms(void *context)
{
        struct timespec now;

        clock_gettime(CLOCK_REALTIME, &now);
        return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint64_t system_mono_ns(void *context)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

const struct clock clock_system = {.wall_ms = system_wall_ms, .mono_ns = system_mono_ns};

static int64_t manual_wall_ms(void *context)
{
        return ((struct clock_manual *)context)->wall_ms;
}

static uint64_t manual_mono_ns(void *context)
{
        return ((struct clock_manual *)context)->mono_ns;
}

struct clock clock_manual_view(struct clock_manual *manual)
{
        return (struct clock){.wall_ms = manual_wall_ms, .mono_ns = manual_mono_ns, .context = manual};
}

void clock_manual_advance(struct clock_manual *manual, uint64_t nanoseconds)
{
        uint64_t before = manual->mono_ns / 1000000;

        manual->mono_ns += nanoseconds;
        /* Whole milliseconds are taken from the sum, so that small steps do not lose wall time. */
        manual->wall_ms += (int64_t)(manual->mono_ns / 1000000 - before);
}

/* `count` digits of the number at `at`; what comes behind them. */
static char *put_digits(char *at, int count, int number)
{
        for (int i = count; i-- > 0; number /= 10)
                at[i] = (char)('0' + number % 10);
        return at + count;
}

/* Without printf: a record has one, and what it is about several. */
void time_format(int64_t wall_ms, char ret_text[static TIME_TEXT_SIZE])
{
        int64_t fraction = ((wall_ms % 1000) + 1000) % 1000;
        time_t seconds = (time_t)(wall_ms / 1000 - (wall_ms % 1000 < 0));
        char *at = ret_text;
        struct tm utc;

        if (!gmtime_r(&seconds, &utc) || utc.tm_year > 9999 - 1900 || utc.tm_year < -1900) {
                strcpy(ret_text, "0000-01-01T00:00:00.000Z");
                return;
        }
        const struct {
                int count, number;
                char after;
        } parts[] = {{4, utc.tm_year + 1900, '-'}, {2, utc.tm_mon + 1, '-'}, {2, utc.tm_mday, 'T'},
                     {2, utc.tm_hour, ':'},        {2, utc.tm_min, ':'},     {2, utc.tm_sec, '.'},
                     {3, (int)fraction, 'Z'}};
        for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
                at = put_digits(at, parts[i].count, parts[i].number);
                *at++ = parts[i].after;
        }
        *at = '\0';
}

static int parse_digits(const char **cursor, int count, int *ret_value)
{
        int value = 0;

        for (int i = 0; i < count; i++, (*cursor)++) {
                if (!isdigit((unsigned char)**cursor))
                        return -EINVAL;
                value = value * 10 + (**cursor - '0');
        }
        *ret_value = value;
        return 0;
}

static int parse_fields(const char **cursor, const char *separators, int *const *fields, const int *widths)
{
        for (int i = 0; fields[i]; i++) {
                if (i > 0 && toupper((unsigned char)*(*cursor)++) != separators[i - 1])
                        return -EINVAL;
                if (parse_digits(cursor, widths[i], fields[i]))
                        return -EINVAL;
        }
        return 0;
}

static int parse_fraction(const char **cursor, int *ret_ms)
{
        int ms = 0, scale = 100, digits = 0;

        if (**cursor == '.') {
                (*cursor)++;
                for (; isdigit((unsigned char)**cursor); (*cursor)++, digits++) {
                        ms += (**cursor - '0') * scale;
                        scale /= 10;
                }
                if (digits < 1 || digits > 9)
                        return -EINVAL;
        }
        *ret_ms = ms;
        return 0;
}

static int parse_offset(const char **cursor, int *ret_minutes)
{
        int hours, minutes;
        int sign = **cursor == '-' ? -1 : 1;

        if (toupper((unsigned char)**cursor) == 'Z') {
                (*cursor)++;
                *ret_minutes = 0;
                return 0;
        }
        if (**cursor != '+' && **cursor != '-')
                return -EINVAL;
        (*cursor)++;
        if (parse_fields(cursor, ":", (int *const[]){&hours, &minutes, NULL}, (const int[]){2, 2}))
                return -EINVAL;
        if (hours > 23 || minutes > 59)
                return -EINVAL;
        *ret_minutes = sign * (hours * 60 + minutes);
        return 0;
}

static int days_in_month(int year, int month)
{
        static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        return days[month - 1] + (month == 2 && leap);
}

/* Second 60 is a leap second: it is the first moment of the next minute here, as in POSIX time. */
static bool fields_in_range(int year, int month, const struct tm *utc)
{
        return month >= 1 && month <= 12 && utc->tm_mday >= 1 && utc->tm_mday <= days_in_month(year, month) &&
               utc->tm_hour <= 23 && utc->tm_min <= 59 && utc->tm_sec <= 60;
}

int time_parse(const char *text, int64_t *ret_wall_ms)
{
        struct tm utc = {0};
        int year, month, ms, offset;

        if (parse_fields(
                    &text, "--T::",
                    (int *const[]){&year, &month, &utc.tm_mday, &utc.tm_hour, &utc.tm_min, &utc.tm_sec, NULL},
                    (const int[]){4, 2, 2, 2, 2, 2}))
                return -EINVAL;
        if (!fields_in_range(year, month, &utc))
                return -EINVAL;
        if (parse_fraction(&text, &ms) || parse_offset(&text, &offset) || *text)
                return -EINVAL;
        utc.tm_year = year - 1900;
        utc.tm_mon = month - 1;
        *ret_wall_ms = ((int64_t)timegm(&utc) - (int64_t)offset * 60) * 1000 + ms;
        return 0;
}

static int local_time_parse(const char *typed, int64_t *ret_ms)
{
        struct tm local = {.tm_isdst = -1};
        int end = 0;

        if (sscanf(typed, "%4d-%2d-%2d%*1[ T]%2d:%2d%n", &local.tm_year, &local.tm_mon, &local.tm_mday,
                   &local.tm_hour, &local.tm_min, &end) != 5 ||
            typed[end])
                return -EINVAL;
        if (local.tm_year < 1970 || local.tm_mon < 1 || local.tm_mon > 12 || local.tm_mday < 1 ||
            local.tm_hour < 0 || local.tm_hour > 23 || local.tm_min < 0 || local.tm_min > 59)
                return -EINVAL;
        local.tm_year -= 1900;
        local.tm_mon -= 1;
        int month = local.tm_mon;
        time_t seconds = mktime(&local);
        if (seconds < 0 || local.tm_mon != month)
                return -EINVAL;
        *ret_ms = (int64_t)seconds * 1000;
        return 0;
}

int time_parse_typed(const char *text, int64_t *ret_wall_ms)
{
        int64_t ms;

        if ((time_parse(text, &ms) && local_time_parse(text, &ms)) || ms < 0)
                return -EINVAL;
        *ret_wall_ms = ms;
        return 0;
}
