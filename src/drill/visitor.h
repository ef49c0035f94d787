/* SPDX-License-Identifier: EUPL-1.2 */
/* The process of the crowd: its body, run in the internet namespace on a libuv loop. */
#pragma once

#include "drill/crowd.h"

struct visitor_crowd {
        const struct crowd_client *clients; /* by class: first[c] to first[c + 1] */
        uint32_t first[TALLY_CLASS_COUNT + 1];
        const struct scenario_service *services;
        uint32_t requests_per_second;
        uint64_t seed;
        struct crowd_share *share;
};

/* Exit status 0 when told to stop and the last request is answered; otherwise share->failed says why. */
int visitor_run(void *crowd);
