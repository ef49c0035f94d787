/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front: the hub's socket. One row a message type (hub/protocol.h); each handler checks its fields, calls the
 * desk, answers. It keeps the edge's newest traffic report and the watchers.
 */
#pragma once

#include <sys/types.h>
#include <uv.h>

#include "base/clock.h"
#include "base/error.h"
#include "hub/desk.h"

struct front;

struct front_options {
        uv_loop_t *loop;
        struct desk *desk;
        struct journal *journal;
        const struct clock *clock;
        const char *socket;    /* path */
        const char *structure; /* its name, for the status */
        uid_t edge_uid;        /* who may say it is the edge, besides root and the hub's own user */
        gid_t owner_group; /* whose members may use the command; CHANNEL_NOBODY: root and the hub's user alone */
};

int front_open(const struct front_options *options, struct front **ret_front, struct error *error);
struct front *front_close(struct front *front); /* NULL; memory goes when the loop has run the closing */
