/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Names of things that later stages keep: a prefix letter, an underscore, and a ULID (48 bits of
 * milliseconds, 80 of randomness, Crockford base 32), so ids sort by birth and never meet.
 * Prefixes: f finding, i incident, m measure, o obligation.
 */
#pragma once

#include <stdbool.h>

#include "base/clock.h"
#include "base/random.h"

#define ID_TEXT_SIZE 29 /* "m_" + 26 + NUL */

struct id {
        char text[ID_TEXT_SIZE]; /* "" when absent */
};

void id_make(char prefix, const struct clock *clock, const struct random *random, struct id *ret_id);

/* 0, or -EINVAL when the text is not an id with this prefix. */
int id_parse(const char *text, char prefix, struct id *ret_id);

static inline bool id_is_set(const struct id *id)
{
        return id->text[0] != '\0';
}
