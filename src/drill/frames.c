/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/frames.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES_STEP 4096 /* templates added at a time */

static int add_room(struct frames *frames)
{
        size_t room = (size_t)frames->count + FRAMES_STEP;
        void *grown;

        if (frames->count % FRAMES_STEP)
                return 0;
        grown = realloc(frames->templates, room * sizeof(*frames->templates));
        if (!grown)
                return -ENOMEM;
        frames->templates = grown;
        grown = realloc(frames->countries, room * sizeof(*frames->countries));
        if (!grown)
                return -ENOMEM;
        frames->countries = grown;
        return 0;
}

/* The kernel program copies within a window of FLOOD_FRAME_MAX bytes, so a frame may not begin beyond it. */
static int add_block(struct frames *frames)
{
        uint8_t *grown;

        if (frames->block_count && frames->used <= FLOOD_BLOCK - FLOOD_FRAME_MAX)
                return 0;
        if (frames->block_count == FLOOD_BLOCKS)
                return -ENOSPC;
        grown = realloc(frames->blocks, ((size_t)frames->block_count + 1) * FLOOD_BLOCK);
        if (!grown)
                return -ENOMEM;
        memset(grown + (size_t)frames->block_count * FLOOD_BLOCK, 0, FLOOD_BLOCK);
        frames->blocks = grown;
        frames->block_count++;
        frames->used = 0;
        return 0;
}

int frames_add(struct frames *frames, const uint8_t *frame, uint32_t length, uint16_t country,
               struct error *error)
{
        int r = frames->count == FLOOD_TEMPLATES ? -ENOSPC : add_room(frames);
        uint32_t block;

        if (!r)
                r = add_block(frames);
        if (r == -ENOSPC)
                return error_say(
                        error, r,
                        "les captures contiennent plus de paquets que l’exercice ne peut en rejouer (%u)",
                        "the captures hold more packets than the exercise can replay (%u)", FLOOD_TEMPLATES);
        if (r)
                return error_say(error, r, "mémoire insuffisante pour les paquets de l’exercice",
                                 "not enough memory for the exercise's packets");
        block = frames->block_count - 1;
        memcpy(frames->blocks + (size_t)block * FLOOD_BLOCK + frames->used, frame, length);
        frames->templates[frames->count] =
                (struct flood_template){.block = block, .offset = frames->used, .length = length};
        frames->countries[frames->count++] = country;
        frames->used += length;
        return 0;
}

void frames_release(struct frames *frames)
{
        free(frames->templates);
        free(frames->countries);
        free(frames->blocks);
        *frames = (struct frames)FRAMES_INIT;
}
