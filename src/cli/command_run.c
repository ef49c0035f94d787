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
#include "service/service.h"
#include "service/supervisor.h"

#define DAEMONS  3
#define ARGV_MAX 8

struct run {
        uv_loop_t *loop;
        uv_signal_t term, interrupt, hangup;
        struct supervisor *supervisor;
        bool stopping;
};

static void on_stopped(void *context)
{
        struct run *run = context;

        uv_close((uv_handle_t *)&run->term, NULL);
        uv_close((uv_handle_t *)&run->interrupt, NULL);
        uv_close((uv_handle_t *)&run->hangup, NULL);
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

/* What protects a hospital does not end with the terminal it was started from. */
static void on_hangup(uv_signal_t *signal, int number)
{
        struct run *run = signal->data;

        if (run->stopping)
                return;
        log_notice("SIGHUP: passed on, the daemons read again what they can; SIGTERM stops them");
        supervisor_signal(run->supervisor, SIGHUP);
}

static int watch_signals(struct run *run)
{
        int r = uv_signal_init(run->loop, &run->term);

        if (!r)
                r = uv_signal_init(run->loop, &run->interrupt);
        if (!r)
                r = uv_signal_init(run->loop, &run->hangup);
        run->term.data = run->interrupt.data = run->hangup.data = run;
        if (!r)
                r = uv_signal_start(&run->term, on_signal, SIGTERM);
        if (!r)
                r = uv_signal_start(&run->interrupt, on_signal, SIGINT);
        if (!r)
                r = uv_signal_start(&run->hangup, on_hangup, SIGHUP);
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
        signal(SIGPIPE, SIG_IGN); /* whoever read the log has gone */
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
