/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The edge's judgement as a whole: counters and samples in, measures and news out, one call a tick. Pure: time,
 * randomness and everything seen come as values; it touches no map, socket or file. It decides for each
 * service apart: detector (is it a flood), answer (what to do), ladder (when to undo).
 *
 * A tick's search spends ENGINE_EFFORT at most over all services (answer.h), about 20 ms; one that is cut goes on
 * in the next tick, another service first.
 *
 * Predicted cost of a measure: the fraction of normal packets, as sampled in calm and held in the baseline, that it would
 * drop, sources known as good spared where the measure spares them. Of a challenge: a newcomer's first
 * SYN waits for one more round trip and is not lost; two in a hundred newcomers are counted as unable to answer.
 * Actual cost: once its attack is gone, what still matches is normal traffic: matches a second in that time
 * divided by the normal packets a second. It is an upper bound (stragglers of the attack count as cost) and
 * stays negative until two such seconds were seen.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "edge/answer.h"
#include "edge/detector.h"
#include "edge/ladder.h"
#include "edge/shield.h"

struct engine_config {
        double floor_pps;
        double capacity_pps[SHIELD_SERVICES]; /* 0: not said */
        double hold_seconds;
        double max_measure_seconds;
        double learn_seconds;
        bool watch;                          /* only say what it would do: measures stand in shadow */
        uint8_t continent[SHIELD_COUNTRIES]; /* 1 to 7; 0 unknown */
        unsigned services;                   /* in use */
};

enum engine_owner { ENGINE_OWNER_EDGE, ENGINE_OWNER_PERSON, ENGINE_OWNER_ADOPTED };

/* Why a measure stands no more. */
enum engine_end { ENGINE_STANDS, ENGINE_LIFTED, ENGINE_EXPIRED, ENGINE_WIDENED, ENGINE_FORBIDDEN };

/* A measure as the engine holds it: index = slot of the plane. */
struct engine_measure {
        enum shield_kind kind; /* SHIELD_KIND_NONE: the slot is free */
        enum engine_owner owner;
        enum engine_end end; /* told once with ENGINE_MEASURE_ENDS; the slot is free from the next tick on */
        uint8_t service;
        bool spare_known;
        bool shadow;
        enum engine_end asked; /* a person asked for its end */
        struct shield_signature signature;
        uint64_t countries[4];
        uint32_t rate_pps;
        uint64_t until_ns;         /* expiry, prolonged only while its attack is seen */
        uint64_t attack;           /* serial of the attack it answers; 0: none */
        double share;              /* of the unexplained packets when it was derived */
        double attack_pps;         /* unexplained packets/s at that time */
        struct baseline_cost cost; /* predicted */
        double actual_cost;        /* negative while unknown */
        double matched_pps;        /* now, spared ones left out */
        struct ladder ladder;
        struct shield_slot_counters counters; /* since it stood */
        struct shield_slot_counters before;   /* the plane's, as of the last tick */
        bool noted;                           /* `before` is set */
};

enum engine_news_kind {
        ENGINE_ATTACK_BEGINS,
        ENGINE_ATTACK_CONTINUES, /* another kind of measure, twice the peak; another shape at most once a minute */
        ENGINE_ATTACK_ENDS,
        ENGINE_CROWD_BEGINS,
        ENGINE_CROWD_ENDS,
        ENGINE_MEASURE_STANDS, /* slot is to be filled and named in the plan */
        ENGINE_MEASURE_STAGE,  /* what it lets through changed */
        ENGINE_MEASURE_ENDS
};

struct engine_news {
        enum engine_news_kind kind;
        uint8_t service;
        uint8_t slot;    /* of a measure */
        uint64_t attack; /* serial */
        double rate_pps, normal_pps, peak_pps, confidence;
        uint64_t began_ns;      /* 0: before this engine was made */
        uint64_t seen_ns;       /* the last tick that saw more than is normal at most; 0: none yet */
        uint32_t classes;       /* bit n: enum shield_class n makes a hundredth of the excess or more */
        enum shield_class most; /* of the excess; SHIELD_CLASS_COUNT when there is none */
        uint32_t kinds; /* bit n: a measure of enum shield_kind n acts for this service, shadows left out */
        bool known_missing; /* early in the attack, packets of known-good sources fell below a third of normal */
        double share;       /* of what shape says; 0: no shape */
        struct shield_signature shape;
        bool by_known;
};

#define ENGINE_NEWS_MAX 128
#define ENGINE_EFFORT   200000

struct engine;

struct engine *engine_new(const struct engine_config *config,
                          const struct random *random); /* NULL: out of memory */
struct engine *engine_free(struct engine *engine);

/* A sample, before the tick that follows it. */
void engine_sample(struct engine *engine, const struct shield_sample *sample);

/* A person says that what is seen now is calm: learn it, tell no attack. */
void engine_teach(struct engine *engine, bool teach);

/*
 * One tick. `counters`: as they stand (they only grow; the engine takes differences; the first call only
 * notes them). Returns how many news were written, oldest first.
 */
size_t engine_tick(struct engine *engine, const struct shield_counters *counters, uint64_t now_ns,
                   struct engine_news ret_news[static ENGINE_NEWS_MAX]);

/* A measure by slot, and what the plan of a service should be now. */
const struct engine_measure *engine_measure_at(const struct engine *engine, unsigned slot);
struct shield_plan engine_plan(const struct engine *engine, unsigned service);

/*
 * A measure found standing at start, in its slot, or asked for by a person, in any free one: kind, owner, service,
 * selector, spare_known, shadow and until_ns count. 0; -ENOSPC: no slot or no place in the service's plan is free.
 */
int engine_adopt(struct engine *engine, unsigned slot, const struct engine_measure *measure, uint64_t now_ns);
int engine_ask(struct engine *engine, const struct engine_measure *measure, uint64_t now_ns,
               unsigned *ret_slot);

/* A person wants an adopted measure to be his: it stands until its expiry. */
void engine_claim(struct engine *engine, unsigned slot, uint64_t until_ns);

/* Ends it at the next tick. With `forbid` its like is not proposed again for this service (the last 32 count). */
int engine_lift(struct engine *engine, unsigned slot, bool forbid);

/* Predicted cost of a measure a person asks about, as a fraction of normal packets. */
struct baseline_cost engine_predict(const struct engine *engine, const struct engine_measure *measure);

bool engine_attacked(const struct engine *engine, unsigned service);
/* Seconds of calm learned, and what is normal. */
double engine_learned_s(const struct engine *engine, unsigned service);
double engine_normal_pps(const struct engine *engine, unsigned service);
/* A country's share of what is normal, 0 to 1. */
double engine_country_share(const struct engine *engine, unsigned service, uint8_t country);
/* Of ENGINE_EFFORT, what the last tick spent. */
unsigned engine_spent(const struct engine *engine);
