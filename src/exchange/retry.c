/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/retry.h"

int64_t retry_wait_ms(unsigned failures, const struct random *random)
{
        int64_t wait = RETRY_FIRST_MS;

        if (!failures)
                return 0;
        for (unsigned i = 1; i < failures && wait < RETRY_LONGEST_MS; i++)
                wait *= 2;
        if (wait > RETRY_LONGEST_MS)
                wait = RETRY_LONGEST_MS;
        return wait / 2 + (int64_t)(random_u64(random) % (uint64_t)(wait / 2 + 1));
}

bool retry_is_over(unsigned attempts, int64_t age_ms)
{
        return attempts >= RETRY_AT_LEAST && age_ms >= RETRY_GIVE_UP_MS;
}
