/* SPDX-License-Identifier: EUPL-1.2 */
/* The figures of a finding. */
#include <math.h>
#include <string.h>

#include "edge/guard_private.h"
#include "edge/guard_words.h"

static void time_add(json_t *json, const char *key, int64_t ms)
{
        char text[TIME_TEXT_SIZE];

        time_format(ms, text);
        json_object_set_new(json, key, json_string(text));
}

/* In the order of shield.h, whatever came first. */
static json_t *kinds_json(uint32_t classes)
{
#define CLASS_WORD(name, word) word,
        static const char *const words[] = {SHIELD_CLASSES(CLASS_WORD)};
        json_t *json = json_array();

        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++)
                if (classes >> n & 1)
                        json_array_append_new(json, json_string(words[n]));
        return json;
}

static json_t *countries_json(const struct guard *guard, unsigned service)
{
        double normal[SHIELD_COUNTRIES], all = engine_normal_pps(guard->engine, service);
        struct toll_country countries[TOLL_COUNTRIES];
        json_t *json = json_object();

        for (unsigned n = 0; n < SHIELD_COUNTRIES; n++)
                normal[n] = all * engine_country_share(guard->engine, service, (uint8_t)n);
        size_t count = toll_countries(&guard->matters[service].sum, normal, countries);
        for (size_t n = 0; n < count; n++) {
                char code[SIGNATURE_CODE_SIZE];

                guard_words_country(NULL, countries[n].country, code);
                json_object_set_new(json, code, json_real(round(countries[n].share * 1e4) / 1e4));
        }
        return json;
}

/* What cannot be said is left out: no list of countries without a table of them, no beginning before the start. */
static void flood_add(const struct guard *guard, const struct engine_news *news, json_t *json)
{
        const struct toll *sum = &guard->matters[news->service].sum;
        json_t *countries = countries_json(guard, news->service);
        uint64_t sources = toll_sources(sum);

        if (news->began_ns)
                time_add(json, "started", guard_wall_of(guard, news->began_ns));
        if (news->kind == ENGINE_ATTACK_ENDS)
                time_add(json, "ended",
                         news->seen_ns ? guard_wall_of(guard, news->seen_ns) : clock_wall_ms(&guard->clock));
        if (news->classes)
                json_object_set_new(json, "kinds", kinds_json(news->classes));
        if (json_object_size(countries))
                json_object_set(json, "countries", countries);
        json_decref(countries);
        if (sources)
                json_object_set_new(json, "sources", json_integer((json_int_t)sources));
        json_object_set_new(json, "packets", json_integer((json_int_t)sum->packets));
        json_object_set_new(json, "dropped_packets", json_integer((json_int_t)sum->dropped));
        if (news->known_missing)
                json_object_set_new(json, "availability_hit", json_true());
}

json_t *guard_evidence(const struct guard *guard, const struct engine_news *news)
{
        json_t *json =
                json_pack("{s:f, s:f, s:f, s:b}", "rate_pps", news->rate_pps, "normal_pps", news->normal_pps,
                          "peak_pps", news->peak_pps, "from_known_sources", news->by_known);

        if (!json || news->kind == ENGINE_CROWD_BEGINS || news->kind == ENGINE_CROWD_ENDS)
                return json;
        flood_add(guard, news, json);
        if (news->share > 0) {
                json_object_set_new(json, "same_shape_fraction", json_real(news->share));
                json_object_set_new(json, "shape",
                                    signature_to_json(&news->shape, guard_words_country, NULL));
        }
        return json;
}
