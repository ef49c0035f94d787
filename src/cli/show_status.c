/* SPDX-License-Identifier: EUPL-1.2 */
/* The present state for a person: what arrives, what is dropped, what passes. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/quantity.h"
#include "cli/show.h"
#include "cli/show_duties.h"

#define COUNTRIES_SHOWN 5
#define COLUMN          14 /* of a rate, in characters */

static double number(const json_t *object, const char *key)
{
        return json_number_value(json_object_get(object, key));
}

/* To the right in so many columns: printf counts bytes. */
static void print_right(const char *text, int columns)
{
        int width = 0;

        for (const char *at = text; *at; at++)
                width += (*at & 0xc0) != 0x80;
        printf("%*s%s", width < columns ? columns - width : 0, "", text);
}

static void print_rate(const struct cli *cli, const char *label, double packets, double bits)
{
        char text[QUANTITY_SIZE];

        printf("    %s", label);
        print_right(quantity_rate(packets, cli->english, text), COLUMN);
        fputs(cli_say(cli, " paquets/s", " packets/s"), stdout);
        print_right(quantity_bits(bits, cli->english, text), COLUMN);
        putchar('\n');
}

static void print_rates(const struct cli *cli, const json_t *rates)
{
        print_rate(cli, cli_say(cli, "arrivent", "in      "), number(rates, "in_pps"),
                   number(rates, "in_bps"));
        print_rate(cli, cli_say(cli, "écartés ", "dropped "), number(rates, "dropped_pps"),
                   number(rates, "dropped_bps"));
        print_rate(cli, cli_say(cli, "passent ", "passed  "), number(rates, "passed_pps"),
                   number(rates, "passed_bps"));
}

/* "US 120 000 (119 990 écartés), FR 2 400" */
static void print_countries(const struct cli *cli, json_t *countries)
{
        char in[QUANTITY_SIZE], dropped[QUANTITY_SIZE];
        const char *code;
        json_t *country;
        size_t shown = 0;

        json_object_foreach(countries, code, country)
        {
                if (shown == COUNTRIES_SHOWN)
                        break;
                printf("%s%s %s",
                       shown++ ? ", "
                               : cli_say(cli, "    par pays, paquets/s : ", "    by country, packets/s: "),
                       strcmp(code, "??") ? code : cli_say(cli, "pays inconnu", "country unknown"),
                       quantity_rate(number(country, "in_pps"), cli->english, in));
                if (number(country, "dropped_pps") > 0)
                        printf(cli_say(cli, " (%s écartés)", " (%s dropped)"),
                               quantity_rate(number(country, "dropped_pps"), cli->english, dropped));
        }
        if (shown)
                putchar('\n');
}

static void show_service(const struct cli *cli, const json_t *service)
{
        const json_t *rates = json_object_get(service, "rates");
        char packets[QUANTITY_SIZE], dropped[QUANTITY_SIZE];

        printf(cli_say(cli, "%s  %s  en tout %s paquets, %s écartés\n",
                       "%s  %s  in all %s packets, %s dropped\n"),
               show_word(service, "name"), show_state(cli, show_word(service, "state")),
               quantity_count(number(service, "packets"), cli->english, packets),
               quantity_count(number(service, "dropped"), cli->english, dropped));
        if (!json_is_object(rates))
                return;
        print_rates(cli, rates);
        print_countries(cli, json_object_get(rates, "countries"));
}

/* What should be nothing, and what to do when it is not. */
static void show_shortages(const struct cli *cli, const json_t *edge)
{
        static const struct {
                const char *key, *fr, *en;
        } shortages[] = {
                {"known_evicted",
                 "Sources connues chassées de la mémoire, faute de place : %s. Elles repassent pour "
                 "inconnues ; "
                 "augmentez edge.known_good (ipv4_sources, ipv6_sources), puis redémarrez Garde.\n",
                 "Known sources pushed out of memory for want of room: %s. They count as unknown again; "
                 "raise "
                 "edge.known_good (ipv4_sources, ipv6_sources), then restart Garde.\n"},
                {"samples_lost",
                 "Échantillons de paquets perdus, garde-edge n’ayant pas suivi : %s. Les mesures qu’il "
                 "trouve "
                 "peuvent être moins justes ; augmentez edge.sample_ring_kib, puis redémarrez Garde.\n",
                 "Packet samples lost, as garde-edge did not keep up: %s. The measures it finds may fit less "
                 "well; "
                 "raise edge.sample_ring_kib, then restart Garde.\n"},
        };
        char count[QUANTITY_SIZE];

        for (size_t i = 0; i < ARRAY_LEN(shortages); i++)
                if (number(edge, shortages[i].key) > 0)
                        printf(cli_say(cli, shortages[i].fr, shortages[i].en),
                               quantity_count(number(edge, shortages[i].key), cli->english, count));
}

static void show_edge(const struct cli *cli, const json_t *edge)
{
        const json_t *services = json_object_get(edge, "services"), *rates = json_object_get(edge, "rates");

        printf("%s\n", json_is_true(json_object_get(edge, "connected"))
                               ? cli_say(cli, "La porte (garde-edge) est là.", "The edge is there.")
                               : cli_say(cli,
                                         "La porte (garde-edge) n’est PAS là ; ses mesures tiennent jusqu’à "
                                         "leur terme.",
                                         "The edge is NOT there; its measures stand until they expire."));
        show_shortages(cli, edge);
        show_each(cli, "Services", services, show_service);
        if (json_array_size(services) > 1 && json_is_object(rates)) {
                puts(cli_say(cli, "Tous les services", "All services"));
                print_rates(cli, rates);
        }
}

static void show_incident_with_duties(const struct cli *cli, const json_t *incident)
{
        const json_t *obligations = json_object_get(incident, "obligations");

        show_incident_line(cli, incident);
        if (cli->all)
                show_duties(cli, obligations, show_word(incident, "id"));
        else
                show_duty_count(cli, obligations);
}

void show_status(const struct cli *cli, const json_t *status)
{
        char now[32], records[QUANTITY_SIZE];

        printf("%s, %s\n", show_word(status, "structure"), cli_time(json_object_get(status, "time"), now));
        show_owed(cli, json_object_get(status, "incidents"));
        show_edge(cli, json_object_get(status, "edge"));
        show_each(cli, cli_say(cli, "Mesures en place", "Measures standing"),
                  json_object_get(status, "measures"), show_measure);
        show_each(cli, cli_say(cli, "Incidents ouverts", "Open incidents"),
                  json_object_get(status, "incidents"), show_incident_with_duties);
        printf("\n%s %s %s\n", cli_say(cli, "Journal :", "Journal:"),
               quantity_count(number(json_object_get(status, "journal"), "records"), cli->english, records),
               cli_records(cli, number(json_object_get(status, "journal"), "records")));
}
