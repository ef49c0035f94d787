/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * guess: what wrong tries cost. Each name and each address (an IPv6 one: its /64) has a count; beyond a few free tries a
 * delay doubles with each, up to GUESS_DELAY_MAX_MS, and an hour without one forgets the count. Names that exist
 * and names that do not are treated alike. An address from which a name came in before does not wait for what others
 * did to the name, only for its own tries: so nobody can keep a director out for good.
 *
 * State is bounded: GUESS_NAMES_MAX and so on, the least recently used leaves. Time is monotonic.
 */
#pragma once

#include <stdint.h>

#include "base/clock.h"
#include "base/random.h"

#define GUESS_NAMES_MAX     4096
#define GUESS_ADDRESSES_MAX 4096
#define GUESS_KNOWN_MAX     2048 /* pairs of name and address that came in */
#define GUESS_NAME_FREE     5    /* tries without delay */
#define GUESS_ADDRESS_FREE  20   /* a whole ward may stand behind one address */
#define GUESS_DELAY_MAX_MS  (15 * 60 * 1000)
#define GUESS_FORGET_MS     (60 * 60 * 1000)

struct guess;

struct guess *guess_new(const struct clock *clock, const struct random *random); /* NULL: out of memory */
struct guess *guess_free(struct guess *guess);                                   /* NULL */

/* Milliseconds until this name may be tried from this address; 0 now. */
int64_t guess_wait(struct guess *guess, const char *name, const char *address);
void guess_wrong(struct guess *guess, const char *name, const char *address);
/* Came in: forgets the name's wrong tries and knows the pair. The address's own stay: one right account buys none. */
void guess_right(struct guess *guess, const char *name, const char *address);
