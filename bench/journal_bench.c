/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * journal_bench: durable appends a second in batches, against SQLite given the same bytes in the same
 * batches with the
 * same durability; verified records a second, from the database and from an export. One JSON object a line.
 * Usage: journal_bench [FOLDER]   (default: a new folder under TMPDIR or /var/tmp: a real disk, not tmpfs)
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "journal/journal.h"

#define RUNS    5
#define BATCH   1000
#define BATCHES 50
#define RECORDS (BATCH * BATCHES)

struct bench {
        char folder[256];
        struct record_draft drafts[BATCH];
        char subjects[BATCH][40];
        double append[RUNS];
        double plain[RUNS];
        double ratio[RUNS];
        double verify[RUNS];
        double verify_file[RUNS];
        size_t line_bytes;
};

static int fail(const struct error *error, int code)
{
        fprintf(stderr, "journal_bench: %s\n", error_text(error, code));
        return code;
}

static double seconds(void)
{
        return (double)clock_mono_ns(&clock_system) / 1e9;
}

/* What this process spent of one core: the claim is about a core, not about who else wants it. */
static double core_seconds(void)
{
        struct timespec spent;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
        return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

/* What a sensor tells when a measure changes: about 450 bytes once canonical. */
static json_t *body_of(int i)
{
        return json_pack("{s:s, s:s, s:i, s:f, s:f, s:{s:s, s:s}}", "measure", "m_01J9ZC3N5V8QW2RT7XK4MHB6YD",
                         "state", i % 3 ? "standing" : "probation", "dropped", 1000 * i + 7, "predicted_cost",
                         0.0001 * (i % 50), "confidence", 0.98, "why", "fr",
                         "Rafale de paquets UDP vers le portail", "en", "Burst of UDP packets");
}

static void fill_drafts(struct bench *bench)
{
        for (int i = 0; i < BATCH; i++) {
                snprintf(bench->subjects[i], sizeof(bench->subjects[i]), "m_01J9ZC3N5V8QW2RT7XK4M%06d", i);
                bench->drafts[i] = (struct record_draft){.type = RECORD_TYPE_MEASURE_CHANGED,
                                                         .subject = bench->subjects[i],
                                                         .author = "edge",
                                                         .body = body_of(i)};
        }
}

static void path_of(const struct bench *bench, int run, const char *name, char *ret_path, size_t size)
{
        snprintf(ret_path, size, "%s/%d-%s", bench->folder, run, name);
}

static int time_append(struct bench *bench, int run, struct journal *journal, struct error *error)
{
        double start = seconds();
        uint64_t first;

        for (int i = 0; i < BATCHES; i++) {
                int r = journal_append_batch(journal, bench->drafts, BATCH, &first, error);

                if (r < 0)
                        return r;
        }
        bench->append[run] = RECORDS / (seconds() - start);
        return 0;
}

static int check_report(const struct journal_report *report, struct error *error)
{
        if (!report->ok || report->records != RECORDS + 1)
                return error_forward(error, -EBADMSG, report->faults[0].fr, report->faults[0].en);
        return 0;
}

static int time_verify(struct bench *bench, int run, struct journal *journal, struct error *error)
{
        struct journal_report report;
        char path[300];
        double start = core_seconds();
        int r = journal_verify(journal, NULL, &report, error);

        if (r >= 0)
                r = check_report(&report, error);
        if (r < 0)
                return r;
        bench->verify[run] = (RECORDS + 1) / (core_seconds() - start);
        path_of(bench, run, "export", path, sizeof(path));
        r = journal_export_file(journal, path, error);
        if (r < 0)
                return r;
        start = core_seconds();
        r = journal_verify_file(path, NULL, &report, error);
        bench->verify_file[run] = (RECORDS + 1) / (core_seconds() - start);
        return r < 0 ? r : check_report(&report, error);
}

static int run_journal(struct bench *bench, int run, struct error *error)
{
        char path[300];
        char key[300];
        struct journal_config config = {
                .path = path, .key_path = key, .clock = &clock_system, .random = &random_system};
        struct journal *journal = NULL;
        struct head head;
        int r;

        path_of(bench, run, "journal", path, sizeof(path));
        path_of(bench, run, "key", key, sizeof(key));
        r = journal_open(&config, &journal, error);
        if (r >= 0)
                r = time_append(bench, run, journal, error);
        if (r >= 0)
                r = journal_head(journal, &head, error);
        if (r >= 0)
                r = time_verify(bench, run, journal, error);
        journal_close(journal);
        return r;
}

/* The lines as the journal wrote them, for the peer to store. */
struct lines_of {
        char **line;
        int *length;
        size_t count;
};

static int load_lines(sqlite3 *from, struct lines_of *lines)
{
        sqlite3_stmt *rows = NULL;

        if (sqlite3_prepare_v2(from, "SELECT line FROM records WHERE seq > 0 ORDER BY seq", -1, &rows,
                               NULL) != SQLITE_OK)
                return -EIO;
        while (sqlite3_step(rows) == SQLITE_ROW && lines->count < RECORDS) {
                int length = sqlite3_column_bytes(rows, 0);
                char *copy = malloc((size_t)length + 1);

                if (!copy)
                        break;
                memcpy(copy, sqlite3_column_blob(rows, 0), (size_t)length);
                lines->line[lines->count] = copy;
                lines->length[lines->count++] = length;
        }
        sqlite3_finalize(rows);
        return lines->count == RECORDS ? 0 : -EIO;
}

static int insert_lines(sqlite3 *peer, const struct lines_of *lines)
{
        sqlite3_stmt *insert = NULL;
        int result = sqlite3_prepare_v2(peer, "INSERT INTO records VALUES(?1, ?2)", -1, &insert, NULL);

        for (size_t i = 0; result == SQLITE_OK && i < lines->count; i++) {
                if (i % BATCH == 0)
                        sqlite3_exec(peer, "BEGIN IMMEDIATE", NULL, NULL, NULL);
                sqlite3_bind_int64(insert, 1, (sqlite3_int64)i);
                sqlite3_bind_blob(insert, 2, lines->line[i], lines->length[i], SQLITE_STATIC);
                if (sqlite3_step(insert) != SQLITE_DONE)
                        result = SQLITE_ERROR;
                sqlite3_reset(insert);
                if (i % BATCH == BATCH - 1 && result == SQLITE_OK)
                        result = sqlite3_exec(peer, "COMMIT", NULL, NULL, NULL);
        }
        sqlite3_finalize(insert);
        return result == SQLITE_OK ? 0 : -EIO;
}

static int time_plain(struct bench *bench, int run, const struct lines_of *lines, struct error *error)
{
        char path[300];
        sqlite3 *peer = NULL;
        double start;
        int r = -EIO;

        path_of(bench, run, "plain", path, sizeof(path));
        if (sqlite3_open(path, &peer) == SQLITE_OK &&
            sqlite3_exec(peer,
                         "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4096;"
                         "CREATE TABLE records(seq INTEGER PRIMARY KEY, line BLOB NOT NULL);",
                         NULL, NULL, NULL) == SQLITE_OK) {
                start = seconds();
                r = insert_lines(peer, lines);
                bench->plain[run] = RECORDS / (seconds() - start);
        }
        sqlite3_close(peer);
        return r < 0 ? error_say(error, r, "le rival ne peut pas écrire %s : %m",
                                 "the peer cannot write %s: %m", path)
                     : 0;
}

static int run_plain(struct bench *bench, int run, struct error *error)
{
        struct lines_of lines = {.line = calloc(RECORDS, sizeof(char *)),
                                 .length = calloc(RECORDS, sizeof(int))};
        char path[300];
        sqlite3 *from = NULL;
        size_t bytes = 0;
        int r = -EIO;

        path_of(bench, run, "journal", path, sizeof(path));
        if (lines.line && lines.length &&
            sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
                r = load_lines(from, &lines);
        sqlite3_close(from);
        r = r < 0 ? error_say(error, r, "les lignes du journal sont illisibles : %m",
                              "the journal's lines cannot be read: %m")
                  : time_plain(bench, run, &lines, error);
        for (size_t i = 0; i < lines.count; i++) {
                bytes += (size_t)lines.length[i];
                free(lines.line[i]);
        }
        bench->line_bytes = bytes / RECORDS;
        free(lines.line);
        free(lines.length);
        return r;
}

static void clean_run(const struct bench *bench, int run)
{
        static const char *const names[] = {"journal", "journal-wal", "journal-shm", "journal.lock", "key",
                                            "export",  "plain",       "plain-wal",   "plain-shm"};
        char path[300];

        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
                path_of(bench, run, names[i], path, sizeof(path));
                unlink(path);
        }
}

static int ascending(const void *a, const void *b)
{
        double x = *(const double *)a;
        double y = *(const double *)b;

        return (x > y) - (x < y);
}

static double median(double *values)
{
        qsort(values, RUNS, sizeof(*values), ascending);
        return values[RUNS / 2];
}

static void print_row(const char *name, double value, const char *unit, const char *peer, double peer_value,
                      double ratio)
{
        json_t *row = json_pack("{s:s, s:f, s:s, s:s, s:s?, s:o, s:o, s:i}", "name", name, "value",
                                round(value), "unit", unit, "better", "more", "peer", peer, "peer_value",
                                peer ? json_real(round(peer_value)) : json_null(), "ratio",
                                peer ? json_real(ratio) : json_null(), "runs", RUNS);

        json_dumpf(row, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9));
        putchar('\n');
        json_decref(row);
}

static int run_all(struct bench *bench, struct error *error)
{
        for (int run = 0; run < RUNS; run++) {
                int r = run_journal(bench, run, error);

                if (r >= 0)
                        r = run_plain(bench, run, error);
                clean_run(bench, run);
                if (r < 0)
                        return r;
                bench->ratio[run] = bench->append[run] / bench->plain[run];
        }
        return 0;
}

int main(int argc, char **argv)
{
        static struct bench bench;
        const char *base = getenv("TMPDIR");
        struct error error = {.code = 0};
        int r;

        snprintf(bench.folder, sizeof(bench.folder), "%s/garde-bench-XXXXXX",
                 argc > 1 ? argv[1]
                 : base   ? base
                          : "/var/tmp");
        if (!mkdtemp(bench.folder))
                return fail(NULL, -errno) ? 1 : 0;
        fill_drafts(&bench);
        r = run_all(&bench, &error);
        rmdir(bench.folder);
        for (int i = 0; i < BATCH; i++)
                json_decref(bench.drafts[i].body);
        if (r < 0)
                return fail(&error, r) ? 1 : 0;
        fprintf(stderr, "journal_bench: %d records of %zu bytes, batches of %d, %d runs\n", RECORDS,
                bench.line_bytes, BATCH, RUNS);
        print_row("journal.append_per_s", median(bench.append), "records/s", "sqlite-plain",
                  median(bench.plain), median(bench.ratio));
        print_row("journal.verify_per_s", median(bench.verify), "records/s of one core", NULL, 0, 0);
        print_row("journal.verify_file_per_s", median(bench.verify_file), "records/s of one core", NULL, 0,
                  0);
        return 0;
}
