/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * csv: a table as an office program exports it (RFC 4180), read record by record without ever holding more than one. Separator
 * comma, semicolon or tab, as the first line shows; UTF-8 with or without a mark, else Windows-1252; lines ended by CR LF, LF or
 * CR; a quoted cell may hold separators, line ends and doubled quotes. Hostile input: bounded in bytes, columns and
 * cells, and a bad record is told by its number and passed over, never guessed at.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define CSV_BYTES_MAX   (64UL * 1024 * 1024)
#define CSV_COLUMNS_MAX 64
#define CSV_CELL_MAX    4096 /* bytes, in UTF-8 */

struct csv;

/*
 * Reads the first record, the columns' names. `data` is borrowed. -EINVAL: empty, a NUL byte, UTF-16, no columns; -E2BIG: more
 * bytes or columns than above; -ENOMEM.
 */
int csv_new(const char *data, size_t length, struct csv **ret_csv, struct error *error);
struct csv *csv_free(struct csv *csv); /* NULL */

size_t csv_columns(const struct csv *csv);
const char *csv_name(const struct csv *csv, size_t column);
char csv_separator(const struct csv *csv);
bool csv_is_utf8(const struct csv *csv);

#define CSV_END 1
#define CSV_BAD 2 /* this record cannot be used; `why` says why; the next call goes on behind it */
/* The next record that is not empty. */
int csv_next(struct csv *csv, struct error *why);
/* As an office program numbers its lines, when no cell holds a line end: the columns' names are record 1. */
unsigned long csv_number(const struct csv *csv);
const char *csv_cell(const struct csv *csv, size_t column); /* "" beyond the record; good until csv_next() */
