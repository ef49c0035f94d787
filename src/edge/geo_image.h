/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The country table as it lies in memory, and the one walk through it that the kernel program and user
 * space share. IPv4: root of 65,536 entries by the first 16 bits, chunks of 256 entries by the next 8, chunks of
 * 256 bytes by the last 8. IPv6: the same root, then nodes of 256 entries for every further 8 bits, down to
 * /64 (one link). Equal chunks are stored once (16-8-8 after Gupta, Lin, McKeown 1998; sharing makes it
 * 9.5 MB instead of 16). An entry with GEO_LEAF carries a country, without it the index of a chunk.
 *
 * What decides the price is the cache, and 4.5 MB of middle chunks are too much for one. So each middle chunk is there
 * once more in 16 parts: `upper4` names them, `node4` holds them as bytes, equal ones once: 0.9 MB that answer for all but one
 * address in a thousand; GEO_DEEPER sends that one the long way.
 */
#pragma once

#ifndef __BPF__
#include <stdint.h>
#define GEO_U8     uint8_t
#define GEO_U16    uint16_t
#define GEO_U32    uint32_t
#define GEO_INLINE static inline
#else
#define GEO_U8     __u8
#define GEO_U16    __u16
#define GEO_U32    __u32
#define GEO_INLINE static __always_inline
#endif

#define GEO_VERSION   2
#define GEO_LEAF      0x8000U
#define GEO_MID4_MAX  12288 /* 8,842 in the data of 2026 */
#define GEO_LOW4_MAX  28672 /* 18,715 */
#define GEO_NODE4_MAX 57344 /* 36,203 */
#define GEO_DEEPER    255   /* no country */
#define GEO_NODE6_MAX 32000 /* 21,993 */
#define GEO_COUNTRIES 256

struct geo_image {
        GEO_U32 version;
        GEO_U32 countries; /* indices in use */
        GEO_U32 mid4_count, low4_count, node6_count;
        GEO_U32 node4_count;
        GEO_U32 pad[2];
        char codes[GEO_COUNTRIES][2];
        GEO_U16 root4[65536];
        GEO_U16 root6[65536];
        GEO_U16 upper4[GEO_MID4_MAX][16];
        GEO_U8 node4[GEO_NODE4_MAX][16];
        GEO_U16 mid4[GEO_MID4_MAX][256];
        GEO_U8 low4[GEO_LOW4_MAX][256];
        GEO_U16 node6[GEO_NODE6_MAX][256];
};

/* Whatever an entry says, a masked index keeps the step within the image: instead of a branch, for the verifier. */
#define GEO_MID4_MASK 0x3fffU
_Static_assert(GEO_MID4_MAX <= GEO_MID4_MASK + 1 &&
                       (GEO_MID4_MASK + 1) * 32 <= GEO_MID4_MAX * 32 + GEO_NODE4_MAX * 16 &&
                       65536 * 16 <= GEO_NODE4_MAX * 16 + GEO_MID4_MAX * 512,
               "a masked index stays within the image");

/* Where the short tables do not reach: a /24 of more than one country. */
GEO_INLINE GEO_U8 geo_walk4_deeper(const struct geo_image *image, GEO_U32 chunk, GEO_U32 address)
{
        GEO_U32 entry;

        if (chunk >= GEO_MID4_MAX)
                return 0;
        entry = image->mid4[chunk][address >> 8 & 0xff];
        if (entry & GEO_LEAF)
                return (GEO_U8)entry;
        if (entry >= GEO_LOW4_MAX)
                return 0;
        return image->low4[entry][address & 0xff];
}

/*
 * `address` in host order. 0 when unknown. Without a branch that depends on the root: random sources would mispredict
 * it, and a processor that guessed wrong throws away the work it had done ahead. A leaf goes on through chunk
 * 0, which is always in the cache, and its own country is taken in the end. Row and column are added to the pointer one
 * after the other: put together first, by an or, they are more than the verifier of Linux 6.1 can follow.
 */
GEO_INLINE GEO_U8 geo_walk4(const struct geo_image *image, GEO_U32 address)
{
        const GEO_U16(*upper)[16] = image->upper4;
        const GEO_U8(*nodes)[16] = image->node4;
        GEO_U32 entry = image->root4[address >> 16], leaf = 0U - (entry >> 15);
        GEO_U32 chunk = entry & ~leaf & GEO_MID4_MASK, node = upper[chunk][address >> 12 & 15];
        GEO_U32 country = ((entry & leaf) | (nodes[node][address >> 8 & 15] & ~leaf)) & 0xff;

        if (country == GEO_DEEPER)
                return geo_walk4_deeper(image, chunk, address);
        return (GEO_U8)country;
}

/* `bytes`: the 16 bytes as on the wire. 0 when unknown. */
GEO_INLINE GEO_U8 geo_walk6(const struct geo_image *image, const GEO_U8 *bytes)
{
        GEO_U32 entry = image->root6[(GEO_U32)bytes[0] << 8 | bytes[1]];

#ifdef __BPF__
#pragma unroll
#endif
        for (int depth = 2; depth < 8; depth++) {
                if (entry & GEO_LEAF)
                        return (GEO_U8)entry;
                if (entry >= GEO_NODE6_MAX)
                        return 0;
                entry = image->node6[entry][bytes[depth]];
        }
        return entry & GEO_LEAF ? (GEO_U8)entry : 0;
}
