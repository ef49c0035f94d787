/* SPDX-License-Identifier: EUPL-1.2 */
/* The system call filter. Private to sandbox. */
#pragma once

#include "service/sandbox.h"

/*
 * Lays the profile's filter on every thread. A call that is not in the profile kills the process; only a
 * socket of another family fails softly, with EAFNOSUPPORT, as libraries probe with those.
 */
int seccomp_enter(enum sandbox_profile profile, struct error *error);
