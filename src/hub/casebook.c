/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/casebook.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "journal/journal.h"

void casebook_release(struct casebook *book)
{
        for (size_t i = 0; i < book->incident_count; i++)
                incident_release(&book->incidents[i]);
        for (size_t i = 0; i < book->measure_count; i++)
                measure_release(&book->measures[i]);
        for (size_t i = 0; i < book->obligation_count; i++)
                obligation_release(&book->obligations[i]);
        free(book->incidents);
        free(book->measures);
        free(book->obligations);
        *book = (struct casebook)CASEBOOK_INIT;
}

struct incident *casebook_incident(const struct casebook *book, const char *id)
{
        for (size_t i = book->incident_count; i-- > 0;)
                if (!strcmp(book->incidents[i].id.text, id))
                        return &book->incidents[i];
        return NULL;
}

struct measure *casebook_measure(const struct casebook *book, const char *id)
{
        for (size_t i = book->measure_count; i-- > 0;)
                if (!strcmp(book->measures[i].id.text, id))
                        return &book->measures[i];
        return NULL;
}

struct obligation *casebook_obligation(const struct casebook *book, const char *id)
{
        for (size_t i = book->obligation_count; i-- > 0;)
                if (!strcmp(book->obligations[i].id.text, id))
                        return &book->obligations[i];
        return NULL;
}

struct incident *casebook_incident_of_finding(const struct casebook *book, const char *finding)
{
        for (size_t i = book->incident_count; i-- > 0;)
                for (size_t k = book->incidents[i].finding_count; k-- > 0;)
                        if (!strcmp(book->incidents[i].findings[k].text, finding))
                                return &book->incidents[i];
        return NULL;
}

/* Room for one more; the arrays double, so that a long incident does not copy itself at every step. */
static int grow(void **items, size_t count, size_t size, size_t max)
{
        void *grown;

        if (count >= max)
                return -E2BIG;
        if (count & (count - 1))
                return 0;
        grown = realloc(*items, (count ? count * 2 : 1) * size);
        if (!grown)
                return -ENOMEM;
        *items = grown;
        return 0;
}

/* Each noun begins with its id. Opens a gap where this one belongs, so that a restart finds the same order. */
static size_t place(void *items, size_t count, size_t size, const char *id)
{
        char *bytes = items;
        size_t at = count;

        while (at > 0 && strcmp((const char *)(bytes + (at - 1) * size), id) > 0)
                at--;
        memmove(bytes + (at + 1) * size, bytes + at * size, (count - at) * size);
        return at;
}

_Static_assert(offsetof(struct incident, id) == 0, "place() reads the id");
_Static_assert(offsetof(struct measure, id) == 0, "place() reads the id");
_Static_assert(offsetof(struct obligation, id) == 0, "place() reads the id");

int casebook_put_incident(struct casebook *book, struct incident *incident)
{
        struct incident *there = casebook_incident(book, incident->id.text);
        int r;

        if (there) {
                incident_release(there);
        } else {
                r = grow((void **)&book->incidents, book->incident_count, sizeof(*incident),
                         CASEBOOK_INCIDENTS_MAX);
                if (r)
                        return r;
                there = &book->incidents[place(book->incidents, book->incident_count++, sizeof(*incident),
                                               incident->id.text)];
        }
        *there = *incident;
        memset(incident, 0, sizeof(*incident));
        return 0;
}

static bool measure_ended(const struct measure *measure)
{
        return measure->state == MEASURE_STATE_LIFTED || measure->state == MEASURE_STATE_EXPIRED ||
               measure->state == MEASURE_STATE_REFUSED;
}

static void forget_oldest_ended(struct casebook *book)
{
        for (size_t i = 0; i < book->measure_count; i++) {
                if (measure_ended(&book->measures[i])) {
                        measure_release(&book->measures[i]);
                        memmove(&book->measures[i], &book->measures[i + 1],
                                (book->measure_count - i - 1) * sizeof(book->measures[0]));
                        book->measure_count--;
                        return;
                }
        }
}

int casebook_put_measure(struct casebook *book, struct measure *measure)
{
        struct measure *there = casebook_measure(book, measure->id.text);
        int r;

        if (there) {
                measure_release(there);
        } else {
                if (book->measure_count == CASEBOOK_MEASURES_MAX)
                        forget_oldest_ended(book);
                r = grow((void **)&book->measures, book->measure_count, sizeof(*measure),
                         CASEBOOK_MEASURES_MAX);
                if (r)
                        return r;
                there = &book->measures[place(book->measures, book->measure_count++, sizeof(*measure),
                                              measure->id.text)];
        }
        *there = *measure;
        memset(measure, 0, sizeof(*measure));
        return 0;
}

int casebook_put_obligation(struct casebook *book, struct obligation *obligation)
{
        struct obligation *there = casebook_obligation(book, obligation->id.text);
        int r;

        if (there) {
                obligation_release(there);
        } else {
                r = grow((void **)&book->obligations, book->obligation_count, sizeof(*obligation),
                         CASEBOOK_OBLIGATIONS_MAX);
                if (r)
                        return r;
                there = &book->obligations[place(book->obligations, book->obligation_count++,
                                                 sizeof(*obligation), obligation->id.text)];
        }
        *there = *obligation;
        memset(obligation, 0, sizeof(*obligation));
        return 0;
}

static int unreadable(const char *kind, const char *id, const struct error *error)
{
        log_error("the journal's %s %s cannot be read: %s", kind, id, error->text);
        return 0;
}

static int load_incident(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct incident incident = {0};
        struct error error = {0};

        if (incident_from_json(json, &incident, &error))
                return unreadable("incident", id, &error);
        return casebook_put_incident(context, &incident);
}

static int load_measure(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct measure measure = {0};
        struct error error = {0};

        if (measure_from_json(json, &measure, &error))
                return unreadable("measure", id, &error);
        return casebook_put_measure(context, &measure);
}

static int load_obligation(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct obligation obligation = {0};
        struct error error = {0};

        if (obligation_from_json(json, &obligation, &error))
                return unreadable("obligation", id, &error);
        return casebook_put_obligation(context, &obligation);
}

static bool is_apart(const struct fact *fact)
{
        return fact->value && json_is_string(fact->value) &&
               !strcmp(json_string_value(fact->value), CASEBOOK_APART);
}

static bool holds_apart(const struct casebook *book)
{
        for (size_t i = 0; i < book->incident_count; i++)
                for (size_t k = 0; k < book->incidents[i].fact_count; k++)
                        if (is_apart(&book->incidents[i].facts[k]))
                                return true;
        for (size_t i = 0; i < book->obligation_count; i++)
                if (book->obligations[i].waived_reason)
                        return true;
        return false;
}

static const char *personal_text(const struct record *record, const char *name)
{
        return json_string_value(json_object_get(json_object_get(record->personal, name), "text"));
}

/* The newest record of a fact says what it holds. */
static int put_fact_back(struct casebook *book, const struct record *record)
{
        const char *name = json_string_value(json_object_get(record->body, "name"));
        const char *text = personal_text(record, "value");
        struct incident *incident = casebook_incident(book, record->subject);
        const struct fact *there = incident && name ? incident_fact(incident, name) : NULL;
        struct fact fact;

        if (!text || !there || there->state != FACT_STATE_KNOWN || !json_is_string(there->value))
                return 0;
        fact = *there;
        fact.value = json_string(text);
        int r = fact.value ? incident_set_fact(incident, &fact, NULL) : -ENOMEM;
        json_decref(fact.value);
        return r;
}

static int put_reason_back(struct casebook *book, const struct record *record)
{
        const char *text = personal_text(record, "waived_reason");
        struct obligation *obligation = casebook_obligation(book, record->subject);
        char *copy;

        if (!text || !obligation || !obligation->waived_reason)
                return 0;
        copy = strdup(text);
        if (!copy)
                return -ENOMEM;
        free(obligation->waived_reason);
        obligation->waived_reason = copy;
        return 0;
}

/* Texts that stand beside their records. */
static int put_text_back(void *context, const struct record *record)
{
        if (record->type == RECORD_TYPE_INCIDENT_FACT)
                return put_fact_back(context, record);
        if (record->type == RECORD_TYPE_OBLIGATION_CHANGED)
                return put_reason_back(context, record);
        return 0;
}

int casebook_load(struct journal *journal, struct casebook *ret_book, struct error *error)
{
        struct casebook book = CASEBOOK_INIT;
        int r = view_list(journal, "incident", load_incident, &book, error);

        if (!r)
                r = view_list(journal, "measure", load_measure, &book, error);
        if (!r)
                r = view_list(journal, "obligation", load_obligation, &book, error);
        if (!r && holds_apart(&book))
                r = journal_read(journal, 0, UINT64_MAX, put_text_back, &book, error);
        if (r) {
                casebook_release(&book);
                return error_context(error, r, "lecture des dossiers", "reading the casebook");
        }
        *ret_book = book;
        return 0;
}
