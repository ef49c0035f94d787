/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * gzip: a body made smaller (RFC 1952), at the level that costs least. What makes it can be used again, so that an answer does not pay for
 * zlib's tables; each thread has its own. The header holds a name of random length, which readers skip: who counts bytes on the line to
 * guess what stands beside a text of his own has as much noise to take off (docs/decisions/0019).
 */
#pragma once

#include <stddef.h>

#include "base/random.h"

#define GZIP_LEAST     1024          /* below, a packet is a packet */
#define GZIP_SHORT     (24 * 1024)   /* up to here it takes less time than to have another thread do it */
#define GZIP_MOST      (1024 * 1024) /* above, it would keep that thread for too long */
#define GZIP_NOISE_MAX 63

struct gzip;

/* -ENOMEM. */
int gzip_new(struct gzip **ret_gzip);
struct gzip *gzip_free(struct gzip *gzip); /* NULL */

/* It is not of a length worth it, or does not become smaller by a tenth. */
#define GZIP_NOT_WORTH 1
/* By malloc(). `noise` letters of a name, GZIP_NOISE_MAX at most. -ENOMEM. */
int gzip_body(struct gzip *gzip, size_t noise, const void *bytes, size_t length, char **ret_bytes,
              size_t *ret_length);

/* How many. */
size_t gzip_noise(const struct random *random);
