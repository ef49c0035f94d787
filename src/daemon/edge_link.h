/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The edge's line to the hub. What must not be lost (findings, measures) goes into the spool first and leaves it when the
 * hub has said that it is on disk; one at a time, in order. Traffic reports are sent when the hub is there and forgotten
 * when it is not.
 */
#pragma once

#include <jansson.h>
#include <uv.h>

#include "base/error.h"

struct edge_link;

struct edge_link_options {
        uv_loop_t *loop;
        const char *socket; /* the hub's */
        const char *spool;  /* file */
        void *context;
        /* The hub published what should stand; `desired` is borrowed. */
        void (*on_desired)(void *context, const json_t *desired);
};

int edge_link_open(const struct edge_link_options *options, struct edge_link **ret_link, struct error *error);
struct edge_link *
edge_link_close(struct edge_link *link); /* NULL; memory goes when the loop has run the closing */

/* `message` (consumed) will reach the hub, whatever dies in between, unless the disk refuses it (logged). */
void edge_link_keep(struct edge_link *link, json_t *message);
/* `message` (consumed) reaches the hub if it is there. */
void edge_link_tell(struct edge_link *link, json_t *message);
