/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/show_duties.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "cli/show.h"

/* In the order in which they are shown. */
static const char *const states[] = {"due", "filed", "waived", "possible", "void"};
enum { DUE, FILED, WAIVED, POSSIBLE, VOID, STATES };
_Static_assert(ARRAY_LEN(states) == STATES, "one word a state");

static int state_of(const json_t *obligation)
{
        int state = 0;

        while (state < STATES && strcmp(states[state], show_word(obligation, "state")))
                state++;
        return state;
}

/* What is owed without an hour is owed now; behind those with an hour come those that nobody must. */
static int64_t hour_of(const json_t *obligation)
{
        const char *due = json_string_value(json_object_get(obligation, "due"));
        int64_t ms;

        if (due && !time_parse(due, &ms))
                return ms;
        return json_is_true(json_object_get(obligation, "without_delay")) ? 0 : INT64_MAX;
}

static int by_urgency(const void *a, const void *b)
{
        const json_t *one = *(const json_t *const *)a, *other = *(const json_t *const *)b;
        int states_apart = state_of(one) - state_of(other);
        int64_t hour = hour_of(one), other_hour = hour_of(other);

        return states_apart ? states_apart : (hour > other_hour) - (hour < other_hour);
}

struct duties {
        const json_t **all; /* borrowed ones, sorted; owned list */
        size_t count, of[STATES + 1];
};

static void duties_release(struct duties *duties)
{
        free(duties->all);
}

static void duties_add(struct duties *duties, const json_t *obligations)
{
        const json_t **more =
                reallocarray(duties->all, duties->count + json_array_size(obligations) + 1, sizeof(*more));
        const json_t *one;
        size_t index;

        if (!more)
                return;
        duties->all = more;
        json_array_foreach(obligations, index, one)
        {
                duties->all[duties->count++] = one;
                duties->of[state_of(one)]++;
        }
}

static void duties_sort(struct duties *duties)
{
        if (duties->count)
                qsort(duties->all, duties->count, sizeof(json_t *), by_urgency);
}

/* ---- lines ---- */

static void print_possible(const struct cli *cli, size_t count)
{
        if (count == 1)
                fputs(cli_say(cli, "1 obligation peut le devenir", "1 may yet fall due"), stdout);
        else
                printf(cli_say(cli, "%zu obligations peuvent le devenir", "%zu may yet fall due"), count);
}

void show_duty_count(const struct cli *cli, const json_t *obligations)
{
        CLEANUP(duties_release) struct duties duties = {0};

        duties_add(&duties, obligations);
        if (!duties.of[DUE] && !duties.of[POSSIBLE])
                return;
        fputs("    ", stdout);
        if (duties.of[DUE])
                printf(duties.of[DUE] == 1 ? cli_say(cli, "1 obligation due", "1 duty owed")
                                           : cli_say(cli, "%zu obligations dues", "%zu duties owed"),
                       duties.of[DUE]);
        if (duties.of[DUE] && duties.of[POSSIBLE])
                fputs(", ", stdout);
        if (duties.of[POSSIBLE])
                print_possible(cli, duties.of[POSSIBLE]);
        putchar('\n');
}

void show_duties(const struct cli *cli, const json_t *obligations, const char *incident)
{
        CLEANUP(duties_release) struct duties duties = {0};
        size_t shown;

        duties_add(&duties, obligations);
        duties_sort(&duties);
        if (!duties.count)
                return;
        printf("\n%s\n", cli_say(cli, "Obligations", "Obligations"));
        shown = cli->all ? duties.count : duties.of[DUE] + duties.of[FILED] + duties.of[WAIVED];
        for (size_t i = 0; i < shown; i++)
                show_obligation(cli, duties.all[i]);
        if (!duties.of[DUE])
                puts(cli_say(cli, "rien n’est dû pour l’instant", "nothing is owed for now"));
        if (cli->all || !duties.of[POSSIBLE])
                return;
        print_possible(cli, duties.of[POSSIBLE]);
        printf(cli_say(cli, ", selon les réponses : garde incident show %s --all\n",
                       ", as the answers will have it: garde incident show %s --all\n"),
               incident);
}

void show_owed(const struct cli *cli, const json_t *incidents)
{
        CLEANUP(duties_release) struct duties duties = {0};
        const json_t *incident;
        size_t index;

        json_array_foreach(incidents, index, incident)
                duties_add(&duties, json_object_get(incident, "obligations"));
        duties_sort(&duties);
        if (!duties.of[DUE])
                return;
        printf("\n%s\n",
               cli_say(cli, "Ce qui est dû, le plus pressé d’abord", "What is owed, the most urgent first"));
        for (size_t i = 0; i < duties.of[DUE]; i++)
                show_obligation(cli, duties.all[i]);
}
