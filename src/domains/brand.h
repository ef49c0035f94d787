/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whom phishers imitate (data/brands): bodies, insurers, banks, parcels, with the domains that are theirs and the words by which
 * people know them.
 *
 * File: {kind, valid_from: day, brands: [{id, name: {fr, en}, domains: [name…], words: [word…], not: [word…]?, common: bool?,
 *        everywhere: bool?}]}
 * name stands within a sentence ("imite l’AP-HP"). not: words that contain one of the brand's and mean something else. common: the
 * words are ordinary ones, so that standing beside another word says little. everywhere: the brand holds its name under the
 * suffixes of countries, too.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "domains/word_list.h"
#include "flow/text.h"

#define BRANDS_MAX    1024
#define BRAND_ID_SIZE 48

#define BRAND_KINDS(X)                                                                                       \
        X(HEALTH, "health")                                                                                  \
        X(HOSPITAL, "hospital")                                                                              \
        X(INSURER, "insurer")                                                                                \
        X(SOFTWARE, "software")                                                                              \
        X(STATE, "state")                                                                                    \
        X(BANK, "bank")                                                                                      \
        X(PARCEL, "parcel")                                                                                  \
        X(UTILITY, "utility")                                                                                \
        X(DIGITAL, "digital")
#define BRAND_KIND_ENUM(name, word) BRAND_##name,
enum brand_kind { BRAND_KINDS(BRAND_KIND_ENUM) BRAND_KIND_COUNT };

struct brand {
        char id[BRAND_ID_SIZE];
        struct bitext name;
        enum brand_kind kind;
        int64_t valid_from_ms;
        struct word_list domains; /* at least one; the first is the one to name */
        struct word_list words;
        struct word_list not_words;
        bool common;
        bool everywhere;
};

struct brand_set {
        struct brand *brands; /* owned */
        size_t count;
};

/* Reads every *.yaml of the folder, e.g. paths_data("brands"). */
int brands_load(const char *folder, struct brand_set *ret_set, struct error *error);
/* One file's bytes, added to the set; unchanged on failure. An id twice is -EINVAL. */
int brands_read(const char *name, const char *data, size_t length, struct brand_set *set,
                struct error *error);
void brands_release(struct brand_set *set);

const char *brand_kind_word(enum brand_kind kind);
/* The kinds' words, for readers of other files. */
extern const char *const brand_kind_words[BRAND_KIND_COUNT];
