/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The flood: captures replayed from the kernel (flood.bpf.c) by a process of its own in the internet namespace,
 * paced against the clock in ticks of 4 ms, bounded in packets and time by the scenario.
 */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/addr.h"
#include "base/error.h"
#include "drill/meter_wire.h"
#include "drill/netns.h"
#include "drill/places.h"
#include "drill/scenario.h"

struct flood_source {
        struct addr addr;
        uint16_t country; /* of places.h */
};

/* What the process and the exercise share. Times: CLOCK_MONOTONIC in ns. */
struct flood_share {
        _Atomic uint64_t origin_ns; /* of the bins; set with the order to begin */
        _Atomic uint64_t first_ns;  /* first packet sent; 0 before */
        _Atomic uint64_t last_ns;   /* last packet sent, set at the end; 0 before */
        _Atomic uint64_t sent;      /* arrived at the edge's interface */
        _Atomic uint64_t lost;      /* its receive ring was full: neither sent nor dropped by anybody */
        _Atomic int failed;         /* negative errno; then `why` is set */
        struct error why;
        uint32_t sent_bins[METER_SERVICES][METER_BINS]; /* as the meter's bins */
        uint64_t sent_by_country[PLACES_COUNTRIES];
};

struct flood;

/* Reads the scenario's captures and builds the frames. -ENOENT, -EINVAL … name the file. */
int flood_load(const struct scenario *scenario, const char *folder, const struct places *places,
               struct flood **ret_flood, struct error *error);
/* Hands on why it failed, or that it is gone without a word; returns `code`. */
int flood_failure(const struct flood_share *share, int code, struct error *error);
struct flood *flood_free(struct flood *flood); /* stops it; NULL */

/* Distinct sources, sorted by family and address. Owned by the flood. */
const struct flood_source *flood_sources(const struct flood *flood, size_t *ret_count);
unsigned flood_country_count(const struct flood *flood);
const struct flood_share *flood_share(const struct flood *flood);

/* Starts the process; it loads, then waits. 0 once it is ready. */
int flood_start(struct flood *flood, const struct netns *internet, int cpu, struct error *error);
/* The attack begins now. `origin_ns` is the time of bin 0. */
void flood_go(struct flood *flood, uint64_t origin_ns);
