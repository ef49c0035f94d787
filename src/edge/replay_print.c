/* SPDX-License-Identifier: EUPL-1.2 */
/* What a replay found, for machines and for people. */
#include "edge/replay.h"

#include <inttypes.h>

static json_t *traffic_json(const struct replay_traffic *traffic)
{
        return json_pack("{s:I, s:I, s:f}", "packets", (json_int_t)traffic->packets, "dropped",
                         (json_int_t)traffic->dropped, "dropped_fraction", traffic->dropped_fraction);
}

static json_t *time_json(double ms)
{
        return ms < 0 ? json_null() : json_real(ms);
}

json_t *replay_to_json(const struct replay_result *result)
{
        json_t *victims = json_array();

        for (size_t n = 0; victims && n < 2; n++)
                if (result->victim[n][0])
                        json_array_append_new(victims, json_string(result->victim[n]));
        return json_pack("{s:o, s:o, s:o, s:o, s:o, s:O, s:O, s:o, s:f, s:f}", "attack",
                         traffic_json(&result->attack), "benign", traffic_json(&result->benign), "calm",
                         traffic_json(&result->calm), "first_measure_ms", time_json(result->first_measure_ms),
                         "effective_ms", time_json(result->effective_ms), "measures", result->measures,
                         "findings", result->findings, "victims", victims, "learned_s", result->learned_s,
                         "slowest_tick_ms", result->slowest_tick_ms);
}

static void traffic_print(FILE *out, const char *name, const struct replay_traffic *traffic, bool french)
{
        fprintf(out,
                french ? "%-22s %10" PRIu64 " paquets, %.3f %% écartés\n"
                       : "%-22s %10" PRIu64 " packets, %.3f%% dropped\n",
                name, traffic->packets, 100 * traffic->dropped_fraction);
}

static void time_print(FILE *out, const char *name, double ms, bool french)
{
        if (ms < 0)
                fprintf(out, "%-22s %s\n", name, french ? "jamais" : "never");
        else
                fprintf(out, "%-22s %.0f ms\n", name, ms);
}

static void texts_print(FILE *out, const json_t *list, bool french)
{
        size_t n;
        json_t *item;

        json_array_foreach((json_t *)list, n, item)
        {
                const char *text = json_string_value(
                        json_object_get(json_object_get(item, "why"), french ? "fr" : "en"));

                fprintf(out, "  - %s\n", text ? text : "");
        }
}

void replay_print(FILE *out, const struct replay_result *result, bool french)
{
        fprintf(out, french ? "%-22s %s %s\n" : "%-22s %s %s\n", french ? "Victime" : "Victim",
                result->victim[0], result->victim[1]);
        traffic_print(out, french ? "Attaque" : "Attack", &result->attack, french);
        traffic_print(out, french ? "Trafic légitime" : "Legitimate traffic", &result->benign, french);
        time_print(out, french ? "Première mesure" : "First measure", result->first_measure_ms, french);
        time_print(out, french ? "95 % écartés dès" : "95% dropped from", result->effective_ms, french);
        fprintf(out, "%s\n", french ? "Constats" : "Findings");
        texts_print(out, result->findings, french);
        fprintf(out, "%s\n", french ? "Mesures" : "Measures");
        texts_print(out, result->measures, french);
}
