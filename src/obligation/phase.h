/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * phase: in which phase a declaration's paper goes out (GDPR 33(4): initial, complement, closing), and what it says of the one before
 * it. A paper is of one phase: the one that was asked for, or as the obligation stands. Pure.
 */
#pragma once

#include "base/error.h"
#include "flow/obligation.h"

/* Instead of a phase: the one that was filed last; the initial one when nothing was. */
#define PHASE_AS_IT_STANDS FILING_PHASE_COUNT

struct phase {
        enum filing_phase phase;
        bool pending;                  /* it has yet to be handed in; else it is printed again */
        const struct filing *previous; /* the filing before it, NULL when there is none; the obligation's */
};

/* The first that goes out is the initial one: -EINVAL for another while nothing was filed. */
int phase_check(const struct obligation *obligation, enum filing_phase phase, struct error *error);

/* "" is PHASE_AS_IT_STANDS. -EINVAL: no phase. */
int phase_parse(const char *word, enum filing_phase *ret_phase, struct error *error);

void phase_of(const struct obligation *obligation, enum filing_phase asked, struct phase *ret_phase);

/* "Déclaration complémentaire, à la suite de celle du dimanche 22 mars … (reçu R-1)." -ENOMEM. */
int phase_text(const struct phase *phase, struct bitext *ret_text);
