/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "hub/letters_private.h"
#include "hub/letters_values.h"

static void fill_house(struct letters_job *job, const struct world *world)
{
        const struct config *config = world->config;
        const struct config_person *signer =
                config->people.direction.name[0] ? &config->people.direction : &config->people.declarant;

        snprintf(job->structure, sizeof(job->structure), "%s", config->structure.name);
        snprintf(job->address, sizeof(job->address), "%s", config->structure.address);
        for (char *at = job->address; *at; at++)
                if (at[0] == ',' && at[1] == ' ')
                        *at = '\n';
        snprintf(job->contact, sizeof(job->contact), "%s%s%s", config->people.dpo.mail,
                 config->people.dpo.mail[0] && config->people.dpo.phone[0] ? " · " : "",
                 config->people.dpo.phone);
        snprintf(job->signer, sizeof(job->signer), "%s", signer->name);
        snprintf(job->signer_role, sizeof(job->signer_role), "%s", signer->function);
        snprintf(job->zone, sizeof(job->zone), "%s", config->structure.timezone);
        job->house = (struct letter_house){.structure = job->structure,
                                           .address = job->address,
                                           .contact = job->contact,
                                           .signer = job->signer,
                                           .signer_role = job->signer_role,
                                           .zone = job->zone,
                                           .batch = job->id,
                                           .reference = job->incident,
                                           .dated_ms = clock_wall_ms(world->clock)};
}

int letters_job_fill(struct letters_job *job, const struct world *world,
                     const struct letter_template *template, struct error *error)
{
        struct letters_values values = {.world = world,
                                        .incident = casebook_incident(desk_book(world->desk), job->incident)};
        int r = 0;

        if (!values.incident)
                return error_say(error, -ENOENT, "aucun incident « %s »", "no incident “%s”", job->incident);
        for (size_t i = 0; !r && i < LANGUAGE_COUNT; i++) {
                values.language = (enum language)i;
                r = letter_words_make(template, values.language, letters_value, &values, &job->words[i],
                                      error);
        }
        bitext_release(&values.last);
        fill_house(job, world);
        return r;
}

void letters_job_free(struct letters_job *job)
{
        if (!job)
                return;
        for (size_t i = 0; i < LANGUAGE_COUNT; i++)
                letter_words_release(&job->words[i]);
        json_decref(job->document);
        explicit_bzero(&job->typed, sizeof(job->typed));
        free(job);
}

/* ---- on the thread ---- */

static int digest(const char *path, char ret_hex[static 65], struct error *error)
{
        CLEANUP(cleanup_file) FILE *file = fopen(path, "re");
        unsigned char block[65536], hash[crypto_hash_sha256_BYTES];
        crypto_hash_sha256_state state;
        size_t n;

        if (!file)
                return error_say(error, -errno, "%s ne se relit pas : %m", "%s cannot be read again: %m",
                                 path);
        crypto_hash_sha256_init(&state);
        while ((n = fread(block, 1, sizeof(block), file)) > 0)
                crypto_hash_sha256_update(&state, block, n);
        if (ferror(file))
                return error_say(error, -EIO, "%s ne se relit pas", "%s cannot be read again", path);
        crypto_hash_sha256_final(&state, hash);
        sodium_bin2hex(ret_hex, 65, hash, sizeof(hash));
        return 0;
}

/* The table is mapped: only the part that is being read is in memory. */
static int print_table(struct letters_job *job, struct batch_order *order, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = open(job->csv, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        struct stat st;
        void *table;
        int r;

        if (fd < 0 || fstat(fd, &st))
                return error_say(error, -errno, "le tableau des destinataires n’est plus là : %m",
                                 "the table of recipients is not there any more: %m");
        if (st.st_size <= 0)
                return error_say(error, -EINVAL, "le tableau est vide", "the table is empty");
        table = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (table == MAP_FAILED)
                return error_say(error, -errno, "le tableau ne se lit pas : %m",
                                 "the table cannot be read: %m");
        order->csv = table;
        order->length = (size_t)st.st_size;
        r = batch_print(order, &job->progress, error);
        munmap(table, (size_t)st.st_size);
        return r;
}

void letters_job_print(struct letters_job *job)
{
        struct batch_order order = {.path = job->pdf,
                                    .house = &job->house,
                                    .words = job->words,
                                    .otherwise = job->otherwise,
                                    .typed = job->has_typed ? &job->typed : NULL};

        job->result = job->has_table ? print_table(job, &order, &job->error)
                                     : batch_print(&order, &job->progress, &job->error);
        if (!job->result)
                job->result = digest(job->pdf, job->pdf_sha256, &job->error);
}
