/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

int command_version(const struct cli *cli, const struct cli_args *args)
{
        if (cli->json)
                return cli_print_json(json_pack("{s:s}", "version", GARDE_VERSION));
        puts("garde " GARDE_VERSION);
        return CLI_DONE;
}

static json_t *options_json(const struct cli *cli, const struct cli_option *options)
{
        json_t *list = json_array();

        for (; options->name; options++)
                json_array_append_new(list, json_pack("{s:s, s:s?, s:s}", "name", options->name, "value",
                                                      options->value, "help",
                                                      cli_say(cli, options->fr, options->en)));
        return list;
}

static json_t *commands_json(const struct cli *cli)
{
        json_t *list = json_array();

        for (const struct cli_command *command = cli_commands; command->words; command++)
                json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "command", command->words,
                                                      "usage", command->usage, "help",
                                                      cli_say(cli, command->fr, command->en), "options",
                                                      options_json(cli, command->options)));
        return json_pack("{s:o}", "commands", list);
}

static void print_command(const struct cli *cli, const struct cli_command *command)
{
        printf("garde %s %s\n    %s\n", command->words, command->usage,
               cli_say(cli, command->fr, command->en));
        for (const struct cli_option *option = command->options; option->name; option++) {
                char left[48];
                snprintf(left, sizeof(left), "--%s%s%s", option->name, option->value ? " " : "",
                         option->value ? option->value : "");
                printf("    %-28s %s\n", left, cli_say(cli, option->fr, option->en));
        }
}

static void print_line(const struct cli *cli, const struct cli_command *command, FILE *stream)
{
        char left[64];

        snprintf(left, sizeof(left), "%s %s", command->words, command->usage);
        fprintf(stream, "  %-36s %s\n", left, cli_say(cli, command->fr, command->en));
}

void command_help_list(const struct cli *cli, const char *group, FILE *stream)
{
        size_t length = strlen(group);

        for (const struct cli_command *command = cli_commands; command->words; command++)
                if (!strncmp(command->words, group, length) && command->words[length] == ' ')
                        print_line(cli, command, stream);
}

static void print_all(const struct cli *cli)
{
        puts(cli_say(cli, "garde : la défense informatique de garde à l’hôpital\n",
                     "garde: a hospital's cyber-defence on duty\n"));
        for (const struct cli_command *command = cli_commands; command->words; command++)
                print_line(cli, command, stdout);
        puts(cli_say(cli,
                     "\nPartout : -c FICHIER (configuration), --json, --lang=fr|en, --log=text|json, "
                     "--log-level=…, --help\n"
                     "Sortie : 0 oui ou fait, 1 non ou échec, 2 mauvais usage. Le manuel : man garde",
                     "\nEverywhere: -c FILE (configuration), --json, --lang=fr|en, --log=text|json, "
                     "--log-level=…, --help\n"
                     "Exit: 0 yes or done, 1 no or failed, 2 misuse. The manual: man garde"));
}

int command_help(const struct cli *cli, const struct cli_args *args)
{
        char words[128];
        size_t found = 0;

        if (cli->json)
                return cli_print_json(commands_json(cli));
        if (!args->count) {
                print_all(cli);
                return CLI_DONE;
        }
        snprintf(words, sizeof(words), "%s%s%s", args->positional[0], args->count > 1 ? " " : "",
                 args->count > 1 ? args->positional[1] : "");
        for (const struct cli_command *command = cli_commands; command->words; command++) {
                if (!strncmp(command->words, words, strlen(words))) {
                        print_command(cli, command);
                        found++;
                }
        }
        return found ? CLI_DONE
                     : cli_misuse(cli, cli_say(cli, "pas de telle commande ; la liste : garde help",
                                               "no such command; the list: garde help"));
}
