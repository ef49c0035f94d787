/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The kernel data path. On ingress (XDP): count, remember whom we know, hold each packet against the measures
 * of its service, sample. On egress (tc): learn from what the inside says who completed a handshake or
 * was spoken to first. Nothing is ever inserted for a source that has not proved its address.
 */
#include "shield_challenge.bpf.h"

#include <linux/pkt_cls.h>

#include "geo_image.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* For benches alone: a new random source for every run of the one packet BPF_PROG_TEST_RUN repeats. */
const volatile bool bench_random;

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, 1);
        __uint(map_flags, BPF_F_MMAPABLE);
        __type(key, __u32);
        __type(value, struct shield_counters);
} counters SEC(".maps");

struct geo_map {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, 1);
        __uint(key_size, sizeof(__u32));
        __uint(value_size, sizeof(struct geo_image));
};

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
        __uint(max_entries, 1);
        __type(key, __u32);
        __array(values, struct geo_map);
} geo SEC(".maps");

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, SHIELD_ACQUAINTANCES);
        __type(key, __u32);
        __type(value, __u64);
} acquaintances SEC(".maps");

struct {
        __uint(type, BPF_MAP_TYPE_RINGBUF);
        __uint(max_entries, 1 << 20);
} samples SEC(".maps");

static __always_inline __u64 time_now(void)
{
        __u64 simulated = *(volatile __u64 *)&state.config.simulated_ns;

        return simulated ? simulated : bpf_ktime_get_coarse_ns();
}

static __always_inline struct shield_counters *counters_row(void)
{
        __u32 cpu = bpf_get_smp_processor_id();

        return bpf_map_lookup_elem(&counters, &cpu);
}

static __always_inline __u32 service_of4(__u32 address)
{
        __u32 count = state.config.prefix4_count;

        for (__u32 i = 0; i < SHIELD_PREFIXES && i < count; i++)
                if ((address & state.config.prefix4[i].mask) == state.config.prefix4[i].address)
                        return state.config.prefix4[i].service;
        return SHIELD_NO_SERVICE;
}

/* Global for the verifier: the loop is looked at once. */
__noinline int service_of6(__u64 first, __u64 second)
{
        __u32 count = state.config.prefix6_count;

        for (__u32 i = 0; i < SHIELD_PREFIXES && i < count; i++) {
                const struct shield_prefix6 *prefix = &state.config.prefix6[i];

                if ((first & prefix->mask[0]) == prefix->address[0] &&
                    (second & prefix->mask[1]) == prefix->address[1])
                        return (int)prefix->service;
        }
        return SHIELD_NO_SERVICE;
}

static __always_inline __u32 service_of(const struct packet *packet, const __u64 address[2])
{
        return packet->marks & SHIELD_MARK_IPV6 ? (__u32)service_of6(address[0], address[1])
                                                : service_of4((__u32)address[0]);
}

static __always_inline __u32 country_of(const struct packet *packet)
{
        __u32 zero = 0;
        void *table = bpf_map_lookup_elem(&geo, &zero);

        if (!table)
                return 0;

        struct geo_image *image = bpf_map_lookup_elem(table, &zero);

        if (!image)
                return 0;
        if (packet->marks & SHIELD_MARK_IPV6)
                return geo_walk6(image, (const __u8 *)packet->source);
        return geo_walk4(image, bpf_ntohl((__u32)packet->source[0]));
}

static __always_inline bool port_served(__u32 service, __u32 port)
{
        return state.ports.bits[service & (SHIELD_SERVICES - 1)][port >> 6 & 1023] >> (port & 63) & 1;
}

static __always_inline void port_serve(__u32 service, __u32 port)
{
        __u64 *word = &state.ports.bits[service & (SHIELD_SERVICES - 1)][port >> 6 & 1023];

        if (!(*word >> (port & 63) & 1))
                __sync_fetch_and_or(word, 1ULL << (port & 63));
}

/* What counting needs to know of a packet. */
struct tally {
        __u32 service, class_, country, length;
        bool known;
};

/*
 * The 32 bytes of struct shield_features, put together in registers: small stores read back whole would stall. In two
 * halves, as most signatures need only the first.
 */
static __always_inline void words_first(const struct packet *packet, const struct transport *transport,
                                        const struct tally *tally, __u64 words[4])
{
        __u32 marks = packet->marks, length = packet->length > 65535 ? 65535 : packet->length;

        if (transport->dest_port && port_served(tally->service, transport->dest_port))
                marks |= SHIELD_MARK_SERVED;
        if (!transport->payload_length)
                marks |= SHIELD_MARK_EMPTY;
        if (transport->source_port && transport->source_port < 1024)
                marks |= SHIELD_MARK_LOW_SOURCE_PORT;
        words[0] = packet->protocol | packet->flags << 8 | packet->ttl << 16 | transport->header_words << 24 |
                   (__u64)tally->country << 32 | (__u64)marks << 40 | (__u64)transport->window << 48;
        words[1] = transport->source_port | transport->dest_port << 16 | (__u64)length << 32 |
                   (__u64)tally->service << 48 | (__u64)packet->class_ << 56;
}

static __always_inline __u64 words_differ(const struct shield_signature *signature, __u64 first, __u64 second,
                                          int at)
{
        return ((first ^ signature->value[at]) & signature->mask[at]) |
               ((second ^ signature->value[at + 1]) & signature->mask[at + 1]);
}

/* Whether every range holds. Below the least or above the most is a negative difference: no branches. */
static __always_inline bool ranges_hold(const struct shield_signature *signature, __u64 first, __u64 second)
{
        __s64 length = (__u16)(second >> 32), source_port = (__u16)second, dest_port = (__u16)(second >> 16),
              ttl = (__u8)(first >> 16);
        __s64 outside = (length - signature->length_min) | (signature->length_max - length) |
                        (source_port - signature->source_port_min) |
                        (signature->source_port_max - source_port) | (dest_port - signature->dest_port_min) |
                        (signature->dest_port_max - dest_port) | (ttl - signature->ttl_min) |
                        (signature->ttl_max - ttl);

        return outside >= 0;
}

static __always_inline bool signature_meets(const struct shield_signature *signature, const struct view *view)
{
        return !(words_differ(signature, view->words[0], view->words[1], 0) |
                 words_differ(signature, view->words[2], view->words[3], 2)) &&
               ranges_hold(signature, view->words[0], view->words[1]);
}

/* Let through by probation: `threshold` of 2^32, all at the maximum. */
static __always_inline bool probation_passes(__u32 threshold)
{
        if (!threshold)
                return false;
        return threshold == ~0U || bpf_get_prandom_u32() < threshold;
}

/* A packet met a measure. Whether that stops it. */
static __always_inline bool measure_meets(const struct shield_measure *measure,
                                          struct shield_slot_counters *count, const struct view *view,
                                          __u32 slot, __u32 *decision)
{
        count->matched++;
        if (view->known && measure->flags & SHIELD_FLAG_SPARE_KNOWN) {
                count->spared++;
                if (decision_verdict(*decision) == SHIELD_PASS)
                        *decision = DECISION(SHIELD_SPARED, slot, XDP_PASS);
                return false;
        }
        if (measure->flags & SHIELD_FLAG_SHADOW || probation_passes(measure->pass_threshold)) {
                count->would_drop++;
                *decision = DECISION(SHIELD_WOULD_DROP, slot, XDP_PASS);
                return false;
        }
        count->dropped++;
        count->dropped_bytes += view->features.length;
        *decision = DECISION(SHIELD_DROP, slot, XDP_DROP);
        return true;
}

static __always_inline bool signatures_stop(const struct view *view, __u64 plan, struct shield_counters *row,
                                            __u32 *decision)
{
        for (int i = 0; i < SHIELD_PLAN_SLOTS && plan & 0xff; i++, plan >>= 8) {
                __u32 slot = ((plan & 0xff) - 1) & (SHIELD_SLOTS - 1);
                const struct shield_measure *measure = &state.slot[slot];

                if (view->now < measure->until_ns && signature_meets(&measure->signature, view) &&
                    measure_meets(measure, &row->slot[slot], view, slot, decision))
                        return true;
        }
        return false;
}

/*
 * Packets beyond the rate, in windows of 10 ms; a window's share is what keeps the sum exact. The window is
 * shared by the CPUs: one that turns it late lets a few more through, never fewer.
 */
static __always_inline bool throttle_exceeds(struct shield_measure *measure, __u64 now)
{
        __u64 window = now / 10000000ULL;
        __u64 share = (window + 1) * measure->rate_pps / 100 - window * measure->rate_pps / 100;

        if (*(volatile __u64 *)&measure->window != window) {
                measure->window_packets = 0;
                measure->window = window;
        }
        if (*(volatile __u64 *)&measure->window_packets >= share)
                return true;
        __sync_fetch_and_add(&measure->window_packets, 1);
        return false;
}

static __always_inline bool challenge_asks(const struct view *view)
{
        return view->features.class_ == SHIELD_CLASS_SYN && !(view->features.tcp_flags & TCP_FIN) &&
               !view->known;
}

/* The packet is answered last, when it has been counted and sampled: from then on it is another packet. */
static __always_inline bool challenge_stops(const struct view *view, __u32 slot, struct shield_counters *row,
                                            __u32 *decision)
{
        const struct shield_measure *measure = &state.slot[slot];

        if (!challenge_asks(view) || !measure_meets(measure, &row->slot[slot], view, slot, decision))
                return false;
        row->service[view->features.service & (SHIELD_SERVICES - 1)].challenged++;
        *decision = DECISION(SHIELD_CHALLENGED, slot, XDP_TX);
        return true;
}

/* The slot + 1 of the standing challenge that this RST answers rightly, or 0. */
static __always_inline __u32 proof_slot(struct xdp_md *ctx, const struct view *view, __u64 plan)
{
        for (int i = 0; i < SHIELD_PLAN_SLOTS && plan & 0xff; i++, plan >>= 8) {
                __u32 slot = ((plan & 0xff) - 1) & (SHIELD_SLOTS - 1);
                const struct shield_measure *measure = &state.slot[slot];

                if (measure->kind == SHIELD_KIND_CHALLENGE && view->now < measure->until_ns)
                        return challenge_proved(ctx, view) ? slot + 1 : 0;
        }
        return 0;
}

static __always_inline bool fence_holds(const struct shield_measure *measure, __u32 country)
{
        return measure->countries[country >> 6 & 3] >> (country & 63) & 1;
}

static __always_inline bool rung_meets(struct shield_measure *measure, const struct view *view)
{
        if (measure->kind == SHIELD_KIND_FENCE)
                return measure->countries[view->features.country >> 6 & 3] >> (view->features.country & 63) &
                       1;
        if (measure->kind == SHIELD_KIND_SIGNATURE)
                return signature_meets(&measure->signature, view);
        if (measure->kind != SHIELD_KIND_THROTTLE)
                return false;
        if (view->known && measure->flags & SHIELD_FLAG_SPARE_KNOWN)
                return false; /* takes no place of others */
        return throttle_exceeds(measure, view->now);
}

static __always_inline bool rungs_stop(const struct view *view, __u64 plan, struct shield_counters *row,
                                       __u32 *decision)
{
        for (int i = 0; i < SHIELD_PLAN_SLOTS && plan & 0xff; i++, plan >>= 8) {
                __u32 slot = ((plan & 0xff) - 1) & (SHIELD_SLOTS - 1);
                struct shield_measure *measure = &state.slot[slot];

                if (view->now >= measure->until_ns)
                        continue;
                if (measure->kind == SHIELD_KIND_CHALLENGE) {
                        if (challenge_stops(view, slot, row, decision))
                                return true;
                } else if (rung_meets(measure, view) &&
                           measure_meets(measure, &row->slot[slot], view, slot, decision)) {
                        return true;
                }
        }
        return false;
}

/*
 * Sampling limits itself: in each epoch the first packets all, then 1 in 32, then 1 in 256, at random
 * distances so that nobody can hide between them.
 */
#define SAMPLE_EPOCH_SHIFT 27 /* 134 ms */

static __always_inline __u32 sample_interval(__u64 seen)
{
        if (seen < 256)
                return 1;
        return seen < 8192 ? 32 : 256;
}

static __noinline void sample_put(struct xdp_md *ctx, const struct view *view, __u32 decision, __u32 weight,
                                  struct shield_counters *row)
{
        struct shield_sample *sample = bpf_ringbuf_reserve(&samples, sizeof(*sample), 0);

        if (!sample) {
                if (row)
                        row->samples_lost++;
                return;
        }
        __builtin_memset(sample, 0, sizeof(*sample));
        sample->version = SHIELD_VERSION;
        sample->size = sizeof(*sample);
        sample->weight = weight;
        sample->time_ns = view->now;
        __builtin_memcpy(&sample->features, view->words, sizeof(view->words));
        if (view->features.marks & SHIELD_MARK_IPV6)
                bpf_xdp_load_bytes(ctx, view->network + 8, sample->source, 16);
        else
                bpf_xdp_load_bytes(ctx, view->network + 12, sample->source, 4);
        sample->known = view->known;
        sample->verdict = (__u8)decision_verdict(decision);
        sample->slot = (__u8)decision_slot(decision);
        bpf_ringbuf_submit(sample, BPF_RB_NO_WAKEUP);
}

/* Whether this packet is to be sampled. */
static __always_inline bool sample_due(struct shield_counters *row, __u64 now)
{
        __u64 epoch = now >> SAMPLE_EPOCH_SHIFT;

        if (row->sample_epoch != epoch) {
                row->sample_epoch = epoch;
                row->sample_seen = 0;
                row->sample_next = 0;
                row->sample_weight = 1;
        }
        return row->sample_seen++ == row->sample_next;
}

static __always_inline void sample_take(struct xdp_md *ctx, const struct view *view, __u32 decision,
                                        struct shield_counters *row)
{
        __u64 seen = row->sample_next;
        __u32 weight = (__u32)row->sample_weight, interval = sample_interval(seen + 1);

        row->sample_weight = interval;
        row->sample_next = seen + 1 + (interval > 1 ? bpf_get_prandom_u32() % (2 * interval - 1) : 0);
        sample_put(ctx, view, decision, weight, row);
}

static __always_inline void tally_count(const struct tally *tally, bool dropped, struct shield_counters *row)
{
        struct shield_service_counters *service = &row->service[tally->service & (SHIELD_SERVICES - 1)];
        struct shield_class_counters *class = &service->by_class[tally->class_ & (SHIELD_CLASS_COUNT - 1)];
        struct shield_country_counters *country = &service->country[tally->country & 0xff];

        class->packets++;
        class->bytes += tally->length;
        class->known += tally->known;
        country->packets++;
        if (!dropped)
                return;
        class->dropped++;
        class->dropped_bytes += tally->length;
        country->dropped++;
}

/* RFC 4861: from the link itself, or the hop limit would be lower. Without it there is no network to defend. */
static __always_inline bool view_is_neighbour(const struct view *view)
{
        __u32 type = view->features.window >> 8;

        return view->features.protocol == IPPROTO_ICMPV6 && view->features.ttl == 255 &&
               view->features.marks & SHIELD_MARK_IPV6 && type >= 133 && type <= 137;
}

/*
 * The three looks that measures take at a packet. Global functions, so that the verifier goes through each once
 * and not once for every way that leads to it; not static for that reason alone.
 */
__noinline int shield_proof(struct xdp_md *ctx, const struct view *view, __u64 plan)
{
        return view ? (int)proof_slot(ctx, view, plan) : 0;
}

__noinline int shield_signatures(const struct view *view, struct shield_counters *row, __u64 plan)
{
        __u32 decision = DECISION_NONE;

        if (view && row)
                signatures_stop(view, plan, row, &decision);
        return (int)decision;
}

__noinline int shield_rungs(const struct view *view, struct shield_counters *row, __u64 plan, __u32 decision)
{
        if (view && row)
                rungs_stop(view, plan, row, &decision);
        return (int)decision;
}

/* The source of a proof is remembered, the proof itself consumed. */
static __always_inline __u32 proof_take(struct xdp_md *ctx, const struct view *view, __u32 slot,
                                        struct shield_counters *row)
{
        struct shield_service_counters *service =
                &row->service[view->features.service & (SHIELD_SERVICES - 1)];
        bool ipv6 = view->features.marks & SHIELD_MARK_IPV6;
        __u64 source = 0;

        if (ipv6)
                bpf_xdp_load_bytes(ctx, view->network + 8, &source, 8);
        else
                bpf_xdp_load_bytes(ctx, view->network + 12, &source, 4);
        if (known_learn(ipv6, source, known_second(view->now), row))
                service->verified++;
        service->proved++;
        return DECISION(SHIELD_CHALLENGED, slot, XDP_DROP);
}

/*
 * Holds a packet against the measures of its service. A proof comes before everything: a signature made of a flood of
 * RST would otherwise drop the answers to the questions that a challenge asks, and no newcomer would ever get in.
 */
static __always_inline __u32 judge(struct xdp_md *ctx, const struct view *view, struct shield_counters *row,
                                   const struct shield_plan *plan)
{
        __u32 decision = DECISION_NONE, proof = 0;

        if (view_is_neighbour(view))
                return decision;
        if (plan->rungs && view->features.class_ == SHIELD_CLASS_RST && !view->known)
                proof = (__u32)shield_proof(ctx, view, plan->rungs);
        if (proof)
                return proof_take(ctx, view, proof - 1, row);
        if (plan->signatures)
                decision = (__u32)shield_signatures(view, row, plan->signatures);
        if (plan->rungs && decision_action(decision) == XDP_PASS)
                decision = (__u32)shield_rungs(view, row, plan->rungs, decision);
        return decision;
}

/* Each word by one load, so that a list is seen whole. */
static __always_inline struct shield_plan plan_of(__u32 service)
{
        const struct shield_plan *plan = &state.config.plan[service & (SHIELD_SERVICES - 1)];

        return (struct shield_plan){*(volatile const __u64 *)&plan->signatures,
                                    *(volatile const __u64 *)&plan->rungs};
}

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
        if (view->sampled)
                sample_take(ctx, view, decision, row);
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

        bool sampled = sample_due(row, now);
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
                if (!port_served(service, transport->source_port))
                        return true;
                return !(state.config.frozen >> (service & 31) & 1) &&
                       acquaintance_made(packet, service, second);
        }
        return transport->window >> 8 == echo;
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
