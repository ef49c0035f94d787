/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The words that bait is made of (data/themes): covid, remboursement, colis, mot de passe. A theme says little alone and much
 * beside a name that is somebody else's.
 *
 * File: {themes: [{id, name: {fr, en}, weight: 0…1, alone: bool, with: [kind of brand…], words: [word…], not: [word…]?}]}
 * alone: a name that holds it, and nothing else of interest, is watched. with: the kinds of brand with which it goes best; empty: all.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "domains/brand.h"

#define THEMES_MAX    256
#define THEME_ID_SIZE 48

struct theme {
        char id[THEME_ID_SIZE];
        struct bitext name;
        double weight;
        bool alone;
        uint32_t with; /* bit per enum brand_kind; 0 is all */
        struct word_list words;
        struct word_list not_words;
};

struct theme_set {
        struct theme *themes; /* owned */
        size_t count;
};

int themes_load(const char *folder, struct theme_set *ret_set, struct error *error);
int themes_read(const char *name, const char *data, size_t length, struct theme_set *set,
                struct error *error);
void themes_release(struct theme_set *set);
