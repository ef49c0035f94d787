/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/condition.h"

#include <stdlib.h>
#include <string.h>

#define SHARE_LEAST   0.02 /* of the class's unexplained packets, for one value */
#define CLUSTER_LEAST 0.05
#define VALUES_MOST   4 /* of one facet */
#define CLUSTERS_MOST 3
#define OUTSIDE_MOST  2  /* below and above what is normal */
#define OUTSIDE_ROWS  50 /* of the baseline, before its ends mean anything */

struct point {
        uint64_t value;
        double pps;
};

/* Everything but class and protocol, which every signature begins with. */
static const enum signature_facet candidates[] = {
        SIGNATURE_TCP_FLAGS,  SIGNATURE_LENGTH,          SIGNATURE_TTL,           SIGNATURE_SOURCE_PORT,
        SIGNATURE_DEST_PORT,  SIGNATURE_WINDOW,          SIGNATURE_HEADER_WORDS,  SIGNATURE_COUNTRY,
        SIGNATURE_IP_ID,      SIGNATURE_FRAGMENT_OFFSET, SIGNATURE_OPTIONS1,      SIGNATURE_OPTIONS,
        SIGNATURE_PAYLOAD1,   SIGNATURE_PAYLOAD2,        SIGNATURE_PAYLOAD4,      SIGNATURE_PAYLOAD8,
        SIGNATURE_SERVED,     SIGNATURE_EMPTY,           SIGNATURE_DONT_FRAGMENT, SIGNATURE_FRAGMENT_LATER,
        SIGNATURE_IP_OPTIONS, SIGNATURE_LOW_SOURCE_PORT, SIGNATURE_IPV6,
};

static int point_order(const void *a, const void *b)
{
        uint64_t left = ((const struct point *)a)->value, right = ((const struct point *)b)->value;

        return left < right ? -1 : left > right;
}

/* Sorted by value, equal values added up. */
static size_t points_collect(const struct condition_rows *rows, enum signature_facet facet,
                             struct point *points, double *ret_total)
{
        size_t count = 0, kept = 0;

        *ret_total = 0;
        for (size_t n = 0; n < rows->attack_count; n++) {
                *ret_total += rows->pps[n];
                if (rows->pps[n] > 0 && signature_facet_applies(facet, rows->attack[n]))
                        points[count++] =
                                (struct point){signature_facet_value(facet, rows->attack[n]), rows->pps[n]};
        }
        qsort(points, count, sizeof(*points), point_order);
        for (size_t n = 0; n < count; n++) {
                if (kept && points[kept - 1].value == points[n].value)
                        points[kept - 1].pps += points[n].pps;
                else
                        points[kept++] = points[n];
        }
        return kept;
}

/* Keeps a few of the heaviest, lightest out first. */
static void heaviest_keep(struct condition *list, double *weights, size_t *count, size_t most,
                          const struct condition *candidate, double weight)
{
        size_t lightest = 0;

        if (*count < most) {
                weights[*count] = weight;
                list[(*count)++] = *candidate;
                return;
        }
        for (size_t n = 1; n < *count; n++)
                if (weights[n] < weights[lightest])
                        lightest = n;
        if (weights[lightest] >= weight)
                return;
        weights[lightest] = weight;
        list[lightest] = *candidate;
}

static uint64_t cluster_gap(enum signature_facet facet)
{
        switch (facet) {
        case SIGNATURE_TTL:
                return 3;
        case SIGNATURE_LENGTH:
                return 48;
        default:
                return 512;
        }
}

static size_t values_list(enum signature_facet facet, const struct point *points, size_t count, double total,
                          struct condition *list)
{
        double weights[VALUES_MOST];
        size_t kept = 0;

        for (size_t n = 0; n < count; n++) {
                struct condition candidate = {
                        .facet = facet, .low = points[n].value, .high = points[n].value};

                if (points[n].pps >= SHARE_LEAST * total)
                        heaviest_keep(list, weights, &kept, VALUES_MOST, &candidate, points[n].pps);
        }
        return kept;
}

static size_t clusters_list(enum signature_facet facet, const struct point *points, size_t count,
                            double total, struct condition *list)
{
        double weights[CLUSTERS_MOST];
        size_t kept = 0;

        for (size_t from = 0, to; from < count; from = to) {
                double weight = points[from].pps;

                for (to = from + 1;
                     to < count && points[to].value - points[to - 1].value <= cluster_gap(facet); to++)
                        weight += points[to].pps;
                struct condition candidate = {
                        .facet = facet, .low = points[from].value, .high = points[to - 1].value};
                if (to - from > 1 && weight >= CLUSTER_LEAST * total)
                        heaviest_keep(list, weights, &kept, CLUSTERS_MOST, &candidate, weight);
        }
        return kept;
}

static double points_between(const struct point *points, size_t count, uint64_t low, uint64_t high)
{
        double pps = 0;

        for (size_t n = 0; n < count; n++)
                if (points[n].value >= low && points[n].value <= high)
                        pps += points[n].pps;
        return pps;
}

/* Below the least and above the greatest value that calm has shown. */
static size_t outside_list(const struct condition_rows *rows, enum signature_facet facet,
                           const struct point *points, size_t count, double total, struct condition *list)
{
        uint64_t least = UINT64_MAX, greatest = 0, top = facet == SIGNATURE_TTL ? UINT8_MAX : UINT16_MAX;
        size_t kept = 0, speaking = 0;

        for (size_t n = 0; n < rows->base_count; n++) {
                if (!signature_facet_applies(facet, rows->base[n]))
                        continue;
                uint64_t value = signature_facet_value(facet, rows->base[n]);

                least = value < least ? value : least;
                greatest = value > greatest ? value : greatest;
                speaking++;
        }
        if (speaking < OUTSIDE_ROWS)
                return 0;
        if (least > 0 && points_between(points, count, 0, least - 1) >= CLUSTER_LEAST * total)
                list[kept++] = (struct condition){.facet = facet, .low = 0, .high = least - 1};
        if (greatest < top && points_between(points, count, greatest + 1, top) >= CLUSTER_LEAST * total)
                list[kept++] = (struct condition){.facet = facet, .low = greatest + 1, .high = top};
        return kept;
}

static bool condition_holds(const struct condition *condition, const struct shield_features *features)
{
        uint64_t value = signature_facet_value(condition->facet, features);

        return value >= condition->low && value <= condition->high;
}

void condition_mark(const struct condition_rows *rows, struct condition *condition)
{
        memset(&condition->bits, 0, sizeof(condition->bits));
        for (size_t n = 0; n < rows->attack_count; n++)
                if (condition_holds(condition, rows->attack[n]))
                        bits_set(condition->bits.attack, n);
        for (size_t n = 0; n < rows->base_count; n++)
                if (condition_holds(condition, rows->base[n]))
                        bits_set(condition->bits.base, n);
}

size_t condition_list(const struct condition_rows *rows,
                      struct condition ret_conditions[static CONDITIONS_MAX])
{
        struct point *points = calloc(CONDITION_ROWS, sizeof(*points));
        size_t count = 0;

        for (size_t n = 0; points && n < sizeof(candidates) / sizeof(candidates[0]); n++) {
                double total;
                size_t found = points_collect(rows, candidates[n], points, &total);

                if (CONDITIONS_MAX - count < VALUES_MOST + CLUSTERS_MOST + OUTSIDE_MOST)
                        break;
                count += values_list(candidates[n], points, found, total, &ret_conditions[count]);
                if (!signature_facet_is_range(candidates[n]))
                        continue;
                count += clusters_list(candidates[n], points, found, total, &ret_conditions[count]);
                count += outside_list(rows, candidates[n], points, found, total, &ret_conditions[count]);
        }
        free(points);
        for (size_t n = 0; n < count; n++)
                condition_mark(rows, &ret_conditions[n]);
        return count;
}
