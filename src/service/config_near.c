/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/config_near.h"

#include <string.h>

#include "base/word.h"

const char *config_nearest_key(const struct config_key *keys, const char *word)
{
        const char *nearest = NULL;
        unsigned best = strlen(word) < 5 ? 2 : 3; /* fewer edits than this */

        for (const struct config_key *key = keys; key->name; key++) {
                unsigned distance = word_distance(word, key->name);
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
