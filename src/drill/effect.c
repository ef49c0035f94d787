/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/effect.h"

#include <stdbool.h>

#define BINS_PER_SECOND (1000 / EFFECT_BIN_MS)

static uint64_t sum(const uint32_t *bins, uint32_t from, uint32_t to)
{
        uint64_t total = 0;

        for (uint32_t i = from; i < to; i++)
                total += bins[i];
        return total;
}

/* A packet may come through a moment after its bin, so `passed` can exceed `sent` in one stretch. */
static bool stretch_holds(const uint32_t *sent, const uint32_t *passed, uint32_t from, uint32_t to)
{
        uint64_t all = sum(sent, from, to), through = sum(passed, from, to);

        return through * 1000 <= all * (1000 - EFFECT_PER_MILLE);
}

/* Whether it holds for a second from `at`. */
static bool holds(const uint32_t *sent, const uint32_t *passed, uint32_t at)
{
        for (uint32_t from = at; from + EFFECT_STRETCH <= at + EFFECT_HOLD; from++)
                if (!stretch_holds(sent, passed, from, from + EFFECT_STRETCH))
                        return false;
        return true;
}

static double fraction_dropped(uint64_t sent, uint64_t passed)
{
        if (!sent)
                return 0;
        return passed >= sent ? 0 : 1 - (double)passed / (double)sent;
}

static uint64_t fullest_second(const uint32_t *sent, uint32_t first, uint32_t end)
{
        uint64_t window = 0, best = 0;

        for (uint32_t i = first; i < end; i++) {
                window += sent[i];
                if (i >= first + BINS_PER_SECOND)
                        window -= sent[i - BINS_PER_SECOND];
                if (window > best)
                        best = window;
        }
        return best;
}

struct effect effect_judge(const uint32_t *sent, const uint32_t *passed, uint32_t count)
{
        struct effect effect = {.effective_ms = -1};
        uint32_t first = 0, end = count, from;

        while (first < count && !sent[first])
                first++;
        if (first == count)
                return effect;
        while (!sent[end - 1])
                end--;
        effect.sent = sum(sent, first, end);
        effect.passed = sum(passed, first, count);
        effect.peak_pps = fullest_second(sent, first, end);
        effect.duration_s = (double)(end - first) * EFFECT_BIN_MS / 1000;
        from = first;
        for (uint32_t at = first; at + EFFECT_HOLD <= end; at++) {
                if (!holds(sent, passed, at))
                        continue;
                effect.effective_ms = (int64_t)(at - first) * EFFECT_BIN_MS;
                from = at;
                break;
        }
        effect.dropped = fraction_dropped(sum(sent, from, end), sum(passed, from, count));
        effect.dropped_all = fraction_dropped(effect.sent, effect.passed);
        return effect;
}
