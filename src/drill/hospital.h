/* SPDX-License-Identifier: EUPL-1.2 */
/* The hospital's web server: nginx with a page of its own, in the hospital namespace, everything in one folder. */
#pragma once

#include <sys/types.h>

#include "drill/netns.h"
#include "drill/scenario.h"

#define HOSPITAL_PAGE_BYTES 12000 /* at least: a page that fills several segments */

struct hospital {
        pid_t nginx;
};

/* Starts nginx and waits until it answers at every address; -ENOENT when nginx is not installed. */
int hospital_start(const struct scenario *scenario, const struct netns *netns, const char *folder, int cpu,
                   struct hospital *ret_hospital, struct error *error);
void hospital_stop(struct hospital *hospital);
