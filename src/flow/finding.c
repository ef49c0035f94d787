/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/finding.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/field.h"

#define FINDING_PHASE_WORD(name, word) word,
static const char *const phase_words[] = {FINDING_PHASES(FINDING_PHASE_WORD)};

const char *finding_phase_word(enum finding_phase phase)
{
        return field_word(phase_words, FINDING_PHASE_COUNT, phase);
}

void finding_release(struct finding *finding)
{
        bitext_release(&finding->why);
        json_decref(finding->evidence);
        memset(finding, 0, sizeof(*finding));
}

json_t *finding_to_json(const struct finding *finding)
{
        char seen[TIME_TEXT_SIZE];

        time_format(finding->seen_ms, seen);
        return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:f, s:o, s:O?}", "id", finding->id.text, "seen",
                         seen, "sensor", finding->sensor, "kind", finding->kind, "subject", finding->subject,
                         "phase", finding_phase_word(finding->phase), "confidence", finding->confidence,
                         "why", bitext_to_json(&finding->why), "evidence", finding->evidence);
}

int finding_from_json(const json_t *json, struct finding *ret_finding, struct error *error)
{
        CLEANUP(finding_release) struct finding finding = {0};
        struct fields fields = fields_begin(json, "finding", error);
        unsigned phase = 0;

        fields_id(&fields, "id", 'f', FIELD_REQUIRED, &finding.id);
        fields_time(&fields, "seen", FIELD_REQUIRED, &finding.seen_ms);
        fields_text(&fields, "sensor", FIELD_REQUIRED, finding.sensor, sizeof(finding.sensor));
        fields_text(&fields, "kind", FIELD_REQUIRED, finding.kind, sizeof(finding.kind));
        fields_text(&fields, "subject", FIELD_REQUIRED, finding.subject, sizeof(finding.subject));
        fields_word(&fields, "phase", FIELD_REQUIRED, phase_words, FINDING_PHASE_COUNT, &phase);
        fields_number(&fields, "confidence", FIELD_REQUIRED, 0, 1, &finding.confidence);
        fields_bitext(&fields, "why", &finding.why);
        fields_tree(&fields, "evidence", FIELD_OPTIONAL, &finding.evidence);
        int r = fields_end(&fields);
        if (r)
                return r;
        finding.phase = (enum finding_phase)phase;
        *ret_finding = finding;
        memset(&finding, 0, sizeof(finding));
        return 0;
}
