/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/check_together.h"

#include <stdio.h>
#include <string.h>

#define PLACE_SIZE 64

static void check_ids(struct shelf *shelf)
{
        for (struct card *card = shelf->cards; card < shelf->cards + shelf->count; card++) {
                const struct card *other = shelf_same(shelf, card);

                if (other)
                        card_fault(card, "id", "« %s » est déjà l’identifiant de %s",
                                   "\"%s\" is the id of %s already", card->id, other->path);
        }
}

/* ---- duties ---- */

static void check_chains(struct check_files *files)
{
        const struct rule_set rules = {files->rules, files->rule_count};
        const struct shelf *shelf = &files->shelves[CHECK_RULES];

        for (size_t i = 0; i < files->rule_count; i++) {
                const struct rule *rule = &files->rules[i];

                if (rule->clock.event != CLOCK_EVENT_FILED)
                        continue;
                if (!shelf->blind && !shelf_has(shelf, rule->clock.rule))
                        card_fault(files->rule_cards[i], "clock.rule", "il n’y a pas d’obligation « %s »",
                                   "there is no duty \"%s\"", rule->clock.rule);
                else if (rules_chain(&rules, rule, NULL) == RULE_CHAIN_CIRCLE)
                        card_fault(files->rule_cards[i], "clock.rule",
                                   "les obligations qui précèdent celle-ci tournent en rond",
                                   "the duties before this one go in a circle");
        }
}

/* ---- playbooks ---- */

static void check_with(const struct shelf *shelf, const struct playbook *playbook, struct card *card)
{
        char place[PLACE_SIZE];

        for (size_t i = 0; i < playbook->with_count && !shelf->blind; i++) {
                if (shelf_has(shelf, playbook->with[i]))
                        continue;
                snprintf(place, sizeof(place), "with[%zu]", i + 1);
                card_fault(card, place, "il n’y a pas de plan d’action « %s »", "there is no playbook \"%s\"",
                           playbook->with[i]);
        }
}

static void check_step_rule(const struct shelf *rules, struct card *card, size_t step, const char *key,
                            const char *rule)
{
        char place[PLACE_SIZE];

        if (!*rule || rules->blind || shelf_has(rules, rule))
                return;
        snprintf(place, sizeof(place), "steps[%zu].%s", step + 1, key);
        card_fault(card, place, "il n’y a pas d’obligation « %s »", "there is no duty \"%s\"", rule);
}

static void check_steps(const struct shelf *rules, const struct playbook *playbook, struct card *card)
{
        for (size_t i = 0; i < playbook->step_count; i++) {
                const struct playbook_step *step = &playbook->steps[i];

                check_step_rule(rules, card, i, "obligation", step->obligation);
                if (step->due.from == STEP_DUE_BEFORE_RULE)
                        check_step_rule(rules, card, i, "due.before", step->due.name);
        }
}

void check_together(struct check_files *files)
{
        check_ids(&files->shelves[CHECK_RULES]);
        check_ids(&files->shelves[CHECK_PLAYBOOKS]);
        check_ids(&files->shelves[CHECK_LETTERS]);
        check_chains(files);
        for (size_t i = 0; i < files->playbook_count; i++) {
                check_with(&files->shelves[CHECK_PLAYBOOKS], &files->playbooks[i], files->playbook_cards[i]);
                check_steps(&files->shelves[CHECK_RULES], &files->playbooks[i], files->playbook_cards[i]);
        }
}
