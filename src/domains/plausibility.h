/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Where impostors register (data/suffixes): what a public suffix adds to a lookalike's score or takes from it.
 *
 * File: {suffixes: [{weight: -1…1, why: {fr, en}, list: [suffix…]}]}
 */
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "flow/text.h"

#define PLAUSIBILITY_SUFFIXES_MAX 4096

struct plausible_suffix {
        char *text; /* owned */
        float weight;
};

struct plausibility {
        struct plausible_suffix *suffixes; /* sorted by text; owned */
        size_t count;
};

int plausibility_load(const char *folder, struct plausibility *ret_plausibility, struct error *error);
/* One file's bytes, added; a suffix twice is -EINVAL. Unusable after a failure but for plausibility_release(). */
int plausibility_read(const char *name, const char *data, size_t length, struct plausibility *plausibility,
                      struct error *error);
void plausibility_release(struct plausibility *plausibility);

/* Of a suffix or of the nearest one above it; 0 for what nobody has written down. */
double plausibility_of(const struct plausibility *plausibility, const char *suffix);
