// fuzz: links=flow_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a catalogue of facts: refused with a sentence and nothing left behind, or read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "flow/catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct catalogue catalogue = {0};
        struct error error = {0};
        int r = catalogue_read("facts.yaml", (const char *)data, size, &catalogue, &error);

        if (r && (catalogue.count || !strstr(error.en, "facts.yaml")))
                abort();
        for (size_t i = 0; i < catalogue.count; i++)
                if (catalogue_find(&catalogue, catalogue.kinds[i].name) != &catalogue.kinds[i])
                        abort();
        catalogue_release(&catalogue);
        return 0;
}
