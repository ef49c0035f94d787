/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * courier: what is to leave the house, and what became of it. It follows the journal: each new record that is news of a kind some
 * target of the configuration wants becomes an item of the outbox (outbox.h), once; so does a duty whose hour has passed. Items are
 * published to garde-respond, which delivers, and stay until it says that they arrived or that it gave up. Each of both is an out.sent record.
 *
 * How far the journal was followed stands in the outbox's file: whatever dies in between, no news is missed nor put in twice. Of a file
 * that is new the present is the beginning.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "hub/outbox.h"
#include "hub/world.h"

#define COURIER_STEP      512 /* records followed at a time */
#define COURIER_OF_TARGET 3   /* items of one target published at a time */
#define COURIER_BYTES_MAX (400 * 1024)

struct courier;

/* `world` is borrowed; its configuration has targets. `path` is the outbox's file. */
int courier_open(struct world *world, const char *path, struct courier **ret_courier, struct error *error);
struct courier *courier_close(struct courier *courier); /* NULL */

/* Follows the journal by one step, when it is not held. COURIER_MORE: there is more. Tells `publish` when something was added. */
#define COURIER_MORE 1
int courier_follow(struct courier *courier, struct error *error);

/* Which duties have become overdue, by one step; a round of them once a minute is enough. COURIER_MORE: it is not over. */
int courier_watch_hours(struct courier *courier, struct error *error);

/* {"type":"outbox",…} as hub/protocol.h says. New reference, NULL when out of memory. */
json_t *courier_outbox(struct courier *courier);

/* "out.done", "out.failed" from garde-respond. -EINVAL, -EIO. An item that is not there any more is no error. */
int courier_report(struct courier *courier, const json_t *message, struct error *error);

/* Puts an item of a test into the outbox. -ENOENT: no such target. */
int courier_test(struct courier *courier, const char *target, char ret_id[static OUTBOX_ID_SIZE],
                 struct error *error);
int courier_retry(struct courier *courier, const char *item, struct error *error);

/* Who delivers came or went; how to tell it. */
void courier_connect(struct courier *courier, void (*publish)(void *context), void *context);
bool courier_is_connected(const struct courier *courier);

struct outbox *courier_box(struct courier *courier);
