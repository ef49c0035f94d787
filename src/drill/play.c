/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/play.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "drill/person.h"
#include "drill/process.h"
#include "drill/watch.h"

#define TICK_NS      100000000ull
#define SECOND_NS    1000000000ull
#define STATUS_TICKS 2 /* the hub is asked each so many ticks */
#define VIEW_TICKS   10
#define AFTER_S      5 /* what comes after the attack is watched at least so long */
#define LINGER_S     1 /* requests under way are waited for */

struct run {
        const struct play *play;
        struct course course;
        struct person person;
        struct watch watch;
        json_t *status;    /* the hub's last */
        json_t *probation; /* ids of measures seen on probation */
        uint64_t begin_ns, now_ns;
        unsigned tick;
};

static const struct flood_share *share_of(const struct run *run)
{
        return flood_share(run->play->stage->flood);
}

static int check_children(struct run *run, struct error *error)
{
        const struct flood_share *share = share_of(run);
        const struct crowd_share *crowd = crowd_share(run->play->stage->crowd);

        if (run->play->interrupted())
                return error_say(error, -EINTR, "l’exercice a été interrompu",
                                 "the exercise was interrupted");
        if (share->failed)
                return flood_failure(share, share->failed, error);
        if (crowd->failed)
                return error_say(error, crowd->failed, "le public de l’exercice a échoué : %m",
                                 "the exercise's crowd failed: %m");
        return link_alive(&run->play->stage->link, error);
}

/* ---- what the hub says ---- */

static bool state_is(const json_t *measure, const char *word)
{
        const char *state = json_string_value(json_object_get(measure, "state"));

        return state && !strcmp(state, word);
}

static void count_relapses(struct run *run, const json_t *measures)
{
        const json_t *measure;
        size_t index;

        json_array_foreach(measures, index, measure)
        {
                const char *id = json_string_value(json_object_get(measure, "id"));

                if (!id)
                        continue;
                if (state_is(measure, "probation"))
                        json_object_set_new(run->probation, id, json_true());
                else if (state_is(measure, "standing") && json_object_del(run->probation, id) == 0)
                        run->course.relapses++;
        }
}

static bool something_stands(const json_t *measures)
{
        const json_t *measure;
        size_t index;

        json_array_foreach(measures, index, measure) if (state_is(measure, "standing") ||
                                                         state_is(measure, "probation")) return true;
        return false;
}

static int ask_hub(struct run *run, struct error *error)
{
        json_t *status = NULL, *measures;
        const char *incident;
        int r = link_status(&run->play->stage->link, &status, error);

        if (r)
                return r;
        json_decref(run->status);
        run->status = status;
        measures = json_object_get(status, "measures");
        count_relapses(run, measures);
        incident = json_string_value(
                json_object_get(json_array_get(json_object_get(status, "incidents"), 0), "id"));
        if (incident)
                snprintf(run->course.incident, sizeof(run->course.incident), "%s", incident);
        if (!run->course.end_ns || something_stands(measures))
                run->course.reopened_ns = 0;
        else if (!run->course.reopened_ns)
                run->course.reopened_ns = run->now_ns;
        link_resident(&run->play->stage->link);
        return 0;
}

/* ---- the course ---- */

static enum view_phase phase_of(const struct run *run)
{
        if (run->course.end_ns)
                return VIEW_PHASE_REOPEN;
        return run->course.attack_ns ? VIEW_PHASE_ATTACK : VIEW_PHASE_CALM;
}

/* New clients come from the moment of the first attack packet, which only the generator knows exactly. */
static void follow_flood(struct run *run)
{
        struct stage *stage = run->play->stage;
        const struct flood_share *share = share_of(run);

        if (!share->origin_ns && run->now_ns >= run->begin_ns + stage->scenario->calm_s * SECOND_NS)
                flood_go(stage->flood, stage->origin_ns);
        if (!run->course.attack_ns && share->first_ns) {
                run->course.attack_ns = share->first_ns;
                crowd_share(stage->crowd)->attack_ns = share->first_ns;
        }
        if (!run->course.end_ns && share->last_ns)
                run->course.end_ns = share->last_ns;
}

static bool is_over(const struct run *run)
{
        const struct course *course = &run->course;
        uint64_t limit;

        if (!course->end_ns)
                return false;
        limit = course->end_ns + run->play->stage->scenario->reopen_s * SECOND_NS;
        if (run->now_ns > limit)
                return true;
        return course->reopened_ns && person_is_done(&run->person) &&
               run->now_ns > course->end_ns + AFTER_S * SECOND_NS;
}

static void show(struct run *run)
{
        const struct play *play = run->play;
        struct view_frame frame = {
                .title = play->options->english ? play->stage->scenario->title.en
                                                : play->stage->scenario->title.fr,
                .policy = play->options->policy,
                .phase = phase_of(run),
                .elapsed_s = (unsigned)((run->now_ns - run->begin_ns) / SECOND_NS),
                .now_ms = clock_wall_ms(&clock_system),
                .measures = json_object_get(run->status, "measures"),
                .services = json_object_get(json_object_get(run->status, "edge"), "services"),
                .incidents = json_object_get(run->status, "incidents"),
                .console = play->stage->link.first_link,
                .english = play->options->english,
        };

        watch_second(&run->watch, play->stage, run->course.attack_ns, run->now_ns, &frame);
        view_show(play->view, &frame);
}

static int tick(struct run *run, struct error *error)
{
        int r = check_children(run, error);

        if (r)
                return r;
        follow_flood(run);
        if (run->tick % STATUS_TICKS == 0)
                r = ask_hub(run, error);
        if (!r)
                r = person_act(&run->person, run->now_ns, run->course.attack_ns, run->course.end_ns,
                               run->course.incident, error);
        if (!r && run->tick % VIEW_TICKS == 0)
                show(run);
        run->tick++;
        return r;
}

static void sleep_until(uint64_t when)
{
        const struct timespec until = {(time_t)(when / SECOND_NS), (long)(when % SECOND_NS)};

        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static int run_all(struct run *run, struct error *error)
{
        struct stage *stage = run->play->stage;
        int r = crowd_start(stage->crowd, &stage->topology.internet, process_cpu(-1), error);

        run->begin_ns = clock_mono_ns(&clock_system);
        for (uint64_t next = run->begin_ns; !r; next += TICK_NS) {
                sleep_until(next);
                run->now_ns = clock_mono_ns(&clock_system);
                r = tick(run, error);
                if (is_over(run))
                        break;
        }
        crowd_share(stage->crowd)->stop = 1;
        if (!r)
                sleep_until(clock_mono_ns(&clock_system) + LINGER_S * SECOND_NS +
                            CROWD_TIMEOUT_MS * 1000000ull);
        return r;
}

int play_run(const struct play *play, struct course *ret_course, struct error *error)
{
        struct run run = {.play = play};
        int r;

        run.person = (struct person){.scenario = play->stage->scenario,
                                     .link = &play->stage->link,
                                     .policy = play->options->policy};
        run.probation = json_object();
        r = run_all(&run, error);
        json_decref(run.status);
        json_decref(run.probation);
        if (!r)
                *ret_course = run.course;
        return r;
}

/* ---- the judgement ---- */

static int judge_effect(const struct stage *stage, struct effect *ret_effect)
{
        CLEANUP(cleanup_free) uint32_t *sent = calloc(METER_BINS, sizeof(*sent));
        CLEANUP(cleanup_free) uint32_t *passed = calloc(METER_BINS, sizeof(*passed));
        const struct flood_share *share = flood_share(stage->flood);

        if (!sent || !passed)
                return -ENOMEM;
        for (unsigned service = 0; service < stage->scenario->service_count; service++) {
                for (uint32_t bin = 0; bin < METER_BINS; bin++) {
                        sent[bin] += share->sent_bins[service][bin];
                        passed[bin] += meter_bin(stage->meter, service, bin).attack;
                }
        }
        *ret_effect = effect_judge(sent, passed, METER_BINS);
        return 0;
}

int play_judge(const struct stage *stage, const struct course *course, struct outcome *ret_outcome,
               struct error *error)
{
        const struct crowd_share *crowd = crowd_share(stage->crowd);
        const struct tally_times times = {.attack_ns = course->attack_ns, .end_ns = course->end_ns};
        struct outcome outcome = {.name = stage->scenario->name, .detected_ms = -1, .reopened_s = -1};
        size_t sources;
        int r = judge_effect(stage, &outcome.effect);

        if (!r)
                r = tally_make(crowd->visits, crowd->visit_count, &times, &outcome.tally);
        if (r)
                return error_say(error, r, "mémoire insuffisante pour les chiffres de l’exercice",
                                 "not enough memory for the exercise's figures");
        flood_sources(stage->flood, &sources);
        outcome.sources = sources;
        outcome.countries = flood_country_count(stage->flood);
        outcome.lost = flood_share(stage->flood)->lost;
        outcome.attack_wall_ms = stage_wall_ms(stage, course->attack_ns);
        outcome.end_wall_ms = stage_wall_ms(stage, course->end_ns);
        if (course->reopened_ns)
                outcome.reopened_s = (double)(course->reopened_ns - course->end_ns) / 1e9;
        outcome.relapses = course->relapses;
        outcome.resident_bytes = stage->link.resident_max;
        *ret_outcome = outcome;
        return 0;
}
