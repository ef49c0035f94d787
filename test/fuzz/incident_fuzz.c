// fuzz: links=flow_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as an incident with its tasks: refused with a sentence, or read, and then what is written reads as the same. */
#include <stdint.h>
#include <stdlib.h>

#include "flow/incident.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static json_t *round_incident(const json_t *json)
{
        struct incident incident = {0};
        struct error error = {0};

        if (incident_from_json(json, &incident, &error)) {
                if (!error.en[0])
                        abort();
                return NULL;
        }
        json_t *again = incident_to_json(&incident);
        struct incident copy = {0};
        json_t *copied = incident_copy(&copy, &incident) ? NULL : incident_to_json(&copy);
        if (!json_equal(again, copied))
                abort();
        json_decref(copied);
        incident_release(&copy);
        incident_release(&incident);
        if (!again)
                abort();
        return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        json_t *first = json ? round_incident(json) : NULL;

        if (first) {
                json_t *second = round_incident(first);

                if (!json_equal(first, second))
                        abort();
                json_decref(second);
        }
        json_decref(first);
        json_decref(json);
        return 0;
}
