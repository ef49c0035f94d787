/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A playbook as an OASIS CACAO Security Playbook, version 2.0 (committee specification 01, 27 November 2023), so that other
 * tools can read, show and exchange it. Every step is a "manual" action of one role's agent; a condition over facts
 * becomes an if-condition in STIX patterning over external variables, one a fact ("unknown" until it is answered); the
 * playbooks it goes with become playbook-actions.
 *
 * Ids are UUIDs version 5 (RFC 9562) in CACAO's own namespace, made from Garde's ids alone: the same playbook exports the
 * same bytes on every machine, and a new version keeps its ids and has a later "modified".
 */
#pragma once

#include <jansson.h>

#include "base/language.h"
#include "incident/playbook.h"

#define CACAO_UUID_SIZE 37 /* with the final NUL */

/* CACAO has one language a playbook. New reference; NULL when out of memory. */
json_t *cacao_from_playbook(const struct playbook *playbook, enum language language);

/* The UUID of a name of ours: "playbook:clic", "step:clic.mot-de-passe", "role:dsi" … */
void cacao_uuid(const char *name, char ret_uuid[static CACAO_UUID_SIZE]);
