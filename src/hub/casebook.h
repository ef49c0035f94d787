/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * casebook: every incident, measure and obligation there is, in memory, as the journal's records have them. It is a
 * projection: casebook_load() makes the same one again from the journal alone. The hub keeps one; the command reads
 * one beside it.
 *
 * Texts that people typed are personal data: their records hold only a commitment, the document says
 * CASEBOOK_APART in their place, and loading puts in what has not been erased since.
 */
#pragma once

#include "base/error.h"
#include "flow/incident.h"
#include "flow/measure.h"
#include "flow/obligation.h"

struct journal;

#define CASEBOOK_INCIDENTS_MAX 4096
#define CASEBOOK_MEASURES_MAX                                                                                \
        16384 /* beyond, the oldest that ended leaves the memory; the journal keeps it */
#define CASEBOOK_OBLIGATIONS_MAX 65536

#define CASEBOOK_APART "(texte gardé à part ou effacé)"

struct casebook {
        struct incident *incidents; /* by id, which is by birth; owned, like the others */
        size_t incident_count;
        struct measure *measures;
        size_t measure_count;
        struct obligation *obligations;
        size_t obligation_count;
};

#define CASEBOOK_INIT                                                                                        \
        {                                                                                                    \
                0                                                                                            \
        }

/* -EIO, -ENOMEM, -E2BIG; documents that cannot be read are named in the log and left out. */
int casebook_load(struct journal *journal, struct casebook *ret_book, struct error *error);
void casebook_release(struct casebook *book);

/* NULL when there is none. Valid until the next put. */
struct incident *casebook_incident(const struct casebook *book, const char *id);
struct measure *casebook_measure(const struct casebook *book, const char *id);
struct obligation *casebook_obligation(const struct casebook *book, const char *id);

/* Replaces the one with its id or adds it; takes over what it owns and leaves it zeroed. -ENOMEM, -E2BIG. */
int casebook_put_incident(struct casebook *book, struct incident *incident);
int casebook_put_measure(struct casebook *book, struct measure *measure);
int casebook_put_obligation(struct casebook *book, struct obligation *obligation);

/* The incident that holds this finding; NULL when none does. */
struct incident *casebook_incident_of_finding(const struct casebook *book, const char *finding);
