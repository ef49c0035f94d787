/* SPDX-License-Identifier: EUPL-1.2 */
/* What the parts of the batches share: one that waits or is being printed. */
#pragma once

#include "hub/letters.h"

struct letters_job {
        char id[ID_TEXT_SIZE];
        char incident[ID_TEXT_SIZE];
        json_t *document; /* as it was written last */
        struct letter_words words[LANGUAGE_COUNT];
        struct letter_house house;
        char structure[128], address[256], contact[300], signer[96], signer_role[96], zone[64];
        enum language otherwise;
        struct recipient typed;
        bool has_table, has_typed;
        char csv[4200], pdf[4200];
        struct batch_progress progress;
        atomic_bool finished;
        int result;
        struct error error;
        char pdf_sha256[65];
};

/* The words and the sender, from the incident as it is now. -ENOENT, -ENOMEM. */
int letters_job_fill(struct letters_job *job, const struct world *world,
                     const struct letter_template *template, struct error *error);
void letters_job_free(struct letters_job *job);

/* Prints, on a thread of its own: result, error, pdf_sha256. */
void letters_job_print(struct letters_job *job);
