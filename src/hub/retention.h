/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * retention: erases what people typed about incidents that were closed long ago (hub.retention), and lists of contacts that were replaced
 * as long ago (hub/contacts.h), a little at a time, at night. Each erased text leaves its commitment and a personal.erased record by "retention", so the chain still verifies.
 *
 * Night is 01:00 to 05:00 in the structure's zone (the process's, config_use_zone()), and only while no measure stands: erasing writes to the disk.
 */
#pragma once

#include <stdint.h>

#include "base/error.h"
#include "hub/world.h"

#define RETENTION_EVERY_MS  2000
#define RETENTION_INCIDENTS 32  /* looked at in one step */
#define RETENTION_TEXTS     4   /* erased in one step; each is a write to the disk */
#define RETENTION_TEXTS_MAX 256 /* found of one incident at a time */

struct retention;

/* `world` is borrowed. */
int retention_new(struct world *world, struct retention **ret_retention, struct error *error);
struct retention *retention_free(struct retention *retention); /* NULL */

/* Whether now is the time. */
bool retention_is_time(const struct world *world);

/* One step; never while the journal is held (-EBUSY). *ret_erased: how many texts. RETENTION_MORE: the round is not over. */
#define RETENTION_MORE 1
int retention_step(struct retention *retention, unsigned *ret_erased, struct error *error);

/* A text that is there still and whose time is over. Stops at non-zero and returns it. */
struct retention_text {
        const char *incident;
        uint64_t seq;
        char name[64];
};
/* The same of lists of contacts. */
int retention_find_contacts(struct world *world,
                            int (*visit)(void *context, const struct retention_text *text), void *context,
                            struct error *error);
int retention_find(struct world *world, const char *incident,
                   int (*visit)(void *context, const struct retention_text *text), void *context,
                   struct error *error);
