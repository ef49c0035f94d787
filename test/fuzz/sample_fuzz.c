// fuzz: links=edge_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/* A record of the sample ring: taken as it is or not at all, and never with a number out of its range. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "edge/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
        if (!holds)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct shield_sample sample, untouched;

        memset(&sample, 0xa5, sizeof(sample));
        untouched = sample;
        if (!sample_read(data, size, &sample)) {
                check(memcmp(&sample, &untouched, sizeof(sample)) == 0);
                return 0;
        }
        check(size == sizeof(sample) && memcmp(data, &sample, size) == 0);
        check(sample.version == SHIELD_VERSION && sample.weight > 0 && sample.known <= 1);
        check(sample.features.service < SHIELD_SERVICES && sample.features.class_ < SHIELD_CLASS_COUNT);
        check(sample.slot < SHIELD_SLOTS || sample.slot == SHIELD_NO_SLOT);
        check(sample.verdict <= SHIELD_CHALLENGED);
        return 0;
}
