/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What an exercise came to, and its forms: the object that measurements read (report.json), and the tables people
 * read. Pure.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "drill/drill.h"
#include "drill/effect.h"
#include "drill/tally.h"

struct outcome {
        const char *name; /* of the scenario; borrowed */
        enum drill_policy policy;
        struct effect effect;
        uint64_t lost; /* frames that never reached the edge */
        uint64_t sources;
        unsigned countries;
        int64_t detected_ms;    /* from the first attack packet to Garde's finding; -1: never */
        int64_t attack_wall_ms; /* wall clock of the first attack packet */
        int64_t end_wall_ms;    /* of the last */
        double reopened_s; /* from the last attack packet until nothing stood; negative: something still stands */
        unsigned relapses;
        uint64_t resident_bytes;
        struct tally tally;
        json_t *measures;    /* as of flow/measure.h, those that stood at some time; borrowed */
        json_t *incident;    /* as of flow/incident.h, or NULL; borrowed */
        json_t *obligations; /* as of flow/obligation.h, or NULL; borrowed */
        json_t *files;       /* name to path; borrowed */
};

/* The object of report.json. New reference; NULL when out of memory. */
json_t *outcome_to_json(const struct outcome *outcome);

/* One table from such an object; two side by side when `second` is not NULL. */
void outcome_table(struct buffer *buffer, const json_t *first, const json_t *second, bool english);
