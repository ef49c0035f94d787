/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * desk: where findings, people's answers and reports on measures become incidents, obligations and records. Each
 * call writes its records in one batch: on return everything is on disk and the casebook says so, or nothing
 * changed. The deciding itself is pure and lies in incident/ and obligation/.
 */
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "flow/catalogue.h"
#include "flow/finding.h"
#include "flow/measure.h"
#include "flow/record.h"
#include "hub/casebook.h"
#include "incident/playbook.h"
#include "obligation/rule.h"

struct journal;
struct desk;

#define DESK_LIFTED_MAX 1024 /* measures people took down, remembered until the edge has told their end */

struct desk_options {
        struct journal *journal; /* all borrowed; must outlive the desk */
        const struct clock *clock;
        const struct random *random;
        const struct catalogue *catalogue;
        const struct rule_set *rules;
        const struct playbook_set *playbooks; /* NULL: incidents have no tasks */
        int64_t join_window_ms;
        const char *structure_kind; /* a choice of the fact structure.kind; NULL: not known */
};

int desk_new(const struct desk_options *options, struct desk **ret_desk, struct error *error);
struct desk *desk_free(struct desk *desk); /* NULL */

struct casebook *desk_book(const struct desk *desk);

/* The casebook anew from the journal: after an erasure the text must not live on in memory. */
int desk_reload(struct desk *desk, struct error *error);

/*
 * A finding arrives, perhaps for the second time (then nothing changes). *ret_incident is where it belongs; untouched when
 * it is the end of an attack that nobody saw a packet of: that is written down and opens nothing.
 */
int desk_finding(struct desk *desk, const struct finding *finding, struct id *ret_incident,
                 struct error *error);

/* A person opens an incident by hand. */
struct desk_opening {
        const char *kind;    /* "outage", "phishing"…: [a-z0-9-]+ */
        const char *subject; /* what is hit; "" is the structure itself */
        const json_t *title; /* {"fr","en"}, one of them may be missing; NULL: made from kind and subject */
        const char *author;
        int64_t at_ms; /* when it began; 0 is now */
};
int desk_open(struct desk *desk, const struct desk_opening *opening, struct id *ret_incident,
              struct error *error);

/* What a sensor sent and nobody can read: kept as it came, so that it is neither lost nor sent for ever. */
int desk_unreadable(struct desk *desk, const char *sensor, const json_t *message, const char *why,
                    struct error *error);

/* A sensor reports a measure of its own: applied, changed, ended. Takes the incident from its finding. */
int desk_measure(struct desk *desk, const char *change, const struct measure *measure, struct error *error);

/*
 * What stands at the edge, as its traffic report names it ("services", hub/protocol.h). A report of an end can get lost
 * with a process that is killed: whatever was lifted, or whose time is over, and does not stand there has ended.
 */
int desk_standing(struct desk *desk, const json_t *services, struct error *error);

/*
 * A person answers. `typed` as catalogue_answer(); `at_ms` 0 is now, earlier is back-entry from paper.
 * -ENOENT no such incident; -EINVAL the answer, with what would be right.
 */
int desk_fact(struct desk *desk, const char *incident, const char *name, const char *typed,
              const char *author, int64_t at_ms, struct error *error);
int desk_gravity(struct desk *desk, const char *incident, enum gravity gravity, const char *author,
                 struct error *error);

/*
 * Without a reason -EBUSY while a duty is owed or may yet fall due, or no person decided the gravity; the sentence says what. What was
 * left open stands in the record.
 */
int desk_close(struct desk *desk, const char *incident, const char *author, const char *reason,
               struct error *error);
/* Opens a closed one again, with what it owes as its facts are now. -EALREADY when it is open. */
int desk_reopen(struct desk *desk, const char *incident, const char *author, const char *reason,
                struct error *error);

/* People's measures: written down first, then part of what the edge is told to do. */
int desk_lift(struct desk *desk, const char *measure, const char *author, const char *reason,
              struct error *error);
/*
 * A measure stands longer: the same again in this person's name, until then; what it was before, when it was a person's,
 * is lifted. -EALREADY when it has ended.
 */
int desk_prolong(struct desk *desk, const char *measure, int64_t until_ms, const char *author,
                 const char *reason, struct id *ret_measure, struct error *error);
int desk_ask(struct desk *desk, const json_t *asked, struct id *ret_measure, struct error *error);

/* `filing->at_ms` 0 is now; `late_reason` is kept beside the record. As duty_file(). */
int desk_file(struct desk *desk, const char *obligation, const struct filing *filing, const char *late_reason,
              struct error *error);
int desk_waive(struct desk *desk, const char *obligation, const char *author, const char *reason,
               struct error *error);
/*
 * One record that changes no noun: a note, a decision, a handover. `text` is what a person typed, kept beside it; `at_ms` 0 is now,
 * earlier is back-entry. With an incident: -ENOENT when there is none, -EINVAL without a person's name.
 */
struct desk_entry {
        const char *incident; /* id; NULL for what belongs to none */
        enum record_type type;
        const char *author;
        int64_t at_ms;
        json_t *body;     /* object, borrowed; "at" is put into it */
        const char *text; /* NULL or "": none */
        json_t *personal; /* instead of `text`: object of name to text, borrowed; NULL: none */
};
int desk_write(struct desk *desk, const struct desk_entry *entry, uint64_t *ret_seq, struct error *error);

/* Papers were made: `files` is an object of name to SHA-256. */
int desk_declared(struct desk *desk, const char *incident, const char *rule, const char *author,
                  const json_t *files, uint64_t *ret_seq, struct error *error);

/* Whether a person has asked for its end; it may stand until the edge hears of it. */
bool desk_lift_is_asked(const struct desk *desk, const char *measure);

/* {"type":"desired",…} as hub/protocol.h says. New reference; NULL when out of memory. */
json_t *desk_desired(const struct desk *desk);
