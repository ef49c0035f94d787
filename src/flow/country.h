/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Countries: their index in Garde's own list, which every table and measure uses, and their continent, for the last
 * rung of an answer and for reports. The list is the program's, not the database's, so a newer database
 * never changes what an index means.
 */
#pragma once

#include <stdint.h>

#define COUNTRY_CODE_SIZE 3

/*
 * "EU", "AF", "AS", "NA", "SA", "OC", "AN", or "??" for a code that is none. Regions of UN M49, Central America and
 * the Caribbean with "NA"; Cyprus counts as Europe (it is in the Union), Türkiye and the Caucasus as Asia.
 */
const char *continent_of(const char *country);

/* 1 and up; 0 for a code that is none. "UK" is "GB", "CS" is "RS". */
uint8_t country_index(const char *code);
/* "??" for 0 and for an index that is none. */
void country_code(uint8_t index, char ret_code[static COUNTRY_CODE_SIZE]);
/* Indices in use, 0 included. */
unsigned country_count(void);
