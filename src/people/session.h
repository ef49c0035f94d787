/* SPDX-License-Identifier: EUPL-1.2 */
/* session: the part of sessions and tokens that only this room calls; people.h has the rest. */
#pragma once

#include "people/private.h"

/* What is over leaves; when something was seen last is written down. */
int session_tick(struct people *people, struct error *error);
int token_tick(struct people *people, struct error *error);

/* Writes down when sessions were seen, where what is written is older than `older_ms`. */
int session_keep_seen(struct people *people, int64_t older_ms, struct error *error);
