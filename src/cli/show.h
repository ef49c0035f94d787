/* SPDX-License-Identifier: EUPL-1.2 */
/* The nouns as lines for a person, from their JSON. */
#pragma once

#include "cli/cli.h"

void show_incident_line(const struct cli *cli, const json_t *incident);
/* The answer to incident.show: everything. */
void show_incident(const struct cli *cli, const json_t *whole);
/* With what it drops now, where its "rates" say. */
void show_measure(const struct cli *cli, const json_t *measure);
/* With what is left of its time limit. */
void show_obligation(const struct cli *cli, const json_t *obligation);
/* The answer to status. */
void show_status(const struct cli *cli, const json_t *status);

/* A text member, "–" when there is none. */
const char *show_word(const json_t *object, const char *key);
/* A state or gravity in the person's language; itself when it is not known here. */
const char *show_state(const struct cli *cli, const char *state);
/* A title and each of the list under it; nothing for an empty one. */
void show_each(const struct cli *cli, const char *title, const json_t *list,
               void (*show)(const struct cli *cli, const json_t *one));
