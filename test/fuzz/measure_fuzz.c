// fuzz: links=flow_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a measure: refused with a sentence, or read, and then what is written reads as the same. */
#include <stdint.h>
#include <stdlib.h>

#include "flow/measure.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static json_t *round_measure(const json_t *json)
{
        struct measure measure = {0};
        struct error error = {0};

        if (measure_from_json(json, &measure, &error)) {
                if (!error.en[0])
                        abort();
                return NULL;
        }
        json_t *again = measure_to_json(&measure);
        measure_release(&measure);
        if (!again)
                abort();
        return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        json_t *first = json ? round_measure(json) : NULL;

        if (first) {
                json_t *second = round_measure(first);

                if (!json_equal(first, second))
                        abort();
                json_decref(second);
        }
        json_decref(first);
        json_decref(json);
        return 0;
}
