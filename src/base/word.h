/* SPDX-License-Identifier: EUPL-1.2 */
/* What somebody who mistyped a word may have meant. */
#pragma once

#include <stdbool.h>

/* Edits to turn one word into the other (insertion, deletion, change, swap of neighbours); 99 beyond 64 bytes. */
unsigned word_distance(const char *a, const char *b);

/*
 * The nearest so far: call for each word there is, `best` begun with word_reach(). A word that holds what was typed between points or
 * at an end ("risk" of "personal_data.risk") is as near as one edit. Returns whether `candidate` is nearer, and lowers `best`.
 */
unsigned word_reach(const char *typed);
bool word_is_nearer(const char *typed, const char *candidate, unsigned *best);
