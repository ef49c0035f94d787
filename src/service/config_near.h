/* SPDX-License-Identifier: EUPL-1.2 */
/* What somebody who wrote an unknown key may have meant. Private to config. */
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "service/config_schema.h"

/* The key of that table which is fewer than two or three edits away, or NULL. */
const char *config_nearest_key(const struct config_key *keys, const char *word);

/* Appends the first place in the schema that has a key of this name; people put keys one level off. */
bool config_place_of(const struct config_key *keys, const char *word, struct buffer *place);
