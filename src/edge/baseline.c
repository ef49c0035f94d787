/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/baseline.h"

#include <math.h>
#include <stdlib.h>

#include "edge/signature.h"

#define WEIGHT_MAX 64 /* one sample never takes more places than this */

struct reservoir {
        struct shield_features *rows; /* BASELINE_ROWS, taken at the first row */
        size_t count;
        uint64_t seen;
};

struct baseline {
        struct reservoir reservoirs[2][SHIELD_CLASS_COUNT]; /* unknown, known */
        double rates[2][SHIELD_CLASS_COUNT];
        double learned_s;
        double country[SHIELD_COUNTRIES];
        double country_total;
};

struct baseline *baseline_new(void)
{
        return calloc(1, sizeof(struct baseline));
}

struct baseline *baseline_free(struct baseline *baseline)
{
        if (!baseline)
                return NULL;
        for (size_t known = 0; known < 2; known++)
                for (size_t class_ = 0; class_ < SHIELD_CLASS_COUNT; class_++)
                        free(baseline->reservoirs[known][class_].rows);
        free(baseline);
        return NULL;
}

static void reservoir_add(struct reservoir *reservoir, const struct shield_features *features,
                          const struct random *random)
{
        if (!reservoir->rows)
                reservoir->rows = calloc(BASELINE_ROWS, sizeof(*reservoir->rows));
        if (!reservoir->rows)
                return; /* without memory nothing is learned; the floor still guards */
        if (reservoir->seen < BASELINE_MEMORY)
                reservoir->seen++;
        if (reservoir->count < BASELINE_ROWS) {
                reservoir->rows[reservoir->count++] = *features;
                return;
        }
        uint64_t place = random_u64(random) % reservoir->seen;
        if (place < BASELINE_ROWS)
                reservoir->rows[place] = *features;
}

void baseline_learn_sample(struct baseline *baseline, const struct shield_features *features, uint32_t weight,
                           bool known, const struct random *random)
{
        if (features->class_ >= SHIELD_CLASS_COUNT)
                return;
        struct reservoir *reservoir = &baseline->reservoirs[known][features->class_];
        uint32_t times = weight < 1 ? 1 : weight > WEIGHT_MAX ? WEIGHT_MAX : weight;

        for (uint32_t n = 0; n < times; n++)
                reservoir_add(reservoir, features, random);
        if (known)
                return;
        baseline->country[features->country] += weight;
        baseline->country_total += weight;
        if (baseline->country_total < BASELINE_MEMORY * 16.0)
                return;
        /* Halving keeps shares and lets old ones fade. */
        for (size_t n = 0; n < SHIELD_COUNTRIES; n++)
                baseline->country[n] /= 2;
        baseline->country_total /= 2;
}

void baseline_learn_rates(struct baseline *baseline, const double unknown[SHIELD_CLASS_COUNT],
                          const double known[SHIELD_CLASS_COUNT], double seconds)
{
        baseline->learned_s += seconds;
        double part = seconds / fmin(baseline->learned_s, BASELINE_RATE_SECONDS);

        for (size_t n = 0; n < SHIELD_CLASS_COUNT; n++) {
                baseline->rates[0][n] += part * (unknown[n] / seconds - baseline->rates[0][n]);
                baseline->rates[1][n] += part * (known[n] / seconds - baseline->rates[1][n]);
        }
}

double baseline_rate(const struct baseline *baseline, enum shield_class class_, bool known)
{
        return baseline->rates[known][class_];
}

double baseline_total(const struct baseline *baseline)
{
        double total = 0;

        for (size_t n = 0; n < SHIELD_CLASS_COUNT; n++)
                total += baseline->rates[0][n] + baseline->rates[1][n];
        return total;
}

size_t baseline_rows(const struct baseline *baseline, enum shield_class class_, bool known,
                     const struct shield_features **ret_rows)
{
        const struct reservoir *reservoir = &baseline->reservoirs[known][class_];

        *ret_rows = reservoir->rows;
        return reservoir->count;
}

bool baseline_newcomer(const struct shield_features *features)
{
        return (features->class_ == SHIELD_CLASS_SYN || features->class_ == SHIELD_CLASS_TCP ||
                features->class_ == SHIELD_CLASS_UDP) &&
               features->marks & SHIELD_MARK_SERVED;
}

struct tally {
        size_t rows, matched;
        size_t newcomers, newcomers_matched;
};

static struct tally reservoir_tally(const struct reservoir *reservoir,
                                    const struct shield_signature *signature)
{
        struct tally tally = {.rows = reservoir->count};

        for (size_t n = 0; n < reservoir->count; n++) {
                bool match = signature_match(signature, &reservoir->rows[n]);
                bool newcomer = baseline_newcomer(&reservoir->rows[n]);

                tally.matched += match;
                tally.newcomers += newcomer;
                tally.newcomers_matched += newcomer && match;
        }
        return tally;
}

static void cost_add(struct baseline_cost *cost, const struct tally *tally, double rate, bool known)
{
        if (!tally->rows)
                return;
        cost->packets_per_s += rate * (double)tally->matched / (double)tally->rows;
        cost->rows += tally->rows;
        if (known || tally->newcomers < BASELINE_NEWCOMERS_MIN)
                return;
        double newcomers = (double)tally->newcomers_matched / (double)tally->newcomers;
        if (cost->newcomer_rows && newcomers <= cost->newcomers)
                return;
        cost->newcomers = newcomers;
        cost->newcomer_rows = tally->newcomers;
}

struct baseline_cost baseline_cost(const struct baseline *baseline, const struct shield_signature *signature,
                                   bool spare_known)
{
        struct baseline_cost cost = {0};
        uint64_t low = 0, high = SHIELD_CLASS_COUNT - 1;

        if (!signature_speaks(signature, SIGNATURE_CLASS, &low, &high)) {
                low = 0;
                high = SHIELD_CLASS_COUNT - 1;
        }
        for (uint64_t n = low; n <= high && n < SHIELD_CLASS_COUNT; n++) {
                for (unsigned known = 0; known < (spare_known ? 1u : 2u); known++) {
                        struct tally tally = reservoir_tally(&baseline->reservoirs[known][n], signature);

                        cost_add(&cost, &tally, baseline->rates[known][n], known);
                }
        }
        double total = baseline_total(baseline);
        if (total > 0)
                cost.fraction = fmin(cost.packets_per_s / total, 1);
        return cost;
}

double baseline_country_share(const struct baseline *baseline, uint8_t country)
{
        return baseline->country_total > 0 ? baseline->country[country] / baseline->country_total : 0;
}
