/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * gzip: a body made smaller (RFC 1952), at the level that costs least. One of them is kept and used again, so an answer does not pay
 * for zlib's tables. The header holds a name of random length, which readers skip: who counts bytes on the line to guess what
 * stands beside a text of his own has as much noise to take off (docs/decisions/0019).
 */
#pragma once

#include <stddef.h>

#include "base/random.h"

#define GZIP_LEAST     1024          /* below, a packet is a packet */
#define GZIP_MOST      (1024 * 1024) /* above, the hub's one thread would stand still for too long */
#define GZIP_NOISE_MAX 63

struct gzip;

/* -ENOMEM. */
int gzip_new(const struct random *random, struct gzip **ret_gzip);
struct gzip *gzip_free(struct gzip *gzip); /* NULL */

/* It is not of a length worth it, or does not become smaller by a tenth. */
#define GZIP_NOT_WORTH 1
/* By malloc(). -ENOMEM. */
int gzip_body(struct gzip *gzip, const void *bytes, size_t length, char **ret_bytes, size_t *ret_length);
