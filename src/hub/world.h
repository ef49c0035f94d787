/* SPDX-License-Identifier: EUPL-1.2 */
/* world: what the acts may touch. Filled in by the hub's daemon; every part is borrowed and outlives the acts. */
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "flow/catalogue.h"
#include "hub/act.h"
#include "hub/desk.h"
#include "hub/traffic.h"
#include "hub/watch.h"
#include "service/config.h"

struct courier;
struct journal;
struct people;
struct retention;
struct letters;
struct playbook_set;

struct world {
        struct desk *desk;
        struct journal *journal;
        struct people *people; /* accounts, sessions, approvals (people/people.h); NULL: socket alone */
        const struct catalogue *catalogue;
        const struct rule_set *rules;
        const struct playbook_set *playbooks;
        struct letters *letters; /* batches being printed (hub/letters.h); NULL: none can be */
        const struct config *config;
        const struct clock *clock;
        const struct random *random;
        struct watch *watch;
        struct courier *courier;     /* what leaves the house; NULL: nothing does */
        struct retention *retention; /* NULL: nothing is erased by itself */
        struct traffic traffic;      /* what the edge reported of the last seconds */
        bool edge_connected;
        char state[4096]; /* STATE/hub: where rooms keep what is not the journal's (people.db, letters/) */
        void (*tell_edge)(void *context); /* what should stand has changed; may be NULL */
        void *tell_edge_context;
        /* Keeps the call for a second person: 0 after filling out["approval"]; NULL: nobody could agree. */
        int (*ask_approval)(struct act_call *call);
};

/* Those that stand, with what the edge counted since it last reported a change of them. New reference. */
json_t *world_measures(const struct world *world);

/* Says beside an open measure ("lift_asked") whether a person has asked for its end: while the edge is away it stands on. */
void world_mark_measure(const struct world *world, json_t *measure);

/* {"time","structure","edge","measures","incidents","journal"}: hub/protocol.h, "status". New reference. */
json_t *world_status(const struct world *world);

/* What should stand at the edge may have changed. */
void world_tell_edge(const struct world *world);

/* Signs the journal's head after a legal act; a failure is logged. */
void world_seal(const struct world *world);
