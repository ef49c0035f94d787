/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * task: what became of one step of a playbook in one incident. It belongs to the incident, which keeps only those that
 * somebody or something has touched; what is merely open follows from the playbooks and the facts (incident/task.h). The
 * text is a copy: what somebody ticked stays as it stood then, whatever the playbooks say later.
 *
 * JSON: {"id":"clic.mot-de-passe","state":"done","by":"Mme Martin","at":RFC 3339,"entered":RFC 3339,"measure":"m_…"|null,
 *        "text":{"fr":…,"en":…}}
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/id.h"
#include "flow/text.h"

/*
 * open: to do. done: somebody did it, or a measure or filing did. skipped: a person decided against it and said why.
 * not-needed: its condition over the facts is false now; that is worked out and never kept.
 */
#define TASK_STATES(X)                                                                                       \
        X(OPEN, "open", "à faire", "to be done")                                                             \
        X(DONE, "done", "fait", "done")                                                                      \
        X(SKIPPED, "skipped", "sauté", "skipped")                                                            \
        X(NOT_NEEDED, "not-needed", "plus utile", "no longer needed")
#define TASK_STATE_ENUM(name, word, fr, en) TASK_STATE_##name,
enum task_state { TASK_STATES(TASK_STATE_ENUM) TASK_STATE_COUNT };

#define TASK_ID_SIZE  96  /* "playbook.step" with the final NUL */
#define TASK_TEXT_MAX 320 /* bytes of one language of a step's text */

struct task {
        char id[TASK_ID_SIZE];
        enum task_state state; /* open: a person took a tick back */
        char by[64];           /* a person, "edge" …, or the number of a report */
        int64_t at_ms;         /* when it was so */
        int64_t entered_ms;    /* when it was typed: later than at_ms for back-entry from paper */
        struct id measure;     /* that did it; when open again: that shall not tick it once more */
        struct bitext text;    /* the step's, as it stood then */
};

void task_release(struct task *task);
int task_copy(struct task *to, const struct task *from);
json_t *task_to_json(const struct task *task);
int task_from_json(const json_t *json, struct task *ret_task, struct error *error);
const char *task_state_word(enum task_state state);
const char *task_state_label(enum task_state state, enum language language);
int task_state_parse(const char *word, enum task_state *ret_state);
/* [a-z0-9-]+ twice with a point between, shorter than TASK_ID_SIZE. */
bool task_id_is_valid(const char *id);
