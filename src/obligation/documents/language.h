/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How the papers speak: spaces, numbers, durations and dates as a person in France (or an English reader)
 * writes them. French typography follows the Imprimerie nationale's rules: a no-break space before : ; ? ! %
 * and inside « », a narrow one between thousands, a decimal comma. Pure: no locale of the process is read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/language.h"
#include "flow/text.h"

/* The wanted side of a bitext, else the other one, else "". Borrowed. */
const char *language_text(enum language language, const struct bitext *text);

/*
 * The text made fit for setting: valid UTF-8, no control characters but newline, no direction overrides
 * (a stranger's text must not reorder what a director signs); in French, plain spaces before : ; ? ! % » and
 * after « become no-break ones and "quotes" stay as they are. The caller frees; NULL when out of memory.
 */
char *language_typeset(enum language language, const char *text);

/* 1234567 → "1 234 567" / "1,234,567". */
void language_integer(struct buffer *buffer, enum language language, int64_t number);
/* Four significant digits at most, no exponent: 0.35 → "0,35". `decimals` are kept as given. */
void language_decimal(struct buffer *buffer, enum language language, double number, unsigned decimals);
/* 0.9963 → "99,63 %"; tiny fractions keep a digit ("0,004 %"); never rounds up to 100 % nor down to 0 %. */
void language_percent(struct buffer *buffer, enum language language, double fraction);
/* 312 400 → "312 000", "1,25 million" : three significant digits for a sentence. */
void language_rounded(struct buffer *buffer, enum language language, double number);
/* 350 → "0,35 s", 62 000 → "1 min 2 s", 5 400 000 → "1 h 30 min". */
void language_duration(struct buffer *buffer, enum language language, int64_t milliseconds);
/* 72 → "soixante-douze" / "seventy-two", below 10^12; figures beyond. Reform of 1990: hyphens everywhere. */
void language_words(struct buffer *buffer, enum language language, uint64_t number);

/* Which part of a moment is written. */
enum moment_style {
        MOMENT_LONG,   /* dimanche 22 mars 2020 à 11 h 15 (heure de Paris) */
        MOMENT_SHORT,  /* 22/03/2020 11:15 */
        MOMENT_DAY,    /* dimanche 22 mars 2020 */
        MOMENT_CLOCK,  /* 11 h 15 / 11:15 */
        MOMENT_SECOND, /* 11:15:30 */
};

/*
 * `zone` is an IANA name, NULL for Europe/Paris. When the machine does not know it the time is given, and
 * named, in UTC. Source of zone rules: the system's tzdata.
 */
void language_moment(struct buffer *buffer, enum language language, const char *zone, enum moment_style style,
                     int64_t wall_ms);
/* "heure de Paris" / "Paris time", what a time axis says. */
void language_zone(struct buffer *buffer, enum language language, const char *zone);
/* Seconds to add to UTC at that moment. */
int32_t language_zone_offset(const char *zone, int64_t wall_ms);
