/* SPDX-License-Identifier: EUPL-1.2 */
/* The schema laid over an outline: the first thing that is wrong, as one sentence. Private to config. */
#pragma once

#include "service/config_outline.h"
#include "service/config_schema.h"

/* Unknown, doubled and missing keys, shapes, ranges, words, checks. 0 or -EINVAL. */
int config_check_outline(const char *name, const struct outline *outline, enum language language,
                         struct error *error);

/* What no single key can know: names and addresses that meet, addresses over all services. 0 or -EINVAL. */
int config_check_services(const char *name, const struct outline *outline, const struct config *config,
                          enum language language, struct error *error);

/* The console's keys together: no plain HTTP beyond this machine, certificate and key together. 0 or -EINVAL. */
int config_check_console(const char *name, const struct outline *outline, const struct config *config,
                         enum language language, struct error *error);

/*
 * Edits to turn one word into the other (insertion, deletion, change, swap of neighbours); 99 beyond 64
 * letters.
 */
unsigned config_word_distance(const char *a, const char *b);

/* Targets: names differ, each has an address of its kind and what its kind needs. */
int config_check_targets(const char *name, const struct outline *outline, const struct config *config,
                         enum language language, struct error *error);
