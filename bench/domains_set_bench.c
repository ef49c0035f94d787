/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * domains_set_bench: the compiled set of names. Building from text with a million and ten million names, opening, octets a name,
 * nanoseconds a look-up of a name and all its parents, listed or not. Peers in the same run: GLib's hash table of strings asked the same
 * question, and Unbound loading the same million as a response policy zone, where it is installed. The names are made (made_names.h).
 * One JSON object a line. Usage: domains_set_bench [FOLDER]   (default: a new folder under TMPDIR or /var/tmp)
 */
#include <errno.h>
#include <glib.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "made_names.h"
#include "names/set.h"

#define MILLION 1000000
#define RUNS    5
#define QUERIES 200000
#define ROUNDS  5

struct queries {
        char *text;
        uint32_t *starts; /* one more than there are queries */
};

struct bench {
        char folder[256], list[300], compiled[300];
        double compile[RUNS], open[RUNS], hit[RUNS], miss[RUNS], peer_hit[RUNS], peer_miss[RUNS];
        double octets, peer_octets, unbound, compile_10m, peak_10m;
        struct queries listed, unlisted;
};

static int fail(const struct error *error, int code)
{
        fprintf(stderr, "domains_set_bench: %s\n", error_text(error, code));
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

static double spent_by(const struct rusage *used)
{
        return (double)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) +
               (double)(used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1e6;
}

/* ---- made lists ---- */

static int write_list(const char *path, uint64_t count, struct error *error)
{
        CLEANUP(cleanup_file) FILE *file = fopen(path, "we");
        char text[MADE_NAME_SIZE];

        if (!file)
                return error_say(error, -errno, "impossible d’écrire %s : %m", "cannot write %s: %m", path);
        for (uint64_t i = 0; i < count; i++) {
                made_name(i, text);
                fputs(text, file);
                fputc('\n', file);
        }
        return fflush(file)
                       ? error_say(error, -errno, "impossible d’écrire %s : %m", "cannot write %s: %m", path)
                       : 0;
}

static int make_queries(uint64_t first, uint64_t range, struct queries *ret_queries)
{
        struct queries queries = {.text = malloc(QUERIES * MADE_NAME_SIZE),
                                  .starts = calloc(QUERIES + 1, sizeof(uint32_t))};
        struct random_seeded seed;
        struct random random = random_seeded_view(&seed, first + 1);
        uint32_t at = 0;

        if (!queries.text || !queries.starts)
                return -ENOMEM;
        for (size_t i = 0; i < QUERIES; i++) {
                queries.starts[i] = at;
                at += (uint32_t)made_name(first + random_u64(&random) % range, queries.text + at) + 1;
        }
        queries.starts[QUERIES] = at;
        *ret_queries = queries;
        return 0;
}

/* ---- ours ---- */

static int add_line(struct set_builder *builder, const char *line, size_t length)
{
        struct name name;
        bool below;
        int r = name_clean(line, length, &name, &below);

        /* Most lists mean what is below as well; a seventh of ours does not. */
        return r ? -EINVAL
                 : set_builder_add(builder, name.text, name.length, name.text[0] % 7 != 0, 0, SET_BLOCK);
}

static int add_list(struct set_builder *builder, const char *path, struct error *error)
{
        CLEANUP(cleanup_file) FILE *file = fopen(path, "re");
        CLEANUP(cleanup_free) char *line = NULL;
        size_t size = 0;
        ssize_t length;
        int r = 0;

        if (!file)
                return error_say(error, -errno, "impossible d’ouvrir %s : %m", "cannot open %s: %m", path);
        while (!r && (length = getline(&line, &size, file)) > 0)
                r = add_line(builder, line, (size_t)length);
        return r ? error_say(error, r, "%s : %m", "%s: %m", path) : 0;
}

static int compile(const char *list, const char *compiled, uint64_t expected, struct error *error)
{
        const struct set_builder_options options = {
                .expected = expected, .generation = 1, .random = &random_system};
        struct set_builder *builder = NULL;
        int r = set_builder_new(&options, &builder, error);

        if (r)
                return r;
        set_builder_source(builder, "made");
        r = add_list(builder, list, error);
        if (!r && set_builder_names(builder) != expected)
                r = error_say(error, -EINVAL, "%llu noms et non %llu", "%llu names, not %llu",
                              (unsigned long long)set_builder_names(builder), (unsigned long long)expected);
        if (!r)
                r = set_builder_write(builder, compiled, error);
        set_builder_free(builder);
        return r;
}

/* Nanoseconds a query; -1 when an answer was wrong. */
static double time_find(const struct set *set, const struct queries *queries, bool listed)
{
        unsigned found = 0;
        double start = core_seconds();

        for (unsigned round = 0; round < ROUNDS; round++) {
                for (size_t i = 0; i < QUERIES; i++) {
                        struct set_hit hit;
                        found += set_find(set, queries->text + queries->starts[i],
                                          queries->starts[i + 1] - queries->starts[i] - 1, &hit);
                }
        }
        start = (core_seconds() - start) * 1e9 / (ROUNDS * QUERIES);
        return found == (listed ? ROUNDS * QUERIES : 0) ? start : -1;
}

static int run_ours(struct bench *bench, int run, struct error *error)
{
        struct set *set = NULL;
        double start = core_seconds();
        int r = compile(bench->list, bench->compiled, MILLION, error);

        bench->compile[run] = core_seconds() - start;
        start = seconds();
        if (!r)
                r = set_open(bench->compiled, &set, error);
        if (r)
                return r;
        bench->open[run] = (seconds() - start) * 1e3;
        bench->octets = (double)set_bytes(set) / MILLION;
        bench->hit[run] = time_find(set, &bench->listed, true);
        bench->miss[run] = time_find(set, &bench->unlisted, false);
        set_close(set);
        if (bench->hit[run] < 0 || bench->miss[run] < 0)
                return error_say(error, -EINVAL, "une réponse était fausse", "an answer was wrong");
        return 0;
}

/* In a process of its own, so that its peak is nobody else's. */
static int run_ten_millions(struct bench *bench, struct error *error)
{
        struct rusage used;
        int status, r = write_list(bench->list, 10 * MILLION, error);
        pid_t child;

        if (r)
                return r;
        child = fork();
        if (child == 0)
                _exit(compile(bench->list, bench->compiled, 10 * MILLION, error) ? fail(error, 1) : 0);
        if (child < 0 || wait4(child, &status, 0, &used) < 0 || status != 0)
                return error_say(error, -EIO, "dix millions de noms n’ont pas été compilés",
                                 "ten million names were not compiled");
        bench->compile_10m = spent_by(&used);
        bench->peak_10m = (double)used.ru_maxrss * 1024 / 1e6;
        return 0;
}

/* ---- GLib's hash table, asked for a name and its parents ---- */

static GHashTable *make_peer(double *ret_octets)
{
        GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
        char text[MADE_NAME_SIZE];

        for (uint64_t i = 0; i < MILLION; i++) {
                made_name(i, text);
                g_hash_table_insert(table, g_strdup(text), GINT_TO_POINTER(text[0] % 7 != 0 ? 2 : 1));
        }
        *ret_octets = (double)(mallinfo2().uordblks + mallinfo2().hblkhd - before) / MILLION;
        return table;
}

static bool peer_find(GHashTable *table, const char *text)
{
        bool found = g_hash_table_lookup(table, text) != NULL;

        for (const char *at = name_parent(text); at; at = name_parent(at))
                found |= GPOINTER_TO_INT(g_hash_table_lookup(table, at)) == 2;
        return found;
}

static double time_peer(GHashTable *table, const struct queries *queries)
{
        unsigned found = 0;
        double start = core_seconds();

        for (size_t i = 0; i < QUERIES; i++)
                found += peer_find(table, queries->text + queries->starts[i]);
        start = (core_seconds() - start) * 1e9 / QUERIES;
        return found <= QUERIES ? start : -1;
}

static void run_peer(struct bench *bench)
{
        GHashTable *table = make_peer(&bench->peer_octets);

        for (int run = 0; run < RUNS; run++) {
                bench->peer_hit[run] = time_peer(table, &bench->listed);
                bench->peer_miss[run] = time_peer(table, &bench->unlisted);
        }
        g_hash_table_destroy(table);
}

/* ---- Unbound with the same names as a zone of policy ---- */

static int write_zone(const struct bench *bench, const char *zone, const char *config)
{
        CLEANUP(cleanup_file) FILE *out = fopen(zone, "we");
        CLEANUP(cleanup_file) FILE *conf = fopen(config, "we");
        char text[MADE_NAME_SIZE];

        if (!out || !conf)
                return -errno;
        fputs("$TTL 60\n@ SOA localhost. root.localhost. 1 3600 600 86400 60\n@ NS localhost.\n", out);
        for (uint64_t i = 0; i < MILLION; i++) {
                made_name(i, text);
                fprintf(out, "%s CNAME .\n", text);
                if (text[0] % 7 != 0)
                        fprintf(out, "*.%s CNAME .\n", text);
        }
        fprintf(conf,
                "server:\n chroot: \"\"\n username: \"\"\n directory: \"%s\"\n pidfile: \"\"\n use-syslog: "
                "no\n"
                " logfile: \"\"\n verbosity: 1\n interface: 127.0.0.1@%d\n do-daemonize: no\n"
                " module-config: \"respip iterator\"\nremote-control:\n control-enable: no\n"
                "rpz:\n name: made.example.\n zonefile: \"%s\"\n",
                bench->folder, 20000 + getpid() % 20000, zone);
        return fflush(out) || fflush(conf) ? -EIO : 0;
}

/* What it spent of a core until "start of service"; 0 when it never said so. */
static double time_unbound(const char *config)
{
        CLEANUP(cleanup_file) FILE *talk = NULL;
        struct rusage used = {0};
        bool started = false;
        char line[512];
        int ends[2];
        pid_t child;

        if (pipe(ends))
                return 0;
        child = fork();
        if (child == 0) {
                dup2(ends[1], STDERR_FILENO);
                close(ends[0]);
                close(ends[1]);
                execlp("unbound", "unbound", "-d", "-c", config, (char *)NULL);
                _exit(127);
        }
        close(ends[1]);
        talk = fdopen(ends[0], "r");
        while (talk && !started && fgets(line, sizeof(line), talk))
                started = strstr(line, "start of service") != NULL;
        if (child > 0) {
                kill(child, SIGKILL);
                wait4(child, NULL, 0, &used);
        }
        return started ? spent_by(&used) : 0;
}

static void run_unbound(struct bench *bench)
{
        char zone[300], config[300];

        snprintf(zone, sizeof(zone), "%s/zone", bench->folder);
        snprintf(config, sizeof(config), "%s/unbound.conf", bench->folder);
        if (!write_zone(bench, zone, config))
                bench->unbound = time_unbound(config);
        if (bench->unbound == 0)
                fprintf(stderr, "domains_set_bench: Unbound is not installed or did not start; no peer for "
                                "compile_1m_s\n");
        unlink(zone);
        unlink(config);
}

/* ---- rows ---- */

static int ascending(const void *a, const void *b)
{
        double x = *(const double *)a, y = *(const double *)b;

        return (x > y) - (x < y);
}

static double median(double values[static RUNS])
{
        qsort(values, RUNS, sizeof(*values), ascending);
        return values[RUNS / 2];
}

/* A peer of 0 is none. */
static void print_row(const char *name, double value, const char *unit, const char *peer, double peer_value,
                      int runs)
{
        printf("{\"name\": \"%s\", \"value\": %.4g, \"unit\": \"%s\", \"better\": \"less\", ", name, value,
               unit);
        if (peer_value > 0)
                printf("\"peer\": \"%s\", \"peer_value\": %.4g, \"ratio\": %.4g, ", peer, peer_value,
                       peer_value / value);
        else
                printf("\"peer\": null, \"peer_value\": null, \"ratio\": null, ");
        printf("\"runs\": %d}\n", runs);
}

static int run_all(struct bench *bench, struct error *error)
{
        int r = run_ten_millions(bench, error);

        if (!r)
                r = write_list(bench->list, MILLION, error);
        if (!r &&
            (make_queries(0, MILLION, &bench->listed) || make_queries(1ULL << 32, MILLION, &bench->unlisted)))
                r = error_say(error, -ENOMEM, "%m", "%m");
        for (int run = 0; !r && run < RUNS; run++)
                r = run_ours(bench, run, error);
        if (r)
                return r;
        run_peer(bench);
        run_unbound(bench);
        return 0;
}

static void print_all(struct bench *bench)
{
        const char *peer = "glib-strings";

        print_row("domains.compile_1m_s", median(bench->compile), "s of one core", "unbound-rpz",
                  bench->unbound, RUNS);
        print_row("domains.open_1m_ms", median(bench->open), "ms", NULL, 0, RUNS);
        print_row("domains.bytes_per_name", bench->octets, "bytes", peer, bench->peer_octets, 1);
        print_row("domains.hit_ns", median(bench->hit), "ns", peer, median(bench->peer_hit), RUNS);
        print_row("domains.miss_ns", median(bench->miss), "ns", peer, median(bench->peer_miss), RUNS);
        print_row("domains.compile_10m_s", bench->compile_10m, "s of one core", NULL, 0, 1);
        print_row("domains.compile_10m_mb", bench->peak_10m, "MB", NULL, 0, 1);
}

int main(int argc, char **argv)
{
        static struct bench bench;
        const char *base = getenv("TMPDIR");
        struct error error = {0};
        int r;

        snprintf(bench.folder, sizeof(bench.folder), "%s/garde-bench-XXXXXX",
                 argc > 1 ? argv[1]
                 : base   ? base
                          : "/var/tmp");
        if (!mkdtemp(bench.folder))
                return fail(NULL, -errno) ? 1 : 0;
        snprintf(bench.list, sizeof(bench.list), "%s/list", bench.folder);
        snprintf(bench.compiled, sizeof(bench.compiled), "%s/compiled", bench.folder);
        r = run_all(&bench, &error);
        unlink(bench.list);
        unlink(bench.compiled);
        rmdir(bench.folder);
        free(bench.listed.text);
        free(bench.listed.starts);
        free(bench.unlisted.text);
        free(bench.unlisted.starts);
        if (r)
                return fail(&error, r) ? 1 : 0;
        fprintf(stderr,
                "domains_set_bench: the names are made; each look-up asks for a name and all its parents\n");
        print_all(&bench);
        return 0;
}
