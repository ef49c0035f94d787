/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/ladder.h"

#include <math.h>

#define SMOOTH_SECONDS  1.0
#define GONE_PPS_LEAST  5.0   /* a handful of strays is not an attack */
#define BACK_TICK_LEAST 100.0 /* packets/s within one tick that count as a return at once */
#define QUIET_SECONDS   2.0

void ladder_init(struct ladder *ladder, const struct ladder_config *config, uint64_t now_ns)
{
        *ladder = (struct ladder){
                .stage = LADDER_STANDING,
                .since_ns = now_ns,
                .seen_ns = now_ns,
                .born_ns = now_ns,
                .hold_s = config->hold_s,
                .stage_s = config->stage_s,
        };
}

static double elapsed_s(uint64_t from_ns, uint64_t now_ns)
{
        return now_ns > from_ns ? (double)(now_ns - from_ns) / 1e9 : 0;
}

static void ladder_move(struct ladder *ladder, enum ladder_stage stage, uint64_t now_ns)
{
        ladder->stage = stage;
        ladder->since_ns = now_ns;
}

static double bar_gone(const struct ladder *ladder, double normal_pps, double floor_pps)
{
        double strays = fmin(0.005 * ladder->peak_pps, floor_pps / 4);

        return fmax(GONE_PPS_LEAST + 2 * normal_pps, strays);
}

static double bar_back(const struct ladder *ladder, double gone_pps, double floor_pps)
{
        return fmax(4 * gone_pps, fmin(floor_pps / 4, ladder->peak_pps / 2));
}

static bool ladder_relapse(struct ladder *ladder, const struct ladder_config *config, uint64_t now_ns)
{
        ladder->relapses++;
        ladder->hold_s = fmin(ladder->hold_s * 2, config->hold_max_s);
        ladder->stage_s = fmin(ladder->stage_s * 2, config->hold_max_s);
        ladder->quiet_matches = ladder->quiet_s = 0;
        ladder_move(ladder, LADDER_STANDING, now_ns);
        return true;
}

static bool ladder_climb(struct ladder *ladder, double patience, uint64_t now_ns)
{
        bool standing = ladder->stage == LADDER_STANDING;
        double waited = elapsed_s(standing ? ladder->seen_ns : ladder->since_ns, now_ns);

        if (waited < (standing ? ladder->hold_s * patience : ladder->stage_s))
                return false;
        ladder_move(ladder, ladder->stage + 1, now_ns);
        return true;
}

bool ladder_tick(struct ladder *ladder, const struct ladder_config *config, double matched_pps,
                 double normal_pps, double floor_pps, double patience, double seconds, uint64_t now_ns)
{
        if (ladder->stage >= LADDER_LIFTED)
                return false;
        ladder->peak_pps = fmax(ladder->peak_pps, matched_pps);
        ladder->smooth_pps += fmin(seconds / SMOOTH_SECONDS, 1) * (matched_pps - ladder->smooth_pps);

        double gone = bar_gone(ladder, normal_pps, floor_pps);
        double back = bar_back(ladder, gone, floor_pps);
        bool returned = ladder->smooth_pps >= back || matched_pps >= fmax(back, BACK_TICK_LEAST);
        bool present = ladder->stage == LADDER_STANDING ? ladder->smooth_pps >= gone || returned : returned;

        if (present) {
                ladder->seen_ns = now_ns;
                return ladder->stage != LADDER_STANDING && ladder_relapse(ladder, config, now_ns);
        }
        if (elapsed_s(ladder->seen_ns, now_ns) >= config->expiry_s) {
                ladder_move(ladder, LADDER_EXPIRED, now_ns);
                return true;
        }
        if (elapsed_s(ladder->seen_ns, now_ns) >= SMOOTH_SECONDS) {
                ladder->quiet_matches += matched_pps * seconds;
                ladder->quiet_s += seconds;
        }
        return ladder_climb(ladder, patience, now_ns);
}

uint32_t ladder_pass_threshold(enum ladder_stage stage)
{
        switch (stage) {
        case LADDER_STANDING:
                return 0;
        case LADDER_PASS_1:
                return UINT32_MAX / 100;
        case LADDER_PASS_10:
                return UINT32_MAX / 10;
        default:
                return UINT32_MAX;
        }
}

unsigned ladder_pass_per_mille(enum ladder_stage stage)
{
        static const unsigned per_mille[] = {0, 10, 100, 1000, 1000, 1000};

        return per_mille[stage];
}

double ladder_quiet_pps(const struct ladder *ladder)
{
        return ladder->quiet_s >= QUIET_SECONDS ? ladder->quiet_matches / ladder->quiet_s : -1;
}
