/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/casebook.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/table.h"
#include "flow/json_text.h"
#include "hub/kinds.h"
#include "journal/journal.h"

/* One incident; its obligations once somebody asked for them. */
struct case_file {
        struct incident incident;
        struct obligation *obligations; /* by id */
        size_t obligation_count;
        bool obligations_known;
        json_t *told; /* them for an answer, once somebody asked for that; NULL: not yet, or changed since */
};

struct casebook {
        struct journal *journal;
        struct casebook_brief *briefs; /* by id */
        size_t brief_count, brief_size;
        struct kinds kinds;
        struct measure *standing; /* by id */
        size_t standing_count, standing_size;
        struct table *cases; /* id to struct case_file: the ones asked for last */
        struct table *ended; /* id to struct measure, likewise */
};

bool measure_is_over(const struct measure *measure)
{
        return measure->state == MEASURE_STATE_LIFTED || measure->state == MEASURE_STATE_EXPIRED ||
               measure->state == MEASURE_STATE_REFUSED;
}

/* ---- arrays by id ---- */

/* The first place whose id is not less. Every item begins with its id. */
static size_t place_of(const void *items, size_t count, size_t size, const char *id)
{
        size_t low = 0, high = count;

        while (low < high) {
                size_t middle = (low + high) / 2;
                if (strcmp((const char *)items + middle * size, id) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static void *item_with(void *items, size_t count, size_t size, const char *id)
{
        size_t at = place_of(items, count, size, id);
        char *item = at < count ? (char *)items + at * size : NULL;

        return item && !strcmp(item, id) ? item : NULL;
}

/* A zeroed item with room for this id, where it belongs; NULL when out of memory. */
static void *item_insert(void **items, size_t *count, size_t *room, size_t size, const char *id)
{
        size_t at = place_of(*items, *count, size, id);
        char *bytes;

        if (*count == *room) {
                size_t more = *room ? *room * 2 : 16;
                void *grown = realloc(*items, more * size);
                if (!grown)
                        return NULL;
                *items = grown;
                *room = more;
        }
        bytes = *items;
        memmove(bytes + (at + 1) * size, bytes + at * size, (*count - at) * size);
        memset(bytes + at * size, 0, size);
        (*count)++;
        return bytes + at * size;
}

_Static_assert(offsetof(struct casebook_brief, id) == 0 && offsetof(struct id, text) == 0,
               "items begin with their id");
_Static_assert(offsetof(struct measure, id) == 0 && offsetof(struct obligation, id) == 0,
               "items begin with their id");

/* ---- reading from the journal ---- */

static void obligations_release(struct case_file *file)
{
        for (size_t i = 0; i < file->obligation_count; i++)
                obligation_release(&file->obligations[i]);
        free(file->obligations);
        file->obligations = NULL;
        file->obligation_count = 0;
}

static void case_release(struct case_file *file)
{
        incident_release(&file->incident);
        obligations_release(file);
        json_decref(file->told);
}

static void case_free(void *value)
{
        case_release(value);
        free(value);
}

static void measure_free(void *value)
{
        measure_release(value);
        free(value);
}

static int unreadable(const char *kind, const char *id, const struct error *error)
{
        log_error("the journal's %s %s cannot be read: %s", kind, id, error->en);
        return 0;
}

/* Room for one more; the array doubles. */
static int grow(struct obligation **items, size_t count)
{
        struct obligation *grown;

        if (count & (count - 1))
                return 0;
        grown = realloc(*items, (count ? count * 2 : 1) * sizeof(*grown));
        if (!grown)
                return -ENOMEM;
        *items = grown;
        return 0;
}

static int load_obligation(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct case_file *file = context;
        struct obligation obligation = {0};
        struct error error = {0};
        int r;

        if (obligation_from_json(json, &obligation, &error))
                return unreadable("obligation", id, &error);
        r = grow(&file->obligations, file->obligation_count);
        if (r)
                obligation_release(&obligation);
        else
                file->obligations[file->obligation_count++] = obligation;
        return r;
}

static const char *personal_text(const struct record *record, const char *name)
{
        return json_string_value(json_object_get(json_object_get(record->personal, name), "text"));
}

/* The newest record of a fact says what it holds. */
static int put_fact_back(struct case_file *file, const struct record *record)
{
        const char *name = json_string_value(json_object_get(record->body, "name"));
        const char *text = personal_text(record, "value");
        const struct fact *there = name ? incident_fact(&file->incident, name) : NULL;
        struct fact fact;
        int r;

        if (!text || !there || there->state != FACT_STATE_KNOWN || !json_is_string(there->value))
                return 0;
        fact = *there;
        fact.value = json_string(text);
        r = fact.value ? incident_set_fact(&file->incident, &fact, NULL) : -ENOMEM;
        json_decref(fact.value);
        return r;
}

static int put_reason_back(struct case_file *file, const struct record *record)
{
        const char *text = personal_text(record, "waived_reason");
        struct obligation *obligation =
                item_with(file->obligations, file->obligation_count, sizeof(*obligation), record->subject);
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
static int put_fact_text_back(void *context, const struct record *record)
{
        return record->type == RECORD_TYPE_INCIDENT_FACT ? put_fact_back(context, record) : 0;
}

static int put_reason_text_back(void *context, const struct record *record)
{
        return record->type == RECORD_TYPE_OBLIGATION_CHANGED ? put_reason_back(context, record) : 0;
}

static bool fact_is_apart(const struct incident *incident)
{
        for (size_t i = 0; i < incident->fact_count; i++) {
                const char *text = json_string_value(incident->facts[i].value);
                if (text && !strcmp(text, CASEBOOK_APART))
                        return true;
        }
        return false;
}

static bool reason_is_apart(const struct case_file *file)
{
        for (size_t i = 0; i < file->obligation_count; i++)
                if (file->obligations[i].waived_reason)
                        return true;
        return false;
}

/* 0, VIEW_NONE, or negative. */
static int case_read(struct casebook *book, const char *id, struct case_file *file, struct error *error)
{
        json_t *json = NULL;
        int r = view_get(book->journal, "incident", id, &json, NULL, error);

        if (r)
                return r;
        r = incident_from_json(json, &file->incident, error);
        json_decref(json);
        if (!r && fact_is_apart(&file->incident))
                r = journal_read_about(book->journal, id, 0, false, put_fact_text_back, file, error);
        return r;
}

/* The file is kept whatever comes of it: then it is without them, and asked again the next time. */
static void case_read_obligations(struct casebook *book, struct case_file *file)
{
        const char *id = file->incident.id.text;
        struct error error = {0};
        int r = view_list_of(book->journal, "obligation", id, load_obligation, file, &error);

        if (!r && reason_is_apart(file))
                r = journal_read_about(book->journal, id, 0, false, put_reason_text_back, file, &error);
        file->obligations_known = !r;
        if (r) {
                obligations_release(file);
                unreadable("incident", id, &error);
        }
}

static struct case_file *case_load(struct casebook *book, const char *id)
{
        struct case_file *file = calloc(1, sizeof(*file));
        struct error error = {0};
        int r = file ? case_read(book, id, file, &error) : -ENOMEM;

        if (!r)
                r = table_put(book->cases, id, strlen(id), file);
        if (!r)
                return file;
        if (r < 0)
                unreadable("incident", id, &error);
        if (file)
                case_free(file);
        return NULL;
}

static struct case_file *case_of(struct casebook *book, const char *id)
{
        struct case_file *file = table_get(book->cases, id, strlen(id));

        if (file || !item_with(book->briefs, book->brief_count, sizeof(*book->briefs), id))
                return file;
        return case_load(book, id);
}

static struct case_file *case_whole(struct casebook *book, const char *id)
{
        struct case_file *file = case_of(book, id);

        if (file && !file->obligations_known)
                case_read_obligations(book, file);
        return file;
}

/* ---- asking ---- */

size_t casebook_count(const struct casebook *book)
{
        return book->brief_count;
}

const struct casebook_brief *casebook_brief(const struct casebook *book, size_t index)
{
        return &book->briefs[index];
}

bool casebook_is_pending(const struct casebook_brief *brief)
{
        return brief->open || brief->owing;
}

size_t casebook_after(const struct casebook *book, const char *id)
{
        size_t at = place_of(book->briefs, book->brief_count, sizeof(*book->briefs), id);

        return at < book->brief_count && !strcmp(book->briefs[at].id.text, id) ? at + 1 : at;
}

uint32_t casebook_newest(const struct casebook *book, const char *kind, bool open)
{
        return kinds_newest(&book->kinds, book->briefs, kind, open);
}

uint32_t casebook_older(const struct casebook *book, uint32_t index)
{
        return kinds_older(&book->kinds, book->briefs, index);
}

struct incident *casebook_incident(struct casebook *book, const char *id)
{
        struct case_file *file = case_of(book, id);

        return file ? &file->incident : NULL;
}

const struct obligation *casebook_obligations(struct casebook *book, const char *incident, size_t *ret_count)
{
        struct case_file *file = case_whole(book, incident);

        *ret_count = file ? file->obligation_count : 0;
        return file ? file->obligations : NULL;
}

struct obligation *casebook_obligation(struct casebook *book, const char *id)
{
        char incident[ID_TEXT_SIZE] = "";
        struct case_file *file;

        if (view_incident(book->journal, "obligation", id, incident, sizeof(incident), NULL))
                return NULL;
        file = case_whole(book, incident);
        return file ? item_with(file->obligations, file->obligation_count, sizeof(*file->obligations), id)
                    : NULL;
}

struct telling {
        struct buffer text;
        bool apart; /* one of them holds what a person typed */
};

static int tell_one(void *context, const char *id, const char *json, size_t length)
{
        struct telling *telling = context;

        telling->apart = telling->apart || memmem(json, length, CASEBOOK_APART, strlen(CASEBOOK_APART));
        buffer_append(&telling->text, telling->text.length ? "," : "[", 1);
        buffer_append(&telling->text, json, length);
        return telling->apart;
}

static json_t *obligations_json(struct casebook *book, const char *incident)
{
        size_t count;
        const struct obligation *all = casebook_obligations(book, incident, &count);
        json_t *list = json_array();

        for (size_t i = 0; i < count; i++)
                json_array_append_new(list, obligation_to_json(&all[i]));
        return list;
}

static json_t *tell_obligations(struct casebook *book, const char *incident)
{
        struct telling telling = {.text = BUFFER_INIT(SIZE_MAX / 4)};
        int r = view_text_of(book->journal, "obligation", incident, tell_one, &telling, NULL);
        json_t *told;

        if (!telling.text.length)
                buffer_text(&telling.text, "[");
        buffer_text(&telling.text, "]");
        told = r || telling.text.overflow ? obligations_json(book, incident)
                                          : json_text_raw(buffer_string(&telling.text), telling.text.length);
        buffer_release(&telling.text);
        return told;
}

json_t *casebook_obligations_told(struct casebook *book, const char *incident)
{
        struct case_file *file = case_of(book, incident);

        if (!file)
                return json_array();
        if (!file->told)
                file->told = tell_obligations(book, incident);
        return json_incref(file->told);
}

static struct measure *measure_load(struct casebook *book, const char *id)
{
        struct measure *measure = calloc(1, sizeof(*measure));
        struct error error = {0};
        json_t *json = NULL;
        int r = measure ? view_get(book->journal, "measure", id, &json, NULL, &error) : -ENOMEM;

        if (!r)
                r = measure_from_json(json, measure, &error);
        json_decref(json);
        if (!r)
                r = table_put(book->ended, id, strlen(id), measure);
        if (!r)
                return measure;
        if (r < 0)
                unreadable("measure", id, &error);
        if (measure)
                measure_free(measure);
        return NULL;
}

struct measure *casebook_measure(struct casebook *book, const char *id)
{
        struct measure *measure = item_with(book->standing, book->standing_count, sizeof(*measure), id);

        if (!measure)
                measure = table_get(book->ended, id, strlen(id));
        return measure ? measure : measure_load(book, id);
}

const struct measure *casebook_standing(const struct casebook *book, size_t *ret_count)
{
        *ret_count = book->standing_count;
        return book->standing;
}

bool casebook_incident_of_finding(struct casebook *book, const char *finding, struct id *ret_incident)
{
        char incident[ID_TEXT_SIZE] = "";

        return !view_incident(book->journal, "finding", finding, incident, sizeof(incident), NULL) &&
               !id_parse(incident, 'i', ret_incident);
}

/* ---- putting ---- */

static void brief_fill(struct casebook_brief *brief, const struct incident *incident)
{
        brief->id = incident->id;
        memcpy(brief->kind, incident->kind, sizeof(brief->kind));
        memcpy(brief->subject, incident->subject, sizeof(brief->subject));
        brief->open = incident->open;
        brief->owing = incident->owing;
        brief->gravity = incident->gravity;
        brief->opened_ms = incident->opened_ms;
        brief->last_finding_ms = incident->last_finding_ms;
}

static int brief_add(struct casebook *book, const struct incident *incident)
{
        struct casebook_brief *brief;

        if (book->brief_count == CASEBOOK_INCIDENTS_MAX)
                return -E2BIG;
        brief = item_insert((void **)&book->briefs, &book->brief_count, &book->brief_size, sizeof(*brief),
                            incident->id.text);
        if (!brief)
                return -ENOMEM;
        brief_fill(brief, incident);
        /* Behind the last, unless a clock was set back. */
        return brief == &book->briefs[book->brief_count - 1]
                       ? kinds_add_last(&book->kinds, book->briefs, book->brief_count)
                       : kinds_renew(&book->kinds, book->briefs, book->brief_count);
}

static int brief_put(struct casebook *book, const struct incident *incident)
{
        struct casebook_brief *brief =
                item_with(book->briefs, book->brief_count, sizeof(*brief), incident->id.text);
        bool was_open = brief && brief->open;

        if (!brief)
                return brief_add(book, incident);
        brief_fill(brief, incident);
        if (brief->open != was_open)
                kinds_move(&book->kinds, book->briefs, (size_t)(brief - book->briefs), was_open);
        return 0;
}

int casebook_put_incident(struct casebook *book, struct incident *incident)
{
        struct case_file *file = case_of(book, incident->id.text);
        bool is_new = !item_with(book->briefs, book->brief_count, sizeof(*book->briefs), incident->id.text);
        int r = brief_put(book, incident);

        if (r)
                return r;
        if (!file) {
                file = calloc(1, sizeof(*file));
                if (!file)
                        return -ENOMEM;
                file->obligations_known = is_new;
                r = table_put(book->cases, incident->id.text, strlen(incident->id.text), file);
                if (r) {
                        free(file);
                        return r;
                }
        }
        incident_release(&file->incident);
        file->incident = *incident;
        memset(incident, 0, sizeof(*incident));
        return 0;
}

static int put_ended(struct casebook *book, struct measure *measure)
{
        struct measure *there =
                item_with(book->standing, book->standing_count, sizeof(*there), measure->id.text);
        struct measure *kept = malloc(sizeof(*kept));
        int r;

        if (!kept)
                return -ENOMEM;
        if (there) {
                size_t at = (size_t)(there - book->standing);
                measure_release(there);
                memmove(there, there + 1, (book->standing_count - at - 1) * sizeof(*there));
                book->standing_count--;
        }
        *kept = *measure;
        r = table_put(book->ended, measure->id.text, strlen(measure->id.text), kept);
        if (r) {
                free(kept);
                return r;
        }
        memset(measure, 0, sizeof(*measure));
        return 0;
}

int casebook_put_measure(struct casebook *book, struct measure *measure)
{
        struct measure *there;

        if (measure_is_over(measure))
                return put_ended(book, measure);
        table_remove(book->ended, measure->id.text, strlen(measure->id.text));
        there = item_with(book->standing, book->standing_count, sizeof(*there), measure->id.text);
        if (there)
                measure_release(there);
        else if (book->standing_count == CASEBOOK_STANDING_MAX)
                return -E2BIG;
        else
                there = item_insert((void **)&book->standing, &book->standing_count, &book->standing_size,
                                    sizeof(*there), measure->id.text);
        if (!there)
                return -ENOMEM;
        *there = *measure;
        memset(measure, 0, sizeof(*measure));
        return 0;
}

int casebook_put_obligation(struct casebook *book, struct obligation *obligation)
{
        struct case_file *file =
                table_get(book->cases, obligation->incident.text, strlen(obligation->incident.text));
        struct obligation *there;
        size_t at;
        int r;

        if (file) {
                json_decref(file->told);
                file->told = NULL;
        }
        if (!file || !file->obligations_known) {
                obligation_release(obligation); /* the journal has it: it is read when somebody asks */
                return 0;
        }
        there = item_with(file->obligations, file->obligation_count, sizeof(*there), obligation->id.text);
        if (there) {
                obligation_release(there);
        } else {
                r = grow(&file->obligations, file->obligation_count);
                if (r)
                        return r;
                at = place_of(file->obligations, file->obligation_count, sizeof(*there), obligation->id.text);
                there = &file->obligations[at];
                memmove(there + 1, there, (file->obligation_count++ - at) * sizeof(*there));
        }
        *there = *obligation;
        memset(obligation, 0, sizeof(*obligation));
        return 0;
}

/* ---- life ---- */

static int load_brief(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct incident incident = {0};
        struct error error = {0};
        int r;

        if (incident_from_json(json, &incident, &error))
                return unreadable("incident", id, &error);
        r = brief_put(context, &incident);
        incident_release(&incident);
        return r;
}

static int load_standing(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        const char *state = json_string_value(json_object_get(json, "state"));
        struct measure measure = {0};
        struct error error = {0};

        if (state && (!strcmp(state, "lifted") || !strcmp(state, "expired") || !strcmp(state, "refused")))
                return 0;
        if (measure_from_json(json, &measure, &error))
                return unreadable("measure", id, &error);
        return casebook_put_measure(context, &measure);
}

int casebook_open(struct journal *journal, const struct random *random, struct casebook **ret_book,
                  struct error *error)
{
        struct casebook *book = calloc(1, sizeof(*book));
        int r = -ENOMEM;

        if (!book)
                return error_say(error, r, "mémoire insuffisante", "out of memory");
        book->journal = journal;
        kinds_init(&book->kinds, random);
        book->cases = table_new(CASEBOOK_CASES, random, case_free);
        book->ended = table_new(CASEBOOK_ENDED, random, measure_free);
        if (book->cases && book->ended)
                r = view_list(journal, "incident", load_brief, book, error);
        if (!r)
                r = view_list(journal, "measure", load_standing, book, error);
        if (r) {
                casebook_close(book);
                return error_context(error, r, "lecture des dossiers", "reading the casebook");
        }
        *ret_book = book;
        return 0;
}

struct casebook *casebook_close(struct casebook *book)
{
        if (!book)
                return NULL;
        table_free(book->cases);
        table_free(book->ended);
        for (size_t i = 0; i < book->standing_count; i++)
                measure_release(&book->standing[i]);
        free(book->standing);
        kinds_release(&book->kinds);
        free(book->briefs);
        free(book);
        return NULL;
}

static int remember(void *context, const void *key, size_t key_length, void *value)
{
        struct id *id = (*(struct id **)context)++;

        memcpy(id->text, key, key_length);
        id->text[key_length] = '\0';
        return 0;
}

void casebook_forget(struct casebook *book)
{
        struct id ids[CASEBOOK_CASES], *next = ids;

        table_each(book->cases, remember, &next);
        for (struct id *id = ids; id < next; id++)
                table_remove(book->cases, id->text, strlen(id->text));
}
