/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Landlock by raw system calls, as libc has none and the kernel headers of Debian 12 know ABI 2 only.
 * Private to sandbox.
 */
#pragma once

#include "service/sandbox.h"

/*
 * A ruleset that forbids everything the kernel's ABI can forbid but the paths. Made while the paths can
 * still be opened, laid on later. With `calls_out` TCP may connect, though not listen. 0 and a descriptor, SANDBOX_NO_LANDLOCK, or negative.
 */
int landlock_prepare(const struct sandbox_path *paths, size_t count, bool calls_out, int *ret_ruleset,
                     struct error *error);

/* Needs no_new_privs. For ever, for this thread and its children. */
int landlock_enter(int ruleset, struct error *error);
