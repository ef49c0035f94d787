/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/word.h"

#include <string.h>

#define WORD_MAX 64
#define FAR      99

static unsigned least(unsigned a, unsigned b)
{
        return a < b ? a : b;
}

/* Optimal string alignment (Damerau 1964, with Levenshtein's table). */
unsigned word_distance(const char *a, const char *b)
{
        unsigned rows[3][WORD_MAX + 1];
        size_t la = strlen(a), lb = strlen(b);

        if (la > WORD_MAX || lb > WORD_MAX)
                return FAR;
        for (unsigned j = 0; j <= lb; j++)
                rows[0][j] = j;
        for (unsigned i = 1; i <= la; i++) {
                unsigned *row = rows[i % 3];
                const unsigned *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];

                row[0] = i;
                for (unsigned j = 1; j <= lb; j++) {
                        row[j] =
                                least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
                        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                                row[j] = least(row[j], higher[j - 2] + 1);
                }
        }
        return rows[la % 3][lb];
}

unsigned word_reach(const char *typed)
{
        return strlen(typed) < 5 ? 2 : 3;
}

/* "risk" of "personal_data.risk", "hit" of "availability.hit": whole parts between points. */
static bool is_part(const char *typed, const char *candidate)
{
        size_t length = strlen(typed);

        for (const char *at = candidate; length && at; at = strchr(at, '.')) {
                at += *at == '.';
                if (!strncmp(at, typed, length) && (at[length] == '.' || !at[length]))
                        return true;
        }
        return false;
}

bool word_is_nearer(const char *typed, const char *candidate, unsigned *best)
{
        unsigned distance = is_part(typed, candidate) ? 1 : word_distance(typed, candidate);

        if (distance >= *best)
                return false;
        *best = distance;
        return true;
}
