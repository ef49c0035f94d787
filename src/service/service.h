/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How every daemon lives: options, configuration, log, loop, privilege drop, readiness, watchdog, clean stop.
 *
 * service_main() runs the life in this order, and stops at the first step that fails:
 *   1. options and log, 2. config_load (a wrong file: its sentence on stderr, exit 1, nothing was touched),
 *   3. open(): what needs privilege (sockets, BPF, folders), 4. drop(): sandbox_enter(), failure is fatal,
 *   5. start(): everything else, unprivileged, 6. sd_notify READY=1, 7. the loop until SIGTERM, SIGINT or
 *   service_stop(), 8. STOPPING=1 and stop(), 9. the loop runs on until every handle is closed, 5 s at most.
 * SIGHUP calls reload(). With WATCHDOG_USEC the loop itself sends WATCHDOG=1 at half that interval, so a
 * loop that hangs is a daemon that systemd restarts. Exit codes: 0 stopped in order, 1 failed, 2 misuse.
 */
#pragma once

#include <uv.h>

#include "base/error.h"
#include "base/log.h"
#include "service/config.h"

struct service {
        uv_loop_t *loop;
        const struct config *config; /* owned by service_main */
        const char *config_path;
        void *context; /* what the daemon gave to service_main */
};

/* A step that may fail says why in `error`; service_main prints it. Any may be NULL but `drop`. */
struct service_program {
        const char *name; /* "garde-edge" */
        const char *summary_fr;
        const char *summary_en; /* one line for --help */
        int (*open)(struct service *service, struct error *error);
        int (*drop)(struct service *service, struct error *error);
        int (*start)(struct service *service, struct error *error);
        void (*reload)(struct service *service);
        /* Close every handle of yours; also called when open, drop or start failed half-way. */
        void (*stop)(struct service *service);
};

/* The whole of a daemon's main(); returns the exit code. */
int service_main(const struct service_program *program, void *context, int argc, char **argv);

/* Ends the loop in order; from a callback of the loop. */
void service_stop(struct service *service, int exit_code);
/*
 * Whether it is to end. A start() that works long lets the loop hear (uv_run(UV_RUN_NOWAIT)) and asks; when it then gives up, that
 * is a stop in order and no failure.
 */
bool service_is_stopping(struct service *service);

/*
 * The options every program of Garde shares: -c/--config FILE, --log=text|json, --log-level=LEVEL,
 * --version, --help. 0: go on. SERVICE_DONE: help or version was printed, exit 0. -EINVAL: misuse was said
 * on stderr, exit 2.
 */
#define SERVICE_DONE 1

struct service_options {
        const char *config_path;            /* CONFIG_PATH_DEFAULT unless given */
        bool log_format_set, log_level_set; /* given here: stronger than the file */
        enum log_format log_format;
        enum log_level log_level;
};

int service_options_parse(const struct service_program *program, int argc, char **argv,
                          struct service_options *ret_options);

/*
 * One datagram to $NOTIFY_SOCKET, path or abstract (sd_notify(3)): "READY=1", "STATUS=…". SERVICE_NO_MANAGER
 * when the variable is not set; -errno when the manager could not be told.
 */
#define SERVICE_NO_MANAGER 1
int service_notify(const char *state);

/* Microseconds of WATCHDOG_USEC when it is meant for this process (WATCHDOG_PID), else 0. */
uint64_t service_watchdog_usec(void);
