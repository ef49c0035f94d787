/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/sip.h"

#include <string.h>

#define ROTATE(x, b) (((x) << (b)) | ((x) >> (64 - (b))))

static void sip_round(uint64_t v[4])
{
        v[0] += v[1], v[1] = ROTATE(v[1], 13) ^ v[0], v[0] = ROTATE(v[0], 32);
        v[2] += v[3], v[3] = ROTATE(v[3], 16) ^ v[2];
        v[0] += v[3], v[3] = ROTATE(v[3], 21) ^ v[0];
        v[2] += v[1], v[1] = ROTATE(v[1], 17) ^ v[2], v[2] = ROTATE(v[2], 32);
}

uint64_t sip_hash(const uint64_t secret[static 2], const void *data, size_t length)
{
        uint64_t v[4] = {secret[0] ^ 0x736f6d6570736575ULL, secret[1] ^ 0x646f72616e646f6dULL,
                         secret[0] ^ 0x6c7967656e657261ULL, secret[1] ^ 0x7465646279746573ULL};
        const uint8_t *bytes = data;
        uint64_t last = (uint64_t)length << 56;
        size_t i = 0;

        for (; i + 8 <= length; i += 8) {
                uint64_t word;
                memcpy(&word, bytes + i, 8);
                v[3] ^= word;
                sip_round(v);
                sip_round(v);
                v[0] ^= word;
        }
        for (size_t shift = 0; i < length; i++, shift += 8)
                last |= (uint64_t)bytes[i] << shift;
        v[3] ^= last;
        sip_round(v);
        sip_round(v);
        v[0] ^= last;
        v[2] ^= 0xff;
        for (int round = 0; round < 4; round++)
                sip_round(v);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
}
