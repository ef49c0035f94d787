/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/incident_tasks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void incident_tasks_release(struct incident *incident)
{
        for (size_t i = 0; i < incident->task_count; i++)
                task_release(&incident->tasks[i]);
        free(incident->tasks);
        free(incident->playbooks);
}

static bool playbook_id_is_valid(const char *id)
{
        size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");

        return length && !id[length] && length < PLAYBOOK_ID_SIZE;
}

bool incident_follows(const struct incident *incident, const char *playbook)
{
        for (size_t i = 0; i < incident->playbook_count; i++)
                if (!strcmp(incident->playbooks[i], playbook))
                        return true;
        return false;
}

int incident_add_playbook(struct incident *incident, const char *playbook, struct error *error)
{
        char(*longer)[PLAYBOOK_ID_SIZE];

        if (!playbook_id_is_valid(playbook))
                return error_say(error, -EINVAL, "« %.64s » n’est pas l’identifiant d’un plan d’action",
                                 "\"%.64s\" is not the id of a playbook", playbook);
        if (incident_follows(incident, playbook))
                return 0;
        if (incident->playbook_count >= INCIDENT_PLAYBOOKS_MAX)
                return error_say(error, -E2BIG, "un incident suit %d plans d’action au plus",
                                 "an incident follows at most %d playbooks", INCIDENT_PLAYBOOKS_MAX);
        longer = reallocarray(incident->playbooks, incident->playbook_count + 1, sizeof(*longer));
        if (!longer)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        strcpy(longer[incident->playbook_count++], playbook);
        incident->playbooks = longer;
        return 0;
}

static size_t task_position(const struct incident *incident, const char *id)
{
        size_t at = 0;

        while (at < incident->task_count && strcmp(incident->tasks[at].id, id))
                at++;
        return at;
}

const struct task *incident_task(const struct incident *incident, const char *id)
{
        size_t at = task_position(incident, id);

        return at < incident->task_count ? &incident->tasks[at] : NULL;
}

static bool task_is_sound(const struct task *task)
{
        return task_id_is_valid(task->id) && task->state != TASK_STATE_NOT_NEEDED &&
               (unsigned)task->state < TASK_STATE_COUNT && task->by[0] && task->at_ms > 0 &&
               task->entered_ms > 0 && task->text.fr && task->text.en &&
               strlen(task->text.fr) < TASK_TEXT_MAX && strlen(task->text.en) < TASK_TEXT_MAX;
}

int incident_set_task(struct incident *incident, const struct task *task, struct error *error)
{
        size_t at = task_position(incident, task->id);
        struct task copy = {0};

        if (!task_is_sound(task))
                return error_say(error, -EINVAL, "tâche « %.96s » : incomplète", "task \"%.96s\": incomplete",
                                 task->id);
        if (at >= INCIDENT_TASKS_MAX)
                return error_say(error, -E2BIG, "un incident garde %d tâches traitées au plus",
                                 "an incident keeps at most %d handled tasks", INCIDENT_TASKS_MAX);
        if (task_copy(&copy, task))
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (at == incident->task_count) {
                struct task *longer = reallocarray(incident->tasks, at + 1, sizeof(*longer));
                if (!longer) {
                        task_release(&copy);
                        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
                }
                memset(&longer[at], 0, sizeof(*longer));
                incident->tasks = longer;
                incident->task_count++;
        }
        task_release(&incident->tasks[at]);
        incident->tasks[at] = copy;
        return 0;
}

json_t *incident_playbooks_json(const struct incident *incident)
{
        json_t *list = json_array();

        for (size_t i = 0; i < incident->playbook_count; i++)
                if (json_array_append_new(list, json_string(incident->playbooks[i]))) {
                        json_decref(list);
                        return NULL;
                }
        return list;
}

json_t *incident_tasks_json(const struct incident *incident)
{
        json_t *list = json_array();

        for (size_t i = 0; i < incident->task_count; i++)
                if (json_array_append_new(list, task_to_json(&incident->tasks[i]))) {
                        json_decref(list);
                        return NULL;
                }
        return list;
}

static const json_t *optional_list(struct fields *fields, const char *key, size_t most)
{
        const json_t *list = fields_value(fields, key, FIELD_OPTIONAL);

        if (list && (!json_is_array(list) || json_array_size(list) > most)) {
                fields_fault(fields, key, "attendu : une liste, pas trop longue",
                             "expected a list, not too long");
                return NULL;
        }
        return list;
}

static void read_playbooks(struct fields *fields, struct incident *incident)
{
        const json_t *list = optional_list(fields, "playbooks", INCIDENT_PLAYBOOKS_MAX);

        for (size_t i = 0; i < json_array_size(list) && !fields->result; i++) {
                const char *id = json_string_value(json_array_get(list, i));

                if (!id || strlen(id) != json_string_length(json_array_get(list, i)))
                        fields_fault(fields, "playbooks",
                                     "contient autre chose que l’identifiant d’une marche à suivre",
                                     "holds something that is not a playbook's id");
                else
                        fields->result = incident_add_playbook(incident, id, fields->error);
        }
}

void incident_tasks_read(struct fields *fields, struct incident *incident)
{
        const json_t *list;

        read_playbooks(fields, incident);
        list = optional_list(fields, "tasks", INCIDENT_TASKS_MAX);
        for (size_t i = 0; i < json_array_size(list) && !fields->result; i++) {
                struct task task = {0};

                fields->result = task_from_json(json_array_get(list, i), &task, fields->error);
                if (!fields->result && incident_task(incident, task.id))
                        fields_fault(fields, "tasks", "contient deux fois la même tâche",
                                     "holds a task twice");
                if (!fields->result)
                        fields->result = incident_set_task(incident, &task, fields->error);
                task_release(&task);
        }
}
