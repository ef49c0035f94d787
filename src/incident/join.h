/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Findings become incidents. Pure: values and a clock in, values out; who calls writes the records.
 *
 * A finding joins
 *  1. the incident that holds it already (a spool may deliver twice): JOIN_DUPLICATE, nothing changes;
 *  2. else the open incident of the same kind and subject, while that matter still runs there or when
 *     less than `window_ms` lie between the finding and the incident's newest one: a second wave is the same incident;
 *  3. else the open incident of the same kind on another subject, if both overlap in time: that matter still
 *     runs somewhere, or the finding was seen before it ended: one flood over several services is one incident;
 *  4. else, when it only says that a matter ends, the closed incident in which that matter still ran;
 *  5. else it opens a new one. Of several candidates the one with the newest finding wins.
 *
 * Facts that the evidence settles are set with the sensor's name as author, or that of the person who tells; a person's fact is never
 * overwritten. What a person tells (sensor "person") is no automatic detection and no attack that runs: it settles when the house
 * discovered it, which was now at the latest. For kind "flood" the evidence may hold (all optional; other keys are kept in the finding only):
 *   "started", "ended": RFC 3339 · "peak_pps": number · "sources": number · "availability_hit": boolean
 *   "countries": text, list of texts, or object of country code to share (0 to 1) · "kinds": text or list of texts
 *   "shape": {"class": text}, which is a kind as well
 */
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "flow/finding.h"
#include "flow/incident.h"

struct join_config {
        int64_t window_ms;  /* incident.join_window of the configuration, in minutes there */
        const char *author; /* signs the facts; NULL: the sensor */
};

#define JOIN_WINDOW_DEFAULT_MS (60 * 60 * 1000)
#define JOIN_DUPLICATE         1 /* the finding is in an incident already; *ret is untouched */
#define JOIN_FACTS_MAX         16

struct join_result {
        bool opened; /* a new incident; otherwise incidents[index] was joined */
        size_t index;
        struct incident incident;         /* the new state of it; owned */
        char changed[JOIN_FACTS_MAX][64]; /* names of the facts that are new or different */
        size_t changed_count;
};

/*
 * 0, JOIN_DUPLICATE, -ENOMEM, -E2BIG (too many facts), -EINVAL. An incident that lists INCIDENT_FINDINGS_MAX findings
 * takes in what a further one says and does not list it.
 */
int join_finding(const struct join_config *config, const struct finding *finding,
                 const struct incident *incidents, size_t count, const struct clock *clock,
                 const struct random *random, struct join_result *ret_result, struct error *error);
void join_result_release(struct join_result *result);

/* Closes an open incident. -EALREADY when it is closed. */
int incident_close(struct incident *incident, const struct clock *clock, struct error *error);
/* Opens a closed one again. -EALREADY when it is open. */
int incident_reopen(struct incident *incident, struct error *error);
