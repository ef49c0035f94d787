/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A file of captured packets, read whole: pcap or pcapng, told apart by content and never by name.
 * Formats: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng; link types Ethernet (with up to two VLAN tags),
 * raw IP, Linux cooked (SLL, SLL2), BSD loopback (NULL, LOOP). Each frame is reduced to its IP packet;
 * frames without one (ARP, spanning tree …) are counted and left out.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

#define CAPTURE_PACKETS_MAX 4000000u
#define CAPTURE_BYTES_MAX   (1024u * 1024 * 1024)

/* Positive conditions of capture_read: the packets before the trouble are there. */
#define CAPTURE_DAMAGED 1 /* truncated or corrupt further on; the sentence in `error` says where */
#define CAPTURE_CUT     2 /* the limits were met; the rest of the file was not read */

struct capture_packet {
        uint64_t time_ns;       /* since 1970 as the file says; files are not always in order of time */
        uint32_t wire_length;   /* bytes of the IP packet on the wire, padding of the link left out */
        uint32_t caught_length; /* bytes of it that the file holds, at least the fixed IP header */
        const uint8_t *ip;      /* its first byte, version 4 or 6; owned by the capture */
};

struct capture_limits {
        size_t packets;
        size_t bytes; /* caught, in all */
};

struct capture {
        struct capture_packet *packets; /* in the file's order */
        size_t count;
        uint64_t skipped; /* frames that carry no whole IP header */
        uint8_t *storage; /* what packets[].ip point into */
};

#define CAPTURE_INIT                                                                                         \
        {                                                                                                    \
                NULL, 0, 0, NULL                                                                             \
        }

/*
 * Reads `path`. `limits` may be NULL: then the two maxima above hold. 0; CAPTURE_DAMAGED or CAPTURE_CUT with
 * what was read; -ENOENT, -EACCES …, -EINVAL when it is no capture or of a link type not listed,
 * -ENODATA when it holds no IP packet (an empty file, too), -ENOMEM. The caller releases ret_capture.
 */
int capture_read(const char *path, const struct capture_limits *limits, struct capture *ret_capture,
                 struct error *error);

/* The same from an open stream, which it closes; `name` is for the sentences. */
int capture_read_stream(FILE *stream, const char *name, const struct capture_limits *limits,
                        struct capture *ret_capture, struct error *error);

void capture_release(struct capture *capture);

/*
 * Reduces one frame of link type `link` (DLT_… of libpcap) to its IP packet. false when it carries none.
 * Pure; every read is within `caught`.
 */
bool capture_frame(int link, const uint8_t *frame, uint32_t caught, uint32_t wire,
                   struct capture_packet *ret_packet);
bool capture_link_known(int link);
