/* SPDX-License-Identifier: EUPL-1.2 */
/* What the parts of the edge's bench share: medians, rows, and the programs they are held against. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "edge/geo.h"

#define RUNS       7
#define GEO4_PATH  "/usr/share/tor/geoip"
#define GEO6_PATH  "/usr/share/tor/geoip6"
#define FLOOD_PORT 1900 /* source port of the flood, which the signature is about */

struct packets_bpf;

/* Ends the program with a sentence when it does not hold. */
void need(int holds, const char *what);

double median(const double values[static RUNS]);

/* One row on stdout; `peer` may be NULL. The ratio is the median of the runs' own ratios. */
void row_print(const char *name, const char *unit, const char *better, const double values[static RUNS],
               const char *peer, const double peers[static RUNS]);

/* Nanoseconds of one run of a program over this frame. */
double run_ns(int program, const void *frame, size_t length, unsigned repeat);

void bench_lookups(const struct geo *geo, struct packets_bpf *packets);
void bench_live(const struct geo *geo);
