/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Giving up privilege, once and for good, after what needs it is open and before anything hostile is read.
 *
 * Order: real, effective and saved user and group, no supplementary groups; the capabilities that are named
 * and no other, bounding set included; no_new_privs; Landlock (only the paths named); seccomp (only the
 * system calls of the profile; any other kills the process, and a socket of another family fails with
 * EAFNOSUPPORT). TCP is forbidden by Landlock too. Each step is read back. Any failure is fatal: the caller
 * must exit. Call it before any thread is started. The death signal of a supervisor (PR_SET_PDEATHSIG),
 * which a change of user clears, is set again. One step may be absent: Landlock on a kernel without it. That
 * is SANDBOX_NO_LANDLOCK, logged as a warning.
 *
 * Builds with sanitizers (base/sanitized.h) let the sanitizer read what is mapped and look through the process, and no more.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define SANDBOX_NO_LANDLOCK      1 /* everything else holds */
#define SANDBOX_CAPABILITIES_MAX 8
#define SANDBOX_PATHS_MAX        160

enum sandbox_access {
        SANDBOX_READ = 1,  /* read files and folders beneath */
        SANDBOX_WRITE = 2, /* and write, make, rename, remove files, folders and sockets */
};

struct sandbox_path {
        const char *path; /* file or folder; one that does not exist is skipped, so nothing is granted */
        unsigned access;
};

enum sandbox_profile {
        SANDBOX_PROFILE_HUB,  /* files, Unix sockets, timers; no network family but AF_UNIX */
        SANDBOX_PROFILE_EDGE, /* the same and bpf(), perf_event_open, AF_NETLINK */
        /* the hub's and TCP, UDP to call others; the one profile whose TCP Landlock lets connect (never listen) */
        SANDBOX_PROFILE_RESPOND,
        SANDBOX_PROFILE_COUNT,
};

struct sandbox_options {
        const char *user; /* name or number; NULL stays who it is. Root with another user needs CAP_SETUID */
        const int *capabilities; /* CAP_… to keep, permitted and effective */
        size_t capability_count;
        const struct sandbox_path *paths;
        size_t path_count;
        enum sandbox_profile profile;
};

/* 0, SANDBOX_NO_LANDLOCK, or negative: then the process may stand half-way and must end. */
int sandbox_enter(const struct sandbox_options *options, struct error *error);

/* The kernel's Landlock ABI, 0 when it has none. */
int sandbox_landlock_abi(void);
