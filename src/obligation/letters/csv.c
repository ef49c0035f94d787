/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/letters/csv.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

struct csv {
        const char *data;
        size_t length, at;
        char separator;
        bool utf8;
        unsigned long number;
        size_t columns; /* of the first record */
        size_t count;   /* of the present one */
        size_t lengths[CSV_COLUMNS_MAX];
        char names[CSV_COLUMNS_MAX][CSV_CELL_MAX + 1];
        char cells[CSV_COLUMNS_MAX][CSV_CELL_MAX + 1];
};

enum fault { FAULT_NONE, FAULT_COLUMNS, FAULT_CELL, FAULT_QUOTE, FAULT_OPEN, FAULT_LETTER };

/* Windows-1252 between 0x80 and 0x9f; 0 where it has no letter (Unicode's bestfit tables leave five places empty). */
static const gunichar upper[32] = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                   0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                   0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                   0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

/* ---- letters into cells ---- */

static enum fault cell_bytes(struct csv *csv, const char *bytes, size_t length)
{
        size_t *used = &csv->lengths[csv->count];

        if (*used + length > CSV_CELL_MAX)
                return FAULT_CELL;
        memcpy(csv->cells[csv->count] + *used, bytes, length);
        *used += length;
        csv->cells[csv->count][*used] = '\0';
        return FAULT_NONE;
}

static enum fault cell_letter(struct csv *csv, unsigned char letter)
{
        gunichar c = letter >= 0x80 && letter < 0xa0 ? upper[letter - 0x80] : letter;
        char bytes[8];

        if (csv->utf8 || letter < 0x80)
                return cell_bytes(csv, (const char *)&letter, 1);
        return c ? cell_bytes(csv, bytes, (size_t)g_unichar_to_utf8(c, bytes)) : FAULT_LETTER;
}

static enum fault cell_begin(struct csv *csv)
{
        if (csv->count == CSV_COLUMNS_MAX)
                return FAULT_COLUMNS;
        csv->lengths[csv->count] = 0;
        csv->cells[csv->count][0] = '\0';
        return FAULT_NONE;
}

/* ---- one record ---- */

static bool at_line_end(const struct csv *csv)
{
        return csv->at == csv->length || csv->data[csv->at] == '\n' || csv->data[csv->at] == '\r';
}

static void pass_line_end(struct csv *csv)
{
        if (csv->at < csv->length && csv->data[csv->at] == '\r')
                csv->at++;
        if (csv->at < csv->length && csv->data[csv->at] == '\n')
                csv->at++;
}

static enum fault quoted(struct csv *csv)
{
        enum fault fault = FAULT_NONE;

        for (csv->at++; csv->at < csv->length; csv->at++) {
                char letter = csv->data[csv->at];

                if (letter == '"' && csv->at + 1 < csv->length && csv->data[csv->at + 1] == '"') {
                        csv->at++;
                } else if (letter == '"') {
                        csv->at++;
                        return fault;
                }
                if (!fault)
                        fault = cell_letter(csv, (unsigned char)letter);
        }
        return FAULT_OPEN;
}

/* What follows the first fault of a record is still passed over as the record it is. */
static enum fault one_cell(struct csv *csv, enum fault fault)
{
        if (csv->at < csv->length && csv->data[csv->at] == '"') {
                enum fault inner = quoted(csv);

                fault = fault ? fault : inner;
                if (!at_line_end(csv) && csv->data[csv->at] != csv->separator)
                        fault = fault ? fault : FAULT_QUOTE;
        }
        while (!at_line_end(csv) && csv->data[csv->at] != csv->separator) {
                if (!fault)
                        fault = cell_letter(csv, (unsigned char)csv->data[csv->at]);
                csv->at++;
        }
        return fault;
}

static enum fault one_record(struct csv *csv)
{
        enum fault fault = FAULT_NONE;

        csv->count = 0;
        csv->number++;
        for (;;) {
                enum fault begun = cell_begin(csv);

                fault = fault ? fault : begun;
                if (begun)
                        csv->count--; /* too many: the rest goes into the last one, and is thrown away */
                fault = one_cell(csv, fault);
                csv->count++;
                if (at_line_end(csv))
                        break;
                csv->at++;
        }
        pass_line_end(csv);
        return fault;
}

static bool is_empty(const struct csv *csv)
{
        for (size_t i = 0; i < csv->count; i++)
                if (csv->lengths[i])
                        return false;
        return true;
}

static int say_fault(enum fault fault, struct error *why)
{
        switch (fault) {
        case FAULT_COLUMNS:
                return error_say(why, -EINVAL, "plus de %d colonnes", "more than %d columns",
                                 CSV_COLUMNS_MAX);
        case FAULT_CELL:
                return error_say(why, -EINVAL, "une cellule de plus de %d octets",
                                 "a cell of more than %d bytes", CSV_CELL_MAX);
        case FAULT_QUOTE:
                return error_say(why, -EINVAL, "du texte derrière un guillemet fermant",
                                 "text behind a closing quote");
        case FAULT_OPEN:
                return error_say(why, -EINVAL, "un guillemet ouvert n’est jamais fermé",
                                 "a quote is opened and never closed");
        default:
                return error_say(why, -EINVAL, "un caractère qui n’est d’aucune écriture connue",
                                 "a letter of no known encoding");
        }
}

int csv_next(struct csv *csv, struct error *why)
{
        enum fault fault;

        do {
                if (csv->at == csv->length)
                        return CSV_END;
                fault = one_record(csv);
        } while (!fault && is_empty(csv));
        while (!fault && csv->count > csv->columns && !csv->lengths[csv->count - 1])
                csv->count--;
        if (fault)
                say_fault(fault, why);
        else if (csv->count != csv->columns)
                error_say(why, -EINVAL, "%zu cellules au lieu de %zu", "%zu cells instead of %zu", csv->count,
                          csv->columns);
        else
                return 0;
        return CSV_BAD;
}

/* ---- the whole ---- */

/* The one that stands most often in the first line, outside quotes; semicolons, as French programs write them, when none does. */
static char guess_separator(const char *data, size_t length)
{
        static const char separators[] = {';', ',', '\t'};
        size_t counts[sizeof(separators)] = {0}, best = 0;
        bool inside = false;

        for (size_t i = 0; i < length && (inside || (data[i] != '\n' && data[i] != '\r')); i++) {
                if (data[i] == '"')
                        inside = !inside;
                for (size_t k = 0; !inside && k < sizeof(separators); k++)
                        counts[k] += data[i] == separators[k];
        }
        for (size_t k = 1; k < sizeof(separators); k++)
                if (counts[k] > counts[best])
                        best = k;
        return separators[best];
}

static int refuse(const char *data, size_t length, struct error *error)
{
        if (length > CSV_BYTES_MAX)
                return error_say(error, -E2BIG, "le tableau dépasse %lu Mio", "the table is over %lu MiB",
                                 CSV_BYTES_MAX >> 20);
        if (length >= 2 && (!memcmp(data, "\xff\xfe", 2) || !memcmp(data, "\xfe\xff", 2)))
                return error_say(error, -EINVAL, "le tableau est en UTF-16 ; enregistrez-le en « CSV UTF-8 »",
                                 "the table is in UTF-16; save it as “CSV UTF-8”");
        if (memchr(data, 0, length))
                return error_say(error, -EINVAL, "ce n’est pas un tableau CSV : il contient un octet nul",
                                 "this is no CSV table: it holds a NUL byte");
        return 0;
}

static int read_names(struct csv *csv, struct error *error)
{
        enum fault fault;

        do {
                if (csv->at == csv->length)
                        return error_say(error, -EINVAL, "le tableau est vide", "the table is empty");
                fault = one_record(csv);
        } while (!fault && is_empty(csv));
        if (fault) {
                say_fault(fault, error);
                return error_context(error, fault == FAULT_COLUMNS ? -E2BIG : -EINVAL, "la ligne des titres",
                                     "the line of titles");
        }
        csv->columns = csv->count;
        memcpy(csv->names, csv->cells, sizeof(csv->names));
        return 0;
}

int csv_new(const char *data, size_t length, struct csv **ret_csv, struct error *error)
{
        struct csv *csv;
        int r = refuse(data, length, error);

        if (r)
                return r;
        csv = calloc(1, sizeof(*csv));
        if (!csv)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (length >= 3 && !memcmp(data, "\xef\xbb\xbf", 3)) {
                data += 3;
                length -= 3;
        }
        *csv = (struct csv){.data = data,
                            .length = length,
                            .separator = guess_separator(data, length),
                            .utf8 = g_utf8_validate(data, (gssize)length, NULL)};
        r = read_names(csv, error);
        if (r) {
                csv_free(csv);
                return r;
        }
        *ret_csv = csv;
        return 0;
}

struct csv *csv_free(struct csv *csv)
{
        if (csv)
                explicit_bzero(csv, sizeof(*csv)); /* names and addresses of patients */
        free(csv);
        return NULL;
}

size_t csv_columns(const struct csv *csv)
{
        return csv->columns;
}

const char *csv_name(const struct csv *csv, size_t column)
{
        return column < csv->columns ? csv->names[column] : "";
}

char csv_separator(const struct csv *csv)
{
        return csv->separator;
}

bool csv_is_utf8(const struct csv *csv)
{
        return csv->utf8;
}

unsigned long csv_number(const struct csv *csv)
{
        return csv->number;
}

const char *csv_cell(const struct csv *csv, size_t column)
{
        return column < csv->count ? csv->cells[column] : "";
}
