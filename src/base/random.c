/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/random.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <errno.h>

static void system_fill(void *context, void *buffer, size_t length)
{
        uint8_t *cursor = buffer;

        while (length > 0) {
                ssize_t got = getrandom(cursor, length, 0);
                if (got < 0) {
                        if (errno == EINTR)
                                continue;
                        abort(); /* no secret may be made without randomness */
                }
                cursor += got;
                length -= (size_t)got;
        }
}

const struct random random_system = {.fill = system_fill};

static uint64_t rotate(uint64_t value, int bits)
{
        return (value << bits) | (value >> (64 - bits));
}

static uint64_t seeded_next(struct random_seeded *seeded)
{
        uint64_t *s = seeded->state;
        uint64_t result = rotate(s[1] * 5, 7) * 9;
        uint64_t shifted = s[1] << 17;

        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = rotate(s[3], 45);
        return result;
}

static void seeded_fill(void *context, void *buffer, size_t length)
{
        uint8_t *cursor = buffer;

        while (length > 0) {
                uint64_t value = seeded_next(context);
                size_t part = length < sizeof(value) ? length : sizeof(value);
                memcpy(cursor, &value, part);
                cursor += part;
                length -= part;
        }
}

struct random random_seeded_view(struct random_seeded *seeded, uint64_t seed)
{
        for (int i = 0; i < 4; i++) { /* splitmix64, as the authors advise for seeding */
                uint64_t z = (seed += 0x9e3779b97f4a7c15ULL);
                z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
                z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
                seeded->state[i] = z ^ (z >> 31);
        }
        return (struct random){.fill = seeded_fill, .context = seeded};
}

uint64_t random_u64(const struct random *random)
{
        uint64_t value;

        random_fill(random, &value, sizeof(value));
        return value;
}
