/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/status.h"

#include <errno.h>

#include "journal/journal.h"

static json_t *obligations_of(struct casebook *book, const struct incident *incident)
{
        size_t count;
        const struct obligation *all = casebook_obligations(book, incident->id.text, &count);
        json_t *list = json_array();

        for (size_t i = 0; i < count; i++)
                json_array_append_new(list, obligation_to_json(&all[i]));
        return list;
}

json_t *status_incident_brief(struct casebook *book, const struct incident *incident)
{
        json_t *json = incident_to_json(incident);

        if (json)
                json_object_set_new(json, "obligations", casebook_obligations_told(book, incident->id.text));
        return json;
}

json_t *status_incidents(struct casebook *book)
{
        json_t *list = json_array();
        size_t count = casebook_count(book), shown = 0, from = count;

        /* The newest ones, in the order of their birth. */
        while (from > 0 && shown < STATUS_INCIDENTS_MAX)
                shown += casebook_is_pending(casebook_brief(book, --from));
        for (size_t i = from; i < count; i++) {
                const struct casebook_brief *brief = casebook_brief(book, i);
                const struct incident *incident =
                        casebook_is_pending(brief) ? casebook_incident(book, brief->id.text) : NULL;
                if (incident)
                        json_array_append_new(list, status_incident_brief(book, incident));
        }
        return list;
}

json_t *status_measures(struct casebook *book)
{
        size_t count;
        const struct measure *standing = casebook_standing(book, &count);
        json_t *list = json_array();

        for (size_t i = 0; i < count; i++)
                json_array_append_new(list, measure_to_json(&standing[i]));
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

static int append_json(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        return json_array_append(context, (json_t *)json) ? -ENOMEM : 0;
}

static json_t *measures_of(const struct incident *incident, struct journal *journal)
{
        json_t *list = json_array();

        view_list_of(journal, "measure", incident->id.text, append_json, list, NULL);
        return list;
}

/* {"incident","next"}: when the situation is to be judged anew; null until somebody has set it. */
static json_t *review_of(const struct incident *incident, struct journal *journal)
{
        json_t *json;

        return view_get(journal, "review", incident->id.text, &json, NULL, NULL) ? json_null() : json;
}

/* `obligations` is consumed. */
static json_t *whole(const struct incident *incident, json_t *obligations, struct journal *journal)
{
        return json_pack("{s:o, s:o, s:o, s:o, s:o}", "incident", incident_to_json(incident), "findings",
                         findings_of(incident, journal), "measures", measures_of(incident, journal),
                         "obligations", obligations, "review", review_of(incident, journal));
}

json_t *status_incident(struct casebook *book, const struct incident *incident, struct journal *journal)
{
        return whole(incident, obligations_of(book, incident), journal);
}

json_t *status_incident_told(struct casebook *book, const struct incident *incident, struct journal *journal)
{
        return whole(incident, casebook_obligations_told(book, incident->id.text), journal);
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
