/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"

#define WORDS_MAX 64

static bool speaks_english(void)
{
        static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

        for (size_t i = 0; i < ARRAY_LEN(variables); i++) {
                const char *value = getenv(variables[i]);
                if (value && value[0])
                        return !strncmp(value, "en", 2);
        }
        return false;
}

/* Whether `given` (the words typed) begins with the command's words; how many that are. */
static size_t match_words(const char *words, const char *const *given, size_t count)
{
        size_t matched = 0;

        while (*words) {
                size_t length = strcspn(words, " ");
                if (matched == count || strlen(given[matched]) != length ||
                    strncmp(words, given[matched], length))
                        return 0;
                matched++;
                words += length;
                words += *words == ' ';
        }
        return matched;
}

static const struct cli_command *find_command(const char *const *given, size_t count, size_t *ret_words)
{
        for (const struct cli_command *command = cli_commands; command->words; command++) {
                *ret_words = match_words(command->words, given, count);
                if (*ret_words)
                        return command;
        }
        return NULL;
}

/* "incident" is no command, but begins some. */
static bool is_group(const char *word)
{
        size_t length = strlen(word);

        for (const struct cli_command *command = cli_commands; command->words; command++)
                if (!strncmp(command->words, word, length) && command->words[length] == ' ')
                        return true;
        return false;
}

static const struct cli_option *find_option(const struct cli_option *options, const char *name, size_t length)
{
        for (; options->name; options++)
                if (strlen(options->name) == length && !strncmp(options->name, name, length))
                        return options;
        return NULL;
}

/* Options every command takes. Returns how many words it used; 0: not one of them; -1: its value is missing. */
static int common_option(struct cli *cli, const char *word, const char *next, bool *ret_help)
{
        static const struct {
                const char *name;
                size_t offset;
        } valued[] = {{"--config", offsetof(struct cli, config_path)},
                      {"-c", offsetof(struct cli, config_path)},
                      {"--log", offsetof(struct cli, log_format)},
                      {"--log-level", offsetof(struct cli, log_level)}};

        if (!strcmp(word, "--json"))
                return cli->json = true, 1;
        if (!strcmp(word, "--help") || !strcmp(word, "-h"))
                return *ret_help = true, 1;
        if (!strcmp(word, "--lang=fr") || !strcmp(word, "--lang=en"))
                return cli->english = word[7] == 'e', 1;
        for (size_t i = 0; i < ARRAY_LEN(valued); i++) {
                size_t length = strlen(valued[i].name);
                const char **field = (const char **)((char *)cli + valued[i].offset);
                if (strncmp(word, valued[i].name, length))
                        continue;
                if (word[length] == '=')
                        *field = word + length + 1;
                else if (word[length] == '\0')
                        *field = next;
                else
                        continue;
                if (!*field)
                        return -1;
                cli->config_given =
                        cli->config_given || valued[i].offset == offsetof(struct cli, config_path);
                return word[length] ? 1 : 2;
        }
        return 0;
}

static int command_option(const struct cli_command *command, struct cli_args *args, const char *word,
                          const char *next)
{
        size_t length = strcspn(word + 2, "=");
        const struct cli_option *option = find_option(command->options, word + 2, length);
        const char *inline_value = word[2 + length] == '=' ? word + 3 + length : NULL;

        if (!option)
                return 0;
        const char **slot = &args->values[option - command->options];
        if (!option->value) {
                *slot = "";
                return inline_value ? -1 : 1;
        }
        *slot = inline_value ? inline_value : next;
        return !*slot ? -1 : inline_value ? 1 : 2;
}

static int usage(const struct cli *cli, const struct cli_command *command, const char *word, const char *fr,
                 const char *en)
{
        fprintf(stderr, "garde %s: %s « %s »\n", command->words, cli_say(cli, fr, en), word);
        fprintf(stderr, "%s garde %s %s\n", cli_say(cli, "usage :", "usage:"), command->words,
                command->usage);
        fprintf(stderr, "%s garde help %s\n", cli_say(cli, "voir :", "see:"), command->words);
        return CLI_MISUSE;
}

/* What stands behind the command's words: its options and positionals. */
static int parse_rest(struct cli *cli, const struct cli_command *command, char **rest, size_t count,
                      struct cli_args *args, bool *ret_help)
{
        bool only_words = false;

        for (size_t i = 0; i < count;) {
                const char *next = i + 1 < count ? rest[i + 1] : NULL;
                int used = 0;
                if (!only_words && !strcmp(rest[i], "--")) {
                        only_words = true;
                        i++;
                        continue;
                }
                if (!only_words && rest[i][0] == '-' && rest[i][1]) {
                        used = common_option(cli, rest[i], next, ret_help);
                        if (!used && rest[i][1] == '-')
                                used = command_option(command, args, rest[i], next);
                        if (used < 0)
                                return usage(cli, command, rest[i], "valeur manquante ou de trop pour",
                                             "value missing or not wanted for");
                        if (!used)
                                return usage(cli, command, rest[i], "option inconnue", "unknown option");
                        i += (size_t)used;
                        continue;
                }
                if (args->count == command->most)
                        return usage(cli, command, rest[i], "mot de trop", "one word too many:");
                args->positional[args->count++] = rest[i++];
        }
        return CLI_DONE;
}

static int set_up_log(const struct cli *cli)
{
        enum log_format format = LOG_FORMAT_TEXT;
        enum log_level level = LOG_LEVEL_INFO;

        if (cli->log_format && log_format_parse(cli->log_format, &format))
                return cli_misuse(cli, cli_say(cli, "--log : text ou json", "--log: text or json"));
        if (cli->log_level && log_level_parse(cli->log_level, &level))
                return cli_misuse(cli, cli_say(cli, "--log-level : error, warning, notice, info ou debug",
                                               "--log-level: error, warning, notice, info or debug"));
        log_setup("garde", format, level);
        return CLI_DONE;
}

static int run_command(struct cli *cli, const struct cli_command *command, char **rest, size_t count)
{
        struct cli_args args = {.options = command->options};
        bool help = false;
        int r = parse_rest(cli, command, rest, count, &args, &help);

        if (!r)
                r = set_up_log(cli);
        if (r)
                return r;
        if (help) {
                const struct cli_args about = {
                        .positional = {command->words}, .count = 1, .options = command->options};
                return command_help(cli, &about);
        }
        /* The configuration's complaints and the daemons that are started follow the environment. */
        setenv("LC_ALL", cli->english ? "en_GB.UTF-8" : "fr_FR.UTF-8", 1);
        if (args.count < command->least)
                return usage(cli, command, command->usage, "il manque", "missing");
        return command->run(cli, &args);
}

/* Its commands: asked for, an answer; else what a person who typed half of one may have meant. */
static int about_group(const struct cli *cli, const char *group, const char *next, bool help)
{
        const struct cli_args about = {.positional = {group}, .count = 1};

        if (help || (next && (!strcmp(next, "--help") || !strcmp(next, "-h"))))
                return command_help(cli, &about);
        if (next && next[0] != '-')
                fprintf(stderr, "garde: %s « %s %s »\n", cli_say(cli, "commande inconnue", "unknown command"),
                        group, next);
        else
                fprintf(stderr, "garde: %s « %s »\n",
                        cli_say(cli, "il manque un mot après", "a word is missing after"), group);
        command_help_list(cli, group, stderr);
        fprintf(stderr, "%s garde help %s\n", cli_say(cli, "voir :", "see:"), group);
        return CLI_MISUSE;
}

int main(int argc, char **argv)
{
        struct cli cli = {.english = speaks_english(),
                          .terminal = isatty(STDOUT_FILENO),
                          .config_path = CONFIG_PATH_DEFAULT};
        const struct cli_command *command;
        bool help = false;
        size_t words = 0;
        int i = 1;

        while (i < argc && argv[i][0] == '-') {
                int used =
                        strcmp(argv[i], "--version") ? common_option(&cli, argv[i], argv[i + 1], &help) : 0;
                if (used <= 0 && !strcmp(argv[i], "--version"))
                        return command_version(&cli, &(struct cli_args){0});
                if (used <= 0)
                        return cli_misuse(&cli,
                                          cli_say(&cli, "option inconnue ou incomplète ; voir : garde help",
                                                  "unknown or incomplete option; see: garde help"));
                i += used;
        }
        if (i >= argc)
                return command_help(&cli, &(struct cli_args){0}) ? CLI_FAILED : help ? CLI_DONE : CLI_MISUSE;
        command = find_command((const char *const *)argv + i, (size_t)(argc - i), &words);
        if (!command && is_group(argv[i]))
                return about_group(&cli, argv[i], argv[i + 1], help);
        if (!command) {
                fprintf(stderr, "garde: %s « %s »\n", cli_say(&cli, "commande inconnue", "unknown command"),
                        argv[i]);
                return cli_misuse(&cli, cli_say(&cli, "la liste : garde help", "the list: garde help"));
        }
        return run_command(&cli, command, argv + i + words, (size_t)argc - (size_t)i - words);
}
