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

/* Parts of it (kit_steps.c, kit_forms.c). */
struct kit_sheet {
        const struct kit *kit;
        struct paper *paper;
        enum language language;
};
#define KIT_SAY(sheet, fr, en) language_pick((sheet)->language, fr, en)
void kit_steps(const struct kit_sheet *sheet);
int kit_forms(const struct kit_sheet *sheet, struct error *error);
