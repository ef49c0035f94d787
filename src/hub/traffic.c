/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/traffic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Two readings, the older one of counters that were there already. */
struct span {
        const json_t *from, *to; /* of the same service */
        double seconds;
};

struct country_rate {
        const char *code;
        double in, dropped;
};

static void reading_release(struct traffic_reading *reading)
{
        json_decref(reading->report);
        *reading = (struct traffic_reading){0};
}

static void oldest_leaves(struct traffic *traffic)
{
        reading_release(&traffic->readings[0]);
        memmove(&traffic->readings[0], &traffic->readings[1],
                (TRAFFIC_READINGS - 1) * sizeof(traffic->readings[0]));
        traffic->readings[--traffic->count] = (struct traffic_reading){0};
}

void traffic_release(struct traffic *traffic)
{
        while (traffic->count)
                oldest_leaves(traffic);
}

void traffic_break(struct traffic *traffic)
{
        while (traffic->count > 1)
                oldest_leaves(traffic);
        if (traffic->count)
                traffic->readings[0].read_ms = -1;
}

static const struct traffic_reading *newest(const struct traffic *traffic)
{
        return traffic->count ? &traffic->readings[traffic->count - 1] : NULL;
}

/* The newest gives way to a newer one until it is far enough from the one before it to stay. */
static bool newest_gives_way(const struct traffic *traffic)
{
        const struct traffic_reading *last = newest(traffic);

        if (!last)
                return false;
        return last->read_ms < 0 ||
               (traffic->count > 1 && last->read_ms - last[-1].read_ms < TRAFFIC_SPACING_MS);
}

void traffic_take(struct traffic *traffic, const json_t *report, int64_t now_ms)
{
        const json_t *read_ms = json_object_get(report, "read_ms");
        struct traffic_reading reading = {.report = json_incref((json_t *)report),
                                          .read_ms =
                                                  json_is_integer(read_ms) ? json_integer_value(read_ms) : -1,
                                          .taken_ms = now_ms};

        /* A clock that goes back, or none: another edge. */
        if (traffic->count && reading.read_ms < newest(traffic)->read_ms)
                traffic_release(traffic);
        if (newest_gives_way(traffic))
                reading_release(&traffic->readings[--traffic->count]);
        if (traffic->count == TRAFFIC_READINGS)
                oldest_leaves(traffic);
        traffic->readings[traffic->count++] = reading;
        while (traffic->count > 1 && reading.read_ms - traffic->readings[0].read_ms > TRAFFIC_WINDOW_MS)
                oldest_leaves(traffic);
}

const json_t *traffic_services(const struct traffic *traffic)
{
        return traffic->count ? json_object_get(newest(traffic)->report, "services") : NULL;
}

/* ---- rates ---- */

static bool is_fresh(const struct traffic *traffic, int64_t now_ms)
{
        return traffic->count > 1 && newest(traffic)->read_ms >= 0 &&
               now_ms - newest(traffic)->taken_ms <= TRAFFIC_WINDOW_MS;
}

static const json_t *service_of(const json_t *report, const char *name)
{
        const json_t *service;
        size_t index;

        json_array_foreach(json_object_get(report, "services"), index, service)
        {
                const char *there = json_string_value(json_object_get(service, "name"));
                if (there && !strcmp(there, name))
                        return service;
        }
        return NULL;
}

/* The oldest reading that names the service, and the measure if one is asked for. */
static bool span_of(const struct traffic *traffic, const char *name, const char *measure, int64_t now_ms,
                    struct span *ret_span)
{
        const struct traffic_reading *last = newest(traffic);
        const json_t *to = is_fresh(traffic, now_ms) ? service_of(last->report, name) : NULL;

        for (const struct traffic_reading *at = traffic->readings; to && at < last; at++) {
                const json_t *from = service_of(at->report, name);
                if (last->read_ms <= at->read_ms || !from ||
                    (measure && !json_object_get(json_object_get(from, "measures"), measure)))
                        continue;
                *ret_span = (struct span){from, to, (double)(last->read_ms - at->read_ms) / 1000};
                return true;
        }
        return false;
}

/* Counters only grow; one that does not has begun anew, and what came since is not known. */
static double rate(const json_t *from, const json_t *to, double seconds)
{
        double more = (double)(json_integer_value(to) - json_integer_value(from));

        return more > 0 ? more / seconds : 0;
}

static double rate_of(const struct span *span, const char *key)
{
        return rate(json_object_get(span->from, key), json_object_get(span->to, key), span->seconds);
}

static json_t *packets(double pps)
{
        return json_real(round(pps * 10) / 10);
}

static json_t *bits(double bytes_per_second)
{
        return json_integer((json_int_t)llround(8 * bytes_per_second));
}

static json_t *rates_json(double seconds, double in, double in_bytes, double dropped, double dropped_bytes)
{
        return json_pack("{s:f, s:o, s:o, s:o, s:o, s:o, s:o}", "seconds", seconds, "in_pps", packets(in),
                         "in_bps", bits(in_bytes), "dropped_pps", packets(dropped), "dropped_bps",
                         bits(dropped_bytes), "passed_pps", packets(fmax(0, in - dropped)), "passed_bps",
                         bits(fmax(0, in_bytes - dropped_bytes)));
}

static int greater_first(const void *a, const void *b)
{
        const struct country_rate *left = a, *right = b;

        return (left->in < right->in) - (left->in > right->in);
}

static json_t *countries_json(const struct span *span)
{
        json_t *before = json_object_get(span->from, "countries"), *json = json_object(), *now;
        json_t *after = json_object_get(span->to, "countries");
        CLEANUP(cleanup_free)
        struct country_rate *list = calloc(json_object_size(after) + 1, sizeof(*list));
        const char *code;
        size_t count = 0;

        json_object_foreach(after, code, now)
        {
                const json_t *was = json_object_get(before, code); /* NULL: nothing had come from there */
                double in = rate(json_array_get(was, 0), json_array_get(now, 0), span->seconds);
                if (list && in > 0)
                        list[count++] = (struct country_rate){
                                code, in,
                                rate(json_array_get(was, 1), json_array_get(now, 1), span->seconds)};
        }
        if (list)
                qsort(list, count, sizeof(*list), greater_first);
        for (size_t i = 0; i < count && i < TRAFFIC_COUNTRIES; i++)
                json_object_set_new(json, list[i].code,
                                    json_pack("{s:o, s:o, s:o}", "in_pps", packets(list[i].in), "dropped_pps",
                                              packets(list[i].dropped), "passed_pps",
                                              packets(fmax(0, list[i].in - list[i].dropped))));
        return json;
}

struct sum {
        double seconds, in, in_bytes, dropped, dropped_bytes;
};

/* A service as reported, with its rates; they are added to the sum of all. */
static json_t *service_json(const struct traffic *traffic, const json_t *reported, int64_t now_ms,
                            struct sum *sum)
{
        const char *name = json_string_value(json_object_get(reported, "name"));
        json_t *json = json_copy((json_t *)reported), *rates = NULL;
        struct span span;

        if (name && span_of(traffic, name, NULL, now_ms, &span)) {
                const struct sum one = {span.seconds, rate_of(&span, "packets"), rate_of(&span, "bytes"),
                                        rate_of(&span, "dropped"), rate_of(&span, "dropped_bytes")};
                rates = rates_json(one.seconds, one.in, one.in_bytes, one.dropped, one.dropped_bytes);
                json_object_set_new(rates, "countries", countries_json(&span));
                *sum = (struct sum){fmax(sum->seconds, one.seconds), sum->in + one.in,
                                    sum->in_bytes + one.in_bytes, sum->dropped + one.dropped,
                                    sum->dropped_bytes + one.dropped_bytes};
        }
        json_object_set_new(json, "rates", rates ? rates : json_null());
        return json;
}

json_t *traffic_edge(const struct traffic *traffic, bool connected, int64_t now_ms)
{
        static const char *const counters[] = {"known_evicted", "samples_lost", "unprotected", "malformed"};
        const json_t *report = traffic->count ? newest(traffic)->report : NULL, *service;
        json_t *services = report ? json_array() : json_null(), *json;
        struct sum sum = {0};
        size_t index;

        json_array_foreach(json_object_get(report, "services"), index, service) if (json_is_object(service))
                json_array_append_new(services, service_json(traffic, service, now_ms, &sum));
        json = json_pack("{s:b, s:o, s:o}", "connected", connected, "services", services, "rates",
                         sum.seconds > 0 ? rates_json(sum.seconds, sum.in, sum.in_bytes, sum.dropped,
                                                      sum.dropped_bytes)
                                         : json_null());
        for (size_t i = 0; i < ARRAY_LEN(counters); i++) {
                json_t *value = json_object_get(report, counters[i]);
                json_object_set_new(json, counters[i], value ? json_incref(value) : json_null());
        }
        return json;
}

void traffic_measure(const struct traffic *traffic, json_t *measure, int64_t now_ms)
{
        static const char *const names[] = {"dropped", "would_drop", "spared"};
        const char *id = json_string_value(json_object_get(measure, "id"));
        const char *subject = json_string_value(json_object_get(measure, "subject"));
        const json_t *service =
                traffic->count && id && subject ? service_of(newest(traffic)->report, subject) : NULL;
        const json_t *now = json_object_get(json_object_get(service, "measures"), id ? id : ""), *was;
        json_t *rates = NULL;
        struct span span;

        for (size_t i = 0; now && i < ARRAY_LEN(names); i++)
                if (json_is_integer(json_array_get(now, i)))
                        json_object_set(measure, names[i], json_array_get(now, i));
        if (now && span_of(traffic, subject, id, now_ms, &span)) {
                was = json_object_get(json_object_get(span.from, "measures"), id);
                rates = json_pack(
                        "{s:f, s:o, s:o, s:o, s:o}", "seconds", span.seconds, "dropped_pps",
                        packets(rate(json_array_get(was, 0), json_array_get(now, 0), span.seconds)),
                        "dropped_bps",
                        bits(rate(json_array_get(was, 3), json_array_get(now, 3), span.seconds)),
                        "would_drop_pps",
                        packets(rate(json_array_get(was, 1), json_array_get(now, 1), span.seconds)),
                        "spared_pps",
                        packets(rate(json_array_get(was, 2), json_array_get(now, 2), span.seconds)));
        }
        json_object_set_new(measure, "rates", rates ? rates : json_null());
}
