/* SPDX-License-Identifier: EUPL-1.2 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/declaration_private.h"

#define TEXT_MAX    (8 * 1024 * 1024)
#define ANSWER_LEFT 4
#define WORDS_FROM  1000 /* numbers from here on are also written in words */

struct script {
        struct buffer *out;
        const struct form *form;
        const struct declaration_seal *seal;
        enum language language;
};

static bool starts_character(char c)
{
        return ((unsigned char)c & 0xc0) != 0x80;
}

static size_t characters(const char *text, size_t length)
{
        size_t count = 0;

        for (size_t i = 0; i < length; i++)
                count += starts_character(text[i]);
        return count;
}

/* Bytes of the first `count` characters. */
static size_t bytes_of(const char *text, size_t length, size_t count)
{
        size_t at = 0;

        while (at < length && count > 0) {
                at++;
                while (at < length && !starts_character(text[at]))
                        at++;
                count--;
        }
        return at;
}

static void indent(struct buffer *out, size_t left)
{
        for (size_t i = 0; i < left; i++)
                buffer_text(out, " ");
}

/* One paragraph without newlines: words go on the line while they fit; one too long for any line is cut. */
static void wrap_line(struct buffer *out, const char *text, size_t length, size_t left)
{
        size_t column = 0;

        for (size_t i = 0; i < length;) {
                const char *space = memchr(text + i, ' ', length - i);
                size_t end = space ? (size_t)(space - text) : length;
                size_t wide = characters(text + i, end - i), bytes = end - i;

                if (column > 0 && wide > 0 && column + 1 + wide > DECLARATION_LINE_MAX) {
                        buffer_text(out, "\n");
                        column = 0;
                }
                if (wide > DECLARATION_LINE_MAX - left) {
                        bytes = bytes_of(text + i, bytes, DECLARATION_LINE_MAX - left);
                        wide = DECLARATION_LINE_MAX - left;
                }
                if (wide > 0) {
                        if (column == 0)
                                indent(out, left);
                        else
                                buffer_text(out, " ");
                        column = (column ? column + 1 : left) + wide;
                        buffer_append(out, text + i, bytes);
                }
                i += bytes;
                i += i == end;
        }
        buffer_text(out, "\n");
}

static void say_at(const struct script *script, size_t left, const char *text)
{
        CLEANUP(cleanup_free) char *set = language_typeset(script->language, text);

        for (const char *at = set; at;) {
                size_t length = strcspn(at, "\n");

                wrap_line(script->out, at, length, left);
                at = at[length] ? at + length + 1 : NULL;
        }
}

static const char *pick(const struct script *script, const char *fr, const char *en)
{
        return language_pick(script->language, fr, en);
}

static void blank(const struct script *script)
{
        buffer_text(script->out, "\n");
}

/* "312 400" or "312 400 paquets": the figures at the beginning when they are one number people say as such. */
static bool leading_number(const char *text, uint64_t *ret_number, size_t *ret_length)
{
        uint64_t number = 0;
        size_t at = 0, digits = 0;

        while (digits < 12 && isdigit((unsigned char)text[at])) {
                size_t gap = 0;

                number = number * 10 + (uint64_t)(text[at++] - '0');
                digits++;
                if (text[at] == ' ' || text[at] == ',')
                        gap = 1;
                else if (strncmp(text + at, NBSP, 2) == 0)
                        gap = 2;
                else if (strncmp(text + at, NNBSP, 3) == 0)
                        gap = 3;
                if (gap && isdigit((unsigned char)text[at + gap]) &&
                    isdigit((unsigned char)text[at + gap + 1]) &&
                    isdigit((unsigned char)text[at + gap + 2]) && !isdigit((unsigned char)text[at + gap + 3]))
                        at += gap;
        }
        /* Long ungrouped digits are identifiers (FINESS has nine); digits tied to anything else are no count. */
        if (number < WORDS_FROM || (digits > 7 && at == digits) ||
            (text[at] && text[at] != ' ' && strncmp(text + at, NBSP, 2)))
                return false;
        /* Anything with more figures behind is a date, a telephone number or an address. */
        if (strpbrk(text + at, "0123456789") || (digits == at && text[0] == '0'))
                return false;
        *ret_number = number;
        *ret_length = at;
        return true;
}

static void answer(const struct script *script, const struct form_field *field)
{
        const char *value = language_text(script->language, &field->value);
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(64 * 1024);
        uint64_t number;
        size_t length;

        if (!*value) {
                value = pick(script, "Je ne sais pas (inconnu à ce stade).",
                             "I do not know (unknown so far).");
        } else if (field->state == FACT_STATE_KNOWN && leading_number(value, &number, &length)) {
                buffer_append(&text, value, length);
                buffer_text(&text, " (");
                language_words(&text, script->language, number);
                buffer_format(&text, ")%s", value + length);
                value = buffer_string(&text);
        }
        say_at(script, ANSWER_LEFT, value);
}

static void sections(const struct script *script)
{
        const struct form *form = script->form;

        for (size_t i = 0; i < form->section_count; i++) {
                const struct form_section *section = &form->sections[i];
                char line[BITEXT_LENGTH_MAX + 32];

                blank(script);
                snprintf(line, sizeof(line), "%zu. %s", i + 1,
                         language_text(script->language, &section->title));
                say_at(script, 0, line);
                for (size_t j = 0; j < section->field_count; j++) {
                        snprintf(line, sizeof(line), "%zu.%zu%s%s%s", i + 1, j + 1, pick(script, " ", " "),
                                 section->fields[j].news ? pick(script, "Nouveau : ", "New: ") : "",
                                 language_text(script->language, &section->fields[j].label));
                        say_at(script, 0, line);
                        answer(script, &section->fields[j]);
                }
        }
}

static void full_stop(struct buffer *text)
{
        if (text->length > 0 && !strchr(".!?", text->data[text->length - 1]))
                buffer_text(text, ".");
}

/* The numbers to dial, before anything is said. */
static void dial(const struct script *script)
{
        const struct form *form = script->form;

        for (size_t i = 0; i < form->channel_count; i++) {
                CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(16384);

                if (form->channels[i].kind != FORM_CHANNEL_PHONE)
                        continue;
                buffer_text(&text, pick(script, "Appeler : ", "Call: "));
                declaration_channel_text(&text, &form->channels[i], script->seal->zone, script->language);
                say_at(script, 0, buffer_string(&text));
        }
}

static void caller_fr(struct buffer *text, const char *name, const char *role, const char *structure)
{
        if (!name && !structure) {
                buffer_text(text, "Bonjour. (Dites votre nom, votre fonction et votre établissement.)");
                return;
        }
        if (!name) {
                buffer_format(text, "Bonjour. J’appelle au nom de l’établissement suivant : %s.", structure);
                return;
        }
        buffer_format(text, "Bonjour. Je m’appelle %s%s%s%s%s.", name, role ? ", " : "", role ? role : "",
                      structure ? ", " : "", structure ? structure : "");
}

static void caller_en(struct buffer *text, const char *name, const char *role, const char *structure)
{
        if (!name && !structure) {
                buffer_text(text, "Good day. (Say your name, your position and your hospital.)");
                return;
        }
        if (!name) {
                buffer_format(text, "Good day. I am calling for %s.", structure);
                return;
        }
        buffer_format(text, "Good day. My name is %s%s%s%s%s.", name, role ? ", " : "", role ? role : "",
                      structure ? ", " : "", structure ? structure : "");
}

static void greeting(const struct script *script)
{
        const struct form *form = script->form;
        const char *name = declaration_known(form, "declarant.name", script->language);
        const char *role = declaration_known(form, "declarant.role", script->language);
        const char *structure = declaration_known(form, "structure.name", script->language);
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(32768);

        if (script->language == LANGUAGE_EN)
                caller_en(&text, name, role, structure);
        else
                caller_fr(&text, name, role, structure);
        say_at(script, 0, buffer_string(&text));
}

static void reasons(const struct script *script)
{
        const struct form *form = script->form;
        const char *phone = declaration_known(form, "declarant.phone", script->language);
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(32768);

        buffer_text(&text, pick(script, "J’appelle pour ceci : ", "I am calling for this: "));
        buffer_text(&text, language_text(script->language, &form->title));
        full_stop(&text);
        say_at(script, 0, buffer_string(&text));
        if (form->phase_text.fr)
                say_at(script, 0, language_text(script->language, &form->phase_text));
        say_at(script, 0, language_text(script->language, &form->why));
        say_at(script, 0, language_text(script->language, &form->standing));
        if (phone) {
                buffer_release(&text);
                buffer_format(&text, "%s%s.",
                              pick(script, "Si nous sommes coupés, rappelez le ",
                                   "If we are cut off, please call back on "),
                              phone);
                say_at(script, 0, buffer_string(&text));
        }
        say_at(script, 0,
               pick(script, "Voici les réponses, numérotées. Ce que je ne sais pas, je le dis.",
                    "Here are the answers, numbered. Where I do not know, I say so."));
}

static void reference(const struct script *script, const char *label, const char *text)
{
        char line[512];

        if (!*text)
                return;
        snprintf(line, sizeof(line), "%s%s", label, text);
        say_at(script, 0, line);
}

/* What to write down before hanging up: without it nobody can prove the call. */
static void closing(const struct script *script)
{
        const struct form *form = script->form;

        blank(script);
        say_at(script, 0,
               pick(script, "AVANT DE RACCROCHER, DEMANDER ET NOTER", "BEFORE HANGING UP, ASK AND NOTE"));
        say_at(script, 0,
               pick(script, "Numéro de dossier : ______________________________",
                    "File number:         ______________________________"));
        say_at(script, 0,
               pick(script, "Nom de la personne : _____________________________",
                    "Name of the person:  ______________________________"));
        say_at(script, 0,
               pick(script, "Date et heure : __________________________________",
                    "Date and time:       ______________________________"));
        blank(script);
        reference(script, pick(script, "Base légale : ", "Legal basis: "), form->legal_basis);
        reference(script, pick(script, "Incident, à épeler : ", "Incident, spell it: "), form->incident.text);
        reference(script, pick(script, "Déclaration, à épeler : ", "Declaration, spell it: "),
                  form->obligation.text);
}

static void script_write(const struct script *script)
{
        CLEANUP(buffer_release) struct buffer made = BUFFER_INIT(1024);

        say_at(script, 0, pick(script, "À LIRE AU TÉLÉPHONE", "TO READ OUT ON THE TELEPHONE"));
        dial(script);
        blank(script);
        greeting(script);
        reasons(script);
        sections(script);
        closing(script);
        buffer_text(&made, pick(script, "Texte établi le ", "Text put together on "));
        language_moment(&made, script->language, script->seal->zone, MOMENT_LONG, script->form->made_ms);
        buffer_text(&made, ".");
        say_at(script, 0, buffer_string(&made));
}

int declaration_text(const struct form *form, const struct declaration_seal *seal, enum language language,
                     char **ret_text, size_t *ret_length, struct error *error)
{
        CLEANUP(buffer_release) struct buffer out = BUFFER_INIT(TEXT_MAX);
        struct script script = {&out, form, seal, language};

        script_write(&script);
        if (out.overflow)
                return error_say(error, -E2BIG, "Le texte de la déclaration dépasserait %d octets.",
                                 "The declaration's text would be longer than %d bytes.", TEXT_MAX);
        *ret_length = out.length;
        *ret_text = STEAL_PTR(out.data);
        return 0;
}
