/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * letters_bench: letters and pages a second on one core, from a table to a file on disk, and what the memory grew by from the
 * first thousand letters to the last of twenty thousand. One JSON object a line. Usage: letters_bench [FOLDER]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/paths.h"
#include "obligation/letters/batch.h"

#define LETTERS 20000
#define RUNS    3

struct bench {
        struct letter_words words[LANGUAGE_COUNT];
        struct buffer table;
        char path[512];
        struct batch_progress progress;
        atomic_bool over;
        double early_mb, late_mb;
};

static int fail(const struct error *error, int code)
{
        fprintf(stderr, "letters_bench: %s\n", error_text(error, code));
        return 1;
}

static double core_seconds(void)
{
        struct timespec spent;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
        return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

static double resident_mb(void)
{
        CLEANUP(cleanup_file) FILE *file = fopen("/proc/self/statm", "re");
        long pages = 0;

        if (!file || fscanf(file, "%*s %ld", &pages) != 1)
                return 0;
        return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

/* Looks at the memory while the letters are set. */
static void *look(void *context)
{
        struct bench *bench = context;
        const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};

        while (!atomic_load(&bench->over)) {
                double now = resident_mb();

                if (atomic_load(&bench->progress.done) < LETTERS / 20)
                        bench->early_mb = now > bench->early_mb ? now : bench->early_mb;
                bench->late_mb = now > bench->late_mb ? now : bench->late_mb;
                nanosleep(&pause, NULL);
        }
        return NULL;
}

static const char *value(void *context, const char *field)
{
        if (!strcmp(field, "structure.name"))
                return "Centre hospitalier de l’exercice";
        if (!strcmp(field, "personal_data.nature"))
                return "Une boîte aux lettres de l’accueil a été lue par un tiers pendant deux jours.";
        return NULL;
}

static int prepare(struct bench *bench, struct error *error)
{
        struct template_set set = {0};
        char folder[PATH_MAX];
        int r = paths_data("letters", folder, error);

        if (!r)
                r = templates_load(folder, NULL, &set, error);
        for (size_t i = 0; !r && i < LANGUAGE_COUNT; i++)
                r = letter_words_make(templates_find(&set, "patients"), (enum language)i, value, NULL,
                                      &bench->words[i], error);
        templates_release(&set);
        buffer_text(&bench->table, "Civilité;Nom;Prénom;Adresse;Code postal;Ville;Référence\n");
        for (int i = 0; i < LETTERS; i++)
                buffer_format(&bench->table,
                              "Madame;Nom%d;Prénom%d;%d rue de l’Exercice;%05d;Ville-sur-Mer;%d\n", i, i % 97,
                              i % 300, 10000 + i, i);
        return r;
}

static int run(struct bench *bench, double *ret_letters, double *ret_pages, struct error *error)
{
        static const struct letter_house house = {.structure = "Centre hospitalier de l’exercice",
                                                  .address = "1 rue de l’Exercice\n35000 Rennes",
                                                  .contact = "dpo@hopital.example",
                                                  .signer = "La direction",
                                                  .signer_role = "",
                                                  .batch = "l_01E41Z7Q9T3N8W2M6K5J4H3G2F",
                                                  .reference = "i_01E41Z7Q9T3N8W2M6K5J4H3G2F",
                                                  .dated_ms = 1584872100000};
        const struct batch_order order = {.csv = bench->table.data,
                                          .length = bench->table.length,
                                          .path = bench->path,
                                          .house = &house,
                                          .words = bench->words};
        double begun = core_seconds(), took;
        int r;

        atomic_store(&bench->progress.done, 0);
        atomic_store(&bench->progress.pages, 0);
        r = batch_print(&order, &bench->progress, error);
        took = core_seconds() - begun;
        unlink(bench->path);
        *ret_letters = (double)atomic_load(&bench->progress.done) / took;
        *ret_pages = (double)atomic_load(&bench->progress.pages) / took;
        return r;
}

static int by_size(const void *a, const void *b)
{
        return *(const double *)a < *(const double *)b ? -1 : *(const double *)a > *(const double *)b;
}

static void row(const char *name, double number, const char *unit, const char *better, int runs)
{
        printf("{\"name\": \"%s\", \"value\": %.1f, \"unit\": \"%s\", \"better\": \"%s\", \"peer\": null, "
               "\"peer_value\": null, \"ratio\": null, \"runs\": %d}\n",
               name, number, unit, better, runs);
}

int main(int argc, char **argv)
{
        struct bench bench = {.table = BUFFER_INIT(CSV_BYTES_MAX)};
        double letters[RUNS], pages[RUNS];
        struct error error = {0};
        pthread_t watcher;
        int r;

        snprintf(bench.path, sizeof(bench.path), "%s/letters-bench-%d.pdf", argc > 1 ? argv[1] : "/var/tmp",
                 (int)getpid());
        r = prepare(&bench, &error);
        if (r)
                return fail(&error, r);
        if (pthread_create(&watcher, NULL, look, &bench))
                return 1;
        for (int i = 0; !r && i < RUNS; i++)
                r = run(&bench, &letters[i], &pages[i], &error);
        atomic_store(&bench.over, true);
        pthread_join(watcher, NULL);
        if (r)
                return fail(&error, r);
        qsort(letters, RUNS, sizeof(double), by_size);
        qsort(pages, RUNS, sizeof(double), by_size);
        row("hub.letters_per_s", letters[RUNS / 2], "letters/s/core", "more", RUNS);
        row("hub.letter_pages_per_s", pages[RUNS / 2], "pages/s/core", "more", RUNS);
        row("hub.letters_growth_mb", bench.late_mb - bench.early_mb, "MB", "less", 1);
        for (size_t i = 0; i < LANGUAGE_COUNT; i++)
                letter_words_release(&bench.words[i]);
        buffer_release(&bench.table);
        return 0;
}
