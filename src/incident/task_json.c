/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "flow/field.h"
#include "incident/task.h"

/* The subject that a template means now: given, the incident's, or the first that a fact lists. */
static void subject_of(const struct step_measure *wanted, const struct incident *incident, char *subject,
                       size_t size)
{
        const struct fact *fact = incident_fact(incident, wanted->subject_from);
        const char *text = fact && fact->state == FACT_STATE_KNOWN ? json_string_value(fact->value) : NULL;

        if (wanted->subject[0])
                snprintf(subject, size, "%s", wanted->subject);
        else if (!strcmp(wanted->subject_from, PLAYBOOK_SUBJECT))
                snprintf(subject, size, "%s", incident->subject);
        else
                snprintf(subject, size, "%.*s", text ? (int)strcspn(text, ",") : 0, text ? text : "");
}

json_t *task_measure_json(const struct playbook_step *step, const struct incident *incident)
{
        const struct step_measure *wanted = &step->measure;
        char subject[64];

        if (!wanted->is_set)
                return NULL;
        subject_of(wanted, incident, subject, sizeof(subject));
        return json_pack("{s:s, s:o, s:O, s:i}", "kind", measure_kind_word(wanted->kind), "subject",
                         field_text_json(subject), "selector", wanted->selector, "minutes",
                         (int)wanted->minutes);
}

static json_t *measure_json(const struct task_line *line, const struct incident *incident)
{
        json_t *json = line->step ? task_measure_json(line->step, incident) : NULL;

        return json ? json : json_null();
}

static json_t *label_json(const char *fr, const char *en)
{
        return json_pack("{s:s, s:s}", "fr", fr, "en", en);
}

/* Who, when: from what is kept, else from what has just done it. */
static int put_course(json_t *json, const struct task_line *line)
{
        const struct task *touched = line->touched;
        const struct measure *measure = line->measure;
        const struct obligation *filed = line->filed;
        const char *by = touched ? touched->by : "";
        int64_t at = touched ? touched->at_ms : 0;

        if (measure || filed) {
                by = measure ? measure->owner : filed->filed_by;
                at = measure ? measure->since_ms : filed->filed_ms;
        }
        return json_object_set_new(json, "by", field_text_json(by)) ||
               json_object_set_new(json, "at", field_time_json(at)) ||
               json_object_set_new(json, "entered", field_time_json(touched ? touched->entered_ms : at)) ||
               json_object_set_new(json, "measure_id",
                                   measure ? json_string(measure->id.text)
                                           : field_id_json(touched ? &touched->measure : &(struct id){""}));
}

static int put_step(json_t *json, const struct task_line *line)
{
        const struct playbook_step *step = line->step;

        if (!step)
                return 0;
        return json_object_set_new(json, "role", json_string(playbook_role_word(step->role))) ||
               json_object_set_new(json, "role_label",
                                   label_json(playbook_role_label(step->role, LANGUAGE_FR),
                                              playbook_role_label(step->role, LANGUAGE_EN))) ||
               json_object_set_new(json, "phase", json_string(playbook_phase_word(step->phase))) ||
               json_object_set_new(json, "phase_label",
                                   label_json(playbook_phase_label(step->phase, LANGUAGE_FR),
                                              playbook_phase_label(step->phase, LANGUAGE_EN))) ||
               (step->detail.fr && json_object_set_new(json, "detail", bitext_to_json(&step->detail))) ||
               (step->evidence.fr &&
                json_object_set_new(json, "evidence", bitext_to_json(&step->evidence))) ||
               json_object_set_new(json, "obligation", field_text_json(step->obligation));
}

static json_t *line_json(const struct task_line *line, const struct incident *incident)
{
        size_t length = strcspn(line->id, ".");
        json_t *json = json_pack(
                "{s:s, s:s%, s:s, s:s?, s:s?, s:n, s:n, s:o, s:s, s:o, s:b, s:n, s:o}", "id", line->id,
                "playbook", line->id, length, "step", line->id + length + 1, "role", NULL, "phase", NULL,
                "role_label", "phase_label", "text", bitext_to_json(task_line_text(line)), "state",
                task_state_word(line->state), "due", field_time_json(line->due_ms), "public",
                line->step && line->step->is_public, "obligation", "measure", measure_json(line, incident));

        if (json && (put_step(json, line) || put_course(json, line))) {
                json_decref(json);
                return NULL;
        }
        return json;
}

json_t *task_list_to_json(const struct task_list *list, const struct incident *incident)
{
        json_t *tasks = json_array();

        for (size_t i = 0; i < list->count; i++)
                if (json_array_append_new(tasks, line_json(&list->lines[i], incident))) {
                        json_decref(tasks);
                        return NULL;
                }
        return tasks;
}
