/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "hub/protocol.h"
#include "service/channel.h"

#define ANSWER_MS 15000

const char *cli_option(const struct cli_args *args, const char *name)
{
        for (size_t i = 0; args->options && args->options[i].name; i++)
                if (!strcmp(args->options[i].name, name))
                        return args->values[i];
        return NULL;
}

int cli_fail(const struct cli *cli, const struct error *error, int code)
{
        if (cli->silent)
                return CLI_FAILED;
        fprintf(stderr, "garde: %s\n", error_text_in(error, code, cli_language(cli)));
        if (cli->json)
                cli_print_json(json_pack("{s:s}", "error", error_text_in(error, code, cli_language(cli))));
        return CLI_FAILED;
}

int cli_misuse(const struct cli *cli, const char *sentence)
{
        fprintf(stderr, "garde: %s\n", sentence);
        return CLI_MISUSE;
}

int cli_print_json(json_t *json)
{
        if (!json)
                return CLI_FAILED;
        json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
        putchar('\n');
        json_decref(json);
        return fflush(stdout) ? CLI_FAILED : CLI_DONE;
}

struct config *cli_config(const struct cli *cli)
{
        struct config *config = NULL;
        struct error error = {0};
        int r = config_load(cli->config_path, &config, &error);

        if (r)
                cli_fail(cli, &error, r);
        else
                config_use_zone(config);
        return config;
}

int cli_unanswered(const struct cli *cli, const char *socket, struct error *error, int code)
{
        if (code == -ENOENT || code == -ECONNREFUSED)
                error_say(error, code, "le service garde-hub ne répond pas sur %s : démarrez-le (garde run)",
                          "garde-hub does not answer on %s: start it (garde run)", socket);
        if (code == -EACCES)
                error_say(error, code,
                          "ce compte n’a pas la permission d’interroger garde-hub : root l’a, et les membres "
                          "du groupe "
                          "que nomme hub.owner_group (essayez avec sudo)",
                          "this account has no permission to ask garde-hub: root has it, and the members of "
                          "the group "
                          "that hub.owner_group names (try sudo)");
        return cli_fail(cli, error, code);
}

int cli_ask(const struct cli *cli, json_t *request, json_t **ret_answer)
{
        struct config *config = cli_config(cli);
        struct error error = {0};
        char socket[PATH_MAX];
        int r;

        if (!config || !request) {
                json_decref(request);
                config_free(config);
                return CLI_FAILED;
        }
        snprintf(socket, sizeof(socket), "%s/%s", config->run, PROTOCOL_SOCKET);
        r = channel_call(socket, request, ANSWER_MS, ret_answer, &error);
        json_decref(request);
        config_free(config);
        if (r)
                return cli_unanswered(cli, socket, &error, r);
        json_object_del(*ret_answer, "id"); /* the channel's, of no use to people */
        return CLI_DONE;
}

const char *cli_author(const struct cli_args *args)
{
        const char *author = cli_option(args, "author");
        const char *behind_sudo = getenv("SUDO_USER");
        const struct passwd *account;

        if (author)
                return author;
        if (behind_sudo && behind_sudo[0])
                return behind_sudo;
        account = getpwuid(getuid());
        return account ? account->pw_name : "";
}

const char *cli_text(const struct cli *cli, const json_t *bitext)
{
        const char *text = json_string_value(json_object_get(bitext, cli->english ? "en" : "fr"));

        return text ? text : "";
}

const char *cli_time(const json_t *time, char buffer[static 32])
{
        const char *text = json_string_value(time);
        int64_t ms;
        time_t seconds;
        struct tm local;

        if (!text || time_parse(text, &ms))
                return "–";
        seconds = (time_t)(ms / 1000);
        localtime_r(&seconds, &local);
        strftime(buffer, 32, "%d/%m %H:%M:%S", &local);
        return buffer;
}
