/* SPDX-License-Identifier: EUPL-1.2 */
/* What the parts of lookalike know of the suspect. */
#pragma once

#include "domains/lookalike.h"

#define LOOKALIKE_SCORE_MIN 0.44 /* below this it is not worth a word */

#define ABSENT_MOST 8

struct suspect {
        const struct lookalike_context *context;
        const struct name *name;
        const char *registered; /* within name->text */
        const char *suffix;
        size_t core_length; /* of what was registered, without its suffix */
        struct folded core;
        double plausibility; /* of its suffix */
        /* The owners that are taken for absent; NULL and none when nobody is. */
        const char *absent_name;
        uint16_t absent_brands[ABSENT_MOST];
        size_t absent_count;
        struct lookalike best;
};

/*
 * Of names that hold all of somebody's name, or nearly that of a brand: where registration is restricted they come from within, by a slip or by somebody who
 * got that far, and are worth watching.
 */
#define PLAUSIBILITY_LEAST_WHOLE (-0.2)
double suspect_plausibility_whole(const struct suspect *suspect);

/* Keeps the better; what scores below LOOKALIKE_SCORE_MIN is nothing. */
void suspect_offer(struct suspect *suspect, struct lookalike found);
/* Whether this entry counts as absent. */
bool suspect_leaves_out(const struct suspect *suspect, const struct protected_entry *entry);
bool suspect_brand_is_absent(const struct suspect *suspect, uint16_t brand);
/* Filled from an entry: whom, and how important. */
struct lookalike suspect_found(const struct suspect *suspect, const struct protected_entry *entry,
                               enum lookalike_class class, double score);

void suspect_near_names(struct suspect *suspect);
void suspect_labels(struct suspect *suspect);
void suspect_words(struct suspect *suspect);
