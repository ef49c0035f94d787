/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a sensor must not lose while the hub is down or either is killed: an append-only file of framed JSON
 * records, and their acknowledgements in the same file. One process holds a spool (flock on PATH.lock).
 *
 * File: 16 bytes "GARDE-SPOOL-1\n\0\0", then frames of a 32-byte header and a payload, little endian:
 *   u32 magic "FRM1", u32 payload length, u64 number, u32 class, u32 CRC-32C (RFC 3720 B.4) of the payload,
 *   u32 zero, u32 CRC-32C of the 28 bytes before.
 * Class ACK has no payload: every number up to its own is acknowledged. Class MARK likewise: numbers up to
 * its own are used.
 *
 * Opening repairs: a torn tail (killed within an append) is cut off, as it was never reported durable; other
 * bytes that are no frame are moved to PATH.bad, named in the log with offset and length, and the frames
 * behind them are kept.
 *
 * Full (cap_bytes of live frames, or SPOOL_RECORDS_MAX): the oldest PERIODIC records go, counted, an eighth
 * of the cap at a time. KEEP records are never dropped: when only those are left the append fails with
 * SPOOL_FULL, counted. On disk a spool takes at most twice cap_bytes, three times for the moment of
 * compaction, and PATH.bad twice.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define SPOOL_RECORD_MAX  (256 * 1024) /* bytes of one record's JSON */
#define SPOOL_RECORDS_MAX 65536
#define SPOOL_CAP_MIN     4096

/* Positive conditions. */
#define SPOOL_EMPTY 1
#define SPOOL_FULL  2

enum spool_class {
        SPOOL_KEEP = 1,     /* findings, measures begun and ended */
        SPOOL_PERIODIC = 2, /* reports a newer one replaces in worth */
};

struct spool;

struct spool_options {
        const char *path;
        size_t cap_bytes; /* at least SPOOL_CAP_MIN; frames included */
        bool durable;     /* fdatasync before an append or acknowledgement returns */
};

struct spool_counters {
        uint64_t appended, acknowledged;
        uint64_t dropped_periodic; /* made room */
        uint64_t refused;          /* SPOOL_FULL */
        uint64_t torn_bytes;       /* cut off when opened */
        uint64_t bad_bytes;        /* moved to PATH.bad when opened */
        uint64_t compactions;
};

/*
 * Makes the file (0600) when there is none. -EBUSY: another process holds it; -EPROTO: not a spool (nothing
 * is changed); -EINVAL, -ENOMEM, or the errno of the file.
 */
int spool_open(const struct spool_options *options, struct spool **ret_spool, struct error *error);
struct spool *spool_close(struct spool *spool); /* NULL */

/*
 * 0: written (on disk when durable); its number, from 1 and ever rising, is set. SPOOL_FULL as above.
 * Negative, -ENOSPC above all: the file is as it was before. `ret_number` may be NULL. Borrows `record`, an
 * object.
 */
int spool_append(struct spool *spool, enum spool_class class, const json_t *record, uint64_t *ret_number,
                 struct error *error);

/* The oldest record that is not acknowledged; the caller owns *ret_record. SPOOL_EMPTY. */
int spool_peek(struct spool *spool, uint64_t *ret_number, json_t **ret_record, struct error *error);

/* Every unacknowledged record with a number above `after`, oldest first; stops at non-zero and returns it. */
int spool_each(struct spool *spool, uint64_t after,
               int (*visit)(void *context, uint64_t number, enum spool_class class, const json_t *record),
               void *context, struct error *error);

/*
 * Everything up to this number is safe elsewhere. An older or unknown number is no error. Compacts when it
 * pays.
 */
int spool_ack(struct spool *spool, uint64_t through, struct error *error);

size_t spool_count(const struct spool *spool); /* unacknowledged records */
size_t spool_live_bytes(const struct spool *spool);
struct spool_counters spool_counters(const struct spool *spool);
