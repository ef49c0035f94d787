/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The country table as it lies in memory, and the one walk through it that the kernel program and user
 * space share. IPv4: root of 65,536 entries by the first 16 bits, chunks of 256 entries by the next 8, chunks of
 * 256 bytes by the last 8. IPv6: the same root, then nodes of 256 entries for every further 8 bits, down to
 * /64 (one link). Equal chunks are stored once (16-8-8 after Gupta, Lin, McKeown 1998; sharing makes it
 * 9.5 MB instead of 16). An entry with GEO_LEAF carries a country, without it the index of a chunk.
 */
#pragma once

#ifndef __BPF__
#include <stdint.h>
#define GEO_U8  uint8_t
#define GEO_U16 uint16_t
#define GEO_U32 uint32_t
#define GEO_INLINE static inline
#else
#define GEO_U8  __u8
#define GEO_U16 __u16
#define GEO_U32 __u32
#define GEO_INLINE static __always_inline
#endif

#define GEO_VERSION   1
#define GEO_LEAF      0x8000U
#define GEO_MID4_MAX  12288 /* 8,842 in the data of 2026 */
#define GEO_LOW4_MAX  28672 /* 18,715 */
#define GEO_NODE6_MAX 32000 /* 21,993 */
#define GEO_COUNTRIES 256

struct geo_image {
        GEO_U32 version;
        GEO_U32 countries; /* indices in use */
        GEO_U32 mid4_count, low4_count, node6_count;
        GEO_U32 pad[3];
        char codes[GEO_COUNTRIES][2];
        GEO_U16 root4[65536];
        GEO_U16 root6[65536];
        GEO_U16 mid4[GEO_MID4_MAX][256];
        GEO_U8 low4[GEO_LOW4_MAX][256];
        GEO_U16 node6[GEO_NODE6_MAX][256];
};

/* Whatever an entry says, these keep a step within the image: for the verifier, and instead of a branch. */
#define GEO_MID4_MASK 0x3fffU
#define GEO_LOW4_MASK 0x7fffU
_Static_assert(GEO_MID4_MAX <= GEO_MID4_MASK + 1 && GEO_LOW4_MAX <= GEO_LOW4_MASK + 1 &&
                       GEO_MID4_MASK * 512 + 512 <= sizeof(((struct geo_image *)0)->mid4) +
                                                            sizeof(((struct geo_image *)0)->low4) &&
                       GEO_LOW4_MASK * 256 + 256 <= sizeof(((struct geo_image *)0)->low4) +
                                                            sizeof(((struct geo_image *)0)->node6),
               "a masked index stays within the image");

/*
 * `address` in host order. 0 when unknown. Without a branch: random sources would mispredict each one, and a
 * processor that guessed wrong throws away the work it had done ahead. A leaf goes on through chunk 0, which is
 * always in the cache, and its own country is taken in the end.
 */
GEO_INLINE GEO_U8 geo_walk4(const struct geo_image *image, GEO_U32 address)
{
        const GEO_U16 *mid = &image->mid4[0][0];
        const GEO_U8 *low = &image->low4[0][0];
        GEO_U32 entry = image->root4[address >> 16], leaf = 0U - (entry >> 15), next;

        next = mid[(entry & ~leaf & GEO_MID4_MASK) << 8 | (address >> 8 & 0xff)];
        entry = (entry & leaf) | (next & ~leaf);
        leaf = 0U - (entry >> 15);
        next = low[(entry & ~leaf & GEO_LOW4_MASK) << 8 | (address & 0xff)];
        return (GEO_U8)((entry & leaf) | (next & ~leaf));
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
