/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define LEVEL       1
#define WINDOW_BITS (15 + 16) /* 32 KiB, with gzip's header */
#define MEMORY      8

struct gzip {
        z_stream stream;
        gz_header header;
        char noise[GZIP_NOISE_MAX + 1];
};

int gzip_new(struct gzip **ret_gzip)
{
        struct gzip *gzip = calloc(1, sizeof(*gzip));

        if (!gzip)
                return -ENOMEM;
        if (deflateInit2(&gzip->stream, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
                free(gzip);
                return -ENOMEM;
        }
        gzip->header = (gz_header){.os = 255 /* unknown */, .name = (Bytef *)gzip->noise};
        *ret_gzip = gzip;
        return 0;
}

struct gzip *gzip_free(struct gzip *gzip)
{
        if (gzip)
                deflateEnd(&gzip->stream);
        free(gzip);
        return NULL;
}

size_t gzip_noise(const struct random *random)
{
        return random_u64(random) % (GZIP_NOISE_MAX + 1);
}

int gzip_body(struct gzip *gzip, size_t noise, const void *bytes, size_t length, char **ret_bytes,
              size_t *ret_length)
{
        size_t room = length - length / 10;
        char *out;

        if (length < GZIP_LEAST || length > GZIP_MOST || noise > GZIP_NOISE_MAX)
                return GZIP_NOT_WORTH;
        out = malloc(room);
        if (!out)
                return -ENOMEM;
        memset(gzip->noise, '-', noise);
        gzip->noise[noise] = '\0';
        deflateReset(&gzip->stream);
        deflateSetHeader(&gzip->stream, &gzip->header);
        gzip->stream.next_in = (z_const Bytef *)bytes;
        gzip->stream.avail_in = (uInt)length;
        gzip->stream.next_out = (Bytef *)out;
        gzip->stream.avail_out = (uInt)room;
        if (deflate(&gzip->stream, Z_FINISH) != Z_STREAM_END) { /* there was no room: no smaller by a tenth */
                free(out);
                return GZIP_NOT_WORTH;
        }
        *ret_length = room - gzip->stream.avail_out;
        *ret_bytes = out;
        return 0;
}
