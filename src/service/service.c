/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/service.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define CLOSING_MS        5000
#define MICROSECONDS_A_MS 1000

/* What the skeleton itself keeps on the loop, around the service that a daemon sees. */
struct life {
        struct service service;
        const struct service_program *program;
        uv_loop_t loop;
        uv_signal_t on_term, on_int, on_hup;
        uv_timer_t watchdog, closing;
        bool stopping;
        int exit_code;
};

static struct life *life_of(struct service *service)
{
        return (struct life *)((char *)service - offsetof(struct life, service));
}

/* ---- the loop's own handles ---- */

static void on_stop_signal(uv_signal_t *handle, int number)
{
        struct life *life = handle->data;

        log_notice("%s: stopping", strsignal(number));
        service_stop(&life->service, 0);
}

static void on_reload_signal(uv_signal_t *handle, int number)
{
        struct life *life = handle->data;

        if (life->program->reload)
                life->program->reload(&life->service);
        else
                log_notice(
                        "SIGHUP: this daemon has nothing to read again; restart it for a new configuration");
}

/* Only a loop that turns gets here: that is the proof of life systemd waits for. */
static void on_watchdog(uv_timer_t *timer)
{
        service_notify("WATCHDOG=1");
}

static void catch_signal(struct life *life, uv_signal_t *handle, uv_signal_cb callback, int number)
{
        uv_signal_init(&life->loop, handle);
        handle->data = life;
        uv_signal_start(handle, callback, number);
}

static void add_handles(struct life *life)
{
        uint64_t interval = service_watchdog_usec() / 2 / MICROSECONDS_A_MS;

        catch_signal(life, &life->on_term, on_stop_signal, SIGTERM);
        catch_signal(life, &life->on_int, on_stop_signal, SIGINT);
        catch_signal(life, &life->on_hup, on_reload_signal, SIGHUP);
        uv_timer_init(&life->loop, &life->watchdog);
        uv_timer_init(&life->loop, &life->closing);
        life->watchdog.data = life->closing.data = life;
        if (interval)
                uv_timer_start(&life->watchdog, on_watchdog, interval, interval);
}

/* ---- stages ---- */

void service_stop(struct service *service, int exit_code)
{
        struct life *life = life_of(service);

        if (life->stopping)
                return;
        life->stopping = true;
        life->exit_code = exit_code;
        uv_stop(&life->loop);
}

bool service_is_stopping(struct service *service)
{
        return life_of(service)->stopping;
}

static int run_step(struct life *life, int (*step)(struct service *, struct error *), struct error *error)
{
        return step ? step(&life->service, error) : 0;
}

static void on_closing_late(uv_timer_t *timer)
{
        log_error("not everything could be closed within %d ms: leaving", CLOSING_MS);
        uv_stop(timer->loop);
}

/*
 * Whatever the daemon still has on the loop (an answer being written, a child) ends in its own time, within
 * bounds.
 */
static void wind_down(struct life *life)
{
        uv_handle_t *const ours[] = {(uv_handle_t *)&life->on_term, (uv_handle_t *)&life->on_int,
                                     (uv_handle_t *)&life->on_hup, (uv_handle_t *)&life->watchdog,
                                     (uv_handle_t *)&life->closing};

        if (life->program->stop)
                life->program->stop(&life->service);
        uv_timer_start(&life->closing, on_closing_late, CLOSING_MS, 0);
        for (size_t i = 0; i < ARRAY_LEN(ours); i++)
                uv_unref(ours[i]); /* the loop now ends with the daemon's last handle */
        uv_run(&life->loop, UV_RUN_DEFAULT);
        for (size_t i = 0; i < ARRAY_LEN(ours); i++)
                uv_close(ours[i], NULL);
        uv_run(&life->loop, UV_RUN_NOWAIT);
}

static int live(struct life *life, struct error *error)
{
        const struct service_program *program = life->program;
        int r = run_step(life, program->open, error);

        if (!r)
                r = program->drop ? program->drop(&life->service, error)
                                  : error_say(error, -EINVAL, "ce service n’abandonne pas ses privilèges",
                                              "this daemon does not drop its privileges");
        if (r > 0) /* a condition of sandbox_enter that is said already */
                r = 0;
        if (!r)
                r = run_step(life, program->start, error);
        if (r)
                return life->stopping ? 0 : r;
        if (service_notify("READY=1") < 0)
                log_warning("systemd could not be told that the service is ready");
        log_notice("ready");
        uv_run(&life->loop,
               UV_RUN_DEFAULT); /* returns at once when start() itself has called service_stop() */
        service_notify("STOPPING=1");
        return 0;
}

static int run_life(struct life *life)
{
        struct error error = {0};
        int r = uv_loop_init(&life->loop);

        if (r) {
                log_error("cannot make a loop: %s", uv_strerror(r));
                return 1;
        }
        life->service.loop = &life->loop;
        add_handles(life);
        r = live(life, &error);
        if (r)
                log_error("%s", error_text_in(&error, r, life->service.config->structure.language));
        wind_down(life);
        if (uv_loop_close(&life->loop))
                log_warning("a handle was left open");
        return r ? 1 : life->exit_code;
}

int service_main(const struct service_program *program, void *context, int argc, char **argv)
{
        struct life life = {.program = program, .service.context = context};
        struct service_options options;
        struct config *config = NULL;
        struct error error = {0};
        int r = service_options_parse(program, argc, argv, &options);

        if (r)
                return r == SERVICE_DONE ? 0 : 2;
        log_setup(program->name, options.log_format, options.log_level);
        signal(SIGPIPE, SIG_IGN);
        r = config_load(options.config_path, &config, &error);
        if (r) {
                log_error("%s", error_text_in(&error, r, language_of_environment()));
                return 1;
        }
        log_setup(program->name, options.log_format_set ? options.log_format : config->log.format,
                  options.log_level_set ? options.log_level : config->log.level);
        config_use_zone(config);
        life.service.config = config;
        life.service.config_path = options.config_path;
        r = run_life(&life);
        config_free(config);
        return r;
}
