/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/folder.h"
#include "obligation/rule.h"

void rules_release(struct rule_set *rules)
{
        for (size_t i = 0; i < rules->count; i++)
                rule_release(&rules->rules[i]);
        free(rules->rules);
        *rules = (struct rule_set){0};
}

const struct rule *rules_find(const struct rule_set *rules, const char *id)
{
        for (size_t i = 0; i < rules->count; i++)
                if (!strcmp(rules->rules[i].id, id))
                        return &rules->rules[i];
        return NULL;
}

static int compare_rules(const void *a, const void *b)
{
        return strcmp(((const struct rule *)a)->id, ((const struct rule *)b)->id);
}

struct loading {
        const struct catalogue *catalogue;
        struct rule_set rules;
};

static int load_one(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        struct loading *loading = context;
        struct rule_set *set = &loading->rules;
        CLEANUP(rule_release) struct rule rule = {0};
        struct rule *longer;
        int r = rule_read(path, data, length, loading->catalogue, &rule, error);

        if (r)
                return r;
        if (rules_find(set, rule.id))
                return error_say(error, -EINVAL, "%s : la règle « %s » est déjà dans un autre fichier",
                                 "%s: the rule \"%s\" is in another file already", path, rule.id);
        if (set->count == RULES_MAX)
                return error_say(error, -E2BIG, "%s : plus de %d règles", "%s: more than %d rules", path,
                                 RULES_MAX);
        longer = reallocarray(set->rules, set->count + 1, sizeof(*longer));
        if (!longer)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        longer[set->count++] = rule;
        memset(&rule, 0, sizeof(rule));
        set->rules = longer;
        return 0;
}

/* A chain longer than there are rules goes in a circle. */
enum rule_chain rules_chain(const struct rule_set *rules, const struct rule *rule,
                            const struct rule **ret_last)
{
        for (size_t steps = 0; rule->clock.event == CLOCK_EVENT_FILED; steps++) {
                const struct rule *before = rules_find(rules, rule->clock.rule);

                if (!before) {
                        if (ret_last)
                                *ret_last = rule;
                        return RULE_CHAIN_BROKEN;
                }
                if (steps >= rules->count)
                        return RULE_CHAIN_CIRCLE;
                rule = before;
        }
        return RULE_CHAIN_WHOLE;
}

static int check_chain(const struct rule_set *rules, const struct rule *rule, const char *folder,
                       struct error *error)
{
        const struct rule *last = rule;

        switch (rules_chain(rules, rule, &last)) {
        case RULE_CHAIN_BROKEN:
                return error_say(error, -EINVAL,
                                 "%s : règle %s : clock : rule : il n’y a pas de règle « %s »",
                                 "%s: rule %s: clock: rule: there is no rule \"%s\"", folder, last->id,
                                 last->clock.rule);
        case RULE_CHAIN_CIRCLE:
                return error_say(error, -EINVAL, "%s : règle %s : celles qui la précèdent tournent en rond",
                                 "%s: rule %s: its predecessors go in a circle", folder, rule->id);
        default:
                return 0;
        }
}

static int check_after(const struct rule_set *rules, const struct rule *rule, const char *folder,
                       struct error *error)
{
        for (size_t i = 0; i < rule->after_count; i++)
                if (!rules_find(rules, rule->after[i]) || !strcmp(rule->after[i], rule->id))
                        return error_say(error, -EINVAL,
                                         "%s : règle %s : after : il n’y a pas d’autre règle « %s »",
                                         "%s: rule %s: after: there is no other rule \"%s\"", folder,
                                         rule->id, rule->after[i]);
        return 0;
}

int rules_load(const char *folder, const struct catalogue *catalogue, struct rule_set *ret_rules,
               struct error *error)
{
        struct loading loading = {.catalogue = catalogue};
        int r = folder_each_yaml(folder, load_one, &loading, error);

        for (size_t i = 0; i < loading.rules.count && !r; i++) {
                r = check_chain(&loading.rules, &loading.rules.rules[i], folder, error);
                if (!r)
                        r = check_after(&loading.rules, &loading.rules.rules[i], folder, error);
        }
        if (r) {
                rules_release(&loading.rules);
                return r;
        }
        qsort(loading.rules.rules, loading.rules.count, sizeof(struct rule), compare_rules);
        *ret_rules = loading.rules;
        return 0;
}
