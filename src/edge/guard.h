/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The engine's hands: reads the plane, lets the engine judge, puts its measures into the plane, and tells in the house's
 * nouns what happened. Used alike by the daemon (real clock) and by replay (simulated one). One thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "edge/geo.h"
#include "edge/plane.h"
#include "edge/shield.h"
#include "flow/finding.h"
#include "flow/measure.h"

#define GUARD_TICK_MS 100

struct guard;

struct guard_service {
        char name[64];         /* "" when not in use */
        uint64_t capacity_pps; /* 0: not said */
};

struct guard_config {
        struct guard_service services[SHIELD_SERVICES]; /* by the plane's service index */
        uint32_t floor_pps;                             /* below this nothing is an attack */
        uint32_t hold_seconds;        /* an attack must be gone this long before reopening begins */
        uint32_t max_measure_seconds; /* a measure expires after this, whatever happens */
        uint32_t learn_seconds;       /* calm before the baseline is trusted */
        bool watch;                   /* say what it would do, drop nothing */
};

/* What a tick has to tell. Both are owned by the guard and valid until the next call to it. */
struct guard_event {
        const struct finding *finding; /* either this */
        const struct measure
                *measure; /* or this: new, changed in state or in what it lets through, or ended */
};

/*
 * `plane`, `geo` (may be NULL), `clock` and `random` are borrowed and must outlive the guard. Measures found
 * standing in the plane are adopted under their ids; those of services that no longer exist are taken down.
 */
int guard_new(struct plane *plane, const struct geo *geo, const struct guard_config *config,
              const struct clock *clock, const struct random *random, struct guard **ret_guard,
              struct error *error);
struct guard *guard_free(struct guard *guard); /* leaves measures standing; NULL */

/* Every 100 ms. Returns the number of events; *ret_events is valid until the next call. Negative: fatal. */
int guard_tick(struct guard *guard, const struct guard_event **ret_events, struct error *error);

/* A person says that this is calm (replay's first part; a drill's lead-in): learn, tell no attack. */
void guard_teach(struct guard *guard, bool teach);

/*
 * A person's measure: kind, subject, selector, why, owner, until_ms count; the rest is filled in. Selectors:
 * signature as in signature.h; fence {"countries":["US",…]}, and "spare_known":false when those known to be good
 * shall not pass either; throttle {"rate_pps":1000}; challenge {}. It acts under `watch`, too. An id that is
 * set is kept; a measure with that id already standing is left as it is (desired state may be published again). -EINVAL with the
 * sentence for what cannot be done, -ENOSPC when no slot is free.
 */
int guard_ask(struct guard *guard, const struct measure *asked, struct error *error);

/* What it would cost, without applying it. */
int guard_predict(struct guard *guard, const struct measure *asked, double *ret_cost, struct error *error);

/* Takes a measure down at the next tick, which tells of it. -ENOENT when none has this id. */
int guard_lift(struct guard *guard, const struct id *id, struct error *error);
/* The same, and of the edge's own ones nothing of its shape is put up again; a person's is lifted, no more. */
int guard_forbid(struct guard *guard, const struct id *id, struct error *error);

/* Measures now in force, with fresh counters; up to `cap` pointers, valid until the next call. */
size_t guard_measures(struct guard *guard, const struct measure **ret_measures, size_t cap);

/* What the kernel counted for one of these since it stood, or since it was adopted. Valid until the next call. */
const struct shield_slot_counters *guard_measure_counters(const struct guard *guard,
                                                          const struct measure *measure);

/* For views: when the last tick read its counters (the clock's mono_ns; 0: not yet), these counters, and whether a service is under attack. */
uint64_t guard_read_ns(const struct guard *guard);
const struct shield_counters *guard_counters(const struct guard *guard);
bool guard_attacked(const struct guard *guard, unsigned service);
double guard_normal_pps(const struct guard *guard, unsigned service);
