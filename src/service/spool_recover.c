/* SPDX-License-Identifier: EUPL-1.2 */
/* Opening a spool that was left in any state: what is whole is kept, what is not is named. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "service/spool_private.h"

struct recovery {
        struct spool *spool;
        const uint8_t *data; /* the file beyond its preface */
        struct error *error;
};

static int save_bad(struct spool *spool, const uint8_t *bytes, size_t length)
{
        char path[PATH_MAX];
        struct stat st;
        int r;

        if (snprintf(path, sizeof(path), "%s.bad", spool->path) >= (int)sizeof(path))
                return -ENAMETOOLONG;
        CLEANUP(cleanup_fd) int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        if ((size_t)st.st_size + length > 2 * spool->cap) {
                if (ftruncate(fd, 0) < 0)
                        return -errno;
                st.st_size = 0;
        }
        struct iovec part = {(void *)bytes, length};
        r = spool_write_at(fd, &part, 1, (size_t)st.st_size);
        if (!r && fsync(fd) < 0)
                r = -errno;
        return r;
}

static int recover_bad(void *context, size_t offset, size_t length)
{
        struct recovery *recovery = context;
        struct spool *spool = recovery->spool;
        int r = save_bad(spool, recovery->data + offset, length);

        spool->counters.bad_bytes += length;
        if (r) {
                log_error("spool %s: %zu bytes at offset %zu are damaged and stay there, as %s.bad cannot be "
                          "written: %s",
                          spool->path, length, offset + SPOOL_PREFACE_SIZE, spool->path, strerror(-r));
                return 0;
        }
        spool->dirty = true;
        log_error("spool %s: %zu bytes at offset %zu are damaged; they were moved to %s.bad, the records "
                  "around them are kept",
                  spool->path, length, offset + SPOOL_PREFACE_SIZE, spool->path);
        return 0;
}

static int recover_torn(void *context, size_t offset, size_t length)
{
        struct recovery *recovery = context;
        struct spool *spool = recovery->spool;

        if (ftruncate(spool->fd, (off_t)(offset + SPOOL_PREFACE_SIZE)) < 0)
                return error_say(recovery->error, -errno,
                                 "impossible de couper la fin déchirée de la file d’attente %s : %m",
                                 "cannot cut the torn end of the spool %s: %m", spool->path);
        spool->end = offset + SPOOL_PREFACE_SIZE;
        spool->counters.torn_bytes += length;
        log_notice("spool %s: an append that was cut short was removed (%zu bytes at offset %zu)",
                   spool->path, length, offset + SPOOL_PREFACE_SIZE);
        return 0;
}

static int recover_record(struct recovery *recovery, const struct spool_frame *frame, const uint8_t *payload)
{
        struct spool *spool = recovery->spool;
        struct spool_frame record = *frame;
        int r = spool_reserve_record(spool);
        json_t *json =
                r ? NULL : json_loadb((const char *)payload, frame->length, JSON_REJECT_DUPLICATES, NULL);
        bool fits = json_is_object(json) && frame->number > spool->last_number &&
                    spool->count < SPOOL_RECORDS_MAX;

        json_decref(json);
        if (r)
                return error_say(recovery->error, r, "mémoire insuffisante pour lire la file d’attente %s",
                                 "out of memory reading the spool %s", spool->path);
        if (!fits)
                return recover_bad(recovery, frame->offset, frame_bytes(frame));
        spool->last_number = frame->number;
        record.offset += SPOOL_PREFACE_SIZE;
        spool_keep_record(spool, &record);
        return 0;
}

static int recover_frame(void *context, const struct spool_frame *frame, const uint8_t *payload)
{
        struct recovery *recovery = context;
        struct spool *spool = recovery->spool;

        switch (frame->class) {
        case SPOOL_CLASS_ACK:
                spool_forget_through(spool, frame->number);
                break;
        case SPOOL_CLASS_MARK:
                break;
        default:
                return recover_record(recovery, frame, payload);
        }
        return 0;
}

/* A mark stands before records with lower numbers, so it counts only once all are read. */
static int recover_mark(void *context, const struct spool_frame *frame, const uint8_t *payload)
{
        struct spool *spool = ((struct recovery *)context)->spool;
        bool counts = frame->class == SPOOL_CLASS_MARK || frame->class == SPOOL_CLASS_ACK;

        if (counts && frame->number > spool->last_number)
                spool->last_number = frame->number;
        return 0;
}

static int pass_over(void *context, size_t offset, size_t length)
{
        return 0;
}

static int recover_mapped(struct spool *spool, const uint8_t *file, size_t size, struct error *error)
{
        static const struct spool_scanner first = {recover_frame, recover_bad, recover_torn};
        static const struct spool_scanner second = {recover_mark, pass_over, pass_over};
        struct recovery recovery = {.spool = spool, .data = file + SPOOL_PREFACE_SIZE, .error = error};
        int r;

        if (memcmp(file, SPOOL_PREFACE, SPOOL_PREFACE_SIZE) != 0)
                return error_say(
                        error, -EPROTO,
                        "%s n’est pas une file d’attente de Garde ; déplacez ce fichier et redémarrez",
                        "%s is not a spool of Garde; move it away and start again", spool->path);
        spool->end = size;
        r = spool_scan(recovery.data, size - SPOOL_PREFACE_SIZE, &first, &recovery);
        if (!r)
                r = spool_scan(recovery.data, spool->end - SPOOL_PREFACE_SIZE, &second, &recovery);
        return r;
}

static int start_file(struct spool *spool, struct error *error)
{
        int r = ftruncate(spool->fd, 0) < 0 ? -errno : spool_write_start(spool, spool->fd, &spool->end);

        if (!r && fsync(spool->fd) < 0)
                r = -errno;
        if (!r)
                r = spool_sync_folder(spool->path);
        return r ? error_say(error, r, "impossible d’écrire la file d’attente %s : %m",
                             "cannot write the spool %s: %m", spool->path)
                 : 0;
}

/* Killed while it wrote its very first bytes: nothing was ever promised of such a file. */
static bool is_newborn(int fd, size_t size)
{
        char start[SPOOL_PREFACE_SIZE] = "";

        return size < SPOOL_PREFACE_SIZE && pread(fd, start, size, 0) == (ssize_t)size &&
               !memcmp(start, SPOOL_PREFACE, size);
}

int spool_recover(struct spool *spool, struct error *error)
{
        struct stat st;
        uint8_t *file;
        int r;

        if (fstat(spool->fd, &st) < 0)
                return error_say(error, -errno, "impossible d’examiner la file d’attente %s : %m",
                                 "cannot look at the spool %s: %m", spool->path);
        if (is_newborn(spool->fd, (size_t)st.st_size))
                return start_file(spool, error);
        if (!S_ISREG(st.st_mode) || st.st_size < SPOOL_PREFACE_SIZE)
                return error_say(
                        error, -EPROTO,
                        "%s n’est pas une file d’attente de Garde ; déplacez ce fichier et redémarrez",
                        "%s is not a spool of Garde; move it away and start again", spool->path);
        file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, spool->fd, 0);
        if (file == MAP_FAILED)
                return error_say(error, -errno, "impossible de lire la file d’attente %s : %m",
                                 "cannot read the spool %s: %m", spool->path);
        r = recover_mapped(spool, file, (size_t)st.st_size, error);
        munmap(file, (size_t)st.st_size);
        if (!r && spool->dirty && spool_compact(spool))
                log_warning("spool %s: the damaged bytes stay in the file, as it cannot be rewritten now",
                            spool->path);
        return r;
}
