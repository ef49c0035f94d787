/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Folders of one exercise. The work itself lies at /run/garde-drill-PID (nginx, Garde's state and sockets) and, pinned,
 * at /sys/fs/bpf/garde-drill-PID; both are removed at the end. What a person keeps lies in the out folder.
 */
#pragma once

#include <limits.h>

#include "base/error.h"

struct workspace {
        char work[64], pin[64]; /* "" when not made */
};

#define WORKSPACE_INIT                                                                                       \
        {                                                                                                    \
                "", ""                                                                                       \
        }

/* Sweeps what exercises of dead processes left, then makes the work folder. */
int workspace_make(struct workspace *ret_workspace, struct error *error);
void workspace_remove(struct workspace *workspace);
