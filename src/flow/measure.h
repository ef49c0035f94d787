/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * measure: something done about a finding. Always a selector, a reason, an owner, an expiry and a cost to
 * normal use that was predicted before it stood. A sensor applies, checks and lifts it.
 *
 * JSON: {"id":"m_…","incident":"i_…"|null,"finding":"f_…"|null,"kind":"signature","subject":"portail",
 *        "selector":{…},"why":{"fr":…,"en":…},"owner":"edge","state":"standing","since":RFC 3339,
 *        "until":RFC 3339,"pass_per_mille":0,"predicted_cost":0.0004,"actual_cost":0.0001|null,
 *        "dropped":123,"would_drop":4,"spared":5}
 */
#pragma once

#include <jansson.h>

#include "base/error.h"
#include "base/id.h"
#include "flow/text.h"

/*
 * challenge: prove your address first (TCP safe reset, RFC 9293 SYN-SENT).
 * signature: packets that look like this. fence: sources of these countries, known-good ones pass.
 * throttle: so many packets a second to this service.
 */
#define MEASURE_KINDS(X)                                                                                     \
        X(SIGNATURE, "signature") X(CHALLENGE, "challenge") X(FENCE, "fence") X(THROTTLE, "throttle")

/*
 * proposed: cost known, not applied. standing: applied. probation: samples are let through to see whether
 * it is still needed. lifted: taken down in order. expired: ran out. refused: a person forbade it.
 */
#define MEASURE_STATES(X)                                                                                    \
        X(PROPOSED, "proposed")                                                                              \
        X(STANDING, "standing")                                                                              \
        X(PROBATION, "probation") X(LIFTED, "lifted") X(EXPIRED, "expired") X(REFUSED, "refused")

#define MEASURE_KIND_ENUM(name, word)  MEASURE_KIND_##name,
#define MEASURE_STATE_ENUM(name, word) MEASURE_STATE_##name,
enum measure_kind { MEASURE_KINDS(MEASURE_KIND_ENUM) MEASURE_KIND_COUNT };
enum measure_state { MEASURE_STATES(MEASURE_STATE_ENUM) MEASURE_STATE_COUNT };

struct measure {
        struct id id;
        struct id incident; /* unset until the hub says which */
        struct id finding;  /* what it answers; unset when a person asked for it */
        enum measure_kind kind;
        char subject[64]; /* the protected service */
        json_t *selector; /* what it matches, in words and numbers; owned */
        struct bitext why;
        char owner[64]; /* "edge" when it acted on its own, else a person's name */
        enum measure_state state;
        int64_t since_ms;        /* wall clock; when it first stood */
        int64_t until_ms;        /* expiry, or when it ended */
        unsigned pass_per_mille; /* let through on purpose: 0 standing; 10, 100, 1000 on probation */
        double predicted_cost;   /* fraction of normal traffic it would drop, 0 to 1 */
        double actual_cost;      /* measured likewise afterwards; negative while unknown */
        uint64_t dropped;        /* packets */
        uint64_t would_drop;     /* packets that matched and were let through by probation */
        uint64_t spared;         /* packets that matched and passed because their source is known good */
};

void measure_release(struct measure *measure);
json_t *measure_to_json(const struct measure *measure);
int measure_from_json(const json_t *json, struct measure *ret_measure, struct error *error);
int measure_copy(struct measure *to, const struct measure *from);
const char *measure_kind_word(enum measure_kind kind);
const char *measure_state_word(enum measure_state state);
