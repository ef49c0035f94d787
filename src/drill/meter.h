/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Independent truth: a program of its own at the hospital's door (meter.bpf.c) counts what came through. Nothing in
 * here asks Garde.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "drill/flood.h"
#include "drill/meter_wire.h"
#include "drill/netns.h"
#include "drill/scenario.h"

struct meter;

/* Attaches to the hospital's interface; it leaves with the namespace. `origin_ns`: CLOCK_MONOTONIC at bin 0. */
int meter_start(const struct scenario *scenario, const struct netns *hospital,
                const struct flood_source *sources, size_t source_count, uint64_t origin_ns,
                struct meter **ret_meter, struct error *error);
struct meter *meter_free(struct meter *meter); /* NULL */

/* What came through to one service in one bin, as of now. */
struct meter_bin meter_bin(const struct meter *meter, unsigned service, uint32_t bin);

/* Attack packets that came through, by country of places.h. */
uint64_t meter_passed_from(const struct meter *meter, unsigned country);
