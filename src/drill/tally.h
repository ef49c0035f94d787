/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Requests counted by who asked and when. Pure.
 *
 * Who: of Europe or elsewhere, known or new. New means: first seen after the attack began. In the calm before, when nobody
 * is new in that sense, "new" counts a client's very first request ever and "known" all later ones.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TALLY_CLASSES(X)                                                                                     \
        X(KNOWN_EUROPE, "known_europe")                                                                      \
        X(NEW_EUROPE, "new_europe") X(KNOWN_ELSEWHERE, "known_elsewhere") X(NEW_ELSEWHERE, "new_elsewhere")
#define TALLY_CLASS_ENUM(name, word) TALLY_##name,
enum tally_class { TALLY_CLASSES(TALLY_CLASS_ENUM) TALLY_CLASS_COUNT };

#define TALLY_PHASES(X)              X(CALM, "calm") X(DURING, "during") X(AFTER, "after")
#define TALLY_PHASE_ENUM(name, word) TALLY_PHASE_##name,
enum tally_phase { TALLY_PHASES(TALLY_PHASE_ENUM) TALLY_PHASE_COUNT };

/* One request. */
struct tally_visit {
        uint64_t start_ns;    /* CLOCK_MONOTONIC */
        uint32_t duration_us; /* until the whole page was there, or until it was given up */
        uint16_t country;
        uint8_t class;  /* enum tally_class of the client */
        bool ok, first; /* first: this client never asked before */
};

struct tally_row {
        uint32_t tried, ok;
        double p50_ms, p99_ms; /* of those that were ok; 0 when none was */
};

struct tally {
        struct tally_row rows[TALLY_PHASE_COUNT][TALLY_CLASS_COUNT];
};

/* When a request counts where: by its beginning. during: attack_ns <= start < end_ns; after: from end_ns on. */
struct tally_times {
        uint64_t attack_ns, end_ns; /* UINT64_MAX while it has not happened */
};

/* 0 or -ENOMEM. */
int tally_make(const struct tally_visit *visits, size_t count, const struct tally_times *times,
               struct tally *ret_tally);

const char *tally_class_word(enum tally_class class);
const char *tally_phase_word(enum tally_phase phase);

/* Nearest rank (the smallest value that at least `percent` of all do not exceed); sorts `values`. 0 when count is 0. */
double tally_percentile(uint32_t *values, size_t count, unsigned percent);
