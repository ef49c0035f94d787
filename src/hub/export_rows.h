/* SPDX-License-Identifier: EUPL-1.2 */
/* The rows of an export (hub/export.h): which documents of the journal they come from, and how one becomes several. */
#pragma once

#include <jansson.h>

#include "hub/export.h"

struct journal;

/* Each row once, borrowed for the call. Stops at non-zero and returns it. */
int export_rows(struct journal *journal, const struct export_request *request,
                int (*visit)(void *context, const json_t *row), void *context, struct error *error);
