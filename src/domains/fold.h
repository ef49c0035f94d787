/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fold: what the eye makes of a label. An A-label is decoded and each letter becomes the ASCII letter it looks like (Unicode
 * TS #39 skeletons by ICU, marks taken off, then the letter in the character's Unicode name). From that, two keys:
 *
 *   key     hyphens off; 0/o, 1/i/l, 3/e, 5/s … as one letter. A letter for a letter, so that one edit stays one edit.
 *   coarse  besides rn/nn/rr/m, cl/dl/b/d, vv/w, lk/k, c/e, g/q, u/v as one, doubles once: what a glance cannot tell apart.
 *
 * Equal keys are a look-alike; near keys are looked at closely (domains/edit.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define FOLD_SIZE 128 /* a label may grow: one letter can look like two */

struct fold; /* ICU's tables; immutable, any number of threads */

struct folded {
        char ascii[FOLD_SIZE]; /* as it looks, hyphens kept; '?' for what looks like no ASCII letter */
        char key[FOLD_SIZE];
        char coarse[FOLD_SIZE];
        uint8_t ascii_length, key_length, coarse_length;
        bool idn;      /* the label holds other than ASCII letters */
        bool accented; /* but only with the accents of French: "sécu" may be an honest name */
        bool unknown;  /* there is a '?' */
        bool broken;   /* "xn--" and no letters behind it: whoever shows it shows nonsense */
};

int fold_open(struct fold **ret_fold, struct error *error);
struct fold *fold_close(struct fold *fold); /* NULL */

/* A label, or labels run together, lower case ASCII. What is beyond FOLD_SIZE is cut. */
void fold_label(const struct fold *fold, const char *label, size_t length, struct folded *ret_folded);

/* The letter for a letter; used alone to compare. */
char fold_letter(char c);
