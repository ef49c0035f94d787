/* SPDX-License-Identifier: EUPL-1.2 */
#include "incident/settle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "flow/catalogue.h"

#define LIST_TEXT_MAX 1024
#define COUNTRIES_MAX 16

struct settling {
        const struct finding *finding;
        const char *author;
        int64_t entered_ms;
        struct join_result *result;
        struct error *error;
        int r; /* the first fault; everything is silent after it */
};

static const struct fact *known_fact(const struct settling *settling, const char *name)
{
        const struct fact *fact = incident_fact(&settling->result->incident, name);

        return fact && fact->state == FACT_STATE_KNOWN ? fact : NULL;
}

static const char *known_text(const struct settling *settling, const char *name)
{
        const struct fact *fact = known_fact(settling, name);
        const char *text = fact ? json_string_value(fact->value) : NULL;

        return text ? text : "";
}

static void note_change(struct settling *settling, const char *name)
{
        struct join_result *result = settling->result;

        for (size_t i = 0; i < result->changed_count; i++)
                if (!strcmp(result->changed[i], name))
                        return;
        if (result->changed_count < JOIN_FACTS_MAX)
                strcpy(result->changed[result->changed_count++], name);
}

/* `value` is taken over; NULL when out of memory. A person's word stands. */
static void set_state(struct settling *settling, const char *name, enum fact_state state, json_t *value)
{
        const struct fact *before = incident_fact(&settling->result->incident, name);
        struct fact fact = {
                .state = state, .at_ms = settling->finding->seen_ms, .entered_ms = settling->entered_ms};
        bool same = before && before->state == state &&
                    (state != FACT_STATE_KNOWN || (value && json_equal(before->value, value)));

        if (state == FACT_STATE_KNOWN && !value && !settling->r)
                settling->r = error_say(settling->error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (!settling->r && !same && !(before && author_is_person(before->author))) {
                strcpy(fact.name, name);
                snprintf(fact.author, sizeof(fact.author), "%s", settling->author);
                fact.value = value;
                settling->r = incident_set_fact(&settling->result->incident, &fact, settling->error);
                note_change(settling, name);
        }
        json_decref(value);
}

static void set_known(struct settling *settling, const char *name, json_t *value)
{
        set_state(settling, name, FACT_STATE_KNOWN, value);
}

static void set_text(struct settling *settling, const char *name, const char *text)
{
        if (*text)
                set_known(settling, name, json_string(text));
        else if (incident_fact(&settling->result->incident, name))
                set_state(settling, name, FACT_STATE_NOT_ASKED, NULL);
}

static void set_time(struct settling *settling, const char *name, int64_t ms)
{
        char text[TIME_TEXT_SIZE];

        time_format(ms, text);
        set_text(settling, name, text);
}

/* The earliest that any finding told. */
static void set_earliest(struct settling *settling, const char *name, int64_t ms)
{
        int64_t before;

        if (time_parse(known_text(settling, name), &before) || ms < before)
                set_time(settling, name, ms);
}

/* The largest that any finding told. */
static void set_largest(struct settling *settling, const char *name, const char *key)
{
        const json_t *value = json_object_get(settling->finding->evidence, key);
        const struct fact *before = known_fact(settling, name);

        if (!json_is_number(value) || json_number_value(value) < 0)
                return;
        if (!before || json_number_value(before->value) < json_number_value(value))
                set_known(settling, name, json_copy((json_t *)value));
}

/* Whether the part of a list is this word; a comma in the word was written down as a blank. */
static bool part_is(const char *part, size_t length, const char *word)
{
        for (size_t i = 0; i < length; i++)
                if (!word[i] || part[i] != (word[i] == ',' ? ' ' : word[i]))
                        return false;
        return !word[length];
}

bool settle_list_has(const char *list, const char *word)
{
        for (const char *at = list; *at;) {
                size_t part = strcspn(at, ",");

                if (part_is(at, part, word))
                        return true;
                at += part;
                at += strspn(at, ", ");
        }
        return false;
}

static void list_add(struct settling *settling, const char *name, const char *word)
{
        const char *list = known_text(settling, name);
        struct buffer longer = BUFFER_INIT(LIST_TEXT_MAX);

        if (*word && !settle_list_has(list, word)) {
                buffer_format(&longer, "%s%s", list, *list ? ", " : "");
                for (const char *p = word; *p; p++)
                        buffer_append(&longer, *p == ',' ? " " : p, 1);
                /* A list that is full keeps what it has. */
                if (!longer.overflow)
                        set_text(settling, name, buffer_string(&longer));
        }
        buffer_release(&longer);
}

static void list_drop(struct settling *settling, const char *name, const char *word)
{
        const char *list = known_text(settling, name);
        struct buffer shorter = BUFFER_INIT(LIST_TEXT_MAX);

        if (!settle_list_has(list, word))
                return;
        for (const char *at = list; *at;) {
                size_t part = strcspn(at, ",");

                if (!part_is(at, part, word))
                        buffer_format(&shorter, "%s%.*s", shorter.length ? ", " : "", (int)part, at);
                at += part;
                at += strspn(at, ", ");
        }
        set_text(settling, name, buffer_string(&shorter));
        buffer_release(&shorter);
}

/* A text, or a list of texts: each is added to the fact's own list. */
static void list_gather(struct settling *settling, const char *name, const json_t *value)
{
        if (json_is_string(value))
                list_add(settling, name, json_string_value(value));
        for (size_t i = 0; i < json_array_size(value); i++)
                if (json_is_string(json_array_get(value, i)))
                        list_add(settling, name, json_string_value(json_array_get(value, i)));
}

/* The largest share that is below `ceiling` (or level with it and not said yet); NULL when there is none. */
static const char *next_country(const json_t *shares, const struct buffer *said, double ceiling,
                                double *ret_share)
{
        const char *best = NULL;
        double best_share = -1;

        for (void *at = json_object_iter((json_t *)shares); at;
             at = json_object_iter_next((json_t *)shares, at)) {
                double share = json_number_value(json_object_iter_value(at));
                const char *code = json_object_iter_key(at);
                char mark[16];

                snprintf(mark, sizeof(mark), "%.8s ", code);
                if (share <= best_share || share > ceiling || strlen(code) > 8 ||
                    strstr(buffer_string(said), mark))
                        continue;
                best = code;
                best_share = share;
        }
        *ret_share = best_share;
        return best;
}

/* "US 31 %, CN 20 % …", the largest first. */
static void set_countries(struct settling *settling)
{
        const json_t *value = json_object_get(settling->finding->evidence, "countries");
        struct buffer text = BUFFER_INIT(LIST_TEXT_MAX);
        double share = 2;

        if (!json_is_object(value)) {
                list_gather(settling, "attack.countries", value);
                return;
        }
        for (size_t i = 0; i < COUNTRIES_MAX; i++) {
                const char *code = next_country(value, &text, share, &share);

                if (!code || share <= 0)
                        break;
                buffer_format(&text, "%s%s %.0f %%", text.length ? ", " : "", code, share * 100);
        }
        if (text.length)
                set_text(settling, "attack.countries", buffer_string(&text));
        buffer_release(&text);
}

static int64_t evidence_time(const struct finding *finding, const char *key, int64_t otherwise)
{
        const char *text = json_string_value(json_object_get(finding->evidence, key));
        int64_t ms;

        return text && !time_parse(text, &ms) && ms >= 0 ? ms : otherwise;
}

/* Runs while a service is attacked; over when the last one is free. A second wave takes the end back. */
static void settle_course(struct settling *settling)
{
        const struct finding *finding = settling->finding;

        if (finding->phase == FINDING_PHASE_ENDS)
                list_drop(settling, "attack.running", finding->subject);
        else
                list_add(settling, "attack.running", finding->subject);
        if (*known_text(settling, "attack.running"))
                set_text(settling, "ended_at", "");
        else
                set_time(settling, "ended_at", evidence_time(finding, "ended", finding->seen_ms));
}

static void settle_flood(struct settling *settling)
{
        const json_t *hit = json_object_get(settling->finding->evidence, "availability_hit");
        const struct fact *hit_before = known_fact(settling, "availability.hit");

        set_largest(settling, "attack.peak_pps", "peak_pps");
        set_largest(settling, "attack.sources", "sources");
        list_gather(settling, "attack.kinds", json_object_get(settling->finding->evidence, "kinds"));
        list_gather(settling, "attack.kinds",
                    json_object_get(json_object_get(settling->finding->evidence, "shape"), "class"));
        set_countries(settling);
        /* Once hit is hit: a later finding that all is well does not undo what people went through. */
        if (json_is_boolean(hit) && !(hit_before && json_is_true(hit_before->value)))
                set_known(settling, "availability.hit", json_boolean(json_is_true(hit)));
        set_known(settling, "origin", json_string("malveillante"));
        /* A confirmed flood could have disturbed the house, whatever it then did: in the words of the law, a potential consequence. */
        set_known(settling, "functioning.at_risk", json_true());
}

static void settle_observer(struct settling *settling)
{
        const struct finding *finding = settling->finding;

        if (!strcmp(finding->sensor, "person")) {
                set_earliest(settling, "discovered_at", settling->entered_ms);
                return;
        }
        set_earliest(settling, "detected_at", finding->seen_ms);
        settle_course(settling);
}

int settle_facts(const struct finding *finding, const char *author, const struct clock *clock,
                 struct join_result *result, struct error *error)
{
        struct settling settling = {finding, author, clock_wall_ms(clock), result, error, 0};

        set_earliest(&settling, "started_at", evidence_time(finding, "started", finding->seen_ms));
        list_add(&settling, "services.touched", finding->subject);
        settle_observer(&settling);
        if (!strcmp(finding->kind, "flood"))
                settle_flood(&settling);
        return settling.r;
}
