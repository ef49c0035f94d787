/* SPDX-License-Identifier: EUPL-1.2 */
/* The flood's frames as the generator's kernel program wants them: blocks of bytes, and where each frame lies. */
#pragma once

#include <linux/types.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "drill/flood_wire.h"

struct frames {
        struct flood_template *templates;
        uint16_t *countries; /* of the source, one a template */
        uint32_t count;
        uint8_t *blocks; /* block_count times FLOOD_BLOCK bytes */
        uint32_t block_count;
        uint32_t used; /* bytes of the last block */
};

#define FRAMES_INIT                                                                                          \
        {                                                                                                    \
                NULL, NULL, 0, NULL, 0, 0                                                                    \
        }

/* Copies one frame in. -ENOSPC when FLOOD_TEMPLATES or FLOOD_BLOCKS are used up, -ENOMEM. */
int frames_add(struct frames *frames, const uint8_t *frame, uint32_t length, uint16_t country,
               struct error *error);
void frames_release(struct frames *frames);
