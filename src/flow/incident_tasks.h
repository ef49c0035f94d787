/* SPDX-License-Identifier: EUPL-1.2 */
/* The playbooks and tasks of an incident's JSON. A part of flow/incident.h, which says what they are. */
#pragma once

#include "flow/field.h"
#include "flow/incident.h"

void incident_tasks_release(struct incident *incident);
/* New references; NULL when out of memory. */
json_t *incident_playbooks_json(const struct incident *incident);
json_t *incident_tasks_json(const struct incident *incident);
/* Both keys; either may be missing. Faults go to the fields. */
void incident_tasks_read(struct fields *fields, struct incident *incident);
