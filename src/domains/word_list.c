/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/word_list.h"

#include <stdlib.h>
#include <string.h>

#include "names/name.h"

void word_list_release(struct word_list *list)
{
        for (size_t i = 0; i < list->count; i++)
                free(list->items[i]);
        free(list->items);
        *list = (struct word_list){0};
}

static bool is_letter_or_digit(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool word_is_valid(const char *text, enum word_shape shape)
{
        size_t length = strlen(text), most = shape == WORD_DOTTED ? NAME_LENGTH_MAX : WORD_SIZE - 1;

        if (!length || length > most || !is_letter_or_digit(text[0]) || !is_letter_or_digit(text[length - 1]))
                return false;
        for (size_t i = 1; i + 1 < length; i++)
                if (!is_letter_or_digit(text[i]) && text[i] != '-' &&
                    (text[i] != '.' || shape != WORD_DOTTED || text[i + 1] == '.'))
                        return false;
        return true;
}

static bool holds(const struct word_list *list, const char *text)
{
        for (size_t i = 0; i < list->count; i++)
                if (!strcmp(list->items[i], text))
                        return true;
        return false;
}

static bool add(struct yaml_file *file, struct yaml_node *node, enum word_shape shape, struct word_list *list)
{
        if (!yaml_is(file, node, YAML_SCALAR, 0))
                return false;
        if (!word_is_valid(node->text, shape)) {
                yaml_fault(file, node, "« %s » : seulement a à z, 0 à 9 et des tirets à l’intérieur",
                           "\"%s\": a to z, 0 to 9, and hyphens within, only", node->text);
                return false;
        }
        if (holds(list, node->text)) {
                yaml_fault(file, node, "« %s » figure ici deux fois", "\"%s\" stands here twice", node->text);
                return false;
        }
        list->items[list->count] = strdup(node->text);
        if (!list->items[list->count]) {
                yaml_no_memory(file);
                return false;
        }
        list->count++;
        return true;
}

bool word_list_read(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
                    enum word_shape shape, struct word_list *ret_list)
{
        struct yaml_node *list = yaml_get(file, map, key, YAML_LIST, required);
        bool right = true;

        if (!yaml_is(file, list, YAML_LIST, WORD_LIST_MAX))
                return false;
        ret_list->items = calloc(list->count + 1, sizeof(*ret_list->items));
        if (!ret_list->items) {
                yaml_no_memory(file);
                return false;
        }
        for (struct yaml_node *child = list->child; child; child = child->next)
                right &= add(file, child, shape, ret_list);
        return right;
}
