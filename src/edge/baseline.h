/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is normal for one service: for each class of packets a reservoir of samples, apart for known-good
 * and for unknown sources, the rates they stand for, and each country's share. Learned in calm only; whoever
 * holds it stops calling baseline_learn_* while an attack lasts, so that a long attack cannot become normal.
 *
 * A reservoir keeps BASELINE_ROWS rows. A new row always enters until it is full; from then on it
 * replaces a random one with probability BASELINE_ROWS / min(seen, BASELINE_MEMORY), which is Vitter's
 * algorithm R (1985) whose count stops growing: old rows fade with a half-life of about 0.7 BASELINE_MEMORY samples.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "edge/shield.h"

#define BASELINE_ROWS   2048
#define BASELINE_MEMORY 65536

struct baseline;

struct baseline *baseline_new(void); /* NULL: out of memory */
struct baseline *baseline_free(struct baseline *baseline);

/* One packet seen in calm. Its weight counts: a sample of weight w enters like w packets (64 at most). */
void baseline_learn_sample(struct baseline *baseline, const struct shield_features *features, uint32_t weight,
                           bool known, const struct random *random);

/* Packets counted in `seconds` of calm, by class; rates are means whose memory is about BASELINE_RATE_SECONDS. */
#define BASELINE_RATE_SECONDS 300.0
void baseline_learn_rates(struct baseline *baseline, const double unknown[SHIELD_CLASS_COUNT],
                          const double known[SHIELD_CLASS_COUNT], double seconds);

/* Normal packets/s of a class from unknown or known sources. */
double baseline_rate(const struct baseline *baseline, enum shield_class class_, bool known);
double baseline_total(const struct baseline *baseline);

size_t baseline_rows(const struct baseline *baseline, enum shield_class class_, bool known,
                     const struct shield_features **ret_rows);

/*
 * A newcomer's packet: connection, data or question from an unknown source to a port that is served. They are few
 * beside the packets of those who are known, yet losing them all would shut the door to everybody new; so they
 * are counted apart.
 */
bool baseline_newcomer(const struct shield_features *features);
#define BASELINE_NEWCOMERS_MIN 8 /* fewer rows say nothing */

/* What a signature would hit of normal traffic. */
struct baseline_cost {
        double packets_per_s;   /* normal packets/s it would drop */
        double fraction;        /* of all normal packets */
        double newcomers;       /* the largest fraction of one class's newcomers, 0 to 1 */
        uint64_t newcomer_rows; /* of the class that says so */
        uint64_t rows;          /* rows that were held against it */
};

/* `spare_known`: packets of known-good sources do not count. Nothing learned: all zero. */
struct baseline_cost baseline_cost(const struct baseline *baseline, const struct shield_signature *signature,
                                   bool spare_known);

/* A country's share of normal unknown packets, 0 to 1. */
double baseline_country_share(const struct baseline *baseline, uint8_t country);
