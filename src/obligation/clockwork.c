/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/clockwork.h"

#include <time.h>

#define HOUR_MS ((int64_t)60 * 60 * 1000)

static int month_length(int year, int month)
{
        static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        return month == 1 && leap ? 29 : lengths[month];
}

/* In this machine's zone: "the same day and hour" is what the wall of the office shows. */
static int64_t add_months(int64_t started_ms, unsigned months)
{
        time_t seconds = (time_t)(started_ms / 1000);
        struct tm local;

        tzset();
        if (!localtime_r(&seconds, &local))
                return started_ms;
        int month = local.tm_mon + (int)months;
        local.tm_year += month / 12;
        local.tm_mon = month % 12;
        int last = month_length(local.tm_year + 1900, local.tm_mon);
        if (local.tm_mday > last)
                local.tm_mday = last;
        local.tm_isdst = -1;
        return (int64_t)mktime(&local) * 1000 + started_ms % 1000;
}

int64_t clockwork_due(const struct deadline *deadline, int64_t started_ms)
{
        if (!started_ms || deadline->without_delay)
                return 0;
        if (deadline->hours)
                return started_ms + (int64_t)deadline->hours * HOUR_MS;
        return deadline->months ? add_months(started_ms, deadline->months) : 0;
}
