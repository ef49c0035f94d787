/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "cli/show.h"
#include "cli/take.h"
#include "hub/protocol.h"
#include "service/channel.h"

/* One status, as the command gives it without --watch: what the channel added is of no use to people. */
static void print_line(const json_t *line)
{
        json_t *status = json_copy((json_t *)line);

        json_object_del(status, "id");
        json_object_del(status, "more");
        json_dumpf(status, stdout, JSON_COMPACT | JSON_REAL_PRECISION(10));
        putchar('\n');
        json_decref(status);
}

static int on_line(void *context, const json_t *line)
{
        const struct cli *cli = context;

        if (cli->json) {
                print_line(line);
        } else {
                if (cli->terminal)
                        fputs("\033[H\033[J", stdout);
                show_status(cli, line);
        }
        return fflush(stdout) ? -EPIPE : 0;
}

static int watch(const struct cli *cli)
{
        json_t *request = json_pack("{s:s}", "type", "watch");
        struct config *config = cli_config(cli);
        struct error error = {0};
        char socket[PATH_MAX];
        int r;

        if (!config || !request) {
                json_decref(request);
                return CLI_FAILED;
        }
        snprintf(socket, sizeof(socket), "%s/%s", config->run, PROTOCOL_SOCKET);
        r = channel_stream(socket, request, 0, on_line, (void *)cli, &error);
        config_free(config);
        json_decref(request);
        return r ? cli_unanswered(cli, socket, &error, r) : CLI_DONE;
}

/* For a web server to read, so for everybody; nothing in it is not public. */
static int write_page(const struct cli *cli, const char *path)
{
        CLEANUP(cleanup_free) char *page = NULL;
        struct error error = {0};
        size_t length = 0;
        FILE *stream = open_memstream(&page, &length);
        int r;

        if (!stream)
                return cli_fail(cli, &error, -ENOMEM);
        r = take_stream(cli, json_pack("{s:s}", "type", "public.page"), stream);
        if (fclose(stream) && !r)
                r = cli_fail(cli, &error, -ENOMEM);
        if (r)
                return r;
        r = file_write_atomic(path, page, length, 0644, &error);
        return r ? cli_fail(cli, &error, r) : CLI_DONE;
}

int command_status_page(const struct cli *cli, const struct cli_args *args)
{
        return args->count ? write_page(cli, args->positional[0])
                           : take_stream(cli, json_pack("{s:s}", "type", "public.page"), stdout);
}

int command_status(const struct cli *cli, const struct cli_args *args)
{
        struct cli whole = *cli;
        json_t *answer = NULL;
        int r;

        whole.all = cli_option(args, "all") != NULL;
        if (cli_option(args, "watch"))
                return watch(&whole);
        r = cli_ask(cli, json_pack("{s:s}", "type", "status"), &answer);
        if (r)
                return r;
        if (cli->json)
                return cli_print_json(answer);
        show_status(&whole, answer);
        json_decref(answer);
        return CLI_DONE;
}
