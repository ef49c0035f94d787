/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The life of one measure after it stands: reopening by stages. Pure: rates and a clock in, a stage out.
 *
 *      STANDING --its attack gone for `hold`--> 1 % --stage--> 10 % --stage--> 100 % --stage--> LIFTED
 *          ^                                     |               |                |
 *          +------- its attack is back (one tick): hold and stage twice as long ---+
 *
 * Gone and back are two different bars, so that benign packets which happen to match never look like a
 * relapse: gone is under `gone_pps`, back is over `back_pps` of what matches in all (a packet let through counts as
 * well as a dropped one), where back_pps >= 4 gone_pps. It runs out in any case after `expiry`
 * counted from the last tick that saw its attack.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum ladder_stage {
        LADDER_STANDING,
        LADDER_PASS_1, /* 1 % of its matches pass */
        LADDER_PASS_10,
        LADDER_PASS_ALL,
        LADDER_LIFTED,
        LADDER_EXPIRED
};

struct ladder_config {
        double hold_s;     /* attack gone this long before 1 % */
        double stage_s;    /* each stage */
        double hold_max_s; /* doubling stops here */
        double expiry_s;
};

struct ladder {
        enum ladder_stage stage;
        uint64_t since_ns; /* of the stage */
        uint64_t seen_ns;  /* last tick that saw its attack */
        uint64_t born_ns;
        double hold_s, stage_s; /* as doubled by relapses */
        double peak_pps;
        double smooth_pps;    /* matches, smoothed over about a second */
        double quiet_matches; /* matches and seconds while its attack was gone: what it really costs */
        double quiet_s;
        unsigned relapses;
};

void ladder_init(struct ladder *ladder, const struct ladder_config *config, uint64_t now_ns);

/*
 * One tick. `matched_pps`: matches that were not spared as known good; `normal_pps`: what normal traffic
 * was predicted to match; `floor_pps`: the service's floor; `patience`: 1, or more while other measures of the
 * service still see theirs. Returns true when the stage changed.
 */
bool ladder_tick(struct ladder *ladder, const struct ladder_config *config, double matched_pps,
                 double normal_pps, double floor_pps, double patience, double seconds, uint64_t now_ns);

/* struct shield_measure's pass_threshold, and per mille, of a stage. */
uint32_t ladder_pass_threshold(enum ladder_stage stage);
unsigned ladder_pass_per_mille(enum ladder_stage stage);

/* Matches/s seen while its attack was gone; negative while not seen for two seconds. */
double ladder_quiet_pps(const struct ladder *ladder);
