/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * timeline: what happened in an incident, record by record, each in a sentence. The register is the truth; this only says it in
 * words, so it can be made again at any time.
 */
#pragma once

#include <jansson.h>

#include "flow/catalogue.h"
#include "flow/record.h"
#include "flow/text.h"

/* One sentence on the record, without what a person typed freely. -ENOMEM. */
int timeline_summary(const struct catalogue *catalogue, const struct record *record,
                     struct bitext *ret_summary);

/*
 * {"seq","time","type","author","summary":{fr,en},"at","text","personal":[names]}: `at` is when it was so, which for back-entry is
 * earlier than `time`; `text` is what was typed, null when there is none or it was erased. New reference; NULL without memory.
 */
json_t *timeline_entry(const struct catalogue *catalogue, const struct record *record);
