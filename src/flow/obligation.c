/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/obligation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/field.h"

#define OBLIGATION_STATE_WORD(name, word) word,
static const char *const state_words[] = {OBLIGATION_STATES(OBLIGATION_STATE_WORD)};

const char *obligation_state_word(enum obligation_state state)
{
        return field_word(state_words, OBLIGATION_STATE_COUNT, state);
}

void obligation_release(struct obligation *obligation)
{
        bitext_release(&obligation->title);
        bitext_release(&obligation->recipient);
        bitext_release(&obligation->why);
        free(obligation->waived_reason);
        free(obligation->filings);
        memset(obligation, 0, sizeof(*obligation));
}

#define PHASE_WORD(name, word) word,
static const char *const phase_words[] = {FILING_PHASES(PHASE_WORD)};
#undef PHASE_WORD

const char *filing_phase_word(enum filing_phase phase)
{
        return (unsigned)phase < FILING_PHASE_COUNT ? phase_words[phase] : "";
}

int filing_phase_parse(const char *word, enum filing_phase *ret_phase)
{
        for (unsigned i = 0; i < FILING_PHASE_COUNT; i++) {
                if (!strcmp(phase_words[i], word)) {
                        *ret_phase = (enum filing_phase)i;
                        return 0;
                }
        }
        return -EINVAL;
}

int obligation_add_filing(struct obligation *obligation, const struct filing *filing, struct error *error)
{
        struct filing *longer;

        if (obligation->filing_count == OBLIGATION_FILINGS_MAX)
                return error_say(error, -E2BIG, "une obligation garde %d dépôts au plus",
                                 "an obligation keeps at most %d filings", OBLIGATION_FILINGS_MAX);
        longer = reallocarray(obligation->filings, obligation->filing_count + 1, sizeof(*longer));
        if (!longer)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        longer[obligation->filing_count++] = *filing;
        obligation->filings = longer;
        return 0;
}

static json_t *filings_json(const struct obligation *obligation)
{
        json_t *list = json_array();

        for (size_t i = 0; i < obligation->filing_count; i++) {
                const struct filing *filing = &obligation->filings[i];
                json_array_append_new(list,
                                      json_pack("{s:s, s:o, s:s, s:o, s:o, s:b}", "phase",
                                                filing_phase_word(filing->phase), "at",
                                                field_time_json(filing->at_ms), "by", filing->by, "channel",
                                                field_text_json(filing->channel), "receipt",
                                                field_text_json(filing->receipt), "late", filing->late));
        }
        return list;
}

json_t *obligation_to_json(const struct obligation *obligation)
{
        return json_pack(
                "{s:s, s:s, s:s, s:o, s:o, s:s, s:b, s:b, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:s?, s:o}",
                "id", obligation->id.text, "incident", obligation->incident.text, "rule", obligation->rule,
                "title", bitext_to_json(&obligation->title), "recipient",
                bitext_to_json(&obligation->recipient), "state", obligation_state_word(obligation->state),
                "voluntary", obligation->voluntary, "without_delay", obligation->without_delay,
                "clock_started", field_time_json(obligation->clock_started_ms), "due",
                field_time_json(obligation->due_ms), "legal_basis", obligation->legal_basis, "why",
                bitext_to_json(&obligation->why), "filed", field_time_json(obligation->filed_ms), "filed_by",
                field_text_json(obligation->filed_by), "receipt", field_text_json(obligation->receipt),
                "waived_reason", obligation->waived_reason, "filings", filings_json(obligation));
}

static void read_waiver(struct fields *fields, struct obligation *obligation)
{
        const json_t *value = fields_value(fields, "waived_reason", FIELD_OPTIONAL);
        const char *text = json_string_value(value);

        if (!value)
                return;
        if (!text || strlen(text) != json_string_length(value) || strlen(text) > BITEXT_LENGTH_MAX) {
                fields_fault(fields, "waived_reason", "attendu : un texte, pas trop long",
                             "expected a text, not too long");
                return;
        }
        obligation->waived_reason = strdup(text);
        if (!obligation->waived_reason)
                fields->result = error_say(fields->error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

/* What a state promises must be there: a filed duty without its time, or a waiver without a reason, is a forgery. */
static void check_state(struct fields *fields, const struct obligation *obligation)
{
        if (obligation->state == OBLIGATION_STATE_FILED && !obligation->filed_ms)
                fields_fault(fields, "filed", "manque alors que l’état est filed",
                             "missing although the state is filed");
        if (obligation->state == OBLIGATION_STATE_WAIVED && !obligation->waived_reason)
                fields_fault(fields, "waived_reason", "manque alors que l’état est waived",
                             "missing although the state is waived");
}

static void read_filing(struct fields *fields, const json_t *json, struct obligation *obligation)
{
        struct fields inner = fields_begin(json, "filing", fields->error);
        struct filing filing = {0};
        unsigned phase = 0;

        fields_word(&inner, "phase", FIELD_REQUIRED, phase_words, FILING_PHASE_COUNT, &phase);
        fields_time(&inner, "at", FIELD_REQUIRED, &filing.at_ms);
        fields_text(&inner, "by", FIELD_REQUIRED, filing.by, sizeof(filing.by));
        fields_text(&inner, "channel", FIELD_OPTIONAL, filing.channel, sizeof(filing.channel));
        fields_text(&inner, "receipt", FIELD_OPTIONAL, filing.receipt, sizeof(filing.receipt));
        fields_bool(&inner, "late", FIELD_REQUIRED, &filing.late);
        filing.phase = (enum filing_phase)phase;
        fields->result = fields_end(&inner);
        if (!fields->result)
                fields->result = obligation_add_filing(obligation, &filing, fields->error);
}

static void read_filings(struct fields *fields, struct obligation *obligation)
{
        const json_t *list = fields_value(fields, "filings", FIELD_OPTIONAL);
        const json_t *one;
        size_t index;

        if (list && !json_is_array(list))
                fields_fault(fields, "filings", "attendu : une liste", "expected a list");
        json_array_foreach(list, index, one)
        {
                if (!fields->result)
                        read_filing(fields, one, obligation);
        }
}

static void read_course(struct fields *fields, struct obligation *obligation)
{
        fields_bool(fields, "voluntary", FIELD_OPTIONAL, &obligation->voluntary);
        fields_bool(fields, "without_delay", FIELD_REQUIRED, &obligation->without_delay);
        fields_time(fields, "clock_started", FIELD_OPTIONAL, &obligation->clock_started_ms);
        fields_time(fields, "due", FIELD_OPTIONAL, &obligation->due_ms);
        fields_time(fields, "filed", FIELD_OPTIONAL, &obligation->filed_ms);
        fields_text(fields, "filed_by", FIELD_OPTIONAL, obligation->filed_by, sizeof(obligation->filed_by));
        fields_text(fields, "receipt", FIELD_OPTIONAL, obligation->receipt, sizeof(obligation->receipt));
        read_waiver(fields, obligation);
        read_filings(fields, obligation);
}

int obligation_from_json(const json_t *json, struct obligation *ret_obligation, struct error *error)
{
        CLEANUP(obligation_release) struct obligation obligation = {0};
        struct fields fields = fields_begin(json, "obligation", error);
        unsigned state = 0;

        fields_id(&fields, "id", 'o', FIELD_REQUIRED, &obligation.id);
        fields_id(&fields, "incident", 'i', FIELD_REQUIRED, &obligation.incident);
        fields_text(&fields, "rule", FIELD_REQUIRED, obligation.rule, sizeof(obligation.rule));
        fields_bitext(&fields, "title", &obligation.title);
        fields_bitext(&fields, "recipient", &obligation.recipient);
        fields_word(&fields, "state", FIELD_REQUIRED, state_words, OBLIGATION_STATE_COUNT, &state);
        fields_text(&fields, "legal_basis", FIELD_REQUIRED, obligation.legal_basis,
                    sizeof(obligation.legal_basis));
        fields_bitext(&fields, "why", &obligation.why);
        read_course(&fields, &obligation);
        obligation.state = (enum obligation_state)state;
        check_state(&fields, &obligation);
        int r = fields_end(&fields);
        if (r)
                return r;
        *ret_obligation = obligation;
        memset(&obligation, 0, sizeof(obligation));
        return 0;
}

int obligation_copy(struct obligation *to, const struct obligation *from)
{
        CLEANUP(obligation_release) struct obligation copy = {0};

        if (to == from)
                return 0;
        if (bitext_copy(&copy.title, &from->title) || bitext_copy(&copy.recipient, &from->recipient) ||
            bitext_copy(&copy.why, &from->why))
                return -ENOMEM;
        if (from->waived_reason && !(copy.waived_reason = strdup(from->waived_reason)))
                return -ENOMEM;
        for (size_t i = 0; i < from->filing_count; i++)
                if (obligation_add_filing(&copy, &from->filings[i], NULL))
                        return -ENOMEM;
        struct obligation owned = copy;
        copy = *from;
        copy.title = owned.title;
        copy.recipient = owned.recipient;
        copy.why = owned.why;
        copy.waived_reason = owned.waived_reason;
        copy.filings = owned.filings;
        copy.filing_count = owned.filing_count;
        obligation_release(to);
        *to = copy;
        memset(&copy, 0, sizeof(copy));
        return 0;
}

static bool bitext_equal(const struct bitext *a, const struct bitext *b)
{
        return !strcmp(a->fr ? a->fr : "", b->fr ? b->fr : "") &&
               !strcmp(a->en ? a->en : "", b->en ? b->en : "");
}

static bool text_equal(const char *a, const char *b)
{
        return a && b ? !strcmp(a, b) : a == b;
}

static bool filings_equal(const struct obligation *a, const struct obligation *b)
{
        for (size_t i = 0; i < a->filing_count && i < b->filing_count; i++) {
                const struct filing *one = &a->filings[i], *other = &b->filings[i];

                if (one->phase != other->phase || one->at_ms != other->at_ms || one->late != other->late ||
                    strcmp(one->by, other->by) || strcmp(one->channel, other->channel) ||
                    strcmp(one->receipt, other->receipt))
                        return false;
        }
        return a->filing_count == b->filing_count;
}

static bool course_equal(const struct obligation *a, const struct obligation *b)
{
        return a->state == b->state && a->clock_started_ms == b->clock_started_ms && a->due_ms == b->due_ms &&
               a->filed_ms == b->filed_ms && !strcmp(a->filed_by, b->filed_by) &&
               !strcmp(a->receipt, b->receipt) && text_equal(a->waived_reason, b->waived_reason) &&
               filings_equal(a, b);
}

bool obligation_equal(const struct obligation *a, const struct obligation *b)
{
        return !strcmp(a->incident.text, b->incident.text) && !strcmp(a->rule, b->rule) &&
               !strcmp(a->legal_basis, b->legal_basis) && a->voluntary == b->voluntary &&
               a->without_delay == b->without_delay && bitext_equal(&a->title, &b->title) &&
               bitext_equal(&a->recipient, &b->recipient) && bitext_equal(&a->why, &b->why) &&
               course_equal(a, b);
}
