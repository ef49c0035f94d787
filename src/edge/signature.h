/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What packets look like, as the kernel program matches it: struct shield_signature over struct
 * shield_features. Built one condition at a time from facets (a field with a value or a range), matched here
 * exactly as in the kernel, said in words, written as JSON and read back from it. Pure.
 *
 * JSON: {"class":"udp","source_port":37810,"length":[700,820],"served_port":false,"payload_4":"810a0008",…}:
 * a number is one value, a pair is a range with both ends in it, bytes are hexadecimal; every key is one facet.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "edge/shield.h"
#include "flow/selector.h"

/* Ranges exist for the four that struct shield_signature has ranges for. */
#define SIGNATURE_FACETS(X)             SELECTOR_FACETS(X)
#define SIGNATURE_FACET_ENUM(name, key) SIGNATURE_##name,
enum signature_facet { SIGNATURE_FACETS(SIGNATURE_FACET_ENUM) SIGNATURE_FACET_COUNT };

/* Matches everything: zero masks, open ranges. */
struct shield_signature signature_any(void);

bool signature_match(const struct shield_signature *signature, const struct shield_features *features);

/* The facet's value in a packet, as one number (payload and options bytes big-endian). */
uint64_t signature_facet_value(enum signature_facet facet, const struct shield_features *features);
/* Whether the facet says anything about such a packet: TCP facets only of TCP, ports not of later fragments … */
bool signature_facet_applies(enum signature_facet facet, const struct shield_features *features);
bool signature_facet_is_range(enum signature_facet facet);

/* Adds a condition. Range facets take low ≤ high; the others low == high. */
void signature_require(struct shield_signature *signature, enum signature_facet facet, uint64_t low,
                       uint64_t high);
/* Whether the signature already speaks of this facet (or of a finer one of the same bytes); its ends when so. */
bool signature_speaks(const struct shield_signature *signature, enum signature_facet facet, uint64_t *ret_low,
                      uint64_t *ret_high);
/* The same, but of facets over the same bytes (payload, options) only the longest says anything. */
bool signature_says(const struct shield_signature *signature, enum signature_facet facet, uint64_t *ret_low,
                    uint64_t *ret_high);
unsigned signature_conditions(const struct shield_signature *signature);

/* Whether everything `narrow` matches is matched by `wide`. May say no where yes is true, never the reverse. */
bool signature_covers(const struct shield_signature *wide, const struct shield_signature *narrow);

/* The narrowest signature (of one range or value a facet) that covers both. */
struct shield_signature signature_general(const struct shield_signature *a, const struct shield_signature *b);

/*
 * Words for a person: "UDP venant du port 37810, 700 à 820 octets" / "UDP from port 37810, 700 to 820 bytes".
 * `country` gives a country's code for its index and may be NULL. Cut to size.
 */
#define SIGNATURE_CODE_SIZE 3 /* two letters and NUL */
typedef void signature_country(const void *context, uint8_t index, char ret_code[static SIGNATURE_CODE_SIZE]);
void signature_say(const struct shield_signature *signature, bool french, signature_country *country,
                   const void *context, char *ret_text, size_t size);

/* A new object (NULL: out of memory), and strictly back; `index` gives a country code's index, 0 for unknown. */
json_t *signature_to_json(const struct shield_signature *signature, signature_country *country,
                          const void *context);
typedef uint8_t signature_country_index(const void *context, const char *code);
int signature_from_json(const json_t *json, signature_country_index *index, const void *context,
                        struct shield_signature *ret_signature, struct error *error);
