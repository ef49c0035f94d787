/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The ring of samples. */
#pragma once

#include "shield_base.bpf.h"

struct {
        __uint(type, BPF_MAP_TYPE_RINGBUF);
        __uint(max_entries, 1 << 20);
} samples SEC(".maps");

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
static __always_inline bool sample_due(struct shield_sampling *sampling, __u64 now)
{
        __u64 epoch = now >> SAMPLE_EPOCH_SHIFT;

        if (sampling->epoch != epoch) {
                sampling->epoch = epoch;
                sampling->seen = 0;
                sampling->next = 0;
                sampling->weight = 1;
        }
        return sampling->seen++ == sampling->next;
}

/* The packet that was due is sampled elsewhere: the next one stands for it, too. */
static __always_inline void sample_pass_on(struct shield_sampling *sampling)
{
        sampling->next++;
        sampling->weight++;
}

static __always_inline void sample_take(struct xdp_md *ctx, const struct view *view, __u32 decision,
                                        struct shield_sampling *sampling, struct shield_counters *row)
{
        __u64 seen = sampling->next;
        __u32 weight = (__u32)sampling->weight, interval = sample_interval(seen + 1);

        sampling->weight = interval;
        sampling->next = seen + 1 + (interval > 1 ? bpf_get_prandom_u32() % (2 * interval - 1) : 0);
        sample_put(ctx, view, decision, weight, row);
}

/*
 * While measures stand, what passes is sampled apart: it is what they leave to be explained, and a few packets
 * among very many that are dropped.
 */
static __always_inline void sample_judged(struct xdp_md *ctx, const struct view *view, __u32 decision,
                                          bool measured, struct shield_counters *row)
{
        if (measured && decision_action(decision) == XDP_PASS) {
                if (sample_due(&row->passing, view->now))
                        sample_take(ctx, view, decision, &row->passing, row);
                if (view->sampled)
                        sample_pass_on(&row->sampled);
        } else if (view->sampled) {
                sample_take(ctx, view, decision, &row->sampled, row);
        }
}
