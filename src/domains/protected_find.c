/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/protected_private.h"

#include <string.h>

#include "names/name.h"

uint32_t *protected_slot(const struct protected *set, const char *text, size_t length)
{
        size_t at = near_hash(SALT_NAME, text, length) & set->slot_mask;

        while (set->slots[at]) {
                const char *name = set->entries[set->slots[at] - 1].name;

                if (!strncmp(name, text, length) && !name[length])
                        break;
                at = (at + 1) & set->slot_mask;
        }
        return &set->slots[at];
}

const struct protected_entry *protected_exact(const struct protected *set, const char *text, size_t length)
{
        uint32_t number = *protected_slot(set, text, length);

        return number ? &set->entries[number - 1] : NULL;
}

const struct protected_entry *protected_covers(const struct protected *set, const char *text)
{
        for (; text; text = name_parent(text)) {
                const struct protected_entry *entry = protected_exact(set, text, strlen(text));

                if (entry && !entry->is_word)
                        return entry;
        }
        return NULL;
}

size_t protected_same(const struct protected *set, const char *key, size_t length, uint32_t *ret_numbers,
                      size_t most)
{
        return near_index_find(&set->near, near_hash(SALT_KEY, key, length), ret_numbers, 0, most);
}

size_t protected_part(const struct protected *set, const char *key, size_t length, uint32_t *ret_numbers,
                      size_t most)
{
        return near_index_find(&set->near, near_hash(SALT_PART, key, length), ret_numbers, 0, most);
}

size_t protected_near(const struct protected *set, const struct folded *folded, uint32_t *ret_numbers,
                      size_t most)
{
        const char *key = folded->key;
        size_t length = folded->key_length;
        size_t count = near_index_find(&set->near, near_hash(SALT_KEY, key, length), ret_numbers, 0, most);

        count = near_index_find(&set->near, near_hash(SALT_COARSE, folded->coarse, folded->coarse_length),
                                ret_numbers, count, most);
        for (size_t i = 0; i < length && length <= KEY_FILED_MAX + 1; i++)
                if (i == 0 || key[i] != key[i - 1])
                        count = near_index_find(&set->near, near_hash_without(SALT_KEY, key, length, i),
                                                ret_numbers, count, most);
        return count;
}

size_t protected_count(const struct protected *set)
{
        return set->count;
}

size_t protected_refused(const struct protected *set)
{
        return set->refused;
}

const struct protected_entry *protected_entry(const struct protected *set, uint32_t number)
{
        return &set->entries[number];
}

const struct lexicon *protected_lexicon(const struct protected *set)
{
        return set->lexicon;
}

const struct letters *protected_letters(const struct protected *set)
{
        return set->letters;
}

const struct brand *protected_brand_at(const struct protected *set, uint16_t index)
{
        return &set->brands->brands[index];
}

const struct brand *protected_brand(const struct protected *set, const struct protected_entry *entry)
{
        return entry->brand == PROTECTED_NO_BRAND ? NULL : protected_brand_at(set, entry->brand);
}

const struct theme *protected_theme_at(const struct protected *set, uint16_t index)
{
        return &set->themes->themes[index];
}

const char *protected_own_at(const struct protected *set, uint16_t index)
{
        return set->own[index];
}
