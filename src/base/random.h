/* SPDX-License-Identifier: EUPL-1.2 */
/* Randomness comes in through an object, so that what depends on it can be repeated in a test. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct random {
        void (*fill)(void *context, void *buffer, size_t length);
        void *context;
};

/* getrandom(2): fit for keys and salts. */
extern const struct random random_system;

/* xoshiro256** from a seed (Blackman and Vigna, 2018): repeatable, never for secrets. */
struct random_seeded {
        uint64_t state[4];
};
struct random random_seeded_view(struct random_seeded *seeded, uint64_t seed);

static inline void random_fill(const struct random *random, void *buffer, size_t length)
{
        random->fill(random->context, buffer, length);
}

uint64_t random_u64(const struct random *random);
