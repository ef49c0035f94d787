/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/brand.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/field.h"
#include "flow/folder.h"
#include "flow/yaml_tree.h"

#define BRAND_KIND_WORD(name, word) word,
const char *const brand_kind_words[BRAND_KIND_COUNT] = {BRAND_KINDS(BRAND_KIND_WORD)};

const char *brand_kind_word(enum brand_kind kind)
{
        return field_word(brand_kind_words, BRAND_KIND_COUNT, kind);
}

static void brand_release(struct brand *brand)
{
        bitext_release(&brand->name);
        word_list_release(&brand->domains);
        word_list_release(&brand->words);
        word_list_release(&brand->not_words);
        *brand = (struct brand){0};
}

/* Takes the last ones off until `count` are left. */
static void cut_back(struct brand_set *set, size_t count)
{
        while (set->count > count)
                brand_release(&set->brands[--set->count]);
}

void brands_release(struct brand_set *set)
{
        cut_back(set, 0);
        free(set->brands);
        *set = (struct brand_set){0};
}

static void check_twice(struct yaml_file *file, struct yaml_node *node, const struct brand_set *set,
                        const char *id)
{
        for (size_t i = 0; i < set->count; i++)
                if (!strcmp(set->brands[i].id, id))
                        yaml_fault(file, node, "« %s » est défini deux fois", "\"%s\" is defined twice", id);
}

static void check_domains(struct yaml_file *file, const struct yaml_node *node, const struct brand *brand)
{
        if (!brand->domains.count)
                yaml_fault(file, node, "« %s » n’a pas de nom de domaine", "\"%s\" has no domain", brand->id);
        for (size_t i = 0; i < brand->domains.count; i++)
                if (!strchr(brand->domains.items[i], '.'))
                        yaml_fault(file, node, "« %s » n’est pas un nom de domaine",
                                   "\"%s\" is not a domain name", brand->domains.items[i]);
}

static void read_brand(struct yaml_file *file, struct yaml_node *node, const struct brand_set *set,
                       struct brand *brand)
{
        if (yaml_name(file, node, "id", brand->id, sizeof(brand->id)))
                check_twice(file, node, set, brand->id);
        yaml_bitext(file, node, "name", true, &brand->name);
        if (word_list_read(file, node, "domains", true, WORD_DOTTED, &brand->domains))
                check_domains(file, node, brand);
        word_list_read(file, node, "words", true, WORD_PLAIN, &brand->words);
        word_list_read(file, node, "not", false, WORD_PLAIN, &brand->not_words);
        yaml_bool(file, node, "common", false, &brand->common);
        yaml_bool(file, node, "everywhere", false, &brand->everywhere);
        yaml_only_known(file, node);
}

static bool make_room(struct yaml_file *file, struct yaml_node *list, struct brand_set *set)
{
        struct brand *brands;

        if (set->count + list->count > BRANDS_MAX) {
                yaml_fault(file, list, "plus de %d marques", "more than %d brands", BRANDS_MAX);
                return false;
        }
        brands = reallocarray(set->brands, set->count + list->count + 1, sizeof(*brands));
        if (!brands) {
                yaml_no_memory(file);
                return false;
        }
        set->brands = brands;
        return true;
}

static void read_all(struct yaml_file *file, struct yaml_node *list, enum brand_kind kind, int64_t from_ms,
                     struct brand_set *set)
{
        size_t before = set->count;

        if (!make_room(file, list, set))
                return;
        for (struct yaml_node *node = list->child; node; node = node->next) {
                struct brand brand = {.kind = kind, .valid_from_ms = from_ms};

                read_brand(file, node, set, &brand);
                set->brands[set->count++] = brand;
        }
        if (file->result)
                cut_back(set, before);
}

int brands_read(const char *name, const char *data, size_t length, struct brand_set *set, struct error *error)
{
        CLEANUP(yaml_release) struct yaml_file file = {0};
        int64_t from_ms = 0;
        unsigned kind = 0;

        if (yaml_read(name, data, length, &file, error))
                return file.result;
        yaml_word(&file, file.root, "kind", true, brand_kind_words, BRAND_KIND_COUNT, &kind);
        yaml_day(&file, file.root, "valid_from", true, &from_ms);
        struct yaml_node *list = yaml_get(&file, file.root, "brands", YAML_LIST, true);
        yaml_only_known(&file, file.root);
        if (list)
                read_all(&file, list, (enum brand_kind)kind, from_ms, set);
        return file.result;
}

static int read_one(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        return brands_read(path, data, length, context, error);
}

int brands_load(const char *folder, struct brand_set *ret_set, struct error *error)
{
        CLEANUP(brands_release) struct brand_set set = {0};
        int r = folder_each_yaml(folder, read_one, &set, error);

        if (r)
                return r;
        *ret_set = set;
        set = (struct brand_set){0};
        return 0;
}
