/* SPDX-License-Identifier: EUPL-1.2 */
/* Everything that is set up before an exercise plays, and taken down after it on every way out. */
#pragma once

#include "base/error.h"
#include "drill/crowd.h"
#include "drill/drill.h"
#include "drill/flood.h"
#include "drill/hospital.h"
#include "drill/link.h"
#include "drill/meter.h"
#include "drill/places.h"
#include "drill/scenario.h"
#include "drill/topology.h"
#include "drill/workspace.h"

struct stage {
        struct scenario *scenario;
        struct places *places;
        struct flood *flood;
        struct crowd *crowd;
        struct meter *meter;
        struct topology topology;
        struct workspace workspace;
        struct hospital hospital;
        struct link link;
        uint64_t origin_ns;     /* CLOCK_MONOTONIC at bin 0 */
        int64_t origin_wall_ms; /* the same moment */
};

#define STAGE_INIT                                                                                           \
        {                                                                                                    \
                .topology = TOPOLOGY_INIT, .workspace = WORKSPACE_INIT, .link = LINK_INIT                    \
        }

/*
 * The folder of captures: what was asked for, $GARDE_CAPTURES, or the one named at build time. -ENOENT with one sentence
 * that names all three ways.
 */
int stage_captures(const char *asked, const char **ret_folder, struct error *error);

/* Reads, builds and starts all but the crowd; ret_stage is to be closed even after a failure. */
int stage_open(const struct drill_options *options, struct stage *ret_stage, struct error *error);
void stage_close(struct stage *stage);

/* Wall clock of a moment of CLOCK_MONOTONIC. */
int64_t stage_wall_ms(const struct stage *stage, uint64_t mono_ns);
