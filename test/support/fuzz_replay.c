/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Runs a fuzz target without libFuzzer: every seed of a folder as it is, cut short, and with bits turned,
 * always the same way. One TAP line a seed; a folder without seeds is a failure. A target that dies takes
 * its TAP plan with it, and the runner sees that.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "base/random.h"

#define SEED_MAX      (1024 * 1024)
#define CUTS_MAX      128U
#define MUTATIONS_MAX 512U
#define BYTES_BUDGET  (8U * 1024 * 1024) /* per seed, so that a large one stays a quick one */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of exactly this length, so that a read beyond the end is one beyond the allocation. */
static void run_once(const uint8_t *data, size_t size)
{
        uint8_t *copy = malloc(size ? size : 1);

        if (!copy)
                abort();
        if (size)
                memcpy(copy, data, size);
        LLVMFuzzerTestOneInput(copy, size);
        free(copy);
}

static unsigned within_budget(unsigned wanted, size_t size)
{
        size_t affordable = BYTES_BUDGET / (size + 1);

        return affordable < wanted ? (unsigned)affordable : wanted;
}

static void run_cuts(const uint8_t *data, size_t size)
{
        unsigned cuts = within_budget(CUTS_MAX, size);

        for (unsigned i = 0; i < cuts; i++)
                run_once(data, size < cuts ? i % (size + 1) : size * i / cuts);
}

static void mutate(uint8_t *data, size_t size, const struct random *random)
{
        static const uint8_t edges[] = {0x00, 0x01, 0x7f, 0x80, 0xff, '"', '\\', '\n', '{', '-'};
        uint64_t times = 1 + random_u64(random) % 4;

        while (times--) {
                size_t at = random_u64(random) % size;
                if (random_u64(random) % 2)
                        data[at] ^= (uint8_t)(1U << (random_u64(random) % 8));
                else
                        data[at] = edges[random_u64(random) % ARRAY_LEN(edges)];
        }
}

static void run_mutations(const uint8_t *data, size_t size)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, size);
        CLEANUP(cleanup_free) uint8_t *copy = malloc(size ? size : 1);
        unsigned mutations = size ? within_budget(MUTATIONS_MAX, size) : 0;

        if (!copy)
                abort();
        while (mutations--) {
                memcpy(copy, data, size);
                mutate(copy, size, &random);
                run_once(copy, size);
        }
}

static int run_seed(const char *folder, const char *name)
{
        char path[PATH_MAX];
        CLEANUP(cleanup_free) char *data = NULL;
        size_t size;
        struct error error = {0};
        int r;

        if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
                return -ENAMETOOLONG;
        r = file_read(path, SEED_MAX, &data, &size, &error);
        if (r) {
                fprintf(stderr, "%s\n", error_text(&error, r));
                return r;
        }
        run_once((const uint8_t *)data, size);
        run_cuts((const uint8_t *)data, size);
        run_mutations((const uint8_t *)data, size);
        return 0;
}

static int visible(const struct dirent *entry)
{
        return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
        struct dirent **entries = NULL;
        int count, failed = 0;

        if (argc != 2)
                return 2;
        count = scandir(argv[1], &entries, visible, alphasort);
        if (count <= 0) {
                printf("1..1\nnot ok 1 - no seeds in %s\n", argv[1]);
                return 1;
        }
        printf("1..%d\n", count);
        for (int i = 0; i < count; i++) {
                int r = run_seed(argv[1], entries[i]->d_name);
                printf("%s %d - %s\n", r ? "not ok" : "ok", i + 1, entries[i]->d_name);
                fflush(stdout);
                failed |= r != 0;
                free(entries[i]);
        }
        free(entries);
        return failed;
}
