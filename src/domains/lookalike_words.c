/* SPDX-License-Identifier: EUPL-1.2 */
/* Names that hold somebody's among other words, in what was registered. */
#include "domains/lookalike_private.h"

#include <string.h>

#include "base/cleanup.h"

#define BODY_LENGTH_MIN  5   /* a public body's name among other words, in letters */
#define GLUED_LENGTH_MIN 6   /* the same, with a word of up to three letters glued to it */
#define WORD_WEIGHT_MIN  0.4 /* of a theme whose word is taken off: "mairie-" is part of the name */
#define PART_SHARED      3   /* bodies */
#define BODIES_MOST      16  /* with the same key, looked at */
#define SHORT_WORD       4   /* "caf", "ups", "aphp": only where they stand alone */
#define BAIT_WEIGHT_MIN  0.8
#define STRONG_THEME     0.6

static double theme_weight(const struct theme *theme, const struct brand *brand)
{
        bool goes = !theme->with || !brand || (theme->with & (UINT32_C(1) << brand->kind));

        return goes ? theme->weight : theme->weight * 0.8;
}

/* The strongest theme among the words but the one that stands for the brand itself. */
static const struct theme *strongest(const struct suspect *suspect, const struct reading *reading,
                                     const struct reading_word *but, const struct brand *brand)
{
        const struct theme *best = NULL;

        for (size_t i = 0; i < reading->count; i++) {
                const struct reading_word *word = &reading->words[i];
                const struct theme *theme;

                if (word == but || word->theme == LEXICON_NO_THEME ||
                    (word->length <= 3 && !(word->left && word->right)))
                        continue;
                theme = protected_theme_at(suspect->context->set, word->theme);
                if (!best || theme_weight(theme, brand) > theme_weight(best, brand))
                        best = theme;
        }
        return best;
}

/* How much of a claim the word makes on the whole label. */
static double word_score(const struct reading *reading, const struct reading_word *word,
                         const struct brand *brand, double theme)
{
        bool alone = word->left && word->right, is_short = word->length <= SHORT_WORD;
        double sum;

        if (is_short && (!alone || theme < STRONG_THEME))
                return alone && theme > 0 && !reading->unread ? 0.5 : 0;
        if (alone && !reading->unread)
                sum = 0.60 + 0.30 * theme;
        else if (alone)
                sum = 0.44 + 0.30 * theme;
        else if ((word->left || word->right) && word->length >= 6)
                sum = 0.42 + 0.22 * theme;
        else
                sum = word->length >= 8 ? 0.40 + 0.15 * theme : 0;
        if (is_short)
                sum -= 0.08;
        if (brand && brand->common)
                sum -= 0.22;
        return sum;
}

static bool owner_is_absent(const struct suspect *suspect, const struct reading_word *word)
{
        if (word->kind == LEXICON_BRAND)
                return suspect_brand_is_absent(suspect, word->index);
        return suspect->absent_name &&
               !strcmp(suspect->absent_name, protected_own_at(suspect->context->set, word->index));
}

static void consider_word(struct suspect *suspect, const struct reading *reading,
                          const struct reading_word *word)
{
        const struct protected *set = suspect->context->set;
        const struct brand *brand = word->kind == LEXICON_BRAND ? protected_brand_at(set, word->index) : NULL;
        const struct theme *theme = strongest(suspect, reading, word, brand);
        struct lookalike found = {.class = LOOKALIKE_COMBOSQUAT, .brand = brand, .theme = theme};

        /* The whole label is one of near names. */
        if (owner_is_absent(suspect, word) ||
            (reading->count == 1 && !reading->unread && word->length == suspect->core.ascii_length))
                return;
        found.score = word_score(reading, word, brand, theme ? theme_weight(theme, brand) : 0);
        if (found.score <= 0)
                return;
        found.score += suspect_plausibility_whole(suspect);
        found.own = !brand;
        found.imitates = brand ? brand->domains.items[0] : protected_own_at(set, word->index);
        suspect_offer(suspect, found);
}

/* ---- public bodies: too many to be words, so what is left when a theme's word is taken off is looked up ---- */

static void offer_rest(struct suspect *suspect, const struct protected_entry *entry,
                       const struct theme *theme, double brand, double body)
{
        struct lookalike found =
                suspect_found(suspect, entry, LOOKALIKE_COMBOSQUAT,
                              (entry->kind == PROTECTED_PUBLIC ? body : brand) + 0.24 * theme->weight +
                                      suspect_plausibility_whole(suspect));

        found.theme = theme;
        suspect_offer(suspect, found);
}

/* A theme's word in the place of one part: "login-valmont" for "chu-valmont". A part that many share is nobody's. */
static void consider_part(struct suspect *suspect, const struct folded *rest, const struct theme *theme)
{
        uint32_t numbers[PART_SHARED + 1];
        size_t count =
                protected_part(suspect->context->set, rest->key, rest->key_length, numbers, PART_SHARED + 1);

        for (size_t i = 0; i < count && count <= PART_SHARED; i++) {
                const struct protected_entry *entry = protected_entry(suspect->context->set, numbers[i]);
                const char *name = entry->name;
                size_t length = rest->ascii_length, core = entry->core_length;

                if (length < core && !suspect_leaves_out(suspect, entry) &&
                    ((name[core - length - 1] == '-' && !memcmp(name + core - length, rest->ascii, length)) ||
                     (name[length] == '-' && !memcmp(name, rest->ascii, length))))
                        offer_rest(suspect, entry, theme, 0.48, 0.40);
        }
}

static void consider_whole(struct suspect *suspect, const struct folded *rest, const struct theme *theme)
{
        uint32_t numbers[BODIES_MOST];
        size_t count =
                protected_same(suspect->context->set, rest->key, rest->key_length, numbers, BODIES_MOST);

        for (size_t i = 0; i < count; i++) {
                const struct protected_entry *entry = protected_entry(suspect->context->set, numbers[i]);

                if (entry->core_length == rest->ascii_length && !entry->is_word &&
                    !memcmp(entry->name, rest->ascii, rest->ascii_length) &&
                    !suspect_leaves_out(suspect, entry))
                        offer_rest(suspect, entry, theme, 0.56, 0.42);
        }
}

/* `word`: the letters taken off. A short one glued on ("mavalmont") means little before a short rest. */
static void consider_rest(struct suspect *suspect, const char *rest, size_t length, size_t word,
                          const struct theme *theme)
{
        bool hyphen = *rest == '-' || (length && rest[length - 1] == '-');
        struct folded folded;

        while (length && *rest == '-')
                rest++, length--;
        while (length && rest[length - 1] == '-')
                length--;
        if (theme->weight < WORD_WEIGHT_MIN ||
            length < (word > 3 || hyphen ? BODY_LENGTH_MIN : GLUED_LENGTH_MIN))
                return;
        fold_label(suspect->context->fold, rest, length, &folded);
        consider_whole(suspect, &folded, theme);
        if (hyphen)
                consider_part(suspect, &folded, theme);
}

static void take_off_head(struct suspect *suspect)
{
        const struct folded *core = &suspect->core;
        struct reading_word words[8];
        uint8_t lengths[8];
        size_t count = lexicon_heads(protected_lexicon(suspect->context->set), core->ascii,
                                     core->ascii_length, lengths, words);

        for (size_t i = 0; i < count; i++)
                if (words[i].theme != LEXICON_NO_THEME)
                        consider_rest(suspect, core->ascii + lengths[i], core->ascii_length - lengths[i],
                                      lengths[i], protected_theme_at(suspect->context->set, words[i].theme));
}

#define TAIL_MAX 20 /* letters of a theme's word at the end */

static void take_off_tail(struct suspect *suspect)
{
        const struct folded *core = &suspect->core;
        struct reading_word words[8];
        uint8_t lengths[8];

        for (size_t left = 2; left <= TAIL_MAX && left + BODY_LENGTH_MIN <= core->ascii_length; left++) {
                const char *tail = core->ascii + core->ascii_length - left;
                size_t count =
                        lexicon_heads(protected_lexicon(suspect->context->set), tail, left, lengths, words);

                for (size_t i = 0; i < count; i++)
                        if (lengths[i] == left && words[i].theme != LEXICON_NO_THEME)
                                consider_rest(suspect, core->ascii, core->ascii_length - left, left,
                                              protected_theme_at(suspect->context->set, words[i].theme));
        }
}

/* ---- */

/* Nothing but bait ("secure-login", "hopital-verification"): two themes, one of them strong, and no letter besides. */
static void consider_bait(struct suspect *suspect, const struct reading *reading)
{
        const struct theme *theme = strongest(suspect, reading, NULL, NULL);
        bool two = false;

        for (size_t i = 0; i < reading->count; i++)
                two |= reading->words[i].theme != LEXICON_NO_THEME &&
                       protected_theme_at(suspect->context->set, reading->words[i].theme) != theme;
        if (theme && two && !reading->unread && theme->weight >= BAIT_WEIGHT_MIN)
                suspect_offer(suspect, (struct lookalike){.class = LOOKALIKE_THEME,
                                                          .score = 0.44 + suspect->plausibility,
                                                          .theme = theme});
}

static void consider_themes(struct suspect *suspect, const struct reading *reading)
{
        for (size_t i = 0; i < reading->count; i++) {
                const struct reading_word *word = &reading->words[i];
                const struct theme *theme = word->theme == LEXICON_NO_THEME
                                                    ? NULL
                                                    : protected_theme_at(suspect->context->set, word->theme);

                if (theme && theme->alone && (word->length >= 5 || (word->left && word->right)))
                        suspect_offer(suspect, (struct lookalike){.class = LOOKALIKE_THEME,
                                                                  .score = 0.45 + 0.10 * theme->weight +
                                                                           suspect->plausibility / 2,
                                                                  .theme = theme});
        }
}

void suspect_words(struct suspect *suspect)
{
        struct reading reading;

        lexicon_read(protected_lexicon(suspect->context->set), suspect->core.ascii,
                     suspect->core.ascii_length, &reading);
        for (size_t i = 0; i < reading.count; i++)
                if (reading.words[i].kind == LEXICON_OWN || reading.words[i].kind == LEXICON_BRAND)
                        consider_word(suspect, &reading, &reading.words[i]);
        consider_themes(suspect, &reading);
        consider_bait(suspect, &reading);
        take_off_head(suspect);
        take_off_tail(suspect);
}
