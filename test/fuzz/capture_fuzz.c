// fuzz: links=edge_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/* A capture file from anywhere: read without a crash, every packet within its bounds. */
#include <stdint.h>
#include <stdlib.h>

#include "edge/capture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct capture_limits limits = {1000, 1 << 20};
        struct capture capture = CAPTURE_INIT;
        struct error error = {0};
        FILE *stream = size ? fmemopen((void *)data, size, "r") : fopen("/dev/null", "r");
        uint32_t sum = 0;

        if (!stream)
                return 0;
        if (capture_read_stream(stream, "fuzz", &limits, &capture, &error) < 0)
                return 0;
        for (size_t i = 0; i < capture.count; i++) {
                const struct capture_packet *packet = &capture.packets[i];

                if (packet->caught_length < 20 || packet->caught_length > packet->wire_length)
                        abort();
                for (uint32_t at = 0; at < packet->caught_length; at++)
                        sum += packet->ip[at];
        }
        capture_release(&capture);
        return sum == UINT32_MAX ? -1 : 0;
}
