/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/theme.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/folder.h"
#include "flow/yaml_tree.h"

static void theme_release(struct theme *theme)
{
        bitext_release(&theme->name);
        word_list_release(&theme->words);
        word_list_release(&theme->not_words);
        *theme = (struct theme){0};
}

static void cut_back(struct theme_set *set, size_t count)
{
        while (set->count > count)
                theme_release(&set->themes[--set->count]);
}

void themes_release(struct theme_set *set)
{
        cut_back(set, 0);
        free(set->themes);
        *set = (struct theme_set){0};
}

static void read_with(struct yaml_file *file, struct yaml_node *node, struct theme *theme)
{
        CLEANUP(word_list_release) struct word_list words = {0};

        word_list_read(file, node, "with", true, WORD_PLAIN, &words);
        for (size_t i = 0; i < words.count; i++) {
                unsigned kind = 0;

                while (kind < BRAND_KIND_COUNT && strcmp(brand_kind_words[kind], words.items[i]))
                        kind++;
                if (kind == BRAND_KIND_COUNT)
                        yaml_fault(file, node, "with : il n’y a pas de sorte de marque « %s »",
                                   "with: there is no kind of brand \"%s\"", words.items[i]);
                else
                        theme->with |= UINT32_C(1) << kind;
        }
}

static void check_twice(struct yaml_file *file, struct yaml_node *node, const struct theme_set *set,
                        const char *id)
{
        for (size_t i = 0; i < set->count; i++)
                if (!strcmp(set->themes[i].id, id))
                        yaml_fault(file, node, "« %s » est défini deux fois", "\"%s\" is defined twice", id);
}

static void read_theme(struct yaml_file *file, struct yaml_node *node, const struct theme_set *set,
                       struct theme *theme)
{
        if (yaml_name(file, node, "id", theme->id, sizeof(theme->id)))
                check_twice(file, node, set, theme->id);
        yaml_bitext(file, node, "name", true, &theme->name);
        yaml_number(file, node, "weight", true, 0, 1, &theme->weight);
        yaml_bool(file, node, "alone", true, &theme->alone);
        read_with(file, node, theme);
        word_list_read(file, node, "words", true, WORD_PLAIN, &theme->words);
        word_list_read(file, node, "not", false, WORD_PLAIN, &theme->not_words);
        yaml_only_known(file, node);
}

static bool make_room(struct yaml_file *file, struct yaml_node *list, struct theme_set *set)
{
        struct theme *themes;

        if (set->count + list->count > THEMES_MAX) {
                yaml_fault(file, list, "plus de %d thèmes", "more than %d themes", THEMES_MAX);
                return false;
        }
        themes = reallocarray(set->themes, set->count + list->count + 1, sizeof(*themes));
        if (!themes) {
                yaml_no_memory(file);
                return false;
        }
        set->themes = themes;
        return true;
}

int themes_read(const char *name, const char *data, size_t length, struct theme_set *set, struct error *error)
{
        CLEANUP(yaml_release) struct yaml_file file = {0};
        size_t before = set->count;

        if (yaml_read(name, data, length, &file, error))
                return file.result;
        struct yaml_node *list = yaml_get(&file, file.root, "themes", YAML_LIST, true);
        yaml_only_known(&file, file.root);
        if (!list || !make_room(&file, list, set))
                return file.result;
        for (struct yaml_node *node = list->child; node; node = node->next) {
                struct theme theme = {0};

                read_theme(&file, node, set, &theme);
                set->themes[set->count++] = theme;
        }
        if (file.result)
                cut_back(set, before);
        return file.result;
}

static int read_one(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        return themes_read(path, data, length, context, error);
}

int themes_load(const char *folder, struct theme_set *ret_set, struct error *error)
{
        CLEANUP(themes_release) struct theme_set set = {0};
        int r = folder_each_yaml(folder, read_one, &set, error);

        if (r)
                return r;
        *ret_set = set;
        set = (struct theme_set){0};
        return 0;
}
