/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The shape of a YAML document: which key stands on which line with which text. Private to config. libcyaml
 * loads the values; the outline is what a sentence about them needs, and where bounds are enforced before
 * libcyaml runs.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/faults.h"

#define OUTLINE_NODES_MAX 4096
#define OUTLINE_DEPTH_MAX 8
#define OUTLINE_NONE      UINT32_MAX

enum outline_kind { OUTLINE_SCALAR, OUTLINE_MAPPING, OUTLINE_SEQUENCE };

struct outline_node {
        enum outline_kind kind;
        uint32_t parent, next, first, last; /* indexes: parent, next sibling, first and last child */
        uint32_t index;                     /* within a sequence, from 0 */
        uint32_t line;                      /* from 1; of the key where there is one */
        char *key;                          /* NULL in a sequence and for the root */
        char *text;                         /* of a scalar; cut at its first NUL, then `cut` is set */
        bool cut;
        bool refused; /* an alias stood here: it was complained about, and there is no value */
};

struct outline {
        struct outline_node *nodes; /* nodes[0] is the root; none for an empty document */
        uint32_t count;
};

/*
 * 0 when the whole was read, although the log may have faults: what was decorated with an anchor or a tag is read
 * as if it were not. -EINVAL, told to the log, where nothing behind the fault can be made out; -ENOMEM.
 */
int outline_parse(struct fault_log *log, const char *text, size_t length, struct outline *ret_outline);
void outline_release(struct outline *outline);

/* The child of a mapping by key, or OUTLINE_NONE, which has none itself. */
uint32_t outline_child(const struct outline *outline, uint32_t node, const char *key);

/* "edge.services[2].name", items counted from 1 as people do. */
void outline_path(const struct outline *outline, uint32_t node, struct buffer *buffer);
