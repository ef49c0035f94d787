/* SPDX-License-Identifier: EUPL-1.2 */
/* What holds of every refusal, whatever was read: the list of faults is bounded, in order, and begins with the sentence. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "base/faults.h"

static inline void require_faults(const struct faults *faults, const struct error *error)
{
        if (!error->fr[0] || !error->en[0] || faults->count > FAULTS_MAX)
                abort();
        if (!faults->count) /* the file as a whole was too large */
                return;
        if (strcmp(faults->list[0].en, error->en) || strcmp(faults->list[0].fr, error->fr))
                abort();
        for (size_t i = 1; i < faults->count; i++)
                if (faults->list[i].line < faults->list[i - 1].line || !faults->list[i].fr[0])
                        abort();
}
