/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The exercise's line to Garde: starts garde-edge in the edge namespace and garde-hub in the present one, with a configuration of
 * their own, asks the hub, and plays the people who would ask for measures and answer questions. Nothing measured comes from here but what
 * only Garde can know: its findings, measures, incidents.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "drill/netns.h"
#include "drill/scenario.h"
#include "drill/workspace.h"

#define LINK_PERSON "Camille Martin (exercice)" /* who acts for people in the exercise */

struct link {
        pid_t hub, edge;
        char config[128], socket[128], log[128];
        char console[96];      /* address of the console, "" when there is none */
        char first_link[160];  /* to make its first account with */
        uint64_t resident_max; /* bytes, all daemons together, the most that was seen */
};

#define LINK_INIT                                                                                            \
        {                                                                                                    \
                0                                                                                            \
        }

/* Waits until hub and edge are there. `watch`: Garde only says what it would do. On failure nothing runs. */
int link_start(const struct scenario *scenario, const struct netns *edge, const struct workspace *workspace,
               bool watch, struct link *ret_link, struct error *error);
void link_stop(struct link *link);

/* -ECHILD when one of the daemons has ended. */
int link_alive(struct link *link, struct error *error);

/* Answers of the hub as hub/protocol.h has them; new references. */
int link_status(const struct link *link, json_t **ret_status, struct error *error);
int link_incident(const struct link *link, const char *id, json_t **ret_incident, struct error *error);
int link_measures(const struct link *link, json_t **ret_measures, struct error *error);

/* A measure for one service, until `seconds` from now at the latest. `selector` is borrowed. */
int link_ask(const struct link *link, const char *kind, const char *service, const json_t *selector,
             const char *why_fr, const char *why_en, unsigned seconds, struct error *error);
int link_lift(const struct link *link, const char *measure, struct error *error);
int link_answer(const struct link *link, const char *incident, const char *fact, const char *value,
                struct error *error);
/* Tells the journal which papers were made: name to SHA-256. `files` is borrowed. */
int link_declared(const struct link *link, const char *incident, const char *rule, json_t *files,
                  struct error *error);
/* Signs the journal's head. */
int link_seal(const struct link *link, struct error *error);

/* Adds up the daemons' resident memory, keeps the most. Returns bytes as of now. */
uint64_t link_resident(struct link *link);
