/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * rate: how often an address may ask, in memory that no flood can grow or empty. Leaky counters in a fixed table of
 * four rows under a secret hash (SipHash-2-4), each key in one cell a row; its level is the lowest of the four
 * (conservative update: Estan and Varghese 2002). So nobody escapes by making others forgotten, and a stranger is charged for another's
 * requests only if he meets heavy ones in all four rows, which nobody outside can arrange. The idea of a decaying fixed table is
 * Knot DNS's (src/knot/modules/rrl/kru.h). IPv6 counts by /64, which is one customer.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/random.h"

#define RATE_ROWS  4
#define RATE_CELLS 2048 /* a row */
#define RATE_KINDS 4    /* each has a table of its own, for each leaks at its own pace */

struct rate;

int rate_new(const struct clock *clock, const struct random *random, struct rate **ret_rate);
struct rate *rate_free(struct rate *rate); /* NULL */

struct rate_limit {
        uint32_t a_minute; /* what leaks away */
        uint32_t at_once;  /* what fits above */
};

/*
 * Charges one request of this kind (below RATE_KINDS, always with the same limit). 0: go on. Else the seconds until one may be asked again, at least 1; a refused
 * request is not charged, so that who waits is served.
 */
unsigned rate_charge(struct rate *rate, const struct addr *from, unsigned kind, struct rate_limit limit);
