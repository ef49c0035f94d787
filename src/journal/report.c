/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/report.h"

#include <stdio.h>

#define REPORT_FAULT_WORD(name, word) [REPORT_FAULT_##name] = word,
static const char *const report_fault_words[REPORT_FAULT_COUNT] = {REPORT_FAULTS(REPORT_FAULT_WORD)};

const char *report_fault_word(enum report_fault_kind kind)
{
        return (unsigned)kind < REPORT_FAULT_COUNT ? report_fault_words[kind] : "";
}

void report_add(struct journal_report *report, enum report_fault_kind kind, uint64_t seq, uint64_t line,
                const char *fr, const char *en)
{
        struct report_fault *fault;

        report->ok = false;
        if (report->fault_count++ >= REPORT_FAULTS_MAX)
                return;
        fault = &report->faults[report->fault_count - 1];
        fault->kind = kind;
        fault->seq = seq;
        fault->line = line;
        snprintf(fault->fr, sizeof(fault->fr), "%s", fr);
        snprintf(fault->en, sizeof(fault->en), "%s", en);
}

static json_t *fault_to_json(const struct report_fault *fault)
{
        return json_pack("{s:s, s:I, s:I, s:s, s:s}", "kind", report_fault_word(fault->kind), "seq",
                         (json_int_t)fault->seq, "line", (json_int_t)fault->line, "fr", fault->fr, "en",
                         fault->en);
}

static json_t *faults_to_json(const struct journal_report *report)
{
        uint64_t count = report->fault_count < REPORT_FAULTS_MAX ? report->fault_count : REPORT_FAULTS_MAX;
        json_t *faults = json_array();

        for (uint64_t i = 0; faults && i < count; i++) {
                if (json_array_append_new(faults, fault_to_json(&report->faults[i])) < 0) {
                        json_decref(faults);
                        return NULL;
                }
        }
        return faults;
}

json_t *journal_report_to_json(const struct journal_report *report)
{
        char last[HASH_HEX_SIZE];
        char root[HASH_HEX_SIZE];
        char key[2 * KEY_PUBLIC_SIZE + 1];
        char id[KEY_ID_SIZE];

        hash_format(report->last, last);
        hash_format(report->root, root);
        hash_format_hex(report->key, KEY_PUBLIC_SIZE, key);
        key_id(report->key, id);
        return json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:s, s:s, s:I, s:o}", "ok", report->ok,
                         "records", (json_int_t)report->records, "heads", (json_int_t)report->heads,
                         "personal", (json_int_t)report->personal, "erased", (json_int_t)report->erased,
                         "signed_size", (json_int_t)report->signed_size, "last", last, "root", root, "key",
                         key, "key_id", id, "fault_count", (json_int_t)report->fault_count, "faults",
                         faults_to_json(report));
}
