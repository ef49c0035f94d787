/* SPDX-License-Identifier: EUPL-1.2 */
/* Tables: RFC 4180, with a comma, a semicolon or a tab between the fields, and # in front of comments as abuse lists have them. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "domains/list_private.h"

#define FIELDS_MAX 64

struct table {
        struct list_reading *reading;
        struct list_lines *lines;
        char separator;
        int column, why; /* from 0; -1: not known, none */
        size_t length;   /* of record */
        char record[LIST_LINE_MAX + 1];
        struct {
                char *text;
                size_t length;
        } field[FIELDS_MAX];
        int fields;
};

/* ---- a record ---- */

static bool quotes_are_open(const char *text, size_t length)
{
        bool open = false;

        for (size_t i = 0; i < length; i++)
                open ^= text[i] == '"';
        return open;
}

/* A quoted field may hold the ends of lines: 1 and the record, 0 at the end, negative. */
static int record_next(struct table *table)
{
        char *line;
        size_t length;
        int r = list_line(table->reading, table->lines, &line, &length);

        if (r <= 0)
                return r;
        memcpy(table->record, line, length);
        table->length = length;
        while (quotes_are_open(table->record, table->length)) {
                r = list_line(table->reading, table->lines, &line, &length);
                if (r < 0)
                        return r;
                if (!r || table->length + 1 + length > LIST_LINE_MAX) {
                        list_refuse(table->reading, LIST_REFUSED_SYNTAX, table->record, table->length);
                        table->length = 0;
                        return 1;
                }
                table->record[table->length++] = ' ';
                memcpy(table->record + table->length, line, length);
                table->length += length;
        }
        return 1;
}

/* A field in quotes, "" for one of them: moves the text together, *ret_stop is its end; returns where the separator is looked for. */
static char *take_quoted(char *at, char *end, char **ret_stop)
{
        char *to = at;

        while (at < end && !(*at == '"' && (at + 1 == end || at[1] != '"'))) {
                at += *at == '"';
                *to++ = *at++;
        }
        *ret_stop = to;
        return at;
}

static char *find_separator(const struct table *table, char *at, char *end)
{
        char *found = memchr(at, table->separator, (size_t)(end - at));

        return found ? found : end;
}

/* Splits the record in place. */
static void split(struct table *table)
{
        char *at = table->record, *end = at + table->length, *text, *stop;

        for (table->fields = 0; at <= end && table->fields < FIELDS_MAX; at++) {
                while (at < end && (*at == ' ' || *at == '\t') && *at != table->separator)
                        at++;
                if (at < end && *at == '"') {
                        text = at + 1;
                        at = find_separator(table, take_quoted(text, end, &stop), end);
                } else {
                        text = at;
                        stop = at = find_separator(table, at, end);
                        while (stop > text && isspace((unsigned char)stop[-1]))
                                stop--;
                }
                table->field[table->fields].text = text;
                table->field[table->fields++].length = (size_t)(stop - text);
        }
}

/* ---- its head ---- */

/* The one that stands most often in the first record. */
static char guess_separator(const char *text, size_t length)
{
        const char candidates[] = {',', ';', '\t'};
        size_t most = 0;
        char best = ',';

        for (size_t c = 0; c < sizeof(candidates); c++) {
                size_t count = 0;

                for (size_t i = 0; i < length; i++)
                        count += text[i] == candidates[c];
                if (count > most) {
                        most = count;
                        best = candidates[c];
                }
        }
        return best;
}

static bool field_is(const struct table *table, int field, const char *word)
{
        return table->field[field].length == strlen(word) &&
               !strncasecmp(table->field[field].text, word, strlen(word));
}

static int column_named(const struct table *table, const char *name)
{
        for (int i = 0; i < table->fields; i++)
                if (field_is(table, i, name))
                        return i;
        return -1;
}

static int column_usual(const struct table *table)
{
        static const char *const usual[] = {"domain", "domaine", "hostname",  "host",  "fqdn", "name",
                                            "nom",    "url",     "indicator", "value", "ioc"};
        int column = -1;

        for (size_t i = 0; column < 0 && i < ARRAY_LEN(usual); i++)
                column = column_named(table, usual[i]);
        return column;
}

static int column_number(const char *text)
{
        char *end;
        long number = text ? strtol(text, &end, 10) : 0;

        return text && *text && !*end && number >= 1 && number <= FIELDS_MAX ? (int)number - 1 : -1;
}

/* Without a head, the first field that reads as a name. */
static int column_of_names(const struct table *table)
{
        struct name name;
        bool below;

        for (int i = 0; i < table->fields; i++)
                if (!name_clean(table->field[i].text, table->field[i].length, &name, &below))
                        return i;
        return -1;
}

/* Looks at the first record. *ret_head: it is a head and holds no entry. */
static int find_columns(struct table *table, bool *ret_head)
{
        const struct list_options *options = table->reading->options;

        table->column = column_number(options->column);
        *ret_head = false;
        if (table->column < 0 && options->column) {
                table->column = column_named(table, options->column);
                if (table->column < 0)
                        return error_say(table->reading->error, -EINVAL,
                                         "ligne %llu : pas de colonne « %s » dans cette table",
                                         "line %llu: this table has no column “%s”",
                                         (unsigned long long)table->reading->line, options->column);
                *ret_head = true;
        } else if (table->column < 0) {
                table->column = column_usual(table);
                *ret_head = table->column >= 0;
                if (table->column < 0)
                        table->column = column_of_names(table);
        }
        table->why = options->why_column ? column_number(options->why_column) : -1;
        if (table->why < 0 && options->why_column) {
                table->why = column_named(table, options->why_column);
                *ret_head |= table->why >= 0;
        }
        return 0;
}

/* ---- its rows ---- */

static void copy_why(const struct table *table, char ret_why[static LIST_WHY_SIZE])
{
        size_t length = 0;

        if (table->why >= 0 && table->why < table->fields)
                length = list_why(table->field[table->why].text, table->field[table->why].length, ret_why);
        ret_why[length] = '\0';
}

static int take_row(struct table *table)
{
        char why[LIST_WHY_SIZE];
        const struct list_entry like = {.why = why};

        if (table->column >= table->fields) {
                list_refuse(table->reading, LIST_REFUSED_SYNTAX, table->record, table->length);
                return 0;
        }
        copy_why(table, why);
        return list_offer(table->reading, table->field[table->column].text,
                          table->field[table->column].length, &like);
}

static int take_record(struct table *table, bool *started)
{
        bool head = false;
        int r;

        if (!*started)
                table->separator = guess_separator(table->record, table->length);
        split(table);
        if (!*started) {
                r = find_columns(table, &head);
                if (r)
                        return r;
                *started = table->column >= 0;
        }
        if (table->column < 0)
                list_refuse(table->reading, LIST_REFUSED_SYNTAX, table->record, table->length);
        return head || table->column < 0 ? 0 : take_row(table);
}

static bool is_blank_record(struct table *table)
{
        static const char bom[] = "\xef\xbb\xbf";

        if (table->length >= 3 && !memcmp(table->record, bom, 3)) {
                table->length -= 3;
                memmove(table->record, table->record + 3, table->length);
        }
        return !table->length || table->record[0] == '#';
}

int list_read_csv(struct list_reading *reading, struct list_lines *lines)
{
        CLEANUP(cleanup_free) struct table *table = malloc(sizeof(*table));
        bool started = false;
        int r;

        if (!table)
                return error_say(reading->error, -ENOMEM, "mémoire insuffisante", "out of memory");
        table->reading = reading;
        table->lines = lines;
        table->separator = ',';
        table->column = table->why = -1;
        while ((r = record_next(table)) > 0) {
                r = is_blank_record(table) ? 0 : list_check_page(reading, table->record, table->length);
                if (!r && !is_blank_record(table))
                        r = take_record(table, &started);
                if (r)
                        return r;
        }
        return r;
}
