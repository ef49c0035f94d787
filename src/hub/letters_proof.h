/* SPDX-License-Identifier: EUPL-1.2 */
/* The table that proves which letters of a batch went when and how; no name of a recipient is on it. */
#pragma once

#include "hub/press.h"

/* `document` (hub/letters.h) is consumed; sets call->work. */
int letters_proof(struct act_call *call, json_t *document);
