/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/declaration_private.h"
#include "obligation/documents/paper.h"

struct sheet {
        struct paper *paper;
        const struct form *form;
        const struct declaration_seal *seal;
        enum language language;
};

static void paper_close(struct paper **paper)
{
        paper_free(*paper);
}

static const char *say(const struct sheet *sheet, const char *fr, const char *en)
{
        return language_pick(sheet->language, fr, en);
}

static const char *notice_title(const struct sheet *sheet)
{
        switch (sheet->form->state) {
        case OBLIGATION_STATE_POSSIBLE:
                return say(sheet, "Projet : l’obligation n’est pas encore établie",
                           "Draft: the duty is not established yet");
        case OBLIGATION_STATE_FILED:
                return sheet->form->pending ? say(sheet, "À remettre", "To be handed in")
                                            : say(sheet, "Déjà remise", "Already handed in");
        case OBLIGATION_STATE_WAIVED:
                return say(sheet, "Non remise, pour le motif inscrit au journal",
                           "Not handed in, for the reason in the journal");
        case OBLIGATION_STATE_VOID:
                return say(sheet, "Sans objet", "Void");
        default:
                break;
        }
        if (sheet->form->voluntary)
                return say(sheet, "Déclaration volontaire", "Voluntary declaration");
        return sheet->form->without_delay ? say(sheet, "À faire sans délai", "To be done without delay")
                                          : say(sheet, "À faire", "To be done");
}

static void opening(const struct sheet *sheet)
{
        const struct form *form = sheet->form;
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(8192);
        const char *standing = language_text(sheet->language, &form->standing);
        const char *title = notice_title(sheet), *notice;

        paper_heading(sheet->paper, 1, language_text(sheet->language, &form->title));
        if (form->phase_text.fr)
                paper_field(sheet->paper, say(sheet, "Phase", "Phase"),
                            language_text(sheet->language, &form->phase_text));
        paper_field(sheet->paper, say(sheet, "Destinataire", "Recipient"),
                    language_text(sheet->language, &form->recipient));
        paper_field(sheet->paper, say(sheet, "Motif", "Why"), language_text(sheet->language, &form->why));
        paper_field(sheet->paper, say(sheet, "Base légale", "Legal basis"), form->legal_basis);
        paper_field(sheet->paper, say(sheet, "Référence de l’incident", "Incident"), form->incident.text);
        language_moment(&text, sheet->language, sheet->seal->zone, MOMENT_LONG, form->made_ms);
        paper_field(sheet->paper, say(sheet, "Établie le", "Put together on"), buffer_string(&text));
        buffer_release(&text);
        declaration_counts(&text, form, sheet->language);
        paper_field(sheet->paper, say(sheet, "État des réponses", "State of the answers"),
                    buffer_string(&text));
        /* The sentence often begins with what the title would say. */
        notice = strncmp(standing, title, strlen(title)) == 0 ? NULL : title;
        paper_notice(sheet->paper, notice, standing);
}

static void channels(const struct sheet *sheet)
{
        const struct form *form = sheet->form;

        if (form->channel_count == 0)
                return;
        paper_heading(sheet->paper, 2, say(sheet, "Comment la remettre", "How to hand it in"));
        for (size_t i = 0; i < form->channel_count; i++) {
                CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(16384);

                buffer_text(&text, declaration_channel_name(form->channels[i].kind, sheet->language));
                buffer_text(&text, say(sheet, " : ", ": "));
                declaration_channel_text(&text, &form->channels[i], sheet->seal->zone, sheet->language);
                paper_tick(sheet->paper, false, buffer_string(&text));
        }
}

static void field(const struct sheet *sheet, const struct form_field *field)
{
        const char *value = language_text(sheet->language, &field->value);
        char label[BITEXT_LENGTH_MAX + 32];

        snprintf(label, sizeof(label), "%s%s%s", language_text(sheet->language, &field->label),
                 field->required ? NBSP "*" : "", field->news ? say(sheet, " (nouveau)", " (new)") : "");
        if (field->state == FACT_STATE_KNOWN && *value)
                paper_field(sheet->paper, label, value);
        else
                paper_field_unknown(sheet->paper, label,
                                    *value ? value : say(sheet, "inconnu à ce stade", "unknown so far"));
}

static void sections(const struct sheet *sheet)
{
        const struct form *form = sheet->form;

        for (size_t i = 0; i < form->section_count; i++) {
                char title[BITEXT_LENGTH_MAX + 16];

                snprintf(title, sizeof(title), "%zu. %s", i + 1,
                         language_text(sheet->language, &form->sections[i].title));
                paper_heading(sheet->paper, 2, title);
                for (size_t j = 0; j < form->sections[i].field_count; j++)
                        field(sheet, &form->sections[i].fields[j]);
        }
        paper_note(sheet->paper, say(sheet,
                                     "* Demandé par le destinataire. « Je ne sais pas » est une réponse "
                                     "admise : la déclaration "
                                     "part sans attendre et se complète ensuite.",
                                     "* Asked for by the recipient. “I do not know” is an accepted answer: "
                                     "the declaration leaves at "
                                     "once and is completed later."));
        if (form->since_ms)
                paper_note(sheet->paper, say(sheet, "(nouveau) : appris depuis la déclaration précédente.",
                                             "(new): learnt since the declaration before this one."));
}

static void signature(const struct sheet *sheet)
{
        if (sheet->form->state == OBLIGATION_STATE_FILED && !sheet->form->pending)
                return;
        paper_heading(sheet->paper, 2, say(sheet, "Remise et signature", "Handing in and signature"));
        paper_blank(sheet->paper, say(sheet, "Remise le, à (heure)", "Handed in on, at"));
        paper_blank(sheet->paper, say(sheet, "Voie et interlocuteur", "By which way, to whom"));
        paper_blank(sheet->paper, say(sheet, "Numéro de dossier ou reçu", "File number or receipt"));
        paper_blank(sheet->paper, say(sheet, "Nom et fonction du signataire", "Name and position"));
        paper_gap(sheet->paper, 18);
        paper_blank(sheet->paper, say(sheet, "Signature", "Signature"));
}

int declaration_pdf(const struct form *form, const struct declaration_seal *seal, enum language language,
                    char **ret_pdf, size_t *ret_length, struct error *error)
{
        CLEANUP(paper_close) struct paper *paper = NULL;
        const char *structure = declaration_known(form, "structure.name", language);
        struct paper_info info = {
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
        struct sheet sheet = {paper, form, seal, language};

        if (r < 0)
                return r;
        opening(&sheet);
        channels(&sheet);
        sections(&sheet);
        signature(&sheet);
        return paper_render(paper, ret_pdf, ret_length, error);
}
