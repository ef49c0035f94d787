/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/evidence.h"

#include <stdlib.h>

struct evidence {
        uint64_t added;
        struct evidence_row rows[EVIDENCE_ROWS];
};

struct evidence *evidence_new(void)
{
        return calloc(1, sizeof(struct evidence));
}

struct evidence *evidence_free(struct evidence *evidence)
{
        free(evidence);
        return NULL;
}

void evidence_add(struct evidence *evidence, const struct shield_sample *sample)
{
        struct evidence_row *row = &evidence->rows[evidence->added++ % EVIDENCE_ROWS];

        *row = (struct evidence_row){
                .features = sample->features,
                .time_ns = sample->time_ns,
                .weight = sample->weight ? sample->weight : 1,
                .known = sample->known,
                .verdict = sample->verdict,
                .slot = sample->slot,
        };
}

void evidence_clear(struct evidence *evidence)
{
        evidence->added = 0;
}

size_t evidence_count(const struct evidence *evidence)
{
        return evidence->added < EVIDENCE_ROWS ? (size_t)evidence->added : EVIDENCE_ROWS;
}

uint64_t evidence_added(const struct evidence *evidence)
{
        return evidence->added;
}

const struct evidence_row *evidence_at(const struct evidence *evidence, size_t n)
{
        return &evidence->rows[(evidence->added - 1 - n) % EVIDENCE_ROWS];
}
