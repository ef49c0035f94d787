/* SPDX-License-Identifier: EUPL-1.2 */
#include "incident/task.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "incident/settle.h"

struct weighing {
        const struct task_input *input;
        const struct playbook *followed[PLAYBOOKS_MAX];
        size_t followed_count;
        struct task_list list;
        struct error *error;
};

/* ---- which playbooks ---- */

static bool is_followed(const struct weighing *weighing, const struct playbook *playbook)
{
        for (size_t i = 0; i < weighing->followed_count; i++)
                if (weighing->followed[i] == playbook)
                        return true;
        return false;
}

static bool fits(const struct playbook *playbook, const struct incident *incident)
{
        for (size_t i = 0; i < playbook->kind_count; i++)
                if (!strcmp(playbook->kinds[i], incident->kind))
                        return true;
        return trigger_evaluate(&playbook->when, incident, NULL) == TRUTH_TRUE;
}

/* Each once, so that a circle of `with` ends; a playbook that the data lost is left out. */
static void follow(struct weighing *weighing, const struct playbook *playbook)
{
        if (!playbook || is_followed(weighing, playbook))
                return;
        weighing->followed[weighing->followed_count++] = playbook;
        for (size_t i = 0; i < playbook->with_count; i++)
                follow(weighing, playbooks_find(weighing->input->playbooks, playbook->with[i]));
}

static void choose_playbooks(struct weighing *weighing)
{
        const struct playbook_set *set = weighing->input->playbooks;
        const struct incident *incident = weighing->input->incident;

        for (size_t i = 0; i < incident->playbook_count; i++)
                follow(weighing, playbooks_find(set, incident->playbooks[i]));
        for (size_t i = 0; i < set->count; i++)
                if (fits(&set->playbooks[i], incident))
                        follow(weighing, &set->playbooks[i]);
}

/* ---- what did a step by itself ---- */

static const char *known_text(const struct incident *incident, const char *name)
{
        const struct fact *fact = incident_fact(incident, name);
        const char *text = fact && fact->state == FACT_STATE_KNOWN ? json_string_value(fact->value) : NULL;

        return text ? text : "";
}

static bool subject_fits(const struct step_measure *wanted, const struct incident *incident,
                         const char *subject)
{
        if (wanted->subject[0])
                return !strcmp(wanted->subject, subject);
        if (strcmp(wanted->subject_from, PLAYBOOK_SUBJECT))
                return settle_list_has(known_text(incident, wanted->subject_from), subject);
        return !strcmp(incident->subject, subject) ||
               settle_list_has(known_text(incident, "services.touched"), subject);
}

/* Whatever the template asks for is in the measure's selector; the measure may say more. */
static bool selector_fits(const json_t *wanted, const json_t *selector)
{
        for (void *at = json_object_iter((json_t *)wanted); at;
             at = json_object_iter_next((json_t *)wanted, at))
                if (!json_equal(json_object_iter_value(at),
                                json_object_get(selector, json_object_iter_key(at))))
                        return false;
        return true;
}

static bool has_stood(const struct measure *measure)
{
        return measure->since_ms > 0 && measure->state != MEASURE_STATE_PROPOSED &&
               measure->state != MEASURE_STATE_REFUSED;
}

static const struct measure *measure_that_did(const struct task_input *input,
                                              const struct playbook_step *step, const struct task *touched)
{
        for (size_t i = 0; step->measure.is_set && i < input->measure_count; i++) {
                const struct measure *measure = &input->measures[i];

                if (strcmp(measure->incident.text, input->incident->id.text) || !has_stood(measure) ||
                    measure->kind != step->measure.kind ||
                    !subject_fits(&step->measure, input->incident, measure->subject) ||
                    !selector_fits(step->measure.selector, measure->selector))
                        continue;
                /* Somebody took the tick back: only what came after may set it again. */
                if (touched && measure->since_ms <= touched->at_ms)
                        continue;
                return measure;
        }
        return NULL;
}

static bool rule_fits(const char *wanted, const char *rule)
{
        size_t length = strlen(wanted);

        return length && wanted[length - 1] == '*' ? !strncmp(wanted, rule, length - 1)
                                                   : !strcmp(wanted, rule);
}

/* Of several that fit, the one that says most: filed before owed, owed before possible, void last. */
static const struct obligation *obligation_of(const struct task_input *input, const char *rule)
{
        static const unsigned weight[OBLIGATION_STATE_COUNT] = {[OBLIGATION_STATE_FILED] = 4,
                                                                [OBLIGATION_STATE_DUE] = 3,
                                                                [OBLIGATION_STATE_POSSIBLE] = 2,
                                                                [OBLIGATION_STATE_WAIVED] = 1,
                                                                [OBLIGATION_STATE_VOID] = 0};
        const struct obligation *best = NULL;

        for (size_t i = 0; *rule && i < input->obligation_count; i++) {
                const struct obligation *one = &input->obligations[i];

                if (!strcmp(one->incident.text, input->incident->id.text) && rule_fits(rule, one->rule) &&
                    (!best || weight[one->state] > weight[best->state]))
                        best = one;
        }
        return best;
}

/* ---- one step ---- */

static int64_t due_of(const struct task_input *input, const struct playbook_step *step)
{
        const int64_t span_ms = step->due.minutes * 60 * 1000;
        const struct obligation *obligation;
        int64_t ms;

        switch (step->due.from) {
        case STEP_DUE_OPENED:
                return input->incident->opened_ms + span_ms;
        case STEP_DUE_AFTER_FACT:
                return time_parse(known_text(input->incident, step->due.name), &ms) ? 0 : ms + span_ms;
        case STEP_DUE_BEFORE_RULE:
                obligation = obligation_of(input, step->due.name);
                if (!obligation)
                        return 0;
                if (obligation->due_ms)
                        return obligation->due_ms - span_ms;
                return obligation->without_delay ? obligation->clock_started_ms : 0;
        default:
                return 0;
        }
}

static bool is_needed(const struct task_input *input, const struct playbook_step *step)
{
        const struct obligation *obligation = obligation_of(input, step->obligation);

        if (obligation &&
            (obligation->state == OBLIGATION_STATE_VOID || obligation->state == OBLIGATION_STATE_WAIVED))
                return false;
        return !step->when.count || trigger_evaluate(&step->when, input->incident, NULL) != TRUTH_FALSE;
}

static void weigh(const struct task_input *input, struct task_line *line)
{
        const struct playbook_step *step = line->step;
        const struct task *touched = line->touched;
        const struct obligation *obligation = step ? obligation_of(input, step->obligation) : NULL;

        if (touched && (!step || touched->state != TASK_STATE_OPEN)) {
                line->state = touched->state;
                return;
        }
        line->measure = measure_that_did(input, step, touched);
        if (obligation && obligation->state == OBLIGATION_STATE_FILED &&
            (!touched || obligation->filed_ms > touched->at_ms))
                line->filed = obligation;
        if (line->measure || line->filed)
                line->state = TASK_STATE_DONE;
        else if (!touched && !is_needed(input, step))
                line->state = TASK_STATE_NOT_NEEDED;
        else
                line->state = TASK_STATE_OPEN;
}

/* ---- the list ---- */

static struct task_line *line_of(const struct weighing *weighing, const char *id)
{
        for (size_t i = 0; i < weighing->list.count; i++)
                if (!strcmp(weighing->list.lines[i].id, id))
                        return &weighing->list.lines[i];
        return NULL;
}

static size_t rank_of(const struct weighing *weighing, const struct task_line *line)
{
        size_t playbook = 0, step = line->step ? (size_t)(line->step - line->playbook->steps) : 0;
        size_t phase = line->step ? line->step->phase : PLAYBOOK_PHASE_COUNT;

        while (playbook < weighing->followed_count && weighing->followed[playbook] != line->playbook)
                playbook++;
        return (phase * (PLAYBOOKS_MAX + 1) + playbook) * PLAYBOOK_STEPS_MAX + step;
}

static int add_line(struct weighing *weighing, const struct task_line *line)
{
        struct task_list *list = &weighing->list;
        struct task_line *longer;

        if (list->count == TASK_LINES_MAX)
                return error_say(weighing->error, -E2BIG, "un incident a %d tâches au plus",
                                 "an incident has at most %d tasks", TASK_LINES_MAX);
        longer = reallocarray(list->lines, list->count + 1, sizeof(*longer));
        if (!longer)
                return error_say(weighing->error, -ENOMEM, "mémoire insuffisante", "out of memory");
        list->lines = longer;
        longer[list->count] = *line;
        longer[list->count].rank = rank_of(weighing, line);
        list->count++;
        return 0;
}

/* The line that stands for the same act of another playbook. */
static struct task_line *twin_of(const struct weighing *weighing, const struct playbook_step *step)
{
        for (size_t i = 0; *step->shared && i < weighing->list.count; i++) {
                const struct playbook_step *other = weighing->list.lines[i].step;
                if (other && !strcmp(other->shared, step->shared))
                        return &weighing->list.lines[i];
        }
        return NULL;
}

static int add_touched(struct weighing *weighing)
{
        const struct incident *incident = weighing->input->incident;
        int r = 0;

        for (size_t i = 0; i < incident->task_count && !r; i++) {
                struct task_line line = {.touched = &incident->tasks[i]};

                strcpy(line.id, incident->tasks[i].id);
                line.step = playbooks_step(weighing->input->playbooks, line.id, &line.playbook);
                weigh(weighing->input, &line);
                line.due_ms = line.step ? due_of(weighing->input, line.step) : 0;
                r = add_line(weighing, &line);
        }
        return r;
}

/* An act that stands in several playbooks is shown once: the touched one, else the first that is needed. */
static int add_step(struct weighing *weighing, const struct playbook *playbook,
                    const struct playbook_step *step)
{
        struct task_line line = {.playbook = playbook, .step = step};
        struct task_line *twin = twin_of(weighing, step);

        snprintf(line.id, sizeof(line.id), "%s.%s", playbook->id, step->key);
        if (line_of(weighing, line.id))
                return 0;
        weigh(weighing->input, &line);
        line.due_ms = due_of(weighing->input, step);
        if (!twin)
                return add_line(weighing, &line);
        if (twin->state == TASK_STATE_NOT_NEEDED && line.state != TASK_STATE_NOT_NEEDED) {
                *twin = line;
                twin->rank = rank_of(weighing, twin);
        }
        return 0;
}

/* Few lines, nearly in order already: insertion keeps equal ones as they came. */
static void sort_lines(struct task_list *list)
{
        for (size_t i = 1; i < list->count; i++) {
                struct task_line moving = list->lines[i];
                size_t at = i;

                for (; at > 0 && list->lines[at - 1].rank > moving.rank; at--)
                        list->lines[at] = list->lines[at - 1];
                list->lines[at] = moving;
        }
}

void task_list_release(struct task_list *list)
{
        free(list->lines);
        *list = (struct task_list){0};
}

const struct task_line *task_list_find(const struct task_list *list, const char *id)
{
        for (size_t i = 0; i < list->count; i++)
                if (!strcmp(list->lines[i].id, id))
                        return &list->lines[i];
        return NULL;
}

bool tasks_any(const struct playbook_set *playbooks, const struct incident *incident)
{
        const struct task_input input = {.playbooks = playbooks, .incident = incident};
        struct weighing weighing = {.input = &input};

        choose_playbooks(&weighing);
        return weighing.followed_count || incident->task_count;
}

int tasks_evaluate(const struct task_input *input, struct task_list *ret_list, struct error *error)
{
        struct weighing weighing = {.input = input, .error = error};
        int r;

        choose_playbooks(&weighing);
        r = add_touched(&weighing);
        for (size_t i = 0; i < weighing.followed_count && !r; i++)
                for (size_t k = 0; k < weighing.followed[i]->step_count && !r; k++)
                        r = add_step(&weighing, weighing.followed[i], &weighing.followed[i]->steps[k]);
        if (r) {
                task_list_release(&weighing.list);
                return r;
        }
        sort_lines(&weighing.list);
        *ret_list = weighing.list;
        return 0;
}

const struct bitext *task_line_text(const struct task_line *line)
{
        return line->touched ? &line->touched->text : &line->step->text;
}
