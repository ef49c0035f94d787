/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/rate.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NS_A_MS         1000000ULL
#define LEVEL_A_REQUEST 60000ULL /* so that a minute's rate leaks whole units each millisecond */

struct cell {
        uint64_t level;
        uint64_t at_ms;
};

struct rate {
        const struct clock *clock;
        uint8_t secret[crypto_shorthash_KEYBYTES];
        struct cell cells[RATE_KINDS][RATE_ROWS][RATE_CELLS];
};

struct rate_key {
        uint32_t row;
        uint8_t family;
        uint8_t bytes[16];
} __attribute__((packed));

int rate_new(const struct clock *clock, const struct random *random, struct rate **ret_rate)
{
        struct rate *rate = calloc(1, sizeof(*rate));

        if (!rate)
                return -ENOMEM;
        rate->clock = clock;
        random_fill(random, rate->secret, sizeof(rate->secret));
        *ret_rate = rate;
        return 0;
}

struct rate *rate_free(struct rate *rate)
{
        free(rate);
        return NULL;
}

static struct cell *cell_of(struct rate *rate, const struct addr *from, unsigned kind, uint32_t row)
{
        struct rate_key key = {.row = row, .family = from->family};
        uint64_t hash;

        memcpy(key.bytes, from->bytes, from->family == 6 ? 8 : 4);
        crypto_shorthash((unsigned char *)&hash, (const unsigned char *)&key, sizeof(key), rate->secret);
        return &rate->cells[kind][row][hash % RATE_CELLS];
}

static void leak(struct cell *cell, uint64_t now_ms, uint32_t a_minute)
{
        uint64_t gone = (now_ms - cell->at_ms) * a_minute;

        cell->level = cell->level > gone ? cell->level - gone : 0;
        cell->at_ms = now_ms;
}

unsigned rate_charge(struct rate *rate, const struct addr *from, unsigned kind, struct rate_limit limit)
{
        uint64_t now_ms = clock_mono_ns(rate->clock) / NS_A_MS, lowest = UINT64_MAX, room, wait_ms;
        struct cell *cells[RATE_ROWS];

        for (uint32_t row = 0; row < RATE_ROWS; row++) {
                cells[row] = cell_of(rate, from, kind, row);
                leak(cells[row], now_ms, limit.a_minute);
                lowest = cells[row]->level < lowest ? cells[row]->level : lowest;
        }
        room = limit.at_once * LEVEL_A_REQUEST;
        if (lowest + LEVEL_A_REQUEST > room) {
                wait_ms = limit.a_minute ? (lowest + LEVEL_A_REQUEST - room) / limit.a_minute : 60000;
                return (unsigned)(wait_ms / 1000) + 1;
        }
        for (uint32_t row = 0; row < RATE_ROWS; row++)
                if (cells[row]->level < lowest + LEVEL_A_REQUEST)
                        cells[row]->level = lowest + LEVEL_A_REQUEST;
        return 0;
}
