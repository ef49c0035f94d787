/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * out_event: which records are news for outside, and what is said of them. By default ids, kinds, gravity, times and titles; nothing that
 * a person typed freely but what is published anyway. Pure.
 *
 *   {"v":1,"event":"gravity","at":…,"structure":"…","tlp":"amber",
 *    "incident":{"id","kind","title":{fr,en},"state","gravity","opened","closed"}, "obligation":{"id","rule","title","recipient",
 *    "state","due"}, "measure":{"id","kind","state","expires"}, "text":{fr,en}, "personal":{"subject"}}
 * Members that do not apply are missing.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "flow/incident.h"
#include "flow/obligation.h"
#include "flow/record.h"
#include "service/config.h"

#define OUT_EVENT_ENUM(name, word) OUT_EVENT_##name,
enum out_event { CONFIG_EVENTS(OUT_EVENT_ENUM) OUT_EVENT_COUNT };
const char *out_event_word(enum out_event event);

/* False: no news. `ret_incident` gets the incident it is of, "" when the record does not say. */
bool out_event_of(const struct record *record, enum out_event *ret_event,
                  char ret_incident[static ID_TEXT_SIZE]);

struct out_news {
        const char *event; /* its word */
        int64_t at_ms;
        const char *structure;
        const struct incident *incident;     /* NULL: none */
        const struct obligation *obligation; /* NULL: none */
        const struct record *record;         /* for measure and text; NULL: none */
};
/* As that target may read it. New reference, NULL when out of memory. */
json_t *out_event_payload(const struct out_news *news, const struct config_target *target);

/* Whether the target wants it. */
bool out_event_is_wanted(const struct config_target *target, const char *event);
