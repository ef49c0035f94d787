/* SPDX-License-Identifier: EUPL-1.2 */
/* Names that are nearly somebody's: looked up by key, then compared as they are written. */
#include "domains/lookalike_private.h"

#include <string.h>

#include "base/cleanup.h"
#include "domains/edit.h"

#define COMMON          0.09
#define WEAK            0.12
#define NEAR_SCORE_MOST 0.94
#define TWO_TRICKS_MIN  7   /* letters: a look-alike and a slip beside it */
#define NEAR_MOST       256 /* looked at; own names and brands stand first */

/* What a trick weighs against an own name or a brand, and against a public body: whoever imitates a village of 200 had a
 * better choice, and villages are near each other by nature. */
static const struct trick {
        float brand, body;
} tricks[LOOKALIKE_CLASS_COUNT] = {
        [LOOKALIKE_HOMOGLYPH] = {0.90f, 0.64f},     [LOOKALIKE_PUNYCODE] = {0.97f, 0.82f},
        [LOOKALIKE_KEYBOARD] = {0.84f, 0.58f},      [LOOKALIKE_BITFLIP] = {0.84f, 0.58f},
        [LOOKALIKE_VOWEL] = {0.82f, 0.56f},         [LOOKALIKE_REPLACEMENT] = {0.80f, 0.54f},
        [LOOKALIKE_OMISSION] = {0.84f, 0.58f},      [LOOKALIKE_REPETITION] = {0.86f, 0.60f},
        [LOOKALIKE_PLURAL] = {0.80f, 0.54f},        [LOOKALIKE_INSERTION] = {0.82f, 0.56f},
        [LOOKALIKE_TRANSPOSITION] = {0.86f, 0.60f}, [LOOKALIKE_SEPARATOR] = {0.88f, 0.62f},
        [LOOKALIKE_TLD] = {0.84f, 0.52f},
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

struct nearness {
        enum lookalike_class class;
        bool weak; /* letters that resemble rather than deceive, or more than one trick */
};

/* By which trick the suspect's core was made of the entry's; false when they are too far apart. */
static bool compare(const struct suspect *suspect, const struct protected_entry *entry,
                    struct nearness *ret_nearness)
{
        const struct folded *core = &suspect->core;
        char mine[FOLD_SIZE], theirs[FOLD_SIZE], key[FOLD_SIZE];
        size_t my_length = plain(core->ascii, core->ascii_length, mine);
        size_t their_length = plain(entry->name, entry->core_length, theirs);
        enum edit_kind edit = edit_between(theirs, their_length, mine, my_length);
        bool strong = false, same = core->ascii_length == entry->core_length &&
                                    !memcmp(core->ascii, entry->name, core->ascii_length);

        *ret_nearness = (struct nearness){.class = LOOKALIKE_HOMOGLYPH};
        if (edit == EDIT_NONE)
                ret_nearness->class = same ? LOOKALIKE_TLD : LOOKALIKE_SEPARATOR;
        if (edit == EDIT_NONE || edit_swaps(theirs, their_length, mine, my_length, &strong) > 0) {
                ret_nearness->weak = edit != EDIT_NONE && !strong;
                if (ret_nearness->weak && edit != EDIT_FAR && edit != EDIT_HOMOGLYPH)
                        *ret_nearness = (struct nearness){.class = class_of[edit]};
                return true;
        }
        if (edit != EDIT_FAR) {
                ret_nearness->class = class_of[edit];
                return true;
        }
        ret_nearness->weak = true;
        for (size_t i = 0; i < their_length; i++)
                key[i] = fold_letter(theirs[i]);
        return their_length >= TWO_TRICKS_MIN &&
               edit_between(key, their_length, core->key, core->key_length) != EDIT_FAR;
}

/* Short names meet by chance: three letters and one edit are everybody's neighbours. */
static double length_weight(size_t length, enum lookalike_class class)
{
        if (class == LOOKALIKE_PUNYCODE) /* nobody meets by chance in another alphabet */
                return length <= 3 ? -0.25 : length == 4 ? -0.10 : 0;
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

        if (same || class == LOOKALIKE_TLD || class == LOOKALIKE_PUNYCODE)
                return 0;
        return entry->kind == PROTECTED_PUBLIC || entry->is_common ? -0.12 : -0.06;
}

/* The brand holds its name under the suffixes of countries; where nothing is checked it may be anybody. */
static bool is_everywhere(const struct suspect *suspect, const struct brand *brand)
{
        return brand && brand->everywhere && is_country(suspect->suffix) && suspect->plausibility <= 0;
}

static double score(const struct suspect *suspect, const struct protected_entry *entry,
                    const struct nearness *nearness)
{
        const struct brand *brand = protected_brand(suspect->context->set, entry);
        enum lookalike_class class = nearness->class;
        double sum = entry->kind == PROTECTED_PUBLIC ? tricks[class].body : tricks[class].brand;

        if (class == LOOKALIKE_TLD && is_everywhere(suspect, brand))
                return 0;
        sum += length_weight(entry->core_length, class) + suffix_weight(suspect, entry, class);
        if (class != LOOKALIKE_TLD && class != LOOKALIKE_PUNYCODE)
                sum += reading_weight(suspect, entry);
        if (nearness->weak)
                sum -= WEAK;
        if (entry->is_common)
                sum -= COMMON;
        sum += entry->kind == PROTECTED_PUBLIC ? suspect->plausibility : suspect_plausibility_whole(suspect);
        /* Nearness alone blocks nothing: the next name may have a right of its own. */
        return class == LOOKALIKE_PUNYCODE || sum < NEAR_SCORE_MOST ? sum : NEAR_SCORE_MOST;
}

/* Accents of French make honest names, too. */
static void judge_letters(const struct folded *core, struct nearness *nearness)
{
        if (!core->idn)
                return;
        nearness->class = nearness->class == LOOKALIKE_TLD || nearness->class == LOOKALIKE_SEPARATOR ||
                                          (nearness->class == LOOKALIKE_HOMOGLYPH && !nearness->weak)
                                  ? LOOKALIKE_PUNYCODE
                                  : LOOKALIKE_HOMOGLYPH;
        nearness->weak = core->accented;
}

static void consider(struct suspect *suspect, const struct protected_entry *entry)
{
        struct nearness nearness;

        if (suspect_leaves_out(suspect, entry) || !compare(suspect, entry, &nearness))
                return;
        judge_letters(&suspect->core, &nearness);
        suspect_offer(suspect,
                      suspect_found(suspect, entry, nearness.class, score(suspect, entry, &nearness)));
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
