/* SPDX-License-Identifier: EUPL-1.2 */
/* What stands: places, plans, ladders, ends. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "edge/engine_state.h"
#include "edge/signature.h"

#define PATIENCE         3.0 /* holds are so much longer while other measures of the service see their attack */
#define CHALLENGE_LOSSES 0.02 /* newcomers taken to be unable to answer a challenge */

static struct ladder_config ladder_config_of(const struct engine *engine)
{
        return (struct ladder_config){
                .hold_s = engine->config.hold_seconds,
                .stage_s = engine->config.hold_seconds,
                .hold_max_s = fmax(engine->config.hold_seconds, engine->config.max_measure_seconds / 4),
                .expiry_s = engine->config.max_measure_seconds,
        };
}

static bool is_rung(enum shield_kind kind)
{
        return kind == SHIELD_KIND_CHALLENGE || kind == SHIELD_KIND_FENCE || kind == SHIELD_KIND_THROTTLE;
}

static bool stands(const struct engine_measure *measure)
{
        return measure->kind != SHIELD_KIND_NONE && measure->end == ENGINE_STANDS;
}

/* Whether the ladder may take it down: not what a person asked for, nor a throttle whoever set it. */
static bool is_own(const struct engine_measure *measure)
{
        return measure->owner != ENGINE_OWNER_PERSON && measure->kind != SHIELD_KIND_THROTTLE;
}

bool engine_measured(const struct engine *engine, unsigned service)
{
        for (size_t n = 0; n < SHIELD_SLOTS; n++) {
                const struct engine_measure *measure = &engine->measures[n];

                if (stands(measure) && measure->service == service && is_own(measure))
                        return true;
        }
        return false;
}

uint32_t engine_kinds(const struct engine *engine, unsigned service, bool acting)
{
        uint32_t kinds = 0;

        for (size_t n = 0; n < SHIELD_SLOTS; n++) {
                const struct engine_measure *measure = &engine->measures[n];

                if (stands(measure) && measure->service == service && !(acting && measure->shadow))
                        kinds |= 1u << measure->kind;
        }
        return kinds;
}

bool engine_has_kind(const struct engine *engine, unsigned service, enum shield_kind kind)
{
        return engine_kinds(engine, service, false) >> kind & 1;
}

/*
 * A plan has a list of signatures and one of rungs, of equal length. Signatures that their own list cannot hold
 * stand in the other, before the rungs; three places of it are kept for challenge, fence and throttle.
 */
unsigned engine_places_free(const struct engine *engine, unsigned service, bool rung)
{
        unsigned signatures = 0, rungs = 0;

        for (size_t n = 0; n < SHIELD_SLOTS; n++) {
                const struct engine_measure *measure = &engine->measures[n];

                if (!stands(measure) || measure->service != service)
                        continue;
                if (is_rung(measure->kind))
                        rungs++;
                else
                        signatures++;
        }
        unsigned spilt = signatures > SHIELD_PLAN_SLOTS ? signatures - SHIELD_PLAN_SLOTS : 0;
        unsigned kept = rungs > RUNGS_KEPT ? rungs : RUNGS_KEPT;

        if (rung)
                return spilt + rungs < SHIELD_PLAN_SLOTS ? SHIELD_PLAN_SLOTS - spilt - rungs : 0;
        return 2 * SHIELD_PLAN_SLOTS > signatures + kept ? 2 * SHIELD_PLAN_SLOTS - signatures - kept : 0;
}

static int slot_find(const struct engine *engine, unsigned *ret_slot)
{
        for (unsigned n = 0; n < SHIELD_SLOTS; n++) {
                if (engine->measures[n].kind != SHIELD_KIND_NONE)
                        continue;
                *ret_slot = n;
                return 0;
        }
        return -ENOSPC;
}

static void measure_begin(struct engine *engine, struct engine_measure *measure)
{
        struct ladder_config config = ladder_config_of(engine);

        ladder_init(&measure->ladder, &config, engine->now_ns);
        measure->actual_cost = -1;
        measure->end = measure->asked = ENGINE_STANDS;
        measure->noted = false;
        measure->counters = (struct shield_slot_counters){0};
}

bool engine_stand(struct engine *engine, unsigned service, const struct answer_proposal *proposal)
{
        const struct engine_service *state = &engine->services[service];
        unsigned slot;

        if (!engine_places_free(engine, service, is_rung(proposal->kind)) || slot_find(engine, &slot) < 0)
                return false;
        struct engine_measure *measure = &engine->measures[slot];

        *measure = (struct engine_measure){
                .kind = proposal->kind,
                .owner = ENGINE_OWNER_EDGE,
                .service = (uint8_t)service,
                .spare_known = !state->verdict.by_known,
                .shadow = engine->config.watch,
                .signature = proposal->signature,
                .until_ns = engine->now_ns + (uint64_t)(engine->config.max_measure_seconds * 1e9),
                .attack = state->serial,
                .share = proposal->share,
                .attack_pps = proposal->matched_pps,
                .matched_pps = proposal->matched_pps,
                .cost = proposal->cost,
        };
        memcpy(measure->countries, proposal->countries, sizeof(measure->countries));
        measure_begin(engine, measure);
        engine_tell(engine, ENGINE_MEASURE_STANDS, service)->slot = (uint8_t)slot;
        return true;
}

void engine_end(struct engine *engine, unsigned slot, enum engine_end end)
{
        struct engine_measure *measure = &engine->measures[slot];

        if (!stands(measure))
                return;
        measure->end = end;
        engine_tell(engine, ENGINE_MEASURE_ENDS, measure->service)->slot = (uint8_t)slot;
}

int engine_adopt(struct engine *engine, unsigned slot, const struct engine_measure *measure, uint64_t now_ns)
{
        if (slot >= SHIELD_SLOTS || measure->service >= SHIELD_SERVICES ||
            engine->measures[slot].kind != SHIELD_KIND_NONE ||
            !engine_places_free(engine, measure->service, is_rung(measure->kind)))
                return -ENOSPC;
        engine->now_ns = now_ns;
        engine->measures[slot] = *measure;
        measure_begin(engine, &engine->measures[slot]);
        /* The attack it answered was told before the restart; its end is still to be told. */
        if (is_own(measure))
                engine->services[measure->service].told = true;
        return 0;
}

int engine_ask(struct engine *engine, const struct engine_measure *measure, uint64_t now_ns,
               unsigned *ret_slot)
{
        unsigned slot;
        int r = slot_find(engine, &slot);

        if (r < 0)
                return r;
        bool told = engine->services[measure->service % SHIELD_SERVICES].told;
        r = engine_adopt(engine, slot, measure, now_ns);
        if (r < 0)
                return r;
        engine->services[measure->service].told = told;
        engine->measures[slot].cost = engine_predict(engine, measure);
        *ret_slot = slot;
        return 0;
}

void engine_claim(struct engine *engine, unsigned slot, uint64_t until_ns)
{
        struct engine_measure *measure = &engine->measures[slot];
        struct engine_service *service = &engine->services[measure->service];

        measure->owner = ENGINE_OWNER_PERSON;
        measure->until_ns = until_ns;
        /* It was taken for the trace of an attack that had been told; without another one there was none. */
        if (!service->attack && !engine_measured(engine, measure->service))
                service->told = false;
}

static void forbid(struct engine *engine, const struct engine_measure *measure)
{
        struct engine_service *service = &engine->services[measure->service];

        if (measure->kind == SHIELD_KIND_SIGNATURE)
                service->forbidden[service->forbidden_count++ % ENGINE_FORBIDDEN_MAX] = measure->signature;
        else
                service->forbidden_kind[measure->kind] = true;
}

int engine_lift(struct engine *engine, unsigned slot, bool forbid_too)
{
        if (slot >= SHIELD_SLOTS || !stands(&engine->measures[slot]))
                return -ENOENT;
        engine->measures[slot].asked = forbid_too ? ENGINE_FORBIDDEN : ENGINE_LIFTED;
        if (forbid_too)
                forbid(engine, &engine->measures[slot]);
        return 0;
}

const struct engine_measure *engine_measure_at(const struct engine *engine, unsigned slot)
{
        return &engine->measures[slot];
}

/* Rungs in the order of their mildness, which is that of their kinds; signatures come before all of them. */
struct shield_plan engine_plan(const struct engine *engine, unsigned service)
{
        struct shield_plan plan = {0};
        unsigned signatures = 0, rungs = 0;

        for (enum shield_kind kind = SHIELD_KIND_SIGNATURE; kind <= SHIELD_KIND_THROTTLE; kind++) {
                for (uint64_t n = 0; n < SHIELD_SLOTS; n++) {
                        const struct engine_measure *measure = &engine->measures[n];

                        if (!stands(measure) || measure->service != service || measure->kind != kind)
                                continue;
                        if (!is_rung(kind) && signatures < SHIELD_PLAN_SLOTS)
                                plan.signatures |= (n + 1) << (8 * signatures++);
                        else if (rungs < SHIELD_PLAN_SLOTS)
                                plan.rungs |= (n + 1) << (8 * rungs++);
                }
        }
        return plan;
}

static double fence_share(const struct engine *engine, const struct engine_measure *measure)
{
        const struct baseline *baseline = engine->services[measure->service].baseline;
        double share = 0;

        for (unsigned n = 0; n < SHIELD_COUNTRIES; n++)
                if (measure->countries[n / 64] >> (n % 64) & 1)
                        share += baseline_country_share(baseline, (uint8_t)n);
        return share;
}

static double unknown_rate(const struct baseline *baseline)
{
        double rate = 0;

        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++)
                rate += baseline_rate(baseline, n, false);
        return rate;
}

struct baseline_cost engine_predict(const struct engine *engine, const struct engine_measure *measure)
{
        const struct baseline *baseline = engine->services[measure->service].baseline;
        struct baseline_cost cost = {0};
        double total = baseline_total(baseline);

        switch (measure->kind) {
        case SHIELD_KIND_SIGNATURE:
                return baseline_cost(baseline, &measure->signature, measure->spare_known);
        case SHIELD_KIND_CHALLENGE:
                cost.newcomers = CHALLENGE_LOSSES;
                cost.packets_per_s = CHALLENGE_LOSSES * baseline_rate(baseline, SHIELD_CLASS_SYN, false);
                break;
        case SHIELD_KIND_FENCE:
                cost.newcomers = fence_share(engine, measure);
                cost.packets_per_s = cost.newcomers * unknown_rate(baseline);
                break;
        case SHIELD_KIND_THROTTLE:
                cost.packets_per_s = fmax(0, total - measure->rate_pps);
                break;
        default:
                break;
        }
        cost.fraction = total > 0 ? fmin(1, cost.packets_per_s / total) : 0;
        return cost;
}

static void measure_count(struct engine_measure *measure, const struct shield_slot_counters *now,
                          double seconds)
{
        struct shield_slot_counters *before = &measure->before, *sum = &measure->counters;

        /* A slot's counters begin anew with each measure; of an adopted one only what is new counts. */
        if (!measure->noted || now->matched < before->matched)
                *before = measure->owner == ENGINE_OWNER_ADOPTED ? *now : (struct shield_slot_counters){0};
        measure->noted = true;

        double matched = (double)(now->matched - before->matched) - (double)(now->spared - before->spared);

        sum->matched += now->matched - before->matched;
        sum->dropped += now->dropped - before->dropped;
        sum->dropped_bytes += now->dropped_bytes - before->dropped_bytes;
        sum->would_drop += now->would_drop - before->would_drop;
        sum->spared += now->spared - before->spared;
        measure->matched_pps = fmax(0, matched) / seconds;
        *before = *now;
}

static double normal_matches(const struct engine *engine, const struct engine_measure *measure)
{
        const struct engine_service *service = &engine->services[measure->service];

        if (measure->kind == SHIELD_KIND_CHALLENGE)
                return baseline_rate(service->baseline, SHIELD_CLASS_SYN, false);
        return measure->cost.packets_per_s;
}

/* Whether another measure of the service still sees its attack. */
static bool others_busy(const struct engine *engine, unsigned slot)
{
        for (unsigned n = 0; n < SHIELD_SLOTS; n++) {
                const struct engine_measure *measure = &engine->measures[n];

                if (n != slot && stands(measure) && measure->service == engine->measures[slot].service &&
                    is_own(measure) && measure->ladder.stage == LADDER_STANDING &&
                    measure->matched_pps > engine->config.floor_pps / 2)
                        return true;
        }
        return false;
}

static void measure_climb(struct engine *engine, unsigned slot, double seconds)
{
        struct engine_measure *measure = &engine->measures[slot];
        struct ladder_config config = ladder_config_of(engine);
        double total = baseline_total(engine->services[measure->service].baseline);
        bool moved = ladder_tick(&measure->ladder, &config, measure->matched_pps,
                                 normal_matches(engine, measure), engine->config.floor_pps,
                                 others_busy(engine, slot) ? PATIENCE : 1, seconds, engine->now_ns);

        if (measure->ladder.seen_ns == engine->now_ns)
                measure->until_ns = engine->now_ns + (uint64_t)(engine->config.max_measure_seconds * 1e9);
        double quiet = ladder_quiet_pps(&measure->ladder);
        if (quiet >= 0 && total > 0)
                measure->actual_cost = fmin(1, quiet / total);
        if (measure->ladder.stage >= LADDER_LIFTED)
                engine_end(engine, slot,
                           measure->ladder.stage == LADDER_LIFTED ? ENGINE_LIFTED : ENGINE_EXPIRED);
        else if (moved)
                engine_tell(engine, ENGINE_MEASURE_STAGE, measure->service)->slot = (uint8_t)slot;
}

void engine_measures_tick(struct engine *engine, const struct shield_counters *counters, double seconds)
{
        for (unsigned n = 0; n < SHIELD_SERVICES; n++)
                engine->services[n].would_drop = 0;
        for (unsigned n = 0; n < SHIELD_SLOTS; n++) {
                struct engine_measure *measure = &engine->measures[n];

                if (measure->end != ENGINE_STANDS)
                        *measure = (struct engine_measure){0};
                if (measure->kind == SHIELD_KIND_NONE)
                        continue;
                uint64_t let_through = measure->counters.would_drop;
                measure_count(measure, &counters->slot[n], seconds);
                engine->services[measure->service].would_drop +=
                        (double)(measure->counters.would_drop - let_through);
                if (measure->asked != ENGINE_STANDS)
                        engine_end(engine, n, measure->asked);
                else if (engine->now_ns >= measure->until_ns)
                        engine_end(engine, n, ENGINE_EXPIRED);
                else if (is_own(measure))
                        measure_climb(engine, n, seconds);
        }
}
