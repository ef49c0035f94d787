/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How fast and how well an attack was stopped, from what was sent and what came through, in bins of 10 ms. Pure.
 *
 * Effective: the first moment from which on, for one second, in every stretch of 100 ms at least 95 % of the attack's
 * packets were dropped. Stretches in which nothing was sent do not count against it.
 */
#pragma once

#include <stdint.h>

#define EFFECT_BIN_MS    10
#define EFFECT_STRETCH   10  /* bins that are judged together */
#define EFFECT_HOLD      100 /* bins for which it must hold */
#define EFFECT_PER_MILLE 950

struct effect {
        int64_t effective_ms; /* from the first packet sent; -1 when it never came to that */
        double dropped; /* fraction of the attack, from then to its end; of all when it never became effective */
        double dropped_all;    /* from its first packet */
        uint64_t sent, passed; /* of all of it */
        uint64_t peak_pps;     /* the fullest second */
        double duration_s;     /* from first to last bin with packets */
};

/* `sent` and `passed`: packets by bin, `count` bins. All zero when nothing was sent. */
struct effect effect_judge(const uint32_t *sent, const uint32_t *passed, uint32_t count);
