/* SPDX-License-Identifier: EUPL-1.2 */
/* The guard's own: shared by guard.c (ticks) and guard_ask.c (start, people's wishes) alone. */
#pragma once

#include "edge/engine.h"
#include "edge/toll.h"
#include "edge/guard.h"

#define GUARD_FINDINGS_MAX (2 * SHIELD_SERVICES)
#define GUARD_EVENTS_MAX   (ENGINE_NEWS_MAX + GUARD_FINDINGS_MAX)

struct guard {
        struct plane *plane;
        const struct geo *geo;
        struct guard_config config;
        struct clock clock;
        struct random random;
        struct engine *engine;
        struct shield_counters *counters, *before; /* of this tick and the last one */
        uint64_t tick_ns;                          /* of the last one; 0: none yet */
        struct measure measures[SHIELD_SLOTS];     /* in force where the id is set */
        uint64_t ended;                            /* bit n: measures[n] ended in the last tick */
        uint64_t nameless; /* bit n: measures[n] is a person's, adopted, and nobody has said whose */
        struct {
                struct id flood; /* of the beginning that was told or is about to be */
                struct toll sum;
        } matters[SHIELD_SERVICES];
        struct finding findings[GUARD_FINDINGS_MAX];
        size_t finding_count;
        struct guard_event events[GUARD_EVENTS_MAX];
        size_t event_count;
};

/* A finding's evidence, of a flood with what incident/join.h reads of it; NULL: out of memory. */
json_t *guard_evidence(const struct guard *guard, const struct engine_news *news);

int64_t guard_wall_of(const struct guard *guard, uint64_t mono_ns);
int guard_describe(struct guard *guard, unsigned slot);
void guard_refresh(struct guard *guard, unsigned slot);
int guard_put(struct guard *guard, unsigned slot, struct error *error);
