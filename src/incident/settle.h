/* SPDX-License-Identifier: EUPL-1.2 */
/* What a finding's evidence settles about its incident (the names are in incident/join.h). A part of joining. */
#pragma once

#include <stdbool.h>

#include "incident/join.h"

/* Sets the facts in result->incident, signed by `author`, and lists those that changed. -ENOMEM, -E2BIG. */
int settle_facts(const struct finding *finding, const char *author, const struct clock *clock,
                 struct join_result *result, struct error *error);

/* Whether "a, b, c" has the word; commas within a word count as blanks, here and when it is added. */
bool settle_list_has(const char *list, const char *word);
