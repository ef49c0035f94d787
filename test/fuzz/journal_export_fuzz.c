// fuzz: links=journal_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/* An export or a proof from anywhere: a report or a sentence, never a crash. */
#include <stdint.h>
#include <stdlib.h>

#include "journal/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_report(const struct journal_report *report)
{
        json_t *json = journal_report_to_json(report);

        if (!json || report->ok != (report->fault_count == 0))
                abort();
        json_decref(json);
}

static void try_proof(const uint8_t *data, size_t size)
{
        struct journal_report report;
        struct error error = {0};
        json_t *proof = json_loadb((const char *)data, size, JSON_ALLOW_NUL, NULL);

        if (proof && journal_verify_proof(proof, NULL, &report, &error) == 0)
                check_report(&report);
        json_decref(proof);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        FILE *stream = size ? fmemopen((void *)data, size, "r") : fopen("/dev/null", "r");
        struct journal_report report;
        struct error error = {0};
        int r;

        if (!stream)
                return 0;
        r = journal_verify_stream(stream, NULL, &report, &error);
        fclose(stream);
        if (r == 0)
                check_report(&report);
        else if (error.en[0] == '\0')
                abort();
        try_proof(data, size);
        return 0;
}
