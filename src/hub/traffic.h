/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * traffic: the edge's reports of the last seconds (hub/protocol.h), and what two of them say of packets and bits a
 * second. A rate is the difference of two readings of a counter by the difference of their times, as the edge's
 * monotonic clock had them: how often the edge reports, and what people do to the wall clock, do not matter. Where
 * there are no two readings of the last seconds the rate is not known, and says so.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define TRAFFIC_READINGS   6    /* kept; the last one is the newest */
#define TRAFFIC_SPACING_MS 1000 /* between those that are kept, at least, so that they are few */
#define TRAFFIC_WINDOW_MS  5000 /* older ones say nothing of now */
#define TRAFFIC_COUNTRIES  8    /* named with their rates */

struct traffic {
        struct traffic_reading {
                json_t *report;   /* owned */
                int64_t read_ms;  /* the edge's clock; negative: it did not say */
                int64_t taken_ms; /* ours, monotonic */
        } readings[TRAFFIC_READINGS];
        unsigned count;
};

void traffic_release(struct traffic *traffic);

/* A report arrives (borrowed, and not to be changed any more). */
void traffic_take(struct traffic *traffic, const json_t *report, int64_t now_ms);

/* The edge came or went: its counters may begin anew. The newest report stays to be shown, without rates. */
void traffic_break(struct traffic *traffic);

/* The newest report's "services"; NULL before the first. Borrowed. */
const json_t *traffic_services(const struct traffic *traffic);

/* "edge" of the status; new reference. */
json_t *traffic_edge(const struct traffic *traffic, bool connected, int64_t now_ms);

/* What the newest report counts of a measure is put over what the book has, and "rates" beside it. */
void traffic_measure(const struct traffic *traffic, json_t *measure, int64_t now_ms);
