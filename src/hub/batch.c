/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal.h"

#define FIRST_ROOM 8 /* a power of two */

static void fail(struct batch *batch, int code)
{
        if (!batch->failure)
                batch->failure = code;
}

/* A place for one more of `size` bytes, at most `most` of them; NULL, and the batch has failed. */
static void *next_place(struct batch *batch, void *items_at, size_t count, size_t most, size_t size)
{
        void **items = items_at;
        bool full = !count || (count >= FIRST_ROOM && !(count & (count - 1)));
        void *longer;

        if (count == most) {
                fail(batch, -E2BIG);
                return NULL;
        }
        if (full) {
                longer = realloc(*items, (count ? 2 * count : FIRST_ROOM) * size);
                if (!longer) {
                        fail(batch, -ENOMEM);
                        return NULL;
                }
                *items = longer;
        }
        return (char *)*items + count * size;
}

void batch_record(struct batch *batch, enum record_type type, const char *subject, const char *author,
                  json_t *body, json_t *personal)
{
        struct record_draft *draft =
                next_place(batch, &batch->drafts, batch->count, BATCH_RECORDS_MAX, sizeof(*draft));

        if (!body)
                fail(batch, -ENOMEM);
        if (!body || !draft) {
                json_decref(body);
                json_decref(personal);
                return;
        }
        *draft = (struct record_draft){
                .type = type, .subject = subject, .author = author, .body = body, .personal = personal};
        batch->count++;
}

/* The record's body with the noun in it, as journal/views.h reads it. */
static json_t *with_document(json_t *body, const char *kind, const char *id, json_t *json)
{
        json_t *document = json_pack("{s:s, s:s, s:o}", "kind", kind, "id", id, "json", json);

        if (!body)
                body = json_object();
        if (!document || json_object_set_new(body, "document", document)) {
                json_decref(body);
                return NULL;
        }
        return body;
}

static bool is_free_text(const struct batch *batch, const struct fact *fact)
{
        const struct fact_kind *kind = catalogue_find(batch->catalogue, fact->name);

        return fact->state == FACT_STATE_KNOWN && json_is_string(fact->value) &&
               (!kind || kind->type == FACT_TYPE_TEXT) && author_is_person(fact->author);
}

/* The incident as its document keeps it: without what people typed freely. */
static json_t *incident_document(const struct batch *batch, const struct incident *incident)
{
        json_t *json = incident_to_json(incident);
        json_t *facts = json_object_get(json, "facts");

        for (size_t i = 0; json && i < incident->fact_count; i++) {
                const struct fact *fact = &incident->facts[i];
                if (is_free_text(batch, fact) && json_object_set_new(json_object_get(facts, fact->name),
                                                                     "value", json_string(CASEBOOK_APART))) {
                        json_decref(json);
                        return NULL;
                }
        }
        return json;
}

/* Moves the noun to where the casebook will take it over from. */
static void take(struct batch *batch, void *items_at, size_t *count, void *noun, size_t size)
{
        void *place = next_place(batch, items_at, *count, BATCH_NOUNS_MAX, size);

        if (!place)
                return;
        memcpy(place, noun, size);
        memset(noun, 0, size);
        (*count)++;
}

void batch_incident(struct batch *batch, enum record_type type, const char *author, struct incident *incident,
                    json_t *body)
{
        body = with_document(body, "incident", incident->id.text, incident_document(batch, incident));
        take(batch, &batch->incidents, &batch->incident_count, incident, sizeof(*incident));
        batch_record(batch, type, "", author, body, NULL);
}

void batch_measure(struct batch *batch, enum record_type type, const char *author, struct measure *measure,
                   json_t *body)
{
        body = with_document(body, "measure", measure->id.text, measure_to_json(measure));
        take(batch, &batch->measures, &batch->measure_count, measure, sizeof(*measure));
        batch_record(batch, type, "", author, body, NULL);
}

void batch_obligation(struct batch *batch, enum record_type type, const char *author,
                      struct obligation *obligation, json_t *body)
{
        json_t *json = obligation_to_json(obligation), *personal = NULL;

        if (json && obligation->waived_reason) {
                personal = json_pack("{s:s}", "waived_reason", obligation->waived_reason);
                if (!personal || json_object_set_new(json, "waived_reason", json_string(CASEBOOK_APART)))
                        fail(batch, -ENOMEM);
        }
        body = with_document(body, "obligation", obligation->id.text, json);
        take(batch, &batch->obligations, &batch->obligation_count, obligation, sizeof(*obligation));
        batch_record(batch, type, "", author, body, personal);
}

void batch_finding(struct batch *batch, const struct finding *finding, const char *author,
                   const char *incident)
{
        json_t *body = incident[0] ? json_pack("{s:s}", "incident", incident) : NULL;

        batch_record(batch, RECORD_TYPE_FINDING_SEEN, "", author,
                     with_document(body, "finding", finding->id.text, finding_to_json(finding)), NULL);
}

void batch_fact(struct batch *batch, const char *incident, const struct fact *fact)
{
        json_t *body = fact_to_json(fact);
        json_t *personal = NULL;

        if (body && is_free_text(batch, fact)) {
                personal = json_pack("{s:O}", "value", fact->value);
                if (!personal || json_object_set_new(body, "value", json_string(CASEBOOK_APART)))
                        fail(batch, -ENOMEM);
        }
        if (body && json_object_set_new(body, "name", json_string(fact->name)))
                fail(batch, -ENOMEM);
        batch_record(batch, RECORD_TYPE_INCIDENT_FACT, incident, fact->author, body, personal);
}

/* A record that carries a noun speaks of that noun; one whose body names an incident, of that. */
static void settle_subjects(struct batch *batch)
{
        for (size_t i = 0; i < batch->count; i++) {
                const char *id = json_string_value(
                        json_object_get(json_object_get(batch->drafts[i].body, "document"), "id"));
                if (!id)
                        id = json_string_value(json_object_get(batch->drafts[i].body, "incident"));
                if (id)
                        batch->drafts[i].subject = id;
        }
}

static int take_over(struct batch *batch, struct casebook *book)
{
        int r = 0;

        for (size_t i = 0; !r && i < batch->incident_count; i++)
                r = casebook_put_incident(book, &batch->incidents[i]);
        for (size_t i = 0; !r && i < batch->measure_count; i++)
                r = casebook_put_measure(book, &batch->measures[i]);
        for (size_t i = 0; !r && i < batch->obligation_count; i++)
                r = casebook_put_obligation(book, &batch->obligations[i]);
        return r;
}

int batch_commit(struct batch *batch, struct journal *journal, struct casebook *book, uint64_t *ret_first,
                 struct error *error)
{
        uint64_t first = 0;
        int r = batch->failure;

        if (r)
                return r == -E2BIG ? error_say(error, r, "trop d’enregistrements en un seul acte",
                                               "too many records in one act")
                                   : error_say(error, r, "mémoire insuffisante", "out of memory");
        if (batch->count) {
                settle_subjects(batch);
                r = journal_append_batch(journal, batch->drafts, batch->count, &first, error);
                if (r)
                        return r;
        }
        r = take_over(batch, book);
        if (r)
                return error_say(error, r,
                                 "le registre des incidents est plein ; fermez ou archivez des incidents",
                                 "the casebook is full; close or archive incidents");
        if (ret_first)
                *ret_first = first;
        return 0;
}

void batch_release(struct batch *batch)
{
        for (size_t i = 0; i < batch->count; i++) {
                json_decref(batch->drafts[i].body);
                json_decref(batch->drafts[i].personal);
        }
        for (size_t i = 0; i < batch->incident_count; i++)
                incident_release(&batch->incidents[i]);
        for (size_t i = 0; i < batch->measure_count; i++)
                measure_release(&batch->measures[i]);
        for (size_t i = 0; i < batch->obligation_count; i++)
                obligation_release(&batch->obligations[i]);
        free(batch->drafts);
        free(batch->incidents);
        free(batch->measures);
        free(batch->obligations);
        *batch = (struct batch)BATCH_INIT(batch->catalogue);
}
