/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * protected: whose names are worth imitating, compiled once for lookups in microseconds, immutable afterwards, any number of
 * threads. Own names, the brands of data/brands, and a list of public bodies (a file of the operator's: Garde ships none).
 *
 * Near names are found through a deletion neighbourhood (Garbe's SymSpell, after Mor and Fraenkel 1982): each protected key is
 * filed under itself and under itself less one letter; two keys one edit apart meet in one of these. So a suspect
 * costs as many probes as it has letters, however many names there are. Docs: decisions/0021.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domains/brand.h"
#include "domains/fold.h"
#include "domains/letters.h"
#include "domains/lexicon.h"
#include "domains/theme.h"
#include "names/suffix.h"

#define PROTECTED_NAMES_MAX 500000
#define PROTECTED_NO_BRAND  UINT16_MAX

enum protected_kind { PROTECTED_OWN, PROTECTED_BRAND, PROTECTED_PUBLIC };

struct protected_entry {
        const char *name;    /* "ameli.fr"; of a brand's word "monespacesante" */
        uint8_t core_length; /* what was registered, without its suffix: "ameli" */
        uint8_t kind;        /* enum protected_kind */
        bool is_word;        /* no suffix */
        bool is_common;      /* an ordinary word, or a domain by which few know the brand */
        bool is_host;        /* below what was registered: known, but nothing is compared with it */
        uint16_t brand;      /* index in the set of brands, or PROTECTED_NO_BRAND */
};

struct protected_source {
        const char *const *own; /* names, as the configuration has them */
        size_t own_count;
        const struct brand_set *brands; /* borrowed for as long as the set lives; may be NULL */
        const struct theme_set *themes; /* the same */
        const char *public_list;        /* text, a name a line, # comments; may be NULL */
        size_t public_length;
        const struct suffixes *suffixes; /* borrowed */
        const struct fold *fold;         /* borrowed */
};

struct protected;

/* -EINVAL: an own name or a brand's is none; -E2BIG; -ENOMEM. Unusable lines of the list are counted. */
int protected_build(const struct protected_source *source, struct protected **ret_protected,
                    struct error *error);
struct protected *protected_free(struct protected *set); /* NULL */

size_t protected_count(const struct protected *set);
size_t protected_refused(const struct protected *set); /* lines of the list that were no name */
const struct protected_entry *protected_entry(const struct protected *set, uint32_t number);

/* The entry that is the name itself or stands above it; NULL. `text`: canonical. */
const struct protected_entry *protected_covers(const struct protected *set, const char *text);
/* The entry that is exactly this; NULL. The text needs no zero at its end. */
const struct protected_entry *protected_exact(const struct protected *set, const char *text, size_t length);

/*
 * Numbers of entries whose key is at most one edit away or whose coarse key is the same; some are neither (hashes), some stand
 * there twice. `most` at most; under one key own names come first, then brands, so what is left out is the least important.
 */
size_t protected_near(const struct protected *set, const struct folded *folded, uint32_t *ret_numbers,
                      size_t most);
/* Those alone whose key is the same. */
size_t protected_same(const struct protected *set, const char *key, size_t length, uint32_t *ret_numbers,
                      size_t most);

/* Those whose name, less the part before its first hyphen or behind its last, has this key: "valmont" of "chu-valmont". */
#define PROTECTED_PART_MIN 5
size_t protected_part(const struct protected *set, const char *key, size_t length, uint32_t *ret_numbers,
                      size_t most);

const struct lexicon *protected_lexicon(const struct protected *set);
const struct letters *protected_letters(const struct protected *set);
const struct brand *protected_brand(const struct protected *set,
                                    const struct protected_entry *entry); /* or NULL */
const struct brand *protected_brand_at(const struct protected *set, uint16_t index);
const struct theme *protected_theme_at(const struct protected *set, uint16_t index);
const char *protected_own_at(const struct protected *set, uint16_t index);
