/* SPDX-License-Identifier: EUPL-1.2 */
/* The rung of countries. */
#include <math.h>
#include <string.h>

#include "edge/answer.h"

#define SHARE_LEAST 0.005 /* a normal share is never taken to be smaller: databases err that much */
#define CONTINENTS  8

struct fence {
        double excess[SHIELD_COUNTRIES];
        double normal[SHIELD_COUNTRIES]; /* share of unknown normal packets */
        double rest;
        double newcomers; /* share given up */
        uint64_t countries[4];
};

static bool fenced(const struct fence *fence, size_t country)
{
        return fence->countries[country / 64] >> (country % 64) & 1;
}

static void fence_add(struct fence *fence, size_t country)
{
        if (fenced(fence, country))
                return;
        fence->countries[country / 64] |= 1ull << (country % 64);
        fence->rest -= fence->excess[country];
        fence->newcomers += fence->normal[country];
}

static double normal_unknown(const struct baseline *baseline)
{
        double total = 0;

        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++)
                total += baseline_rate(baseline, n, false);
        return total;
}

static void fence_weigh(struct fence *fence, const struct answer_question *question)
{
        double unknown = normal_unknown(question->baseline);

        for (size_t n = 0; n < question->row_count; n++)
                fence->excess[question->rows[n].features->country] += question->rows[n].pps;
        for (size_t n = 0; n < SHIELD_COUNTRIES; n++) {
                fence->normal[n] = baseline_country_share(question->baseline, (uint8_t)n);
                fence->excess[n] = fmax(0, fence->excess[n] - fence->normal[n] * unknown);
        }
        fence->rest = question->load_pps;
}

/* Country 0 is "unknown where from": no ground for anything. */
static size_t best_country(const struct fence *fence, double newcomers_max)
{
        size_t best = 0;
        double best_worth = 0;

        for (size_t n = 1; n < SHIELD_COUNTRIES; n++) {
                double worth = fence->excess[n] / (fence->normal[n] + SHARE_LEAST);

                if (fenced(fence, n) || worth <= best_worth ||
                    fence->newcomers + fence->normal[n] > newcomers_max)
                        continue;
                best = n;
                best_worth = worth;
        }
        return best;
}

static unsigned best_continent(const struct fence *fence, const uint8_t *continent_of, double newcomers_max)
{
        double excess[CONTINENTS] = {0}, normal[CONTINENTS] = {0}, best_worth = 0;
        unsigned best = 0;

        for (size_t n = 1; n < SHIELD_COUNTRIES; n++) {
                if (fenced(fence, n) || continent_of[n] >= CONTINENTS)
                        continue;
                excess[continent_of[n]] += fence->excess[n];
                normal[continent_of[n]] += fence->normal[n];
        }
        for (unsigned n = 1; n < CONTINENTS; n++) {
                double worth = excess[n] / (normal[n] + SHARE_LEAST);

                if (worth <= best_worth || fence->newcomers + normal[n] > newcomers_max)
                        continue;
                best = n;
                best_worth = worth;
        }
        return best;
}

static void fence_continents(struct fence *fence, const struct answer_question *question,
                             const uint8_t *continent_of)
{
        unsigned continent;

        while (fence->rest > question->fit_pps &&
               (continent = best_continent(fence, continent_of, question->newcomers_max)))
                for (size_t n = 1; n < SHIELD_COUNTRIES; n++)
                        if (continent_of[n] == continent)
                                fence_add(fence, n);
}

bool answer_fence(const struct answer_question *question, const uint8_t *continent_of,
                  struct answer_proposal *ret_proposal)
{
        struct fence fence = {0};
        struct answer_proposal proposal = {.kind = SHIELD_KIND_FENCE};
        size_t country;

        if (question->cold)
                return false;
        fence_weigh(&fence, question);
        while (fence.rest > question->fit_pps && (country = best_country(&fence, question->newcomers_max)))
                fence_add(&fence, country);
        if (continent_of)
                fence_continents(&fence, question, continent_of);
        proposal.matched_pps = question->load_pps - fence.rest;
        if (proposal.matched_pps < question->load_pps / 4)
                return false; /* it would shut people out and not help */
        memcpy(proposal.countries, fence.countries, sizeof(proposal.countries));
        proposal.share = fmin(1, proposal.matched_pps / question->load_pps);
        proposal.cost.newcomers = fence.newcomers;
        proposal.cost.packets_per_s = fence.newcomers * normal_unknown(question->baseline);
        double total = baseline_total(question->baseline);
        proposal.cost.fraction = total > 0 ? proposal.cost.packets_per_s / total : 0;
        *ret_proposal = proposal;
        return true;
}
