/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
