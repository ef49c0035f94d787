/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/watch.h"

#include <string.h>

static void push(double *history, double value)
{
        memmove(history, history + 1, (VIEW_HISTORY - 1) * sizeof(*history));
        history[VIEW_HISTORY - 1] = value;
}

/* Bins up to a tenth of a second ago: later ones are still being filled. */
static void count_packets(struct watch *watch, const struct stage *stage, uint64_t now_ns,
                          struct view_frame *frame)
{
        const struct flood_share *share = flood_share(stage->flood);
        uint64_t sent = 0, passed = 0, bin = (now_ns - stage->origin_ns) / METER_BIN_NS;
        uint32_t until = bin > 10 ? (uint32_t)(bin - 10) : 0, from = watch->bin;
        double seconds;

        if (until > METER_BINS)
                until = METER_BINS;
        for (unsigned service = 0; service < stage->scenario->service_count; service++) {
                for (uint32_t i = from; i < until; i++) {
                        sent += share->sent_bins[service][i];
                        passed += meter_bin(stage->meter, service, i).attack;
                }
        }
        seconds = until > from ? (double)(until - from) * METER_BIN_NS / 1e9 : 1;
        watch->bin = until;
        frame->sent_pps = (double)sent / seconds;
        frame->passed_pps = (double)passed / seconds;
        push(watch->sent_history, frame->sent_pps);
        push(watch->passed_history, frame->passed_pps);
        memcpy(frame->sent_history, watch->sent_history, sizeof(frame->sent_history));
        memcpy(frame->passed_history, watch->passed_history, sizeof(frame->passed_history));
}

static void count_visits(struct watch *watch, const struct stage *stage, uint64_t attack_ns,
                         struct view_frame *frame)
{
        const struct crowd_share *crowd = crowd_share(stage->crowd);
        uint32_t count = crowd->visit_count;

        for (uint32_t i = watch->visits; i < count; i++) {
                const struct tally_visit *visit = &crowd->visits[i];

                frame->tried++;
                frame->ok += visit->ok;
                if (!attack_ns || visit->start_ns < attack_ns)
                        continue;
                watch->tried[visit->country]++;
                watch->ok[visit->country] += visit->ok;
        }
        watch->visits = count;
}

/* The countries from which most of the attack has come so far. */
static void rank_countries(struct watch *watch, const struct stage *stage, double seconds,
                           struct view_frame *frame)
{
        const struct flood_share *share = flood_share(stage->flood);
        bool taken[PLACES_COUNTRIES] = {false};

        while (frame->country_count < VIEW_COUNTRIES) {
                unsigned best = 0;
                double sent, passed;

                for (unsigned i = 1; i < PLACES_COUNTRIES; i++)
                        if (!taken[i] && share->sent_by_country[i] > share->sent_by_country[best] * !!best)
                                best = i;
                if (!best)
                        break;
                taken[best] = true;
                sent = (double)(share->sent_by_country[best] - watch->sent[best]) / seconds;
                passed = (double)(meter_passed_from(stage->meter, best) - watch->passed[best]) / seconds;
                frame->countries[frame->country_count++] = (struct view_country){
                        .code = places_code(stage->places, best),
                        .dropped_pps = sent > passed ? sent - passed : 0,
                        .passed_pps = passed,
                        .tried = watch->tried[best],
                        .ok = watch->ok[best],
                };
        }
        for (unsigned i = 0; i < PLACES_COUNTRIES; i++) {
                watch->sent[i] = share->sent_by_country[i];
                watch->passed[i] = meter_passed_from(stage->meter, i);
        }
}

void watch_second(struct watch *watch, const struct stage *stage, uint64_t attack_ns, uint64_t now_ns,
                  struct view_frame *frame)
{
        double seconds = watch->at_ns ? (double)(now_ns - watch->at_ns) / 1e9 : 1;

        watch->at_ns = now_ns;
        count_packets(watch, stage, now_ns, frame);
        count_visits(watch, stage, attack_ns, frame);
        rank_countries(watch, stage, seconds, frame);
}
