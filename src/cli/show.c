/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/quantity.h"
#include "cli/show_duties.h"

const char *show_word(const json_t *object, const char *key)
{
        const char *text = json_string_value(json_object_get(object, key));

        return text ? text : "–";
}

const char *show_state(const struct cli *cli, const char *state)
{
        static const struct {
                const char *state, *fr, *en;
        } words[] = {
                {"open", "ouvert", "open"},
                {"closed", "fermé", "closed"},
                {"proposed", "proposée", "proposed"},
                {"standing", "en place", "standing"},
                {"probation", "à l’essai", "on probation"},
                {"lifted", "levée", "lifted"},
                {"expired", "expirée", "expired"},
                {"refused", "refusée", "refused"},
                {"possible", "possible", "possible"},
                {"due", "due", "due"},
                {"filed", "déposée", "filed"},
                {"waived", "écartée", "waived"},
                {"void", "sans objet", "void"},
                {"attack", "ATTAQUE", "ATTACK"},
                {"calm", "calme", "calm"},
                {"not-qualified", "gravité à qualifier", "gravity to be qualified"},
                {"mineur", "mineur", "minor"},
                {"significatif", "significatif", "significant"},
                {"grave", "grave", "grave"},
        };

        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (!strcmp(words[i].state, state))
                        return cli_say(cli, words[i].fr, words[i].en);
        return state;
}

void show_incident_line(const struct cli *cli, const json_t *incident)
{
        const json_t *gravity = json_object_get(incident, "gravity");
        char opened[32];

        printf("%s  %s  %s%s, %s\n    %s\n", show_word(incident, "id"),
               cli_time(json_object_get(incident, "opened"), opened),
               show_state(cli, show_word(incident, "state")),
               json_is_true(json_object_get(incident, "owing"))
                       ? cli_say(cli, " et doit encore", " and still owes")
                       : "",
               json_is_string(gravity) ? show_state(cli, json_string_value(gravity))
                                       : show_state(cli, "not-qualified"),
               cli_text(cli, json_object_get(incident, "title")));
}

static void print_cost(const struct cli *cli, const char *name, const json_t *cost)
{
        if (json_is_number(cost))
                printf(", %s %.3g %%", name, 100 * json_number_value(cost));
}

/* What it drops now, where that is known. */
static void print_pace(const struct cli *cli, const json_t *rates)
{
        char packets[QUANTITY_SIZE], bits[QUANTITY_SIZE];

        if (json_is_object(rates))
                printf(cli_say(cli, " (en ce moment %s/s, %s)", " (now %s/s, %s)"),
                       quantity_rate(json_number_value(json_object_get(rates, "dropped_pps")), cli->english,
                                     packets),
                       quantity_bits(json_number_value(json_object_get(rates, "dropped_bps")), cli->english,
                                     bits));
}

void show_measure(const struct cli *cli, const json_t *measure)
{
        char since[32], until[32], dropped[QUANTITY_SIZE];
        bool leaving = json_is_true(json_object_get(measure, "lift_asked"));

        printf("%s  %s « %s » %s (%s – %s)\n    %s\n    %s %s", show_word(measure, "id"),
               show_word(measure, "kind"), show_word(measure, "subject"),
               leaving ? cli_say(cli, "levée demandée", "end asked for")
                       : show_state(cli, show_word(measure, "state")),
               cli_time(json_object_get(measure, "since"), since),
               cli_time(json_object_get(measure, "until"), until),
               cli_text(cli, json_object_get(measure, "why")),
               cli_say(cli, "paquets écartés", "packets dropped"),
               quantity_count(json_number_value(json_object_get(measure, "dropped")), cli->english, dropped));
        print_pace(cli, json_object_get(measure, "rates"));
        print_cost(cli, cli_say(cli, "coût prévu", "predicted cost"),
                   json_object_get(measure, "predicted_cost"));
        print_cost(cli, cli_say(cli, "coût réel", "actual cost"), json_object_get(measure, "actual_cost"));
        printf(", %s %s\n", cli_say(cli, "par", "by"), show_word(measure, "owner"));
        if (leaving)
                printf("    %s\n",
                       cli_say(cli,
                               "jusqu’à ce que la porte (garde-edge) l’apprenne, elle tient si elle tenait",
                               "until the edge (garde-edge) hears of it, it stands if it stood"));
}

/* "encore 71 h 59 min", "dépassée de 2 h 05 min". */
static void print_left(const struct cli *cli, int64_t due_ms)
{
        int64_t left = (due_ms - clock_wall_ms(&clock_system)) / 60000;
        int64_t minutes = left < 0 ? -left : left;

        printf("%s %" PRId64 " h %02" PRId64 " min",
               left < 0 ? cli_say(cli, "DÉPASSÉE de", "OVERDUE by") : cli_say(cli, "encore", "left:"),
               minutes / 60, minutes % 60);
}

void show_obligation(const struct cli *cli, const json_t *obligation)
{
        const char *due = json_string_value(json_object_get(obligation, "due"));
        const char *state = show_word(obligation, "state");
        int64_t due_ms;

        printf("%s  [%s] %s → %s: ", show_word(obligation, "id"), show_state(cli, state),
               cli_text(cli, json_object_get(obligation, "title")),
               cli_text(cli, json_object_get(obligation, "recipient")));
        if (!strcmp(state, "due") && due && !time_parse(due, &due_ms))
                print_left(cli, due_ms);
        else if (!strcmp(state, "due") && json_is_true(json_object_get(obligation, "without_delay")))
                fputs(cli_say(cli, "SANS DÉLAI", "WITHOUT DELAY"), stdout);
        else
                fputs(show_word(obligation, "rule"), stdout);
        printf("\n    %s\n", cli_text(cli, json_object_get(obligation, "why")));
}

void show_each(const struct cli *cli, const char *title, const json_t *list,
               void (*show)(const struct cli *cli, const json_t *one))
{
        const json_t *one;
        size_t index;

        if (!json_array_size(list))
                return;
        printf("\n%s\n", title);
        json_array_foreach(list, index, one) show(cli, one);
}

static void show_finding(const struct cli *cli, const json_t *finding)
{
        char seen[32];

        printf("%s  %s\n", cli_time(json_object_get(finding, "seen"), seen),
               cli_text(cli, json_object_get(finding, "why")));
}

static void show_facts(const struct cli *cli, const json_t *facts)
{
        const char *name;
        const json_t *fact;

        if (json_object_size(facts))
                printf("\n%s\n", cli_say(cli, "Faits", "Facts"));
        json_object_foreach((json_t *)facts, name, fact)
        {
                const json_t *value = json_object_get(fact, "value");
                char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(8));
                const char *state = show_word(fact, "state");
                printf("  %-32s %s  (%s)\n", name,
                       !strcmp(state, "known")     ? text ? text : ""
                       : !strcmp(state, "unknown") ? cli_say(cli, "je ne sais pas", "unknown")
                                                   : cli_say(cli, "pas encore demandé", "not asked yet"),
                       show_word(fact, "author"));
                free(text);
        }
}

void show_incident(const struct cli *cli, const json_t *whole)
{
        show_incident_line(cli, json_object_get(whole, "incident"));
        show_each(cli, cli_say(cli, "Constats", "Findings"), json_object_get(whole, "findings"),
                  show_finding);
        show_each(cli, cli_say(cli, "Mesures", "Measures"), json_object_get(whole, "measures"), show_measure);
        show_duties(cli, json_object_get(whole, "obligations"),
                    show_word(json_object_get(whole, "incident"), "id"));
        show_facts(cli, json_object_get(json_object_get(whole, "incident"), "facts"));
}
