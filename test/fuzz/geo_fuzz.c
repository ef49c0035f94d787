// fuzz: links=edge_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/* The country files: whatever the bytes, a table or a sentence, and every walk stays inside. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "edge/geo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct geo *geo = NULL;
        struct error error = {0};
        size_t half = size / 2;
        struct addr addr = {.family = 4, .prefix = 32};

        if (geo_parse((const char *)data, half, (const char *)data + half, size - half, &geo, &error))
                return error.en[0] ? 0 : (abort(), 0);
        for (size_t i = 0; i < size; i++) {
                addr.bytes[i % 16] = data[i];
                addr.family = i % 2 ? 4 : 6;
                if (geo_lookup(geo, &addr) >= geo_countries(geo))
                        abort();
        }
        geo_free(geo);
        return 0;
}
