/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * domains_judge_bench: names judged a second on one core, against the straightforward way: the Damerau-Levenshtein distance to every
 * protected name, in the same run. 25,000 protected names: the brands, and hosts of French public bodies. One JSON object a line.
 *
 * domains_judge_bench --judge [--absent] [--own NAME]… [--public FILE]: what bench/domains_quality.py asks: names on stdin, out comes
 * "name verdict class score imitates" a line, tabs between.
 *
 * Lists of names are not part of Garde: GARDE_DOMAINS names their folder, by default ../shared/data/domains.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "domains/judge.h"

#define RUNS      5
#define PROTECTED 25000
#define SUSPECTS  50000
#define SCANNED   40 /* by the peer in one run: it takes milliseconds each */
#define OWN_MOST  64
#define LIST_MAX  (16 * 1024 * 1024)

struct names {
        struct name *list;
        size_t count;
};

static int fail(const struct error *error, int code)
{
        fprintf(stderr, "domains_judge_bench: %s\n", error_text(error, code));
        return 1;
}

static void path_of(const char *name, char *path, size_t size)
{
        const char *folder = getenv("GARDE_DOMAINS");

        snprintf(path, size, "%s/%s", folder ? folder : "../shared/data/domains", name);
}

static int read_names(const char *file, size_t most, struct names *ret_names, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        char path[1024], *rest;
        size_t length;
        int r;

        path_of(file, path, sizeof(path));
        r = file_read(path, LIST_MAX, &text, &length, error);
        if (r)
                return r;
        ret_names->list = calloc(most, sizeof(*ret_names->list));
        if (!ret_names->list)
                return -ENOMEM;
        for (char *line = strtok_r(text, "\n", &rest); line && ret_names->count < most;
             line = strtok_r(NULL, "\n", &rest))
                if (!name_parse(line, strlen(line), &ret_names->list[ret_names->count]))
                        ret_names->count++;
        return 0;
}

/* What this process spent of one core: the claim is about a core, not about who else wants it. */
static double core_seconds(void)
{
        struct timespec spent;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
        return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

/* ---- the peer ---- */

static unsigned least(unsigned a, unsigned b)
{
        return a < b ? a : b;
}

/* Optimal string alignment, three rows. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
        unsigned rows[3][NAME_LENGTH_MAX + 1];

        for (unsigned k = 0; k <= b_length; k++)
                rows[0][k] = k;
        for (size_t i = 1; i <= a_length; i++) {
                unsigned *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];

                now[0] = (unsigned)i;
                for (size_t k = 1; k <= b_length; k++) {
                        unsigned cost = a[i - 1] != b[k - 1];

                        now[k] = least(least(before[k] + 1, now[k - 1] + 1), before[k - 1] + cost);
                        if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                                now[k] = least(now[k], earlier[k - 2] + 1);
                }
        }
        return rows[a_length % 3][b_length];
}

static const char *nearest(const struct protected *set, const struct name *name)
{
        const char *best = NULL;
        unsigned nearest = 2;

        for (size_t i = 0; i < protected_count(set); i++) {
                const char *other = protected_entry(set, (uint32_t)i)->name;
                unsigned far = distance(other, strlen(other), name->text, name->length);

                if (far < nearest) {
                        nearest = far;
                        best = other;
                }
        }
        return best;
}

/* ---- speed ---- */

static int compare_doubles(const void *a, const void *b)
{
        double left = *(const double *)a, right = *(const double *)b;

        return (left > right) - (left < right);
}

static double median(double *values)
{
        qsort(values, RUNS, sizeof(*values), compare_doubles);
        return values[RUNS / 2];
}

static double judge_run(const struct judge *judge, const struct names *suspects, size_t *flagged)
{
        double start = core_seconds();

        for (size_t i = 0; i < suspects->count; i++) {
                struct lookalike lookalike;

                *flagged += judge_level(judge, &suspects->list[i], &lookalike) != VERDICT_CLEAN;
        }
        return (double)suspects->count / (core_seconds() - start);
}

static double scan_run(const struct judge *judge, const struct names *suspects, size_t *flagged)
{
        double start = core_seconds();

        for (size_t i = 0; i < SCANNED; i++)
                *flagged +=
                        nearest(judge_protected(judge), &suspects->list[i * 997 % suspects->count]) != NULL;
        return SCANNED / (core_seconds() - start);
}

/* The first PROTECTED hosts of the list, as a file: the brands come on top. */
static int write_list(const char *path, struct error *error)
{
        struct names public = {0};
        int r = read_names("fr-public-hosts.txt", PROTECTED, &public, error);
        CLEANUP(cleanup_file) FILE *file = r ? NULL : fopen(path, "w");

        for (size_t i = 0; file && i < public.count; i++)
                fprintf(file, "%s\n", public.list[i].text);
        free(public.list);
        return r ? r : file ? 0 : -errno;
}

static void print_row(double *values, double *peers)
{
        double value = median(values), peer = median(peers);

        printf("{\"name\": \"domains.judge_per_s\", \"value\": %.0f, \"unit\": \"names/s\", \"better\": "
               "\"more\", "
               "\"peer\": \"damerau_levenshtein_scan\", \"peer_value\": %.0f, \"ratio\": %.1f, \"runs\": "
               "%d}\n",
               value, peer, value / peer, RUNS);
}

static int bench(struct error *error)
{
        char path[] = "/tmp/garde-domains-bench-XXXXXX";
        const struct judge_files files = {.public_list = path};
        double values[RUNS], peers[RUNS];
        struct names suspects = {0};
        struct judge *judge = NULL;
        size_t flagged = 0;
        int fd = mkstemp(path), r = fd < 0 ? -errno : write_list(path, error);

        cleanup_fd(&fd);
        if (!r)
                r = read_names("tranco-50k.txt", SUSPECTS, &suspects, error);
        if (!r)
                r = judge_open(&files, &judge, error);
        unlink(path);
        for (int run = 0; run < RUNS && !r; run++) {
                values[run] = judge_run(judge, &suspects, &flagged);
                peers[run] = scan_run(judge, &suspects, &flagged);
        }
        if (!r) {
                print_row(values, peers);
                fprintf(stderr, "domains.judge_per_s: %zu protected names, %zu flagged\n",
                        protected_count(judge_protected(judge)), flagged);
        }
        judge_close(judge);
        free(suspects.list);
        return r;
}

/* ---- for domains_quality.py ---- */

static void judge_line(const struct judge *judge, bool absent, const char *line)
{
        struct lookalike lookalike;
        struct name name;
        bool found;

        if (name_parse(line, strlen(line), &name)) {
                printf("%s\trefused\t-\t0\t-\n", line);
                return;
        }
        found = absent ? judge_as_if_absent(judge, &name, &lookalike)
                       : judge_level(judge, &name, &lookalike) != VERDICT_CLEAN;
        if (!found)
                printf("%s\tclean\t-\t0\t-\n", line);
        else
                printf("%s\t%s\t%s\t%.3f\t%s\n", line, verdict_word(verdict_level_of(&lookalike)),
                       lookalike_class_word(lookalike.class), lookalike.score,
                       lookalike.imitates ? lookalike.imitates : "-");
}

static int judge_stdin(struct judge_files *files, bool absent, struct error *error)
{
        struct judge *judge = NULL;
        char line[1024];
        int r = judge_open(files, &judge, error);

        while (!r && fgets(line, sizeof(line), stdin)) {
                line[strcspn(line, "\r\n")] = '\0';
                judge_line(judge, absent, line);
        }
        judge_close(judge);
        return r;
}

int main(int argc, char **argv)
{
        const char *own[OWN_MOST];
        struct judge_files files = {.own = own};
        struct error error = {0};
        bool absent = false;
        int r;

        for (int i = 2; i < argc; i++) {
                if (!strcmp(argv[i], "--absent"))
                        absent = true;
                else if (!strcmp(argv[i], "--own") && i + 1 < argc && files.own_count < OWN_MOST)
                        own[files.own_count++] = argv[++i];
                else if (!strcmp(argv[i], "--public") && i + 1 < argc)
                        files.public_list = argv[++i];
        }
        r = argc > 1 ? judge_stdin(&files, absent, &error) : bench(&error);
        return r ? fail(&error, r) : 0;
}
