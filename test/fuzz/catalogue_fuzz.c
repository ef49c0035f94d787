// fuzz: links=flow_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a catalogue of facts: refused with a sentence and nothing left behind, or read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/catalogue.h"
#include "all_faults.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct catalogue catalogue = {0};
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        int r = catalogue_read("facts.yaml", (const char *)data, size, &catalogue, &error);

        if (r && !strstr(error.en, "facts.yaml"))
                abort();
        if (r)
                require_faults(&faults, &error);
        for (size_t i = 0; i < catalogue.count; i++)
                if (catalogue_find(&catalogue, catalogue.kinds[i].name) != &catalogue.kinds[i])
                        abort();
        catalogue_release(&catalogue);
        return 0;
}
