/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The kernel data path. On ingress (XDP): count, remember whom we know, hold each packet against the measures
 * of its service, sample. On egress (tc): learn from what the inside says who completed a handshake or
 * was spoken to first. Nothing is ever inserted for a source that has not proved its address.
 */
#include "shield_acquaintance.bpf.h"
#include "shield_measure.bpf.h"
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
        return packet->network + packet->length > (void *)(long)ctx->data_end &&
               packet->offset + packet->length > bpf_xdp_get_buff_len(ctx);
}

/* Up to eight bytes as one word, zero-filled; never beyond the IP packet, as Ethernet padding is anybody's. */
static __always_inline __u64 long_first_bytes(struct xdp_md *ctx, const struct view *view)
{
        void *from = (void *)(long)ctx->data + (view->payload & PACKET_OFFSET_MAX),
             *end = (void *)(long)ctx->data_end;
        __u32 length = view->payload_length < 8 ? view->payload_length : 8;
        __u64 word = 0;

        if (length == 8 && from + 8 <= end)
                return *(__u64 *)from;
        if (length >= 1 && length <= 8)
                bpf_xdp_load_bytes(ctx, view->payload, &word, length);
        return word;
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
                               .length = view->features.length,
                               .known = view->known};
        plan = plan_of(tally.service);
        decision = judge(ctx, view, row, &plan);
        tally_count(&tally, decision_action(decision) != XDP_PASS, row);
        sample_judged(ctx, view, decision, plan.signatures | plan.rungs, row);
        return decision_action(decision) == XDP_TX ? challenge_answer(ctx, view) : decision_action(decision);
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

/*
 * The short way, for what a flood is made of: the first measure of the plan meets the packet and nothing speaks for it,
 * neither probation nor acquaintance. Everything else leaves no trace here and goes the long way.
 */
static __always_inline bool drops_outright(const struct shield_measure *measure, const struct tally *tally,
                                           __u64 now)
{
        __u32 excused = SHIELD_FLAG_SHADOW | (tally->known ? SHIELD_FLAG_SPARE_KNOWN : 0);

        return now < measure->until_ns && !measure->pass_threshold && !(measure->flags & excused);
}

static __always_inline int drop_outright(const struct tally *tally, __u32 slot, struct shield_counters *row)
{
        struct shield_slot_counters *count = &row->slot[slot];

        count->matched++;
        count->dropped++;
        count->dropped_bytes += tally->length;
        tally_count(tally, true, row);
        return XDP_DROP;
}

static __always_inline __u32 plan_first(__u64 list)
{
        return ((__u32)list - 1) & (SHIELD_SLOTS - 1);
}

/* A fence that comes first needs no more than the country. ICMPv6 is left out: neighbours are in it. */
static __always_inline bool fence_drops_outright(const struct packet *packet, const struct tally *tally,
                                                 const struct shield_plan *plan, __u64 now)
{
        const struct shield_measure *measure = &state.slot[plan_first(plan->rungs)];

        return !plan->signatures && plan->rungs & 0xff && measure->kind == SHIELD_KIND_FENCE &&
               packet->protocol != IPPROTO_ICMPV6 && packet->class_ != SHIELD_CLASS_RST &&
               fence_holds(measure, tally->country) && drops_outright(measure, tally, now);
}

/* The first signature, as long as it asks for nothing beyond the first half of the features. */
static __always_inline bool signature_drops_outright(const struct packet *packet, const struct tally *tally,
                                                     const struct shield_plan *plan, const __u64 words[4],
                                                     __u64 now)
{
        const struct shield_measure *measure = &state.slot[plan_first(plan->signatures)];
        const struct shield_signature *signature = &measure->signature;

        return plan->signatures & 0xff && packet->protocol != IPPROTO_ICMPV6 &&
               packet->class_ != SHIELD_CLASS_RST && !(signature->mask[2] | signature->mask[3]) &&
               !words_differ(signature, words[0], words[1], 0) &&
               ranges_hold(signature, words[0], words[1]) && drops_outright(measure, tally, now);
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
        if (!sampled && signature_drops_outright(packet, tally, plan, view.words, now))
                return drop_outright(tally, plan_first(plan->signatures), row);
        view.words[2] = 0;
        view.words[3] = 0;
        view_fill(packet, &transport, tally, now, &view);
        view.sampled = sampled;
        return ingress_long(ctx, &view, row);
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
        tally.country = country_of(packet);

        __u64 now = time_now();

        tally.known = known_has(packet, now);
        packet_classify(packet, end);
        tally.class_ = packet->class_;
        tally.length = packet->length;

        bool sampled = sample_due(&row->sampled, now);
        struct shield_plan plan = plan_of(tally.service);

        if (!sampled && fence_drops_outright(packet, &tally, &plan, now))
                return drop_outright(&tally, plan_first(plan.rungs), row);
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

SEC("xdp.frags")
int shield_ingress(struct xdp_md *ctx)
{
        struct shield_counters *row = counters_row();
        struct packet packet;

        if (bench_random)
                bench_randomise((void *)(long)ctx->data, (void *)(long)ctx->data_end);
        if (!row)
                return XDP_PASS;

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
        packet_classify(&packet, end);
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
