/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How grave an incident is, as the facts have it (CSP art. L1111-8-2, D1111-16-2 and -3):
 *   grave         consequences, actual or potential, for the safety of care, for the confidentiality or integrity
 *                 of health data, or for the normal working of the structure;
 *   significatif  grave, and it reaches beyond the structure (department, region, nation) or may touch other bodies;
 *   mineur        neither; declared of one's own will.
 * Three-valued: an unknown fact never makes it graver or lighter than the known ones prove. What
 * would settle the rest is listed. It is a proposal: a named person may decide otherwise, and then that stands.
 */
#pragma once

#include "flow/catalogue.h"
#include "flow/incident.h"

#define GRAVITY_MISSING_MAX 16

struct gravity_proposal {
        enum gravity gravity;                  /* NOT_QUALIFIED while no known fact proves a grade */
        bool settled;                          /* no unknown fact could change it */
        struct bitext why;                     /* one sentence that names the facts */
        char missing[GRAVITY_MISSING_MAX][64]; /* facts that would settle it */
        size_t missing_count;
};

/* 0 or -ENOMEM. The proposal is released by gravity_proposal_release(). */
int gravity_propose(const struct incident *incident, const struct catalogue *catalogue,
                    struct gravity_proposal *ret_proposal);
void gravity_proposal_release(struct gravity_proposal *proposal);

/* Takes the proposal over as "rule" unless a person has decided; true when that changed the incident. */
bool gravity_adopt(struct incident *incident, const struct gravity_proposal *proposal);
/* A person decides. -EINVAL when `person` is empty or a sensor, or the gravity is none. */
int gravity_decide(struct incident *incident, enum gravity gravity, const char *person, struct error *error);
