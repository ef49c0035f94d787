/* SPDX-License-Identifier: EUPL-1.2 */
/* The exercise as it runs: calm, attack, reopening; watched in ticks, shown each second. */
#pragma once

#include <stdbool.h>

#include "drill/drill.h"
#include "drill/outcome.h"
#include "drill/stage.h"
#include "drill/view.h"

struct play {
        struct stage *stage;
        const struct drill_options *options;
        struct view *view;
        bool (*interrupted)(void); /* asked at each tick */
};

/* What happened when, on CLOCK_MONOTONIC; 0: it did not. */
struct course {
        uint64_t attack_ns, end_ns, reopened_ns;
        unsigned relapses;
        char incident[64]; /* id, "" when none was opened */
};

/* -EINTR when interrupted; otherwise what failed. */
int play_run(const struct play *play, struct course *ret_course, struct error *error);

/* The figures of a course that ended. Fills all but the JSON members. */
int play_judge(const struct stage *stage, const struct course *course, struct outcome *ret_outcome,
               struct error *error);
