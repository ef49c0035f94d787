/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * edit: by which single slip or trick one label becomes another. Pure. The names of the classes are those that people know from
 * dnstwist and from the literature on typosquatting (Wang et al. 2006, Nikiforakis et al. 2013).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum edit_kind {
        EDIT_NONE, /* they are the same */
        EDIT_HOMOGLYPH,
        EDIT_KEYBOARD,
        EDIT_BITFLIP,
        EDIT_VOWEL,
        EDIT_REPLACEMENT,
        EDIT_OMISSION,
        EDIT_REPETITION,
        EDIT_PLURAL,
        EDIT_INSERTION,
        EDIT_TRANSPOSITION,
        EDIT_FAR, /* more than one edit apart */
};

/* How `other` was made of `original`; neither needs a zero at its end. Hyphens are letters here. */
enum edit_kind edit_between(const char *original, size_t original_length, const char *other,
                            size_t other_length);

/*
 * How many kinds of look-alike it takes to write `other` for `original` ("rn" for "m", "0" for "o"), as often as each may
 * stand: 0 to 2; more kinds than two, or letters that do not look alike, are -1. '?' looks like anything. *ret_strong: every one
 * deceives at reading size; else there is one that only resembles (c/e, b/d, n/r).
 */
int edit_swaps(const char *original, size_t original_length, const char *other, size_t other_length,
               bool *ret_strong);

/* Whether the keys lie beside each other on AZERTY, QWERTY or QWERTZ. */
bool edit_keys_are_neighbours(char a, char b);
