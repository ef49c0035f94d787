/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/engine.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "edge/engine_state.h"

#define LEARN_DELAY_NS   2000000000ull /* a sample becomes normal only when the calm outlasts it by this */
#define KNOWN_FLOOR      25.0  /* floors of known-good sources: downloads and speed tests are no floods */
#define FIT_FLOOR        20.0  /* part of the floor that may remain of an attack */
#define FIT_FLOOR_COLD   4.0   /* the same while nobody knows how many visitors are normal */
#define FIT_ATTACK       0.003 /* or of its packets */
#define STUCK_TICKS      3     /* before a costlier answer is sought */
#define ROWS_LEAST       8     /* samples worth an answer */
#define YOUNG_NS         1000000000ull
#define CONTINUES_NS     1000000000ull   /* between two tellings at least */
#define CONTINUES_MANY   60000000000ull  /* when only shapes changed: the journal is read by people */
#define KIND_SHARE       0.01            /* of the excess, to be named */
#define KNOWN_NS         600000000000ull /* later, fewer known ones may be the hour of the day */
#define KNOWN_SMOOTH_S   10.0
#define KNOWN_LEAST      20.0 /* normal packets/s of known ones, below which their absence says nothing */
#define CHALLENGE_GREAT  4.0  /* floors of connection requests that are challenged at once */
#define CHALLENGE_SHARE  0.2  /* of what is left is TCP connection requests */
#define TICK_SECONDS_MIN 0.001

_Static_assert(ENGINE_EFFORT >= ANSWER_EFFORT_LEAST, "the first service can search one class to its end");

/* What may be lost at each level: each signature of normal packets, of newcomers; all together. */
struct level {
        double cost, newcomers, all;
};

static const struct level levels[] = {
        {0.0004, 0.02, 0.0007},
        {0.0015, 0.05, 0.003},
        {0.01, 0.2, 0.03},
};
static const struct level fence_level = {1, 0.3, 1};

struct engine *engine_new(const struct engine_config *config, const struct random *random)
{
        struct engine *engine = calloc(1, sizeof(*engine));
        struct detector_config detector = {
                .floor_pps = config->floor_pps,
                .known_floor_pps = config->floor_pps * KNOWN_FLOOR,
                .learn_seconds = config->learn_seconds,
        };

        if (!engine)
                return NULL;
        engine->config = *config;
        engine->random = *random;
        engine->effort_left = ENGINE_EFFORT;
        if (engine->config.services > SHIELD_SERVICES)
                engine->config.services = SHIELD_SERVICES;
        for (unsigned n = 0; n < engine->config.services; n++) {
                struct engine_service *service = &engine->services[n];

                detector_init(&service->detector, &detector);
                service->evidence = evidence_new();
                service->baseline = baseline_new();
                if (!service->evidence || !service->baseline)
                        return engine_free(engine);
        }
        return engine;
}

struct engine *engine_free(struct engine *engine)
{
        if (!engine)
                return NULL;
        for (unsigned n = 0; n < SHIELD_SERVICES; n++) {
                evidence_free(engine->services[n].evidence);
                baseline_free(engine->services[n].baseline);
        }
        free(engine);
        return NULL;
}

void engine_sample(struct engine *engine, const struct shield_sample *sample)
{
        if (sample->features.service < engine->config.services)
                evidence_add(engine->services[sample->features.service].evidence, sample);
}

void engine_teach(struct engine *engine, bool teach)
{
        engine->teach = teach;
}

static uint32_t excess_classes(const struct engine_service *service, enum shield_class *ret_most)
{
        double all = 0;
        uint32_t classes = 0;

        *ret_most = SHIELD_CLASS_COUNT;
        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++) {
                all += service->excess[n];
                if (service->excess[n] > 0 &&
                    (*ret_most == SHIELD_CLASS_COUNT || service->excess[n] > service->excess[*ret_most]))
                        *ret_most = n;
        }
        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++)
                if (service->excess[n] > 0 && service->excess[n] >= KIND_SHARE * all)
                        classes |= 1u << n;
        return classes;
}

/* The last place is written again and again when full: what stands matters more than the telling. */
struct engine_news *engine_tell(struct engine *engine, enum engine_news_kind kind, unsigned service)
{
        size_t place = engine->news_count < ENGINE_NEWS_MAX ? engine->news_count++ : ENGINE_NEWS_MAX - 1;
        const struct engine_service *state = &engine->services[service];
        struct engine_news *news = &engine->news[place];

        *news = (struct engine_news){
                .kind = kind,
                .service = (uint8_t)service,
                .slot = SHIELD_NO_SLOT,
                .attack = state->serial,
                .rate_pps = state->verdict.rate_pps,
                .normal_pps = state->verdict.normal_pps,
                .peak_pps = state->peak_pps,
                .confidence = state->verdict.confidence,
                .began_ns = state->began_ns,
                .seen_ns = state->seen_ns,
                .kinds = engine_kinds(engine, service, true),
                .known_missing = state->known_missing,
                .share = state->share,
                .shape = state->shape,
                .by_known = state->verdict.by_known,
        };
        news->classes = excess_classes(state, &news->most);
        return news;
}

static void service_counts(struct engine_service *service, const struct shield_service_counters *now,
                           struct detector_counts *counts)
{
        const struct shield_service_counters *before = &service->before;

        for (unsigned n = 0; n < SHIELD_CLASS_COUNT; n++) {
                double packets = (double)(now->by_class[n].packets - before->by_class[n].packets);

                counts->known[n] = (double)(now->by_class[n].known - before->by_class[n].known);
                counts->unknown[n] = fmax(0, packets - counts->known[n]);
                counts->dropped[n] = (double)(now->by_class[n].dropped - before->by_class[n].dropped);
        }
        counts->verified = (double)(now->verified - before->verified);
}

static void service_flow(struct engine_service *service, const struct detector_counts *counts, double seconds)
{
        struct engine_flow flow = {.seconds = seconds, .verified = counts->verified};

        for (unsigned n = 0; n < SHIELD_CLASS_COUNT; n++) {
                flow.unknown += counts->unknown[n];
                flow.known += counts->known[n];
                flow.dropped += counts->dropped[n];
        }
        double arriving = service->verdict.by_known ? flow.unknown + flow.known : flow.unknown;
        flow.passing = fmax(0, arriving - flow.dropped - service->would_drop);
        memmove(&service->flow[1], &service->flow[0], sizeof(service->flow) - sizeof(service->flow[0]));
        service->flow[0] = flow;
        if (service->flow_count < ENGINE_WINDOW_TICKS)
                service->flow_count++;
}

/* Samples become part of what is normal when the calm has outlasted them; those of an uneasy time never do. */
static void service_learn(struct engine *engine, struct engine_service *service,
                          const struct detector_counts *counts, double seconds)
{
        uint64_t added = evidence_added(service->evidence), unread = added - service->learned_rows;

        if (!service->verdict.calm) {
                service->learned_rows = added;
                return;
        }
        baseline_learn_rates(service->baseline, counts->unknown, counts->known, seconds);
        if (unread > evidence_count(service->evidence))
                unread = evidence_count(service->evidence);
        for (; unread; unread--) {
                const struct evidence_row *row = evidence_at(service->evidence, unread - 1);

                if (row->time_ns + LEARN_DELAY_NS > engine->now_ns)
                        break;
                baseline_learn_sample(service->baseline, &row->features, row->weight, row->known,
                                      &engine->random);
        }
        service->learned_rows = added - unread;
}

/* Normal packets/s of the sources an answer looks at. */
static double normal_passing(const struct engine_service *service)
{
        double normal = 0;

        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++) {
                normal += baseline_rate(service->baseline, n, false);
                if (service->verdict.by_known)
                        normal += baseline_rate(service->baseline, n, true);
        }
        return normal;
}

static double window_passing(const struct engine_service *service, double *ret_seconds)
{
        double passing = 0;

        *ret_seconds = 0;
        for (unsigned n = 0; n < service->flow_count; n++) {
                passing += service->flow[n].passing;
                *ret_seconds += service->flow[n].seconds;
        }
        return passing / fmax(*ret_seconds, TICK_SECONDS_MIN);
}

static bool row_counts(const struct engine_service *service, const struct evidence_row *row)
{
        return row->verdict == SHIELD_PASS && (!row->known || service->verdict.by_known);
}

/* Samples of the window that passed; scaled so that together they stand for what the counters saw pass. */
static size_t window_rows(const struct engine *engine, const struct engine_service *service,
                          double passing_pps, double seconds, struct answer_row *rows, size_t cap)
{
        uint64_t from = engine->now_ns - (uint64_t)(seconds * 1e9);
        double weight = 0;
        size_t count = 0;

        for (size_t n = 0; n < evidence_count(service->evidence) && count < cap; n++) {
                const struct evidence_row *row = evidence_at(service->evidence, n);

                if (row->time_ns < from)
                        break;
                if (!row_counts(service, row))
                        continue;
                rows[count++] = (struct answer_row){&row->features, row->weight};
                weight += row->weight;
        }
        for (size_t n = 0; n < count; n++)
                rows[n].pps *= passing_pps / weight;
        return count;
}

static size_t standing_list(const struct engine *engine, unsigned service, struct answer_standing *standing,
                            uint8_t *slots)
{
        size_t count = 0;

        for (unsigned n = 0; n < SHIELD_SLOTS && count < ENGINE_SIGNATURES; n++) {
                const struct engine_measure *measure = &engine->measures[n];

                if (measure->kind != SHIELD_KIND_SIGNATURE || measure->end != ENGINE_STANDS ||
                    measure->service != service || measure->owner == ENGINE_OWNER_PERSON)
                        continue;
                /* One tick's count may be a trough; a young one is taken at its word. */
                bool young = engine->now_ns - measure->ladder.born_ns < YOUNG_NS;
                double matched = fmax(measure->matched_pps, measure->ladder.smooth_pps);

                standing[count] = (struct answer_standing){
                        measure->signature, young ? fmax(matched, measure->attack_pps) : matched};
                slots[count++] = (uint8_t)n;
        }
        return count;
}

static double cost_spent(const struct engine *engine, unsigned service)
{
        double spent = 0;

        for (unsigned n = 0; n < SHIELD_SLOTS; n++)
                if (engine->measures[n].kind == SHIELD_KIND_SIGNATURE &&
                    engine->measures[n].service == service && engine->measures[n].end == ENGINE_STANDS)
                        spent += engine->measures[n].cost.fraction;
        return spent;
}

/* Of what signatures left over, as much as the rows' share of connection requests. */
static double rest_syn(const struct answer_question *question, double rest)
{
        double syn = 0;

        for (size_t n = 0; n < question->row_count; n++)
                if (question->rows[n].features->class_ == SHIELD_CLASS_SYN)
                        syn += question->rows[n].pps;
        return fmin(syn, rest);
}

/* A flood of plain connection requests: at once when it is great, else when nothing cheaper was found for a while. */
static bool challenge_fits(const struct engine *engine, unsigned service,
                           const struct answer_question *question, double rest)
{
        const struct engine_service *state = &engine->services[service];
        double syn = rest_syn(question, rest), floor = engine->config.floor_pps;

        return !state->forbidden_kind[SHIELD_KIND_CHALLENGE] && !state->verdict.by_known &&
               syn > CHALLENGE_SHARE * rest &&
               (syn > CHALLENGE_GREAT * floor || state->stuck >= STUCK_TICKS) &&
               !engine_has_kind(engine, service, SHIELD_KIND_CHALLENGE);
}

static bool challenge_stand(struct engine *engine, unsigned service, double rest)
{
        struct engine_measure measure = {.kind = SHIELD_KIND_CHALLENGE, .service = (uint8_t)service};
        struct answer_proposal proposal = {
                .kind = SHIELD_KIND_CHALLENGE,
                .matched_pps = rest,
                .share = 1,
                .cost = engine_predict(engine, &measure),
        };

        return engine_stand(engine, service, &proposal);
}

static bool fence_stand(struct engine *engine, unsigned service, const struct answer_question *question)
{
        struct answer_question fence = *question;
        struct answer_proposal proposal;

        fence.newcomers_max = fence_level.newcomers;
        if (engine->services[service].forbidden_kind[SHIELD_KIND_FENCE] ||
            engine_has_kind(engine, service, SHIELD_KIND_FENCE) ||
            !answer_fence(&fence, engine->config.continent, &proposal))
                return false;
        return engine_stand(engine, service, &proposal);
}

/* Signatures did not do: what load is too much to bear, and which rung comes next. */
static bool rungs_stand(struct engine *engine, unsigned service, const struct answer_question *question,
                        double rest, bool answered)
{
        struct engine_service *state = &engine->services[service];
        double bearable = engine->config.floor_pps;

        if (engine->config.capacity_pps[service] > 0)
                bearable = fmax(bearable, 0.8 * engine->config.capacity_pps[service]);
        if (rest <= fmax(bearable / 4, question->fit_pps)) {
                state->stuck = 0;
                return false;
        }
        /* A window of one or two ticks holds few samples: only what lasts is stuck. */
        state->stuck += !answered && state->flow_count >= ENGINE_WINDOW_TICKS / 2;
        if (challenge_fits(engine, service, question, rest)) {
                state->stuck = 0;
                return challenge_stand(engine, service, rest);
        }
        if (rest <= bearable || state->stuck < STUCK_TICKS)
                return false;
        state->stuck = 0;
        if (state->level + 1 < ARRAY_LEN(levels)) {
                state->level++;
                return false;
        }
        return fence_stand(engine, service, question);
}

static bool signatures_stand(struct engine *engine, unsigned service, const struct answer_question *question,
                             const uint8_t *slots, double *ret_rest)
{
        struct engine_service *state = &engine->services[service];
        struct answer_proposal proposals[ANSWER_PROPOSALS];
        size_t count = answer_signatures(question, proposals, ANSWER_PROPOSALS, ret_rest);
        bool changed = false;

        for (size_t n = 0; n < count; n++) {
                for (unsigned bit = 0; bit < question->standing_count; bit++)
                        if (proposals[n].replaces >> bit & 1)
                                engine_end(engine, slots[bit], ENGINE_WIDENED);
                if (!engine_stand(engine, service, &proposals[n])) {
                        *ret_rest += proposals[n].matched_pps;
                        continue;
                }
                changed = true;
                if (state->share > 0 && proposals[n].matched_pps < state->peak_pps * state->share)
                        continue;
                state->shape = proposals[n].signature;
                state->share = proposals[n].share;
        }
        return changed;
}

static void effort_note(struct engine *engine, unsigned service, const struct answer_effort *effort)
{
        engine->effort_left = effort->left;
        engine->services[service].searched = effort->cut ? effort->searched : 0;
        /* The one that came first had all there is. */
        if (effort->cut && service != engine->first && engine->cut == engine->config.services)
                engine->cut = service;
}

/* One more answer to what passes now. */
static void service_answer(struct engine *engine, unsigned service)
{
        struct engine_service *state = &engine->services[service];
        CLEANUP(cleanup_free) struct answer_row *rows = NULL;
        struct answer_standing standing[ENGINE_SIGNATURES];
        uint8_t slots[ENGINE_SIGNATURES];
        double seconds, passing = window_passing(state, &seconds), rest;
        const struct level *level = &levels[state->level];
        struct answer_effort effort = {.left = engine->effort_left, .searched = state->searched};
        double part = state->verdict.trusted ? FIT_FLOOR : FIT_FLOOR_COLD;
        double fit = normal_passing(state) * 1.5 +
                     fmax(engine->config.floor_pps / part, FIT_ATTACK * state->verdict.rate_pps);

        if (passing <= fit || !(rows = calloc(EVIDENCE_ROWS, sizeof(*rows))))
                return;
        struct answer_question question = {
                .rows = rows,
                .row_count = window_rows(engine, state, passing, seconds, rows, EVIDENCE_ROWS),
                .load_pps = passing,
                .fit_pps = fit,
                .cost_max = fmin(level->cost, fmax(1e-9, level->all - cost_spent(engine, service))),
                .newcomers_max = level->newcomers,
                .spare_known = !state->verdict.by_known,
                .challenged = engine_has_kind(engine, service, SHIELD_KIND_CHALLENGE),
                .cold = !state->verdict.trusted,
                .baseline = state->baseline,
                .standing = standing,
                .standing_count = standing_list(engine, service, standing, slots),
                .forbidden = state->forbidden,
                .forbidden_count = state->forbidden_count < ENGINE_FORBIDDEN_MAX ? state->forbidden_count
                                                                                 : ENGINE_FORBIDDEN_MAX,
                .slots_free = engine_places_free(engine, service, false),
                .effort = &effort,
        };
        if (question.row_count < ROWS_LEAST)
                return;
        bool changed = signatures_stand(engine, service, &question, slots, &rest);
        effort_note(engine, service, &effort);
        /* What was cut is not stuck: it may be answered in the next tick. */
        changed |= rungs_stand(engine, service, &question, rest, changed || effort.cut);
        if (!changed)
                return;
        state->flow_count = 0;
        state->changed = true;
}

static void attack_tell(struct engine *engine, unsigned service, enum engine_news_kind kind)
{
        struct engine_service *state = &engine->services[service];

        engine_tell(engine, kind, service);
        state->told = true;
        state->told_ns = engine->now_ns;
        state->told_kinds = engine_kinds(engine, service, false);
        state->told_peak_pps = state->peak_pps;
        state->changed = false;
}

static bool continues_due(const struct engine *engine, unsigned service)
{
        const struct engine_service *state = &engine->services[service];
        uint64_t since = engine->now_ns - state->told_ns;

        if (since < CONTINUES_NS)
                return false;
        return engine_kinds(engine, service, false) & ~state->told_kinds ||
               state->peak_pps >= 2 * state->told_peak_pps || (state->changed && since >= CONTINUES_MANY);
}

/* What came of the attack until now: how much too much, and whether those who are known still arrive. */
static void attack_follow(struct engine *engine, unsigned service, double seconds)
{
        struct engine_service *state = &engine->services[service];
        double normal = 0;

        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++) {
                state->excess[n] += state->verdict.excess[n] * seconds;
                normal += baseline_rate(state->baseline, n, true);
        }
        if (state->verdict.over)
                state->seen_ns = engine->now_ns;
        double weight = fmin(1, seconds / KNOWN_SMOOTH_S);
        state->known_pps += weight * (state->flow[0].known / seconds - state->known_pps);
        state->known_missing |= state->verdict.trusted && normal >= KNOWN_LEAST &&
                                state->known_pps < normal / 3 && engine->now_ns - state->began_ns <= KNOWN_NS;
}

static void attack_begin(struct engine *engine, unsigned service)
{
        struct engine_service *state = &engine->services[service];

        state->attack = true;
        state->serial = ++engine->serial;
        state->began_ns = state->told_ns = engine->now_ns;
        state->level = state->stuck = state->searched = 0;
        state->share = 0;
        state->peak_pps = state->told_peak_pps = state->verdict.rate_pps;
        state->told_kinds = 0;
        state->changed = state->known_missing = false;
        state->flow_count = 1; /* before it, all was well */
        state->known_pps = 0;
        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++) {
                state->excess[n] = 0;
                state->known_pps += baseline_rate(state->baseline, n, true);
        }
}

static void attack_end(struct engine *engine, unsigned service)
{
        struct engine_service *state = &engine->services[service];

        engine_tell(engine, ENGINE_ATTACK_ENDS, service);
        state->attack = state->told = false;
}

static void crowd_tell(struct engine *engine, unsigned service, bool crowd)
{
        struct engine_service *state = &engine->services[service];

        if (state->crowd != crowd)
                engine_tell(engine, crowd ? ENGINE_CROWD_BEGINS : ENGINE_CROWD_ENDS, service);
        state->crowd = crowd;
}

static void service_tick(struct engine *engine, unsigned service, const struct shield_service_counters *now,
                         double seconds)
{
        struct engine_service *state = &engine->services[service];
        struct detector_counts counts;
        bool measured = engine_measured(engine, service);

        service_counts(state, now, &counts);
        state->before = *now;
        state->verdict = detector_tick(&state->detector, &counts, seconds, measured, engine->teach);
        service_flow(state, &counts, seconds);
        service_learn(engine, state, &counts, seconds);
        state->peak_pps = fmax(state->peak_pps, state->verdict.rate_pps);
        crowd_tell(engine, service, state->verdict.crowd);
        if (state->verdict.began || (state->verdict.attack && !state->attack))
                attack_begin(engine, service);
        if (state->attack && state->verdict.attack) {
                attack_follow(engine, service, seconds);
                service_answer(engine, service);
                if (!state->told)
                        attack_tell(engine, service, ENGINE_ATTACK_BEGINS);
                else if (continues_due(engine, service))
                        attack_tell(engine, service, ENGINE_ATTACK_CONTINUES);
        }
        if (state->told && !state->verdict.attack && !engine_measured(engine, service))
                attack_end(engine, service);
}

size_t engine_tick(struct engine *engine, const struct shield_counters *counters, uint64_t now_ns,
                   struct engine_news ret_news[static ENGINE_NEWS_MAX])
{
        double seconds = fmax((double)(now_ns - engine->now_ns) / 1e9, TICK_SECONDS_MIN);

        engine->news = ret_news;
        engine->news_count = 0;
        engine->now_ns = now_ns;
        if (!engine->noted) {
                for (unsigned n = 0; n < engine->config.services; n++)
                        engine->services[n].before = counters->service[n];
                engine->noted = true;
                return 0;
        }
        engine_measures_tick(engine, counters, seconds);
        engine->effort_left = ENGINE_EFFORT;
        engine->cut = engine->config.services;
        for (unsigned n = 0; n < engine->config.services; n++) {
                unsigned service = (engine->first + n) % engine->config.services;

                service_tick(engine, service, &counters->service[service], seconds);
        }
        engine->first = engine->cut < engine->config.services ? engine->cut : 0;
        engine->news = NULL;
        return engine->news_count;
}

unsigned engine_spent(const struct engine *engine)
{
        return ENGINE_EFFORT - engine->effort_left;
}

bool engine_attacked(const struct engine *engine, unsigned service)
{
        return engine->services[service].attack || engine_measured(engine, service);
}

double engine_learned_s(const struct engine *engine, unsigned service)
{
        return engine->services[service].detector.learned_s;
}

double engine_normal_pps(const struct engine *engine, unsigned service)
{
        return baseline_total(engine->services[service].baseline);
}

double engine_country_share(const struct engine *engine, unsigned service, uint8_t country)
{
        return baseline_country_share(engine->services[service].baseline, country);
}
