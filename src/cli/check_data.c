/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/check_data.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "cli/check_together.h"
#include "drill/scenario.h"
#include "flow/catalogue.h"
#include "obligation/letters/template.h"

/* ---- each file alone; what is wrong in one keeps nobody from the next ---- */

static int read_facts(struct check_files *files, struct card *card, const char *data, size_t length,
                      struct error *error)
{
        return catalogue_read(card->path, data, length, &files->catalogue, error);
}

static int read_rule(struct check_files *files, struct card *card, const char *data, size_t length,
                     struct error *error)
{
        struct rule *rule = &files->rules[files->rule_count];
        int r;

        if (files->rule_count == RULES_MAX)
                return error_say(error, -E2BIG, "%s : plus de %d règles", "%s: more than %d rules",
                                 card->path, RULES_MAX);
        r = rule_read(card->path, data, length, &files->catalogue, rule, error);
        if (!r)
                files->rule_cards[files->rule_count++] = card;
        return r;
}

static int read_playbook(struct check_files *files, struct card *card, const char *data, size_t length,
                         struct error *error)
{
        struct playbook *playbook = &files->playbooks[files->playbook_count];
        int r;

        if (files->playbook_count == PLAYBOOKS_MAX)
                return error_say(error, -E2BIG, "%s : plus de %d plans d’action",
                                 "%s: more than %d playbooks", card->path, PLAYBOOKS_MAX);
        r = playbook_read(card->path, data, length, &files->catalogue, playbook, error);
        if (!r)
                files->playbook_cards[files->playbook_count++] = card;
        return r;
}

static int read_letter(struct check_files *files, struct card *card, const char *data, size_t length,
                       struct error *error)
{
        struct letter_template template = {0};
        int r;

        if (files->shelves[CHECK_LETTERS].count > TEMPLATES_MAX)
                return error_say(error, -E2BIG, "%s : plus de %d modèles de lettre",
                                 "%s: more than %d templates of letters", card->path, TEMPLATES_MAX);
        r = template_read(card->path, data, length, &files->catalogue, &template, error);

        template_release(&template);
        return r;
}

static int read_drill(struct check_files *files, struct card *card, const char *data, size_t length,
                      struct error *error)
{
        struct scenario *scenario = NULL;
        int r = scenario_read(card->path, data, length, &files->catalogue, &scenario, error);

        scenario_free(scenario);
        return r;
}

/* Each goes into one set with those before it: an id or a suffix stands in one file alone. */
static int read_brands(struct check_files *files, struct card *card, const char *data, size_t length,
                       struct error *error)
{
        return brands_read(card->path, data, length, &files->brands, error);
}

static int read_themes(struct check_files *files, struct card *card, const char *data, size_t length,
                       struct error *error)
{
        return themes_read(card->path, data, length, &files->themes, error);
}

static int read_suffixes(struct check_files *files, struct card *card, const char *data, size_t length,
                         struct error *error)
{
        return plausibility_read(card->path, data, length, &files->plausibility, error);
}

/* By enum check_folder. */
static const struct {
        const char *name;
        int (*read)(struct check_files *files, struct card *card, const char *data, size_t length,
                    struct error *error);
} folders[] = {
        [CHECK_FACTS] = {"facts", read_facts},
        [CHECK_RULES] = {"obligations", read_rule},
        [CHECK_PLAYBOOKS] = {"playbooks", read_playbook},
        [CHECK_LETTERS] = {"letters", read_letter},
        [CHECK_DRILLS] = {"drills", read_drill},
        [CHECK_BRANDS] = {"brands", read_brands},
        [CHECK_THEMES] = {"themes", read_themes},
        [CHECK_SUFFIXES] = {"suffixes", read_suffixes},
};

struct visit {
        struct check_files *files;
        enum check_folder folder;
        size_t right;
};

static int visit_file(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        struct visit *visit = context;
        struct card *card = shelf_add(&visit->files->shelves[visit->folder], path, data, length);
        struct error said = {.faults = card ? &card->faults : NULL};

        if (!card)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (folders[visit->folder].read(visit->files, card, data, length, &said))
                card_failed(card, &said);
        else
                visit->right++;
        return 0;
}

/* How many files of a folder are right; a folder that cannot be read is a fault of its own. */
static size_t visit_folder(struct check_files *files, enum check_folder folder, json_t *faults)
{
        struct visit visit = {files, folder, 0};
        CLEANUP(faults_release) struct faults own = {0};
        struct error error = {0};
        char path[PATH_MAX] = "";

        if (!paths_data(folders[folder].name, path, &error) &&
            !folder_each_yaml(path, visit_file, &visit, &error))
                return visit.right;
        files->shelves[folder].blind = true;
        faults_add(&own, 0, "", error.fr, error.en);
        faults_to_json(*path ? path : folders[folder].name, &own, faults);
        return visit.right;
}

/* ---- all of them ---- */

static int tell(const struct check_files *files, json_t *faults)
{
        int r = 0;

        for (size_t i = 0; i < CHECK_FOLDER_COUNT && !r; i++)
                for (size_t k = 0; k < files->shelves[i].count && !r; k++)
                        r = faults_to_json(files->shelves[i].cards[k].path,
                                           &files->shelves[i].cards[k].faults, faults);
        return r;
}

static struct check_files *files_free(struct check_files *files)
{
        for (size_t i = 0; i < CHECK_FOLDER_COUNT; i++)
                shelf_release(&files->shelves[i]);
        for (size_t i = 0; i < files->rule_count; i++)
                rule_release(&files->rules[i]);
        for (size_t i = 0; i < files->playbook_count; i++)
                playbook_release(&files->playbooks[i]);
        plausibility_release(&files->plausibility);
        themes_release(&files->themes);
        brands_release(&files->brands);
        catalogue_release(&files->catalogue);
        free(files);
        return NULL;
}

int data_check(struct data_check *ret_check, json_t *faults)
{
        struct check_files *files = calloc(1, sizeof(*files));
        int r;

        if (!files)
                return -ENOMEM;
        visit_folder(files, CHECK_FACTS, faults);
        *ret_check = (struct data_check){
                .facts = files->catalogue.count,
                .obligations = visit_folder(files, CHECK_RULES, faults),
                .playbooks = visit_folder(files, CHECK_PLAYBOOKS, faults),
                .letters = visit_folder(files, CHECK_LETTERS, faults),
                .drills = visit_folder(files, CHECK_DRILLS, faults),
        };
        visit_folder(files, CHECK_BRANDS, faults);
        ret_check->brands = files->brands.count;
        visit_folder(files, CHECK_THEMES, faults);
        visit_folder(files, CHECK_SUFFIXES, faults);
        check_together(files);
        r = tell(files, faults);
        files_free(files);
        return r;
}
