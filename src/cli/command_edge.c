/* SPDX-License-Identifier: EUPL-1.2 */
/* garde edge replay, garde drill. */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drill/drill.h"
#include "edge/replay.h"

/* A positive number of an option; `fallback` when not given; -1 when it is none. */
static double positive(const struct cli_args *args, const char *name, double fallback)
{
        const char *text = cli_option(args, name);
        char *end;
        double value;

        if (!text)
                return fallback;
        value = strtod(text, &end);
        return *end || !text[0] || !(value > 0) || value > 1e9 ? -1 : value;
}

int command_edge_replay(const struct cli *cli, const struct cli_args *args)
{
        struct replay_options options = {.attack = cli_option(args, "attack"),
                                         .calm = cli_option(args, "calm"),
                                         .victim = cli_option(args, "victim"),
                                         .rate = positive(args, "rate", 50000),
                                         .seconds = positive(args, "seconds", 20),
                                         .seed = 1,
                                         .progress = isatty(STDERR_FILENO)};
        struct replay_result result = {0};
        struct error error = {0};
        int r;

        if (!options.attack)
                return cli_misuse(cli,
                                  cli_say(cli, "--attack CAPTURE manque", "--attack CAPTURE is missing"));
        if (options.rate < 0 || options.seconds < 0)
                return cli_misuse(cli, cli_say(cli, "--rate et --seconds sont des nombres positifs",
                                               "--rate and --seconds are positive numbers"));
        r = replay_run(&options, &result, &error);
        if (r)
                return cli_fail(cli, &error, r);
        if (cli->json)
                r = cli_print_json(replay_to_json(&result));
        else
                replay_print(stdout, &result, !cli->english);
        replay_release(&result);
        return r ? CLI_FAILED : CLI_DONE;
}

int command_drill(const struct cli *cli, const struct cli_args *args)
{
        const char *policy = cli_option(args, "policy");
        struct drill_options options = {.name = args->positional[0],
                                        .policy = DRILL_POLICY_GARDE,
                                        .out = cli_option(args, "out"),
                                        .captures = cli_option(args, "captures"),
                                        .json = cli->json,
                                        .english = cli->english,
                                        .stay = cli_option(args, "stay") != NULL};
        struct error error = {0};
        int r;

        if (policy && drill_policy_parse(policy, &options.policy))
                return cli_misuse(
                        cli, cli_say(cli, "--policy : garde ou as-in-2020", "--policy: garde or as-in-2020"));
        r = drill_run(&options, &error);
        return r ? cli_fail(cli, &error, r) : CLI_DONE;
}

int command_drill_compare(const struct cli *cli, const struct cli_args *args)
{
        struct error error = {0};
        int r = drill_compare(args->positional[0], args->positional[1], cli->json, cli->english, &error);

        return r ? cli_fail(cli, &error, r) : CLI_DONE;
}
