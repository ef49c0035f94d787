/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/tally.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"

#define WORD(name, word) word,

static const char *const class_words[] = {TALLY_CLASSES(WORD)};
static const char *const phase_words[] = {TALLY_PHASES(WORD)};

const char *tally_class_word(enum tally_class class)
{
        return class_words[class];
}

const char *tally_phase_word(enum tally_phase phase)
{
        return phase_words[phase];
}

static int compare_values(const void *a, const void *b)
{
        uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

        return (x > y) - (x < y);
}

double tally_percentile(uint32_t *values, size_t count, unsigned percent)
{
        size_t rank;

        if (!count)
                return 0;
        qsort(values, count, sizeof(*values), compare_values);
        rank = (count * percent + 99) / 100;
        return values[rank ? rank - 1 : 0];
}

static enum tally_phase phase_of(const struct tally_visit *visit, const struct tally_times *times)
{
        if (visit->start_ns < times->attack_ns)
                return TALLY_PHASE_CALM;
        return visit->start_ns < times->end_ns ? TALLY_PHASE_DURING : TALLY_PHASE_AFTER;
}

static enum tally_class class_of(const struct tally_visit *visit, enum tally_phase phase)
{
        bool europe = visit->class == TALLY_KNOWN_EUROPE || visit->class == TALLY_NEW_EUROPE;

        if (phase != TALLY_PHASE_CALM)
                return visit->class;
        if (visit->first)
                return europe ? TALLY_NEW_EUROPE : TALLY_NEW_ELSEWHERE;
        return europe ? TALLY_KNOWN_EUROPE : TALLY_KNOWN_ELSEWHERE;
}

static void fill_row(const struct tally_visit *visits, size_t count, const struct tally_times *times,
                     enum tally_phase phase, enum tally_class class, uint32_t *durations,
                     struct tally_row *row)
{
        for (size_t i = 0; i < count; i++) {
                if (phase_of(&visits[i], times) != phase || class_of(&visits[i], phase) != class)
                        continue;
                row->tried++;
                if (visits[i].ok)
                        durations[row->ok++] = visits[i].duration_us;
        }
        row->p50_ms = tally_percentile(durations, row->ok, 50) / 1000;
        row->p99_ms = tally_percentile(durations, row->ok, 99) / 1000;
}

int tally_make(const struct tally_visit *visits, size_t count, const struct tally_times *times,
               struct tally *ret_tally)
{
        CLEANUP(cleanup_free) uint32_t *durations = calloc(count + 1, sizeof(*durations));
        struct tally tally = {0};

        if (!durations)
                return -ENOMEM;
        for (unsigned phase = 0; phase < TALLY_PHASE_COUNT; phase++)
                for (unsigned class = 0; class < TALLY_CLASS_COUNT; class ++)
                        fill_row(visits, count, times, phase, class, durations, &tally.rows[phase][class]);
        *ret_tally = tally;
        return 0;
}
