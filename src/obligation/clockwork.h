/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Legal deadlines. Hours are real hours: they run through nights, weekends, holidays and changes of the clock
 * (Regulation 1182/71 art. 3 moves a period's end to a working day only when it is not one of hours; counting on
 * the hour is never late). Months end on the same day and hour of the later month, or on its last day when it has no such day.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct deadline {
        bool without_delay; /* no hour named */
        unsigned hours;     /* or so many hours */
        unsigned months;    /* or so many months */
};

/* Wall-clock ms; 0 when the clock has not started or the law names no hour. */
int64_t clockwork_due(const struct deadline *deadline, int64_t started_ms);
