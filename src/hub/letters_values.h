/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * letters_values: what a letter may say of the house and of one incident, field by field (obligation/letters/template.h). What is
 * said of the past comes from facts, filings and measures alone: a letter never asserts what no record shows.
 */
#pragma once

#include "base/language.h"
#include "flow/incident.h"
#include "hub/world.h"

struct letters_values {
        const struct world *world; /* borrowed, like the incident */
        const struct incident *incident;
        enum language language;
        struct bitext last; /* owned: bitext_release() at the end */
};

/* A template_value; the text is good until the next call. NULL: not known. */
const char *letters_value(void *context, const char *field);
