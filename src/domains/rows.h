/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * rows: the names of one list with their memory, as they lie on disk: "name<TAB>flags<TAB>first<TAB>last<TAB>why", a line each, sorted by
 * the octets of the name, no name twice. flags: p stands in the list now, b with all below it; first, last: days since 1970 on which
 * the list was first and last seen to have it. Mapped and searched where it lies: a million names cost no memory but the page cache.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "domains/list.h"

struct row {
        const char *name; /* not ended by a zero in a mapped file */
        size_t name_length;
        bool present, below;
        uint32_t first, last; /* days since 1970 */
        const char *why;
        size_t why_length;
};

struct rows;

/* A file that is not there has no rows. -EINVAL names the line. The file is looked through once. */
int rows_open(const char *path, struct rows **ret_rows, struct error *error);
struct rows *rows_close(struct rows *rows); /* NULL */
uint64_t rows_present(const struct rows *rows);

/* One after the other; `at` begins as 0. False at the end. */
bool rows_next(const struct rows *rows, size_t *at, struct row *ret_row);
bool rows_find(const struct rows *rows, const char *name, struct row *ret_row);

/* The order of a list: by the octets of the name. */
int row_compare(const struct row *a, const struct row *b);
int row_write(FILE *out, const struct row *row);

/* Names that come in any order, doubles united; sorted when all are there. */
struct row_heap;
int row_heap_new(struct row_heap **ret_heap, struct error *error);
struct row_heap *row_heap_free(struct row_heap *heap);                                 /* NULL */
int row_heap_add(struct row_heap *heap, const struct list_entry *entry, uint32_t day); /* -ENOMEM */
/* Puts them in order. Then they can be taken by number, in order. */
size_t row_heap_sort(struct row_heap *heap);
void row_heap_at(const struct row_heap *heap, size_t index, struct row *ret_row);
