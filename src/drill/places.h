/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Where addresses are, for the exercise alone: read from the text of Debian's tor-geoipdb (IPFire Location,
 * CC BY-SA 4.0), independent of the compiled table that Garde's edge uses, so that neither hides the other's errors.
 */
#pragma once

#include "base/addr.h"
#include "base/error.h"
#include "base/random.h"

#define PLACES_V4        "/usr/share/tor/geoip"
#define PLACES_V6        "/usr/share/tor/geoip6"
#define PLACES_COUNTRIES 320 /* distinct codes at most; number 0 is "unknown" */

struct places;

/* Lines "start,end,CC" with numbers (v4) or addresses (v6). -ENOENT names the package to install; -EINVAL the line. */
int places_read(const char *path_v4, const char *path_v6, struct places **ret_places, struct error *error);
struct places *places_free(struct places *places); /* NULL */

/* Number of the country of a single address; 0 when no range holds it. */
unsigned places_country(const struct places *places, const struct addr *addr);

/* The code of a number, "??" for 0; the number of a code, 0 when the database has none such. */
const char *places_code(const struct places *places, unsigned country);
unsigned places_number(const struct places *places, const char code[static 2]);

/* One address of that country by chance. -ENODATA when it has none of this family (4 or 6). */
int places_pick(const struct places *places, unsigned country, unsigned family, const struct random *random,
                struct addr *ret_addr);
