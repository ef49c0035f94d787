/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/config_near.h"

#include <string.h>

static unsigned least(unsigned a, unsigned b)
{
        return a < b ? a : b;
}

/* Optimal string alignment (Damerau 1964, with Levenshtein's table). */
unsigned config_word_distance(const char *a, const char *b)
{
        unsigned rows[3][65];
        size_t la = strlen(a), lb = strlen(b);

        if (la > 64 || lb > 64)
                return 99;
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

const char *config_nearest_key(const struct config_key *keys, const char *word)
{
        const char *nearest = NULL;
        unsigned best = strlen(word) < 5 ? 2 : 3; /* fewer edits than this */

        for (const struct config_key *key = keys; key->name; key++) {
                unsigned distance = config_word_distance(word, key->name);
                if (distance < best) {
                        best = distance;
                        nearest = key->name;
                }
        }
        return nearest;
}

bool config_place_of(const struct config_key *keys, const char *word, struct buffer *place)
{
        size_t before = place->length;

        for (const struct config_key *key = keys; key->name; key++) {
                buffer_format(place, "%s%s", before ? "." : "", key->name);
                if (!strcmp(key->name, word) ||
                    (key->children && config_place_of(key->children, word, place)))
                        return true;
                place->length = before;
        }
        return false;
}
