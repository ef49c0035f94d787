/* SPDX-License-Identifier: EUPL-1.2 */
/* Where Garde's own files lie, installed or fresh from the build. */
#pragma once

#include "base/error.h"

#include <limits.h>

/*
 * A file of data/ (obligations, playbooks …): $GARDE_DATA, else <program>/../share/garde when it is there,
 * else <program>/../../data (a build folder within the source). -ENOENT when it is in none.
 */
int paths_data(const char *name, char ret_path[static PATH_MAX], struct error *error);

/* Another program of Garde, beside the running one: paths_program("garde-edge", …). */
int paths_program(const char *name, char ret_path[static PATH_MAX], struct error *error);
