/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/out_event.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"

#define TITLE_MAX 400  /* bytes of a title that leave */
#define TEXT_MAX  2000 /* of a published text */

const char *out_event_word(enum out_event event)
{
#define OUT_EVENT_WORD(name, word) word,
        static const char *const words[] = {CONFIG_EVENTS(OUT_EVENT_WORD)};

        return (unsigned)event < OUT_EVENT_COUNT ? words[event] : "?";
}

bool out_event_is_wanted(const struct config_target *target, const char *event)
{
        for (uint32_t i = 0; i < target->event_count; i++)
                if (!strcmp(target->events[i], event))
                        return true;
        return false;
}

static const char *text_of(const json_t *object, const char *key)
{
        const char *text = json_string_value(json_object_get(object, key));

        return text ? text : "";
}

static const json_t *document_of(const struct record *record)
{
        return json_object_get(json_object_get(record->body, "document"), "json");
}

static bool is_incident(const char *id)
{
        return !strncmp(id, "i_", 2) && strlen(id) < ID_TEXT_SIZE;
}

static void incident_of(const struct record *record, char ret_incident[static ID_TEXT_SIZE])
{
        const json_t *document = document_of(record);
        const char *candidates[] = {record->subject, text_of(document, "incident"),
                                    text_of(record->body, "incident"), text_of(document, "id")};

        ret_incident[0] = '\0';
        for (size_t i = 0; i < ARRAY_LEN(candidates); i++) {
                if (!is_incident(candidates[i]))
                        continue;
                snprintf(ret_incident, ID_TEXT_SIZE, "%s", candidates[i]);
                return;
        }
}

bool out_event_of(const struct record *record, enum out_event *ret_event,
                  char ret_incident[static ID_TEXT_SIZE])
{
        static const struct {
                enum record_type type;
                enum out_event event;
        } news[] = {{RECORD_TYPE_INCIDENT_OPENED, OUT_EVENT_INCIDENT_OPENED},
                    {RECORD_TYPE_INCIDENT_REOPENED, OUT_EVENT_INCIDENT_OPENED},
                    {RECORD_TYPE_INCIDENT_CLOSED, OUT_EVENT_INCIDENT_CLOSED},
                    {RECORD_TYPE_INCIDENT_GRAVITY, OUT_EVENT_GRAVITY},
                    {RECORD_TYPE_OBLIGATION_CHANGED, OUT_EVENT_OBLIGATION_DUE},
                    {RECORD_TYPE_STATUS_PUBLISHED, OUT_EVENT_STATUS_PUBLISHED},
                    {RECORD_TYPE_MEASURE_APPLIED, OUT_EVENT_MEASURE_APPLIED},
                    {RECORD_TYPE_MEASURE_ENDED, OUT_EVENT_MEASURE_ENDED}};

        for (size_t i = 0; i < ARRAY_LEN(news); i++) {
                if (news[i].type != record->type)
                        continue;
                if (news[i].event == OUT_EVENT_OBLIGATION_DUE &&
                    strcmp(text_of(document_of(record), "state"), "due"))
                        return false;
                incident_of(record, ret_incident);
                *ret_event = news[i].event;
                return true;
        }
        return false;
}

/* ---- what is said ---- */

/* At most so many bytes, and no half character at the end. */
static json_t *cut(const char *text, size_t max)
{
        size_t length = text ? strlen(text) : 0;

        if (length > max)
                for (length = max; length && ((unsigned char)text[length] & 0xc0) == 0x80;)
                        length--;
        return json_stringn(text ? text : "", length);
}

static json_t *both(const char *fr, const char *en, size_t max)
{
        return json_pack("{s:o, s:o}", "fr", cut(fr, max), "en", cut(en, max));
}

static json_t *time_or_null(int64_t ms)
{
        char text[TIME_TEXT_SIZE];

        if (!ms)
                return json_null();
        time_format(ms, text);
        return json_string(text);
}

static json_t *tell_incident(const struct incident *incident)
{
        return json_pack("{s:s, s:s, s:o, s:s, s:s, s:o, s:o}", "id", incident->id.text, "kind",
                         incident->kind, "title", both(incident->title.fr, incident->title.en, TITLE_MAX),
                         "state", incident->open ? "open" : "closed", "gravity",
                         gravity_word(incident->gravity), "opened", time_or_null(incident->opened_ms),
                         "closed", time_or_null(incident->closed_ms));
}

static json_t *tell_obligation(const struct obligation *obligation)
{
        return json_pack("{s:s, s:s, s:o, s:o, s:s, s:o}", "id", obligation->id.text, "rule",
                         obligation->rule, "title",
                         both(obligation->title.fr, obligation->title.en, TITLE_MAX), "recipient",
                         both(obligation->recipient.fr, obligation->recipient.en, TITLE_MAX), "state",
                         obligation_state_word(obligation->state), "due", time_or_null(obligation->due_ms));
}

static json_t *tell_measure(const struct record *record)
{
        const json_t *measure = document_of(record);
        json_t *told = json_object();
        static const char *const keys[] = {"id", "kind", "state", "expires"};

        for (size_t i = 0; i < ARRAY_LEN(keys); i++)
                if (json_object_get(measure, keys[i]))
                        json_object_set(told, keys[i], json_object_get(measure, keys[i]));
        return told;
}

static void add_record(json_t *payload, const struct record *record)
{
        const json_t *text = json_object_get(record->body, "text");

        if (record->type == RECORD_TYPE_MEASURE_APPLIED || record->type == RECORD_TYPE_MEASURE_ENDED)
                json_object_set_new(payload, "measure", tell_measure(record));
        if (record->type == RECORD_TYPE_STATUS_PUBLISHED)
                json_object_set_new(payload, "text",
                                    both(text_of(text, "fr"), text_of(text, "en"), TEXT_MAX));
}

json_t *out_event_payload(const struct out_news *news, const struct config_target *target)
{
        char at[TIME_TEXT_SIZE];
        json_t *payload;

        time_format(news->at_ms, at);
        payload = json_pack("{s:i, s:s, s:s, s:s, s:s}", "v", 1, "event", news->event, "at", at, "structure",
                            news->structure, "tlp", config_tlp_word(target->tlp));
        if (!payload)
                return NULL;
        if (news->incident)
                json_object_set_new(payload, "incident", tell_incident(news->incident));
        if (news->obligation)
                json_object_set_new(payload, "obligation", tell_obligation(news->obligation));
        if (news->record)
                add_record(payload, news->record);
        if (target->personal == CONFIG_YES && news->incident)
                json_object_set_new(payload, "personal",
                                    json_pack("{s:s}", "subject", news->incident->subject));
        return payload;
}
