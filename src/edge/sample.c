/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/sample.h"

#include <string.h>

static bool sample_is_sound(const struct shield_sample *sample)
{
        static const uint8_t zero[sizeof(sample->pad)];
        const struct shield_features *features = &sample->features;

        return sample->version == SHIELD_VERSION && sample->size == sizeof(*sample) && sample->weight > 0 &&
               features->service < SHIELD_SERVICES && features->class_ < SHIELD_CLASS_COUNT &&
               sample->known <= 1 && sample->verdict <= SHIELD_CHALLENGED &&
               (sample->slot < SHIELD_SLOTS || sample->slot == SHIELD_NO_SLOT) &&
               memcmp(sample->pad, zero, sizeof(zero)) == 0;
}

bool sample_read(const void *data, size_t length, struct shield_sample *ret_sample)
{
        struct shield_sample sample;

        if (length != sizeof(sample))
                return false;
        memcpy(&sample, data, sizeof(sample));
        if (!sample_is_sound(&sample))
                return false;
        *ret_sample = sample;
        return true;
}
