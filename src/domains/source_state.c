/* SPDX-License-Identifier: EUPL-1.2 */
/* What is remembered of a list beside its names: state.json. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "domains/source_private.h"

#define STATE_MAX (256 * 1024)

int source_state_write(const struct source *source, struct error *error)
{
        CLEANUP(cleanup_free) char *text = json_dumps(source->state, JSON_INDENT(1) | JSON_SORT_KEYS);
        char path[PATH_MAX];

        if (!text)
                return source_no_memory(error);
        source_path(source, "state.json", path);
        return file_write_atomic(path, text, strlen(text), 0640, error);
}

/* A state that cannot be read costs no name: only when it was fetched is not known, so it is fetched again. */
int source_state_read(struct source *source, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        char path[PATH_MAX];
        size_t length;

        source_path(source, "state.json", path);
        if (!file_read(path, STATE_MAX, &text, &length, NULL))
                source->state = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
        if (!json_is_object(source->state)) {
                json_decref(source->state);
                source->state = json_object();
        }
        return source->state ? 0 : source_no_memory(error);
}

void source_state_time(struct source *source, const char *key)
{
        char text[TIME_TEXT_SIZE];

        time_format(clock_wall_ms(source->clock), text);
        json_object_set_new(source->state, key, json_string(text));
}

int64_t source_state_ms(const struct source *source, const char *key)
{
        const char *text = json_string_value(json_object_get(source->state, key));
        int64_t ms;

        return text && !time_parse(text, &ms) ? ms : 0;
}

static json_t *sentence(const struct error *why)
{
        return json_pack("{s:s, s:s}", "fr", error_text_in(why, why->code, LANGUAGE_FR), "en",
                         error_text_in(why, why->code, LANGUAGE_EN));
}

static json_t *report_counts(const struct list_report *report)
{
        json_t *counts = json_object();

        for (int i = 1; i < LIST_REFUSAL_COUNT; i++)
                if (report->refused[i])
                        json_object_set_new(counts, list_refusal_word(i),
                                            json_integer((json_int_t)report->refused[i]));
        return counts;
}

static json_t *report_shown(const struct list_report *report)
{
        json_t *shown = json_array();

        for (size_t i = 0; i < report->shown_count; i++)
                json_array_append_new(shown, json_pack("{s:I, s:s, s:s, s:{s:s, s:s}}", "line",
                                                       (json_int_t)report->shown[i].line, "text",
                                                       report->shown[i].text, "refusal",
                                                       list_refusal_word(report->shown[i].refusal), "why",
                                                       "fr", list_refusal_fr(report->shown[i].refusal), "en",
                                                       list_refusal_en(report->shown[i].refusal)));
        return shown;
}

void source_reading(const struct source *source, char ret_text[static SOURCE_READING_SIZE])
{
        const struct source_options *options = &source->options;

        snprintf(ret_text, SOURCE_READING_SIZE, "%d %d %d %.64s %.64s", (int)options->format,
                 (int)options->trust, options->below, options->column ? options->column : "",
                 options->why_column ? options->why_column : "");
}

void source_note_report(struct source *source, const struct list_report *report)
{
        json_object_set_new(source->state, "refused", report_counts(report));
        json_object_set_new(source->state, "shown", report_shown(report));
}

void source_note_held(struct source *source, size_t count, const json_t *offences, uint64_t offence_count,
                      const struct error *why)
{
        json_t *state = source->state;

        json_object_set_new(state, "held", sentence(why));
        json_object_set_new(state, "held_names", json_integer((json_int_t)count));
        json_object_set(state, "offences", (json_t *)offences);
        json_object_set_new(state, "offence_count", json_integer((json_int_t)offence_count));
        source_state_time(source, "held_at");
}

int source_confirm(struct source *source, struct error *error)
{
        source_state_time(source, "fetched");
        json_object_set_new(source->state, "error", json_null());
        return source_named(source, error, source_state_write(source, error));
}

int source_failed(struct source *source, const struct error *why, struct error *error)
{
        source_state_time(source, "tried");
        json_object_set_new(source->state, "error", sentence(why));
        return source_named(source, error, source_state_write(source, error));
}

static const char *state_text(const struct source *source, const char *key)
{
        const char *text = json_string_value(json_object_get(source->state, key));

        return text ? text : "";
}

/* What was read otherwise is asked for whole. */
static const char *validator(const struct source *source, const char *key)
{
        char reading[SOURCE_READING_SIZE];

        source_reading(source, reading);
        return strcmp(state_text(source, "reading"), reading) ? "" : state_text(source, key);
}

const char *source_etag(const struct source *source)
{
        return validator(source, "etag");
}

const char *source_modified(const struct source *source)
{
        return validator(source, "last_modified");
}

void source_validators(struct source *source, const char *etag, const char *modified)
{
        char reading[SOURCE_READING_SIZE];

        source_reading(source, reading);
        json_object_set_new(source->state, "reading", json_string(reading));
        json_object_set_new(source->state, "etag", json_string(etag));
        json_object_set_new(source->state, "last_modified", json_string(modified));
}

int64_t source_fetched_ms(const struct source *source)
{
        return source_state_ms(source, "fetched");
}

json_t *source_state(const struct source *source)
{
        static const char *const actions[SET_ACTION_COUNT] = {"watch", "block", "allow"};
        json_t *state = json_pack(
                "{s:s, s:s, s:s, s:I, s:b, s:n, s:n}", "name", source->options.name, "trust",
                actions[source->options.trust], "format", list_format_word(source->options.format), "names",
                (json_int_t)rows_present(source->rows), "stale", source_is_stale(source), "held", "error");

        json_object_update(state, source->state);
        return state;
}
