/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Small YAML data files, read strictly into a JSON-like tree that remembers its lines. One document; no
 * anchors, aliases or tags; no key twice; bounded in bytes, nodes and depth. Scalars stay text: the reader
 * of a field knows its type.
 *
 * Every fault names file, line and key, and says what would be right. Reading goes on after one, so that a file
 * tells all of its faults at once: what stands at fault counts as absent, each getter says whether it wrote, and who
 * reads asks for `result` at the end. base/faults.h says who hears of which fault.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/faults.h"
#include "flow/text.h"

#define YAML_BYTES_MAX (256 * 1024)
#define YAML_NODES_MAX 8192
#define YAML_DEPTH_MAX 24

enum yaml_shape { YAML_SCALAR, YAML_LIST, YAML_MAP };

/* Children of a map carry a key, those of a list carry NULL. */
struct yaml_node {
        enum yaml_shape shape;
        char *key;     /* owned */
        char *text;    /* scalar; owned */
        bool quoted;   /* "true" in quotes is text, true is a boolean */
        bool refused;  /* what stood here, or its shape, was complained about: read as if absent */
        unsigned line; /* from 1 */
        unsigned used; /* by yaml_get(): what stays unused is an unknown key */
        const struct yaml_node *parent;
        struct yaml_node *child; /* first; owned */
        struct yaml_node *next;  /* sibling */
        size_t count;            /* children */
        const char *
                *asked; /* map: the keys that were asked for, for the sentence about unknown ones; owned */
        size_t asked_count;
};

struct yaml_file {
        struct fault_log log;
        int result;             /* 0; -EINVAL after a fault; -EFBIG, -ENOMEM: every getter is silent then */
        struct yaml_node *root; /* owned */
};

/*
 * 0 when there is a tree to read, although `result` may tell of faults already; else -EINVAL (nothing can be made
 * out), -EFBIG, -ENOMEM. `name` is borrowed. The caller releases also after a failure.
 */
int yaml_read(const char *name, const char *data, size_t length, struct yaml_file *ret_file,
              struct error *error);
void yaml_release(struct yaml_file *file);

/* Tells a fault at that node (NULL: of the whole file): "file:line: place: what". */
void yaml_fault(struct yaml_file *file, const struct yaml_node *node, const char *fr, const char *en, ...)
        __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
/* The same from sentences that are ready made, no-break spaces included. */
void yaml_fault_text(struct yaml_file *file, const struct yaml_node *node, const char *fr, const char *en);
/* Memory ran out: that is said, and nothing else is read. */
void yaml_no_memory(struct yaml_file *file);

/* "sections[2].fields[1].fact"; items counted from 1 as people do. */
void yaml_path(const struct yaml_node *node, struct buffer *path);
/* The node at such a path below `node`, or NULL. */
const struct yaml_node *yaml_at(const struct yaml_node *node, const char *path);

/*
 * The child of a map by key, or NULL; absent is a fault when `required`. The wrong shape is a fault. `key` lives as
 * long as the file.
 */
struct yaml_node *yaml_get(struct yaml_file *file, struct yaml_node *map, const char *key,
                           enum yaml_shape shape, bool required);
/* Like yaml_get for either shape. */
struct yaml_node *yaml_any(struct yaml_file *file, struct yaml_node *map, const char *key, bool required);
/* A fault for each key of the map that nobody asked for. */
void yaml_only_known(struct yaml_file *file, const struct yaml_node *map);
/* Whether the node (NULL is none) has that shape and at most so many children; a fault when it is there and has not. */
bool yaml_is(struct yaml_file *file, struct yaml_node *node, enum yaml_shape shape, size_t most);

/*
 * Typed scalars of a map's key. True when the output was written; it is untouched when absent or at fault. `size`
 * counts the NUL.
 */
bool yaml_text(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, char *ret_text,
               size_t size);
bool yaml_bool(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, bool *ret_bool);
bool yaml_number(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, double least,
                 double most, double *ret_number);
bool yaml_word(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
               const char *const *words, size_t count, unsigned *ret_index);
/* A day, 2026-01-31, as the wall-clock milliseconds of its first moment in UTC. */
bool yaml_day(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, int64_t *ret_ms);
/* {fr: …, en: …}, both non-empty. */
bool yaml_bitext(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
                 struct bitext *ret_text);

/* [a-z0-9][a-z0-9_.-]*, shorter than size. */
bool yaml_name_is_valid(const char *text, size_t size);
/* A required text of that form. */
bool yaml_name(struct yaml_file *file, struct yaml_node *map, const char *key, char *ret_name, size_t size);
