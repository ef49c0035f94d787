/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/timeline.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"

#define SENTENCE_MAX 1024

struct words {
        char fr[SENTENCE_MAX], en[SENTENCE_MAX];
};

static const char *text_of(const json_t *object, const char *key)
{
        const char *text = json_string_value(json_object_get(object, key));

        return text ? text : "";
}

static const json_t *document_of(const struct record *record)
{
        return json_object_get(json_object_get(record->body, "document"), "json");
}

/* The bitext `key` of an object, with words before it. */
static void say_bitext(struct words *words, const char *fr, const char *en, const json_t *object,
                       const char *key)
{
        const json_t *text = json_object_get(object, key);

        snprintf(words->fr, sizeof(words->fr), "%s%s", fr, text_of(text, "fr"));
        snprintf(words->en, sizeof(words->en), "%s%s", en, text_of(text, "en"));
}

static void say(struct words *words, const char *fr, const char *en)
{
        snprintf(words->fr, sizeof(words->fr), "%s", fr);
        snprintf(words->en, sizeof(words->en), "%s", en);
}

/* The answer alone, out of a record that says more than that. */
static int read_fact(const json_t *body, const char *name, struct fact *fact)
{
        static const char *const keys[] = {"state", "value", "author", "at", "entered"};
        json_t *answer = json_object();
        int r;

        for (size_t i = 0; i < ARRAY_LEN(keys); i++)
                if (json_object_get(body, keys[i]))
                        json_object_set(answer, keys[i], json_object_get(body, keys[i]));
        r = fact_from_json(name, answer, fact, NULL);
        json_decref(answer);
        return r;
}

/* "label : value", when the fact is in the catalogue and no free text. */
static void say_fact(const struct catalogue *catalogue, const struct record *record, struct words *words)
{
        const char *name = text_of(record->body, "name");
        const struct fact_kind *kind = catalogue_find(catalogue, name);
        struct bitext value = BITEXT_INIT;
        struct fact fact = {0};

        if (!kind || read_fact(record->body, name, &fact)) {
                snprintf(words->fr, sizeof(words->fr), "Réponse : %s", name);
                snprintf(words->en, sizeof(words->en), "Answer: %s", name);
                return;
        }
        if (kind->type == FACT_TYPE_TEXT || fact_text(kind, &fact, &value)) {
                snprintf(words->fr, sizeof(words->fr), "%s : noté", kind->label.fr);
                snprintf(words->en, sizeof(words->en), "%s: noted", kind->label.en);
        } else {
                snprintf(words->fr, sizeof(words->fr), "%s : %s", kind->label.fr, value.fr);
                snprintf(words->en, sizeof(words->en), "%s: %s", kind->label.en, value.en);
        }
        bitext_release(&value);
        fact_release(&fact);
}

static void say_gravity(const struct record *record, struct words *words)
{
        enum gravity gravity = GRAVITY_NOT_QUALIFIED;

        gravity_parse(text_of(record->body, "gravity"), &gravity);
        snprintf(words->fr, sizeof(words->fr), "Gravité : %s", gravity_label(gravity, LANGUAGE_FR));
        snprintf(words->en, sizeof(words->en), "Gravity: %s", gravity_label(gravity, LANGUAGE_EN));
}

/* "Filtre posé : why", by what the record says became of the measure. */
static void say_measure(const struct record *record, struct words *words)
{
        const json_t *measure = document_of(record);
        const char *act = text_of(record->body, "act");

        if (!strcmp(act, "lift")) {
                say(words, "Levée d’une mesure demandée", "Lifting of a measure asked for");
        } else if (record->type == RECORD_TYPE_MEASURE_APPLIED) {
                say_bitext(words, "Mesure en place. ", "Measure in force. ", measure, "why");
        } else if (record->type == RECORD_TYPE_MEASURE_ASKED) {
                say_bitext(words, "Mesure demandée. ", "Measure asked for. ", measure, "why");
        } else if (record->type == RECORD_TYPE_MEASURE_CHANGED) {
                snprintf(words->fr, sizeof(words->fr), "Mesure : %s", text_of(measure, "state"));
                snprintf(words->en, sizeof(words->en), "Measure: %s", text_of(measure, "state"));
        } else {
                json_int_t dropped = json_integer_value(json_object_get(measure, "dropped"));
                snprintf(words->fr, sizeof(words->fr), "Fin d’une mesure ; %lld paquets arrêtés",
                         (long long)dropped);
                snprintf(words->en, sizeof(words->en), "End of a measure; %lld packets stopped",
                         (long long)dropped);
        }
}

static void say_obligation(const struct record *record, struct words *words)
{
        static const struct {
                const char *state, *fr, *en;
        } states[] = {{"possible", "Peut-être dû : ", "May be owed: "},
                      {"due", "Dû : ", "Owed: "},
                      {"filed", "Déposé : ", "Filed: "},
                      {"waived", "Écarté avec motif : ", "Waived with a reason: "},
                      {"void", "Sans objet : ", "Not applicable: "}};
        const json_t *obligation = document_of(record);
        const char *state = text_of(obligation, "state");

        for (size_t i = 0; i < ARRAY_LEN(states); i++)
                if (!strcmp(states[i].state, state))
                        say_bitext(words, states[i].fr, states[i].en, obligation, "title");
}

/* The texts of the steps that changed, as the incident keeps them. */
static void say_tasks(const struct record *record, struct words *words)
{
        const json_t *changed = json_object_get(record->body, "tasks"),
                     *kept = json_object_get(document_of(record), "tasks");
        const json_t *one, *task;
        size_t index, at;

        say(words, "Étapes : ", "Steps: ");
        json_array_foreach(changed, index, one)
        {
                json_array_foreach(kept, at, task)
                {
                        if (strcmp(text_of(task, "id"), text_of(one, "id")))
                                continue;
                        size_t fr = strlen(words->fr), en = strlen(words->en);
                        enum task_state state = TASK_STATE_OPEN;

                        task_state_parse(text_of(one, "state"), &state);
                        snprintf(words->fr + fr, sizeof(words->fr) - fr, "%s%s (%s)", index ? " ; " : "",
                                 text_of(json_object_get(task, "text"), "fr"),
                                 task_state_label(state, LANGUAGE_FR));
                        snprintf(words->en + en, sizeof(words->en) - en, "%s%s (%s)", index ? "; " : "",
                                 text_of(json_object_get(task, "text"), "en"),
                                 task_state_label(state, LANGUAGE_EN));
                }
        }
        if (!json_array_size(changed))
                say(words, "Conduite à tenir retenue", "Playbook taken up");
}

static void say_declaration(const struct record *record, struct words *words)
{
        snprintf(words->fr, sizeof(words->fr), "Papiers faits : %s", text_of(record->body, "rule"));
        snprintf(words->en, sizeof(words->en), "Papers made: %s", text_of(record->body, "rule"));
}

static const struct {
        enum record_type type;
        const char *fr, *en;
} plain[] = {
        {RECORD_TYPE_INCIDENT_JOINED, "Complété", "Completed"},
        {RECORD_TYPE_INCIDENT_CLOSED, "Incident fermé", "Incident closed"},
        {RECORD_TYPE_INCIDENT_REOPENED, "Incident rouvert", "Incident reopened"},
        {RECORD_TYPE_DECISION_TAKEN, "Décision", "Decision"},
        {RECORD_TYPE_SHIFT_HANDED, "Relève", "Shift handed over"},
        {RECORD_TYPE_REPORT_RECEIVED, "Signalement reçu", "Report received"},
        {RECORD_TYPE_DOCUMENT_MADE, "Document établi", "Document made"},
        {RECORD_TYPE_LETTERS_MADE, "Courriers préparés", "Letters made"},
        {RECORD_TYPE_LETTERS_SENT, "Courriers envoyés", "Letters sent"},
        {RECORD_TYPE_APPROVAL_ASKED, "Accord d’une seconde personne demandé",
         "A second person’s agreement asked for"},
        {RECORD_TYPE_APPROVAL_GIVEN, "Accord donné", "Agreement given"},
        {RECORD_TYPE_OUT_SENT, "Transmis au-dehors", "Sent outside"},
        {RECORD_TYPE_PERSONAL_ERASED, "Texte personnel effacé", "Personal text erased"},
        {RECORD_TYPE_NOTE, "Note", "Note"},
};

static void say_record(const struct catalogue *catalogue, const struct record *record, struct words *words)
{
        switch (record->type) {
        case RECORD_TYPE_FINDING_SEEN:
                say_bitext(words, "", "", document_of(record), "why");
                break;
        case RECORD_TYPE_INCIDENT_OPENED:
                say_bitext(words, "Incident ouvert : ", "Incident opened: ", document_of(record), "title");
                break;
        case RECORD_TYPE_INCIDENT_FACT:
                say_fact(catalogue, record, words);
                break;
        case RECORD_TYPE_INCIDENT_GRAVITY:
                say_gravity(record, words);
                break;
        case RECORD_TYPE_MEASURE_APPLIED:
        case RECORD_TYPE_MEASURE_CHANGED:
        case RECORD_TYPE_MEASURE_ENDED:
        case RECORD_TYPE_MEASURE_ASKED:
                say_measure(record, words);
                break;
        case RECORD_TYPE_OBLIGATION_CHANGED:
        case RECORD_TYPE_DECLARATION_FILED:
                say_obligation(record, words);
                break;
        case RECORD_TYPE_DECLARATION_MADE:
                say_declaration(record, words);
                break;
        case RECORD_TYPE_TASK_CHANGED:
                say_tasks(record, words);
                break;
        case RECORD_TYPE_STATUS_PUBLISHED:
                say_bitext(words, "Publié : ", "Published: ", record->body, "text");
                break;
        default:
                for (size_t i = 0; i < ARRAY_LEN(plain); i++)
                        if (plain[i].type == record->type)
                                say(words, plain[i].fr, plain[i].en);
        }
}

/* A cut sentence must not end within a character. */
static void trim_utf8(char *text)
{
        size_t length = strlen(text), back = 0;

        if (length < SENTENCE_MAX - 1)
                return;
        while (back < 4 && ((unsigned char)text[length - 1 - back] & 0xc0) == 0x80)
                back++;
        text[length - 1 - back] = '\0';
}

int timeline_summary(const struct catalogue *catalogue, const struct record *record,
                     struct bitext *ret_summary)
{
        struct words words = {0};

        say_record(catalogue, record, &words);
        trim_utf8(words.fr);
        trim_utf8(words.en);
        if (!words.fr[0])
                snprintf(words.fr, sizeof(words.fr), "%s", record_type_word(record->type));
        if (!words.en[0])
                snprintf(words.en, sizeof(words.en), "%s", record_type_word(record->type));
        return bitext_set(ret_summary, words.fr, words.en);
}

/* When it was so: what the record says, else when it was written. */
static void when(const struct record *record, char ret_text[static TIME_TEXT_SIZE])
{
        const char *at = text_of(record->body, "at");
        const json_t *document = document_of(record);
        int64_t ms;

        if (!at[0])
                at = record->type == RECORD_TYPE_FINDING_SEEN        ? text_of(document, "seen")
                     : record->type == RECORD_TYPE_DECLARATION_FILED ? text_of(document, "filed")
                                                                     : "";
        time_format(at[0] && !time_parse(at, &ms) ? ms : record->time_ms, ret_text);
}

json_t *timeline_entry(const struct catalogue *catalogue, const struct record *record)
{
        struct bitext summary = BITEXT_INIT;
        char time[TIME_TEXT_SIZE], at[TIME_TEXT_SIZE];
        json_t *names = json_array(), *json, *personal;
        const char *name, *text = NULL;

        if (timeline_summary(catalogue, record, &summary)) {
                json_decref(names);
                return NULL;
        }
        time_format(record->time_ms, time);
        when(record, at);
        json_object_foreach((json_t *)record->personal, name, personal)
        {
                json_array_append_new(names, json_string(name));
                if (!text)
                        text = json_string_value(json_object_get(personal, "text"));
        }
        json = json_pack("{s:I, s:s, s:s, s:s, s:o, s:s, s:s?, s:o}", "seq", (json_int_t)record->seq, "time",
                         time, "type", record_type_word(record->type), "author", record->author, "summary",
                         bitext_to_json(&summary), "at", at, "text", text, "personal", names);
        bitext_release(&summary);
        return json;
}
