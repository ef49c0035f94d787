/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What outbound packets tell of their destinations. */
#pragma once

#include "shield_base.bpf.h"

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, SHIELD_ACQUAINTANCES);
        __type(key, __u32);
        __type(value, __u64);
} acquaintances SEC(".maps");

#define UDP_CLIENT_PORTS   32768U /* where Linux, and above it IANA and Windows, take ports for clients from */
#define ACQUAINTANCE_PRINT 0xffffff0000000000ULL

static __always_inline __u64 acquaintance_hash(const struct packet *packet, __u32 service)
{
        bool ipv6 = packet->marks & SHIELD_MARK_IPV6;
        __u64 peer = ipv6 ? packet->dest[0] : packet->dest[0] << 32 | 6;
        __u64 mixed =
                (state.config.secret[2] + (__u32)peer + service) * (state.config.secret[3] + (peer >> 32));

        return known_spread(mixed);
}

/* A reply went out to this peer from a served port. Whether it has been a partner for long enough. */
static __always_inline bool acquaintance_made(const struct packet *packet, __u32 service, __u32 second)
{
        __u64 hash = acquaintance_hash(packet, service);
        __u32 index = (__u32)(hash >> 48) & (SHIELD_ACQUAINTANCES - 1);
        __u64 *slot = bpf_map_lookup_elem(&acquaintances, &index);

        if (!slot)
                return false;

        __u64 print = hash << 16 & ACQUAINTANCE_PRINT, word = *slot;
        __u32 first = (__u32)word, replies = (__u32)(word >> 32) & 0xff;

        if ((word & ACQUAINTANCE_PRINT) != print || !first || second - first > state.config.known_max_age_s) {
                *slot = print | 1ULL << 32 | second;
                return false;
        }
        if (replies < 0xff)
                replies++;
        *slot = print | (__u64)replies << 32 | first;
        return replies >= SHIELD_ACQUAINTED_REPLIES && second - first >= SHIELD_ACQUAINTED_SECONDS;
}

/* Whether this outbound packet shows that its destination is no forged address. */
static __always_inline bool egress_vouches(const struct packet *packet, const struct transport *transport,
                                           __u32 service, __u32 second)
{
        __u32 flags = packet->flags;
        __u32 echo = packet->marks & SHIELD_MARK_IPV6 ? ICMPV6_ECHO_REQUEST : 8;

        if (!packet->readable)
                return false;
        if (packet->protocol == IPPROTO_TCP) {
                if (flags & TCP_RST)
                        return false;
                if (flags & TCP_SYN)
                        return !(flags & TCP_ACK); /* the inside speaks first */
                return transport->payload_length || flags & TCP_FIN;
        }
        if (packet->protocol == IPPROTO_UDP) {
                /*
                 * A port a client takes, not one a server answers from: the inside spoke first. Below, a reply to a
                 * forged question would look the same, whether or not the port was named as served.
                 */
                if (transport->source_port >= UDP_CLIENT_PORTS &&
                    !port_served(service, transport->source_port))
                        return true;
                return !(state.config.frozen >> (service & 31) & 1) &&
                       acquaintance_made(packet, service, second);
        }
        return transport->window >> 8 == echo;
}
