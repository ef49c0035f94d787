/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "obligation/documents/language.h"
#include "obligation/letters/letter.h"

static bool is_met(const struct letter_part *part, template_value value, void *context)
{
        for (size_t i = 0; i < part->need_count; i++)
                if (!template_is_person_field(part->needs[i]) && !value(context, part->needs[i]))
                        return false;
        return true;
}

static bool is_ruled_out(const struct letter_part *part, template_value value, void *context)
{
        for (size_t i = 0; i < part->unless_count; i++)
                if (value(context, part->unless[i]))
                        return true;
        return false;
}

const struct bitext *letter_part_text(const struct letter_part *part, template_value value, void *context)
{
        if (is_ruled_out(part, value, context))
                return NULL;
        if (is_met(part, value, context))
                return &part->text;
        return part->otherwise.fr ? &part->otherwise : NULL;
}

/* ---- the recipient ---- */

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (!strcasecmp(text, words[i]))
                        return true;
        return false;
}

const char *letter_greeting(enum language language, const char *civility)
{
        static const char *const madam[] = {"madame", "mme", "mrs", "ms", "mademoiselle", "mlle", "f"};
        static const char *const sir[] = {"monsieur", "m.", "m", "mr", "mr."};

        if (is_one_of(civility, madam, ARRAY_LEN(madam)))
                return language_pick(language, "Madame,", "Dear Madam,");
        if (is_one_of(civility, sir, ARRAY_LEN(sir)))
                return language_pick(language, "Monsieur,", "Dear Sir,");
        return language_pick(language, "Madame, Monsieur,", "Dear Sir or Madam,");
}

/* ---- what is missing ---- */

struct holes {
        template_value value;
        void *context;
        struct letter_hole *list;
        size_t count;
};

static void add_hole(struct holes *holes, const char *field, bool blank)
{
        struct letter_hole *one = NULL;

        if (template_is_person_field(field) || holes->value(holes->context, field))
                return;
        for (size_t i = 0; i < holes->count; i++)
                if (!strcmp(holes->list[i].field, field))
                        one = &holes->list[i];
        if (!one && holes->count < LETTER_HOLES_MAX) {
                one = &holes->list[holes->count++];
                *one = (struct letter_hole){0};
                snprintf(one->field, sizeof(one->field), "%s", field);
        }
        if (one)
                one->blank |= blank;
}

static void add_blanks(struct holes *holes, const struct bitext *text)
{
        char field[TEMPLATE_FIELD_SIZE];
        const char *at = text->fr;

        while (at && template_next_field(&at, field))
                add_hole(holes, field, true);
}

static void add_part(struct holes *holes, const struct letter_part *part)
{
        const struct bitext *text = letter_part_text(part, holes->value, holes->context);

        if (!text)
                return;
        for (size_t i = 0; text == &part->otherwise && i < part->need_count; i++)
                add_hole(holes, part->needs[i], false);
        for (size_t i = 0; i < part->unless_count; i++)
                add_hole(holes, part->unless[i], false);
        add_blanks(holes, text);
}

size_t letter_holes(const struct letter_template *template, template_value value, void *context,
                    struct letter_hole ret_holes[static LETTER_HOLES_MAX])
{
        struct holes holes = {value, context, ret_holes, 0};

        for (size_t i = 0; i < template->part_count; i++)
                add_part(&holes, &template->parts[i]);
        add_blanks(&holes, &template->subject);
        add_blanks(&holes, &template->closing);
        return holes.count;
}

/* ---- words ---- */

/* Whether a field of the recipient is left in it. */
static bool is_personal(const char *text)
{
        static const char *const fields[] = {"{name}", "{civility}", "{reference}", "{greeting}"};

        for (size_t i = 0; i < ARRAY_LEN(fields); i++)
                if (strstr(text, fields[i]))
                        return true;
        return false;
}

/* What a person typed may hold "{name}" itself: only the template's own braces are fields, so those of values are changed. */
struct guarded {
        template_value value;
        void *context;
        char *last;
};

static const char *guarded_value(void *context, const char *field)
{
        struct guarded *guarded = context;
        const char *text = guarded->value(guarded->context, field);

        if (!text || !strchr(text, '{'))
                return text;
        free(guarded->last);
        guarded->last = strdup(text);
        for (char *at = guarded->last; at && *at; at++)
                if (*at == '{')
                        *at = '(';
                else if (*at == '}')
                        *at = ')';
        return guarded->last;
}

int letter_words_make(const struct letter_template *template, enum language language, template_value value,
                      void *context, struct letter_words *ret_words, struct error *error)
{
        struct letter_words words = {.language = language,
                                     .texts = calloc(template->part_count + 1, sizeof(*words.texts))};
        struct guarded guarded = {value, context, NULL};
        bool failed = !words.texts;

        for (size_t i = 0; !failed && i < template->part_count; i++) {
                const struct letter_part *part = &template->parts[i];
                const struct bitext *text = letter_part_text(part, value, context);
                struct letter_text *one = &words.texts[words.count];

                if (!text)
                        continue;
                one->kind = part->kind;
                one->text = template_fill(language_text(language, text), guarded_value, &guarded, true);
                failed = !one->text;
                one->personal = one->text && is_personal(one->text);
                words.count++;
        }
        if (!failed) {
                words.subject = template_fill(language_text(language, &template->subject), guarded_value,
                                              &guarded, false);
                if (template->closing.fr)
                        words.closing = template_fill(language_text(language, &template->closing),
                                                      guarded_value, &guarded, false);
                failed = !words.subject || (template->closing.fr && !words.closing);
        }
        free(guarded.last);
        if (failed) {
                letter_words_release(&words);
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        *ret_words = words;
        return 0;
}

void letter_words_release(struct letter_words *words)
{
        for (size_t i = 0; i < words->count; i++)
                free(words->texts[i].text);
        free(words->texts);
        free(words->subject);
        free(words->closing);
        *words = (struct letter_words){0};
}
