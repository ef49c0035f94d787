/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * playbook: what to do about one kind of incident, as data, one file in data/playbooks. Steps are one act each, for
 * one role, in words a secretary reads once.
 *
 *   id: clic               version: 1           title: {fr, en}
 *   kinds: [clic]          incidents of these kinds follow it at once; may be left out
 *   when: condition        … and those for which it is true (flow/trigger.h); may be left out
 *   with: [declarer]       who follows it follows these too; may be left out
 *   entry:                 its button on the public page; may be left out
 *     order: 1   title: {fr, en}   icon: word   kind: clic
 *     questions: [fact, …]     few; each may be answered « je ne sais pas »
 *     same: [fact, …]          reports that agree in these are of one matter
 *     call: {fr, en}           whom to call, shown first; may be left out
 *   steps:
 *     - key: mot-de-passe   role: tous   phase: contenir   text: {fr, en}   detail: {fr, en}?
 *       when: condition?       false takes the step away; unknown shows it
 *       due: {minutes: 15}     from the opening; or {minutes: 60, after: fact} (a time); or
 *                              {minutes: 120, before: rule}: so long before that obligation's hour
 *       evidence: {fr, en}?    what to keep, and where
 *       public: true?          shown to whoever reported, to tick
 *       shared: word?          the same act stands in other playbooks too: an incident shows it once
 *       obligation: rule?      done when that declaration is filed, not needed when it is not owed after all; "cert-sante-*"
 *                              is any rule whose id begins so
 *       measure: {kind, subject: text | subject_from: fact, selector: {…}?, minutes}?
 *                              what Garde can do itself; the step is done when such a measure stands;
 *                              subject_from: incident.subject is the incident's own subject or a service it touches
 *
 * Facts and questions are checked against the catalogue; rules by their form only, since duties are another room's.
 */
#pragma once

#include "flow/catalogue.h"
#include "flow/measure.h"
#include "flow/trigger.h"

#define PLAYBOOKS_MAX          64
#define PLAYBOOK_STEPS_MAX     64
#define PLAYBOOK_KINDS_MAX     8
#define PLAYBOOK_QUESTIONS_MAX 8
#define PLAYBOOK_SAME_MAX      4
#define PLAYBOOK_WITH_MAX      4
#define PLAYBOOK_DETAIL_MAX    1500 /* bytes of one language */
#define PLAYBOOK_SUBJECT       "incident.subject"
#define PLAYBOOK_DUE_MINUTES   (366 * 24 * 60)

/* clang-format off */
#define PLAYBOOK_ROLES(X)                                                                                    \
        X(PRATICIEN, "praticien", "praticien", "practitioner")                                               \
        X(SECRETAIRE, "secretaire", "secrétaire", "secretary")                                               \
        X(DSI, "dsi", "DSI (informatique)", "head of IT")                                                    \
        X(RSSI, "rssi", "RSSI (sécurité)", "security officer")                                               \
        X(DPO, "dpo", "délégué à la protection des données", "data protection officer")                      \
        X(DIRECTION, "direction", "direction", "management")                                                 \
        X(PRESTATAIRE, "prestataire", "prestataire informatique", "IT contractor")                           \
        X(TOUS, "tous", "tout le monde", "everybody")
#define PLAYBOOK_PHASES(X)                                                                                   \
        X(NOW, "tout-de-suite", "Tout de suite", "At once")                                                  \
        X(CONTAIN, "contenir", "Contenir", "Contain")                                                        \
        X(DECLARE, "declarer", "Déclarer et prévenir", "Declare and tell")                                   \
        X(RESTORE, "retablir", "Rétablir", "Restore")                                                        \
        X(LEARN, "apprendre", "Apprendre", "Learn")
/* clang-format on */
#define PLAYBOOK_ROLE_ENUM(name, word, fr, en)  PLAYBOOK_ROLE_##name,
#define PLAYBOOK_PHASE_ENUM(name, word, fr, en) PLAYBOOK_PHASE_##name,
enum playbook_role { PLAYBOOK_ROLES(PLAYBOOK_ROLE_ENUM) PLAYBOOK_ROLE_COUNT };
enum playbook_phase { PLAYBOOK_PHASES(PLAYBOOK_PHASE_ENUM) PLAYBOOK_PHASE_COUNT };

enum step_due_from { STEP_DUE_NONE, STEP_DUE_OPENED, STEP_DUE_AFTER_FACT, STEP_DUE_BEFORE_RULE };

struct step_due {
        enum step_due_from from;
        int64_t minutes;
        char name[64]; /* of the fact or rule */
};

struct step_measure {
        bool is_set;
        enum measure_kind kind;
        char subject[64];      /* "" when a fact names it */
        char subject_from[64]; /* fact; "" when the subject is given */
        json_t *selector;      /* object; owned; never NULL when set */
        unsigned minutes;
};

struct playbook_step {
        char key[48];
        enum playbook_role role;
        enum playbook_phase phase;
        struct bitext text;
        struct bitext detail; /* {NULL, NULL} when there is none, as `evidence` */
        struct bitext evidence;
        struct trigger when; /* count 0: always */
        struct step_due due;
        bool is_public;
        char shared[48];
        char obligation[64];
        struct step_measure measure;
};

struct playbook_entry {
        bool is_set;
        unsigned order;
        struct bitext title;
        char icon[24];
        char kind[32]; /* of the incident that a report opens */
        char questions[PLAYBOOK_QUESTIONS_MAX][64];
        size_t question_count;
        char same[PLAYBOOK_SAME_MAX][64];
        size_t same_count;
        struct bitext call;
};

struct playbook {
        char id[PLAYBOOK_ID_SIZE];
        unsigned version;
        struct bitext title;
        char kinds[PLAYBOOK_KINDS_MAX][32];
        size_t kind_count;
        struct trigger when; /* count 0: never by itself */
        char with[PLAYBOOK_WITH_MAX][PLAYBOOK_ID_SIZE];
        size_t with_count;
        struct playbook_entry entry;
        struct playbook_step *steps; /* owned */
        size_t step_count;
};

struct playbook_set {
        struct playbook *playbooks; /* sorted by id; owned */
        size_t count;
};

/* One file's bytes. `catalogue` may be NULL: then fact names are not checked. */
int playbook_read(const char *name, const char *data, size_t length, const struct catalogue *catalogue,
                  struct playbook *ret_playbook, struct error *error);
void playbook_release(struct playbook *playbook);

/* Every *.yaml of the folder, e.g. paths_data("playbooks"); an id twice or a `with` that is not there is -EINVAL. */
int playbooks_load(const char *folder, const struct catalogue *catalogue, struct playbook_set *ret_set,
                   struct error *error);
void playbooks_release(struct playbook_set *set);

const struct playbook *playbooks_find(const struct playbook_set *set, const char *id); /* or NULL */
const struct playbook_step *playbook_step_find(const struct playbook *playbook, const char *key);
/* By the id of a task, "playbook.step"; `ret_playbook` may be NULL. NULL when the data has it no more. */
const struct playbook_step *playbooks_step(const struct playbook_set *set, const char *task,
                                           const struct playbook **ret_playbook);
/* The one with this button, NULL when there is none. */
const struct playbook *playbooks_entry(const struct playbook_set *set, const char *id);

const char *playbook_role_word(enum playbook_role role);
const char *playbook_phase_word(enum playbook_phase phase);
/* Literals, for people. */
const char *playbook_role_label(enum playbook_role role, enum language language);
const char *playbook_phase_label(enum playbook_phase phase, enum language language);

/* {"id","version","title","kinds","entry"?,"steps":[…]} as the API shows it; without `steps` for the list. New reference. */
json_t *playbook_to_json(const struct playbook *playbook, bool steps);
