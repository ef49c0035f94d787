/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Measures: what they meet, whether they stop it, in which order they are asked. */
#pragma once

#include "shield_base.bpf.h"

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
