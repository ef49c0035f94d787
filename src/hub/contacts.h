/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * contacts: whom to call in a crisis, one list that is replaced whole. Names, telephones and notes are personal data: they lie beside the
 * record contacts.changed, in parts named contacts.01, contacts.02 …, each a JSON array, and can be erased (journal/journal.h). The
 * record itself says how many there were, as the document {"kind":"contacts","id":"all","json":{"incident":"contacts","count":n}}: by
 * this "incident" the journal finds all lists there have been.
 */
#pragma once

#include <jansson.h>

#include "base/error.h"
#include "hub/desk.h"
#include "hub/retention.h"

/* The list of now, as contact.list gives it; empty when there is none, or it was erased. New reference. */
int contacts_read(struct journal *journal, json_t **ret_contacts, struct error *error);

/* Replaces it; `contacts` is an array of objects, checked by the caller. */
int contacts_write(struct desk *desk, const char *author, const json_t *contacts, struct error *error);

/* Texts that are there still of lists that were replaced before this moment. Stops at non-zero and returns it. */
int contacts_replaced(struct journal *journal, int64_t before_ms,
                      int (*visit)(void *context, const struct retention_text *text), void *context,
                      struct error *error);
