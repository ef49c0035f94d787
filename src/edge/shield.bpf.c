/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The kernel data path. On ingress (XDP): count, remember whom we know, hold each packet against the measures
 * of its service, sample. On egress (tc): learn from what the inside says who completed a handshake or
 * was spoken to first. Nothing is ever inserted for a source that has not proved its address.
 */
#include "shield_acquaintance.bpf.h"
#include "shield_outright.bpf.h"
#include "shield_sample.bpf.h"

#include <linux/pkt_cls.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* For benches alone: a new random source for every run of the one packet BPF_PROG_TEST_RUN repeats. */
const volatile bool bench_random;

static __always_inline void bench_randomise(void *data, void *end)
{
        struct ethhdr *ethernet = data;
        struct iphdr *ip = (void *)(ethernet + 1);

        if ((void *)(ip + 1) + sizeof(*ip) > end)
                return;
        if (ethernet->h_proto == bpf_htons(ETH_P_IP))
                ip->saddr = bpf_get_prandom_u32();
        else
                ((__u32 *)ip)[2] = (bpf_get_prandom_u32() & 0xffffff1f) | 0x20; /* 2000::/3 */
}

/* Longer than its frame is a contradiction, unless the rest lies in further buffers. */
static __always_inline bool ingress_is_cut(struct xdp_md *ctx, const struct packet *packet)
{
        return packet->length > packet_left(packet->network, (void *)(long)ctx->data_end) &&
               packet->offset + packet->length > bpf_xdp_get_buff_len(ctx);
}

/*
 * Up to eight bytes as one word, zero-filled; never beyond the IP packet, as Ethernet padding is anybody's. Of fewer than
 * eight the word that ends with them is read, headers stand before them: a length that varies is more than the verifier
 * of Linux 6.1 can follow.
 */
static __always_inline __u64 long_first_bytes(struct xdp_md *ctx, const struct view *view)
{
        void *from = (void *)(long)ctx->data + (view->payload & PACKET_OFFSET_MAX),
             *end = (void *)(long)ctx->data_end;
        __u32 length = view->payload_length < 8 ? view->payload_length : 8;
        __u64 word = 0;

        if (length == 8 && from + 8 <= end)
                return *(__u64 *)from;
        if (!length || bpf_xdp_load_bytes(ctx, view->payload + length - 8, &word, 8))
                return 0;
        return word >> (64 - 8 * length & 63);
}

static __always_inline __u32 long_ip_id(struct xdp_md *ctx, const struct view *view)
{
        struct iphdr *ip = (void *)(long)ctx->data + (view->network & 0x1f);

        if (view->features.marks & SHIELD_MARK_IPV6 || (void *)(ip + 1) > (void *)(long)ctx->data_end)
                return 0;
        return bpf_ntohs(ip->id);
}

/*
 * The long way: a packet that measures are held against, or that is sampled. The features' second half is only
 * now put in.
 */
__noinline int ingress_long(struct xdp_md *ctx, struct view *view, struct shield_counters *row)
{
        struct tally tally;
        struct shield_plan plan;
        __u32 decision;

        if (!view || !row)
                return XDP_PASS;
        view->words[2] = long_first_bytes(ctx, view);
        view->words[3] =
                view->options | (__u64)long_ip_id(ctx, view) << 32 | (__u64)view->fragment_offset << 48;
        tally = (struct tally){.service = view->features.service,
                               .class_ = view->features.class_,
                               .country = view->features.country,
                               .country_weight = 1,
                               .length = view->features.length,
                               .known = view->known};
        plan = plan_of(tally.service);
        decision = judge(ctx, view, row, &plan);
        tally_count(&tally, decision_action(decision) != XDP_PASS, row);
        sample_judged(ctx, view, decision, plan.signatures | plan.rungs, row);
        return decision_action(decision);
}

/* The answer is made from here and not from within, so that the stacks of both do not add up. */
static __always_inline int long_way(struct xdp_md *ctx, struct view *view, struct shield_counters *row)
{
        int action = ingress_long(ctx, view, row);

        return action == XDP_TX ? challenge_answer(ctx, view) : action;
}

static __always_inline void view_fill(const struct packet *packet, const struct transport *transport,
                                      const struct tally *tally, __u64 now, struct view *view)
{
        view->now = now;
        view->known = tally->known;
        view->network = packet->offset;
        view->transport = packet->offset + packet->length - packet->tail;
        view->payload = view->transport + transport->header;
        view->payload_length = transport->payload_length;
        view->options = transport->options;
        view->fragment_offset = packet->fragment_offset;
}

static __always_inline int drop_outright(const struct tally *tally, __u32 slot, struct shield_counters *row)
{
        struct shield_slot_counters *count = &row->slot[slot & (SHIELD_SLOTS - 1)];

        count->matched++;
        count->dropped++;
        count->dropped_bytes += tally->length;
        tally_count(tally, true, row);
        return XDP_DROP;
}

/* A packet that is not just counted: dropped outright if that can be, else sent the long way. */
static __always_inline int ingress_judge(struct xdp_md *ctx, const struct packet *packet,
                                         const struct tally *tally, const struct shield_plan *plan, __u64 now,
                                         bool sampled, struct shield_counters *row)
{
        struct transport transport;
        struct view view;

        packet_transport(packet, (void *)(long)ctx->data_end, &transport);
        words_first(packet, &transport, tally, view.words);
        /* ICMPv6 goes the long way: neighbours are in it. So does RST: proofs are. */
        if (!sampled && !tally->known && packet->protocol != IPPROTO_ICMPV6 &&
            packet->class_ != SHIELD_CLASS_RST) {
                __u32 found = (__u32)outright_walk(view.words[0], view.words[1], plan->signatures,
                                                   plan->rungs, now);

                if (outright_is_slot(found))
                        return drop_outright(tally, found - 1, row);
        }
        view.words[2] = 0;
        view.words[3] = 0;
        view_fill(packet, &transport, tally, now, &view);
        view.sampled = sampled;
        return long_way(ctx, &view, row);
}

/* An IP packet of either family; `ipv6` is a constant where this is called, so each has code of its own. */
static __always_inline int ingress_ip(struct xdp_md *ctx, struct packet *packet, struct shield_counters *row,
                                      bool ipv6)
{
        void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
        enum packet_form form =
                ipv6 ? packet_parse6(ctx, data, end, packet, true) : packet_parse4(end, packet);
        struct tally tally;

        if (form == PACKET_MALFORMED || ingress_is_cut(ctx, packet)) {
                row->malformed++;
                return XDP_PASS;
        }
        tally.service = ipv6 ? (__u32)service_of6(packet->dest[0], packet->dest[1])
                             : service_of4((__u32)packet->dest[0]);
        if (tally.service >= SHIELD_SERVICES) {
                row->unprotected++;
                return XDP_PASS;
        }
        tally.country = country_of(packet->source, ipv6);
        tally.country_weight = 1;

        __u64 now = time_now();

        tally.known = known_has(packet, ipv6, now);
        packet_classify(packet, ipv6, end);
        tally.class_ = packet->class_;
        tally.length = packet->length;

        bool sampled = sample_due(&row->sampled, now);
        struct shield_plan plan = plan_of(tally.service);

        if (sampled || plan.signatures | plan.rungs)
                return ingress_judge(ctx, packet, &tally, &plan, now, sampled, row);
        tally_count(&tally, false, row);
        return XDP_PASS;
}

/* Functions of their own, so that neither family's needs fill the other's registers and stack. */
static __noinline int ingress_ipv4(struct xdp_md *ctx, struct shield_counters *row, void *network,
                                   __u32 offset)
{
        struct packet packet = {.network = network, .offset = offset};

        return ingress_ip(ctx, &packet, row, false);
}

static __noinline int ingress_ipv6(struct xdp_md *ctx, struct shield_counters *row, void *network,
                                   __u32 offset)
{
        struct packet packet = {.network = network, .offset = offset};

        return ingress_ip(ctx, &packet, row, true);
}

/*
 * The plain packet, which nearly all are: IPv4 without options, whole, untagged, the header of TCP or UDP in it. What
 * is said of it is the same as above; but nothing is carried along that it does not need.
 */
#define PLAIN_MASK      0xff3f0000000000ffULL /* of the first eight bytes: version, header's length, fragment */
#define PLAIN_IP        14
#define PLAIN_TRANSPORT 34
#define COUNTRY_ONE_IN  8

struct plain {
        const __u8 *data;
        const __u8 *end;
        __u64 first, second; /* of the features, as far as they are known yet */
        struct tally tally;
};

static __always_inline __u64 plain_mark(__u32 mark)
{
        return (__u64)mark << 40;
}

static __always_inline bool plain_tcp(struct plain *plain)
{
        if (plain->tally.length < 40 || plain->data + 54 > plain->end)
                return false;

        __u32 tcp = *(const __u32 *)(plain->data + PLAIN_TRANSPORT + 12), words = tcp >> 4 & 15;

        plain->first |= (tcp & 0xff00) | (__u64)words << 24 | (__u64)bpf_ntohs((__u16)(tcp >> 16)) << 48;
        if (plain->tally.length <= 20 + (words < 5 ? 20 : words * 4))
                plain->first |= plain_mark(SHIELD_MARK_EMPTY);
        plain->tally.class_ = packet_class_tcp(tcp >> 8 & 0xff);
        return true;
}

static __always_inline bool plain_parse(struct plain *plain)
{
        const __u8 *data = plain->data;

        if (data + 42 > plain->end || *(const __u16 *)(data + 12) != bpf_htons(ETH_P_IP))
                return false;

        __u64 head = *(const __u64 *)(data + PLAIN_IP);
        __u32 length = bpf_ntohs((__u16)(head >> 16)), ttl = data[PLAIN_IP + 8],
              protocol = data[PLAIN_IP + 9];

        if ((head & PLAIN_MASK) != 0x45 || length > packet_left(data + PLAIN_IP, plain->end))
                return false;
        plain->tally.length = length;
        plain->first = protocol | ttl << 16 | (head >> 54 & 1) << 42; /* the bit that says: do not fragment */
        if (protocol == IPPROTO_TCP)
                return plain_tcp(plain);
        if (protocol != IPPROTO_UDP || length < 28)
                return false;
        plain->tally.class_ = SHIELD_CLASS_UDP;
        if (length == 28)
                plain->first |= plain_mark(SHIELD_MARK_EMPTY);
        return true;
}

/* The ports, and what they tell. */
static __always_inline void plain_ports(struct plain *plain)
{
        __u32 ports = *(const __u32 *)(plain->data + PLAIN_TRANSPORT);
        __u32 source_port = bpf_ntohs((__u16)ports), dest_port = bpf_ntohs((__u16)(ports >> 16));

        plain->second = source_port | dest_port << 16 | (__u64)plain->tally.length << 32 |
                        (__u64)plain->tally.service << 48 | (__u64)plain->tally.class_ << 56;
        if (dest_port && port_served(plain->tally.service, dest_port))
                plain->first |= plain_mark(SHIELD_MARK_SERVED);
        if (source_port && source_port < 1024)
                plain->first |= plain_mark(SHIELD_MARK_LOW_SOURCE_PORT);
}

/*
 * The first signature, before the country is known: the walk through its table costs more than all the rest, so what a
 * signature drops here is counted to its country in one of COUNTRY_ONE_IN cases, for as many.
 */
static __always_inline bool plain_first_signature(const struct plain *plain, __u64 signatures, __u64 now)
{
        const struct shield_measure *measure = outright_first(signatures);

        return measure->kind == SHIELD_KIND_SIGNATURE && !(measure->signature.mask[0] & OUTRIGHT_COUNTRY) &&
               outright_half(&measure->signature) && outright_strict(measure, now) &&
               outright_meets(&measure->signature, plain->first, plain->second);
}

/* A fence that comes first needs no more than the country. */
static __always_inline bool plain_first_fence(const struct plain *plain, __u64 rungs, __u64 now)
{
        const struct shield_measure *measure = outright_first(rungs);

        return measure->kind == SHIELD_KIND_FENCE && fence_holds(measure, plain->tally.country) &&
               outright_strict(measure, now);
}

static __always_inline int plain_long(struct xdp_md *ctx, const struct plain *plain, __u64 now, bool sampled,
                                      struct shield_counters *row)
{
        __u32 words = plain->first >> 24 & 15, header = 8;
        struct view view = {.words = {plain->first, plain->second},
                            .now = now,
                            .network = PLAIN_IP,
                            .transport = PLAIN_TRANSPORT,
                            .known = plain->tally.known,
                            .sampled = sampled};

        if ((__u8)plain->first == IPPROTO_TCP) {
                header = words <= 5 ? 20 : words * 4;
                if (words > 5 && plain->tally.length >= 44 && plain->data + 58 <= plain->end)
                        view.options = *(const __u32 *)(plain->data + 54);
        }
        view.payload = PLAIN_TRANSPORT + header;
        view.payload_length = plain->tally.length - 20 > header ? plain->tally.length - 20 - header : 0;
        return long_way(ctx, &view, row);
}

/* One in COUNTRY_ONE_IN, spread by the golden ratio: a flood whose sources take turns is counted fairly, too. */
static __always_inline bool plain_country_due(__u64 seen)
{
        return seen * 0x9e3779b97f4a7c15ULL < ~0ULL / COUNTRY_ONE_IN;
}

/* XDP's action; negative when the packet is not plain. */
static __noinline int ingress_plain(struct xdp_md *ctx, struct shield_counters *row)
{
        struct plain plain = {.data = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end};
        struct tally *tally = &plain.tally;

        if (!plain_parse(&plain))
                return -1;
        tally->service = service_of4(*(const __u32 *)(plain.data + PLAIN_IP + 16));
        if (tally->service >= SHIELD_SERVICES)
                return -1;

        __u64 now = time_now();
        struct shield_plan plan = plan_of(tally->service);
        bool sampled = sample_due(&row->sampled, now);

        tally->known = known4_has(*(const __u32 *)(plain.data + PLAIN_IP + 12), now);
        tally->country_weight = 1;

        bool strict = !sampled && !tally->known && tally->class_ != SHIELD_CLASS_RST;

        if (plan.signatures && strict) {
                plain_ports(&plain);
                if (plain_first_signature(&plain, plan.signatures, now)) {
                        tally->country = 0;
                        tally->country_weight = plain_country_due(row->sampled.seen) ? COUNTRY_ONE_IN : 0;
                        if (tally->country_weight)
                                tally->country = country_of(plain.data + PLAIN_IP + 12, false);
                        return drop_outright(tally, (__u32)plan.signatures - 1, row);
                }
        }
        tally->country = country_of(plain.data + PLAIN_IP + 12, false);
        if (!sampled && !(plan.signatures | plan.rungs)) {
                tally_count(tally, false, row);
                return XDP_PASS;
        }
        if (strict && !plan.signatures && plain_first_fence(&plain, plan.rungs, now))
                return drop_outright(tally, (__u32)plan.rungs - 1, row);
        plain_ports(&plain);
        plain.first |= (__u64)tally->country << 32;
        if (strict) {
                __u32 found =
                        (__u32)outright_walk(plain.first, plain.second, plan.signatures, plan.rungs, now);

                if (outright_is_slot(found))
                        return drop_outright(tally, found - 1, row);
        }
        return plain_long(ctx, &plain, now, sampled, row);
}

SEC("xdp.frags")
int shield_ingress(struct xdp_md *ctx)
{
        struct shield_counters *row = counters_row();
        struct packet packet;

        if (bench_random)
                bench_randomise((void *)(long)ctx->data, (void *)(long)ctx->data_end);
        if (!row)
                return XDP_PASS;

        int action = ingress_plain(ctx, row);

        if (action >= 0)
                return action;

        __be16 type = packet_link((void *)(long)ctx->data, (void *)(long)ctx->data_end, &packet);

        if (type == bpf_htons(ETH_P_IP))
                return ingress_ipv4(ctx, row, packet.network, packet.offset);
        if (type == bpf_htons(ETH_P_IPV6))
                return ingress_ipv6(ctx, row, packet.network, packet.offset);
        if (type)
                row->unprotected++;
        else
                row->malformed++;
        return XDP_PASS;
}

static __always_inline void egress_watch(struct __sk_buff *skb, struct shield_counters *row)
{
        struct packet packet;
        struct transport transport;
        void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;

        __be16 type = packet_link(data, end, &packet);

        if (type == bpf_htons(ETH_P_IP)
                    ? packet_parse4(end, &packet)
                    : type != bpf_htons(ETH_P_IPV6) || packet_parse6(skb, data, end, &packet, false))
                return;

        __u32 service = service_of(&packet, packet.source);

        if (service >= SHIELD_SERVICES)
                return;
        row->service[service].egress_packets++;
        row->service[service].egress_bytes += packet.length;
        packet_classify(&packet, packet.marks & SHIELD_MARK_IPV6, end);
        packet_transport(&packet, end, &transport);
        if (packet.class_ == SHIELD_CLASS_SYNACK)
                port_serve(service, transport.source_port);

        __u32 second = known_second(time_now());

        if (egress_vouches(&packet, &transport, service, second) &&
            known_learn(packet.marks & SHIELD_MARK_IPV6, packet.dest[0], second, row))
                row->service[service].verified++;
}

#define EGRESS_HEADERS 128 /* bytes wanted in the first buffer */

SEC("tc")
int shield_egress(struct __sk_buff *skb)
{
        struct shield_counters *row = counters_row();
        __u32 wanted = skb->len < EGRESS_HEADERS ? skb->len : EGRESS_HEADERS;

        if (!row)
                return TC_ACT_UNSPEC;
        if (skb->data_end - skb->data < wanted)
                bpf_skb_pull_data(skb, wanted);
        egress_watch(skb, row);
        return TC_ACT_UNSPEC;
}
