/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/check_data.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "domains/brand.h"
#include "domains/plausibility.h"
#include "domains/theme.h"
#include "flow/catalogue.h"
#include "flow/folder.h"
#include "incident/playbook.h"
#include "obligation/letters/template.h"
#include "obligation/rule.h"

struct checking {
        struct data_check check;
        struct catalogue catalogue;
        struct rule_set rules;
        struct playbook_set playbooks;
        struct brand_set brands;
        struct theme_set themes;
        struct plausibility plausibility;
};

static void add_fault(struct checking *checking, const struct error *error)
{
        json_array_append_new(checking->check.faults,
                              json_pack("{s:s, s:s}", "fr", error->fr, "en", error->en));
}

/* A file that is wrong must not keep the next one from being read. */
static int check_facts(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        struct checking *checking = context;

        if (catalogue_read(path, data, length, &checking->catalogue, error))
                add_fault(checking, error);
        return 0;
}

static int check_rule(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        struct checking *checking = context;
        struct rule rule = {0};

        if (rule_read(path, data, length, &checking->catalogue, &rule, error))
                add_fault(checking, error);
        else
                checking->check.obligations++;
        rule_release(&rule);
        return 0;
}

static int check_playbook(void *context, const char *path, const char *data, size_t length,
                          struct error *error)
{
        struct checking *checking = context;
        struct playbook playbook = {0};

        if (playbook_read(path, data, length, &checking->catalogue, &playbook, error))
                add_fault(checking, error);
        else
                checking->check.playbooks++;
        playbook_release(&playbook);
        return 0;
}

static int check_letter(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        struct checking *checking = context;
        struct letter_template template = {0};

        if (template_read(path, data, length, &checking->catalogue, &template, error))
                add_fault(checking, error);
        template_release(&template);
        return 0;
}

/* Brands, themes and suffixes are read one after another into one set: an id may stand in one file alone. */
static int check_brands(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        struct checking *checking = context;

        if (brands_read(path, data, length, &checking->brands, error))
                add_fault(checking, error);
        return 0;
}

static int check_themes(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        struct checking *checking = context;

        if (themes_read(path, data, length, &checking->themes, error))
                add_fault(checking, error);
        return 0;
}

static int check_suffixes(void *context, const char *path, const char *data, size_t length,
                          struct error *error)
{
        struct checking *checking = context;

        if (plausibility_read(path, data, length, &checking->plausibility, error))
                add_fault(checking, error);
        return 0;
}

static void check_folder(struct checking *checking, const char *name, folder_visit visit)
{
        char folder[PATH_MAX];
        struct error error = {0};

        if (paths_data(name, folder, &error) || folder_each_yaml(folder, visit, checking, &error))
                add_fault(checking, &error);
}

/* ---- what only the files together can show ---- */

static bool rule_exists(const struct rule_set *rules, const char *wanted)
{
        size_t length = strlen(wanted);

        for (size_t i = 0; i < rules->count; i++)
                if (!strcmp(rules->rules[i].id, wanted) ||
                    (length && wanted[length - 1] == '*' && !strncmp(rules->rules[i].id, wanted, length - 1)))
                        return true;
        return false;
}

static void check_step_rule(struct checking *checking, const struct playbook *playbook,
                            const struct playbook_step *step, const char *rule)
{
        struct error error = {0};

        if (!*rule || rule_exists(&checking->rules, rule))
                return;
        error_say(&error, -EINVAL, "plan d’action %s, pas %s : il n’y a pas d’obligation « %s »",
                  "playbook %s, step %s: there is no duty \"%s\"", playbook->id, step->key, rule);
        add_fault(checking, &error);
}

static void check_together(struct checking *checking)
{
        char folder[PATH_MAX];
        struct error error = {0};

        if (paths_data("obligations", folder, &error) ||
            rules_load(folder, &checking->catalogue, &checking->rules, &error) ||
            paths_data("playbooks", folder, &error) ||
            playbooks_load(folder, &checking->catalogue, &checking->playbooks, &error)) {
                add_fault(checking, &error);
                return;
        }
        for (size_t i = 0; i < checking->playbooks.count; i++) {
                const struct playbook *playbook = &checking->playbooks.playbooks[i];

                for (size_t k = 0; k < playbook->step_count; k++) {
                        const struct playbook_step *step = &playbook->steps[k];
                        check_step_rule(checking, playbook, step, step->obligation);
                        if (step->due.from == STEP_DUE_BEFORE_RULE)
                                check_step_rule(checking, playbook, step, step->due.name);
                }
        }
}

int data_check(struct data_check *ret_check)
{
        struct checking checking = {.check = {.faults = json_array()}};

        if (!checking.check.faults)
                return -ENOMEM;
        check_folder(&checking, "facts", check_facts);
        checking.check.facts = checking.catalogue.count;
        check_folder(&checking, "obligations", check_rule);
        check_folder(&checking, "playbooks", check_playbook);
        check_folder(&checking, "letters", check_letter);
        check_folder(&checking, "brands", check_brands);
        checking.check.brands = checking.brands.count;
        check_folder(&checking, "themes", check_themes);
        check_folder(&checking, "suffixes", check_suffixes);
        if (!json_array_size(checking.check.faults))
                check_together(&checking);
        plausibility_release(&checking.plausibility);
        themes_release(&checking.themes);
        brands_release(&checking.brands);
        playbooks_release(&checking.playbooks);
        rules_release(&checking.rules);
        catalogue_release(&checking.catalogue);
        *ret_check = checking.check;
        return 0;
}

void data_check_release(struct data_check *check)
{
        json_decref(check->faults);
        *check = (struct data_check){0};
}
