/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The short way, for what a flood is made of: a measure meets the packet and nothing speaks for it, neither probation
 * nor shadow nor, as the caller sees to, acquaintance. The lists are walked as the long way walks them, but with the
 * first half of the features alone, in registers, and without a trace: whatever takes more goes the long way.
 */
#pragma once

#include "shield_measure.bpf.h"

/* What was found: slot + 1 of the measure that drops the packet, or one of these. */
enum { OUTRIGHT_NOTHING = 0, OUTRIGHT_LONG = SHIELD_SLOTS + 1 };

#define OUTRIGHT_COUNTRY (0xffULL << 32) /* in a signature's first word */

static __always_inline bool outright_is_slot(__u32 found)
{
        return found - 1 < SHIELD_SLOTS;
}

static __always_inline const struct shield_measure *outright_first(__u64 list)
{
        return &state.slot[((__u32)list - 1) & (SHIELD_SLOTS - 1)];
}

/* Whether a measure that meets a stranger's packet drops it: it stands, and neither probation nor shadow excuses. */
static __always_inline bool outright_strict(const struct shield_measure *measure, __u64 now)
{
        return now < measure->until_ns && !measure->pass_threshold && !(measure->flags & SHIELD_FLAG_SHADOW);
}

static __always_inline bool outright_half(const struct shield_signature *signature)
{
        return !(signature->mask[2] | signature->mask[3]);
}

/* What the first half of the features tells of it. */
static __always_inline bool outright_meets(const struct shield_signature *signature, __u64 first,
                                           __u64 second)
{
        return !words_differ(signature, first, second, 0) && ranges_hold(signature, first, second);
}

/* Whether a measure has nothing to do with the packet, as far as the first half tells. */
static __always_inline bool outright_passes(const struct shield_measure *measure, __u64 first, __u64 second)
{
        if (measure->kind == SHIELD_KIND_SIGNATURE)
                return !outright_meets(&measure->signature, first, second);
        if (measure->kind == SHIELD_KIND_FENCE)
                return !fence_holds(measure, (__u8)(first >> 32));
        return measure->kind == SHIELD_KIND_CHALLENGE && second >> 56 != SHIELD_CLASS_SYN;
}

static __always_inline __u32 outright_found(const struct shield_measure *measure, __u32 slot, __u64 now)
{
        if (measure->kind == SHIELD_KIND_SIGNATURE ? !outright_half(&measure->signature)
                                                   : measure->kind != SHIELD_KIND_FENCE)
                return OUTRIGHT_LONG;
        return outright_strict(measure, now) ? slot + 1 : OUTRIGHT_LONG;
}

/* Both lists, one after the other. Global for the verifier: looked at once. */
__noinline int outright_walk(__u64 first, __u64 second, __u64 list, __u64 rungs, __u64 now)
{
        for (int i = 0; i < 2 * SHIELD_PLAN_SLOTS + 1; i++, list >>= 8) {
                if (!(list & 0xff)) {
                        list = rungs;
                        rungs = 0;
                        if (!(list & 0xff))
                                break;
                }

                __u32 slot = ((__u32)list - 1) & (SHIELD_SLOTS - 1);
                const struct shield_measure *measure = &state.slot[slot];

                if (now < measure->until_ns && !outright_passes(measure, first, second))
                        return (int)outright_found(measure, slot, now);
        }
        return OUTRIGHT_NOTHING;
}
