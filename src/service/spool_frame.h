/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The frames of a spool file (layout in spool.h), free of files so that they can be fuzzed. Private to spool.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "service/spool.h"

#define SPOOL_MAGIC       0x314d5246 /* "FRM1" */
#define SPOOL_HEADER_SIZE 32
#define SPOOL_CLASS_ACK   3
#define SPOOL_CLASS_MARK  4

struct spool_header { /* as on disk, little endian */
        uint32_t magic;
        uint32_t length;
        uint64_t number;
        uint32_t class;
        uint32_t payload_crc;
        uint32_t zero;
        uint32_t header_crc;
};
_Static_assert(sizeof(struct spool_header) == SPOOL_HEADER_SIZE, "layout on disk");
_Static_assert(offsetof(struct spool_header, header_crc) == 28, "layout on disk");

struct spool_frame {
        uint64_t number;
        size_t offset; /* of the header */
        uint32_t length;
        uint32_t class;
};

enum spool_frame_state { SPOOL_FRAME_RIGHT, SPOOL_FRAME_TORN, SPOOL_FRAME_BAD };

/* CRC-32C, RFC 3720 appendix B.4. */
uint32_t crc32c(const void *data, size_t length);

void spool_frame_encode(const struct spool_frame *frame, const void *payload,
                        uint8_t ret_header[static SPOOL_HEADER_SIZE]);

/* What stands at `offset`, below `size`. TORN: it began like a frame and the data ends within it. */
enum spool_frame_state spool_frame_read(const uint8_t *data, size_t size, size_t offset,
                                        struct spool_frame *ret_frame);

/* From front to back, every byte told exactly once. A callback's non-zero ends the scan and is returned. */
struct spool_scanner {
        int (*frame)(void *context, const struct spool_frame *frame, const uint8_t *payload);
        int (*bad)(void *context, size_t offset, size_t length);
        int (*torn)(void *context, size_t offset, size_t length);
};
int spool_scan(const uint8_t *data, size_t size, const struct spool_scanner *scanner, void *context);
