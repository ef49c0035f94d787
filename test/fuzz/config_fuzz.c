// fuzz: links=service_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Any bytes as garde.yaml: refused with a sentence, or loaded and then printed so that it loads again as the
 * same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "service/config.h"
#include "all_faults.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
        if (!holds)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct config *config = NULL, *again = NULL;
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        char *printed = NULL;
        size_t length = 0;
        FILE *out;

        if (config_load_text("fuzz.yaml", (const char *)data, size, &config, &error)) {
                require(!config);
                require_faults(&faults, &error);
                return 0;
        }
        out = open_memstream(&printed, &length);
        require(out && !config_check_print(out, config, LANGUAGE_FR));
        fclose(out);
        require(!config_load_text("again.yaml", printed, length, &again, &error));
        require(!memcmp(config, again, sizeof(*config)));
        free(printed);
        config_free(config);
        config_free(again);
        return 0;
}
