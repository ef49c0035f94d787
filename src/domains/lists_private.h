/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of lists.h; private to lists*.c. */
#pragma once

#include <limits.h>

#include "domains/lists.h"

struct lists {
        struct lists_options options;
        const struct config *config; /* the same */
        char folder[PATH_MAX - 64];
        struct suffixes *suffixes;
        struct source *sources[CONFIG_LISTS_MAX];
        size_t count;
        struct set *kept;         /* LISTS_OWN, LISTS_PARTNER, LISTS_ALLOWED as what is kept, KEPT_ABOVE */
        struct set *set, *former; /* the generation in force, and the one before it */
        uint64_t generation;      /* the last one that was tried */
        struct exemption *exemptions;
        size_t exemption_count;
        int lock;
};

#define KEPT_ABOVE LISTS_EXEMPTED /* a name above one that is kept: no list may mean all below it */

void lists_path(const struct lists *lists, const char *file, char ret_path[static PATH_MAX]);
int lists_out_of_memory(struct error *error);

/* lists_kept.c: what no list may block, compiled anew from configuration and files, and opened. */
int lists_keep(struct lists *lists, struct error *error);
/* "own", "partner", "allowed", or NULL: for source_guard. */
const char *lists_kept(void *context, const struct name *name, bool below);
/* All that is kept into a generation. */
int lists_add_kept(struct lists *lists, struct set_builder *builder, struct error *error);

/* lists_exempt.c */
int lists_read_exemptions(struct lists *lists, struct error *error);
int lists_add_exempted(const struct lists *lists, struct set_builder *builder, struct error *error);
json_t *lists_exemptions_json(const struct lists *lists);
