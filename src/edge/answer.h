/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What to do about a flood: signatures that match it and (almost) nothing of what is normal; if they cannot
 * make the load fit, the rungs: challenge, then countries by excess over their normal share, then continents.
 * Pure: rows in, proposals out.
 *
 * A signature's worth is the packets/s it takes off minus what it takes of normal traffic. Conjunctions
 * are grown facet by facet with a beam (Clark and Niblett, CN2, 1989), from the class of packets upwards, until their cost
 * on the baseline is allowed; the best one is kept, its packets are taken away, and so on until the rest fits. Each is
 * then narrowed as long as it loses nothing. When places run out, two signatures give way to the narrowest one that
 * covers both, if its cost is allowed too. A thin baseline is not taken at its word: PRIOR_ROWS rows as common
 * stacks would send them (prior.h) are counted with it. Never grounds for a drop: a source address, or a country by itself
 * for known-good sources.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edge/baseline.h"
#include "edge/evidence.h"
#include "edge/shield.h"

#define ANSWER_PROPOSALS (SHIELD_PLAN_SLOTS * 2)

struct answer_row {
        const struct shield_features *features;
        double pps; /* packets a second it stands for */
};

/*
 * How much work a call may do, in units of about a tenth of a microsecond on a machine of 2020 (counted by rows and
 * candidates, never by a clock: same samples, same answer), so that a capture made for it cannot stop the ticks. A search that was cut is taken up again by the next call:
 * classes searched in vain wait until the others were. One class alone never needs more than ANSWER_EFFORT_LEAST.
 */
#define ANSWER_EFFORT_LEAST 150000
struct answer_effort {
        unsigned left;
        unsigned searched; /* bit n: enum shield_class n, in vain; carried from call to call */
        bool cut;          /* by this call, or by an earlier one that spent of the same `left` */
};

/* A signature that stands already and may give way to a wider one that covers it. */
struct answer_standing {
        struct shield_signature signature;
        double matched_pps;
};

struct answer_question {
        const struct answer_row *rows; /* unexplained packets: passing, of sources that would not be spared */
        size_t row_count;
        double load_pps;      /* what they stand for */
        double fit_pps;       /* what may remain */
        double cost_max;      /* of normal packets, each signature */
        double newcomers_max; /* of one class's unknown packets, each signature */
        bool spare_known;
        bool challenged; /* a challenge stands: newcomers prove themselves before anything else */
        bool cold;       /* no baseline to trust: only well-described shapes */
        const struct baseline *baseline;
        const struct answer_standing *standing;
        size_t standing_count;
        const struct shield_signature *forbidden; /* a person does not want these, nor what covers them */
        size_t forbidden_count;
        size_t slots_free;            /* of SHIELD_PLAN_SLOTS */
        struct answer_effort *effort; /* NULL: as much as it takes */
};

struct answer_proposal {
        enum shield_kind kind;
        struct shield_signature signature; /* of kind signature */
        uint64_t countries[4];             /* of kind fence */
        double matched_pps;                /* of the rows */
        double share;                      /* of the load, 0 to 1 */
        struct baseline_cost cost;
        uint32_t replaces; /* bit n: standing[n] is covered by it */
};

/* Signatures, best first; returns how many. *ret_rest: packets/s they leave. */
size_t answer_signatures(const struct answer_question *question, struct answer_proposal *ret_proposals,
                         size_t cap, double *ret_rest);

/*
 * Countries whose excess is greatest for their normal share, until what is left fits or `cost_max` is met.
 * `continent_of` (may be NULL) numbers a country's continent 1 to 7: a continent is fenced whole only if countries
 * could not make it fit. false: fencing would not help.
 */
bool answer_fence(const struct answer_question *question, const uint8_t *continent_of,
                  struct answer_proposal *ret_proposal);
