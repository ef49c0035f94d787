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
#include "base/csv.h"
#include "hub/export_rows.h"
#include "journal/journal.h"

#define COLUMNS_MAX 20
#define CELL_MAX    64

/* clang-format off */
static const char *const columns[EXPORT_KIND_COUNT][COLUMNS_MAX] = {
        [EXPORT_INCIDENTS] = {"id", "kind", "subject", "title.fr", "title.en", "state", "opened", "closed", "gravity",
                              "gravity_by", "last_finding"},
        [EXPORT_FACTS] = {"incident", "name", "state", "value", "author", "at", "entered"},
        [EXPORT_TASKS] = {"incident", "id", "playbook", "step", "phase", "role", "text.fr", "text.en", "state", "due", "by",
                          "at", "entered", "public", "obligation", "measure", "measure_id"},
        [EXPORT_FINDINGS] = {"id", "seen", "sensor", "kind", "subject", "phase", "confidence", "why.fr", "why.en",
                               "evidence"},
        [EXPORT_MEASURES] = {"id", "incident", "finding", "kind", "subject", "owner", "state", "since", "until",
                             "pass_per_mille", "predicted_cost", "actual_cost", "dropped", "would_drop", "spared",
                             "why.fr", "why.en", "selector"},
        [EXPORT_OBLIGATIONS] = {"id", "incident", "rule", "title.fr", "title.en", "recipient.fr", "recipient.en", "state",
                                "voluntary", "without_delay", "clock_started", "due", "legal_basis", "why.fr", "why.en",
                                "filed", "filed_by", "receipt", "waived_reason"},
        [EXPORT_FILINGS] = {"obligation", "incident", "rule", "phase", "at", "by", "channel", "receipt", "late"},
        [EXPORT_LETTERS] = {"id", "incident", "template", "title.fr", "title.en", "language", "state", "total",
                            "left_out", "done", "pages", "csv_sha256", "pdf_sha256", "by", "at", "erase_at"},
        [EXPORT_SENDINGS] = {"letters", "incident", "from", "to", "at", "way", "tracking", "by"},
        [EXPORT_ACCOUNTS] = {"id", "name", "roles", "language", "enabled", "second_factor", "password_given",
                             "recovery_left", "created"},
        [EXPORT_APPROVALS] = {"id", "act", "account", "name", "asked", "expires", "state", "by"},
        [EXPORT_CONTACTS] = {"name", "role", "phone", "phone2", "mail", "note", "calls"},
        [EXPORT_RECORDS] = {"seq", "time", "type", "subject", "author", "hash"},
};
/* clang-format on */

#define EXPORT_KIND_WORD(name, word) word,
static const char *const words[EXPORT_KIND_COUNT] = {EXPORT_KINDS(EXPORT_KIND_WORD)};

const char *export_kind_word(enum export_kind kind)
{
        return (unsigned)kind < EXPORT_KIND_COUNT ? words[kind] : "?";
}

int export_kind_parse(const char *word, enum export_kind *ret_kind)
{
        for (int kind = 0; kind < EXPORT_KIND_COUNT; kind++) {
                if (strcmp(words[kind], word))
                        continue;
                *ret_kind = (enum export_kind)kind;
                return 0;
        }
        return -EINVAL;
}

const char *const *export_columns(enum export_kind kind)
{
        _Static_assert(sizeof(columns[0]) == COLUMNS_MAX * sizeof(char *), "the last one ends the list");
        return columns[kind];
}

/* ---- one row ---- */

struct exporter {
        FILE *out;
        const struct export_request *request;
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

static int write_cell(FILE *out, const json_t *value, bool first)
{
        CLEANUP(cleanup_free) char *whole = NULL;
        char number[CELL_MAX] = "";

        if (json_is_integer(value))
                snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        else if (json_is_real(value))
                snprintf(number, sizeof(number), "%.10g", json_real_value(value));
        else if (json_is_boolean(value))
                snprintf(number, sizeof(number), "%s", json_is_true(value) ? "true" : "false");
        else if (json_is_object(value) || json_is_array(value))
                whole = json_dumps(value, JSON_COMPACT);
        if ((json_is_object(value) || json_is_array(value)) && !whole)
                return -ENOMEM;
        csv_field(out, json_is_string(value) ? json_string_value(value) : whole ? whole : number, first);
        return 0;
}

static int write_row(void *context, const json_t *row)
{
        struct exporter *exporter = context;
        const char *const *column = columns[exporter->request->kind];
        int r = 0;

        if (!exporter->request->csv) {
                fputs(exporter->rows++ ? ",\n" : "\n", exporter->out);
                return json_dumpf(row, exporter->out, JSON_COMPACT) ? -EIO : 0;
        }
        for (size_t i = 0; column[i] && !r; i++)
                r = write_cell(exporter->out, member(row, column[i]), i == 0);
        csv_end(exporter->out);
        return ferror(exporter->out) ? -EIO : r;
}

static void write_head(const struct exporter *exporter)
{
        const char *const *column = columns[exporter->request->kind];

        if (!exporter->request->csv) {
                fputs("[", exporter->out);
                return;
        }
        for (size_t i = 0; column[i]; i++)
                csv_field(exporter->out, column[i], i == 0);
        csv_end(exporter->out);
}

/* ---- the file ---- */

static int write_all(struct exporter *exporter, struct error *error)
{
        struct journal *journal = NULL;
        int r = journal_open_readonly(exporter->request->journal, &journal, error);

        if (r)
                return r;
        write_head(exporter);
        r = export_rows(journal, exporter->request, write_row, exporter, error);
        journal_close(journal);
        if (!exporter->request->csv)
                fputs("\n]\n", exporter->out);
        return r;
}

int export_to_file(const struct export_request *request, const char *path, struct error *error)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        struct exporter exporter = {.request = request, .out = fd >= 0 ? fdopen(fd, "w") : NULL};
        int r;

        if (!exporter.out) {
                r = error_say(error, -errno, "impossible d’écrire %s : %m", "cannot write %s: %m", path);
                if (fd >= 0)
                        close(fd);
                return r;
        }
        r = write_all(&exporter, error);
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
