/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reading one JSON object strictly: every field typed and bounded, none left over, the first fault kept.
 * The getters may be called one after another without looking; fields_end() tells how it went. Nothing is
 * trusted: the object may come from a stranger. Outputs are untouched when their field is at fault.
 *
 *      struct fields fields = fields_begin(json, "finding", error);
 *      fields_id(&fields, "id", 'f', FIELD_REQUIRED, &finding.id);
 *      …
 *      r = fields_end(&fields);
 *
 * FIELD_OPTIONAL means that null, or no field at all, leaves the output as it was.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/id.h"
#include "flow/text.h"

#define FIELDS_MAX       32
#define FIELD_TREE_NODES 4096 /* values in one free-form object, at all depths */
#define FIELD_TREE_DEPTH 8

enum field_need { FIELD_REQUIRED, FIELD_OPTIONAL };

struct fields {
        const json_t *json;
        const char *noun; /* for the error text; borrowed */
        struct error *error;
        int result; /* 0, or the first fault */
        const char *known[FIELDS_MAX];
        size_t known_count;
};

struct fields fields_begin(const json_t *json, const char *noun, struct error *error);

/* 0, -EINVAL or -ENOMEM; a field that no getter asked for is a fault too. */
int fields_end(struct fields *fields);

/* One line of text, no control characters. Required text is non-empty. `size` counts the final NUL. */
void fields_text(struct fields *fields, const char *key, enum field_need need, char *ret_text, size_t size);
void fields_id(struct fields *fields, const char *key, char prefix, enum field_need need, struct id *ret_id);
/* RFC 3339, not before 1970. */
void fields_time(struct fields *fields, const char *key, enum field_need need, int64_t *ret_ms);
/* The index of a word in `words`. */
void fields_word(struct fields *fields, const char *key, enum field_need need, const char *const *words,
                 size_t count, unsigned *ret_index);
void fields_number(struct fields *fields, const char *key, enum field_need need, double least, double most,
                   double *ret_number);
void fields_count(struct fields *fields, const char *key, uint64_t most, uint64_t *ret_count);
void fields_bool(struct fields *fields, const char *key, enum field_need need, bool *ret_bool);
void fields_bitext(struct fields *fields, const char *key, struct bitext *ret_text);
/* A free-form object within FIELD_TREE_NODES and FIELD_TREE_DEPTH; a deep copy, owned by the caller. */
void fields_tree(struct fields *fields, const char *key, enum field_need need, json_t **ret_tree);
/* The value itself, borrowed, for whoever reads on; NULL when absent or null. */
const json_t *fields_value(struct fields *fields, const char *key, enum field_need need);
const json_t *fields_array(struct fields *fields, const char *key, size_t most);
const json_t *fields_object(struct fields *fields, const char *key, size_t most);

/* A fault of the reader's own: keeps the first. */
void fields_fault(struct fields *fields, const char *key, const char *fr, const char *en, ...)
        __attribute__((nonnull(1, 2, 3, 4), format(printf, 3, 5), format(printf, 4, 5)));

/* Writing: null when unset. New references; NULL when out of memory. */
json_t *field_time_json(int64_t ms);       /* 0 is null */
json_t *field_text_json(const char *text); /* "" is null */
json_t *field_id_json(const struct id *id);

/* The word, or "?" beyond the table. */
const char *field_word(const char *const *words, size_t count, unsigned index);
