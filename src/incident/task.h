/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which steps an incident has, now, and what became of each. Pure: evaluating changes nothing and the same input gives the
 * same list. The incident keeps what was touched (flow/task.h); the rest is worked out here:
 *
 *   playbooks   those the incident follows, those whose kinds or condition fit it now, and those that go with them
 *   touched     stays as it is, even when its playbook or step is in the data no more
 *   done        not touched, and a measure that fits its template stood in this incident, or its declaration is filed
 *   not-needed  not touched, and its condition is false or its obligation is void or waived: comes back when that changes
 *   open        otherwise; a condition that is not settled shows the step
 *
 * Order: phase, then the order in which the playbooks were taken up, then that of the file.
 */
#pragma once

#include "base/clock.h"
#include "flow/incident.h"
#include "flow/measure.h"
#include "flow/obligation.h"
#include "incident/playbook.h"

#define TASK_LINES_MAX 512

/* Borrowed. Measures and obligations of other incidents are left out by the evaluation itself. */
struct task_input {
        const struct playbook_set *playbooks;
        const struct incident *incident;
        const struct measure *measures;
        size_t measure_count;
        const struct obligation *obligations;
        size_t obligation_count;
};

/* One step of one incident. Everything in it is borrowed from the input. */
struct task_line {
        char id[TASK_ID_SIZE];
        enum task_state state;
        const struct playbook *playbook;  /* NULL when the data has it no more */
        const struct playbook_step *step; /* NULL likewise */
        const struct task *touched;       /* NULL while nobody touched it */
        const struct measure *measure;    /* that did it just now and is not written down yet; or NULL */
        const struct obligation *filed;   /* likewise */
        int64_t due_ms;                   /* 0: no hour, or not known yet */
        size_t rank;                      /* of its place in the order */
};

struct task_list {
        struct task_line *lines; /* owned */
        size_t count;
};

/* Without any the list is empty, whatever the measures and obligations are: they need not be looked up. */
bool tasks_any(const struct playbook_set *playbooks, const struct incident *incident);

/* 0, -ENOMEM, -E2BIG. */
int tasks_evaluate(const struct task_input *input, struct task_list *ret_list, struct error *error);
void task_list_release(struct task_list *list);
const struct task_line *task_list_find(const struct task_list *list, const char *id); /* or NULL */

/* The step's text: as it was ticked, else as the data has it. */
const struct bitext *task_line_text(const struct task_line *line);

/*
 * Writes into `incident` (a copy of input->incident that is being changed, or the same) what must last: playbooks that
 * fit it now are taken up, steps that a measure or filing has done are ticked. *ret_body is the body of one record
 * "task.changed" {"incident","playbooks":[id…],"tasks":[{"id","state","by","measure"?}]}, author "playbook"; NULL when there
 * is nothing to write. The incident's own document is the caller's to write.
 */
int tasks_settle(const struct task_input *input, const struct clock *clock, struct incident *incident,
                 json_t **ret_body, struct error *error);

/*
 * A person ticks, skips or opens again. `at_ms` 0 is now. *ret_body as above, with one task; the reason of skipping and
 * any note are personal text and the caller's to put beside the record. -ENOENT no such step in this incident; -EALREADY it is so
 * already; -EINVAL without a name, with a time to come, or for a step that is skipped without a reason.
 */
struct task_touch {
        const char *task; /* "playbook.step" */
        enum task_state state;
        const char *by, *reason;
        int64_t at_ms;
};
int task_tick(const struct task_input *input, const struct clock *clock, const struct task_touch *touch,
              struct incident *incident, json_t **ret_body, struct error *error);

/* The measure that a step's template asks for now: {kind, subject, selector, minutes}; NULL when it has none. New reference. */
json_t *task_measure_json(const struct playbook_step *step, const struct incident *incident);

/*
 * [{"id","playbook","step","role","phase","text","detail"?,"evidence"?,"state","due","by","at","entered","public","obligation"?,
 * "measure":{…}|null,"measure_id"?}] as GET /incidents/{incident}/tasks has it. New reference; NULL when out of memory.
 */
json_t *task_list_to_json(const struct task_list *list, const struct incident *incident);
