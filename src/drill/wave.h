/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One captured attack packet, turned into the Ethernet frame the generator sends: its own source, ports and payload,
 * the attacked address replaced, checksums right again (RFC 1071, RFC 1624). Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "edge/capture.h"

#define WAVE_FRAME_MAX 1514

struct wave_target {
        uint8_t to_mac[6], from_mac[6];
        struct addr v4, v6; /* the service's */
        uint16_t port;      /* TCP and UDP destination port; 0 leaves the packet's own */
};

/*
 * Writes the frame, returns its length; 0 when the packet does not fit an MTU of 1500 (segments glued together by the
 * capturing machine) or is broken. What the capture cut off is filled with zeros up to the length on the wire.
 */
uint32_t wave_frame(const struct capture_packet *packet, const struct wave_target *target,
                    uint8_t ret_frame[static WAVE_FRAME_MAX]);

/* The source of a captured packet. */
void wave_source(const struct capture_packet *packet, struct addr *ret_addr);
