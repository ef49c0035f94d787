/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the generator's kernel program and its user space share. Fixed-width types only, version first. */
#pragma once

#include <linux/types.h>

#define FLOOD_VERSION   1
#define FLOOD_BLOCK     65536 /* bytes of frames in one array element; a frame never straddles two */
#define FLOOD_BLOCKS    512
#define FLOOD_TEMPLATES 131072
#define FLOOD_FRAME_MAX 1514 /* Ethernet header and an MTU of 1500 */
#define FLOOD_STREAMS   8
#define FLOOD_DECK      1024 /* power of two */

struct flood_template {
        __u32 block;
        __u32 offset; /* at most FLOOD_BLOCK - FLOOD_FRAME_MAX */
        __u32 length;
};

/* One capture in its own order, again and again. */
struct flood_stream {
        __u32 first; /* its first template */
        __u32 count;
        __u32 cursor; /* below count */
        __u32 pad;
        __u64 sent;
};

struct flood_control {
        __u32 version;
        __u32 ifindex; /* where frames leave */
        __u32 deck_cursor;
        __u32 pad;
        struct flood_stream streams[FLOOD_STREAMS];
        __u8 deck[FLOOD_DECK]; /* whose turn it is: streams in proportion to their rates */
};

_Static_assert(sizeof(struct flood_template) == 12, "one layout in the kernel and outside");
_Static_assert(sizeof(struct flood_stream) == 24, "one layout in the kernel and outside");
_Static_assert(sizeof(struct flood_control) == 16 + 24 * FLOOD_STREAMS + FLOOD_DECK,
               "one layout in the kernel and outside");
