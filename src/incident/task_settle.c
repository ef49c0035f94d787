/* SPDX-License-Identifier: EUPL-1.2 */
/* What of the list must last: self-made ticks, people's ticks, and which playbooks are followed. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/catalogue.h"
#include "incident/task.h"

#define AHEAD_MS (60 * 1000) /* a watch may be a minute fast */

static int out_of_memory(struct error *error)
{
        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

/* {"id","state","by","measure"?} into the body's list. */
static int note_task(json_t *body, const struct task *task)
{
        json_t *one = json_pack("{s:s, s:s, s:s}", "id", task->id, "state", task_state_word(task->state),
                                "by", task->by);

        if (id_is_set(&task->measure) &&
            json_object_set_new(one, "measure", json_string(task->measure.text))) {
                json_decref(one);
                return -ENOMEM;
        }
        return json_array_append_new(json_object_get(body, "tasks"), one) ? -ENOMEM : 0;
}

static json_t *new_body(const struct incident *incident)
{
        return json_pack("{s:s, s:[], s:[]}", "incident", incident->id.text, "playbooks", "tasks");
}

/* ---- by itself ---- */

static int take_up(const struct task_list *list, struct incident *incident, json_t *body)
{
        for (size_t i = 0; i < list->count; i++) {
                const struct playbook *playbook = list->lines[i].playbook;

                if (!playbook || list->lines[i].touched || incident_follows(incident, playbook->id))
                        continue;
                int r = incident_add_playbook(incident, playbook->id, NULL);
                /* A full list stays as it is: the steps are shown all the same. */
                if (r == -E2BIG)
                        return 0;
                if (r || json_array_append_new(json_object_get(body, "playbooks"), json_string(playbook->id)))
                        return -ENOMEM;
        }
        return 0;
}

static struct task self_made(const struct task_line *line, int64_t now_ms)
{
        struct task task = {.state = TASK_STATE_DONE, .entered_ms = now_ms, .text = line->step->text};

        strcpy(task.id, line->id);
        if (line->measure) {
                strcpy(task.by, line->measure->owner);
                task.at_ms = line->measure->since_ms;
                task.measure = line->measure->id;
        } else {
                strcpy(task.by, line->filed->filed_by);
                task.at_ms = line->filed->filed_ms;
        }
        return task;
}

static int tick_done(const struct task_list *list, int64_t now_ms, struct incident *incident, json_t *body)
{
        for (size_t i = 0; i < list->count; i++) {
                if (!list->lines[i].measure && !list->lines[i].filed)
                        continue;
                const struct task task = self_made(&list->lines[i], now_ms); /* borrows its text */
                int r = incident_set_task(incident, &task, NULL);
                if (!r)
                        r = note_task(body, &task);
                /* What cannot be kept is worked out again each time. */
                if (r == -ENOMEM)
                        return r;
        }
        return 0;
}

int tasks_settle(const struct task_input *input, const struct clock *clock, struct incident *incident,
                 json_t **ret_body, struct error *error)
{
        CLEANUP(task_list_release) struct task_list list = {0};
        json_t *body = new_body(incident);
        int r = body ? tasks_evaluate(input, &list, error) : out_of_memory(error);

        if (!r && (take_up(&list, incident, body) || tick_done(&list, clock_wall_ms(clock), incident, body)))
                r = out_of_memory(error);
        if (r) {
                json_decref(body);
                return r;
        }
        if (!json_array_size(json_object_get(body, "playbooks")) &&
            !json_array_size(json_object_get(body, "tasks"))) {
                json_decref(body);
                body = NULL;
        }
        *ret_body = body;
        return 0;
}

/* ---- by a person ---- */

static int check_tick(const struct task_line *line, enum task_state state, const struct task *task,
                      const char *reason, struct error *error)
{
        if (!author_is_person(task->by))
                return error_say(error, -EINVAL, "une personne doit répondre de cet acte : dites qui",
                                 "a person must answer for this act: say who");
        if (state != TASK_STATE_OPEN && state != TASK_STATE_DONE && state != TASK_STATE_SKIPPED)
                return error_say(error, -EINVAL, "une tâche se met à : open, done ou skipped",
                                 "a task is set to one of: open, done, skipped");
        if (state == TASK_STATE_SKIPPED && !*reason)
                return error_say(error, -EINVAL, "dites pourquoi cette tâche ne sera pas faite",
                                 "say why this task will not be done");
        if (task->at_ms > task->entered_ms + AHEAD_MS)
                return error_say(error, -EINVAL, "cette heure est encore à venir",
                                 "that time is yet to come");
        if (line->state == state)
                return error_say(error, -EALREADY, "cette tâche est déjà dans cet état",
                                 "this task is in that state already");
        return 0;
}

int task_tick(const struct task_input *input, const struct clock *clock, const struct task_touch *touch,
              struct incident *incident, json_t **ret_body, struct error *error)
{
        CLEANUP(task_list_release) struct task_list list = {0};
        struct task changed = {.state = touch->state, .entered_ms = clock_wall_ms(clock)};
        const struct task_line *line;
        json_t *body;
        int r = tasks_evaluate(input, &list, error);

        if (r)
                return r;
        line = task_list_find(&list, touch->task);
        if (!line)
                return error_say(error, -ENOENT, "cet incident n’a pas de tâche « %.96s »",
                                 "this incident has no task \"%.96s\"", touch->task);
        if (strlen(touch->by) >= sizeof(changed.by))
                return error_say(error, -EINVAL, "un nom de %zu octets au plus",
                                 "a name of at most %zu bytes", sizeof(changed.by) - 1);
        strcpy(changed.id, line->id);
        strcpy(changed.by, touch->by);
        changed.at_ms = touch->at_ms ? touch->at_ms : changed.entered_ms;
        if (line->measure)
                changed.measure = line->measure->id;
        else if (line->touched)
                changed.measure = line->touched->measure;
        r = check_tick(line, touch->state, &changed, touch->reason, error);
        /* Ticked anew, it is the step as it reads now; taken back, it stays what was ticked. */
        changed.text =
                line->step && touch->state != TASK_STATE_OPEN ? line->step->text : *task_line_text(line);
        body = r ? NULL : new_body(incident);
        if (!r)
                r = body ? incident_set_task(incident, &changed, error) : out_of_memory(error);
        if (!r && note_task(body, &changed))
                r = out_of_memory(error);
        if (r) {
                json_decref(body);
                return r;
        }
        *ret_body = body;
        return 0;
}
