/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Time comes in through an object, so that deciding code is pure and an hour can be replayed in a second.
 * Wall time: milliseconds since 1970-01-01T00:00:00Z, for people and law. Monotonic time: nanoseconds,
 * never set back, for intervals (CLOCK_MONOTONIC, the clock of bpf_ktime_get_ns).
 */
#pragma once

#include <stdint.h>

struct clock {
        int64_t (*wall_ms)(void *context);
        uint64_t (*mono_ns)(void *context);
        void *context;
};

/* The machine's clocks. */
extern const struct clock clock_system;

static inline int64_t clock_wall_ms(const struct clock *clock)
{
        return clock->wall_ms(clock->context);
}

static inline uint64_t clock_mono_ns(const struct clock *clock)
{
        return clock->mono_ns(clock->context);
}

/* A clock that stands still until it is moved; for replay and tests. */
struct clock_manual {
        int64_t wall_ms;
        uint64_t mono_ns;
};

/* The returned clock refers to `manual`, which must outlive it. */
struct clock clock_manual_view(struct clock_manual *manual);
void clock_manual_advance(struct clock_manual *manual, uint64_t nanoseconds);

/* RFC 3339 in UTC with milliseconds: 2020-03-22T10:15:00.000Z. */
#define TIME_TEXT_SIZE 32
void time_format(int64_t wall_ms, char ret_text[static TIME_TEXT_SIZE]);

/* Accepts RFC 3339 with any offset and 0 to 9 fraction digits. -EINVAL otherwise. */
int time_parse(const char *text, int64_t *ret_wall_ms);
/*
 * What a person types: as time_parse(), or without a zone, "2020-03-22 11:05", which is this process's own. An hour that the change of
 * clocks skips is taken as the C library does. Not before 1970. -EINVAL.
 */
int time_parse_typed(const char *text, int64_t *ret_wall_ms);
