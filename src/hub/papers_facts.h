/* SPDX-License-Identifier: EUPL-1.2 */
/* What the papers of one incident are made from, as the hub tells it (hub/protocol.h, declaration.study). */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "flow/incident.h"
#include "flow/measure.h"
#include "flow/obligation.h"
#include "journal/head.h"

struct papers_facts {
        struct incident incident;
        struct measure *measures; /* owned, like the rest */
        size_t measure_count;
        struct obligation *obligations;
        size_t obligation_count;
        struct head head;
        bool headed; /* a head was signed */
};

/*
 * {"incident":{…},"measures":[…],"obligations":[…],"head":{…}|null}; other members are passed over. -EINVAL for what is no
 * incident; measures and obligations that cannot be read are left out. -ENOMEM.
 */
int papers_facts_read(const json_t *told, struct papers_facts *ret_facts, struct error *error);
void papers_facts_release(struct papers_facts *facts);
