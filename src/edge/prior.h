/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How much of a newcomer's ordinary traffic a signature would meet, as far as the shape alone tells: what is
 * believed before calm has taught anything (a cold start), and what keeps a thin baseline from being taken at its word.
 * The figures are Garde's own, rough and on the high side, from how common stacks fill these fields (RFC 9293
 * and its options, Linux, Windows, Apple defaults); a product over facets as if they were independent.
 */
#pragma once

#include "edge/shield.h"

/* 0 to 1: of newcomers' packets of the class(es) it speaks of. */
double prior_fraction(const struct shield_signature *signature);
