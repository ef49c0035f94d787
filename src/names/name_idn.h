/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * name_idn: international names, label by label: a label of ASCII stays what it is, so that one odd neighbour ("r3---sn", an A-label
 * that no rule would make today) does not cost the whole name. IDNA 2008 with UTS 46 mapping, non-transitional (libidn2):
 * "straße" is not "strasse". For names/name.c alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define NAME_IDN_SIZE 320 /* a name and its last dot, and one A-label too many */

/* 0 or enum name_refusal. UTF-8; also the dots U+3002, U+FF0E, U+FF61. What comes back is ASCII, but may still hold what no name can. */
int name_idn_to_ascii(const char *text, size_t length, char ret_ascii[static NAME_IDN_SIZE],
                      size_t *ret_length);

/* Bytes of the dot that begins at `at`: 1, 3, or 0 when there is none. */
size_t name_idn_dot(const char *at, size_t left);
