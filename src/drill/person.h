/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What people do in the exercise, at the scenario's times: under as-in-2020 the provider's steps, under both policies
 * the answers of the hospital's officer. They act through the hub as anybody would.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "drill/drill.h"
#include "drill/link.h"
#include "drill/scenario.h"

struct person {
        const struct scenario *scenario;
        const struct link *link;
        enum drill_policy policy;
        unsigned steps_done, answers_done;
};

/* Does what is due. `attack_ns`, `end_ns`: 0 while not yet; `incident` "" while there is none. */
int person_act(struct person *person, uint64_t now_ns, uint64_t attack_ns, uint64_t end_ns,
               const char *incident, struct error *error);

/* Whether everything has been done that was planned. */
bool person_is_done(const struct person *person);
