/* SPDX-License-Identifier: EUPL-1.2 */
/* What the three forms of a declaration share: their fixed words. */
#pragma once

#include "obligation/documents/declaration.h"

/* The field with this key, NULL when the form has none. */
const struct form_field *declaration_field(const struct form *form, const char *key);

/* Its value when it is known, else NULL. */
const char *declaration_known(const struct form *form, const char *key, enum language language);

/* "Portail" / "Portal". */
const char *declaration_channel_name(enum form_channel_kind kind, enum language language);

/* "https://… : note (vérifié le …)", or what must be done before it is used. */
void declaration_channel_text(struct buffer *buffer, const struct form_channel *channel, const char *zone,
                              enum language language);

/* "24 réponses connues, 3 inconnues à ce stade, 2 questions pas encore posées". */
void declaration_counts(struct buffer *buffer, const struct form *form, enum language language);
