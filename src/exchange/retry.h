/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * retry: when a target that failed is tried again. The wait doubles from RETRY_FIRST_MS to RETRY_LONGEST_MS, of which a random
 * half is taken off, so that many who lost the same server do not come back together. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"

#define RETRY_FIRST_MS   1000
#define RETRY_LONGEST_MS (15 * 60 * 1000)
#define RETRY_AT_LEAST   3                           /* tries, however old the news is */
#define RETRY_GIVE_UP_MS (3LL * 24 * 60 * 60 * 1000) /* since the news came up */

/* Milliseconds to wait after so many failures in a row; 0 after none. */
int64_t retry_wait_ms(unsigned failures, const struct random *random);

/* Whether it is given up: nobody is served by news that is days old. */
bool retry_is_over(unsigned attempts, int64_t age_ms);
