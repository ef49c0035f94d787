/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The catalogue of facts (data/facts): which facts there are, of what type, how a secretary is asked for each,
 * which answers are allowed and who would know. « Je ne sais pas » is always an answer. It is vocabulary
 * that the incident, its obligations and its playbooks share, so it lies with the nouns.
 *
 * File: {facts: [{name, type: boolean|number|text|choice|time, label: {fr, en}, question: {fr, en}, who: {fr, en},
 *        unit: {fr, en}?, least:? , most:?, by_person: true?, choices: [{word, label: {fr, en}}]?}]}
 */
#pragma once

#include "base/clock.h"
#include "flow/incident.h"

#define CATALOGUE_FACTS_MAX   INCIDENT_FACTS_MAX
#define CATALOGUE_CHOICES_MAX 16

#define FACT_TYPES(X)                                                                                        \
        X(BOOLEAN, "boolean") X(NUMBER, "number") X(TEXT, "text") X(CHOICE, "choice") X(TIME, "time")
#define FACT_TYPE_ENUM(name, word) FACT_TYPE_##name,
enum fact_type { FACT_TYPES(FACT_TYPE_ENUM) FACT_TYPE_COUNT };

struct fact_choice {
        char word[48]; /* what the fact holds */
        struct bitext label;
};

struct fact_kind {
        char name[64];
        enum fact_type type;
        struct bitext label;    /* short, for a form */
        struct bitext question; /* for the person at the desk */
        struct bitext who;      /* who would know */
        struct bitext unit;     /* of a number; {NULL, NULL} when it has none */
        double least, most;     /* of a number */
        bool by_person;         /* only a named person can settle it, never a sensor */
        struct fact_choice *choices;
        size_t choice_count;
};

struct catalogue {
        struct fact_kind *kinds; /* sorted by name; owned */
        size_t count;
};

/* Reads every *.yaml of the folder, e.g. paths_data("facts"). */
int catalogue_load(const char *folder, struct catalogue *ret_catalogue, struct error *error);
/*
 * One file's bytes: its facts added to what `catalogue` holds. A name twice is -EINVAL. After a failure those that have a
 * name and a type are there all the same, so that a check of other files knows of them; nothing else may rely on them.
 */
int catalogue_read(const char *name, const char *data, size_t length, struct catalogue *catalogue,
                   struct error *error);
void catalogue_release(struct catalogue *catalogue);

const struct fact_kind *catalogue_find(const struct catalogue *catalogue, const char *name); /* or NULL */

/* Whether a known fact of this kind may have this value. */
bool fact_value_fits(const struct fact_kind *kind, const json_t *value);

/* Whether the fact is in the catalogue, of its type, range and choices, and from somebody who may say it. */
int catalogue_check(const struct catalogue *catalogue, const struct fact *fact, struct error *error);

/*
 * A person's answer as typed: oui/non/yes/no/true/false, a number (French or English writing), a choice's word or
 * label, a time (RFC 3339, or "2020-03-22 11:05" in the zone of this machine), any text; "je ne sais pas", "?",
 * "inconnu", "i don't know", "unknown" for unknown. `at_ms` 0 means now. -EINVAL with what would be right.
 */
int catalogue_answer(const struct catalogue *catalogue, const char *name, const char *typed,
                     const char *author, int64_t at_ms, const struct clock *clock, struct fact *ret_fact,
                     struct error *error);

/*
 * A fact's value in words: "oui", "1 234 paquets/s", a choice's label, a time in this machine's zone with the zone named;
 * « je ne sais pas (inconnu à ce stade) » or « question pas encore posée ». `fact` NULL is not asked; `kind` may be NULL.
 */
int fact_text(const struct fact_kind *kind, const struct fact *fact, struct bitext *ret_text);

/* "4 964 292", "4,964,292"; from a thousand on without decimals, which say nothing there. */
int figure_text(double number, struct bitext *ret_text);

/* "dimanche 22 mars 2020 à 11 h 05 (CET)", "Sunday 22 March 2020 at 11:05 (CET)". */
int moment_text(int64_t wall_ms, struct bitext *ret_text);

/* Sensors and rules sign with the name of their room; whoever else signs is a person. "" is nobody. */
bool author_is_person(const char *author);
/* Who a sentence names: a person as he signed, "Garde" for its rooms, the settings, or a report from a button. */
const char *author_label(const char *author, enum language language);
