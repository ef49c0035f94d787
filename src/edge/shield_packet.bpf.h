/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A frame taken apart once, for both directions: Ethernet, up to two VLAN tags (IEEE 802.1Q, 802.1ad), IPv4
 * (RFC 791), IPv6 with a bounded walk of extension headers (RFC 8200), and the first bytes behind them.
 *
 * Malformed is only what cannot be read as an IP packet. A transport header that makes no sense does not
 * shelter a packet: it is described as far as it goes, so that a signature can still meet it.
 */
#pragma once

#include <linux/bpf.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <stdbool.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "shield.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "features are laid out for little-endian machines"
#endif

#define PACKET_EXTENSIONS_MAX 8 /* of IPv6; one more is taken for the transport protocol */

#define PACKET_OFFSET_MAX 0x3fff /* of a transport header: eight extension headers of 2 KiB at most */

#define TCP_FIN 1U
#define TCP_SYN 2U
#define TCP_RST 4U
#define TCP_ACK 16U

enum packet_form { PACKET_SOUND, PACKET_MALFORMED };

struct vlan_tag {
        __be16 id;
        __be16 type;
};

struct packet {
        void *network;   /* IP header */
        void *transport; /* what follows the IP headers */
        __u32 tail;      /* bytes of the IP packet from `transport` on, as the header says */
        __u32 offset;    /* of the IP header in the frame */
        __u64 source[2]; /* network order; IPv4 in the low half of the first */
        __u64 dest[2];
        __u32 length; /* of the IP packet */
        __u32 marks;
        __u32 fragment_offset;
        __u32 class_;  /* enum shield_class */
        __u32 flags;   /* TCP */
        bool readable; /* there is a whole transport header of TCP, UDP or ICMP */
        __u32 protocol;
        __u32 ttl;
};

/* What the transport header says. */
struct transport {
        __u32 header; /* its bytes */
        __u32 payload_length;
        __u32 header_words, window;
        __u32 source_port, dest_port;
        __u32 options;
};

/* All that is said of a packet once it is parsed: no pointers, so that it may be handed to global functions. */
struct view {
        union {
                struct shield_features features;
                __u64 words[4];
        };
        __u64 now;
        __u32 network, transport, payload; /* offsets in the frame */
        __u32 payload_length;
        __u32 options; /* first bytes of the TCP options */
        __u32 fragment_offset;
        bool known, sampled;
        __u8 pad[6];
};

/* What becomes of it, in one register: verdict, slot << 8, XDP action << 16. */
#define DECISION(verdict, slot, action) ((__u32)(verdict) | (__u32)(slot) << 8 | (__u32)(action) << 16)
#define DECISION_NONE                   DECISION(SHIELD_PASS, SHIELD_NO_SLOT, XDP_PASS)

static __always_inline __u32 decision_verdict(__u32 decision)
{
        return decision & 0xff;
}

static __always_inline __u32 decision_slot(__u32 decision)
{
        return decision >> 8 & 0xff;
}

static __always_inline int decision_action(__u32 decision)
{
        return (int)(decision >> 16 & 0xff);
}

/*
 * Bytes from here to the end of the first buffer. A length out of a header is held against this number and not added to
 * a pointer: Linux 6.1 does not know how large a number can be whose bytes were swapped.
 */
static __always_inline __u64 packet_left(const void *from, const void *end)
{
        return (__u64)(long)end - (__u64)(long)from;
}

static __always_inline void packet_fragment(struct packet *packet, __u32 offset, bool more)
{
        packet->fragment_offset = offset;
        if (offset)
                packet->marks |= SHIELD_MARK_FRAGMENT | SHIELD_MARK_FRAGMENT_LATER;
        else if (more)
                packet->marks |= SHIELD_MARK_FRAGMENT;
}

static __always_inline enum packet_form packet_parse4(void *end, struct packet *packet)
{
        struct iphdr *ip = packet->network;

        if ((void *)(ip + 1) > end)
                return PACKET_MALFORMED;

        __u32 first = *(__u8 *)ip, header = (first & 15) * 4, fragment = bpf_ntohs(ip->frag_off);

        packet->length = bpf_ntohs(ip->tot_len);
        if (first >> 4 != 4 || header < sizeof(*ip) || packet->length < header)
                return PACKET_MALFORMED;
        packet->transport = packet->network + header;
        packet->tail = packet->length - header;
        packet->marks = header > sizeof(*ip) ? SHIELD_MARK_IP_OPTIONS : 0;
        if (fragment & 0x4000)
                packet->marks |= SHIELD_MARK_DONT_FRAGMENT;
        packet_fragment(packet, fragment & 0x1fff, fragment & 0x2000);
        packet->source[0] = ip->saddr;
        packet->source[1] = 0;
        packet->dest[0] = ip->daddr;
        packet->dest[1] = 0;
        packet->protocol = ip->protocol;
        packet->ttl = ip->ttl;
        return PACKET_SOUND;
}

static __always_inline bool packet_is_extension(__u32 protocol)
{
        return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_DSTOPTS ||
               protocol == IPPROTO_FRAGMENT || protocol == IPPROTO_AH;
}

/* Where the chain of IPv6 extension headers stands. */
struct extensions {
        __u32 offset; /* in the frame */
        __u32 tail;   /* bytes of the packet from there on */
        __u32 protocol;
        __u32 marks;
        __u32 fragment_offset;
        __u32 pad;
};

/* One header. 0: go on; 1: a later fragment, nothing can be read behind it; negative: malformed. */
static __always_inline int extensions_step(struct extensions *walk, const __u8 header[8])
{
        __u32 size = ((__u32)header[1] + 1) * 8;

        if (walk->protocol == IPPROTO_AH)
                size = ((__u32)header[1] + 2) * 4;
        if (walk->protocol == IPPROTO_FRAGMENT) {
                __u32 fragment = (__u32)header[2] << 8 | header[3];

                size = 8;
                walk->fragment_offset = fragment >> 3;
                if (fragment & ~6U) /* the two bits in between are reserved */
                        walk->marks |= SHIELD_MARK_FRAGMENT;
                if (fragment >> 3)
                        walk->marks |= SHIELD_MARK_FRAGMENT_LATER;
        }
        if (size > walk->tail)
                return -1;
        walk->protocol = header[0];
        walk->marks |= SHIELD_MARK_IP_OPTIONS;
        walk->offset += size;
        walk->tail -= size;
        return walk->marks & SHIELD_MARK_FRAGMENT_LATER ? 1 : 0;
}

static __always_inline int extensions_walk(void *ctx, struct extensions *walk, bool ingress)
{
        __u8 header[8];

        for (int i = 0; i < PACKET_EXTENSIONS_MAX; i++) {
                if (!packet_is_extension(walk->protocol))
                        return 0;
                if (ingress ? bpf_xdp_load_bytes(ctx, walk->offset, header, 8)
                            : bpf_skb_load_bytes(ctx, walk->offset, header, 8))
                        return -1;

                int r = extensions_step(walk, header);

                if (r)
                        return r < 0 ? r : 0;
        }
        return 0;
}

/* Global functions: the verifier looks at the walk once, not once for each way that leads to it. */
__noinline int extensions_ingress(struct xdp_md *ctx, struct extensions *walk)
{
        return walk ? extensions_walk(ctx, walk, true) : -1;
}

__noinline int extensions_egress(struct __sk_buff *ctx, struct extensions *walk)
{
        return walk ? extensions_walk(ctx, walk, false) : -1;
}

/* The chain of extension headers; stops at the transport header, at a later fragment or after the bound. */
static __always_inline enum packet_form packet_extensions(void *ctx, void *data, struct packet *packet,
                                                          bool ingress)
{
        struct extensions walk = {.offset = packet->offset + sizeof(struct ipv6hdr),
                                  .tail = packet->tail,
                                  .protocol = packet->protocol,
                                  .marks = packet->marks};
        int r = ingress ? extensions_ingress(ctx, &walk) : extensions_egress(ctx, &walk);

        if (r || walk.offset > PACKET_OFFSET_MAX)
                return PACKET_MALFORMED;
        packet->transport = data + walk.offset;
        packet->tail = walk.tail;
        packet->protocol = walk.protocol;
        packet->marks = walk.marks;
        packet->fragment_offset = walk.fragment_offset;
        return PACKET_SOUND;
}

static __always_inline enum packet_form packet_parse6(void *ctx, void *data, void *end, struct packet *packet,
                                                      bool ingress)
{
        struct ipv6hdr *ip = packet->network;

        if ((void *)(ip + 1) > end || *(__u8 *)ip >> 4 != 6)
                return PACKET_MALFORMED;

        __u64 *addresses = (__u64 *)&ip->saddr;

        packet->tail = bpf_ntohs(ip->payload_len);
        packet->length = packet->tail + sizeof(*ip);
        packet->transport = ip + 1;
        packet->marks = SHIELD_MARK_IPV6;
        packet->fragment_offset = 0;
        packet->source[0] = addresses[0];
        packet->source[1] = addresses[1];
        packet->dest[0] = addresses[2];
        packet->dest[1] = addresses[3];
        packet->protocol = ip->nexthdr;
        packet->ttl = ip->hop_limit;
        return packet_is_extension(packet->protocol) ? packet_extensions(ctx, data, packet, ingress)
                                                     : PACKET_SOUND;
}

/* Ethernet and its tags: where the network header is, and of which EtherType. 0: too short. */
static __always_inline __be16 packet_link(void *data, void *end, struct packet *packet)
{
        struct ethhdr *ethernet = data;

        if ((void *)(ethernet + 1) > end)
                return 0;

        __be16 type = ethernet->h_proto;

        packet->network = ethernet + 1;
        packet->offset = sizeof(*ethernet);
#pragma unroll
        for (int i = 0; i < 2; i++) {
                struct vlan_tag *tag = packet->network;

                if (type != bpf_htons(ETH_P_8021Q) && type != bpf_htons(ETH_P_8021AD))
                        break;
                if ((void *)(tag + 1) > end)
                        return 0;
                type = tag->type;
                packet->network = tag + 1;
                packet->offset += sizeof(*tag);
        }
        return type;
}

static __always_inline __u32 packet_class_tcp(__u32 flags)
{
        if (flags & TCP_RST)
                return SHIELD_CLASS_RST;
        if (!(flags & TCP_SYN))
                return SHIELD_CLASS_TCP;
        return flags & TCP_ACK ? SHIELD_CLASS_SYNACK : SHIELD_CLASS_SYN;
}

static __always_inline bool packet_holds(const struct packet *packet, const void *end, __u32 header)
{
        return packet->tail >= header && packet->transport + header <= end;
}

/* As little as counting needs: class and TCP flags. OTHER when there is no header to read. */
static __always_inline void packet_classify(struct packet *packet, bool ipv6, const void *end)
{
        packet->class_ = SHIELD_CLASS_OTHER;
        packet->flags = 0;
        packet->readable = false;
        if (packet->marks & SHIELD_MARK_FRAGMENT_LATER) {
                packet->class_ = SHIELD_CLASS_FRAGMENT;
                return;
        }
        if (packet->protocol == IPPROTO_TCP) {
                if (packet_holds(packet, end, sizeof(struct tcphdr))) {
                        packet->flags = ((__u8 *)packet->transport)[13];
                        packet->class_ = packet_class_tcp(packet->flags);
                        packet->readable = true;
                }
        } else if (packet->protocol == IPPROTO_UDP) {
                packet->readable = packet_holds(packet, end, sizeof(struct udphdr));
                packet->class_ = packet->readable ? SHIELD_CLASS_UDP : SHIELD_CLASS_OTHER;
        } else if (packet->protocol == (ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP)) {
                packet->readable = packet_holds(packet, end, sizeof(struct icmp6hdr));
                packet->class_ = packet->readable ? SHIELD_CLASS_ICMP : SHIELD_CLASS_OTHER;
        }
        if (packet->marks & SHIELD_MARK_FRAGMENT)
                packet->class_ = SHIELD_CLASS_FRAGMENT;
}

static __always_inline void transport_tcp(const struct packet *packet, const void *end,
                                          struct transport *transport)
{
        const struct tcphdr *tcp = packet->transport;

        transport->header_words = ((const __u8 *)tcp)[12] >> 4;
        transport->window = bpf_ntohs(tcp->window);
        transport->header = sizeof(*tcp);
        if (transport->header_words <= 5)
                return;
        transport->header = transport->header_words * 4;
        if (packet_holds(packet, end, sizeof(*tcp) + 4))
                transport->options = *(const __u32 *)(tcp + 1);
}

/* The rest of the transport header, of a packet that was classified. */
static __always_inline void packet_transport(const struct packet *packet, const void *end,
                                             struct transport *transport)
{
        const __be16 *ports = packet->transport;
        const __u8 *icmp = packet->transport;

        *transport = (struct transport){};
        if (packet->readable && packet_holds(packet, end, 8)) {
                transport->header = 8;
                if (packet->protocol == IPPROTO_TCP || packet->protocol == IPPROTO_UDP) {
                        transport->source_port = bpf_ntohs(ports[0]);
                        transport->dest_port = bpf_ntohs(ports[1]);
                } else {
                        transport->window = (__u32)icmp[0] << 8 | icmp[1];
                }
                if (packet->protocol == IPPROTO_TCP && packet_holds(packet, end, sizeof(struct tcphdr)))
                        transport_tcp(packet, end, transport);
        }
        transport->payload_length = packet->tail > transport->header ? packet->tail - transport->header : 0;
}
