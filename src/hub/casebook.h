/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * casebook: every incident, measure and obligation there is, as the journal's records have them. It is a projection: opening
 * it makes the same one again from the journal alone. The hub keeps one; the command reads one beside it.
 *
 * A few words of each incident stay in memory (struct casebook_brief); the incident whole, with its obligations, is read from
 * the journal's views when somebody asks for it, and the CASEBOOK_CASES asked for last are kept. So tens of thousands of
 * incidents take a few megabytes. Measures that stand are all in memory; the others are read likewise.
 *
 * Pointers are valid until CASEBOOK_PINNED other incidents (or ended measures) were asked for, or the same one was put.
 *
 * Texts that people typed are personal data: their records hold only a commitment, the document says
 * CASEBOOK_APART in their place, and reading puts in what has not been erased since.
 */
#pragma once

#include "base/error.h"
#include "base/random.h"
#include "flow/incident.h"
#include "flow/measure.h"
#include "flow/obligation.h"

struct journal;
struct casebook;

#define CASEBOOK_CASES         512
#define CASEBOOK_PINNED        64
#define CASEBOOK_INCIDENTS_MAX (1024 * 1024)
#define CASEBOOK_STANDING_MAX  4096 /* measures that stand or are proposed */
#define CASEBOOK_ENDED         1024 /* measures that ended, kept in memory */

#define CASEBOOK_APART "(texte gardé à part ou effacé)"

struct casebook_brief {
        struct id id;
        char kind[32], subject[64];
        bool open, owing;
        enum gravity gravity;
        int64_t opened_ms, last_finding_ms;
};

/* -EIO, -ENOMEM, -E2BIG; documents that cannot be read are named in the log and left out. `random` keys the tables. */
int casebook_open(struct journal *journal, const struct random *random, struct casebook **ret_book,
                  struct error *error);
struct casebook *casebook_close(struct casebook *book); /* NULL */

/* Not over: open, or closed and owing. */
bool casebook_is_pending(const struct casebook_brief *brief);

/* In the order of their ids, which is that of their birth. */
size_t casebook_count(const struct casebook *book);
const struct casebook_brief *casebook_brief(const struct casebook *book, size_t index);
/* The index of the first brief whose id is greater; to begin a page there. */
size_t casebook_after(const struct casebook *book, const char *id);

/* Those of one kind, open or closed, newest first: an index, CASEBOOK_NONE behind the last. Good until something is put. */
#define CASEBOOK_NONE UINT32_MAX
uint32_t casebook_newest(const struct casebook *book, const char *kind, bool open);
uint32_t casebook_older(const struct casebook *book, uint32_t index);

/* NULL when there is none, or it cannot be read (the log says why). */
struct incident *casebook_incident(struct casebook *book, const char *id);
struct measure *casebook_measure(struct casebook *book, const char *id);
struct obligation *casebook_obligation(struct casebook *book, const char *id);

/* Those of one incident, oldest first. */
const struct obligation *casebook_obligations(struct casebook *book, const char *incident, size_t *ret_count);

/*
 * The same for an answer: as the journal keeps them (json_text_raw()) unless a person's text must be put back. New reference.
 */
json_t *casebook_obligations_told(struct casebook *book, const char *incident);

/* Measures that stand or are proposed, oldest first. */
const struct measure *casebook_standing(const struct casebook *book, size_t *ret_count);
bool measure_is_over(const struct measure *measure);

/* Replaces the one with its id or adds it; takes over what it owns and leaves it zeroed. -ENOMEM, -E2BIG. */
int casebook_put_incident(struct casebook *book, struct incident *incident);
int casebook_put_measure(struct casebook *book, struct measure *measure);
int casebook_put_obligation(struct casebook *book, struct obligation *obligation);

/* The incident that holds this finding; false when none does. */
bool casebook_incident_of_finding(struct casebook *book, const char *finding, struct id *ret_incident);

/* After an erasure the text must not live on in memory. */
void casebook_forget(struct casebook *book);
