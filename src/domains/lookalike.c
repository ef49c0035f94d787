/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/lookalike_private.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/field.h"

#define LOOKALIKE_WORD(name, word, fr, en) word,
#define LOOKALIKE_FR(name, word, fr, en)   fr,
#define LOOKALIKE_EN(name, word, fr, en)   en,
static const char *const class_words[] = {LOOKALIKE_CLASSES(LOOKALIKE_WORD)};
static const char *const class_fr[] = {LOOKALIKE_CLASSES(LOOKALIKE_FR)};
static const char *const class_en[] = {LOOKALIKE_CLASSES(LOOKALIKE_EN)};

const char *lookalike_class_word(enum lookalike_class class)
{
        return field_word(class_words, LOOKALIKE_CLASS_COUNT, class);
}

double suspect_plausibility_whole(const struct suspect *suspect)
{
        return suspect->plausibility > PLAUSIBILITY_LEAST_WHOLE ? suspect->plausibility
                                                                : PLAUSIBILITY_LEAST_WHOLE;
}

void suspect_offer(struct suspect *suspect, struct lookalike found)
{
        if (found.score > 1)
                found.score = 1;
        if (found.score >= LOOKALIKE_SCORE_MIN && found.score > suspect->best.score)
                suspect->best = found;
}

bool suspect_brand_is_absent(const struct suspect *suspect, uint16_t brand)
{
        for (size_t i = 0; i < suspect->absent_count; i++)
                if (suspect->absent_brands[i] == brand)
                        return true;
        return false;
}

bool suspect_leaves_out(const struct suspect *suspect, const struct protected_entry *entry)
{
        return (suspect->absent_name && !strcmp(entry->name, suspect->absent_name)) ||
               (entry->brand != PROTECTED_NO_BRAND && suspect_brand_is_absent(suspect, entry->brand));
}

struct lookalike suspect_found(const struct suspect *suspect, const struct protected_entry *entry,
                               enum lookalike_class class, double score)
{
        const struct brand *brand = protected_brand(suspect->context->set, entry);

        return (struct lookalike){.class = class,
                                  .score = score,
                                  .imitates = entry->is_word && brand ? brand->domains.items[0] : entry->name,
                                  .brand = brand,
                                  .own = entry->kind == PROTECTED_OWN};
}

/* "xn--" with no letters behind it is shown as it stands, and means nothing to anybody but a parser. */
static void broken_label(struct suspect *suspect)
{
        if (suspect->core.broken)
                suspect_offer(suspect, (struct lookalike){.class = LOOKALIKE_PUNYCODE, .score = 0.45});
}

/* Whoever holds the name, or one above it: a ministry's agency has both. */
static void leave_owners_out(struct suspect *suspect)
{
        suspect->absent_name = suspect->registered;
        for (const char *text = suspect->name->text; text; text = name_parent(text)) {
                const struct protected_entry *owner = protected_covers(suspect->context->set, text);

                if (owner && owner->brand != PROTECTED_NO_BRAND && suspect->absent_count < ABSENT_MOST &&
                    !suspect_brand_is_absent(suspect, owner->brand))
                        suspect->absent_brands[suspect->absent_count++] = owner->brand;
        }
}

static bool begin(struct suspect *suspect, const struct lookalike_context *context, const struct name *name)
{
        const struct protected_entry *owner = protected_covers(context->set, name->text);

        *suspect = (struct suspect){.context = context, .name = name};
        suspect->registered = suffix_registered(context->suffixes, name->text);
        if (!suspect->registered || (owner && !context->absent))
                return false;
        if (context->absent)
                leave_owners_out(suspect);
        suspect->suffix = suffix_of(context->suffixes, name->text);
        suspect->core_length = (size_t)(suspect->suffix - suspect->registered) - 1;
        suspect->plausibility = plausibility_of(context->plausibility, suspect->suffix);
        fold_label(context->fold, suspect->registered, suspect->core_length, &suspect->core);
        return true;
}

bool lookalike_find(const struct lookalike_context *context, const struct name *name,
                    struct lookalike *ret_lookalike)
{
        struct suspect suspect;

        if (!begin(&suspect, context, name))
                return false;
        broken_label(&suspect);
        suspect_near_names(&suspect);
        suspect_words(&suspect);
        suspect_labels(&suspect);
        if (suspect.best.score < LOOKALIKE_SCORE_MIN)
                return false;
        *ret_lookalike = suspect.best;
        return true;
}

/* ---- for people ---- */

static void say_one(const struct lookalike *lookalike, const char *shown, enum language language, char *text)
{
        bool fr = language == LANGUAGE_FR;
        const char *how = (fr ? class_fr : class_en)[lookalike->class];
        const char *verb = fr ? "imite" : "imitates", *open = fr ? "«" NBSP : "\"",
                   *shut = fr ? NBSP "»" : "\"";
        const char *colon = fr ? NBSP ":" : ":";
        char who[256] = "", theme[160] = "";

        if (lookalike->brand)
                snprintf(who, sizeof(who), "%s (%s)",
                         fr ? lookalike->brand->name.fr : lookalike->brand->name.en, lookalike->imitates);
        else if (lookalike->imitates)
                snprintf(who, sizeof(who), "%s", lookalike->imitates);
        if (lookalike->theme)
                snprintf(theme, sizeof(theme), " (%s)",
                         fr ? lookalike->theme->name.fr : lookalike->theme->name.en);
        if (*who)
                snprintf(text, LOOKALIKE_SENTENCE_SIZE, "%s%s%s %s %s%s %s%s", open, shown, shut, verb, who,
                         colon, how, theme);
        else
                snprintf(text, LOOKALIKE_SENTENCE_SIZE, "%s%s%s%s %s%s", open, shown, shut, colon, how,
                         theme);
}

void lookalike_say(const struct lookalike *lookalike, const struct name *name,
                   char ret_fr[static LOOKALIKE_SENTENCE_SIZE], char ret_en[static LOOKALIKE_SENTENCE_SIZE])
{
        /* As it stands in the query: showing the letters of a deceit would deceive. */
        say_one(lookalike, name->text, LANGUAGE_FR, ret_fr);
        say_one(lookalike, name->text, LANGUAGE_EN, ret_en);
}
