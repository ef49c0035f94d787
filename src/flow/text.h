/* SPDX-License-Identifier: EUPL-1.2 */
/* A sentence a person reads, in French and in English. */
#pragma once

#include <jansson.h>

#include "base/error.h"

#define BITEXT_LENGTH_MAX 4096 /* bytes of one language, when read from JSON */

struct bitext {
        char *fr; /* owned, never NULL once set */
        char *en;
};

#define BITEXT_INIT                                                                                          \
        {                                                                                                    \
                NULL, NULL                                                                                   \
        }

/* Copies both; what was there is freed. -ENOMEM. */
int bitext_set(struct bitext *text, const char *fr, const char *en);
int bitext_copy(struct bitext *to, const struct bitext *from);
void bitext_release(struct bitext *text);

/* {"fr":…,"en":…} both ways. `field` names the place in the error text. */
json_t *bitext_to_json(const struct bitext *text);
int bitext_from_json(const json_t *json, const char *field, struct bitext *ret_text, struct error *error);
