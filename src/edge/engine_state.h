/* SPDX-License-Identifier: EUPL-1.2 */
/* The engine's own: shared by engine.c (judging), engine_measure.c (what stands) and nobody else. */
#pragma once

#include "edge/engine.h"
#include "edge/evidence.h"

#define ENGINE_FORBIDDEN_MAX 32
#define RUNGS_KEPT           3 /* places of a plan's rungs that signatures leave alone */
#define ENGINE_SIGNATURES    (2 * SHIELD_PLAN_SLOTS - RUNGS_KEPT) /* of one service */
#define ENGINE_WINDOW_TICKS  10 /* of passing packets looked at for more answers */

/* Rates of one tick. */
struct engine_flow {
        double unknown, known, dropped, verified; /* packets */
        double passing;                           /* unknown and not dropped nor let through on purpose */
        double seconds;
};

struct engine_service {
        struct detector detector;
        struct evidence *evidence;
        struct baseline *baseline;
        uint64_t learned_rows; /* of evidence_added() */
        struct shield_service_counters before;
        double would_drop; /* packets let through by probation or shadow in this tick */
        struct engine_flow flow[ENGINE_WINDOW_TICKS];
        unsigned flow_count; /* ticks since the answer last changed, at most the window */

        struct detector_verdict verdict;
        bool attack, told; /* told: a beginning that has no end yet */
        bool crowd;
        uint64_t serial;
        uint64_t began_ns, told_ns, seen_ns;
        double peak_pps;
        double excess[SHIELD_CLASS_COUNT]; /* packets since it began */
        uint32_t told_kinds;               /* as of the last telling, and the peak then */
        double told_peak_pps;
        bool changed;     /* an answer more since then */
        double known_pps; /* of known-good sources, smoothed */
        bool known_missing;
        unsigned level;    /* of cost, rising while nothing cheaper helps */
        unsigned searched; /* of answer_effort, while a search goes on */
        unsigned stuck;    /* ticks in which the load did not fit and nothing could be added */
        struct shield_signature shape;
        double share;

        struct shield_signature forbidden[ENGINE_FORBIDDEN_MAX];
        size_t forbidden_count;
        bool forbidden_kind[SHIELD_KIND_THROTTLE + 1];
};

struct engine {
        struct engine_config config;
        struct random random;
        struct engine_service services[SHIELD_SERVICES];
        struct engine_measure measures[SHIELD_SLOTS];
        uint64_t serial;
        uint64_t now_ns;
        unsigned effort_left; /* in this tick */
        unsigned first;       /* the service that is judged first */
        unsigned cut;         /* the first one whose search was cut in this tick; of services: none */
        bool noted;
        bool teach;
        struct engine_news *news;
        size_t news_count;
};

struct engine_news *engine_tell(struct engine *engine, enum engine_news_kind kind, unsigned service);

/* Differences of the slots' counters, ladders, ends. Before judging. */
void engine_measures_tick(struct engine *engine, const struct shield_counters *counters, double seconds);

/* Whether measures that the edge itself put up stand for a service; and whether they see their attack. */
bool engine_measured(const struct engine *engine, unsigned service);
unsigned engine_places_free(const struct engine *engine, unsigned service, bool rung);
/* Bit n: a measure of kind n stands; with `acting`, one that is no shadow. */
uint32_t engine_kinds(const struct engine *engine, unsigned service, bool acting);
bool engine_has_kind(const struct engine *engine, unsigned service, enum shield_kind kind);

/* Puts up what was proposed. false: no place. */
bool engine_stand(struct engine *engine, unsigned service, const struct answer_proposal *proposal);
void engine_end(struct engine *engine, unsigned slot, enum engine_end end);
