/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What one flood on one service amounts to since it began: packets, where they come from, how many sources.
 * Fed every tick whether or not there is an attack, and reset as long as there is none, so that the very tick in
 * which one is told is in it. Pure.
 *
 * Sources: distinct addresses among the samples of packets that were not of known-good sources, or were
 * dropped; of IPv6 the first 64 bits. Counted without keeping one: 4096 registers (HyperLogLog, Flajolet et al.
 * 2007, standard error 1.6 %) over SipHash-2-4 with a key made anew for each flood, so that registers of two floods
 * cannot be compared nor an address be looked for. As samples see a small part of a great flood, it is a lower
 * bound of the sources there were.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "edge/shield.h"

#define TOLL_REGISTERS 4096
#define TOLL_COUNTRIES 8
#define TOLL_KEY_BYTES 16

struct toll {
        uint8_t key[TOLL_KEY_BYTES];
        uint8_t registers[TOLL_REGISTERS];
        uint64_t packets, dropped;
        uint64_t country[SHIELD_COUNTRIES]; /* packets */
        double seconds;
        bool counted; /* anything at all */
};

struct toll_country {
        uint8_t country; /* index, never 0 */
        double share;    /* of the packets beyond normal, 0 to 1 */
};

/* Nothing counted, and another key. */
void toll_reset(struct toll *toll, const struct random *random);

void toll_sample(struct toll *toll, const struct shield_sample *sample);

/* One tick: counters as they were and as they are. */
void toll_count(struct toll *toll, const struct shield_service_counters *before,
                const struct shield_service_counters *now, double seconds);

/* A lower bound, see above; 0 when no sample came. */
uint64_t toll_sources(const struct toll *toll);

/*
 * Countries by their share of what came beyond normal, greatest first; those below half a hundredth and unknown
 * ones are left out, yet unknown ones count in the whole. `normal_pps`: packets/s that are normal, of each country.
 * Returns how many.
 */
size_t toll_countries(const struct toll *toll, const double normal_pps[static SHIELD_COUNTRIES],
                      struct toll_country ret_countries[static TOLL_COUNTRIES]);
