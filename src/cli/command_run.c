/* SPDX-License-Identifier: EUPL-1.2 */
/* garde run: the daemons of the configuration, where systemd does not keep them. */
#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/paths.h"
#include "cli/check_data.h"
#include "service/service.h"
#include "service/supervisor.h"

#define DAEMONS  3
#define ARGV_MAX 8

struct run {
        uv_loop_t *loop;
        uv_signal_t term, interrupt;
        struct supervisor *supervisor;
        bool stopping;
};

static void on_stopped(void *context)
{
        struct run *run = context;

        uv_close((uv_handle_t *)&run->term, NULL);
        uv_close((uv_handle_t *)&run->interrupt, NULL);
}

static void on_signal(uv_signal_t *signal, int number)
{
        struct run *run = signal->data;

        if (run->stopping)
                return;
        run->stopping = true;
        log_notice("stopping (%s)", number == SIGTERM ? "SIGTERM" : "SIGINT");
        service_notify("STOPPING=1");
        supervisor_stop(run->supervisor, on_stopped, run);
}

static int watch_signals(struct run *run)
{
        int r = uv_signal_init(run->loop, &run->term);

        if (!r)
                r = uv_signal_init(run->loop, &run->interrupt);
        run->term.data = run->interrupt.data = run;
        if (!r)
                r = uv_signal_start(&run->term, on_signal, SIGTERM);
        if (!r)
                r = uv_signal_start(&run->interrupt, on_signal, SIGINT);
        return r;
}

struct daemon_line {
        const char *name;
        char path[PATH_MAX];
        char format[32], level[32];
        char *argv[ARGV_MAX];
};

static int fill_line(const struct cli *cli, struct daemon_line *line, struct error *error)
{
        size_t count = 0;
        int r = paths_program(line->name, line->path, error);

        if (r)
                return r;
        line->argv[count++] = line->path;
        line->argv[count++] = (char *)"--config";
        line->argv[count++] = (char *)cli->config_path;
        if (cli->log_format) {
                snprintf(line->format, sizeof(line->format), "--log=%s", cli->log_format);
                line->argv[count++] = line->format;
        }
        if (cli->log_level) {
                snprintf(line->level, sizeof(line->level), "--log-level=%s", cli->log_level);
                line->argv[count++] = line->level;
        }
        line->argv[count] = NULL;
        return 0;
}

static int run_all(const struct cli *cli, struct run *run, const struct config *config, struct error *error)
{
        struct daemon_line lines[DAEMONS] = {{.name = "garde-hub"}};
        struct supervisor_program programs[DAEMONS];
        size_t count = 1;
        int r = 0;

        if (config->edge.configured)
                lines[count++].name = "garde-edge";
        if (config->out.target_count)
                lines[count++].name = "garde-respond";
        for (size_t i = 0; !r && i < count; i++) {
                r = fill_line(cli, &lines[i], error);
                programs[i] = (struct supervisor_program){.name = lines[i].name, .argv = lines[i].argv};
        }
        if (!r)
                r = watch_signals(run);
        if (!r)
                r = supervisor_start(run->loop, programs, count, &run->supervisor, error);
        if (r)
                return r;
        service_notify("READY=1");
        uv_run(run->loop, UV_RUN_DEFAULT);
        run->supervisor = supervisor_free(run->supervisor);
        return 0;
}

/* Two that watch over the same daemons would start each other's again without end. */
static int lock_state(const struct cli *cli, const struct config *config, int *ret_lock, struct error *error)
{
        char path[PATH_MAX];
        int r = file_make_folders(config->state, 0755, error);

        if (r)
                return r;
        if (snprintf(path, sizeof(path), "%s/run.lock", config->state) >= (int)sizeof(path))
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s",
                                 config->state);
        r = file_lock(path, ret_lock, error);
        if (r == -EBUSY)
                return error_say(error, r, "un autre « garde run » veille déjà sur %s : arrêtez-le d’abord",
                                 "another “garde run” watches over %s already: stop it first", config->state);
        return r;
}

int command_run(const struct cli *cli, const struct cli_args *args)
{
        CLEANUP(cleanup_fd) int lock = -1;
        struct run run = {.loop = uv_default_loop()};
        struct config *config = cli_config(cli);
        struct error error = {0};
        int r;

        if (!config)
                return CLI_FAILED;
        r = lock_state(cli, config, &lock, &error);
        if (!r)
                r = run_all(cli, &run, config, &error);
        config_free(config);
        return r ? cli_fail(cli, &error, r) : CLI_DONE;
}

/* Faults to stderr, one a line; what was read as a comment after the configuration. */
static int tell_data(const struct cli *cli, const struct data_check *data)
{
        const json_t *fault;
        size_t i;

        json_array_foreach(data->faults, i, fault) fprintf(stderr, "garde: %s\n", cli_text(cli, fault));
        printf(cli_say(cli, "# données : %zu faits, %zu obligations, %zu plans d’action, %zu marques\n",
                       "# data: %zu facts, %zu duties, %zu playbooks, %zu brands\n"),
               data->facts, data->obligations, data->playbooks, data->brands);
        return json_array_size(data->faults) ? CLI_FAILED : CLI_DONE;
}

static json_t *check_json(const struct cli *cli, const struct config *config, const struct data_check *data)
{
        return json_pack("{s:b, s:s, s:s, s:i, s:{s:I, s:I, s:I, s:I, s:O}}", "ok",
                         json_array_size(data->faults) == 0, "file", cli->config_path, "structure",
                         config->structure.name, "services", (int)config->edge.service_count, "data", "facts",
                         (json_int_t)data->facts, "obligations", (json_int_t)data->obligations, "playbooks",
                         (json_int_t)data->playbooks, "brands", (json_int_t)data->brands, "faults",
                         data->faults);
}

int command_check(const struct cli *cli, const struct cli_args *args)
{
        struct data_check data = {0};
        struct cli with = *cli;
        struct config *config;
        int r;

        if (args->count)
                with.config_path = args->positional[0];
        config = cli_config(&with);
        if (!config)
                return CLI_FAILED;
        if (data_check(&data)) {
                config_free(config);
                return cli_fail(cli, NULL, -ENOMEM);
        }
        if (cli->json) {
                r = cli_print_json(check_json(&with, config, &data));
                if (!r && json_array_size(data.faults))
                        r = CLI_FAILED;
        } else {
                r = config_check_print(stdout, config, cli->english ? LANGUAGE_EN : LANGUAGE_FR) ? CLI_FAILED
                                                                                                 : CLI_DONE;
                if (tell_data(cli, &data))
                        r = CLI_FAILED;
        }
        data_check_release(&data);
        config_free(config);
        return r;
}
