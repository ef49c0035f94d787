/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "edge/guard_private.h"
#include "edge/guard_words.h"
#include "edge/signature.h"

#define UNTIL_STEP_NS 1000000000ull /* an expiry is moved in the kernel in steps of this */

static const enum measure_kind kinds[] = {
        [SHIELD_KIND_SIGNATURE] = MEASURE_KIND_SIGNATURE,
        [SHIELD_KIND_CHALLENGE] = MEASURE_KIND_CHALLENGE,
        [SHIELD_KIND_FENCE] = MEASURE_KIND_FENCE,
        [SHIELD_KIND_THROTTLE] = MEASURE_KIND_THROTTLE,
};

static bool in_force(const struct guard *guard, unsigned slot)
{
        return id_is_set(&guard->measures[slot].id);
}

int64_t guard_wall_of(const struct guard *guard, uint64_t mono_ns)
{
        uint64_t now_ns = clock_mono_ns(&guard->clock);
        int64_t distance = mono_ns > now_ns ? (int64_t)((mono_ns - now_ns) / 1000000)
                                            : -(int64_t)((now_ns - mono_ns) / 1000000);

        return clock_wall_ms(&guard->clock) + distance;
}

static struct guard_words words_of(const struct guard *guard, const struct engine_news *news)
{
        int64_t now_ms = clock_wall_ms(&guard->clock);

        return (struct guard_words){
                .subject = guard->config.services[news->service].name,
                .began_ms = news->began_ns ? guard_wall_of(guard, news->began_ns) : now_ms,
                .ended_ms = news->seen_ns ? guard_wall_of(guard, news->seen_ns) : now_ms,
                .watch = guard->config.watch,
        };
}

static json_t *selector_of(const struct engine_measure *measure)
{
        if (measure->kind == SHIELD_KIND_SIGNATURE)
                return signature_to_json(&measure->signature, guard_words_country, NULL);
        if (measure->kind == SHIELD_KIND_THROTTLE)
                return json_pack("{s:I}", "rate_pps", (json_int_t)measure->rate_pps);
        if (measure->kind != SHIELD_KIND_FENCE)
                return json_object();
        json_t *countries = json_array();
        for (unsigned n = 0; countries && n < SHIELD_COUNTRIES; n++) {
                char code[SIGNATURE_CODE_SIZE];

                if (!(measure->countries[n / 64] >> (n % 64) & 1))
                        continue;
                guard_words_country(NULL, (uint8_t)n, code);
                json_array_append_new(countries, json_string(code));
        }
        return countries ? json_pack("{s:o}", "countries", countries) : NULL;
}

static enum measure_state state_of(const struct engine_measure *measure)
{
        switch (measure->end) {
        case ENGINE_STANDS:
                break;
        case ENGINE_EXPIRED:
                return MEASURE_STATE_EXPIRED;
        case ENGINE_FORBIDDEN:
                return MEASURE_STATE_REFUSED;
        default:
                return MEASURE_STATE_LIFTED;
        }
        if (measure->shadow)
                return MEASURE_STATE_PROPOSED;
        return ladder_pass_per_mille(measure->ladder.stage) ? MEASURE_STATE_PROBATION
                                                            : MEASURE_STATE_STANDING;
}

/* Figures that change from tick to tick. */
void guard_refresh(struct guard *guard, unsigned slot)
{
        const struct engine_measure *engine = engine_measure_at(guard->engine, slot);
        struct measure *measure = &guard->measures[slot];

        measure->state = state_of(engine);
        measure->until_ms = engine->end == ENGINE_STANDS ? guard_wall_of(guard, engine->until_ns)
                                                         : clock_wall_ms(&guard->clock);
        measure->pass_per_mille = ladder_pass_per_mille(engine->ladder.stage);
        measure->predicted_cost = engine->cost.fraction;
        measure->actual_cost = engine->actual_cost;
        measure->dropped = engine->counters.dropped;
        measure->would_drop = engine->counters.would_drop;
        measure->spared = engine->counters.spared;
}

static const struct id *finding_id(struct guard *guard, unsigned service)
{
        if (!id_is_set(&guard->matters[service].flood))
                id_make('f', &guard->clock, &guard->random, &guard->matters[service].flood);
        return &guard->matters[service].flood;
}

/* The noun of a measure the engine holds; what is set already (a person's words, an adopted id) stays. */
int guard_describe(struct guard *guard, unsigned slot)
{
        const struct engine_measure *engine = engine_measure_at(guard->engine, slot);
        struct measure *measure = &guard->measures[slot];
        int r = 0;

        if (!id_is_set(&measure->id))
                id_make('m', &guard->clock, &guard->random, &measure->id);
        if (engine->owner == ENGINE_OWNER_EDGE)
                measure->finding = *finding_id(guard, engine->service);
        measure->kind = kinds[engine->kind];
        memcpy(measure->subject, guard->config.services[engine->service].name, sizeof(measure->subject));
        if (!measure->owner[0])
                snprintf(measure->owner, sizeof(measure->owner), "edge");
        measure->since_ms = clock_wall_ms(&guard->clock);
        if (!measure->selector)
                measure->selector = selector_of(engine);
        if (!measure->why.fr)
                r = guard_words_measure(engine, &measure->why);
        guard_refresh(guard, slot);
        return r < 0 ? r : measure->selector ? 0 : -ENOMEM;
}

static void shield_of(const struct guard *guard, unsigned slot, struct shield_measure *ret_shield)
{
        const struct engine_measure *engine = engine_measure_at(guard->engine, slot);

        *ret_shield = (struct shield_measure){
                .kind = engine->kind,
                .flags = (engine->spare_known ? SHIELD_FLAG_SPARE_KNOWN : 0) |
                         (engine->shadow ? SHIELD_FLAG_SHADOW : 0) |
                         (engine->owner == ENGINE_OWNER_PERSON ? SHIELD_FLAG_PERSON : 0),
                .until_ns = engine->until_ns,
                .pass_threshold = ladder_pass_threshold(engine->ladder.stage),
                .rate_pps = engine->rate_pps,
                .signature = engine->signature,
        };
        memcpy(ret_shield->countries, engine->countries, sizeof(ret_shield->countries));
        memcpy(ret_shield->id, guard->measures[slot].id.text, sizeof(guard->measures[slot].id.text));
}

int guard_put(struct guard *guard, unsigned slot, struct error *error)
{
        struct shield_measure shield;

        shield_of(guard, slot, &shield);
        plane_reset_slot(guard->plane, slot);
        int r = plane_fill(guard->plane, slot, &shield);
        if (r < 0)
                return error_say(error, r, "la place %u du chemin des paquets ne peut pas être remplie : %m",
                                 "slot %u of the data path cannot be filled: %m", slot);
        return 0;
}

/* What may change in place: expiry and what probation lets through. */
static void slots_sync(struct guard *guard)
{
        for (unsigned n = 0; n < SHIELD_SLOTS; n++) {
                const struct engine_measure *engine = engine_measure_at(guard->engine, n);
                struct shield_measure *slot = plane_slot(guard->plane, n);

                if (engine->kind == SHIELD_KIND_NONE || engine->end != ENGINE_STANDS || !in_force(guard, n))
                        continue;
                uint32_t pass = ladder_pass_threshold(engine->ladder.stage);
                if (slot->pass_threshold != pass)
                        __atomic_store_n(&slot->pass_threshold, pass, __ATOMIC_RELAXED);
                if (engine->until_ns > slot->until_ns + UNTIL_STEP_NS || engine->until_ns < slot->until_ns)
                        __atomic_store_n(&slot->until_ns, engine->until_ns, __ATOMIC_RELAXED);
        }
}

static void plans_publish(struct guard *guard)
{
        for (unsigned n = 0; n < SHIELD_SERVICES; n++) {
                struct shield_plan plan = engine_plan(guard->engine, n), live = plane_plan(guard->plane, n);

                if (plan.signatures != live.signatures || plan.rungs != live.rungs)
                        plane_publish(guard->plane, n, &plan);
                plane_freeze(guard->plane, n, engine_attacked(guard->engine, n));
        }
}

static void event_finding(struct guard *guard, const struct finding *finding)
{
        if (guard->event_count < GUARD_EVENTS_MAX)
                guard->events[guard->event_count++] = (struct guard_event){.finding = finding};
}

static void event_measure(struct guard *guard, const struct measure *measure)
{
        if (guard->event_count < GUARD_EVENTS_MAX)
                guard->events[guard->event_count++] = (struct guard_event){.measure = measure};
}

static enum finding_phase phase_of(enum engine_news_kind kind)
{
        if (kind == ENGINE_ATTACK_BEGINS || kind == ENGINE_CROWD_BEGINS)
                return FINDING_PHASE_BEGINS;
        return kind == ENGINE_ATTACK_CONTINUES ? FINDING_PHASE_CONTINUES : FINDING_PHASE_ENDS;
}

static bool is_flood(enum engine_news_kind kind)
{
        return kind != ENGINE_CROWD_BEGINS && kind != ENGINE_CROWD_ENDS;
}

static int finding_tell(struct guard *guard, const struct engine_news *news)
{
        struct guard_words words = words_of(guard, news);
        bool flood = is_flood(news->kind);

        if (guard->finding_count >= GUARD_FINDINGS_MAX)
                return 0;
        struct finding *finding = &guard->findings[guard->finding_count];
        *finding = (struct finding){
                .seen_ms = clock_wall_ms(&guard->clock),
                .phase = phase_of(news->kind),
                .confidence = flood ? news->confidence : 0.3,
                .evidence = guard_evidence(guard, news),
        };
        if (!finding->evidence)
                return -ENOMEM;
        if (news->kind == ENGINE_ATTACK_BEGINS)
                finding->id = *finding_id(guard, news->service);
        else
                id_make('f', &guard->clock, &guard->random, &finding->id);
        if (news->kind == ENGINE_ATTACK_ENDS)
                guard->matters[news->service].flood.text[0] = '\0';
        snprintf(finding->sensor, sizeof(finding->sensor), "edge");
        snprintf(finding->kind, sizeof(finding->kind), "%s", flood ? "flood" : "flash-crowd");
        snprintf(finding->subject, sizeof(finding->subject), "%s", words.subject);
        int r = guard_words_news(&words, news, &finding->why);
        if (r < 0) {
                finding_release(finding);
                return r;
        }
        guard->finding_count++;
        event_finding(guard, finding);
        return 0;
}

static int measure_tell(struct guard *guard, const struct engine_news *news, struct error *error)
{
        int r = 0;

        if (news->kind == ENGINE_MEASURE_STANDS) {
                measure_release(&guard->measures[news->slot]);
                guard->nameless &= ~(1ull << news->slot);
                r = guard_describe(guard, news->slot);
                if (r < 0)
                        return error_say(error, r, "mémoire insuffisante pour une mesure",
                                         "no memory for a measure");
                r = guard_put(guard, news->slot, error);
        }
        if (r < 0)
                return r;
        guard_refresh(guard, news->slot);
        if (news->kind == ENGINE_MEASURE_ENDS)
                guard->ended |= 1ull << news->slot;
        event_measure(guard, &guard->measures[news->slot]);
        return 0;
}

/* Beginnings first, so that a measure's finding is known before it; ends last. */
static int news_tell(struct guard *guard, const struct engine_news *news, size_t count, struct error *error)
{
        for (unsigned pass = 0; pass < 3; pass++) {
                for (size_t n = 0; n < count; n++) {
                        bool measure = news[n].kind >= ENGINE_MEASURE_STANDS;
                        bool ends = news[n].kind == ENGINE_ATTACK_ENDS || news[n].kind == ENGINE_CROWD_ENDS;
                        int r = 0;

                        if (pass == 1 && measure)
                                r = measure_tell(guard, &news[n], error);
                        else if (!measure && pass == (ends ? 2 : 0))
                                r = finding_tell(guard, &news[n]);
                        if (r < 0)
                                return r;
                }
        }
        return 0;
}

static void events_forget(struct guard *guard)
{
        for (size_t n = 0; n < guard->finding_count; n++)
                finding_release(&guard->findings[n]);
        for (unsigned n = 0; n < SHIELD_SLOTS; n++)
                if (guard->ended >> n & 1)
                        measure_release(&guard->measures[n]);
        guard->ended = 0;
        guard->finding_count = guard->event_count = 0;
}

static void take_sample(void *context, const struct shield_sample *sample)
{
        struct guard *guard = context;

        engine_sample(guard->engine, sample);
        toll_sample(&guard->matters[sample->features.service].sum, sample);
}

static void counters_read(struct guard *guard)
{
        struct shield_counters *before = guard->counters;

        guard->counters = guard->before;
        guard->before = before;
        plane_read(guard->plane, guard->counters);
}

/* This tick is part of every sum before the news are told, and of none afterwards where all is calm. */
static void floods_count(struct guard *guard, uint64_t now_ns)
{
        double seconds = (double)(now_ns - guard->tick_ns) / 1e9;

        for (unsigned n = 0; guard->tick_ns && n < SHIELD_SERVICES; n++)
                if (guard->config.services[n].name[0])
                        toll_count(&guard->matters[n].sum, &guard->before->service[n],
                                   &guard->counters->service[n], seconds);
        guard->tick_ns = now_ns;
}

static void floods_forget(struct guard *guard)
{
        for (unsigned n = 0; n < SHIELD_SERVICES; n++)
                if (guard->matters[n].sum.counted && !engine_attacked(guard->engine, n))
                        toll_reset(&guard->matters[n].sum, &guard->random);
}

int guard_tick(struct guard *guard, const struct guard_event **ret_events, struct error *error)
{
        struct engine_news news[ENGINE_NEWS_MAX];

        events_forget(guard);
        counters_read(guard);
        int r = plane_samples(guard->plane, take_sample, guard);
        if (r < 0)
                return error_say(error, r,
                                 "les échantillons du chemin des paquets ne peuvent pas être lus : %m",
                                 "the samples of the data path cannot be read: %m");
        size_t count = engine_tick(guard->engine, guard->counters, clock_mono_ns(&guard->clock), news);
        floods_count(guard, clock_mono_ns(&guard->clock));
        r = news_tell(guard, news, count, error);
        if (r < 0)
                return r;
        floods_forget(guard);
        plans_publish(guard);
        slots_sync(guard);
        *ret_events = guard->events;
        return (int)guard->event_count;
}

void guard_teach(struct guard *guard, bool teach)
{
        engine_teach(guard->engine, teach);
}

size_t guard_measures(struct guard *guard, const struct measure **ret_measures, size_t cap)
{
        size_t count = 0;

        for (unsigned n = 0; n < SHIELD_SLOTS && count < cap; n++) {
                if (!in_force(guard, n) || guard->ended >> n & 1)
                        continue;
                guard_refresh(guard, n);
                ret_measures[count++] = &guard->measures[n];
        }
        return count;
}

const struct shield_slot_counters *guard_measure_counters(const struct guard *guard,
                                                          const struct measure *measure)
{
        return &engine_measure_at(guard->engine, (unsigned)(measure - guard->measures))->counters;
}

uint64_t guard_read_ns(const struct guard *guard)
{
        return guard->tick_ns;
}

const struct shield_counters *guard_counters(const struct guard *guard)
{
        return guard->counters;
}

bool guard_attacked(const struct guard *guard, unsigned service)
{
        return engine_attacked(guard->engine, service);
}

double guard_normal_pps(const struct guard *guard, unsigned service)
{
        return engine_normal_pps(guard->engine, service);
}
