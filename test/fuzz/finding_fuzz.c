// fuzz: links=flow_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a finding: refused with a sentence, or read, and then what is written reads as the same. */
#include <stdint.h>
#include <stdlib.h>

#include "flow/finding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static json_t *round_finding(const json_t *json)
{
        struct finding finding = {0};
        struct error error = {0};

        if (finding_from_json(json, &finding, &error)) {
                if (!error.en[0])
                        abort();
                return NULL;
        }
        json_t *again = finding_to_json(&finding);
        finding_release(&finding);
        if (!again)
                abort();
        return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        json_t *first = json ? round_finding(json) : NULL;

        if (first) {
                json_t *second = round_finding(first);

                if (!json_equal(first, second))
                        abort();
                json_decref(second);
        }
        json_decref(first);
        json_decref(json);
        return 0;
}
