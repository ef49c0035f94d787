/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An Ethernet frame put together from words, for tests and benches: IPv4 or IPv6, VLAN tags, options, extension
 * headers, fragments, with right checksums. Never for the wire of a stranger.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define FRAME_BYTES_MAX 4096

enum { FRAME_FIN = 1, FRAME_SYN = 2, FRAME_RST = 4, FRAME_PSH = 8, FRAME_ACK = 16 };
enum { FRAME_ICMP = 1, FRAME_TCP = 6, FRAME_UDP = 17, FRAME_ICMPV6 = 58 };

struct frame_spec {
        const char *source, *dest; /* addresses as text; the family follows */
        unsigned vlans;            /* 0 to 2; with two the outer one is 802.1ad */
        unsigned protocol;         /* of the transport header */
        unsigned source_port, dest_port;
        unsigned flags; /* TCP */
        uint32_t sequence, acknowledgement;
        unsigned window;
        unsigned icmp_type, icmp_code;
        const void *tcp_options; /* a multiple of four bytes */
        size_t tcp_options_length;
        const void *payload;
        size_t payload_length;
        unsigned ttl; /* 0: 64 */
        unsigned ip_id;
        size_t ip_options_length;  /* IPv4, a multiple of four; filled with NOP */
        const uint8_t *extensions; /* IPv6: their protocol numbers, in order */
        size_t extension_count;    /* each of 8 bytes (AH 12) */
        unsigned fragment_offset; /* in units of 8 bytes; IPv6 needs a fragment header among the extensions */
        unsigned more_fragments, dont_fragment;
        size_t padding; /* bytes behind the IP packet, 0xaa */
};

struct frame {
        uint8_t bytes[FRAME_BYTES_MAX];
        size_t length;
        size_t network, transport; /* offsets */
};

/* Asserts that the words make sense and fit. */
void frame_make(const struct frame_spec *spec, struct frame *ret_frame);

/* RFC 1071 over bytes; `sum` is what came before (0, or frame_pseudo's). 0 over data that holds a right checksum. */
uint32_t frame_sum(const void *data, size_t length, uint32_t sum);
uint16_t frame_fold(uint32_t sum);
/* Sum of the pseudo header of the packet at `network`. */
uint32_t frame_pseudo(const struct frame *frame, unsigned protocol, size_t length);
