/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/toll.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

#define INDEX_BITS    12 /* 2^12 registers */
#define SHARE_LEAST   0.005
#define NETWORK_BYTES 8 /* of an IPv6 address */

_Static_assert(TOLL_REGISTERS == 1 << INDEX_BITS, "the index names a register");
_Static_assert(TOLL_KEY_BYTES == crypto_shorthash_KEYBYTES, "the key is SipHash's");

void toll_reset(struct toll *toll, const struct random *random)
{
        *toll = (struct toll){0};
        random_fill(random, toll->key, sizeof(toll->key));
}

void toll_sample(struct toll *toll, const struct shield_sample *sample)
{
        bool ipv6 = sample->features.marks & SHIELD_MARK_IPV6;
        uint8_t address[1 + NETWORK_BYTES] = {ipv6};
        uint64_t hash;

        if (sample->known && sample->verdict != SHIELD_DROP)
                return;
        memcpy(address + 1, sample->source, ipv6 ? NETWORK_BYTES : 4);
        crypto_shorthash((uint8_t *)&hash, address, sizeof(address), toll->key);
        uint64_t rest = hash >> INDEX_BITS;
        uint8_t rank = (uint8_t)(rest ? __builtin_ctzll(rest) + 1 : 64 - INDEX_BITS + 1);
        uint8_t *place = &toll->registers[hash & (TOLL_REGISTERS - 1)];
        if (rank > *place)
                *place = rank;
        toll->counted = true;
}

void toll_count(struct toll *toll, const struct shield_service_counters *before,
                const struct shield_service_counters *now, double seconds)
{
        for (unsigned n = 0; n < SHIELD_CLASS_COUNT; n++) {
                toll->packets += now->by_class[n].packets - before->by_class[n].packets;
                toll->dropped += now->by_class[n].dropped - before->by_class[n].dropped;
        }
        for (unsigned n = 0; n < SHIELD_COUNTRIES; n++)
                toll->country[n] += now->country[n].packets - before->country[n].packets;
        toll->seconds += seconds;
        toll->counted = true;
}

/* Few sources are told exactly enough by the registers still empty (linear counting, Whang et al. 1990). */
uint64_t toll_sources(const struct toll *toll)
{
        const double m = TOLL_REGISTERS, alpha = 0.7213 / (1 + 1.079 / m);
        double sum = 0, empty = 0;

        for (unsigned n = 0; n < TOLL_REGISTERS; n++) {
                sum += ldexp(1, -toll->registers[n]);
                empty += !toll->registers[n];
        }
        double estimate = alpha * m * m / sum;
        if (estimate <= 2.5 * m && empty > 0)
                estimate = m * log(m / empty);
        return (uint64_t)llround(estimate);
}

static void country_insert(struct toll_country *list, size_t *count, struct toll_country country)
{
        size_t place = *count < TOLL_COUNTRIES ? (*count)++ : TOLL_COUNTRIES;

        while (place > 0 && list[place - 1].share < country.share) {
                if (place < TOLL_COUNTRIES)
                        list[place] = list[place - 1];
                place--;
        }
        if (place < TOLL_COUNTRIES)
                list[place] = country;
}

size_t toll_countries(const struct toll *toll, const double normal_pps[static SHIELD_COUNTRIES],
                      struct toll_country ret_countries[static TOLL_COUNTRIES])
{
        double beyond[SHIELD_COUNTRIES], all = 0;
        size_t count = 0;

        for (unsigned n = 0; n < SHIELD_COUNTRIES; n++) {
                beyond[n] = fmax(0, (double)toll->country[n] - normal_pps[n] * toll->seconds);
                all += beyond[n];
        }
        for (unsigned n = 1; n < SHIELD_COUNTRIES; n++)
                if (all > 0 && beyond[n] >= SHARE_LEAST * all)
                        country_insert(ret_countries, &count,
                                       (struct toll_country){(uint8_t)n, beyond[n] / all});
        return count;
}
