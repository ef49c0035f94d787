/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/task.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/field.h"

#define TASK_STATE_WORD(name, word, fr, en)  word,
#define TASK_STATE_LABEL(name, word, fr, en) {fr, en},
static const char *const state_words[] = {TASK_STATES(TASK_STATE_WORD)};
static const char *const state_labels[][LANGUAGE_COUNT] = {TASK_STATES(TASK_STATE_LABEL)};

const char *task_state_word(enum task_state state)
{
        return field_word(state_words, TASK_STATE_COUNT, state);
}

const char *task_state_label(enum task_state state, enum language language)
{
        return (unsigned)state < TASK_STATE_COUNT ? state_labels[state][language] : "?";
}

int task_state_parse(const char *word, enum task_state *ret_state)
{
        for (unsigned i = 0; i < TASK_STATE_COUNT; i++) {
                if (!strcmp(word, state_words[i])) {
                        *ret_state = (enum task_state)i;
                        return 0;
                }
        }
        return -EINVAL;
}

bool task_id_is_valid(const char *id)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
        size_t playbook = strspn(id, letters);
        size_t step = id[playbook] == '.' ? strspn(id + playbook + 1, letters) : 0;

        return playbook && step && !id[playbook + 1 + step] && playbook + 1 + step < TASK_ID_SIZE;
}

void task_release(struct task *task)
{
        bitext_release(&task->text);
        memset(task, 0, sizeof(*task));
}

int task_copy(struct task *to, const struct task *from)
{
        struct task copy = *from;

        copy.text = (struct bitext)BITEXT_INIT;
        if (to == from)
                return 0;
        if (from->text.fr && bitext_copy(&copy.text, &from->text))
                return -ENOMEM;
        task_release(to);
        *to = copy;
        return 0;
}

json_t *task_to_json(const struct task *task)
{
        return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "id", task->id, "state",
                         task_state_word(task->state), "by", field_text_json(task->by), "at",
                         field_time_json(task->at_ms), "entered", field_time_json(task->entered_ms),
                         "measure", field_id_json(&task->measure), "text", bitext_to_json(&task->text));
}

static void check_task(struct fields *fields, const struct task *task)
{
        if (!task_id_is_valid(task->id))
                fields_fault(fields, "id", "attendu : « marche.étape »", "expected \"playbook.step\"");
        if (task->state == TASK_STATE_NOT_NEEDED)
                fields_fault(fields, "state", "not-needed se calcule et ne se conserve jamais",
                             "not-needed is worked out, it is never kept");
        if (task->text.fr &&
            (strlen(task->text.fr) >= TASK_TEXT_MAX || strlen(task->text.en) >= TASK_TEXT_MAX))
                fields_fault(fields, "text", "le texte est trop long", "the text is too long");
}

int task_from_json(const json_t *json, struct task *ret_task, struct error *error)
{
        CLEANUP(task_release) struct task task = {0};
        struct fields fields = fields_begin(json, "task", error);
        unsigned state = 0;
        int r;

        fields_text(&fields, "id", FIELD_REQUIRED, task.id, sizeof(task.id));
        fields_word(&fields, "state", FIELD_REQUIRED, state_words, TASK_STATE_COUNT, &state);
        task.state = (enum task_state)state;
        fields_text(&fields, "by", FIELD_REQUIRED, task.by, sizeof(task.by));
        fields_time(&fields, "at", FIELD_REQUIRED, &task.at_ms);
        fields_time(&fields, "entered", FIELD_REQUIRED, &task.entered_ms);
        fields_id(&fields, "measure", 'm', FIELD_OPTIONAL, &task.measure);
        fields_bitext(&fields, "text", &task.text);
        if (!fields.result)
                check_task(&fields, &task);
        r = fields_end(&fields);
        if (r)
                return r;
        *ret_task = task;
        memset(&task, 0, sizeof(task));
        return 0;
}
