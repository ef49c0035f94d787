/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/catalogue.h"
#include "obligation/documents/declaration_private.h"
#include "obligation/documents/paper.h"

#define TEXT_LINES   3 /* to write a sentence or two by hand */
#define BOX          "☐" NBSP
#define BOX_TOGETHER 48 /* bytes */

struct blank {
        struct paper *paper;
        const struct form *form;
        const struct catalogue *catalogue;
        enum language language;
};

static const char *say(const struct blank *blank, const char *fr, const char *en)
{
        return language_pick(blank->language, fr, en);
}

/* Answers of the house's own configuration are printed; an incident's facts are what the hand writes. */
static bool is_printed(const struct form_field *field)
{
        return field->state == FACT_STATE_KNOWN && field->value.fr && *field->value.fr &&
               (!strcmp(field->author, "config") || !strcmp(field->key, "incident.id"));
}

/* A box and its answer stay on one line as long as that is shorter than the answer's place. */
static void add_box(struct buffer *boxes, const char *label)
{
        bool together = strlen(label) <= BOX_TOGETHER;

        buffer_text(boxes, BOX);
        for (const char *at = label; *at; at++) {
                if (*at == ' ' && together)
                        buffer_text(boxes, NBSP);
                else
                        buffer_append(boxes, at, 1);
        }
        buffer_text(boxes, "     ");
}

static void add_boxes(const struct fact_kind *kind, enum language language, struct buffer *boxes)
{
        if (kind->type == FACT_TYPE_BOOLEAN)
                buffer_text(boxes, language_pick(language, BOX "oui     " BOX "non     ",
                                                 BOX "yes     " BOX "no     "));
        for (size_t i = 0; i < kind->choice_count; i++)
                add_box(boxes, language_text(language, &kind->choices[i].label));
        buffer_text(boxes, language_pick(language, BOX "je" NBSP "ne" NBSP "sais" NBSP "pas",
                                         BOX "I" NBSP "do" NBSP "not" NBSP "know"));
}

static void add_lines(struct paper *paper, const char *label, unsigned lines)
{
        paper_heading(paper, 3, label);
        paper_lines(paper, lines);
}

void declaration_blank_question(struct paper *paper, const struct fact_kind *kind, const char *label,
                                unsigned lines, enum language language)
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(16384);

        if (kind->type == FACT_TYPE_BOOLEAN || kind->choice_count) {
                add_boxes(kind, language, &text);
                paper_field(paper, label, buffer_string(&text));
        } else if (kind->type == FACT_TYPE_NUMBER) {
                buffer_format(&text, "%s (%s)", label,
                              kind->unit.fr ? language_text(language, &kind->unit)
                                            : language_pick(language, "nombre", "number"));
                paper_blank(paper, buffer_string(&text));
        } else if (kind->type == FACT_TYPE_TIME) {
                buffer_format(&text, "%s %s", label,
                              language_pick(language, "(date et heure)", "(date and time)"));
                paper_blank(paper, buffer_string(&text));
        } else {
                add_lines(paper, label, lines);
        }
}

/* What is no fact is worked out by Garde or by the recipient; measures take sentences, the rest a word. */
static void add_question(const struct blank *blank, const struct form_field *field, const char *label)
{
        const struct fact_kind *kind = catalogue_find(blank->catalogue, field->key);

        if (kind)
                declaration_blank_question(blank->paper, kind, label, TEXT_LINES, blank->language);
        else if (strchr(field->key, '.') && strncmp(field->key, "measures", 8) != 0)
                paper_blank(blank->paper, label);
        else
                add_lines(blank->paper, label, TEXT_LINES);
}

static void add_field(const struct blank *blank, const struct form_field *field)
{
        char label[BITEXT_LENGTH_MAX + 8];

        snprintf(label, sizeof(label), "%s%s", language_text(blank->language, &field->label),
                 field->required ? NBSP "*" : "");
        if (is_printed(field))
                paper_field(blank->paper, label, language_text(blank->language, &field->value));
        else
                add_question(blank, field, label);
}

static void add_sections(const struct blank *blank)
{
        const struct form *form = blank->form;

        for (size_t i = 0; i < form->section_count; i++) {
                char title[BITEXT_LENGTH_MAX + 16];

                snprintf(title, sizeof(title), "%zu. %s", i + 1,
                         language_text(blank->language, &form->sections[i].title));
                paper_heading(blank->paper, 2, title);
                for (size_t k = 0; k < form->sections[i].field_count; k++)
                        add_field(blank, &form->sections[i].fields[k]);
        }
        paper_gap(blank->paper, 6);
        paper_note(blank->paper,
                   say(blank,
                       "* Demandé par le destinataire. « Je ne sais pas » est une réponse admise : la "
                       "déclaration part sans attendre et se complète ensuite.",
                       "* Asked for by the recipient. “I do not know” is an accepted answer: the declaration "
                       "leaves at once and is completed later."));
}

static void add_channels(const struct blank *blank)
{
        const struct form *form = blank->form;

        if (form->channel_count)
                paper_heading(blank->paper, 2, say(blank, "Comment la remettre", "How to hand it in"));
        for (size_t i = 0; i < form->channel_count; i++) {
                CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(16384);

                buffer_text(&text, declaration_channel_name(form->channels[i].kind, blank->language));
                buffer_text(&text, say(blank, " : ", ": "));
                declaration_channel_text(&text, &form->channels[i], NULL, blank->language);
                paper_tick(blank->paper, false, buffer_string(&text));
        }
}

static void add_signature(const struct blank *blank)
{
        paper_heading(blank->paper, 2, say(blank, "Qui, quand", "Who, when"));
        paper_blank(blank->paper, say(blank, "Rempli par (nom, fonction)", "Filled in by (name, position)"));
        paper_blank(blank->paper, say(blank, "Rempli le, à (heure)", "Filled in on, at"));
        paper_blank(blank->paper, say(blank, "Remis le, à (heure), comment", "Handed in on, at, how"));
        paper_blank(blank->paper, say(blank, "Numéro de dossier ou reçu", "File number or receipt"));
        paper_blank(blank->paper, say(blank, "Signature", "Signature"));
}

void declaration_blank_add(struct paper *paper, const char *heading, const struct form *form,
                           const struct catalogue *catalogue, const char *code, enum language language)
{
        const struct blank blank = {paper, form, catalogue, language};
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(16384);

        paper_heading(paper, 1, heading);
        if (form->phase != FILING_PHASE_INITIAL)
                buffer_format(&text, "%s\n", language_text(language, &form->phase_text));
        buffer_format(&text, say(&blank, "À : %s\nBase légale : %s\n", "To: %s\nLegal basis: %s\n"),
                      language_text(language, &form->recipient), form->legal_basis);
        if (form->incident.text[0])
                buffer_format(&text, say(&blank, "Incident %s\nObligation %s", "Incident %s\nDuty %s"),
                              form->incident.text, form->obligation.text);
        else
                buffer_text(&text, say(&blank, "Incident n° (à reporter du tableau de bord) : ……………………",
                                       "Incident no. (as the desk gave it): ……………………"));
        buffer_text(&text, say(&blank, "\nTapé dans Garde le : …………………   par : ………………………………",
                               "\nTyped into Garde on: …………………   by: ………………………………"));
        paper_code(paper, code, say(&blank, "Formulaire à remplir à la main", "Form to be filled in by hand"),
                   buffer_string(&text));
        add_sections(&blank);
        add_channels(&blank);
        add_signature(&blank);
}

static void paper_close(struct paper **paper)
{
        paper_free(*paper);
}

int declaration_blank_pdf(const struct form *form, const struct catalogue *catalogue,
                          const struct declaration_seal *seal, const char *code, enum language language,
                          char **ret_pdf, size_t *ret_length, struct error *error)
{
        CLEANUP(paper_close) struct paper *paper = NULL;
        const char *structure = declaration_known(form, "structure.name", language);
        const struct paper_info info = {
                .language = language,
                .structure = structure ? structure
                                       : language_pick(language, "Structure de santé", "Health structure"),
                .title = language_text(language, &form->title),
                .document_id = form->obligation.text,
                .zone = seal->zone,
                .printed_ms = seal->printed_ms,
                .journal_head = seal->journal_head,
                .journal_size = seal->journal_size,
        };
        int r = paper_new(&info, &paper, error);

        if (r < 0)
                return r;
        declaration_blank_add(paper, info.title, form, catalogue, code, language);
        return paper_render(paper, ret_pdf, ret_length, error);
}
