/* SPDX-License-Identifier: EUPL-1.2 */
/* garde incident, garde measure: what the hub holds, and what people decide. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/show.h"

#define MEASURE_SECONDS_MAX (366L * 24 * 3600)

#define PAGE 15 /* of whole incidents: so many fit into one line of the channel */

/* Every page of a list, as one: {"<key>":[…]}. */
static int ask_all(const struct cli *cli, const char *type, const char *key, const struct cli_args *args,
                   json_t **ret_answer)
{
        bool all = cli_option(args, "all") != NULL;
        json_t *list = json_array();
        char after[64] = "";

        for (;;) {
                json_t *answer = NULL;
                const char *next;
                int r = cli_ask(cli,
                                json_pack("{s:s, s:b, s:i, s:s}", "type", type, "all", all, "limit", PAGE,
                                          "after", after),
                                &answer);

                if (r) {
                        json_decref(list);
                        return r;
                }
                json_array_extend(list, json_object_get(answer, key));
                next = json_string_value(json_object_get(answer, "next"));
                snprintf(after, sizeof(after), "%s", next ? next : "");
                json_decref(answer);
                if (!after[0])
                        break;
        }
        *ret_answer = json_pack("{s:o}", key, list);
        return *ret_answer ? 0 : CLI_FAILED;
}

/* Prints `key` of the answer as JSON, or each of its elements by `show`. */
static int tell_list(const struct cli *cli, json_t *answer, const char *key,
                     void (*show)(const struct cli *cli, const json_t *one), const char *none)
{
        const json_t *list = json_object_get(answer, key), *one;
        size_t index;

        if (cli->json)
                return cli_print_json(answer);
        if (!json_array_size(list))
                puts(none);
        json_array_foreach(list, index, one) show(cli, one);
        json_decref(answer);
        return CLI_DONE;
}

int command_incident_list(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL;
        int r = ask_all(cli, "incident.list", "incidents", args, &answer);

        return r ? r
                 : tell_list(cli, answer, "incidents", show_incident_line,
                             cli_say(cli, "aucun incident ouvert", "no open incident"));
}

static int tell_incident(const struct cli *cli, json_t *answer)
{
        if (cli->json)
                return cli_print_json(answer);
        show_incident(cli, answer);
        json_decref(answer);
        return CLI_DONE;
}

int command_incident_show(const struct cli *cli, const struct cli_args *args)
{
        struct cli whole = *cli;
        json_t *answer = NULL;
        int r = cli_ask(cli,
                        json_pack("{s:s, s:s}", "type", "incident.show", "incident", args->positional[0]),
                        &answer);

        whole.all = cli_option(args, "all") != NULL;
        return r ? r : tell_incident(&whole, answer);
}

/* --at as it was typed, which the hub checks; "" when not given. */
static const char *at(const struct cli_args *args)
{
        const char *given = cli_option(args, "at");

        return given ? given : "";
}

int command_incident_fact(const struct cli *cli, const struct cli_args *args)
{
        json_t *request, *answer = NULL;
        int r;

        if (!strcmp(args->positional[1], "gravity"))
                request = json_pack("{s:s, s:s, s:s, s:s}", "type", "incident.gravity", "incident",
                                    args->positional[0], "gravity", args->positional[2], "author",
                                    cli_author(args));
        else
                request = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "type", "incident.fact", "incident",
                                    args->positional[0], "name", args->positional[1], "value",
                                    args->positional[2], "author", cli_author(args), "at", at(args));
        r = cli_ask(cli, request, &answer);
        return r ? r : tell_incident(cli, answer);
}

static const char *reason(const struct cli_args *args)
{
        const char *given = cli_option(args, "reason");

        return given ? given : "";
}

/* Of a shell of root's no person's name can be taken: who closes says who he is. */
static const char *person(const struct cli_args *args)
{
        const char *author = cli_author(args);

        return strcmp(author, "root") ? author : "";
}

/* Closing, opening again: a person, and why. */
static int turn(const struct cli *cli, const struct cli_args *args, const char *act)
{
        json_t *answer = NULL;
        int r = cli_ask(cli,
                        json_pack("{s:s, s:s, s:s, s:s}", "type", act, "incident", args->positional[0],
                                  "author", person(args), "reason", reason(args)),
                        &answer);

        return r ? r : tell_incident(cli, answer);
}

int command_incident_close(const struct cli *cli, const struct cli_args *args)
{
        return turn(cli, args, "incident.close");
}

int command_incident_reopen(const struct cli *cli, const struct cli_args *args)
{
        if (!reason(args)[0])
                return cli_misuse(cli, cli_say(cli, "rouvrir demande --reason TEXTE",
                                               "opening again takes --reason TEXT"));
        return turn(cli, args, "incident.reopen");
}

int command_measure_list(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL;
        int r = ask_all(cli, "measure.list", "measures", args, &answer);

        return r ? r
                 : tell_list(cli, answer, "measures", show_measure,
                             cli_say(cli, "aucune mesure en place", "no measure stands"));
}

static int tell_measure(const struct cli *cli, json_t *answer)
{
        if (cli->json)
                return cli_print_json(answer);
        show_measure(cli, json_object_get(answer, "measure"));
        json_decref(answer);
        return CLI_DONE;
}

int command_measure_lift(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL;
        int r = cli_ask(cli,
                        json_pack("{s:s, s:s, s:s, s:s}", "type", "measure.lift", "measure",
                                  args->positional[0], "author", cli_author(args), "reason", reason(args)),
                        &answer);

        return r ? r : tell_measure(cli, answer);
}

/* A name nobody protects is a slip of the pen: better said at once than refused by the edge a moment later. */
static int check_service(const struct cli *cli, const char *name)
{
        struct config *config = cli_config(cli);
        struct error error = {0};
        char names[512] = "";

        if (!config)
                return CLI_FAILED;
        bool found = !config->edge.configured; /* the edge is elsewhere, and so are its services */
        for (unsigned i = 0; i < config->edge.service_count; i++) {
                size_t length = strlen(names);
                found = found || !strcmp(config->edge.services[i].name, name);
                snprintf(names + length, sizeof(names) - length, "%s%s", i ? ", " : "",
                         config->edge.services[i].name);
        }
        config_free(config);
        if (found)
                return CLI_DONE;
        error_say(&error, -ENOENT, "aucun service « %s » ; la configuration protège : %s",
                  "no service “%s”; the configuration protects: %s", name, names);
        return cli_fail(cli, &error, -ENOENT);
}

int command_measure_ask(const struct cli *cli, const struct cli_args *args)
{
        const char *text = cli_option(args, "selector"), *lasting = cli_option(args, "for");
        char *rest = NULL;
        long seconds = lasting ? strtol(lasting, &rest, 10) : 600;
        json_error_t why;
        json_t *selector = json_loads(text ? text : "{}", JSON_REJECT_DUPLICATES, &why), *answer = NULL;
        char until[TIME_TEXT_SIZE];
        int r;

        if (!json_is_object(selector) || seconds < 1 || seconds > MEASURE_SECONDS_MAX || (rest && *rest)) {
                json_decref(selector);
                return cli_misuse(cli,
                                  cli_say(cli, "--selector attend un objet JSON, --for un nombre de secondes",
                                          "--selector takes a JSON object, --for a number of seconds"));
        }
        if (check_service(cli, args->positional[1])) {
                json_decref(selector);
                return CLI_FAILED;
        }
        time_format(clock_wall_ms(&clock_system) + seconds * 1000, until);
        r = cli_ask(cli,
                    json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:{s:s, s:s}}", "type", "measure.ask", "kind",
                              args->positional[0], "subject", args->positional[1], "selector", selector,
                              "until", until, "author", cli_author(args), "why", "fr",
                              reason(args)[0] ? reason(args) : "demandée par une personne", "en",
                              reason(args)[0] ? reason(args) : "asked for by a person"),
                    &answer);
        return r ? r : tell_measure(cli, answer);
}
