/* SPDX-License-Identifier: EUPL-1.2 */
/* Words of a data file: [a-z0-9-], as people type them into a name, or names with dots. In the order of the file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "flow/yaml_tree.h"

#define WORD_LIST_MAX 512 /* in one list */
#define WORD_SIZE     64  /* of a word without dots, with its NUL */

struct word_list {
        char **items; /* owned */
        size_t count;
};

enum word_shape { WORD_PLAIN, WORD_DOTTED }; /* dotted: names and suffixes, 253 octets at most */

/*
 * The list under `key` of a map; absent is a fault when `required`. What is no word, or stands there twice, is a fault.
 * True when there is such a list and all of it is right; what of it is at fault is left out.
 */
bool word_list_read(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
                    enum word_shape shape, struct word_list *ret_list);
void word_list_release(struct word_list *list);
