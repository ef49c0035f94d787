/* SPDX-License-Identifier: EUPL-1.2 */
/* What the hub tells of the present state, as JSON (hub/protocol.h). All return new references, NULL without memory. */
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "hub/casebook.h"

struct journal;

/* Incidents, oldest first; each with its obligations. Closed ones only when `all`. */
json_t *status_incidents(const struct casebook *book, bool all);

/* Measures that stand or are proposed; every one when `all`. */
json_t *status_measures(const struct casebook *book, bool all);

/* One incident whole: its findings (from the journal), measures, obligations. */
json_t *status_incident(const struct casebook *book, const struct incident *incident,
                        struct journal *journal);

/* {"records":n,"head":{…}|null} */
json_t *status_journal(struct journal *journal);
