/* SPDX-License-Identifier: EUPL-1.2 */
/* Numbers as a person reads them, in French or English: 312 450 or 312,450; 149,9 Mbit/s or 149.9 Mbit/s. */
#pragma once

#include <stdbool.h>

#define QUANTITY_SIZE 48

/* A count, whole; negative ones are 0. Returns `buffer`, like the others. */
const char *quantity_count(double number, bool english, char buffer[static QUANTITY_SIZE]);

/* So many a second: with one decimal below ten, so that a trickle is not nothing. */
const char *quantity_rate(double per_second, bool english, char buffer[static QUANTITY_SIZE]);

/* Bits a second with their unit, of a thousand each (SI): bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s. */
const char *quantity_bits(double per_second, bool english, char buffer[static QUANTITY_SIZE]);
