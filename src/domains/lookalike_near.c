/* SPDX-License-Identifier: EUPL-1.2 */
/* Names that are nearly somebody's: looked up by key, then compared as they are written. */
#include "domains/lookalike_private.h"

#include <string.h>

#include "base/cleanup.h"
#include "domains/edit.h"

#define NEAR_MOST 256 /* looked at; own names and brands stand first */

/* What a trick weighs against an own name or a brand, and against a public body: whoever imitates a village of 200 had a
 * better choice, and villages are near each other by nature. */
static const struct trick {
        float brand, body;
} tricks[LOOKALIKE_CLASS_COUNT] = {
        [LOOKALIKE_HOMOGLYPH] = {0.86f, 0.62f},     [LOOKALIKE_PUNYCODE] = {0.97f, 0.82f},
        [LOOKALIKE_KEYBOARD] = {0.80f, 0.52f},      [LOOKALIKE_BITFLIP] = {0.80f, 0.52f},
        [LOOKALIKE_VOWEL] = {0.78f, 0.50f},         [LOOKALIKE_REPLACEMENT] = {0.76f, 0.48f},
        [LOOKALIKE_OMISSION] = {0.80f, 0.52f},      [LOOKALIKE_REPETITION] = {0.82f, 0.54f},
        [LOOKALIKE_PLURAL] = {0.76f, 0.48f},        [LOOKALIKE_INSERTION] = {0.78f, 0.50f},
        [LOOKALIKE_TRANSPOSITION] = {0.82f, 0.54f}, [LOOKALIKE_SEPARATOR] = {0.84f, 0.56f},
        [LOOKALIKE_TLD] = {0.80f, 0.46f},
};

static const enum lookalike_class class_of[] = {
        [EDIT_HOMOGLYPH] = LOOKALIKE_HOMOGLYPH,     [EDIT_KEYBOARD] = LOOKALIKE_KEYBOARD,
        [EDIT_BITFLIP] = LOOKALIKE_BITFLIP,         [EDIT_VOWEL] = LOOKALIKE_VOWEL,
        [EDIT_REPLACEMENT] = LOOKALIKE_REPLACEMENT, [EDIT_OMISSION] = LOOKALIKE_OMISSION,
        [EDIT_REPETITION] = LOOKALIKE_REPETITION,   [EDIT_PLURAL] = LOOKALIKE_PLURAL,
        [EDIT_INSERTION] = LOOKALIKE_INSERTION,     [EDIT_TRANSPOSITION] = LOOKALIKE_TRANSPOSITION,
};

/* Hyphens off, letters as they are. */
static size_t plain(const char *text, size_t length, char ret_plain[static FOLD_SIZE])
{
        size_t count = 0;

        for (size_t i = 0; i < length && count < FOLD_SIZE; i++)
                if (text[i] != '-')
                        ret_plain[count++] = text[i];
        return count;
}

/* By which trick the suspect's core was made of the entry's; false when they are too far apart. */
static bool compare(const struct suspect *suspect, const struct protected_entry *entry,
                    enum lookalike_class *ret_class)
{
        const struct folded *core = &suspect->core;
        char mine[FOLD_SIZE], theirs[FOLD_SIZE];
        size_t my_length = plain(core->ascii, core->ascii_length, mine);
        size_t their_length = plain(entry->name, entry->core_length, theirs);
        enum edit_kind edit = edit_between(theirs, their_length, mine, my_length);
        struct folded folded;

        if (edit == EDIT_NONE) {
                bool same = core->ascii_length == entry->core_length &&
                            !memcmp(core->ascii, entry->name, core->ascii_length);

                *ret_class = same ? LOOKALIKE_TLD : LOOKALIKE_SEPARATOR;
                return true;
        }
        if (edit != EDIT_FAR) {
                *ret_class = class_of[edit];
                return true;
        }
        fold_label(suspect->context->fold, entry->name, entry->core_length, &folded);
        if ((folded.coarse_length == core->coarse_length && folded.coarse_length >= 4 &&
             !memcmp(folded.coarse, core->coarse, folded.coarse_length)) ||
            edit_between(folded.key, folded.key_length, core->key, core->key_length) != EDIT_FAR) {
                *ret_class = LOOKALIKE_HOMOGLYPH;
                return true;
        }
        return false;
}

/* Short names meet by chance: three letters and one edit are everybody's neighbours. */
static double length_weight(size_t length, enum lookalike_class class)
{
        if (length <= 3)
                return -0.45;
        if (length == 4)
                return class == LOOKALIKE_SEPARATOR || class == LOOKALIKE_TLD ? -0.25 : -0.32;
        if (length == 5)
                return -0.07;
        return length >= 12 ? 0.06 : length >= 9 ? 0.04 : length >= 7 ? 0.02 : 0;
}

/* A slip reads worse than what it came from; a name of its own right reads as well. */
static double reading_weight(const struct suspect *suspect, const struct protected_entry *entry)
{
        double ratio =
                letters_ratio(protected_letters(suspect->context->set), entry->name, entry->core_length,
                              suspect->core.ascii, suspect->core.ascii_length, suspect->absent_name ? 1 : 0);
        double weight = -0.03 * (ratio + 2);

        return weight > 0.12 ? 0.12 : weight < -0.18 ? -0.18 : weight;
}

static bool is_country(const char *suffix)
{
        const char *last = strrchr(suffix, '.');

        return strlen(last ? last + 1 : suffix) == 2;
}

static double suffix_weight(const struct suspect *suspect, const struct protected_entry *entry,
                            enum lookalike_class class)
{
        bool same = !entry->is_word && !strcmp(entry->name + entry->core_length + 1, suspect->suffix);

        if (same || class == LOOKALIKE_TLD)
                return 0;
        return entry->kind == PROTECTED_PUBLIC ? -0.12 : -0.04;
}

/* The brand holds its name under the suffixes of countries; where nothing is checked it may be anybody. */
static bool is_everywhere(const struct suspect *suspect, const struct brand *brand)
{
        return brand && brand->everywhere && is_country(suspect->suffix) && suspect->plausibility <= 0;
}

static double score(const struct suspect *suspect, const struct protected_entry *entry,
                    enum lookalike_class class)
{
        const struct brand *brand = protected_brand(suspect->context->set, entry);
        bool body = entry->kind == PROTECTED_PUBLIC;
        double sum = body ? tricks[class].body : tricks[class].brand;

        if (class == LOOKALIKE_TLD && is_everywhere(suspect, brand))
                return 0;
        sum += length_weight(entry->core_length, class) + suffix_weight(suspect, entry, class);
        if (class != LOOKALIKE_TLD && class != LOOKALIKE_PUNYCODE)
                sum += reading_weight(suspect, entry);
        if (brand && brand->common)
                sum -= 0.12;
        return sum + suspect->plausibility;
}

static void consider(struct suspect *suspect, const struct protected_entry *entry)
{
        enum lookalike_class class;

        if (suspect_leaves_out(suspect, entry) || !compare(suspect, entry, &class))
                return;
        if (suspect->core.idn)
                class = class == LOOKALIKE_TLD || class == LOOKALIKE_HOMOGLYPH || class == LOOKALIKE_SEPARATOR
                                ? LOOKALIKE_PUNYCODE
                                : LOOKALIKE_HOMOGLYPH;
        suspect_offer(suspect, suspect_found(suspect, entry, class, score(suspect, entry, class)));
}

void suspect_near_names(struct suspect *suspect)
{
        uint32_t numbers[NEAR_MOST];
        size_t count;

        if (suspect->core.key_length < 2)
                return;
        count = protected_near(suspect->context->set, &suspect->core, numbers, NEAR_MOST);
        for (size_t i = 0; i < count; i++)
                if (i == 0 || numbers[i] != numbers[i - 1])
                        consider(suspect, protected_entry(suspect->context->set, numbers[i]));
}
