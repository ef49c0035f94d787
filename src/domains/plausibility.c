/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/plausibility.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domains/word_list.h"
#include "flow/folder.h"
#include "flow/yaml_tree.h"

void plausibility_release(struct plausibility *plausibility)
{
        for (size_t i = 0; i < plausibility->count; i++)
                free(plausibility->suffixes[i].text);
        free(plausibility->suffixes);
        *plausibility = (struct plausibility){0};
}

static int compare_suffixes(const void *a, const void *b)
{
        return strcmp(((const struct plausible_suffix *)a)->text, ((const struct plausible_suffix *)b)->text);
}

static const struct plausible_suffix *find(const struct plausibility *plausibility, const char *text)
{
        const struct plausible_suffix wanted = {.text = (char *)text};

        return plausibility->count ? bsearch(&wanted, plausibility->suffixes, plausibility->count,
                                             sizeof(wanted), compare_suffixes)
                                   : NULL;
}

double plausibility_of(const struct plausibility *plausibility, const char *suffix)
{
        while (suffix) {
                const struct plausible_suffix *found = find(plausibility, suffix);

                if (found)
                        return found->weight;
                suffix = strchr(suffix, '.');
                suffix = suffix ? suffix + 1 : NULL;
        }
        return 0;
}

/* Moves the texts over; they are sorted only once a whole file has been added. */
static void add_all(struct yaml_file *file, const struct yaml_node *node, struct word_list *words,
                    double weight, struct plausibility *plausibility)
{
        struct plausible_suffix *longer;

        if (plausibility->count + words->count > PLAUSIBILITY_SUFFIXES_MAX) {
                yaml_fault(file, node, "plus de %d terminaisons", "more than %d suffixes",
                           PLAUSIBILITY_SUFFIXES_MAX);
                return;
        }
        longer =
                reallocarray(plausibility->suffixes, plausibility->count + words->count + 1, sizeof(*longer));
        if (!longer) {
                yaml_no_memory(file);
                return;
        }
        plausibility->suffixes = longer;
        for (size_t i = 0; i < words->count; i++)
                longer[plausibility->count++] =
                        (struct plausible_suffix){STEAL_PTR(words->items[i]), (float)weight};
}

static void read_group(struct yaml_file *file, struct yaml_node *node, struct plausibility *plausibility)
{
        CLEANUP(word_list_release) struct word_list words = {0};
        CLEANUP(bitext_release) struct bitext why = BITEXT_INIT;
        double weight = 0;

        yaml_number(file, node, "weight", true, -1, 1, &weight);
        yaml_bitext(file, node, "why", true, &why);
        word_list_read(file, node, "list", true, WORD_DOTTED, &words);
        yaml_only_known(file, node);
        add_all(file, node, &words, weight, plausibility);
}

static void check_twice(struct yaml_file *file, const struct plausibility *plausibility)
{
        for (size_t i = 1; i < plausibility->count; i++)
                if (!strcmp(plausibility->suffixes[i - 1].text, plausibility->suffixes[i].text))
                        yaml_fault(file, file->root, "la terminaison « %s » est donnée deux fois",
                                   "the suffix \"%s\" is given twice", plausibility->suffixes[i].text);
}

int plausibility_read(const char *name, const char *data, size_t length, struct plausibility *plausibility,
                      struct error *error)
{
        CLEANUP(yaml_release) struct yaml_file file = {0};

        if (yaml_read(name, data, length, &file, error))
                return file.result;
        struct yaml_node *list = yaml_get(&file, file.root, "suffixes", YAML_LIST, true);
        yaml_only_known(&file, file.root);
        for (struct yaml_node *node = list ? list->child : NULL; node; node = node->next)
                read_group(&file, node, plausibility);
        if (plausibility->count)
                qsort(plausibility->suffixes, plausibility->count, sizeof(*plausibility->suffixes),
                      compare_suffixes);
        check_twice(&file, plausibility);
        return file.result;
}

static int read_one(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        return plausibility_read(path, data, length, context, error);
}

int plausibility_load(const char *folder, struct plausibility *ret_plausibility, struct error *error)
{
        CLEANUP(plausibility_release) struct plausibility plausibility = {0};
        int r = folder_each_yaml(folder, read_one, &plausibility, error);

        if (r)
                return r;
        *ret_plausibility = plausibility;
        plausibility = (struct plausibility){0};
        return 0;
}
