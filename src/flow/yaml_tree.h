/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Small YAML data files, read strictly into a JSON-like tree that remembers its lines. One document; no
 * anchors, aliases or tags; no key twice; bounded in bytes, nodes and depth. Scalars stay text: the reader
 * of a field knows its type. Every error names file, line and key, and says what would be right.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "flow/text.h"

#define YAML_BYTES_MAX (256 * 1024)
#define YAML_NODES_MAX 8192
#define YAML_DEPTH_MAX 24

enum yaml_shape { YAML_SCALAR, YAML_LIST, YAML_MAP };

/* Children of a map carry a key, those of a list carry NULL. */
struct yaml_node {
        enum yaml_shape shape;
        char *key;               /* owned */
        char *text;              /* scalar; owned */
        bool quoted;             /* "true" in quotes is text, true is a boolean */
        unsigned line;           /* from 1 */
        unsigned used;           /* by yaml_get(): what stays unused is an unknown key */
        struct yaml_node *child; /* first; owned */
        struct yaml_node *next;  /* sibling */
        size_t count;            /* children */
};

struct yaml_file {
        const char *name; /* for the error text; borrowed */
        struct error *error;
        int result;             /* 0, or the first fault; every getter is silent after it */
        struct yaml_node *root; /* owned */
};

/* 0; -EINVAL with the sentence; -EFBIG; -ENOMEM. The caller releases also after a failure. */
int yaml_read(const char *name, const char *data, size_t length, struct yaml_file *ret_file,
              struct error *error);
void yaml_release(struct yaml_file *file);

/* The first fault is kept: "file:line: key: what". Returns file->result. */
int yaml_fault(struct yaml_file *file, const struct yaml_node *node, const char *fr, const char *en, ...)
        __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* The child of a map by key, or NULL; absent is a fault when `required`. The wrong shape is a fault. */
struct yaml_node *yaml_get(struct yaml_file *file, struct yaml_node *map, const char *key,
                           enum yaml_shape shape, bool required);
/* Like yaml_get for either shape. */
struct yaml_node *yaml_any(struct yaml_file *file, struct yaml_node *map, const char *key, bool required);
/* A fault when the map has a key nobody asked for. */
void yaml_only_known(struct yaml_file *file, const struct yaml_node *map);
/* A fault when the node (NULL is none) has another shape, or more than `most` children. */
bool yaml_is(struct yaml_file *file, const struct yaml_node *node, enum yaml_shape shape, size_t most);

/* Typed scalars of a map's key; the output is untouched when absent or at fault. `size` counts the NUL. */
void yaml_text(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, char *ret_text,
               size_t size);
void yaml_bool(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, bool *ret_bool);
void yaml_number(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, double least,
                 double most, double *ret_number);
void yaml_word(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
               const char *const *words, size_t count, unsigned *ret_index);
/* A day, 2026-01-31, as the wall-clock milliseconds of its first moment in UTC. */
void yaml_day(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, int64_t *ret_ms);
/* {fr: …, en: …}, both non-empty. */
void yaml_bitext(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
                 struct bitext *ret_text);

/* [a-z0-9][a-z0-9_.-]*, shorter than size. */
bool yaml_name_is_valid(const char *text, size_t size);
