/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/export.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/csv.h"
#include "journal/journal.h"

#define COLUMNS_MAX 16
#define CELL_MAX    64

/* Columns are paths into the document, dots between. */
static const struct {
        const char *word;
        const char *document; /* kind of the view; NULL: see export_rows() */
        const char *columns[COLUMNS_MAX];
} kinds[EXPORT_KIND_COUNT] = {
        [EXPORT_INCIDENTS] = {"incidents",
                              "incident",
                              {"id", "kind", "subject", "title.fr", "title.en", "state", "opened", "closed",
                               "gravity", "gravity_by", "last_finding"}},
        [EXPORT_OBLIGATIONS] = {"obligations",
                                "obligation",
                                {"id", "incident", "rule", "title.fr", "title.en", "recipient.fr",
                                 "recipient.en", "state", "voluntary", "clock_started", "due", "legal_basis",
                                 "filed", "filed_by", "receipt"}},
        [EXPORT_MEASURES] = {"measures",
                             "measure",
                             {"id", "kind", "subject", "owner", "state", "finding", "why.fr", "why.en",
                              "created", "expires", "ended", "dropped"}},
        [EXPORT_FINDINGS] = {"findings",
                             "finding",
                             {"id", "seen", "sensor", "kind", "subject", "phase", "confidence", "why.fr",
                              "why.en"}},
        [EXPORT_RECORDS] = {"records", NULL, {"seq", "time", "type", "subject", "author", "hash"}},
        [EXPORT_TASKS] = {"tasks",
                          "incident",
                          {"incident", "id", "playbook", "step", "role", "text.fr", "text.en", "state", "due",
                           "by", "at"}},
        [EXPORT_CONTACTS] = {"contacts",
                             "contacts",
                             {"name", "role", "phone", "phone2", "mail", "note", "calls"}},
};

const char *export_kind_word(enum export_kind kind)
{
        return (unsigned)kind < EXPORT_KIND_COUNT ? kinds[kind].word : "?";
}

int export_kind_parse(const char *word, enum export_kind *ret_kind)
{
        for (int kind = 0; kind < EXPORT_KIND_COUNT; kind++) {
                if (strcmp(kinds[kind].word, word))
                        continue;
                *ret_kind = (enum export_kind)kind;
                return 0;
        }
        return -EINVAL;
}

/* ---- one row ---- */

struct exporter {
        FILE *out;
        enum export_kind kind;
        bool csv;
        size_t rows;
};

static const json_t *member(const json_t *row, const char *path)
{
        const char *dot = strchr(path, '.');
        char head[32];

        if (!dot)
                return json_object_get(row, path);
        snprintf(head, sizeof(head), "%.*s", (int)(dot - path), path);
        return json_object_get(json_object_get(row, head), dot + 1);
}

static void write_cell(FILE *out, const json_t *value, bool first)
{
        char number[CELL_MAX];

        if (json_is_integer(value))
                snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        else if (json_is_real(value))
                snprintf(number, sizeof(number), "%.10g", json_real_value(value));
        else if (json_is_boolean(value))
                snprintf(number, sizeof(number), "%s", json_is_true(value) ? "true" : "false");
        else
                number[0] = '\0';
        csv_field(out, json_is_string(value) ? json_string_value(value) : number, first);
}

static int write_row(struct exporter *exporter, const json_t *row)
{
        const char *const *columns = kinds[exporter->kind].columns;

        if (!exporter->csv) {
                fputs(exporter->rows++ ? ",\n" : "\n", exporter->out);
                return json_dumpf(row, exporter->out, JSON_COMPACT) ? -EIO : 0;
        }
        for (size_t i = 0; i < COLUMNS_MAX && columns[i]; i++)
                write_cell(exporter->out, member(row, columns[i]), i == 0);
        csv_end(exporter->out);
        exporter->rows++;
        return ferror(exporter->out) ? -EIO : 0;
}

static void write_head(const struct exporter *exporter)
{
        const char *const *columns = kinds[exporter->kind].columns;

        if (!exporter->csv) {
                fputs("[", exporter->out);
                return;
        }
        for (size_t i = 0; i < COLUMNS_MAX && columns[i]; i++)
                csv_field(exporter->out, columns[i], i == 0);
        csv_end(exporter->out);
}

/* ---- all rows ---- */

static int write_tasks(struct exporter *exporter, const char *incident, const json_t *tasks)
{
        const json_t *task;
        size_t index;
        int r = 0;

        json_array_foreach(tasks, index, task)
        {
                json_t *row = json_copy((json_t *)task);
                if (!row || json_object_set_new(row, "incident", json_string(incident)))
                        r = -ENOMEM;
                if (!r)
                        r = write_row(exporter, row);
                json_decref(row);
                if (r)
                        return r;
        }
        return 0;
}

static int write_document(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct exporter *exporter = context;
        const json_t *one;
        size_t index;
        int r = 0;

        if (exporter->kind == EXPORT_TASKS)
                return write_tasks(exporter, id, json_object_get(json, "tasks"));
        if (exporter->kind != EXPORT_CONTACTS)
                return write_row(exporter, json);
        json_array_foreach(json_object_get(json, "contacts"), index, one)
        {
                r = write_row(exporter, one);
                if (r)
                        return r;
        }
        return 0;
}

/* What a record says of personal texts is their commitments, which prove nothing without the journal: left out. */
static int write_record(void *context, const struct record *record)
{
        char time[TIME_TEXT_SIZE], hash[2 * RECORD_HASH_SIZE + 1];
        struct exporter *exporter = context;
        json_t *row;
        int r;

        time_format(record->time_ms, time);
        for (size_t i = 0; i < RECORD_HASH_SIZE; i++)
                snprintf(hash + 2 * i, 3, "%02x", record->hash[i]);
        row = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:O}", "seq", (json_int_t)record->seq, "time", time,
                        "type", record_type_word(record->type), "subject", record->subject, "author",
                        record->author, "hash", hash, "body", record->body);
        r = row ? write_row(exporter, row) : -ENOMEM;
        json_decref(row);
        return r;
}

static int write_all(struct exporter *exporter, const char *path, struct error *error)
{
        struct journal *journal = NULL;
        int r = journal_open_readonly(path, &journal, error);

        if (r)
                return r;
        write_head(exporter);
        if (exporter->kind == EXPORT_RECORDS)
                r = journal_read(journal, 0, UINT64_MAX, write_record, exporter, error);
        else
                r = view_list(journal, kinds[exporter->kind].document, write_document, exporter, error);
        journal_close(journal);
        if (!exporter->csv)
                fputs("\n]\n", exporter->out);
        return r;
}

int export_to_file(const char *journal, enum export_kind kind, bool csv, const char *path,
                   struct error *error)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        struct exporter exporter = {.kind = kind, .csv = csv, .out = fd >= 0 ? fdopen(fd, "w") : NULL};
        int r;

        if (!exporter.out) {
                r = error_say(error, -errno, "impossible d’écrire %s : %m", "cannot write %s: %m", path);
                if (fd >= 0)
                        close(fd);
                return r;
        }
        r = write_all(&exporter, journal, error);
        if (fclose(exporter.out) && !r)
                r = error_say(error, -errno, "impossible d’écrire %s : %m", "cannot write %s: %m", path);
        if (r) {
                if (error && !error->code)
                        error_say(error, r, "l’export n’a pas pu être écrit : %m",
                                  "the export could not be written: %m");
                unlink(path);
        }
        return r;
}
