/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Addresses to countries, compiled from the text files of tor-geoipdb (IPFire data, CC BY-SA 4.0) into tables the
 * kernel program walks: IPv4 in three steps of 16, 8 and 8 bits, IPv6 in steps of 16 and then 8 down to
 * /64, equal chunks stored once. A country is one byte: continent.h's index, 0 is unknown.
 * Databases disagree on 2 to 5 % of addresses, so a country is never the only ground for a drop.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"

struct geo;

/*
 * Reads both text files ("start,end,CC" a line; IPv4 as integers or dotted, IPv6 as addresses) and compiles
 * them. Either path may be NULL: that family is then unknown everywhere. A truncated, corrupt, empty or
 * unsorted file is an error that names file and line; nothing is half built.
 */
int geo_load(const char *ipv4_path, const char *ipv6_path, struct geo **ret_geo, struct error *error);
struct geo *geo_free(struct geo *geo);

/* Takes the other's tables over and frees it: whoever holds `geo` sees the new ones. */
void geo_replace(struct geo *geo, struct geo *by);

/* From memory, for tests and fuzzing. */
int geo_parse(const char *ipv4, size_t ipv4_length, const char *ipv6, size_t ipv6_length,
              struct geo **ret_geo, struct error *error);

/* The same walk as the kernel's. */
uint8_t geo_lookup(const struct geo *geo, const struct addr *addr);

unsigned geo_countries(const struct geo *geo); /* indices in use, 0 included */
/* ISO 3166-1 alpha-2 (the data adds "EU" and "AP" for regions), "??" for unknown. */
#define GEO_CODE_SIZE 3
void geo_code(const struct geo *geo, uint8_t index, char ret_code[static GEO_CODE_SIZE]);
uint8_t geo_index(const struct geo *geo, const char *code); /* 0 when not in the table */

/* The tables as the kernel map holds them, and their size in bytes. */
const void *geo_image(const struct geo *geo, size_t *ret_size);
