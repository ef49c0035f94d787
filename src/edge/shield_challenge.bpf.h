/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Prove your address first (TCP safe reset). A SYN of an unknown source is answered by a SYN-ACK that
 * acknowledges what was never sent; the number is a cookie. A host in SYN-SENT answers a RST whose sequence
 * number is that very number (RFC 9293, 3.10.7.3) and sends its SYN again, and by then it is known. Whoever
 * forged his address sees no cookie. The answer is never longer than the question.
 *
 * The cookie has 32 bits, so a blind guess proves one forged address in 2^31 tries: such a source passes the
 * rungs that spare known ones until it is forgotten, and no more.
 */
#pragma once

#include "shield_known.bpf.h"

#define CHALLENGE_EPOCH_SHIFT 35 /* 34 s; the current and the last are accepted */
#define CHALLENGE_FRAME_MIN   60 /* Ethernet's shortest, without its check sequence */

struct challenge_flow {
        __u64 words[5]; /* addresses (IPv4: two in one word), then ports and epoch */
};

#define SIP_ROTATE(x, bits) ((x) << (bits) | (x) >> (64 - (bits)))

static __always_inline void sip_round(__u64 v[4])
{
        v[0] += v[1];
        v[1] = SIP_ROTATE(v[1], 13) ^ v[0];
        v[0] = SIP_ROTATE(v[0], 32);
        v[2] += v[3];
        v[3] = SIP_ROTATE(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = SIP_ROTATE(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = SIP_ROTATE(v[1], 17) ^ v[2];
        v[2] = SIP_ROTATE(v[2], 32);
}

/* SipHash-2-4 (Aumasson, Bernstein 2012) over five words. */
static __always_inline __u32 challenge_cookie(const struct challenge_flow *flow)
{
        __u64 key0 = state.config.secret[2], key1 = state.config.secret[3];
        __u64 v[4] = {key0 ^ 0x736f6d6570736575ULL, key1 ^ 0x646f72616e646f6dULL,
                      key0 ^ 0x6c7967656e657261ULL, key1 ^ 0x7465646279746573ULL};

#pragma unroll
        for (int i = 0; i < 6; i++) {
                __u64 word = i < 5 ? flow->words[i] : (__u64)sizeof(*flow) << 56;

                v[3] ^= word;
                sip_round(v);
                sip_round(v);
                v[0] ^= word;
        }
        v[2] ^= 0xff;
#pragma unroll
        for (int i = 0; i < 4; i++)
                sip_round(v);
        __u64 hash = v[0] ^ v[1] ^ v[2] ^ v[3];

        return (__u32)hash ^ (__u32)(hash >> 32);
}

/* Both addresses, of either family. False when they are out of reach. */
static __always_inline bool challenge_addresses(struct xdp_md *ctx, const struct view *view,
                                                struct challenge_flow *flow)
{
        void *network = (void *)(long)ctx->data + (view->network & 0x1f), *end = (void *)(long)ctx->data_end;
        struct ipv6hdr *ip6 = network;
        struct iphdr *ip4 = network;

        flow->words[1] = flow->words[2] = flow->words[3] = 0;
        if (!(view->features.marks & SHIELD_MARK_IPV6)) {
                if ((void *)(ip4 + 1) > end)
                        return false;
                flow->words[0] = ip4->saddr;
                flow->words[2] = ip4->daddr;
                return true;
        }
        if ((void *)(ip6 + 1) > end)
                return false;

        const __u64 *addresses = (const __u64 *)&ip6->saddr;

#pragma unroll
        for (int i = 0; i < 4; i++)
                flow->words[i] = addresses[i];
        return true;
}

/* Whether this RST carries a cookie of ours. */
static __always_inline bool challenge_proved(struct xdp_md *ctx, const struct view *view)
{
        struct tcphdr *tcp = (void *)(long)ctx->data + (view->transport & PACKET_OFFSET_MAX);
        struct challenge_flow flow;
        __u64 epoch = view->now >> CHALLENGE_EPOCH_SHIFT;

        if (!challenge_addresses(ctx, view, &flow) || (void *)(tcp + 1) > (void *)(long)ctx->data_end)
                return false;

        __u32 sequence = bpf_ntohl(tcp->seq), ports = *(__u32 *)tcp;

        for (int age = 0; age < 2; age++) {
                flow.words[4] = (epoch - age) << 32 | ports;
                if (challenge_cookie(&flow) == sequence)
                        return true;
        }
        return false;
}

static __always_inline __u16 challenge_fold(__u64 sum)
{
        sum = (sum & 0xffffffff) + (sum >> 32);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        return (__u16)~sum;
}

/* RFC 9293 3.1: over the pseudo header and a bare TCP header. `addresses`: their 32-bit words, summed. */
static __always_inline void challenge_tcp(struct tcphdr *tcp, __u32 cookie, __u64 addresses)
{
        __be16 port = tcp->source;
        __u32 *words = (__u32 *)tcp;

        tcp->source = tcp->dest;
        tcp->dest = port;
        tcp->ack_seq = bpf_htonl(cookie);
        tcp->seq = bpf_htonl(~cookie);
        words[3] = bpf_htonl(5U << 28 | (TCP_SYN | TCP_ACK) << 16 | 0xffff); /* five words, SYN ACK, window */
        words[4] = 0;
        tcp->check = challenge_fold(addresses + bpf_htons(IPPROTO_TCP) + bpf_htons(sizeof(*tcp)) +
                                    (__u64)words[0] + words[1] + words[2] + words[3]);
}

static __always_inline void challenge_ip4(struct iphdr *ip)
{
        __u32 *words = (__u32 *)ip, source = ip->saddr;

        ip->saddr = ip->daddr;
        ip->daddr = source;
        words[0] = bpf_htonl(0x45000000U | (sizeof(*ip) + sizeof(struct tcphdr)));
        words[1] = bpf_htonl(0x4000); /* no identification, do not fragment */
        words[2] = bpf_htonl(64U << 24 | IPPROTO_TCP << 16);
        ip->check = challenge_fold((__u64)words[0] + words[1] + words[2] + words[3] + words[4]);
}

static __always_inline void challenge_ip6(struct ipv6hdr *ip)
{
        struct in6_addr source = ip->saddr;

        ip->saddr = ip->daddr;
        ip->daddr = source;
        *(__be32 *)ip = bpf_htonl(6U << 28);
        ip->payload_len = bpf_htons(sizeof(struct tcphdr));
        ip->hop_limit = 64;
}

static __always_inline void challenge_turn(struct ethhdr *ethernet)
{
        __u8 mac[ETH_ALEN];

        __builtin_memcpy(mac, ethernet->h_dest, ETH_ALEN);
        __builtin_memcpy(ethernet->h_dest, ethernet->h_source, ETH_ALEN);
        __builtin_memcpy(ethernet->h_source, mac, ETH_ALEN);
}

/* Cut off options and data of the SYN; what Ethernet must keep as padding is zeroed. 0 or negative. */
static __always_inline long challenge_trim(struct xdp_md *ctx, __u32 length)
{
        __u32 whole = (__u32)(ctx->data_end - ctx->data);
        __u32 wanted = length < CHALLENGE_FRAME_MIN ? CHALLENGE_FRAME_MIN : length;

        if (whole > wanted && bpf_xdp_adjust_tail(ctx, (int)(wanted - whole)))
                return -1;

        __u8 *padding = (__u8 *)(long)ctx->data + (length & 0x7f), *end = (__u8 *)(long)ctx->data_end;

#pragma unroll
        for (int i = 0; i < CHALLENGE_FRAME_MIN - 54; i++) {
                asm volatile("" : "+r"(padding)); /* one pointer, so that the verifier knows it checked */
                if (padding + 1 > end)
                        break;
                *padding++ = 0;
        }
        return 0;
}

/* Of the addresses' 32-bit words, for the pseudo header. */
static __always_inline __u64 challenge_sum(const struct challenge_flow *flow)
{
        __u64 sum = 0;

#pragma unroll
        for (int i = 0; i < 4; i++)
                sum += (flow->words[i] >> 32) + (__u32)flow->words[i];
        return sum;
}

/*
 * Turns the SYN into its answer. XDP_TX, or XDP_DROP when it cannot be: with IP options or fragmented, which no
 * honest SYN is. Global for the verifier's sake.
 */
__noinline int challenge_answer(struct xdp_md *ctx, const struct view *view)
{
        void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
        struct challenge_flow flow;

        if (!view || view->features.marks & (SHIELD_MARK_IP_OPTIONS | SHIELD_MARK_FRAGMENT))
                return XDP_DROP;

        bool ipv6 = view->features.marks & SHIELD_MARK_IPV6;
        __u32 offset = view->network & 0x1f, header = ipv6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
        void *network = data + offset;
        struct tcphdr *tcp = network + header;

        if ((void *)(tcp + 1) > end || data + sizeof(struct ethhdr) > end)
                return XDP_DROP;
        if (!challenge_addresses(ctx, view, &flow))
                return XDP_DROP;
        flow.words[4] = view->now >> CHALLENGE_EPOCH_SHIFT << 32 | *(__u32 *)tcp;

        __u32 cookie = challenge_cookie(&flow);

        if (cookie == bpf_ntohl(tcp->seq) + 1)
                return XDP_DROP; /* by chance the right acknowledgement: another epoch will have another cookie */
        challenge_tcp(tcp, cookie, challenge_sum(&flow));
        if (ipv6)
                challenge_ip6(network);
        else
                challenge_ip4(network);
        challenge_turn(data);
        return challenge_trim(ctx, offset + header + sizeof(*tcp)) ? XDP_DROP : XDP_TX;
}
