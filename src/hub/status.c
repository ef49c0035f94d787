/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/status.h"

#include <string.h>

#include "journal/journal.h"

static bool stands(const struct measure *measure)
{
        return measure->state == MEASURE_STATE_PROPOSED || measure->state == MEASURE_STATE_STANDING ||
               measure->state == MEASURE_STATE_PROBATION;
}

static json_t *obligations_of(const struct casebook *book, const struct incident *incident)
{
        json_t *list = json_array();

        for (size_t i = 0; i < book->obligation_count; i++)
                if (!strcmp(book->obligations[i].incident.text, incident->id.text))
                        json_array_append_new(list, obligation_to_json(&book->obligations[i]));
        return list;
}

json_t *status_incidents(const struct casebook *book, bool all)
{
        json_t *list = json_array();

        for (size_t i = 0; i < book->incident_count; i++) {
                const struct incident *incident = &book->incidents[i];
                if (!all && !incident->open)
                        continue;
                json_t *json = incident_to_json(incident);
                json_object_set_new(json, "obligations", obligations_of(book, incident));
                json_array_append_new(list, json);
        }
        return list;
}

json_t *status_measures(const struct casebook *book, bool all)
{
        json_t *list = json_array();

        for (size_t i = 0; i < book->measure_count; i++)
                if (all || stands(&book->measures[i]))
                        json_array_append_new(list, measure_to_json(&book->measures[i]));
        return list;
}

static json_t *findings_of(const struct incident *incident, struct journal *journal)
{
        json_t *list = json_array();

        for (size_t i = 0; i < incident->finding_count; i++) {
                json_t *json;
                if (!view_get(journal, "finding", incident->findings[i].text, &json, NULL, NULL))
                        json_array_append_new(list, json);
        }
        return list;
}

static json_t *measures_of(const struct casebook *book, const struct incident *incident)
{
        json_t *list = json_array();

        for (size_t i = 0; i < book->measure_count; i++)
                if (!strcmp(book->measures[i].incident.text, incident->id.text))
                        json_array_append_new(list, measure_to_json(&book->measures[i]));
        return list;
}

json_t *status_incident(const struct casebook *book, const struct incident *incident, struct journal *journal)
{
        return json_pack("{s:o, s:o, s:o, s:o}", "incident", incident_to_json(incident), "findings",
                         findings_of(incident, journal), "measures", measures_of(book, incident),
                         "obligations", obligations_of(book, incident));
}

json_t *status_journal(struct journal *journal)
{
        struct head head;
        json_t *json = json_pack("{s:I}", "records", (json_int_t)journal_size(journal));

        if (journal_last_head(journal, &head, NULL) == 0)
                json_object_set_new(json, "head", head_to_json(&head));
        else
                json_object_set_new(json, "head", json_null());
        return json;
}
