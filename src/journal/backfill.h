/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * backfill: copies what was committed from the write-ahead log into the database, on a thread and a connection of its own, so that
 * whoever writes waits for one write of the log and never for the many scattered ones behind it. What is acknowledged is in
 * the log and synced, as before: this is only where it goes later.
 *
 * The log begins anew when all of it was copied between two writes. Under a writer that never pauses that does not come about by
 * itself: beyond BACKFILL_PAGES_MOST the writer copies the little that is left.
 */
#pragma once

#include <sqlite3.h>

#include "base/error.h"

/* Pages of 4 KiB in the log: 16 MiB, so that a burst pays once; 64 MiB. */
#define BACKFILL_PAGES      4096
#define BACKFILL_PAGES_MOST 16384

struct backfill;

/* Watches the commits of this connection, which must outlive it. -ENOMEM. The thread is started when there is work. */
int backfill_new(sqlite3 *database, struct backfill **ret_backfill, struct error *error);
struct backfill *backfill_free(struct backfill *backfill); /* NULL; waits for what is under way */

/* After a commit: sees to it that the log does not grow for ever. Failures of copying are no failures of the commit. */
void backfill_after_commit(struct backfill *backfill);

/* Until nothing is under way: who wants the log empty must not meet the thread in it. NULL is idle. */
void backfill_wait(struct backfill *backfill);
