/* SPDX-License-Identifier: EUPL-1.2 */
/* Children of the exercise. The kernel kills them if the exercise dies without its farewell. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "drill/netns.h"

#define PROCESS_ANY_CPU (-1)

struct process_place {
        const struct netns *netns; /* NULL: the present one */
        int cpu;                   /* pinned there, or PROCESS_ANY_CPU */
        const char *log;           /* file for its stdout and stderr; NULL: those of the exercise */
        const char *folder;        /* its working folder; NULL: the present one */
};

/* Runs `body` in a child, whose exit status is body's result. The child owns nothing of the parent's but memory. */
int process_start(const struct process_place *place, int (*body)(void *context), void *context,
                  pid_t *ret_pid, struct error *error);

/* Runs a program, argv[0] looked up in PATH. */
int process_spawn(const struct process_place *place, const char *const argv[], pid_t *ret_pid,
                  struct error *error);

/* Runs a program to its end with `input` (may be NULL) on stdin; its first line of stderr becomes the sentence. */
int process_run(const struct process_place *place, const char *const argv[], const char *input,
                struct error *error);

/* SIGTERM, and SIGKILL after `grace_ms`; waits for the end. Sets *pid to 0. Safe when it is 0. */
void process_stop(pid_t *pid, unsigned grace_ms);

/* Whether it still runs; when not, it is reaped, *pid becomes 0 and *ret_status its wait status. */
bool process_alive(pid_t *pid, int *ret_status);

/* Processors this program may use, at least 1; cpu number `index` of them (the last ones first with negative index). */
int process_cpu_count(void);
int process_cpu(int index);
