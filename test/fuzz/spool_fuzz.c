// fuzz: links=service_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Any bytes as a spool file: every byte is told once, opening never crashes, and what was opened opens again
 * with the same records. An input that starts with '!' is a recipe: chunks of {kind, number, length, bytes},
 * kind 0 to 4 framed with right checksums (a fuzzer does not guess those), any other kind raw.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/log.h"
#include "service/spool_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct told {
        size_t offset;
};

static void require(bool holds)
{
        if (!holds)
                abort();
}

static int tell(void *context, size_t offset, size_t length)
{
        struct told *told = context;

        require(offset == told->offset && length > 0);
        told->offset += length;
        return 0;
}

static int tell_frame(void *context, const struct spool_frame *frame, const uint8_t *payload)
{
        return tell(context, frame->offset, SPOOL_HEADER_SIZE + frame->length);
}

static void cook(const uint8_t *data, size_t size, struct buffer *file)
{
        while (size >= 3) {
                size_t length = data[2] < size - 3 ? data[2] : size - 3;
                struct spool_frame frame = {.number = data[1], .class = data[0], .length = (uint32_t)length};
                uint8_t header[SPOOL_HEADER_SIZE];

                if (data[0] <= SPOOL_CLASS_MARK) {
                        spool_frame_encode(&frame, data + 3, header);
                        buffer_append(file, header, sizeof(header));
                }
                buffer_append(file, data + 3, length);
                data += 3 + length;
                size -= 3 + length;
        }
        buffer_append(file, data, size);
}

static void open_twice(const struct buffer *file)
{
        char folder[32], path[64], other[96];
        const struct spool_options options = {.path = path, .cap_bytes = 65536};
        static const char *const endings[] = {"", ".bad", ".lock", ".new"};
        struct spool *spool = NULL;
        size_t count;

        /* In memory where there is some: opening fsyncs a lot. */
        snprintf(folder, sizeof(folder), "%s/spool_fuzz.XXXXXX",
                 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
        require(mkdtemp(folder));
        snprintf(path, sizeof(path), "%s/spool", folder);
        require(!file_write_atomic(path, file->data, file->length, 0600, NULL));
        if (!spool_open(&options, &spool, NULL)) {
                count = spool_count(spool);
                spool_close(spool);
                require(!spool_open(&options, &spool, NULL));
                require(spool_count(spool) == count && !spool_counters(spool).bad_bytes);
                spool_close(spool);
        }
        for (size_t i = 0; i < 4; i++) {
                snprintf(other, sizeof(other), "%s%s", path, endings[i]);
                unlink(other);
        }
        rmdir(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const struct spool_scanner scanner = {tell_frame, tell, tell};
        struct buffer file = BUFFER_INIT(1 << 20);
        struct told told = {0};

        log_setup("spool_fuzz", LOG_FORMAT_TEXT, LOG_LEVEL_ERROR);
        if (size && data[0] == '!') {
                buffer_append(&file, "GARDE-SPOOL-1\n\0", 16);
                cook(data + 1, size - 1, &file);
        } else {
                buffer_append(&file, data, size);
        }
        require(!spool_scan((const uint8_t *)file.data, file.length, &scanner, &told));
        require(told.offset == file.length);
        open_twice(&file);
        buffer_release(&file);
        return 0;
}
