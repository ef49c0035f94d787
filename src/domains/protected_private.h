/* SPDX-License-Identifier: EUPL-1.2 */
/* What building (protected.c) and looking up (protected_find.c) both know. */
#pragma once

#include "domains/near_index.h"
#include "domains/protected.h"

enum salt { SALT_NAME, SALT_KEY, SALT_COARSE, SALT_PART };

#define KEY_FILED_MAX 40 /* letters: a longer key is filed under itself and its coarse key alone */

struct protected
{
        struct protected_entry *entries; /* own names, brands, public bodies, in this order; owned */
        size_t count, size;
        uint32_t *slots; /* by hash of the name: number + 1, or 0 */
        size_t slot_mask;
        struct near_index near;
        struct lexicon *lexicon;
        struct letters *letters;
        const struct brand_set *brands;
        const struct theme_set *themes;
        char **own;
        size_t own_count;
        size_t refused;
};

/* Where the name is, or would be. */
uint32_t *protected_slot(const struct protected *set, const char *text, size_t length);
