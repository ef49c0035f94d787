// fuzz: links=incident_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Any bytes as a playbook: refused with a sentence in both languages that names the file, or read; then an incident's
 * list can be worked out from it, and it exports.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "incident/cacao.h"
#include "incident/task.h"
#include "all_faults.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_playbook(struct playbook *playbook)
{
        const struct playbook_set set = {playbook, 1};
        struct incident incident = {.open = true, .opened_ms = 1};
        const struct task_input input = {.playbooks = &set, .incident = &incident};
        struct task_list list = {0};
        json_t *json;

        if (!playbook->id[0] || !playbook->title.fr || !playbook->step_count ||
            incident_add_playbook(&incident, playbook->id, NULL))
                abort();
        if (tasks_evaluate(&input, &list, NULL) || list.count > playbook->step_count)
                abort();
        json = task_list_to_json(&list, &incident);
        if (json_array_size(json) != list.count)
                abort();
        json_decref(json);
        json_decref(playbook_to_json(playbook, true));
        json_decref(cacao_from_playbook(playbook, LANGUAGE_FR));
        task_list_release(&list);
        incident_release(&incident);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct playbook playbook = {0};
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        int r = playbook_read("plan.yaml", (const char *)data, size, NULL, &playbook, &error);

        if (r && (!strstr(error.fr, "plan.yaml") || !strstr(error.en, "plan.yaml")))
                abort();
        if (r)
                require_faults(&faults, &error);
        else
                try_playbook(&playbook);
        playbook_release(&playbook);
        return 0;
}
