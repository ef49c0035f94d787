/* SPDX-License-Identifier: EUPL-1.2 */
/* What the files of the desk share: its state, and the steps that every act goes through. */
#pragma once

#include "hub/batch.h"
#include "hub/desk.h"

struct desk {
        struct desk_options options;
        struct casebook *book;
        struct id lifted[DESK_LIFTED_MAX]; /* a ring */
        size_t lifted_count;
};

/* Refusals: each writes its sentence and returns its code. */
int desk_no_incident(const struct desk *desk, struct error *error, const char *id);
int desk_no_obligation(const struct desk *desk, struct error *error, const char *id);
int desk_by_whom(const struct desk *desk, struct error *error);

/*
 * Adds what changes among the duties; `filed` (may be NULL) is the one a person just acted on, in the batch already. *ret_owing:
 * whether one is due then.
 */
int desk_evaluate_duties(struct desk *desk, struct batch *batch, const struct incident *incident,
                         const struct obligation *filed, bool *ret_owing, struct error *error);
/* Gravity, then duties, then the records; the incident is taken over, `body` consumed. */
int desk_settle(struct desk *desk, struct batch *batch, enum record_type type, const char *author,
                struct incident *incident, json_t *body, struct error *error);
int desk_commit(struct desk *desk, struct batch *batch, uint64_t *ret_first, struct error *error);

/* The incident of a measure's finding, else the open one of its subject, else NULL. */
const struct incident *desk_incident_for(struct desk *desk, const struct measure *measure);
void desk_remember_lifted(struct desk *desk, const struct id *id);

/*
 * desk_finding() for whoever tells of it: `author` signs the incident's record, `title` (may be NULL) names a new one; `alone`
 * opens one whatever there is.
 */
int desk_finding_by(struct desk *desk, const struct finding *finding, const char *author, const json_t *title,
                    bool alone, struct id *ret_incident, struct error *error);
