/* SPDX-License-Identifier: EUPL-1.2 */
/* What only the data files together can show: ids that meet, and names that lead nowhere or in a circle. */
#pragma once

#include "cli/check_shelf.h"
#include "domains/brand.h"
#include "domains/plausibility.h"
#include "domains/theme.h"
#include "flow/catalogue.h"
#include "incident/playbook.h"
#include "obligation/rule.h"

enum check_folder {
        CHECK_FACTS,
        CHECK_RULES,
        CHECK_PLAYBOOKS,
        CHECK_LETTERS,
        CHECK_DRILLS,
        CHECK_BRANDS,
        CHECK_THEMES,
        CHECK_SUFFIXES,
        CHECK_FOLDER_COUNT,
};

/* What was read; rules and playbooks that are right, each beside its card. */
struct check_files {
        struct shelf shelves[CHECK_FOLDER_COUNT];
        struct catalogue catalogue;
        struct rule rules[RULES_MAX];
        struct card *rule_cards[RULES_MAX];
        size_t rule_count;
        struct playbook playbooks[PLAYBOOKS_MAX];
        struct card *playbook_cards[PLAYBOOKS_MAX];
        size_t playbook_count;
        struct brand_set brands;
        struct theme_set themes;
        struct plausibility plausibility;
};

/* Every fault goes to the card of the file that has it. */
void check_together(struct check_files *files);
