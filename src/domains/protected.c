/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/protected.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domains/protected_private.h"
#include "names/name.h"

struct protected *protected_free(struct protected *set)
{
        if (!set)
                return NULL;
        for (size_t i = 0; i < set->count; i++)
                free((char *)set->entries[i].name);
        for (size_t i = 0; i < set->own_count; i++)
                free(set->own[i]);
        free(set->own);
        free(set->entries);
        free(set->slots);
        near_index_release(&set->near);
        lexicon_free(set->lexicon);
        letters_free(set->letters);
        free(set);
        return NULL;
}

/* ---- building ---- */

/* What changes a key by one letter meets it at the key itself or at what both have in common. */
static int file_key(struct protected *set, const struct folded *folded, uint32_t number)
{
        const char *key = folded->key;
        size_t length = folded->key_length;
        int r = near_index_add(&set->near, near_hash(SALT_KEY, key, length), number);

        for (size_t i = 0; !r && i < length && length <= KEY_FILED_MAX; i++)
                if (i == 0 || key[i] != key[i - 1])
                        r = near_index_add(&set->near, near_hash_without(SALT_KEY, key, length, i), number);
        return r ? r
                 : near_index_add(&set->near, near_hash(SALT_COARSE, folded->coarse, folded->coarse_length),
                                  number);
}

/* Half of the slots stay empty, so that looking for what is not there ends soon. */
static int widen_slots(struct protected *set)
{
        uint32_t *old = set->slots;

        if (set->slots && set->count * 2 < set->slot_mask)
                return 0;
        set->slot_mask = set->slots ? set->slot_mask * 2 + 1 : 4095;
        set->slots = calloc(set->slot_mask + 1, sizeof(*set->slots));
        free(old);
        if (!set->slots)
                return -ENOMEM;
        for (size_t i = 0; i < set->count; i++)
                *protected_slot(set, set->entries[i].name, strlen(set->entries[i].name)) = (uint32_t)i + 1;
        return 0;
}

static int add_entry(struct protected *set, const char *name, struct protected_entry entry)
{
        if (set->count == PROTECTED_NAMES_MAX)
                return -E2BIG;
        if (set->count == set->size) {
                size_t size = set->size ? set->size * 2 : 1024;
                struct protected_entry *entries = reallocarray(set->entries, size, sizeof(*entries));

                if (!entries)
                        return -ENOMEM;
                set->entries = entries;
                set->size = size;
        }
        if (widen_slots(set))
                return -ENOMEM;
        entry.name = strdup(name);
        if (!entry.name)
                return -ENOMEM;
        set->entries[set->count++] = entry;
        protected_slot(set, entry.name, strlen(entry.name))[0] = (uint32_t)set->count;
        return 0;
}

static int file_part(struct protected *set, const struct fold *fold, const char *part, size_t length,
                     uint32_t number)
{
        struct folded folded;

        if (length < PROTECTED_PART_MIN)
                return 0;
        fold_label(fold, part, length, &folded);
        return near_index_add(&set->near, near_hash(SALT_PART, folded.key, folded.key_length), number);
}

static int file_parts(struct protected *set, const struct fold *fold, const char *core, size_t length,
                      uint32_t number)
{
        const char *first = memchr(core, '-', length), *last = memrchr(core, '-', length);
        int r = 0;

        if (first)
                r = file_part(set, fold, first + 1, length - (size_t)(first + 1 - core), number);
        return r || !last ? r : file_part(set, fold, core, (size_t)(last - core), number);
}

static int add_comparable(struct protected *set, const struct fold *fold, const char *name,
                          struct protected_entry entry)
{
        struct folded folded;
        int r = add_entry(set, name, entry);

        if (r)
                return r;
        fold_label(fold, name, entry.core_length, &folded);
        letters_learn(set->letters, folded.ascii, folded.ascii_length);
        r = file_key(set, &folded, (uint32_t)(set->count - 1));
        return r ? r : file_parts(set, fold, name, entry.core_length, (uint32_t)(set->count - 1));
}

/* Under a brand's own suffix ("express.dhl") the label says nothing of the brand. */
static bool suffix_is_brands(const struct protected_source *source, const struct name *name, uint16_t brand)
{
        const char *suffix = suffix_of(source->suffixes, name->text);
        const struct word_list *words =
                brand == PROTECTED_NO_BRAND ? NULL : &source->brands->brands[brand].words;

        for (size_t i = 0; words && i < words->count; i++)
                if (!strcmp(words->items[i], suffix))
                        return true;
        return false;
}

/* A brand's domain that is none of its words ("cyber.gouv.fr") is an ordinary word more often than not. */
static bool core_is_common(const struct protected_source *source, const char *name, size_t length,
                           uint16_t index)
{
        const struct brand *brand = index == PROTECTED_NO_BRAND ? NULL : &source->brands->brands[index];

        if (!brand)
                return false;
        for (size_t i = 0; i < brand->words.count; i++)
                if (strlen(brand->words.items[i]) == length && !memcmp(brand->words.items[i], name, length))
                        return brand->common;
        return true;
}

/* A name as whoever registered it has it; below that it is only known. A name that is there already stays as it is. */
static int add_name(struct protected *set, const struct protected_source *source, const struct name *name,
                    enum protected_kind kind, uint16_t brand)
{
        const char *registered = suffix_registered(source->suffixes, name->text);
        struct protected_entry entry = {.kind = (uint8_t)kind, .brand = brand};

        if (!registered || protected_exact(set, name->text, name->length))
                return 0;
        entry.core_length = (uint8_t)strcspn(name->text, ".");
        entry.is_host = registered != name->text || suffix_is_brands(source, name, brand);
        entry.is_common = core_is_common(source, name->text, entry.core_length, brand);
        return entry.is_host ? add_entry(set, name->text, entry)
                             : add_comparable(set, source->fold, name->text, entry);
}

static int add_text(struct protected *set, const struct protected_source *source, const char *text,
                    enum protected_kind kind, uint16_t brand, struct error *error)
{
        struct name name;
        int refusal = name_parse(text, strlen(text), &name);
        int r;

        if (refusal)
                return error_say_in(error, -EINVAL, LANGUAGE_FR, "« %s » ne peut pas être protégé : %s", text,
                                    name_refusal_fr(refusal)),
                       error_say_in(error, -EINVAL, LANGUAGE_EN, "\"%s\" cannot be protected: %s", text,
                                    name_refusal_en(refusal));
        r = add_name(set, source, &name, kind, brand);
        return r ? error_say(error, r, "« %s » ne peut pas être protégé : %m",
                             "\"%s\" cannot be protected: %m", text)
                 : 0;
}

/* What somebody registered is a word in others' names: "chu-exemple-login.com". Short ones are in too much. */
#define OWN_WORD_MIN 5

static int add_own(struct protected *set, const struct protected_source *source, struct error *error)
{
        set->own = calloc(source->own_count + 1, sizeof(*set->own));
        if (!set->own)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        for (size_t i = 0; i < source->own_count && i < UINT16_MAX; i++) {
                size_t before = set->count;
                int r = add_text(set, source, source->own[i], PROTECTED_OWN, PROTECTED_NO_BRAND, error);

                if (r)
                        return r;
                set->own[i] = strdup(source->own[i]);
                if (!set->own[i])
                        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
                set->own_count++;
                if (set->count == before || set->entries[before].core_length < OWN_WORD_MIN)
                        continue;
                char word[64] = {0};
                memcpy(word, source->own[i], set->entries[before].core_length);
                if (lexicon_add(set->lexicon, word, LEXICON_OWN, (uint16_t)i))
                        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        return 0;
}

static int add_words(struct protected *set, const struct word_list *words, enum lexicon_kind kind,
                     uint16_t index)
{
        int r = 0;

        for (size_t i = 0; i < words->count && !r; i++)
                r = lexicon_add(set->lexicon, words->items[i], kind, index);
        return r;
}

static int add_brand(struct protected *set, const struct protected_source *source, uint16_t index,
                     struct error *error)
{
        const struct brand *brand = &source->brands->brands[index];
        int r = 0;

        for (size_t i = 0; i < brand->domains.count && !r; i++)
                r = add_text(set, source, brand->domains.items[i], PROTECTED_BRAND, index, error);
        for (size_t i = 0; i < brand->words.count && !r; i++) {
                const char *word = brand->words.items[i];
                struct protected_entry entry = {.kind = PROTECTED_BRAND,
                                                .core_length = (uint8_t)strlen(word),
                                                .is_word = true,
                                                .is_common = brand->common,
                                                .brand = index};

                if (!protected_exact(set, word, strlen(word)))
                        r = add_comparable(set, source->fold, word, entry);
        }
        if (!r)
                r = add_words(set, &brand->words, LEXICON_BRAND, index);
        if (!r)
                r = add_words(set, &brand->not_words, LEXICON_OTHER, index);
        return r;
}

static int add_brands(struct protected *set, const struct protected_source *source, struct error *error)
{
        for (size_t i = 0; source->brands && i < source->brands->count; i++) {
                int r = add_brand(set, source, (uint16_t)i, error);

                if (r)
                        return r;
        }
        for (size_t i = 0; source->themes && i < source->themes->count; i++) {
                const struct theme *theme = &source->themes->themes[i];

                if (add_words(set, &theme->words, LEXICON_THEME, (uint16_t)i) ||
                    add_words(set, &theme->not_words, LEXICON_OTHER, (uint16_t)i))
                        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        return 0;
}

static int add_line(struct protected *set, const struct protected_source *source, const char *line,
                    size_t length)
{
        struct name name;

        while (length && strchr(" \t\r", line[length - 1]))
                length--;
        if (!length || *line == '#')
                return 0;
        if (name_parse(line, length, &name)) {
                set->refused++;
                return 0;
        }
        return add_name(set, source, &name, PROTECTED_PUBLIC, PROTECTED_NO_BRAND);
}

static int add_list(struct protected *set, const struct protected_source *source, struct error *error)
{
        const char *at = source->public_list, *end = at ? at + source->public_length : NULL;

        while (at && at < end) {
                const char *line_end = memchr(at, '\n', (size_t)(end - at));
                int r;

                line_end = line_end ? line_end : end;
                r = add_line(set, source, at, (size_t)(line_end - at));
                if (r)
                        return error_say(error, r, "la liste des noms publics : %m",
                                         "the list of public names: %m");
                at = line_end + 1;
        }
        return 0;
}

int protected_build(const struct protected_source *source, struct protected **ret_protected,
                    struct error *error)
{
        struct protected *set = calloc(1, sizeof(*set));
        int r;

        if (!set)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        set->brands = source->brands;
        set->themes = source->themes;
        set->lexicon = lexicon_new();
        set->letters = letters_new();
        r = set->lexicon && set->letters && !widen_slots(set)
                    ? 0
                    : error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (!r)
                r = add_own(set, source, error);
        if (!r)
                r = add_brands(set, source, error);
        if (!r)
                r = add_list(set, source, error);
        if (!r && near_index_finish(&set->near))
                r = error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (r) {
                protected_free(set);
                return r;
        }
        *ret_protected = set;
        return 0;
}
