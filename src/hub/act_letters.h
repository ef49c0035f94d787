/* SPDX-License-Identifier: EUPL-1.2 */
/* What the acts on letters share. The refusals write their sentence and return its code. */
#pragma once

#include "hub/act.h"
#include "obligation/letters/template.h"

int letters_no_memory(struct act_call *call);
int letters_none(struct act_call *call); /* this desk prints none */

/* The one that "template" names; NULL with a refusal. */
const struct letter_template *letters_template(struct act_call *call);

/*
 * 0, or why this letter may not go out for "incident" as it is: -EINVAL when it would have a blank, -EBUSY when it would say less than
 * it could and nobody said "incomplete". -ENOENT.
 */
int letters_refuse_holes(struct act_call *call, const struct letter_template *template);
