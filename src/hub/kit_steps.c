/* SPDX-License-Identifier: EUPL-1.2 */
/* A sheet for each public button: what to do at once, and what it would ask; then all other steps by role. */
#include "hub/kit.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/declaration.h"

#define QUESTION_LINES 2 /* to write a word or two by hand */

static void add_step(const struct kit_sheet *sheet, const struct playbook_step *step)
{
        paper_step(sheet->paper, language_text(sheet->language, &step->text),
                   step->detail.fr ? language_text(sheet->language, &step->detail) : NULL);
}

/* ---- the buttons ---- */

/* What the button asks on the screen, to be asked on paper. */
static void add_questions(const struct kit_sheet *sheet, const struct playbook_entry *entry)
{
        paper_heading(sheet->paper, 2, KIT_SAY(sheet, "À noter", "To be noted"));
        for (size_t i = 0; i < entry->question_count; i++) {
                const struct fact_kind *kind = catalogue_find(sheet->kit->catalogue, entry->questions[i]);

                if (kind)
                        declaration_blank_question(sheet->paper, kind,
                                                   language_text(sheet->language, &kind->question),
                                                   QUESTION_LINES, sheet->language);
        }
}

static void add_button(struct kit_sheet *sheet, const struct playbook *playbook, unsigned number)
{
        const char *title = language_text(sheet->language, &playbook->entry.title);
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(16384);
        char chapter[192], code[96];

        snprintf(chapter, sizeof(chapter), "B%u" NBSP "· %s", number, title);
        snprintf(code, sizeof(code), "garde:form:B%u:%s", number, playbook->id);
        kit_chapter(sheet, KIT_BUTTONS, chapter);
        buffer_format(
                &text,
                KIT_SAY(sheet,
                        "%s\nVu par : ……………………………………………   tél. : …………………………\nLe : ………………… à : ……………   "
                        "Dit à : ……………………… à : ……………\nTapé dans Garde le : …………………   par : ………………………………",
                        "%s\nSeen by: ……………………………………………   tel.: …………………………\nOn: ………………… at: ……………   "
                        "Told to: ……………………… at: ……………\nTyped into Garde on: …………………   by: ………………………………"),
                playbook->entry.call.fr ? language_text(sheet->language, &playbook->entry.call) : title);
        paper_code(sheet->paper, code, NULL, buffer_string(&text));
        for (size_t i = 0; i < playbook->step_count; i++)
                if (playbook->steps[i].is_public)
                        add_step(sheet, &playbook->steps[i]);
        add_questions(sheet, &playbook->entry);
}

static void add_buttons(struct kit_sheet *sheet)
{
        const struct playbook_set *set = sheet->kit->playbooks;
        unsigned number = 0;

        for (unsigned order = 1; order <= PLAYBOOKS_MAX; order++)
                for (size_t i = 0; i < set->count; i++)
                        if (set->playbooks[i].entry.is_set && set->playbooks[i].entry.order == order)
                                add_button(sheet, &set->playbooks[i], ++number);
}

/* ---- by role ---- */

/* What a button's sheet tells everybody already is not told again. */
static bool is_for(const struct playbook *playbook, const struct playbook_step *step, enum playbook_role role)
{
        return step->role == role &&
               !(role == PLAYBOOK_ROLE_TOUS && playbook->entry.is_set && step->is_public);
}

static void add_playbook(const struct kit_sheet *sheet, const struct playbook *playbook,
                         enum playbook_role role)
{
        bool titled = false;

        for (size_t i = 0; i < playbook->step_count; i++) {
                if (!is_for(playbook, &playbook->steps[i], role))
                        continue;
                if (!titled)
                        paper_heading(sheet->paper, 2, language_text(sheet->language, &playbook->title));
                titled = true;
                add_step(sheet, &playbook->steps[i]);
        }
}

static bool has_steps(const struct playbook_set *set, enum playbook_role role)
{
        for (size_t i = 0; i < set->count; i++)
                for (size_t k = 0; k < set->playbooks[i].step_count; k++)
                        if (is_for(&set->playbooks[i], &set->playbooks[i].steps[k], role))
                                return true;
        return false;
}

static void add_role(struct kit_sheet *sheet, enum playbook_role role)
{
        const struct playbook_set *set = sheet->kit->playbooks;
        char title[192];

        snprintf(title, sizeof(title), KIT_SAY(sheet, "Rôle : %s", "Role: %s"),
                 playbook_role_label(role, sheet->language));
        kit_chapter(sheet, KIT_ROLES, title);
        if (role == PLAYBOOK_ROLE_TOUS)
                paper_note(sheet->paper,
                           KIT_SAY(sheet, "S’ajoute aux feuilles B, que chacun peut prendre sans attendre.",
                                   "Beside the B sheets, which anybody may take without waiting."));
        for (size_t i = 0; i < set->count; i++)
                add_playbook(sheet, &set->playbooks[i], role);
}

void kit_steps(struct kit_sheet *sheet)
{
        add_buttons(sheet);
        for (unsigned role = 0; role < PLAYBOOK_ROLE_COUNT; role++)
                if (has_steps(sheet->kit->playbooks, (enum playbook_role)role))
                        add_role(sheet, (enum playbook_role)role);
}
