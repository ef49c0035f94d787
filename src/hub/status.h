/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the hub tells of the present state, as JSON (hub/protocol.h). All return new references, NULL without memory. Those that are
 * for an answer hold obligations as text (flow/json_text.h): nobody can look into them but who reads the answer.
 */
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "hub/casebook.h"

struct journal;

#define STATUS_INCIDENTS_MAX                                                                                 \
        16 /* open ones that the status shows, so that it fits a line; incident.list has them all */

/* For an answer: the newest incidents that are open or owe something, oldest first; each with its obligations. */
json_t *status_incidents(struct casebook *book);
/* For an answer: one incident with its obligations. */
json_t *status_incident_brief(struct casebook *book, const struct incident *incident);

/* Measures that stand or are proposed. */
json_t *status_measures(struct casebook *book);

/* One incident whole: its findings and measures (from the journal), its obligations, its next review. */
json_t *status_incident(struct casebook *book, const struct incident *incident, struct journal *journal);
/* The same for an answer. */
json_t *status_incident_told(struct casebook *book, const struct incident *incident, struct journal *journal);

/* {"records":n,"head":{…}|null} */
json_t *status_journal(struct journal *journal);
