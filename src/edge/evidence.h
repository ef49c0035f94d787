/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The latest samples of one service, newest first: what answers are derived from while an attack lasts.
 * A ring: a new sample takes the oldest one's place. Pure; memory is taken once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edge/shield.h"

#define EVIDENCE_ROWS 8192

struct evidence_row {
        struct shield_features features;
        uint64_t time_ns;
        uint32_t weight; /* packets it stands for */
        uint8_t known;   /* of a source in the known-good memory */
        uint8_t verdict; /* enum shield_verdict */
        uint8_t slot;    /* that decided, or SHIELD_NO_SLOT */
        uint8_t pad;
};

struct evidence;

struct evidence *evidence_new(void); /* NULL: out of memory */
struct evidence *evidence_free(struct evidence *evidence);
void evidence_add(struct evidence *evidence, const struct shield_sample *sample);
void evidence_clear(struct evidence *evidence);
size_t evidence_count(const struct evidence *evidence);
/* Ever, so that a reader can tell which rows are new to it. */
uint64_t evidence_added(const struct evidence *evidence);

/* The n-th newest, n < evidence_count(). */
const struct evidence_row *evidence_at(const struct evidence *evidence, size_t n);
