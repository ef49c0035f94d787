/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What `garde run` stands on where there is no systemd: starts a table of programs, restarts one that dies,
 * stops all.
 *
 * A program that ends by itself is started again after 100 ms, doubling to 10 s; after 60 s of life the wait
 * is 100 ms again. Stopping is SIGTERM to all, then SIGKILL to what still runs after 5 s. When the
 * supervisor itself is killed the kernel kills its children (PR_SET_PDEATHSIG, SIGKILL), so none outlives
 * it; what the edge pinned in the kernel stays. That signal is the calling thread's: start it from the
 * thread that lives as long as the process.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "base/error.h"

#define SUPERVISOR_PROGRAMS_MAX   16
#define SUPERVISOR_BACKOFF_MIN_MS 100
#define SUPERVISOR_BACKOFF_MAX_MS 10000
#define SUPERVISOR_HEALTHY_MS     60000
#define SUPERVISOR_GRACE_MS       8000 /* more than a daemon gives itself (service.h) */

#define SUPERVISOR_STATES(X)                                                                                 \
        X(WAITING, "waiting") X(RUNNING, "running") X(STOPPING, "stopping") X(STOPPED, "stopped")
#define SUPERVISOR_STATE_ENUM(name, word) SUPERVISOR_##name,
enum supervisor_state { SUPERVISOR_STATES(SUPERVISOR_STATE_ENUM) SUPERVISOR_STATE_COUNT };

struct supervisor_program {
        const char *name;  /* for the log */
        char *const *argv; /* argv[0] is the path; NULL-terminated; must outlive the supervisor */
        char *const *env;  /* NULL: the supervisor's own */
};

struct supervisor_status {
        const char *name;
        enum supervisor_state state;
        pid_t pid; /* 0 unless running or stopping */
        unsigned restarts;
        int last_status;     /* of waitpid(2), 0 before the first end */
        uint64_t waiting_ms; /* until the next start, when waiting */
};

struct supervisor;

/*
 * All are started at once. -EINVAL for a table too large; -ENOENT, -EACCES when a program cannot be
 * executed: none runs.
 */
int supervisor_start(uv_loop_t *loop, const struct supervisor_program *programs, size_t count,
                     struct supervisor **ret_supervisor, struct error *error);

/* Milliseconds between SIGTERM and SIGKILL, SUPERVISOR_GRACE_MS unless set. */
void supervisor_set_grace(struct supervisor *supervisor, unsigned milliseconds);

/*
 * Ends all; `on_stopped` (may be NULL) when the last is gone, after which the loop has no handle of it any
 * more.
 */
void supervisor_stop(struct supervisor *supervisor, void (*on_stopped)(void *context), void *context);

/* To every program that runs: SIGHUP, say. */
void supervisor_signal(const struct supervisor *supervisor, int number);

size_t supervisor_count(const struct supervisor *supervisor);
struct supervisor_status supervisor_status(const struct supervisor *supervisor, size_t index);
const char *supervisor_state_word(enum supervisor_state state);

/* Only once it has stopped; NULL. */
struct supervisor *supervisor_free(struct supervisor *supervisor);
