/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * register: every personal-data breach there was (GDPR art. 33(5)): its facts, its effects, the measures, and whether the authority
 * and the persons were told, or why not. Made anew from the journal each time, so it says what the journal says.
 */
#pragma once

#include <jansson.h>

#include "hub/papers_form.h"
#include "hub/press.h"

#define REGISTER_RULE     "rgpd-33-5-register"
#define REGISTER_PAGE_MAX 1000 /* breaches on one paper or page */

struct register_asked {
        char journal[4096]; /* path; a handle of its own is opened */
        const struct rule_set *rules;
        struct papers_form how;
        char after[64]; /* incident; "" from the first */
        size_t limit;
};

/*
 * {"breaches":[{"incident","title","opened","closed","state","sections":[{"key","title","fields":[{"key","label","value","state"}]}],
 * "authority":{"state","text"},"persons":{"state","text"}}],"next":id|null}, by incident. For another thread. New reference.
 */
int register_read(const struct register_asked *asked, json_t **ret_register, struct error *error);

/* For an inspector. */
int register_pdf(const json_t *breaches, const struct press_house *house, char **ret_pdf, size_t *ret_length,
                 struct error *error);
