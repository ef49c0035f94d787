/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Is one service under a flood? Told from packet counts alone, one call a tick (100 ms), class by class,
 * for sources that are not in the known-good memory and, with a much higher bar, for those that are.
 * Pure: counts and a clock in, a judgement out.
 *
 * What is normal: mean and deviation of the counts a tick (exponentially weighted, memory about 30 s once
 * learned) and a slowly fading peak. The bar is max(mean + 5 deviations, 1.5 peaks) + floor. What exceeds it
 * is added up (CUSUM: Page, Biometrika 41, 1954): a flood of many times the bar is told in its first tick, one
 * a little above it after seconds. Nothing is learned while the sum is above half its limit or an attack lasts.
 *
 * Flash crowd: every source whose handshake completes explains the packets that a visitor needs before he is
 * known, and those he sends afterwards (as calm taught). They are taken off before the comparison, so a crowd of real
 * visitors does not add up, while the part of a flood that nobody answers for does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "edge/shield.h"

#define DETECTOR_TICK_SECONDS   0.1
#define DETECTOR_VERIFIED_TICKS 3

struct detector_config {
        double floor_pps;       /* below this nothing is an attack; SYNs a quarter of it */
        double known_floor_pps; /* the same for sources known as good */
        double learn_seconds;   /* calm before the baseline is trusted */
};

/* Packets of the last tick. */
struct detector_counts {
        double unknown[SHIELD_CLASS_COUNT];
        double known[SHIELD_CLASS_COUNT];
        double dropped[SHIELD_CLASS_COUNT]; /* of them */
        double verified;                    /* sources that became known */
};

struct detector_stream {
        double mean, variance, peak; /* packets a tick */
        double sum;                  /* CUSUM, packets */
        unsigned over;               /* ticks above the bar in a row */
        bool attacked;
};

struct detector {
        struct detector_config config;
        struct detector_stream unknown[SHIELD_CLASS_COUNT];
        struct detector_stream known[SHIELD_CLASS_COUNT];
        double stay_packets;  /* packets of known sources for each newly verified one in calm */
        double visit_packets; /* unknown packets a verified source costs in calm */
        double learned_s;     /* calm seen */
        double verified[DETECTOR_VERIFIED_TICKS]; /* the latest ticks: a handshake needs a round trip */
        double quiet_s;                           /* since a class last exceeded its bar */
        double crowd_s;                           /* how long a crowd has been seen */
        bool attack;
        bool crowd;
};

struct detector_verdict {
        bool attack;       /* a flood is on */
        bool began;        /* in this very tick */
        bool crowd;        /* many real newcomers, nothing to do */
        bool calm;         /* this tick was learned; its samples may be too */
        bool over;         /* some class is above its bar now */
        bool trusted;      /* enough calm was seen for the baseline to count */
        bool by_known;     /* what exceeds comes from known-good sources */
        double rate_pps;   /* arriving now */
        double normal_pps; /* what calm taught */
        double excess
                [SHIELD_CLASS_COUNT]; /* arriving packets/s beyond the bar, by class, both kinds of sources */
        double confidence;            /* 0 to 1 */
};

void detector_init(struct detector *detector, const struct detector_config *config);

/*
 * `measured`: measures stand for this service: nothing is learned, and the attack is over only when arrivals
 * stayed under their bars for `quiet_s`. `teach`: a person says that this is calm: learn, never tell an attack.
 */
struct detector_verdict detector_tick(struct detector *detector, const struct detector_counts *counts,
                                      double seconds, bool measured, bool teach);

/* Packets/s of a class that are normal at most: the bar. */
double detector_bar(const struct detector *detector, enum shield_class class_, bool known);
