/* SPDX-License-Identifier: EUPL-1.2 */
/* Names that put somebody's name in front of their own: "ameli.fr.example.com", "a.meli.fr". */
#include "domains/lookalike_private.h"

#include <string.h>

#include "base/cleanup.h"

#define LABELS_MOST 12 /* in front of what was registered; the first ones are what is seen on a telephone */

struct label {
        const char *text;
        size_t length;
};

static size_t split(const struct suspect *suspect, struct label *ret_labels)
{
        const char *at = suspect->name->text;
        size_t count = 0;

        while (at < suspect->registered && count < LABELS_MOST) {
                size_t length = strcspn(at, ".");

                ret_labels[count++] = (struct label){at, length};
                at += length + 1;
        }
        return count;
}

static double weight(const struct protected_entry *entry, double brand, double body)
{
        return entry->kind == PROTECTED_PUBLIC ? body : brand;
}

/* The whole name, dots and all. */
static void whole_names(struct suspect *suspect, const struct label *labels, size_t count)
{
        for (size_t first = 0; first < count; first++)
                for (size_t last = first + 1; last < count; last++) {
                        const char *end = labels[last].text + labels[last].length;
                        const struct protected_entry *entry =
                                protected_exact(suspect->context->set, labels[first].text,
                                                (size_t)(end - labels[first].text));

                        if (entry && !suspect_leaves_out(suspect, entry))
                                suspect_offer(suspect, suspect_found(suspect, entry, LOOKALIKE_SUBDOMAIN,
                                                                     weight(entry, 0.96, 0.76) +
                                                                             suspect->plausibility));
                }
}

/* "www-ameli-fr": hyphens where the dots were. */
static void hyphened_name(struct suspect *suspect, const struct label *label)
{
        char dotted[64];
        const struct protected_entry *entry;

        if (label->length >= sizeof(dotted) || !memchr(label->text, '-', label->length))
                return;
        memcpy(dotted, label->text, label->length);
        dotted[label->length] = '\0';
        for (char *at = dotted; *at; at++)
                if (*at == '-')
                        *at = '.';
        entry = protected_covers(suspect->context->set, dotted);
        if (entry && strchr(entry->name, '.') && !suspect_leaves_out(suspect, entry))
                suspect_offer(suspect, suspect_found(suspect, entry, LOOKALIKE_SUBDOMAIN,
                                                     weight(entry, 0.82, 0.62) + suspect->plausibility));
}

/* The strongest theme of all labels in front: "ameli.remboursement.example.com". */
static const struct theme *theme_of(const struct suspect *suspect, const struct label *labels, size_t count)
{
        const struct theme *best = NULL;

        for (size_t i = 0; i < count; i++) {
                struct reading reading;

                lexicon_read(protected_lexicon(suspect->context->set), labels[i].text, labels[i].length,
                             &reading);
                for (size_t k = 0; k < reading.count; k++) {
                        const struct theme *theme;

                        if (reading.words[k].theme == LEXICON_NO_THEME || reading.words[k].length < 4)
                                continue;
                        theme = protected_theme_at(suspect->context->set, reading.words[k].theme);
                        if (!best || theme->weight > best->weight)
                                best = theme;
                }
        }
        return best;
}

/* A brand's word as a label, alone or among others. Services give their customers such labels, so it takes a theme to mean more. */
static void brand_words(struct suspect *suspect, const struct label *label, const struct theme *theme)
{
        struct reading reading;

        lexicon_read(protected_lexicon(suspect->context->set), label->text, label->length, &reading);
        for (size_t i = 0; i < reading.count; i++) {
                const struct reading_word *word = &reading.words[i];
                const struct brand *brand;
                double sum = 0.46;

                if (word->kind != LEXICON_BRAND || !word->left || !word->right || word->length < 4 ||
                    suspect_brand_is_absent(suspect, word->index))
                        continue;
                brand = protected_brand_at(suspect->context->set, word->index);
                sum += theme ? 0.30 * theme->weight : 0;
                sum -= brand->common || reading.unread ? 0.15 : 0;
                suspect_offer(suspect, (struct lookalike){.class = LOOKALIKE_SUBDOMAIN,
                                                          .score = sum + suspect->plausibility,
                                                          .imitates = brand->domains.items[0],
                                                          .brand = brand,
                                                          .theme = theme});
        }
}

/* A dot within the name: "a.meli.fr" reads as one word at a glance. */
static void joined(struct suspect *suspect, const struct label *last)
{
        char text[NAME_LENGTH_MAX + 1];
        const struct protected_entry *entry;
        size_t rest = strlen(suspect->registered);

        memcpy(text, last->text, last->length);
        memcpy(text + last->length, suspect->registered, rest);
        entry = protected_exact(suspect->context->set, text, last->length + rest);
        if (entry && !entry->is_host && !suspect_leaves_out(suspect, entry))
                suspect_offer(suspect, suspect_found(suspect, entry, LOOKALIKE_SEPARATOR,
                                                     weight(entry, 0.80, 0.58) + suspect->plausibility));
}

/* Themes in front of somebody else's name: "covid19.example.com". */
static void themes(struct suspect *suspect, const struct theme *theme)
{
        if (theme && theme->alone)
                suspect_offer(suspect, (struct lookalike){.class = LOOKALIKE_THEME,
                                                          .score = 0.44 + 0.06 * theme->weight +
                                                                   suspect->plausibility / 2,
                                                          .theme = theme});
}

void suspect_labels(struct suspect *suspect)
{
        struct label labels[LABELS_MOST];
        size_t count = suspect->registered == suspect->name->text ? 0 : split(suspect, labels);
        const struct theme *theme;

        if (!count)
                return;
        theme = theme_of(suspect, labels, count);
        whole_names(suspect, labels, count);
        for (size_t i = 0; i < count; i++) {
                hyphened_name(suspect, &labels[i]);
                brand_words(suspect, &labels[i], theme);
        }
        if (count < LABELS_MOST)
                joined(suspect, &labels[count - 1]);
        themes(suspect, theme);
}
