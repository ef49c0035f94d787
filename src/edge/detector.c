/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/detector.h"

#include <math.h>

#define MEMORY_SECONDS 30.0  /* of mean and variance */
#define PEAK_FADES     600.0 /* seconds in which a peak loses two thirds */
#define GROWTH_SECONDS 600.0 /* what is trusted may double in this time, no faster: a slow ramp is no calm */
#define DEVIATIONS     5.0
#define PEAKS          1.5
#define KNOWN_PEAKS    3.0
#define LIMIT_BARS     2.0 /* CUSUM limit, in bars, and packets */
#define LIMIT_PACKETS  100.0
#define CROWD_TICKS    3 /* a handshake may take that long; below URGENT nothing is told sooner */
#define URGENT_BARS    8.0
#define URGENT_PACKETS 1000.0
#define QUIET_SECONDS  2.0
#define VISIT_LEAST    4.0
#define STAY_MOST      200.0 /* packets of one visit that a crowd is granted */
#define VISIT_MOST     10.0
#define SYN_FLOOR      0.25 /* a listening socket suffers from far fewer SYNs than packets */

void detector_init(struct detector *detector, const struct detector_config *config)
{
        *detector =
                (struct detector){.config = *config, .visit_packets = VISIT_LEAST, .quiet_s = QUIET_SECONDS};
}

static bool is_handshake(enum shield_class class_)
{
        return class_ == SHIELD_CLASS_SYN || class_ == SHIELD_CLASS_TCP;
}

static double stream_floor(const struct detector *detector, enum shield_class class_, bool known,
                           double seconds)
{
        if (known)
                return detector->config.known_floor_pps * seconds;
        bool fragile =
                class_ == SHIELD_CLASS_SYN || class_ == SHIELD_CLASS_SYNACK || class_ == SHIELD_CLASS_RST;

        return detector->config.floor_pps * (fragile ? SYN_FLOOR : 1) * seconds;
}

static double stream_bar(const struct detector *detector, enum shield_class class_, bool known,
                         double seconds)
{
        const struct detector_stream *stream = known ? &detector->known[class_] : &detector->unknown[class_];
        double spread = stream->mean + DEVIATIONS * sqrt(stream->variance);
        double peak = (known ? KNOWN_PEAKS : PEAKS) * stream->peak;

        return fmax(spread, peak) + stream_floor(detector, class_, known, seconds);
}

static double stream_limit(double bar)
{
        return LIMIT_BARS * bar + LIMIT_PACKETS;
}

/* Adds up what exceeds the bar. `wait`: ticks above it before anything is told, unless it is urgent. */
static void stream_watch(struct detector_stream *stream, double count, double bar, unsigned wait)
{
        double limit = stream_limit(bar);

        stream->over = count > bar ? stream->over + 1 : 0;
        stream->sum = fmin(fmax(stream->sum + count - bar, 0), 4 * limit);
        bool urgent = count >= URGENT_BARS * bar && count >= URGENT_PACKETS;
        stream->attacked = stream->sum >= limit && stream->over > 0 && (urgent || stream->over >= wait);
}

static void stream_learn(struct detector_stream *stream, double count, double floor, double seconds,
                         double learned_s, bool free_growth)
{
        double part = seconds / fmin(learned_s + seconds, MEMORY_SECONDS);

        if (count > stream->peak && !free_growth) {
                double grown =
                        stream->peak * exp2(seconds / GROWTH_SECONDS) + floor * seconds / GROWTH_SECONDS;

                count = fmin(count, grown);
        }
        double distance = count - stream->mean;
        stream->mean += part * distance;
        stream->variance = (1 - part) * (stream->variance + part * distance * distance);
        stream->peak = fmax(stream->peak * exp(-seconds / PEAK_FADES), count);
}

static void detector_learn(struct detector *detector, const struct detector_counts *counts, double seconds,
                           bool teach)
{
        bool free_growth = teach || detector->learned_s < detector->config.learn_seconds;
        double newcomers = 0, stayed = 0;

        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++) {
                stream_learn(&detector->unknown[n], counts->unknown[n],
                             stream_floor(detector, n, false, seconds), seconds, detector->learned_s,
                             free_growth);
                stream_learn(&detector->known[n], counts->known[n], stream_floor(detector, n, true, seconds),
                             seconds, detector->learned_s, free_growth);
                newcomers += is_handshake(n) ? counts->unknown[n] : 0;
                stayed += is_handshake(n) ? counts->known[n] : 0;
        }
        if (counts->verified >= 1) {
                double visit = fmin(fmax(newcomers / counts->verified, VISIT_LEAST), VISIT_MOST);

                detector->visit_packets += 0.02 * (visit - detector->visit_packets);
                detector->stay_packets +=
                        0.02 * (fmin(stayed / counts->verified, STAY_MOST) - detector->stay_packets);
        }
        detector->learned_s += seconds;
}

/* Packets that sources who proved themselves account for: one SYN and a half, the rest behind it. */
static double explained(const struct detector *detector, enum shield_class class_, double verified)
{
        if (class_ == SHIELD_CLASS_SYN)
                return verified * 1.5;
        if (class_ == SHIELD_CLASS_TCP)
                return verified * (detector->visit_packets - 1);
        return 0;
}

static double newest_verified(struct detector *detector, double verified)
{
        double most = verified;

        for (unsigned n = DETECTOR_VERIFIED_TICKS - 1; n > 0; n--) {
                detector->verified[n] = detector->verified[n - 1];
                most = fmax(most, detector->verified[n]);
        }
        detector->verified[0] = verified;
        return most;
}

static bool detector_watch(struct detector *detector, const struct detector_counts *counts, double seconds,
                           struct detector_verdict *verdict)
{
        double verified = newest_verified(detector, counts->verified);
        bool attacked = false;
        bool crowd = false;

        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++) {
                double bar = stream_bar(detector, n, false, seconds);
                double known_bar = stream_bar(detector, n, true, seconds);
                double unexplained = fmax(counts->unknown[n] - explained(detector, n, verified), 0);

                stream_watch(&detector->unknown[n], unexplained, bar, is_handshake(n) ? CROWD_TICKS : 1);
                double stayed = n == SHIELD_CLASS_TCP ? verified * detector->stay_packets * 1.5 : 0;
                double known = fmax(counts->known[n] - stayed, 0);

                stream_watch(&detector->known[n], known, known_bar, CROWD_TICKS);
                verdict->excess[n] = (fmax(unexplained - bar, 0) + fmax(known - known_bar, 0)) / seconds;
                attacked |= detector->unknown[n].attacked || detector->known[n].attacked;
                verdict->by_known |= detector->known[n].attacked;
                crowd |= is_handshake(n) && counts->unknown[n] > bar && unexplained <= bar;
                verdict->over |= unexplained > bar || known > known_bar;
        }
        detector->crowd_s = crowd ? fmin(detector->crowd_s + seconds, QUIET_SECONDS)
                                  : fmax(detector->crowd_s - seconds / 4, 0);
        return attacked;
}

static bool detector_suspects(const struct detector *detector, double seconds)
{
        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++)
                if (detector->unknown[n].sum > stream_limit(stream_bar(detector, n, false, seconds)) / 2 ||
                    detector->known[n].sum > stream_limit(stream_bar(detector, n, true, seconds)) / 2)
                        return true;
        return false;
}

static void detector_judge(struct detector *detector, bool attacked, bool measured, double seconds,
                           struct detector_verdict *verdict)
{
        detector->quiet_s = verdict->over || attacked ? 0 : detector->quiet_s + seconds;
        verdict->began = attacked && !detector->attack;
        if (attacked)
                detector->attack = true;
        else if (detector->attack && !measured && detector->quiet_s >= QUIET_SECONDS)
                detector->attack = false;
        detector->crowd = !detector->attack && detector->crowd_s >= 1;
}

static void verdict_rates(const struct detector *detector, const struct detector_counts *counts,
                          double seconds, struct detector_verdict *verdict)
{
        double worst = 0;

        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++) {
                verdict->rate_pps += (counts->unknown[n] + counts->known[n]) / seconds;
                verdict->normal_pps +=
                        (detector->unknown[n].mean + detector->known[n].mean) / DETECTOR_TICK_SECONDS;
                worst = fmax(worst, detector->unknown[n].sum /
                                            stream_limit(stream_bar(detector, n, false, seconds)));
                worst = fmax(worst,
                             detector->known[n].sum / stream_limit(stream_bar(detector, n, true, seconds)));
        }
        /* At the limit an even bet between burst and flood would be too modest: it took floor, peak and deviation. */
        verdict->confidence = fmin(0.99, 1 - 0.3 * exp(-worst + 1));
        verdict->trusted = detector->learned_s >= detector->config.learn_seconds;
}

struct detector_verdict detector_tick(struct detector *detector, const struct detector_counts *counts,
                                      double seconds, bool measured, bool teach)
{
        struct detector_verdict verdict = {0};
        bool attacked = detector_watch(detector, counts, seconds, &verdict);

        verdict_rates(detector, counts, seconds, &verdict);
        if (teach) {
                for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++)
                        detector->unknown[n].sum = detector->known[n].sum = 0;
                attacked = false;
                detector->crowd_s = 0;
        }
        detector_judge(detector, attacked, measured, seconds, &verdict);
        verdict.attack = detector->attack;
        verdict.crowd = detector->crowd;
        verdict.calm = !detector->attack && !measured && (teach || !detector_suspects(detector, seconds));
        if (verdict.calm)
                detector_learn(detector, counts, seconds, teach);
        return verdict;
}

double detector_bar(const struct detector *detector, enum shield_class class_, bool known)
{
        return stream_bar(detector, class_, known, DETECTOR_TICK_SECONDS) / DETECTOR_TICK_SECONDS;
}
