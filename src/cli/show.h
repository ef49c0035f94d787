/* SPDX-License-Identifier: EUPL-1.2 */
/* The nouns as lines for a person, from their JSON. */
#pragma once

#include "cli/cli.h"

void show_incident_line(const struct cli *cli, const json_t *incident);
/* The answer to incident.show: everything. */
void show_incident(const struct cli *cli, const json_t *whole);
void show_measure(const struct cli *cli, const json_t *measure);
/* With what is left of its time limit. */
void show_obligation(const struct cli *cli, const json_t *obligation);
/* The answer to status. */
void show_status(const struct cli *cli, const json_t *status);
