/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "service/spool_private.h"

/* ---- the file ---- */

int spool_write_at(int fd, struct iovec *parts, int count, size_t offset)
{
        while (count > 0) {
                ssize_t put = pwritev(fd, parts, count, (off_t)offset);
                if (put < 0) {
                        if (errno == EINTR)
                                continue;
                        return -errno;
                }
                offset += (size_t)put;
                while (count > 0 && (size_t)put >= parts->iov_len) {
                        put -= (ssize_t)parts->iov_len;
                        parts++;
                        count--;
                }
                if (count > 0) {
                        parts->iov_base = (char *)parts->iov_base + put;
                        parts->iov_len -= (size_t)put;
                }
        }
        return 0;
}

static int write_frame(int fd, const struct spool_frame *frame, const void *payload)
{
        uint8_t header[SPOOL_HEADER_SIZE];
        struct iovec parts[] = {{header, sizeof(header)}, {(void *)payload, frame->length}};

        spool_frame_encode(frame, payload, header);
        return spool_write_at(fd, parts, 2, frame->offset);
}

/* All or nothing: what was written in part is cut off again. */
static int add_frame(struct spool *spool, struct spool_frame *frame, const void *payload)
{
        int r;

        frame->offset = spool->end;
        r = write_frame(spool->fd, frame, payload);
        if (!r && spool->durable && fdatasync(spool->fd) < 0)
                r = -errno;
        if (r) {
                /* Should even this fail, the next append writes over it and the next opening finds a torn tail. */
                (void)!ftruncate(spool->fd, (off_t)spool->end);
                return r;
        }
        spool->end += frame_bytes(frame);
        return 0;
}

int spool_sync_folder(const char *path)
{
        char copy[PATH_MAX];

        snprintf(copy, sizeof(copy), "%s", path);
        CLEANUP(cleanup_fd) int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

/* ---- live records ---- */

/* Room for one more, before anything is written: what stands in the file must never lack its place here. */
int spool_reserve_record(struct spool *spool)
{
        size_t size = spool->size ? 2 * spool->size : 64;
        struct spool_frame *records;

        if (spool->first + spool->count < spool->size)
                return 0;
        if (spool->first) {
                memmove(spool->records, spool->records + spool->first, spool->count * sizeof(*records));
                spool->first = 0;
                if (spool->count <= spool->size / 2)
                        return 0;
        }
        records = realloc(spool->records, size * sizeof(*records));
        if (!records)
                return -ENOMEM;
        spool->records = records;
        spool->size = size;
        return 0;
}

void spool_keep_record(struct spool *spool, const struct spool_frame *frame)
{
        spool->records[spool->first + spool->count++] = *frame;
        spool->live_bytes += frame_bytes(frame);
}

void spool_forget_through(struct spool *spool, uint64_t number)
{
        while (spool->count && spool->records[spool->first].number <= number) {
                spool->live_bytes -= frame_bytes(&spool->records[spool->first]);
                spool->first++;
                spool->count--;
        }
        if (number > spool->acked)
                spool->acked = number;
}

/* ---- compaction ---- */

static int copy_record(struct spool *spool, int fd, struct spool_frame *frame, size_t to)
{
        CLEANUP(cleanup_free) char *bytes = malloc(frame_bytes(frame));
        ssize_t got;

        if (!bytes)
                return -ENOMEM;
        got = pread(spool->fd, bytes, frame_bytes(frame), (off_t)frame->offset);
        if (got != (ssize_t)frame_bytes(frame))
                return got < 0 ? -errno : -EIO;
        struct iovec part = {bytes, frame_bytes(frame)};
        frame->offset = to;
        return spool_write_at(fd, &part, 1, to);
}

int spool_write_start(struct spool *spool, int fd, size_t *ret_end)
{
        struct spool_frame acked = {
                .number = spool->acked, .offset = SPOOL_PREFACE_SIZE, .class = SPOOL_CLASS_ACK};
        struct spool_frame mark = {.number = spool->last_number,
                                   .offset = SPOOL_PREFACE_SIZE + SPOOL_HEADER_SIZE,
                                   .class = SPOOL_CLASS_MARK};
        struct iovec preface = {(void *)SPOOL_PREFACE, SPOOL_PREFACE_SIZE};
        int r = spool_write_at(fd, &preface, 1, 0);

        if (!r)
                r = write_frame(fd, &acked, "");
        if (!r)
                r = write_frame(fd, &mark, "");
        *ret_end = SPOOL_PREFACE_SIZE + 2 * SPOOL_HEADER_SIZE;
        return r;
}

static int write_copy(struct spool *spool, int fd, struct spool_frame *records, size_t *ret_end)
{
        int r = spool_write_start(spool, fd, ret_end);

        for (size_t i = 0; !r && i < spool->count; i++) {
                records[i] = spool->records[spool->first + i];
                r = copy_record(spool, fd, &records[i], *ret_end);
                *ret_end += frame_bytes(&records[i]);
        }
        if (!r && fsync(fd) < 0)
                r = -errno;
        return r;
}

/* Old file or new, never half. On failure the old one goes on: nothing is lost, only room. */
int spool_compact(struct spool *spool)
{
        CLEANUP(cleanup_free) struct spool_frame *records = calloc(spool->count + 1, sizeof(*records));
        char temporary[PATH_MAX];
        size_t end;
        int r;

        if (snprintf(temporary, sizeof(temporary), "%s.new", spool->path) >= (int)sizeof(temporary))
                return -ENAMETOOLONG;
        CLEANUP(cleanup_fd)
        int fd = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
                return -errno;
        r = records ? write_copy(spool, fd, records, &end) : -ENOMEM;
        if (!r && rename(temporary, spool->path) < 0)
                r = -errno;
        if (r) {
                unlink(temporary);
                return r;
        }
        close(spool->fd);
        spool->fd = STEAL_FD(fd);
        spool->end = end;
        spool->dirty = false;
        if (spool->count)
                memcpy(spool->records, records, spool->count * sizeof(*records));
        spool->first = 0;
        spool->counters.compactions++;
        return spool_sync_folder(spool->path);
}

static size_t dead_bytes(const struct spool *spool)
{
        return spool->end - SPOOL_PREFACE_SIZE - spool->live_bytes;
}

/* ---- room ---- */

static bool is_full(const struct spool *spool, size_t wanted)
{
        return spool->live_bytes + wanted > spool->cap || spool->count == SPOOL_RECORDS_MAX;
}

/* Until `wanted` fits with an eighth of the cap to spare, so that not every append pays for the sweep. */
static void drop_periodic(struct spool *spool, size_t wanted)
{
        struct spool_frame *records = spool->records + spool->first;
        size_t goal = spool->cap - spool->cap / 8, kept = 0;
        uint64_t before = spool->counters.dropped_periodic;
        size_t count_goal = SPOOL_RECORDS_MAX - SPOOL_RECORDS_MAX / 8, count = spool->count;

        for (size_t i = 0; i < spool->count; i++) {
                bool over = spool->live_bytes + wanted > goal || count >= count_goal;

                if (over && records[i].class == SPOOL_PERIODIC) {
                        spool->live_bytes -= frame_bytes(&records[i]);
                        spool->counters.dropped_periodic++;
                        count--;
                } else {
                        records[kept++] = records[i];
                }
        }
        spool->count = kept;
        if (before != spool->counters.dropped_periodic)
                log_warning(
                        "spool %s is full: the %llu oldest periodic reports were dropped, findings are kept",
                        spool->path, (unsigned long long)(spool->counters.dropped_periodic - before));
}

static int make_room(struct spool *spool, size_t wanted, struct error *error)
{
        if (is_full(spool, wanted))
                drop_periodic(spool, wanted);
        if (is_full(spool, wanted)) {
                spool->counters.refused++;
                error_say(error, -ENOSPC,
                          "la file d’attente %s est pleine : %zu éléments qui ne peuvent pas être abandonnés "
                          "attendent garde-hub",
                          "spool %s is full: %zu records that may not be dropped wait for the hub",
                          spool->path, spool->count);
                return SPOOL_FULL;
        }
        if (spool->end + wanted > 2 * spool->cap) {
                int r = spool_compact(spool);
                if (r)
                        return error_say(error, r, "impossible de compacter la file d’attente %s : %m",
                                         "cannot compact the spool %s: %m", spool->path);
        }
        return 0;
}

/* ---- reading back ---- */

static int read_record(const struct spool *spool, const struct spool_frame *frame, json_t **ret_record,
                       struct error *error)
{
        CLEANUP(cleanup_free) uint8_t *bytes = malloc(frame_bytes(frame));
        struct spool_frame found;
        json_t *record = NULL;

        if (!bytes)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour lire la file d’attente %s",
                                 "out of memory reading the spool %s", spool->path);
        if (pread(spool->fd, bytes, frame_bytes(frame), (off_t)frame->offset) ==
                    (ssize_t)frame_bytes(frame) &&
            spool_frame_read(bytes, frame_bytes(frame), 0, &found) == SPOOL_FRAME_RIGHT)
                record = json_loadb((const char *)bytes + SPOOL_HEADER_SIZE, found.length,
                                    JSON_REJECT_DUPLICATES, NULL);
        if (!record)
                return error_say(error, -EIO,
                                 "file d’attente %s : l’élément %llu, à l’octet %zu, n’est plus lisible",
                                 "spool %s: record %llu at offset %zu can no longer be read", spool->path,
                                 (unsigned long long)frame->number, frame->offset);
        *ret_record = record;
        return 0;
}

int spool_each(struct spool *spool, uint64_t after,
               int (*visit)(void *context, uint64_t number, enum spool_class class, const json_t *record),
               void *context, struct error *error)
{
        int r = 0;

        for (size_t i = 0; !r && i < spool->count; i++) {
                const struct spool_frame *frame = &spool->records[spool->first + i];
                json_t *record;

                if (frame->number <= after)
                        continue;
                r = read_record(spool, frame, &record, error);
                if (r)
                        return r;
                r = visit(context, frame->number, (enum spool_class)frame->class, record);
                json_decref(record);
        }
        return r;
}

int spool_peek(struct spool *spool, uint64_t *ret_number, json_t **ret_record, struct error *error)
{
        int r;

        if (!spool->count)
                return SPOOL_EMPTY;
        r = read_record(spool, &spool->records[spool->first], ret_record, error);
        if (!r)
                *ret_number = spool->records[spool->first].number;
        return r;
}

/* ---- opening ---- */

static int lock(struct spool *spool, struct error *error)
{
        char path[PATH_MAX];

        if (snprintf(path, sizeof(path), "%s.lock", spool->path) >= (int)sizeof(path))
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s",
                                 spool->path);
        spool->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (spool->lock_fd < 0)
                return error_say(error, -errno, "impossible d’ouvrir %s : %m", "cannot open %s: %m", path);
        if (flock(spool->lock_fd, LOCK_EX | LOCK_NB) < 0)
                return error_say(error, -EBUSY, "la file d’attente %s est utilisée par un autre processus",
                                 "spool %s is in use by another process", spool->path);
        return 0;
}

int spool_open(const struct spool_options *options, struct spool **ret_spool, struct error *error)
{
        struct spool *spool;
        int r;

        if (options->cap_bytes < SPOOL_CAP_MIN || strlen(options->path) >= PATH_MAX)
                return error_say(error, -EINVAL, "une file d’attente demande un chemin et au moins %d octets",
                                 "a spool needs a path and at least %d bytes", SPOOL_CAP_MIN);
        spool = calloc(1, sizeof(*spool));
        if (!spool)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour la file d’attente %s",
                                 "out of memory for the spool %s", options->path);
        spool->fd = spool->lock_fd = -1;
        spool->cap = options->cap_bytes;
        spool->durable = options->durable;
        snprintf(spool->path, sizeof(spool->path), "%s", options->path);
        r = lock(spool, error);
        if (!r) {
                spool->fd = open(spool->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
                r = spool->fd < 0 ? error_say(error, -errno, "impossible d’ouvrir la file d’attente %s : %m",
                                              "cannot open the spool %s: %m", spool->path)
                                  : spool_recover(spool, error);
        }
        if (r) {
                spool_close(spool);
                return r;
        }
        *ret_spool = spool;
        return 0;
}

struct spool *spool_close(struct spool *spool)
{
        if (!spool)
                return NULL;
        cleanup_fd(&spool->fd);
        cleanup_fd(&spool->lock_fd);
        free(spool->records);
        free(spool);
        return NULL;
}

/* ---- writing ---- */

static int append_text(struct spool *spool, enum spool_class class, const char *text, size_t length,
                       struct error *error)
{
        struct spool_frame frame = {
                .number = spool->last_number + 1, .length = (uint32_t)length, .class = class};
        int r = make_room(spool, frame_bytes(&frame), error);

        if (r)
                return r;
        r = spool_reserve_record(spool);
        if (!r)
                r = add_frame(spool, &frame, text);
        if (r)
                return error_say(error, r, "impossible d’écrire dans la file d’attente %s : %m",
                                 "cannot write to the spool %s: %m", spool->path);
        spool_keep_record(spool, &frame);
        spool->last_number = frame.number;
        spool->counters.appended++;
        return 0;
}

int spool_append(struct spool *spool, enum spool_class class, const json_t *record, uint64_t *ret_number,
                 struct error *error)
{
        CLEANUP(cleanup_free) char *text = json_is_object(record) ? json_dumps(record, JSON_COMPACT) : NULL;
        size_t length;
        int r;

        if (!text)
                return error_say(error, -EINVAL, "une file d’attente ne prend que des objets JSON",
                                 "a spool takes JSON objects only");
        length = strlen(text);
        if (length > SPOOL_RECORD_MAX)
                return error_say(error, -E2BIG,
                                 "un élément de %zu octets dépasse les %d qu’une file d’attente admet",
                                 "a record of %zu bytes is larger than the %d a spool takes", length,
                                 SPOOL_RECORD_MAX);
        r = append_text(spool, class, text, length, error);
        if (!r && ret_number)
                *ret_number = spool->last_number;
        return r;
}

int spool_ack(struct spool *spool, uint64_t through, struct error *error)
{
        struct spool_frame frame = {.class = SPOOL_CLASS_ACK};
        size_t before = spool->count;
        int r;

        frame.number = through < spool->last_number ? through : spool->last_number;
        if (frame.number <= spool->acked)
                return 0;
        r = add_frame(spool, &frame, "");
        if (r)
                return error_say(error, r, "impossible d’écrire dans la file d’attente %s : %m",
                                 "cannot write to the spool %s: %m", spool->path);
        spool_forget_through(spool, frame.number);
        spool->counters.acknowledged += before - spool->count;
        if (dead_bytes(spool) > COMPACT_MIN && dead_bytes(spool) > spool->live_bytes) {
                r = spool_compact(spool);
                if (r) /* the old file still holds everything; the next acknowledgement tries again */
                        log_warning("cannot compact the spool %s: %s", spool->path, strerror(-r));
        }
        return 0;
}

size_t spool_count(const struct spool *spool)
{
        return spool->count;
}

size_t spool_live_bytes(const struct spool *spool)
{
        return spool->live_bytes;
}

struct spool_counters spool_counters(const struct spool *spool)
{
        return spool->counters;
}
