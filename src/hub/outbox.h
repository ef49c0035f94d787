/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * outbox: the file of what is to leave the house (SQLite, WAL, synchronous=FULL, mode 0600): each item for one target, kept until it
 * arrived or was given up, and a little longer so that people see it. Every change is durable on return, unless between
 * outbox_begin() and outbox_commit().
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define OUTBOX_ID_SIZE     37    /* "out_", 32 hex digits, NUL */
#define OUTBOX_WAITING_MAX 20000 /* then nothing more is taken, and the log says so */
#define OUTBOX_SENT_MAX    1000  /* kept to be shown, as many given up */

enum outbox_state { OUTBOX_WAITING, OUTBOX_SENT, OUTBOX_GIVEN_UP, OUTBOX_STATES };
const char *outbox_state_word(enum outbox_state state);

struct outbox_item {
        int64_t number;          /* in the order of coming in; given by the outbox */
        char id[OUTBOX_ID_SIZE]; /* the same for the same news to the same target: its idempotency key */
        char target[32], event[32], incident[32];
        int64_t since_ms, changed_ms;
        enum outbox_state state;
        unsigned attempts;
        char why_fr[256], why_en[256]; /* of the last failure */
        json_t *payload;               /* borrowed when put in; in a visitor borrowed from the outbox */
};

struct outbox;

/* -EINVAL: not such a file; -EBUSY: another process has it; -EIO, -ENOSPC, -ENOMEM. *ret_new: it was made just now. */
int outbox_open(const char *path, struct outbox **ret_outbox, bool *ret_new, struct error *error);
struct outbox *outbox_close(struct outbox *outbox); /* NULL */

int outbox_begin(struct outbox *outbox, struct error *error);
int outbox_commit(struct outbox *outbox, struct error *error);
void outbox_rollback(struct outbox *outbox);

/* The seq of the next record to look at. */
int outbox_cursor(struct outbox *outbox, uint64_t *ret_seq, struct error *error);
int outbox_set_cursor(struct outbox *outbox, uint64_t seq, struct error *error);

#define OUTBOX_THERE 1 /* that item came in before: nothing was changed */
#define OUTBOX_FULL  2
int outbox_add(struct outbox *outbox, const struct outbox_item *item, struct error *error);

/* -ENOENT. `item` is filled but for its payload. */
int outbox_find(struct outbox *outbox, const char *id, struct outbox_item *ret_item, struct error *error);
/* State, attempts, changed_ms and why of the item with this id. */
int outbox_update(struct outbox *outbox, const struct outbox_item *item, struct error *error);

/*
 * Those of a target ("": all) in a state (OUTBOX_STATES: all) with a greater number than `after`, or, newest first, a smaller one (0:
 * none given), at most `limit`. Stops at non-zero and returns it.
 */
struct outbox_question {
        const char *target;
        enum outbox_state state;
        int64_t after;
        bool newest;
        bool least_tried; /* those that were tried least first: one that never arrives holds up no other */
        size_t limit;
};
int outbox_list(struct outbox *outbox, const struct outbox_question *question,
                int (*visit)(void *context, const struct outbox_item *item), void *context,
                struct error *error);
int outbox_count(struct outbox *outbox, const char *target, enum outbox_state state, int64_t *ret_count,
                 struct error *error);
