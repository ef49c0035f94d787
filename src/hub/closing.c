/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/closing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/closing_redact.h"
#include "hub/papers_facts.h"
#include "hub/status.h"
#include "hub/timeline.h"
#include "journal/journal.h"

#define LINE_MAX_BYTES 4096

static const struct {
        const char *word, *fr, *en;
} sections[] = {
#define SECTION_ROW(name, word, fr, en) {word, fr, en},
        CLOSING_SECTIONS(SECTION_ROW)};

int closing_section_parse(const char *word, enum closing_section *ret_section)
{
        for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
                if (!strcmp(sections[i].word, word)) {
                        *ret_section = (enum closing_section)i;
                        return 0;
                }
        }
        return -EINVAL;
}

struct assembling {
        const struct world *world;
        struct papers_facts facts;
        json_t *rows[CLOSING_SECTION_COUNT];
        json_t *names; /* of persons: what the public version leaves out */
        bool redacted;
        bool failed;
};

/* ---- rows ---- */

static void add_row(struct assembling *assembling, enum closing_section section, int64_t at_ms,
                    const char *fr, const char *en)
{
        char time[TIME_TEXT_SIZE];
        char *left_fr = assembling->redacted ? closing_redact(assembling->names, fr) : strdup(fr),
             *left_en = assembling->redacted ? closing_redact(assembling->names, en) : strdup(en);
        json_t *row;

        if (at_ms)
                time_format(at_ms, time);
        row = json_pack("{s:s?, s:{s:s, s:s}}", "at", at_ms ? time : NULL, "text", "fr",
                        left_fr ? left_fr : "", "en", left_en ? left_en : "");
        free(left_fr);
        free(left_en);
        if (json_array_append_new(assembling->rows[section], row))
                assembling->failed = true;
}

static void add_line(struct assembling *assembling, enum closing_section section, int64_t at_ms,
                     const struct bitext *value, const char *fr_format, const char *en_format)
        __attribute__((nonnull));

/* "Label : value", both sides of a bitext put into a format with one %s. */
static void add_line(struct assembling *assembling, enum closing_section section, int64_t at_ms,
                     const struct bitext *value, const char *fr_format, const char *en_format)
{
        char fr[LINE_MAX_BYTES], en[LINE_MAX_BYTES];

        snprintf(fr, sizeof(fr), fr_format, value->fr ? value->fr : "");
        snprintf(en, sizeof(en), en_format, value->en ? value->en : "");
        add_row(assembling, section, at_ms, fr, en);
}

static void add_delay(struct assembling *assembling, const char *fr, const char *en, int64_t from_ms,
                      int64_t to_ms)
{
        CLEANUP(buffer_release) struct buffer in_fr = BUFFER_INIT(256), in_en = BUFFER_INIT(256);
        struct bitext value;

        if (!from_ms || !to_ms || to_ms < from_ms)
                return;
        language_duration(&in_fr, LANGUAGE_FR, to_ms - from_ms);
        language_duration(&in_en, LANGUAGE_EN, to_ms - from_ms);
        value = (struct bitext){(char *)buffer_string(&in_fr), (char *)buffer_string(&in_en)};
        add_line(assembling, CLOSING_DELAYS, 0, &value, fr, en);
}

static int64_t fact_time(const struct incident *incident, const char *name)
{
        const struct fact *fact = incident_fact(incident, name);
        int64_t ms = 0;

        if (!fact || fact->state != FACT_STATE_KNOWN || !json_is_string(fact->value) ||
            time_parse(json_string_value(fact->value), &ms))
                return 0;
        return ms;
}

/* ---- what is known of the incident itself ---- */

static void add_summary(struct assembling *assembling)
{
        const struct incident *incident = &assembling->facts.incident;
        const struct bitext gravity = {(char *)gravity_label(incident->gravity, LANGUAGE_FR),
                                       (char *)gravity_label(incident->gravity, LANGUAGE_EN)};

        add_line(assembling, CLOSING_SUMMARY, 0, &incident->title, "%s", "%s");
        add_row(assembling, CLOSING_SUMMARY, incident->opened_ms, "Incident ouvert", "Incident opened");
        if (incident->closed_ms)
                add_row(assembling, CLOSING_SUMMARY, incident->closed_ms, "Incident fermé",
                        "Incident closed");
        else
                add_row(assembling, CLOSING_SUMMARY, 0, "L’incident est encore ouvert.",
                        "The incident is still open.");
        if (incident->gravity != GRAVITY_NOT_QUALIFIED)
                add_line(assembling, CLOSING_SUMMARY, 0, &gravity, "Gravité : %s", "Gravity: %s");
}

static void add_delays(struct assembling *assembling)
{
        const struct incident *incident = &assembling->facts.incident;
        int64_t started = fact_time(incident, "started_at"), first = 0;
        int64_t ended = fact_time(incident, "resolved_at") ? fact_time(incident, "resolved_at")
                                                           : fact_time(incident, "ended_at");

        for (size_t i = 0; i < assembling->facts.measure_count; i++) {
                int64_t since = assembling->facts.measures[i].since_ms;

                if (since && (!first || since < first))
                        first = since;
        }
        add_delay(assembling, "Détecté %s après le début", "Detected %s after the beginning", started,
                  fact_time(incident, "detected_at") ? fact_time(incident, "detected_at")
                                                     : incident->opened_ms);
        add_delay(assembling, "Première mesure %s après le début", "First measure %s after the beginning",
                  started ? started : incident->opened_ms, first);
        add_delay(assembling, "Terminé ou résolu %s après le début",
                  "Over or resolved %s after the beginning", started ? started : incident->opened_ms, ended);
        add_delay(assembling, "Fermé %s après l’ouverture", "Closed %s after the opening",
                  incident->opened_ms, incident->closed_ms);
}

static void say_cost(struct buffer *text, enum language language, const struct measure *measure)
{
        buffer_text(text, language_pick(language, "prévu ", "predicted "));
        language_percent(text, language, measure->predicted_cost);
        buffer_text(text,
                    language_pick(language, " du trafic normal, constaté ", " of normal traffic, seen "));
        if (measure->actual_cost < 0)
                buffer_text(text, language_pick(language, "inconnu", "unknown"));
        else
                language_percent(text, language, measure->actual_cost);
}

static void add_measures(struct assembling *assembling)
{
        for (size_t i = 0; i < assembling->facts.measure_count; i++) {
                const struct measure *measure = &assembling->facts.measures[i];
                CLEANUP(buffer_release)
                struct buffer fr = BUFFER_INIT(LINE_MAX_BYTES), en = BUFFER_INIT(LINE_MAX_BYTES);

                if (measure->state == MEASURE_STATE_PROPOSED || measure->state == MEASURE_STATE_REFUSED)
                        continue;
                buffer_format(&fr, "%s (%s) : %llu paquets arrêtés ; coût ",
                              measure->why.fr ? measure->why.fr : "", measure->subject,
                              (unsigned long long)measure->dropped);
                buffer_format(&en, "%s (%s): %llu packets stopped; cost ",
                              measure->why.en ? measure->why.en : "", measure->subject,
                              (unsigned long long)measure->dropped);
                say_cost(&fr, LANGUAGE_FR, measure);
                say_cost(&en, LANGUAGE_EN, measure);
                add_row(assembling, CLOSING_MEASURES, measure->since_ms, buffer_string(&fr),
                        buffer_string(&en));
        }
}

/* ---- duties ---- */

static void add_filed(struct assembling *assembling, const struct obligation *duty)
{
        for (size_t i = 0; i < duty->filing_count; i++) {
                const struct filing *filing = &duty->filings[i];
                struct bitext title = duty->title;

                add_line(assembling, CLOSING_DUTIES, filing->at_ms, &title,
                         filing->late ? "%s : remise, hors délai" : "%s : remise dans les temps",
                         filing->late ? "%s: handed in, late" : "%s: handed in in time");
                if (filing->late)
                        add_line(assembling, CLOSING_MISSING, 0, &title, "Remise hors délai : %s",
                                 "Handed in late: %s");
        }
        add_delay(assembling, "Déclaration remise %s après le début de son délai",
                  "Declaration handed in %s after its clock began", duty->clock_started_ms, duty->filed_ms);
}

static void add_duties(struct assembling *assembling)
{
        for (size_t i = 0; i < assembling->facts.obligation_count; i++) {
                const struct obligation *duty = &assembling->facts.obligations[i];

                if (duty->state == OBLIGATION_STATE_FILED) {
                        add_filed(assembling, duty);
                } else if (duty->state == OBLIGATION_STATE_DUE && !duty->voluntary) {
                        add_line(assembling, CLOSING_DUTIES, duty->due_ms, &duty->title, "%s : encore due",
                                 "%s: still owed");
                        add_line(assembling, CLOSING_MISSING, 0, &duty->title, "Pas encore remise : %s",
                                 "Not handed in yet: %s");
                } else if (duty->state == OBLIGATION_STATE_WAIVED) {
                        add_line(assembling, CLOSING_DUTIES, 0, &duty->title,
                                 "%s : écartée, motif au journal", "%s: waived, reason in the journal");
                }
        }
}

/* ---- what was missing ---- */

static void add_unknown(struct assembling *assembling, const struct rule *rule, json_t *seen)
{
        for (size_t i = 0; i < rule->section_count; i++)
                for (size_t k = 0; k < rule->sections[i].field_count; k++) {
                        const struct rule_field *field = &rule->sections[i].fields[k];
                        const struct fact_kind *kind =
                                catalogue_find(assembling->world->catalogue, field->fact);
                        const struct fact *fact = incident_fact(&assembling->facts.incident, field->fact);

                        if (!kind || !field->required || json_object_get(seen, field->fact) ||
                            (fact && fact->state == FACT_STATE_KNOWN))
                                continue;
                        json_object_set_new(seen, field->fact, json_true());
                        add_line(assembling, CLOSING_MISSING, 0, &kind->label,
                                 fact ? "Resté inconnu : %s" : "Jamais demandé : %s",
                                 fact ? "Remained unknown: %s" : "Never asked: %s");
                }
}

static void add_missing(struct assembling *assembling)
{
        const struct incident *incident = &assembling->facts.incident;
        json_t *seen = json_object();

        for (size_t i = 0; i < assembling->facts.obligation_count; i++) {
                const struct obligation *duty = &assembling->facts.obligations[i];
                const struct rule *rule = rules_find(assembling->world->rules, duty->rule);

                if (rule && (duty->state == OBLIGATION_STATE_DUE || duty->state == OBLIGATION_STATE_FILED))
                        add_unknown(assembling, rule, seen);
        }
        json_decref(seen);
        for (size_t i = 0; i < incident->task_count; i++)
                if (incident->tasks[i].state == TASK_STATE_SKIPPED)
                        add_line(assembling, CLOSING_MISSING, incident->tasks[i].at_ms,
                                 &incident->tasks[i].text, "Étape sautée : %s", "Step skipped: %s");
}

/* ---- record by record ---- */

/* Whoever pressed a button has a voice, and no name. */
static bool is_named(const char *author)
{
        return author_is_person(author) && strcmp(author, FINDING_SENSOR_PERSON) != 0;
}

static int collect_names(void *context, const struct record *record)
{
        json_t *names = context;
        const char *const keys[] = {"by", "to", "gravity_by", "filed_by"};

        if (is_named(record->author))
                json_object_set_new(names, record->author, json_true());
        for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
                const char *name = json_string_value(json_object_get(record->body, keys[i]));

                if (name && is_named(name))
                        json_object_set_new(names, name, json_true());
        }
        return 0;
}

/* The public is told of what happened, not of who noted what. */
static bool is_public(enum record_type type)
{
        switch (type) {
        case RECORD_TYPE_INCIDENT_OPENED:
        case RECORD_TYPE_INCIDENT_CLOSED:
        case RECORD_TYPE_INCIDENT_REOPENED:
        case RECORD_TYPE_INCIDENT_GRAVITY:
        case RECORD_TYPE_FINDING_SEEN:
        case RECORD_TYPE_MEASURE_APPLIED:
        case RECORD_TYPE_MEASURE_ENDED:
        case RECORD_TYPE_DECLARATION_FILED:
        case RECORD_TYPE_STATUS_PUBLISHED:
        case RECORD_TYPE_LETTERS_SENT:
                return true;
        default:
                return false;
        }
}

/* What Garde works out at each answer is in the register; a reader of the report wants what came of it. */
static bool is_noise(const struct record *record)
{
        const json_t *document = json_object_get(json_object_get(record->body, "document"), "json");
        const char *state = json_string_value(json_object_get(document, "state"));

        if (record->type == RECORD_TYPE_OBLIGATION_CHANGED)
                return state && (!strcmp(state, "possible") || !strcmp(state, "void"));
        if (record->type == RECORD_TYPE_TASK_CHANGED)
                return !json_array_size(json_object_get(record->body, "tasks"));
        return record->type == RECORD_TYPE_INCIDENT_JOINED;
}

static void say_entry(struct assembling *assembling, const struct record *record, const json_t *entry,
                      enum closing_section section)
{
        const json_t *summary = json_object_get(entry, "summary");
        const char *typed = json_string_value(json_object_get(entry, "text"));
        char fr[LINE_MAX_BYTES * 2], en[LINE_MAX_BYTES * 2];
        int64_t at_ms = record->time_ms;

        time_parse(json_string_value(json_object_get(entry, "at")), &at_ms);
        snprintf(fr, sizeof(fr), "%s%s%s%s", json_string_value(json_object_get(summary, "fr")),
                 typed && !assembling->redacted ? " : " : "", typed && !assembling->redacted ? typed : "",
                 "");
        snprintf(en, sizeof(en), "%s%s%s", json_string_value(json_object_get(summary, "en")),
                 typed && !assembling->redacted ? ": " : "", typed && !assembling->redacted ? typed : "");
        if (!assembling->redacted && is_named(record->author)) {
                size_t used_fr = strlen(fr), used_en = strlen(en);

                snprintf(fr + used_fr, sizeof(fr) - used_fr, " (%s)", record->author);
                snprintf(en + used_en, sizeof(en) - used_en, " (%s)", record->author);
        }
        add_row(assembling, section, at_ms, fr, en);
}

static int add_record(void *context, const struct record *record)
{
        struct assembling *assembling = context;
        bool decided = record->type == RECORD_TYPE_DECISION_TAKEN || record->type == RECORD_TYPE_SHIFT_HANDED;
        json_t *entry;

        if (is_noise(record) || (assembling->redacted && !is_public(record->type) && !decided))
                return 0;
        entry = timeline_entry(assembling->world->catalogue, record);
        if (!entry)
                return -ENOMEM;
        if (decided)
                say_entry(assembling, record, entry, CLOSING_DECISIONS);
        if (!assembling->redacted || !decided)
                say_entry(assembling, record, entry, CLOSING_TIMELINE);
        json_decref(entry);
        return json_array_size(assembling->rows[CLOSING_TIMELINE]) >= CLOSING_ROWS_MAX;
}

static int add_records(struct assembling *assembling, const char *incident, struct error *error)
{
        const struct config *config = assembling->world->config;
        const char *const people[] = {config->people.declarant.name, config->people.dpo.name,
                                      config->people.direction.name};
        int r;

        for (size_t i = 0; i < ARRAY_LEN(people); i++)
                if (people[i][0])
                        json_object_set_new(assembling->names, people[i], json_true());
        r = journal_read_about(assembling->world->journal, incident, 0, false, collect_names,
                               assembling->names, error);
        if (r >= 0)
                r = journal_read_about(assembling->world->journal, incident, 0, false, add_record, assembling,
                                       error);
        return r < 0 ? r : 0;
}

/* ---- the whole ---- */

static json_t *section_json(const struct assembling *assembling, const json_t *texts, size_t index)
{
        json_t *text = json_object_get(texts, sections[index].word);

        return json_pack("{s:s, s:{s:s, s:s}, s:o, s:O}", "key", sections[index].word, "title", "fr",
                         sections[index].fr, "en", sections[index].en, "text",
                         text ? json_incref(text) : json_null(), "rows", assembling->rows[index]);
}

static int finish(struct assembling *assembling, const char *incident, json_t **ret_report,
                  struct error *error)
{
        json_t *document = NULL, *list = json_array();
        char made[TIME_TEXT_SIZE];
        struct bitext *title = &assembling->facts.incident.title;
        char *fr, *en;
        int r = view_get(assembling->world->journal, "closing", incident, &document, NULL, error);

        for (size_t i = 0; i < CLOSING_SECTION_COUNT; i++)
                json_array_append_new(list, section_json(assembling, json_object_get(document, "texts"), i));
        json_decref(document);
        time_format(clock_wall_ms(assembling->world->clock), made);
        fr = closing_redact(assembling->redacted ? assembling->names : NULL, title->fr ? title->fr : "");
        en = closing_redact(assembling->redacted ? assembling->names : NULL, title->en ? title->en : "");
        *ret_report = r < 0 ? NULL
                            : json_pack("{s:s, s:{s:s, s:s}, s:b, s:s, s:O}", "incident", incident, "title",
                                        "fr", assembling->redacted ? fr : title->fr, "en",
                                        assembling->redacted ? en : title->en, "redacted",
                                        assembling->redacted, "made", made, "sections", list);
        free(fr);
        free(en);
        json_decref(list);
        if (r < 0)
                return r;
        return *ret_report && !assembling->failed
                       ? 0
                       : error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

int closing_assemble(const struct world *world, const char *incident, bool redacted, json_t **ret_report,
                     struct error *error)
{
        struct casebook *book = desk_book(world->desk);
        const struct incident *found = casebook_incident(book, incident);
        struct assembling assembling = {.world = world, .names = json_object(), .redacted = redacted};
        json_t *told = found ? status_incident(book, found, world->journal) : NULL;
        int r = found ? papers_facts_read(told, &assembling.facts, error)
                      : error_say(error, -ENOENT, "aucun incident « %s »", "no incident “%s”", incident);

        json_decref(told);
        for (size_t i = 0; i < CLOSING_SECTION_COUNT; i++)
                assembling.rows[i] = json_array();
        if (!r)
                r = add_records(&assembling, incident, error);
        if (!r) {
                add_summary(&assembling);
                add_delays(&assembling);
                add_measures(&assembling);
                add_duties(&assembling);
                add_missing(&assembling);
                r = finish(&assembling, incident, ret_report, error);
        }
        for (size_t i = 0; i < CLOSING_SECTION_COUNT; i++)
                json_decref(assembling.rows[i]);
        json_decref(assembling.names);
        papers_facts_release(&assembling.facts);
        return r;
}
