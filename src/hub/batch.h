/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * batch: the records of one act at the desk, and the nouns they change. Nothing is in force until
 * batch_commit(): then all of it is on disk and in the casebook, or none of it is.
 */
#pragma once

#include <jansson.h>

#include "base/error.h"
#include "flow/catalogue.h"
#include "flow/finding.h"
#include "flow/record.h"
#include "hub/casebook.h"

#define BATCH_RECORDS_MAX 256
#define BATCH_NOUNS_MAX   128 /* of each kind */

struct journal;

struct batch {
        const struct catalogue *catalogue; /* tells which facts are free text */
        struct record_draft *drafts;       /* owned, like the nouns; most acts write a few of them */
        size_t count;
        struct incident *incidents; /* what the casebook takes over on commit; each once */
        struct measure *measures;
        struct obligation *obligations;
        size_t incident_count, measure_count, obligation_count;
        int failure; /* the first -ENOMEM or -E2BIG; batch_commit() returns it */
};

#define BATCH_INIT(facts)                                                                                    \
        {                                                                                                    \
                .catalogue = (facts)                                                                         \
        }

/* Adds a record. `body` and `personal` are consumed, `subject` and `author` borrowed until the commit. */
void batch_record(struct batch *batch, enum record_type type, const char *subject, const char *author,
                  json_t *body, json_t *personal);

/* Adds a record that carries the noun's new state, and takes the noun over (it is zeroed). */
void batch_incident(struct batch *batch, enum record_type type, const char *author, struct incident *incident,
                    json_t *body);
void batch_measure(struct batch *batch, enum record_type type, const char *author, struct measure *measure,
                   json_t *body);
void batch_obligation(struct batch *batch, enum record_type type, const char *author,
                      struct obligation *obligation, json_t *body);
/* `author` tells of it; `incident` is the one it is part of, "" for none. */
void batch_finding(struct batch *batch, const struct finding *finding, const char *author,
                   const char *incident);
/* One answer: its text, when a person typed it freely, goes beside the record. */
void batch_fact(struct batch *batch, const char *incident, const struct fact *fact);

int batch_commit(struct batch *batch, struct journal *journal, struct casebook *book, uint64_t *ret_first,
                 struct error *error);
void batch_release(struct batch *batch);
