/* SPDX-License-Identifier: EUPL-1.2 */
/* The steps of all playbooks: those of the public buttons as anybody needs them first, then all of them by role. */
#include "hub/kit.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

static void add_step(const struct kit_sheet *sheet, const struct playbook_step *step)
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(16384);

        buffer_text(&text, language_text(sheet->language, &step->text));
        if (step->detail.fr)
                buffer_format(&text, "\n%s", language_text(sheet->language, &step->detail));
        paper_tick(sheet->paper, false, buffer_string(&text));
}

static void add_button(const struct kit_sheet *sheet, const struct playbook *playbook)
{
        size_t steps = 0;

        paper_heading(sheet->paper, 2, language_text(sheet->language, &playbook->entry.title));
        if (playbook->entry.call.fr)
                paper_notice(sheet->paper, NULL, language_text(sheet->language, &playbook->entry.call));
        for (size_t i = 0; i < playbook->step_count; i++)
                if (playbook->steps[i].is_public && ++steps)
                        add_step(sheet, &playbook->steps[i]);
        if (steps) {
                paper_blank(sheet->paper, KIT_SAY(sheet, "Constaté par, le, à", "Seen by, on, at"));
                paper_blank(sheet->paper, KIT_SAY(sheet, "Dit à, le, à", "Told to, on, at"));
        }
}

static void add_buttons(const struct kit_sheet *sheet)
{
        const struct playbook_set *set = sheet->kit->playbooks;

        paper_page(sheet->paper);
        paper_heading(sheet->paper, 1, KIT_SAY(sheet, "2. Que faire tout de suite", "2. What to do at once"));
        for (unsigned order = 0; order < 100; order++)
                for (size_t i = 0; i < set->count; i++)
                        if (set->playbooks[i].entry.is_set && set->playbooks[i].entry.order == order)
                                add_button(sheet, &set->playbooks[i]);
}

static void add_playbook(const struct kit_sheet *sheet, const struct playbook *playbook,
                         enum playbook_role role)
{
        bool titled = false;

        for (size_t i = 0; i < playbook->step_count; i++) {
                if (playbook->steps[i].role != role)
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
                        if (set->playbooks[i].steps[k].role == role)
                                return true;
        return false;
}

void kit_steps(const struct kit_sheet *sheet)
{
        const struct playbook_set *set = sheet->kit->playbooks;

        add_buttons(sheet);
        for (unsigned role = 0; role < PLAYBOOK_ROLE_COUNT; role++) {
                char title[256];

                if (!has_steps(set, (enum playbook_role)role))
                        continue;
                snprintf(title, sizeof(title), "%s : %s",
                         KIT_SAY(sheet, "3. Ce que chacun fait", "3. What each does"),
                         playbook_role_label((enum playbook_role)role, sheet->language));
                paper_page(sheet->paper);
                paper_heading(sheet->paper, 1, title);
                for (size_t i = 0; i < set->count; i++)
                        add_playbook(sheet, &set->playbooks[i], (enum playbook_role)role);
        }
}
