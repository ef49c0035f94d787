/* SPDX-License-Identifier: EUPL-1.2 */
/* The spool from the inside, for the code that opens it. Private to spool. */
#pragma once

#include <limits.h>
#include <sys/uio.h>

#include "service/spool_frame.h"

#define SPOOL_PREFACE      "GARDE-SPOOL-1\n\0"
#define SPOOL_PREFACE_SIZE 16
_Static_assert(sizeof(SPOOL_PREFACE) == SPOOL_PREFACE_SIZE, "the literal's own NUL is the last byte");

#define COMPACT_MIN 65536 /* dead bytes below which rewriting does not pay */

struct spool {
        char path[PATH_MAX];
        size_t cap;
        bool durable;
        int fd, lock_fd;
        size_t end;                  /* of the last whole frame in the file */
        struct spool_frame *records; /* live ones, oldest first; `first` of them are gone already */
        size_t first, count, size;
        size_t live_bytes;
        uint64_t last_number, acked;
        bool dirty; /* the file holds bytes that are no frames */
        struct spool_counters counters;
};

static inline size_t frame_bytes(const struct spool_frame *frame)
{
        return SPOOL_HEADER_SIZE + frame->length;
}

/* All the parts at this place, or negative. */
int spool_write_at(int fd, struct iovec *parts, int count, size_t offset);
int spool_sync_folder(const char *path);

/* Preface, acknowledgement and mark of a fresh file. */
int spool_write_start(struct spool *spool, int fd, size_t *ret_end);

int spool_reserve_record(struct spool *spool);
void spool_keep_record(struct spool *spool, const struct spool_frame *frame); /* after reserving */
void spool_forget_through(struct spool *spool, uint64_t number);
int spool_compact(struct spool *spool);

/* Fills a spool from its open file, repairing it (spool.h); makes the file when it is new. */
int spool_recover(struct spool *spool, struct error *error);
