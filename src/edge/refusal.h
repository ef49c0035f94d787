/* SPDX-License-Identifier: EUPL-1.2 */
/* Why a kernel refuses the packet programs, in a sentence for who keeps the machine. Pure: what is known of the kernel comes in. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

struct kernel_traits {
        char release[65]; /* as uname(2) has it */
        bool knows_types; /* KERNEL_TYPES is there */
        bool we_are_root;
};

#define KERNEL_TYPES "/sys/kernel/btf/vmlinux"

/* `r` is what loading returned, negative; returned again. Each sentence says what still works. */
int refusal_say(int r, const struct kernel_traits *kernel, struct error *error);
