/* SPDX-License-Identifier: EUPL-1.2 */
/* Network namespaces of the exercise: named for ip(8), unique by pid, without an uplink. */
#pragma once

#include "base/error.h"

#define NETNS_NAME_SIZE 32

struct netns {
        char name[NETNS_NAME_SIZE]; /* "gi-4711"; "" when not made */
        int fd;                     /* -1 when not made */
};

#define NETNS_INIT                                                                                           \
        {                                                                                                    \
                "", -1                                                                                       \
        }

/* Makes PREFIX-PID, bound at /run/netns so that ip(8) sees it. The calling thread stays where it is. */
int netns_make(const char *prefix, struct netns *ret_netns, struct error *error);
/* Takes the name away and closes; the kernel removes the namespace with its last process. Safe on NETNS_INIT. */
void netns_remove(struct netns *netns);

/* Moves the calling thread in; *ret_back leads back and is consumed by netns_leave(). */
int netns_enter(const struct netns *netns, int *ret_back, struct error *error);
void netns_leave(int back);

/* Removes what exercises left behind whose process is gone (a power cut, kill -9). */
void netns_sweep(const char *const *prefixes, unsigned count);
