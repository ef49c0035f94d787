/* SPDX-License-Identifier: EUPL-1.2 */
/* What strangers tell by pressing a button: answers, the incident they belong to, the number to come back with. */
#include <errno.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "hub/desk_private.h"
#include "hub/desk_tasks.h"
#include "journal/journal.h"

#define HOUR_MS  (60 * 60 * 1000LL)
#define DOCUMENT "report"

static int out_of_memory(struct error *error)
{
        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

/* ---- answers ---- */

static bool is_asked(const struct playbook *playbook, const char *name)
{
        for (size_t i = 0; i < playbook->entry.question_count; i++)
                if (!strcmp(playbook->entry.questions[i], name))
                        return true;
        return false;
}

/* As a person would type it. */
static int typed_answer(const json_t *value, char *typed, size_t size)
{
        if (json_is_boolean(value))
                snprintf(typed, size, "%s", json_is_true(value) ? "oui" : "non");
        else if (json_is_number(value))
                snprintf(typed, size, "%.15g", json_number_value(value));
        else if (json_is_string(value) && json_string_length(value) < size)
                snprintf(typed, size, "%s", json_string_value(value));
        else
                return -EINVAL;
        return 0;
}

static int take_answer(const struct desk *desk, const struct playbook *playbook, const char *name,
                       const json_t *value, struct incident *answers, struct error *error)
{
        struct fact fact = {0};
        char typed[REPORT_TEXT_MAX + 1];
        int r;

        if (!is_asked(playbook, name))
                return error_say(error, -EINVAL, "« %.64s » n’est pas une question de ce bouton",
                                 "“%.64s” is no question of this button", name);
        if (json_is_null(value) || (json_is_string(value) && !json_string_length(value)))
                return 0;
        if (typed_answer(value, typed, sizeof(typed)))
                return error_say(error, -EINVAL, "%.64s : réponse trop longue (%d octets au plus)",
                                 "%.64s: the answer is too long (at most %d bytes)", name, REPORT_TEXT_MAX);
        r = catalogue_answer(desk->options.catalogue, name, typed, REPORT_AUTHOR, 0, desk->options.clock,
                             &fact, error);
        if (!r)
                r = incident_set_fact(answers, &fact, error);
        fact_release(&fact);
        return r;
}

static int take_answers(const struct desk *desk, const struct desk_report *report, struct incident *answers,
                        struct error *error)
{
        json_t *given = (json_t *)report->answers, *value;
        const char *name;
        int r = 0;

        json_object_foreach(given, name, value)
        {
                if (!r)
                        r = take_answer(desk, report->playbook, name, value, answers, error);
        }
        return r;
}

/* ---- the number ---- */

struct newest {
        char id[REPORT_NUMBER_SIZE];
        int64_t nth_made_ms; /* when the DESK_REPORTS_AN_HOUR-th report from the end came in; 0: there are fewer */
        unsigned seen;
};

static int look_back(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        const char *made = json_string_value(json_object_get(json, "made"));
        struct newest *newest = context;

        if (!newest->seen++)
                snprintf(newest->id, sizeof(newest->id), "%s", id);
        if (newest->seen < DESK_REPORTS_AN_HOUR)
                return 0;
        if (!made || time_parse(made, &newest->nth_made_ms))
                newest->nth_made_ms = 0;
        return 1;
}

static int next_number(const struct desk *desk, struct report_number *ret_number, struct error *error)
{
        int64_t now_ms = clock_wall_ms(desk->options.clock);
        const time_t seconds = (time_t)(now_ms / 1000);
        struct newest newest = {0};
        unsigned count, year;
        struct tm local;
        int r = view_list_from(desk->options.journal, DOCUMENT, "", true, look_back, &newest, error);

        if (r < 0)
                return r;
        if (newest.nth_made_ms > now_ms - HOUR_MS)
                return error_say(error, -EAGAIN,
                                 "trop de signalements en une heure : téléphonez à l’informatique",
                                 "too many reports within an hour: telephone the IT department");
        localtime_r(&seconds, &local);
        year = (unsigned)local.tm_year + 1900;
        if (report_count_after(newest.id, year, &count))
                return error_say(error, -E2BIG, "plus de numéro de signalement libre cette année",
                                 "no report number is left this year");
        report_number_make(year, count, desk->options.random, ret_number);
        return 0;
}

/* ---- the incident ---- */

static const struct incident *incident_to_join(struct desk *desk, const struct finding *finding)
{
        for (size_t i = casebook_count(desk->book); i-- > 0;) {
                const struct casebook_brief *brief = casebook_brief(desk->book, i);

                if (brief->open && !strcmp(brief->kind, finding->kind) &&
                    !strcmp(brief->subject, finding->subject) &&
                    finding->seen_ms - brief->last_finding_ms <= desk->options.join_window_ms)
                        return casebook_incident(desk->book, brief->id.text);
        }
        return NULL;
}

static int set_known(const struct desk *desk, struct incident *incident, const char *name, const char *value,
                     const char *author)
{
        int64_t now_ms = clock_wall_ms(desk->options.clock);
        struct fact fact = {.state = FACT_STATE_KNOWN,
                            .value = json_string(value),
                            .at_ms = now_ms,
                            .entered_ms = now_ms};
        int r;

        strcpy(fact.name, name);
        strcpy(fact.author, author);
        r = fact.value ? incident_set_fact(incident, &fact, NULL) : -ENOMEM;
        fact_release(&fact);
        return r;
}

static int open_incident(const struct desk *desk, const struct playbook *playbook,
                         const struct finding *finding, struct incident *incident)
{
        char now[TIME_TEXT_SIZE];
        int r;

        id_make('i', desk->options.clock, desk->options.random, &incident->id);
        strcpy(incident->kind, finding->kind);
        strcpy(incident->subject, finding->subject);
        incident->open = true;
        incident->opened_ms = finding->seen_ms;
        time_format(finding->seen_ms, now);
        r = bitext_copy(&incident->title, &playbook->title);
        /* Somebody of the house has noticed it: that is what discovery means (CSP D1111-16-2). */
        if (!r)
                r = set_known(desk, incident, "discovered_at", now, REPORT_AUTHOR);
        if (!r && desk->options.structure_kind)
                r = set_known(desk, incident, "structure.kind", desk->options.structure_kind, "config");
        return r;
}

/* The answers that count, each with its record. */
static int add_answers(struct batch *batch, const struct incident *answers, struct incident *incident,
                       struct error *error)
{
        int r = 0;

        for (size_t i = 0; i < answers->fact_count && !r; i++) {
                if (!report_fact_counts(incident, &answers->facts[i]))
                        continue;
                r = incident_set_fact(incident, &answers->facts[i], error);
                batch_fact(batch, incident->id.text, &answers->facts[i]);
        }
        return r;
}

/* ---- the document ---- */

static bool is_free_text(const struct desk *desk, const struct fact *fact)
{
        const struct fact_kind *kind = catalogue_find(desk->options.catalogue, fact->name);

        return fact->state == FACT_STATE_KNOWN && (!kind || kind->type == FACT_TYPE_TEXT);
}

/* What the advice depends on stays in the document; what was typed freely goes beside the record. */
static json_t *document_json(const struct desk *desk, const struct desk_report *report,
                             const struct report_number *number, const struct finding *finding,
                             const char *incident, const struct incident *answers)
{
        json_t *said = json_object();
        char digest[65], made[TIME_TEXT_SIZE];

        for (size_t i = 0; i < answers->fact_count; i++) {
                const struct fact *fact = &answers->facts[i];
                if (fact->state == FACT_STATE_KNOWN && !is_free_text(desk, fact))
                        json_object_set(said, fact->name, fact->value);
        }
        report_number_digest(number, digest);
        time_format(finding->seen_ms, made);
        return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:{}}", "number", number->open, "button",
                         report->playbook->id, "incident", incident, "finding", finding->id.text, "made",
                         made, "check", digest, "answers", said, "ticks");
}

/* Texts that become facts of the incident have their own record; each text stands in one place, where it can be erased. */
static json_t *personal_json(const struct desk *desk, const struct desk_report *report,
                             const struct incident *answers, const struct incident *incident)
{
        json_t *personal = json_object();

        if (report->contact[0])
                json_object_set_new(personal, "contact", json_string(report->contact));
        for (size_t i = 0; i < answers->fact_count; i++)
                if (is_free_text(desk, &answers->facts[i]) &&
                    !report_fact_counts(incident, &answers->facts[i]))
                        json_object_set(personal, answers->facts[i].name, answers->facts[i].value);
        if (!json_object_size(personal)) {
                json_decref(personal);
                return NULL;
        }
        return personal;
}

static json_t *document_body(const char *incident, const char *number, const char *id, json_t *document)
{
        return json_pack("{s:s, s:s, s:{s:s, s:s, s:o}}", "incident", incident, "report", number, "document",
                         "kind", DOCUMENT, "id", id, "json", document);
}

/* What a report is written down from. */
struct written {
        const struct desk_report *report;
        const struct report_number *number;
        const struct incident *answers;
        const struct finding *finding;
        bool opened;
};

static int write_report(struct desk *desk, struct batch *batch, const struct written *written,
                        struct incident *incident, struct error *error)
{
        const struct desk_report *report = written->report;
        const struct report_number *number = written->number;
        const struct incident *answers = written->answers;
        const struct finding *finding = written->finding;
        json_t *personal = personal_json(desk, report, answers, incident);
        int r = incident_add_finding(incident, &finding->id, NULL);

        if (r && r != -E2BIG) { /* a full list: the report has its record all the same */
                json_decref(personal);
                return out_of_memory(error);
        }
        if (finding->seen_ms > incident->last_finding_ms)
                incident->last_finding_ms = finding->seen_ms;
        batch_finding(batch, finding, REPORT_AUTHOR, incident->id.text);
        batch_record(batch, RECORD_TYPE_REPORT_RECEIVED, "", REPORT_AUTHOR,
                     document_body(incident->id.text, number->open, number->id,
                                   document_json(desk, report, number, finding, incident->id.text, answers)),
                     personal);
        r = add_answers(batch, answers, incident, error);
        if (r)
                return r;
        r = incident_add_playbook(incident, report->playbook->id, NULL);
        if (r && r != -E2BIG)
                return out_of_memory(error);
        return desk_settle(desk, batch,
                           written->opened ? RECORD_TYPE_INCIDENT_OPENED : RECORD_TYPE_INCIDENT_JOINED,
                           REPORT_AUTHOR, incident, json_pack("{s:s}", "finding", finding->id.text), error);
}

int desk_report(struct desk *desk, const struct desk_report *report, struct report_number *ret_number,
                struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        CLEANUP(incident_release) struct incident answers = {0}, incident = {0};
        CLEANUP(finding_release) struct finding finding = {0};
        struct report_number number;
        const struct incident *there;
        int r;

        if (strlen(report->contact) > DESK_CONTACT_MAX)
                return error_say(error, -EINVAL, "nom et téléphone : %d octets au plus",
                                 "name and telephone: at most %d bytes", DESK_CONTACT_MAX);
        r = take_answers(desk, report, &answers, error);
        if (!r)
                r = next_number(desk, &number, error);
        if (r)
                return r;
        if (report_finding(report->playbook, &answers, &number, desk->options.clock, desk->options.random,
                           &finding))
                return out_of_memory(error);
        there = incident_to_join(desk, &finding);
        r = there ? incident_copy(&incident, there)
                  : open_incident(desk, report->playbook, &finding, &incident);
        if (r)
                return out_of_memory(error);
        const struct written written = {report, &number, &answers, &finding, !there};
        r = write_report(desk, &batch, &written, &incident, error);
        if (!r)
                r = desk_commit(desk, &batch, NULL, error);
        if (!r)
                *ret_number = number;
        batch_release(&batch);
        return r;
}

/* ---- coming back ---- */

static int no_such_number(struct error *error)
{
        return error_say(error, -ENOENT, "aucun signalement de ce numéro ; relisez-le, ou téléphonez",
                         "there is no report of this number; read it again, or telephone");
}

int desk_report_find(struct desk *desk, const char *typed, struct report_number *ret_number,
                     json_t **ret_report, struct error *error)
{
        struct report_number number;
        const char *check;
        char digest[65];
        json_t *report = NULL;
        int r;

        if (report_number_parse(typed, &number))
                return no_such_number(error);
        r = view_get(desk->options.journal, DOCUMENT, number.id, &report, NULL, error);
        if (r)
                return r == VIEW_NONE ? no_such_number(error) : r;
        report_number_digest(&number, digest);
        check = json_string_value(json_object_get(report, "check"));
        if (!check || strlen(check) != 64 || CRYPTO_memcmp(check, digest, 64)) {
                json_decref(report);
                return no_such_number(error);
        }
        *ret_number = number;
        *ret_report = report;
        return 0;
}

/* The incident as this one person told it: what others said is not theirs to see. */
static int told_incident(const json_t *report, const struct playbook *playbook, struct incident *told)
{
        json_t *answers = json_object_get(report, "answers"), *value;
        const char *name, *made = json_string_value(json_object_get(report, "made"));
        int r;

        told->open = true;
        strcpy(told->kind, playbook->entry.kind);
        if (!made || time_parse(made, &told->opened_ms))
                told->opened_ms = 0;
        r = incident_add_playbook(told, playbook->id, NULL);
        json_object_foreach(answers, name, value)
        {
                struct fact fact = {.state = FACT_STATE_KNOWN, .value = value};

                if (r || strlen(name) >= sizeof(fact.name))
                        continue;
                strcpy(fact.name, name);
                r = incident_set_fact(told, &fact, NULL);
        }
        return r;
}

static json_t *advice_line(const struct task_line *line, const json_t *ticks)
{
        const struct playbook_step *step = line->step;
        json_t *json = json_pack("{s:s, s:o, s:s, s:b}", "id", line->id, "text", bitext_to_json(&step->text),
                                 "phase", playbook_phase_word(step->phase), "done",
                                 json_object_get(ticks, line->id) != NULL);

        if (json && step->detail.fr && json_object_set_new(json, "detail", bitext_to_json(&step->detail))) {
                json_decref(json);
                return NULL;
        }
        return json;
}

static int told_list(const struct desk *desk, const json_t *report, struct incident *told,
                     struct task_list *ret_list)
{
        const char *button = json_string_value(json_object_get(report, "button"));
        const struct playbook *playbook =
                button && desk->options.playbooks ? playbooks_entry(desk->options.playbooks, button) : NULL;
        const struct task_input input = {.playbooks = desk->options.playbooks, .incident = told};

        if (!playbook)
                return 0; /* the data has this button no more */
        if (told_incident(report, playbook, told))
                return -ENOMEM;
        return tasks_evaluate(&input, ret_list, NULL);
}

static bool is_advice(const struct task_line *line)
{
        return line->step && line->step->is_public && line->state != TASK_STATE_NOT_NEEDED;
}

json_t *desk_report_advice(const struct desk *desk, const json_t *report)
{
        CLEANUP(incident_release) struct incident told = {0};
        CLEANUP(task_list_release) struct task_list list = {0};
        json_t *advice = json_array();

        if (told_list(desk, report, &told, &list)) {
                json_decref(advice);
                return NULL;
        }
        for (size_t i = 0; i < list.count; i++) {
                if (is_advice(&list.lines[i]) &&
                    json_array_append_new(advice,
                                          advice_line(&list.lines[i], json_object_get(report, "ticks")))) {
                        json_decref(advice);
                        return NULL;
                }
        }
        return advice;
}

static bool is_advised(const struct desk *desk, const json_t *report, const char *step)
{
        CLEANUP(incident_release) struct incident told = {0};
        CLEANUP(task_list_release) struct task_list list = {0};
        const struct task_line *line;

        if (told_list(desk, report, &told, &list))
                return false;
        line = task_list_find(&list, step);
        return line && is_advice(line);
}

struct everybody {
        const char *step;
        bool done;
};

static int has_ticked(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct everybody *everybody = context;

        everybody->done = json_object_get(json_object_get(json, "ticks"), everybody->step) != NULL;
        return everybody->done ? 0 : 1;
}

/* A step that some have done and some have not is not done. What the staff has set stands. */
static int pass_on(struct desk *desk, const struct report_number *number, const char *incident,
                   const char *step, struct error *error)
{
        struct everybody everybody = {.step = step};
        const struct incident *there = casebook_incident(desk->book, incident);
        const struct task *touched = there ? incident_task(there, step) : NULL;
        struct desk_tick tick = {.incident = incident,
                                 .task = step,
                                 .state = TASK_STATE_DONE,
                                 .author = number->open,
                                 .reason = "",
                                 .note = ""};
        int r = view_list_of(desk->options.journal, DOCUMENT, incident, has_ticked, &everybody, error);

        if (r < 0 || !there)
                return r < 0 ? r : 0;
        if (touched && strncmp(touched->by, "G-", 2))
                return 0;
        if (!everybody.done)
                tick.state = TASK_STATE_OPEN;
        r = desk_tick(desk, &tick, error);
        return r == -EALREADY || r == -ENOENT ? 0 : r;
}

int desk_report_step(struct desk *desk, const char *typed, const char *step, bool done, struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        struct report_number number;
        char now[TIME_TEXT_SIZE], incident[ID_TEXT_SIZE];
        json_t *report = NULL, *ticks;
        int r = desk_report_find(desk, typed, &number, &report, error);

        if (r)
                return r;
        if (!is_advised(desk, report, step)) {
                json_decref(report);
                return error_say(error, -ENOENT, "ce signalement n’a pas de pas « %.96s »",
                                 "this report has no step “%.96s”", step);
        }
        ticks = json_object_get(report, "ticks");
        time_format(clock_wall_ms(desk->options.clock), now);
        snprintf(incident, sizeof(incident), "%s", json_string_value(json_object_get(report, "incident")));
        if (!done)
                json_object_del(ticks, step);
        else if (json_object_set_new(ticks, step, json_string(now)))
                r = out_of_memory(error);
        if (!r) {
                batch_record(&batch, RECORD_TYPE_REPORT_RECEIVED, "", REPORT_AUTHOR,
                             document_body(incident, number.open, number.id, json_incref(report)), NULL);
                r = desk_commit(desk, &batch, NULL, error);
        }
        batch_release(&batch);
        json_decref(report);
        return r ? r : pass_on(desk, &number, incident, step, error);
}
