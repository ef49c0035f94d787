/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front: the hub's socket (hub/protocol.h). What the edge tells goes to the desk, and is acknowledged when it is on disk: all
 * that came in one turn of the loop by one write. What people ask are acts (hub/act.h).
 */
#pragma once

#include <sys/types.h>
#include <uv.h>

#include "base/error.h"
#include "hub/world.h"

struct front;

struct front_options {
        uv_loop_t *loop;
        struct world *world; /* told what the edge reports */
        const char *socket;  /* path */
        uid_t edge_uid;      /* who may say it is the edge, besides root and the hub's own user */
        uid_t respond_uid;   /* who may send things out, besides root; CHANNEL_NOBODY: root alone */
        gid_t owner_group; /* whose members may use the command; CHANNEL_NOBODY: root and the hub's user alone */
};

int front_open(const struct front_options *options, struct front **ret_front, struct error *error);
struct front *front_close(struct front *front); /* NULL; memory goes when the loop has run the closing */
