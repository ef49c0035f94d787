/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Made names: as many as wanted, the same ones each time, in the shapes that real lists have: two words and a hyphen, a word and a
 * number, a theme below a hoster, what an algorithm spells, a long chain of labels. Nobody's names, but the length and depth of anybody's.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MADE_NAME_SIZE 96

/* Name number `number`; different numbers make different names. Its length. */
size_t made_name(uint64_t number, char ret_text[static MADE_NAME_SIZE]);
