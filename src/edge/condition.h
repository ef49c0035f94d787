/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Conditions a signature may be grown from, for one class of packets: a facet with a value or a range that a part
 * of the attack shares, and as bit sets which rows of the attack and of the baseline meet it. A conjunction is then
 * an AND, its gain and cost a count of bits. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "edge/shield.h"
#include "edge/signature.h"

#define CONDITION_ROWS  2048 /* of the attack */
#define CONDITION_BASE  4096 /* of the baseline: unknown rows, then known ones */
#define CONDITIONS_MAX  128
#define CONDITION_WORDS ((CONDITION_ROWS + CONDITION_BASE) / 64)

struct condition_bits {
        uint64_t attack[CONDITION_ROWS / 64];
        uint64_t base[CONDITION_BASE / 64];
};

struct condition {
        enum signature_facet facet;
        uint64_t low, high;
        struct condition_bits bits;
};

/* Rows of one class. `pps` is what each attack row stands for; a row already explained has none. */
struct condition_rows {
        const struct shield_features *attack[CONDITION_ROWS];
        double pps[CONDITION_ROWS];
        size_t attack_count;
        const struct shield_features *base[CONDITION_BASE];
        size_t base_count;
};

/* Values with at least a fiftieth of what the rows stand for, clusters of values, and for ranges what
 * lies beyond everything normal; returns how many. */
size_t condition_list(const struct condition_rows *rows,
                      struct condition ret_conditions[static CONDITIONS_MAX]);

void condition_mark(const struct condition_rows *rows, struct condition *condition);

static inline void bits_set(uint64_t *bits, size_t n)
{
        bits[n / 64] |= 1ull << (n % 64);
}
