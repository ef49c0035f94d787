/* SPDX-License-Identifier: EUPL-1.2 */
/* The folders a daemon keeps its things in, made while it still may. */
#pragma once

#include <limits.h>
#include <sys/types.h>

#include "base/error.h"

/* Makes the folder (and those above) and gives it to the user, when we are root; else it must be ours already. */
int folders_prepare(const char *path, const char *user, unsigned mode, struct error *error);

/* STATE/NAME, 0700 for its user alone; STATE itself may be entered by all. */
int folders_state(const char *state, const char *name, const char *user, char ret_path[static PATH_MAX],
                  struct error *error);

/* A group's number; CHANNEL_NOBODY for "". -ENOENT. */
int folders_group(const char *name, gid_t *ret_group, struct error *error);
