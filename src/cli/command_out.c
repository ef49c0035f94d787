/* SPDX-License-Identifier: EUPL-1.2 */
/* garde out, garde export: what leaves the house. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "cli/take.h"

static const char *text_of(const json_t *object, const char *key)
{
        const char *text = json_string_value(json_object_get(object, key));

        return text ? text : "";
}

static void print_target(const struct cli *cli, const json_t *target)
{
        printf(cli_say(cli,
                       "%-16s %-8s %" JSON_INTEGER_FORMAT " en attente, %" JSON_INTEGER_FORMAT
                       " abandonnés\n",
                       "%-16s %-8s %" JSON_INTEGER_FORMAT " waiting, %" JSON_INTEGER_FORMAT " given up\n"),
               text_of(target, "name"), text_of(target, "kind"),
               json_integer_value(json_object_get(target, "waiting")),
               json_integer_value(json_object_get(target, "given_up")));
}

static const char *state_of(const struct cli *cli, const char *state)
{
        if (!strcmp(state, "sent"))
                return cli_say(cli, "arrivé", "arrived");
        return !strcmp(state, "waiting") ? cli_say(cli, "attend", "waits")
                                         : cli_say(cli, "abandonné", "given up");
}

static void print_item(const struct cli *cli, const json_t *item)
{
        const json_t *why = json_object_get(item, "why");
        char at[32];

        printf("%s  %s  %s  %s  %s  %s", text_of(item, "id"), cli_time(json_object_get(item, "changed"), at),
               text_of(item, "target"), text_of(item, "event"), text_of(item, "incident"),
               state_of(cli, text_of(item, "state")));
        if (json_is_object(why))
                printf(" : %s", cli_text(cli, why));
        putchar('\n');
}

int command_out_list(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL;
        const char *target = cli_option(args, "target");
        const json_t *one;
        size_t index;
        int r = cli_ask(
                cli,
                json_pack("{s:s, s:s, s:b}", "type", "out.list", "target", target ? target : "", "newest", 1),
                &answer);

        if (r)
                return r;
        if (cli->json)
                return cli_print_json(answer);
        if (!json_array_size(json_object_get(answer, "targets")))
                puts(cli_say(cli, "rien ne part d’ici : aucune cible dans la configuration (out.targets)",
                             "nothing leaves from here: no target in the configuration (out.targets)"));
        else if (!json_is_true(json_object_get(answer, "connected")))
                puts(cli_say(cli, "garde-respond n’est pas là : rien ne part",
                             "garde-respond is not there: nothing leaves"));
        json_array_foreach(json_object_get(answer, "targets"), index, one) print_target(cli, one);
        json_array_foreach(json_object_get(answer, "items"), index, one) print_item(cli, one);
        json_decref(answer);
        return CLI_DONE;
}

static int tell(const struct cli *cli, json_t *answer, const char *fr, const char *en)
{
        if (cli->json)
                return cli_print_json(answer);
        puts(cli_say(cli, fr, en));
        json_decref(answer);
        return CLI_DONE;
}

int command_out_retry(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL;
        int r = cli_ask(cli,
                        json_pack("{s:s, s:s, s:s}", "type", "out.retry", "item", args->positional[0],
                                  "author", cli_author(args)),
                        &answer);

        return r ? r : tell(cli, answer, "remis dans la boîte de départ", "back in the outbox");
}

int command_out_test(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL;
        int r = cli_ask(cli,
                        json_pack("{s:s, s:s, s:s}", "type", "out.test", "target", args->positional[0],
                                  "author", cli_author(args)),
                        &answer);

        return r ? r
                 : tell(cli, answer, "un essai part ; « garde out list » dit s’il est arrivé",
                        "a test leaves; “garde out list” says whether it arrived");
}

/* ---- exports ---- */

int command_export(const struct cli *cli, const struct cli_args *args)
{
        const char *format = cli_option(args, "format");
        json_t *request = json_pack("{s:s, s:s, s:s}", "type", "export", "kind", args->positional[0],
                                    "format", format ? format : "csv");

        return args->count > 1 ? take_file(cli, request, args->positional[1])
                               : take_stream(cli, request, stdout);
}
