/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What people do at the desk with playbooks and tasks, and what strangers tell it by pressing a button. As in hub/desk.h: on
 * return everything is on disk, or nothing changed.
 */
#pragma once

#include "hub/desk.h"
#include "incident/report.h"
#include "incident/task.h"

/* What an incident's list is worked out from. Valid until the desk changes. */
struct board {
        struct task_input input;
        struct measure *measures; /* shallow copies; owned */
};

/* -ENOENT no such incident. A desk without playbooks has empty lists. */
int board_open(struct desk *desk, const char *incident, struct board *ret_board, struct error *error);
void board_release(struct board *board);

/* incident/task.h, task_list_to_json(). New reference. */
int desk_tasks(struct desk *desk, const char *incident, json_t **ret_tasks, struct error *error);

struct desk_tick {
        const char *incident, *task;
        enum task_state state;
        const char *author;
        const char *reason; /* why it is skipped; "" otherwise. Personal text, like the note */
        const char *note;   /* "" for none */
        int64_t at_ms;      /* 0: now */
};
/* As task_tick(). */
int desk_tick(struct desk *desk, const struct desk_tick *tick, struct error *error);

/* Takes a playbook up by hand. -ENOENT no such incident or playbook, -EALREADY it is followed already. */
int desk_follow(struct desk *desk, const char *incident, const char *playbook, const char *author,
                struct error *error);

/* ---- the buttons ---- */

#define DESK_REPORTS_AN_HOUR 240 /* of everybody together; beyond, who reports is told to telephone */
#define DESK_CONTACT_MAX     200 /* bytes */

struct desk_report {
        const struct playbook *playbook; /* has an entry */
        const json_t *answers;           /* object of fact to boolean, number, text or null (not answered) */
        const char *contact;             /* "" for none; personal text beside the record alone */
};
/*
 * A report joins the newest open incident of its kind and subject when less than the join window lies between, else it opens one.
 * -EINVAL an answer; -EAGAIN too many reports in this hour.
 */
int desk_report(struct desk *desk, const struct desk_report *report, struct report_number *ret_number,
                struct error *error);

/* The document of a number as it was typed. -ENOENT: no such number, or misheard. New reference. */
int desk_report_find(struct desk *desk, const char *typed, struct report_number *ret_number,
                     json_t **ret_report, struct error *error);
/* [{"id","text","detail"?,"phase","done"}]: what whoever reported is to do, from the answers given. New reference; NULL without memory. */
json_t *desk_report_advice(const struct desk *desk, const json_t *report);
/* Whoever reported ticks or takes back. The incident's own step is done when every report of it has ticked it. -ENOENT. */
int desk_report_step(struct desk *desk, const char *typed, const char *step, bool done, struct error *error);
