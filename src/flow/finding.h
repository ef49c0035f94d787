/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * finding: what a sensor judged wrong, with evidence, a confidence and a why in plain words.
 *
 * JSON: {"id":"f_…","seen":RFC 3339,"sensor":"edge","kind":"flood","subject":"portail","phase":"begins",
 *        "confidence":0.98,"why":{"fr":…,"en":…},"evidence":{…}}
 * `kind` and `subject` together are what makes two findings speak of the same matter: the hub joins on them.
 */
#pragma once

#include <jansson.h>

#include "base/error.h"
#include "base/id.h"
#include "flow/text.h"

/* A matter has a course: the sensor says when it begins, what changed, and when it is over. */
#define FINDING_PHASES(X) X(BEGINS, "begins") X(CONTINUES, "continues") X(ENDS, "ends")

#define FINDING_SENSOR_PERSON "person" /* somebody who reported it, with or without an account */

#define FINDING_PHASE_ENUM(name, word) FINDING_PHASE_##name,
enum finding_phase { FINDING_PHASES(FINDING_PHASE_ENUM) FINDING_PHASE_COUNT };

struct finding {
        struct id id;
        int64_t seen_ms;  /* wall clock of the observation */
        char sensor[16];  /* the room that saw it: "edge" …, or FINDING_SENSOR_PERSON */
        char kind[32];    /* "flood", "flash-crowd" … */
        char subject[64]; /* name of the protected service, account, host … */
        enum finding_phase phase;
        double confidence; /* 0 to 1 */
        struct bitext why;
        json_t *evidence; /* object of figures with units in their names; owned; may be NULL */
};

void finding_release(struct finding *finding);
json_t *finding_to_json(const struct finding *finding);
/* Checks every field and its size; nothing is set on failure (-EINVAL, -ENOMEM). */
int finding_from_json(const json_t *json, struct finding *ret_finding, struct error *error);
const char *finding_phase_word(enum finding_phase phase);
