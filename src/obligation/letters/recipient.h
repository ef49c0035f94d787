/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * recipient: whom a letter goes to, taken from a record of a table by the names of its columns, in French or English ("Nom",
 * "Prénom", "Adresse 1", "CP", "Ville", "postcode" …; case, accents and signs do not count). At least a name, and a
 * postcode and town or a full address, must be there.
 */
#pragma once

#include "base/language.h"
#include "obligation/letters/csv.h"

#define RECIPIENT_LINES_MAX 6   /* of an address block (NF Z 10-011) */
#define RECIPIENT_LINE_SIZE 256 /* bytes */

/* clang-format off */
#define RECIPIENT_COLUMNS(X)                                                                                 \
        X(CIVILITY, "civility") X(FIRST, "first") X(LAST, "last") X(NAME, "name") X(ADDRESS, "address")      \
        X(ADDRESS1, "address1") X(ADDRESS2, "address2") X(ADDRESS3, "address3") X(POSTCODE, "postcode")      \
        X(CITY, "city") X(COUNTRY, "country") X(REFERENCE, "reference") X(LANGUAGE, "language")
/* clang-format on */
#define RECIPIENT_COLUMN_ENUM(name, word) RECIPIENT_##name,
enum recipient_column { RECIPIENT_COLUMNS(RECIPIENT_COLUMN_ENUM) RECIPIENT_COLUMN_COUNT };
const char *recipient_column_word(enum recipient_column column);

/* Which column of the table is which; SIZE_MAX: not there. */
struct recipient_map {
        size_t columns[RECIPIENT_COLUMN_COUNT];
};

/* -EINVAL when the table has no column with a name, or none with an address; the sentence names what was looked for. */
int recipient_map(const struct csv *csv, struct recipient_map *ret_map, struct error *error);

struct recipient {
        char civility[64]; /* "Madame"; "" when not said */
        char name[RECIPIENT_LINE_SIZE];
        char reference[64];
        char lines[RECIPIENT_LINES_MAX][RECIPIENT_LINE_SIZE]; /* the block, name first */
        size_t line_count;
        bool has_language;
        enum language language;
};

/* The present record. -EINVAL with why this one cannot be written to; the sentence repeats nothing of its content. */
int recipient_read(const struct csv *csv, const struct recipient_map *map, struct recipient *ret_recipient,
                   struct error *why);

/* From an address typed by a person, a line each, the name first. */
int recipient_typed(const char *text, struct recipient *ret_recipient, struct error *error);
