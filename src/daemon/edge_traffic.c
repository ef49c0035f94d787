/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/edge_traffic.h"

#include <string.h>

static const char *const class_words[] = {
#define CLASS_WORD(name, word) [SHIELD_CLASS_##name] = word,
        SHIELD_CLASSES(CLASS_WORD)
#undef CLASS_WORD
};

static json_t *integer(uint64_t value)
{
        return json_integer((json_int_t)value);
}

static json_t *by_class(const struct shield_service_counters *counters)
{
        json_t *classes = json_object();

        for (size_t i = 0; i < SHIELD_CLASS_COUNT; i++)
                json_object_set_new(classes, class_words[i], integer(counters->by_class[i].packets));
        return classes;
}

static json_t *by_country(const struct shield_service_counters *counters, const struct geo *geo)
{
        json_t *countries = json_object();

        for (unsigned i = 0; i < geo_countries(geo); i++) {
                char code[GEO_CODE_SIZE];
                if (!counters->country[i].packets)
                        continue;
                geo_code(geo, (uint8_t)i, code);
                json_object_set_new(countries, code,
                                    json_pack("[o, o]", integer(counters->country[i].packets),
                                              integer(counters->country[i].dropped)));
        }
        return countries;
}

static json_t *by_measure(struct guard *guard, const char *service)
{
        const struct measure *standing[SHIELD_SLOTS];
        size_t count = guard_measures(guard, standing, SHIELD_SLOTS);
        json_t *measures = json_object();

        for (size_t i = 0; i < count; i++)
                if (!strcmp(standing[i]->subject, service))
                        json_object_set_new(
                                measures, standing[i]->id.text,
                                json_pack(
                                        "[o, o, o, o]", integer(standing[i]->dropped),
                                        integer(standing[i]->would_drop), integer(standing[i]->spared),
                                        integer(guard_measure_counters(guard, standing[i])->dropped_bytes)));
        return measures;
}

static json_t *one_service(struct guard *guard, const struct geo *geo, const char *name, unsigned index)
{
        const struct shield_service_counters *counters = &guard_counters(guard)->service[index];
        struct shield_class_counters all = {0};

        for (size_t i = 0; i < SHIELD_CLASS_COUNT; i++) {
                all.packets += counters->by_class[i].packets;
                all.bytes += counters->by_class[i].bytes;
                all.known += counters->by_class[i].known;
                all.dropped += counters->by_class[i].dropped;
                all.dropped_bytes += counters->by_class[i].dropped_bytes;
        }
        return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:f, s:o, s:o, s:o}", "name", name, "packets",
                         integer(all.packets), "bytes", integer(all.bytes), "known", integer(all.known),
                         "dropped", integer(all.dropped), "dropped_bytes", integer(all.dropped_bytes),
                         "state", guard_attacked(guard, index) ? "attack" : "calm", "normal_pps",
                         guard_normal_pps(guard, index), "classes", by_class(counters), "countries",
                         by_country(counters, geo), "measures", by_measure(guard, name));
}

json_t *edge_traffic(struct guard *guard, const struct geo *geo, const struct config *config, int64_t now_ms)
{
        const struct shield_counters *counters = guard_counters(guard);
        json_t *services = json_array();
        char now[TIME_TEXT_SIZE];

        time_format(now_ms, now);
        for (unsigned i = 0; i < config->edge.service_count; i++)
                json_array_append_new(services, one_service(guard, geo, config->edge.services[i].name, i));
        return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "type", "traffic", "at", now, "read_ms",
                         integer(guard_read_ns(guard) / 1000000), "services", services, "unprotected",
                         integer(counters->unprotected), "malformed", integer(counters->malformed),
                         "known_evicted", integer(counters->known_evicted), "samples_lost",
                         integer(counters->samples_lost));
}
