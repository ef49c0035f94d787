/* SPDX-License-Identifier: EUPL-1.2 */
/* What changes without code, checked file by file: facts, duties, playbooks, letters, brands and themes. One fault a file, with its line. */
#pragma once

#include <jansson.h>
#include <stddef.h>

struct data_check {
        size_t facts, obligations, playbooks, brands; /* how many were read */
        json_t *faults;                               /* [{"fr","en"}]; owned */
};

/* Every file of the data folder, whatever is wrong with the others. 0, or -ENOMEM. */
int data_check(struct data_check *ret_check);
void data_check_release(struct data_check *check);
