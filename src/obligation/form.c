/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/form.h"

#include <stdlib.h>
#include <string.h>

static void form_section_release(struct form_section *section)
{
        for (size_t i = 0; i < section->field_count; i++) {
                bitext_release(&section->fields[i].label);
                bitext_release(&section->fields[i].value);
        }
        free(section->fields);
        bitext_release(&section->title);
}

void form_release(struct form *form)
{
        for (size_t i = 0; i < form->section_count; i++)
                form_section_release(&form->sections[i]);
        for (size_t i = 0; i < form->channel_count; i++)
                bitext_release(&form->channels[i].note);
        free(form->sections);
        free(form->channels);
        bitext_release(&form->title);
        bitext_release(&form->recipient);
        bitext_release(&form->phase_text);
        bitext_release(&form->standing);
        bitext_release(&form->why);
        memset(form, 0, sizeof(*form));
}

#define FORM_CHANNEL_WORD(name, word) word,
static const char *const channel_words[] = {FORM_CHANNEL_KINDS(FORM_CHANNEL_WORD)};

const char *form_channel_word(enum form_channel_kind kind)
{
        return (unsigned)kind < FORM_CHANNEL_COUNT ? channel_words[kind] : "?";
}
