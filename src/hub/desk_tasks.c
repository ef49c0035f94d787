/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/desk_tasks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/desk_private.h"

static const struct playbook_set nothing;

static int out_of_memory(struct error *error)
{
        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

/* Those that stand in this incident: what a measure that ended had done was ticked while it stood. */
static int take_measures(struct desk *desk, struct board *board)
{
        size_t all;
        const struct measure *standing = casebook_standing(desk->book, &all);

        board->measures = calloc(all + 1, sizeof(*board->measures));
        if (!board->measures)
                return -ENOMEM;
        for (size_t i = 0; i < all; i++)
                if (!strcmp(standing[i].incident.text, board->input.incident->id.text))
                        board->measures[board->input.measure_count++] = standing[i];
        board->input.measures = board->measures;
        return 0;
}

int board_open(struct desk *desk, const char *incident, struct board *ret_board, struct error *error)
{
        struct board board = {
                .input = {.playbooks = desk->options.playbooks ? desk->options.playbooks : &nothing,
                          .incident = casebook_incident(desk->book, incident)}};

        if (!board.input.incident)
                return desk_no_incident(desk, error, incident);
        if (tasks_any(board.input.playbooks, board.input.incident)) {
                if (take_measures(desk, &board))
                        return out_of_memory(error);
                board.input.obligations =
                        casebook_obligations(desk->book, incident, &board.input.obligation_count);
        }
        *ret_board = board;
        return 0;
}

void board_release(struct board *board)
{
        free(board->measures);
        *board = (struct board){0};
}

int desk_tasks(struct desk *desk, const char *incident, json_t **ret_tasks, struct error *error)
{
        CLEANUP(board_release) struct board board = {0};
        CLEANUP(task_list_release) struct task_list list = {0};
        json_t *tasks;
        int r = board_open(desk, incident, &board, error);

        if (!r)
                r = tasks_evaluate(&board.input, &list, error);
        if (r)
                return r;
        tasks = task_list_to_json(&list, board.input.incident);
        if (!tasks)
                return out_of_memory(error);
        *ret_tasks = tasks;
        return 0;
}

/* What a person typed about it goes into a record of its own, where it can be erased. */
static void write_note(struct batch *batch, const struct desk_tick *tick)
{
        json_t *personal = json_object();

        if (tick->reason[0])
                json_object_set_new(personal, "reason", json_string(tick->reason));
        if (tick->note[0])
                json_object_set_new(personal, "text", json_string(tick->note));
        if (json_object_size(personal))
                batch_record(batch, RECORD_TYPE_NOTE, tick->incident, tick->author,
                             json_pack("{s:s, s:s, s:s}", "about", "task.changed", "task", tick->task,
                                       "incident", tick->incident),
                             personal);
        else
                json_decref(personal);
}

int desk_tick(struct desk *desk, const struct desk_tick *tick, struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        CLEANUP(board_release) struct board board = {0};
        CLEANUP(incident_release) struct incident changed = {0};
        json_t *body = NULL;
        int r = board_open(desk, tick->incident, &board, error);

        if (r)
                return r;
        if (incident_copy(&changed, board.input.incident))
                return out_of_memory(error);
        const struct task_touch touch = {.task = tick->task,
                                         .state = tick->state,
                                         .by = tick->author,
                                         .reason = tick->reason,
                                         .at_ms = tick->at_ms};
        r = task_tick(&board.input, desk->options.clock, &touch, &changed, &body, error);
        if (!r) {
                write_note(&batch, tick);
                batch_incident(&batch, RECORD_TYPE_TASK_CHANGED, tick->author, &changed, body);
                r = desk_commit(desk, &batch, NULL, error);
        }
        batch_release(&batch);
        return r;
}

int desk_follow(struct desk *desk, const char *incident, const char *playbook, const char *author,
                struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct incident *there = casebook_incident(desk->book, incident);
        CLEANUP(incident_release) struct incident changed = {0};
        int r;

        if (!there)
                return desk_no_incident(desk, error, incident);
        if (!author_is_person(author))
                return desk_by_whom(desk, error);
        if (!desk->options.playbooks || !playbooks_find(desk->options.playbooks, playbook))
                return error_say(error, -ENOENT,
                                 "aucun plan d’action « %s » ; la liste : garde playbook list",
                                 "no playbook “%s”; the list: garde playbook list", playbook);
        if (incident_follows(there, playbook))
                return error_say(error, -EALREADY, "cet incident suit déjà le plan « %s »",
                                 "this incident follows the playbook “%s” already", playbook);
        if (incident_copy(&changed, there))
                return out_of_memory(error);
        r = incident_add_playbook(&changed, playbook, error);
        if (!r) {
                batch_incident(&batch, RECORD_TYPE_TASK_CHANGED, author, &changed,
                               json_pack("{s:s, s:[s], s:[]}", "incident", incident, "playbooks", playbook,
                                         "tasks"));
                r = desk_commit(desk, &batch, NULL, error);
        }
        batch_release(&batch);
        return r;
}
