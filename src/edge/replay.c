/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/replay.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "edge/geo.h"
#include "edge/guard.h"
#include "edge/plane.h"
#include "edge/replay_private.h"

#define TICK_NS        (GUARD_TICK_MS * 1000000ull)
#define START_NS       1000000000000ull
#define START_WALL_MS  1584864900000ll /* 22 March 2020, 08:15 UTC: any morning would do */
#define LEARN_MOST_NS  (4 * 3600 * 1000000000ull)
#define BIN_NS         50000000ull
#define EFFECTIVE_BINS 20 /* a second */
#define EFFECTIVE_PART 0.95
#define FINDINGS_MOST  256
#define MEASURES_MOST  1024
#define SECONDS_MOST   86400.0
#define PROGRESS_EVERY 65536
#define KNOWN_SOURCES  262144u
#define RING_BYTES     (4u << 20)
#define TOR_GEOIP      "/usr/share/tor/geoip"
#define TOR_GEOIP6     "/usr/share/tor/geoip6"

struct bin {
        uint32_t packets, dropped;
};

struct replay {
        const struct replay_options *options;
        struct replay_traffic_plan plan;
        struct clock_manual manual;
        struct clock clock;
        struct random_seeded seeded;
        struct random random;
        struct geo *geo;
        struct plane *plane;
        struct guard *guard;
        struct replay_result result;
        struct bin *bins;
        size_t bin_count;
        size_t calm_at; /* next packet of the calm, and when its round began */
        uint64_t calm_round_ns;
        uint64_t tick_ns;   /* next tick */
        uint64_t attack_ns; /* when the attack began; 0: not yet */
        uint64_t run;       /* packets, for the progress */
        uint8_t frame[REPLAY_FRAME_MAX];
};

static void progress(struct replay *replay, const char *part, double done)
{
        if (replay->options->progress && replay->run++ % PROGRESS_EVERY == 0)
                fprintf(stderr, "\r%s %3.0f %%  ", part, fmin(100, 100 * done));
}

static void time_set(struct replay *replay, uint64_t now_ns)
{
        if (now_ns > replay->manual.mono_ns)
                clock_manual_advance(&replay->manual, now_ns - replay->manual.mono_ns);
        plane_set_time(replay->plane, replay->manual.mono_ns);
}

/* The last telling of a measure replaces the one before. */
static int measure_note(struct replay *replay, const struct measure *measure)
{
        json_t *all = replay->result.measures, *json = measure_to_json(measure), *old;
        size_t n;

        if (!json)
                return -ENOMEM;
        json_object_set_new(json, "since_ms", json_integer(measure->since_ms - START_WALL_MS));
        if (replay->attack_ns && replay->result.first_measure_ms < 0 &&
            measure->state == MEASURE_STATE_STANDING)
                replay->result.first_measure_ms = (double)(replay->manual.mono_ns - replay->attack_ns) / 1e6;
        json_array_foreach(all, n, old) if (!strcmp(json_string_value(json_object_get(old, "id")),
                                                    measure->id.text)) return json_array_set_new(all, n,
                                                                                                 json) < 0
                ? -ENOMEM
                : 0;
        if (json_array_size(all) >= MEASURES_MOST) {
                json_decref(json);
                return 0;
        }
        return json_array_append_new(all, json) < 0 ? -ENOMEM : 0;
}

static int tick(struct replay *replay, struct error *error)
{
        const struct guard_event *events;
        uint64_t began_ns = clock_mono_ns(&clock_system);
        int count = guard_tick(replay->guard, &events, error);
        double spent_ms = (double)(clock_mono_ns(&clock_system) - began_ns) / 1e6;
        int r = count < 0 ? count : 0;

        replay->result.slowest_tick_ms = fmax(replay->result.slowest_tick_ms, spent_ms);
        for (int n = 0; r == 0 && n < count; n++) {
                if (events[n].measure)
                        r = measure_note(replay, events[n].measure);
                else if (json_array_size(replay->result.findings) < FINDINGS_MOST &&
                         json_array_append_new(replay->result.findings, finding_to_json(events[n].finding)) <
                                 0)
                        r = -ENOMEM;
        }
        if (r == -ENOMEM)
                return error_say(error, r, "mémoire insuffisante pour ce que le rejeu a trouvé",
                                 "no memory for what the replay found");
        return r;
}

/* Ticks that are due before this moment. */
static int ticks_until(struct replay *replay, uint64_t now_ns, struct error *error)
{
        int r = 0;

        while (r == 0 && replay->tick_ns <= now_ns) {
                time_set(replay, replay->tick_ns);
                r = tick(replay, error);
                replay->tick_ns += TICK_NS;
        }
        time_set(replay, now_ns);
        return r;
}

static int run_failed(int r, struct error *error)
{
        return error_say(error, r, "un paquet ne peut pas passer par le programme du noyau : %m",
                         "a packet cannot be run through the kernel program: %m");
}

static int calm_run(struct replay *replay, const struct replay_packet *packet, struct error *error)
{
        bool out = packet->way == REPLAY_OUT, passed = true;
        size_t length = replay_frame(packet->packet, NULL, out, replay->frame);
        int r = out ? plane_run_egress(replay->plane, replay->frame, length, &passed)
                    : plane_run_ingress(replay->plane, replay->frame, length, &passed);

        if (r < 0)
                return run_failed(r, error);
        if (packet->way != REPLAY_TO_VICTIM)
                return 0;
        struct replay_traffic *traffic = replay->attack_ns ? &replay->result.benign : &replay->result.calm;
        traffic->packets++;
        traffic->dropped += !passed;
        return 0;
}

static int attack_run(struct replay *replay, uint64_t index, uint64_t now_ns, struct error *error)
{
        const struct replay_track *attack = &replay->plan.attack;
        const struct capture_packet *packet = attack->packets[index % attack->count].packet;
        const struct addr *victim = &replay->plan.victims[packet->ip[0] >> 4 == 6];
        size_t length = replay_frame(packet, victim, false, replay->frame);
        size_t bin = (size_t)((now_ns - replay->attack_ns) / BIN_NS);
        bool passed = true;
        int r = plane_run_ingress(replay->plane, replay->frame, length, &passed);

        if (r < 0)
                return run_failed(r, error);
        replay->result.attack.packets++;
        replay->result.attack.dropped += !passed;
        if (bin < replay->bin_count) {
                replay->bins[bin].packets++;
                replay->bins[bin].dropped += !passed;
        }
        return 0;
}

static uint64_t calm_next_ns(const struct replay *replay)
{
        if (!replay->plan.has_calm)
                return UINT64_MAX;
        return replay->calm_round_ns + replay->plan.calm.packets[replay->calm_at].offset_ns;
}

static void calm_step(struct replay *replay)
{
        if (++replay->calm_at < replay->plan.calm.count)
                return;
        replay->calm_at = 0;
        replay->calm_round_ns += replay->plan.calm.round_ns;
}

static int learn(struct replay *replay, struct error *error)
{
        uint64_t wanted_ns = (uint64_t)replay->options->learn_seconds * 1000000000ull;
        uint64_t round_ns = replay->plan.calm.round_ns;
        int r = 0;

        if (!replay->plan.has_calm)
                return 0;
        /* Whole rounds, so that the attack meets the calm at its beginning. */
        uint64_t rounds = wanted_ns / round_ns + (wanted_ns % round_ns != 0);
        uint64_t until_ns = START_NS + (rounds ? rounds : 1) * round_ns;
        if (until_ns > START_NS + LEARN_MOST_NS)
                until_ns = START_NS + LEARN_MOST_NS;
        guard_teach(replay->guard, true);
        while (r == 0 && calm_next_ns(replay) < until_ns) {
                uint64_t now_ns = calm_next_ns(replay);

                progress(replay, "calm", (double)(now_ns - START_NS) / (double)(until_ns - START_NS));
                r = ticks_until(replay, now_ns, error);
                if (r == 0)
                        r = calm_run(replay, &replay->plan.calm.packets[replay->calm_at], error);
                calm_step(replay);
        }
        if (r == 0)
                r = ticks_until(replay, until_ns, error);
        guard_teach(replay->guard, false);
        replay->result.learned_s = (double)(until_ns - START_NS) / 1e9;
        return r;
}

static int attack(struct replay *replay, struct error *error)
{
        double rate = replay->options->rate;
        uint64_t total = (uint64_t)(rate * replay->options->seconds), sent = 0;
        int r = 0;

        replay->attack_ns = replay->manual.mono_ns;
        while (r == 0 && sent < total) {
                uint64_t attack_next = replay->attack_ns + (uint64_t)((double)sent * 1e9 / rate);
                uint64_t calm_next = calm_next_ns(replay);
                bool calm = calm_next < attack_next;

                progress(replay, "attack", (double)sent / (double)total);
                r = ticks_until(replay, calm ? calm_next : attack_next, error);
                if (r == 0)
                        r = calm ? calm_run(replay, &replay->plan.calm.packets[replay->calm_at], error)
                                 : attack_run(replay, sent, attack_next, error);
                if (calm)
                        calm_step(replay);
                else
                        sent++;
        }
        if (r == 0)
                r = ticks_until(replay, replay->attack_ns + (uint64_t)(replay->options->seconds * 1e9),
                                error);
        /* Once more, for the counts of what came after the last one. */
        return r ? r : tick(replay, error);
}

static double effective_ms(const struct replay *replay)
{
        size_t held = 0;

        for (size_t n = 0; n < replay->bin_count; n++) {
                const struct bin *bin = &replay->bins[n];

                held = (double)bin->dropped >= EFFECTIVE_PART * (double)bin->packets ? held + 1 : 0;
                if (held == EFFECTIVE_BINS)
                        return (double)(n + 1 - held) * (double)BIN_NS / 1e6;
        }
        return -1;
}

static void fractions(struct replay_traffic *traffic)
{
        if (traffic->packets)
                traffic->dropped_fraction = (double)traffic->dropped / (double)traffic->packets;
}

static int finish(struct replay *replay)
{
        const struct measure *measures[SHIELD_SLOTS];
        size_t count = guard_measures(replay->guard, measures, SHIELD_SLOTS);
        int r = 0;

        for (size_t n = 0; r == 0 && n < count; n++)
                r = measure_note(replay, measures[n]);
        fractions(&replay->result.attack);
        fractions(&replay->result.benign);
        fractions(&replay->result.calm);
        replay->result.effective_ms = effective_ms(replay);
        for (size_t n = 0; n < 2; n++)
                if (replay->plan.victims[n].family)
                        addr_format(&replay->plan.victims[n], replay->result.victim[n]);
        return r;
}

static const char *readable(const char *given, const char *otherwise)
{
        if (given)
                return given;
        return access(otherwise, R_OK) == 0 ? otherwise : NULL;
}

static int plane_ready(struct replay *replay, struct error *error)
{
        const char *geo4 = readable(replay->options->geo4, TOR_GEOIP);
        const char *geo6 = readable(replay->options->geo6, TOR_GEOIP6);
        struct plane_options options = {
                .known4_sources = KNOWN_SOURCES,
                .known6_sources = KNOWN_SOURCES / 4,
                .known_max_age_s = 86400,
                .sample_ring_bytes = RING_BYTES,
                .simulated_clock = true,
        };
        struct plane_prefix prefixes[2];
        size_t count = 0;
        int r = plane_open(&options, &replay->plane, error);

        if (r == 0 && (geo4 || geo6))
                r = geo_load(geo4, geo6, &replay->geo, error);
        if (r == 0 && replay->geo)
                r = plane_set_geo(replay->plane, replay->geo, error);
        for (size_t n = 0; n < 2; n++)
                if (replay->plan.victims[n].family)
                        prefixes[count++] = (struct plane_prefix){replay->plan.victims[n], 0};
        if (r == 0)
                r = plane_set_prefixes(replay->plane, prefixes, count, error);
        for (unsigned port = 0; r == 0 && port < 65536; port++)
                if (replay->plan.udp_ports[port / 8] >> (port % 8) & 1)
                        plane_serve_port(replay->plane, 0, (uint16_t)port);
        return r;
}

static int guard_ready(struct replay *replay, struct error *error)
{
        struct guard_config config = {
                .services = {{.name = "replay"}},
                .floor_pps = replay->options->floor_pps,
                .hold_seconds = 5,
                .max_measure_seconds = 3600,
                .learn_seconds = replay->options->learn_seconds,
        };

        replay->manual = (struct clock_manual){.wall_ms = START_WALL_MS, .mono_ns = START_NS};
        replay->clock = clock_manual_view(&replay->manual);
        replay->tick_ns = START_NS;
        replay->calm_round_ns = START_NS;
        plane_set_time(replay->plane, START_NS);
        replay->bin_count = (size_t)(replay->options->seconds * 1e9 / (double)BIN_NS);
        replay->bins = calloc(replay->bin_count + 1, sizeof(*replay->bins));
        if (!replay->bins)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour le rejeu",
                                 "no memory for the replay");
        return guard_new(replay->plane, replay->geo, &config, &replay->clock, &replay->random, &replay->guard,
                         error);
}

static int replay_play(struct replay *replay, struct error *error)
{
        int r = replay_traffic_load(replay->options, &replay->random, &replay->plan, error);

        if (r == 0)
                r = plane_ready(replay, error);
        if (r == 0)
                r = guard_ready(replay, error);
        if (r == 0)
                r = learn(replay, error);
        if (r == 0)
                r = attack(replay, error);
        if (r == 0 && finish(replay) < 0)
                r = error_say(error, -ENOMEM, "mémoire insuffisante pour ce que le rejeu a trouvé",
                              "no memory for what the replay found");
        if (replay->options->progress)
                fprintf(stderr, "\r                \r");
        return r;
}

static int options_check(const struct replay_options *asked, struct replay_options *ret_options,
                         struct error *error)
{
        struct replay_options options = *asked;

        if (!options.attack)
                return error_say(error, -EINVAL, "un rejeu demande la capture d’une attaque",
                                 "a replay needs an attack capture");
        options.rate = options.rate > 0 ? options.rate : 50000;
        options.seconds = options.seconds > 0 ? options.seconds : 20;
        options.learn_seconds = options.learn_seconds ? options.learn_seconds : 30;
        options.floor_pps = options.floor_pps ? options.floor_pps : 2000;
        if (options.seconds > SECONDS_MOST || options.rate > 1e8)
                return error_say(error, -EINVAL,
                                 "un rejeu dure un jour au plus, à 100 millions de paquets/s au plus",
                                 "a replay lasts a day at most, at 100 million packets/s at most");
        *ret_options = options;
        return 0;
}

int replay_run(const struct replay_options *asked, struct replay_result *ret_result, struct error *error)
{
        struct replay_options options;
        int r = options_check(asked, &options, error);

        if (r < 0)
                return r;
        CLEANUP(cleanup_free) struct replay *replay = calloc(1, sizeof(*replay));
        if (!replay)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour le rejeu",
                                 "no memory for the replay");
        replay->options = &options;
        replay->random = random_seeded_view(&replay->seeded, options.seed);
        replay->result.first_measure_ms = replay->result.effective_ms = -1;
        replay->result.measures = json_array();
        replay->result.findings = json_array();
        r = replay_play(replay, error);
        guard_free(replay->guard);
        plane_close(replay->plane);
        geo_free(replay->geo);
        replay_traffic_release(&replay->plan);
        free(replay->bins);
        if (r < 0)
                replay_release(&replay->result);
        else
                *ret_result = replay->result;
        return r;
}

void replay_release(struct replay_result *result)
{
        json_decref(result->measures);
        json_decref(result->findings);
        result->measures = result->findings = NULL;
}
