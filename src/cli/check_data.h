/* SPDX-License-Identifier: EUPL-1.2 */
/* What changes without code, checked: facts, duties, playbooks, letters, exercises, brands, themes, suffixes; each
 * alone and all together. */
#pragma once

#include <jansson.h>
#include <stddef.h>

struct data_check {
        size_t facts, obligations, playbooks, letters, drills, brands; /* how many are right */
};

/*
 * Every fault of every file of the data folder, whatever is wrong with the others, appended to `faults` in the order of
 * folders, files and lines (check_shelf.h says how). 0, or -ENOMEM.
 */
int data_check(struct data_check *ret_check, json_t *faults);
