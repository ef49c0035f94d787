/* SPDX-License-Identifier: EUPL-1.2 */
/* Figures of the last second, for the view: differences of the counters of flood, meter and crowd. */
#pragma once

#include "drill/stage.h"
#include "drill/view.h"

struct watch {
        uint64_t at_ns;                                            /* of the last second shown */
        uint32_t bin, visits;                                      /* up to where they were counted */
        uint64_t sent[PLACES_COUNTRIES], passed[PLACES_COUNTRIES]; /* by country, then */
        uint32_t tried[PLACES_COUNTRIES], ok[PLACES_COUNTRIES];    /* visits since the attack began */
        double sent_history[VIEW_HISTORY], passed_history[VIEW_HISTORY];
};

/* Fills the figures of `frame`. A zeroed struct watch is a good beginning. */
void watch_second(struct watch *watch, const struct stage *stage, uint64_t attack_ns, uint64_t now_ns,
                  struct view_frame *frame);
