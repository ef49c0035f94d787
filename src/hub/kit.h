/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * kit: the crisis binder, for the day when telephones, directory and this box are down: whom to call, what to do by role, forms
 * to fill in by hand, and how to type it all in afterwards with the time at which it was so. Nothing personal is in it but the call
 * tree, which is what it is for.
 */
#pragma once

#include <jansson.h>

#include "hub/press.h"
#include "incident/playbook.h"
#include "obligation/rule.h"
#include "service/config.h"

struct kit {
        const struct config *config;
        const struct catalogue *catalogue;
        const struct rule_set *rules;
        const struct playbook_set *playbooks;
        const struct clock *clock;
        const json_t
                *contacts; /* as contact.list gives them; NULL: none were written down, or nobody can say */
        struct press_house house;
};

/* The caller frees. -ENOMEM, -E2BIG, -EIO. */
int kit_pdf(const struct kit *kit, char **ret_pdf, size_t *ret_length, struct error *error);

/* ---- parts of it (kit_steps.c, kit_forms.c) ---- */

#define KIT_ENTRIES_MAX 160 /* chapters: each playbook's button, each role, each form */

enum kit_part { KIT_CALLS, KIT_BUTTONS, KIT_ROLES, KIT_FORMS, KIT_TYPING, KIT_PART_COUNT };

/* A chapter, as the table of contents names it. */
struct kit_entry {
        enum kit_part part;
        char title[192];
        unsigned page;
};

struct kit_sheet {
        const struct kit *kit;
        struct paper *paper;
        enum language language;
        struct kit_entry entries[KIT_ENTRIES_MAX];
        size_t entry_count;
};
#define KIT_SAY(sheet, fr, en) language_pick((sheet)->language, fr, en)

/* A new page and its heading; the contents name it, its pages say it. Beyond KIT_ENTRIES_MAX it is not in the contents. */
void kit_chapter(struct kit_sheet *sheet, enum kit_part part, const char *title);
/* The same without the heading, for what brings its own. */
void kit_chapter_begin(struct kit_sheet *sheet, enum kit_part part, const char *title);

void kit_steps(struct kit_sheet *sheet);
int kit_forms(struct kit_sheet *sheet, struct error *error);
