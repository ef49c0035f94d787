/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * letters: batches of letters being printed on a thread of their own, one after the other, while the desk goes on. Of a batch the
 * journal knows counts and SHA-256, as a document of the kind "letters"; names and addresses stay in STATE/hub/letters, mode 0600:
 * the table until its letters are printed, the letters until somebody erases them or LETTERS_DAYS are over.
 *
 *   {"id","incident","template","title":{fr,en},"language","state":"waiting|making|made|failed|stopped|erased","total","left_out",
 *    "done","pages","csv_sha256"|null,"pdf_sha256"|null,"by","at","erase_at"|null,
 *    "sent":[{"from","to","at","way","tracking","by"}]}
 */
#pragma once

#include <jansson.h>
#include <uv.h>

#include "hub/world.h"
#include "obligation/letters/batch.h"

#define LETTERS_WAITING_MAX 16
#define LETTERS_DAYS        30
#define LETTERS_SENT_MAX    500 /* lines of proof of a batch */

struct letters;

/* Takes up batches that a stop interrupted; erases what is over. `world` and `templates` are borrowed. */
int letters_open(uv_loop_t *loop, struct world *world, const struct template_set *templates,
                 struct letters **ret_letters, struct error *error);
struct letters *letters_close(struct letters *letters); /* NULL; stops what is being printed */

const struct template_set *letters_templates(const struct letters *letters);

struct letters_request {
        const struct letter_template *template;
        const char *incident;
        enum language language;
        const char *author;
        const char *id;    /* made by the caller, prefix l */
        bool has_table;    /* it lies at letters_table_path() already */
        const char *typed; /* address, a line each, or NULL */
        unsigned long total, left_out;
        const char *csv_sha256; /* or NULL */
};
/* Writes the batch down and has it printed. *ret_document is a new reference. -EAGAIN when too many wait. */
int letters_begin(struct letters *letters, const struct letters_request *request, json_t **ret_document,
                  struct error *error);

/* Where the table of this batch is to lie, mode 0600. */
void letters_table_path(const struct letters *letters, const char *id, char *ret_path, size_t size);

/* With the progress of now. -ENOENT. New reference. */
int letters_find(struct letters *letters, const char *id, json_t **ret_document, struct error *error);
/* -ENOENT, -EALREADY when it is not being made. */
int letters_stop(struct letters *letters, const char *id, struct error *error);
/* The PDF of a batch that is made; -EBUSY while it is not. */
int letters_path(struct letters *letters, const char *id, char *ret_path, size_t size, struct error *error);
/* -EALREADY. */
int letters_erase(struct letters *letters, const char *id, const char *author, const char *reason,
                  struct error *error);
/* Adds a line of proof; consumed. */
int letters_sent(struct letters *letters, const char *id, const char *author, json_t *line,
                 struct error *error);
