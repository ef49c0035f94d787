/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * incident: findings and facts that belong together. Facts are what obligations and playbooks read; each
 * is known, unknown ("je ne sais pas") or not asked yet, and says who gave it and when.
 *
 * JSON: {"id":"i_…","kind":"flood","subject":"portail","title":{…},"state":"open","opened":…,"closed":…|null,
 *        "last_finding":…|null,"gravity":"grave"|…|null,"gravity_by":"name"|null,"findings":["f_…"],"measures":["m_…"],
 *        "owing":true,"facts":{"name":{"state":"known","value":…,"author":…,"at":…,"entered":…}},
 *        "playbooks":["clic"],"tasks":[{…}]}
 * `owing` may be missing, which is false: closed, and a duty of it is due all the same. `playbooks` and `tasks` may be missing, which is
 * none. Tasks are those that somebody or something has touched
 * (flow/task.h); the whole list, with what is open and until when, is worked out by incident/task.h.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/id.h"
#include "flow/task.h"
#include "flow/text.h"

#define FACT_STATES(X)              X(NOT_ASKED, "not-asked") X(UNKNOWN, "unknown") X(KNOWN, "known")
#define FACT_STATE_ENUM(name, word) FACT_STATE_##name,
enum fact_state { FACT_STATES(FACT_STATE_ENUM) FACT_STATE_COUNT };

/* FIELD law: CSP L1111-8-2. "Not qualified" is what an incident is until the rule or a person says. */
#define GRAVITIES(X)                                                                                         \
        X(NOT_QUALIFIED, "not-qualified", "pas encore qualifiée", "not qualified yet")                       \
        X(MINOR, "mineur", "mineur", "minor")                                                                \
        X(SIGNIFICANT, "significatif", "significatif", "significant")                                        \
        X(GRAVE, "grave", "grave", "grave")
#define GRAVITY_ENUM(name, word, fr, en) GRAVITY_##name,
enum gravity { GRAVITIES(GRAVITY_ENUM) GRAVITY_COUNT };

#define FACT_TEXT_MAX          8192 /* bytes of a fact that is text */
#define INCIDENT_FACTS_MAX     256
#define INCIDENT_FINDINGS_MAX  64 /* listed; every finding names its incident in its own record */
#define INCIDENT_MEASURES_MAX  256
#define INCIDENT_PLAYBOOKS_MAX 16
#define INCIDENT_TASKS_MAX     160 /* touched ones; with their texts they must fit into one record */
#define PLAYBOOK_ID_SIZE       48

struct fact {
        char name[64]; /* [a-z0-9_.]+ */
        enum fact_state state;
        json_t *value;      /* boolean, number or string when known, else NULL; owned */
        char author[64];    /* "edge", or a person's name */
        int64_t at_ms;      /* when it was so, or was learnt */
        int64_t entered_ms; /* when it was typed: later than at_ms for back-entry from paper */
};

struct incident {
        struct id id;
        char kind[32];
        char subject[64];
        struct bitext title;
        bool open;
        int64_t opened_ms, closed_ms; /* closed_ms 0 while open */
        bool owing;                   /* closed, and a duty is due; what is open owes by itself */
        int64_t last_finding_ms;      /* the newest finding that joined */
        enum gravity gravity;
        char gravity_by[64]; /* "rule" or a person's name; "" when not qualified */
        struct id *findings;
        size_t finding_count;
        struct id *measures;
        size_t measure_count;
        struct fact *facts; /* sorted by name */
        size_t fact_count;
        char (*playbooks)[PLAYBOOK_ID_SIZE]; /* that are followed, in the order in which they were taken up */
        size_t playbook_count;
        struct task *tasks; /* that were touched, in the order in which they were first */
        size_t task_count;
};

void incident_release(struct incident *incident);
json_t *incident_to_json(const struct incident *incident);
int incident_from_json(const json_t *json, struct incident *ret_incident, struct error *error);

/* A deep copy; `to` is zeroed or a live incident, released first. -ENOMEM. */
int incident_copy(struct incident *to, const struct incident *from);

/* The fact, or NULL when it was never set (then it is not asked). Owned by the incident. */
const struct fact *incident_fact(const struct incident *incident, const char *name);

/* Sets or replaces one. `value` is copied; NULL unless known. -E2BIG beyond INCIDENT_FACTS_MAX, -EINVAL, -ENOMEM. */
int incident_set_fact(struct incident *incident, const struct fact *fact, struct error *error);
void fact_release(struct fact *fact);
json_t *fact_to_json(const struct fact *fact);
int fact_from_json(const char *name, const json_t *json, struct fact *ret_fact, struct error *error);

/* Adds once; adding again is no error. */
int incident_add_finding(struct incident *incident, const struct id *finding, struct error *error);
int incident_add_measure(struct incident *incident, const struct id *measure, struct error *error);

/* Takes a playbook up; again is no error. -E2BIG, -EINVAL, -ENOMEM. */
int incident_add_playbook(struct incident *incident, const char *playbook, struct error *error);
bool incident_follows(const struct incident *incident, const char *playbook);

/* The touched task or NULL. Owned by the incident. */
const struct task *incident_task(const struct incident *incident, const char *id);
/* Sets or replaces one; copied. -E2BIG beyond INCIDENT_TASKS_MAX, -EINVAL, -ENOMEM. */
int incident_set_task(struct incident *incident, const struct task *task, struct error *error);

const char *fact_state_word(enum fact_state state);
const char *gravity_word(enum gravity gravity);
const char *gravity_label(enum gravity gravity, enum language language);
int gravity_parse(const char *word, enum gravity *ret_gravity);
