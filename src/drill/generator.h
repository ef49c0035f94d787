/* SPDX-License-Identifier: EUPL-1.2 */
/* The process that floods: its body, run in the internet namespace. */
#pragma once

#include "drill/flood.h"
#include "drill/frames.h"

/* One wave: templates first to first + count of the frames. */
struct generator_wave {
        uint32_t first, count;
        uint32_t service; /* index */
        uint32_t pps;
        uint32_t from_s, to_s;
};

struct generator {
        const struct frames *frames;
        struct generator_wave waves[SCENARIO_WAVES_MAX];
        unsigned wave_count;
        uint32_t attack_s;
        struct flood_share *share;
        int ready; /* one byte is written when it is loaded */
        int go;    /* one byte is read before it begins */
};

/* Exit status: 0 when it was played to its end; otherwise share->failed and share->why say why. */
int generator_run(void *generator);
