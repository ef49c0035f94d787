/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The people: real HTTP requests over real TCP from addresses all over the world, by a process of its own in the internet
 * namespace. Each request is a new connection (Connection: close). ok means: status 200 and the whole page within
 * CROWD_TIMEOUT_MS, as a person would wait.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/addr.h"
#include "base/error.h"
#include "base/random.h"
#include "drill/flood.h"
#include "drill/netns.h"
#include "drill/places.h"
#include "drill/scenario.h"
#include "drill/tally.h"

#define CROWD_TIMEOUT_MS 2000
#define CROWD_VISITS_MAX 131072 /* requests of one exercise; the rate and the seconds keep it below */

struct crowd_client {
        struct addr addr;
        uint16_t country;
        uint8_t class;   /* enum tally_class */
        uint8_t service; /* index of the one it wants */
};

/* What the process and the exercise share. */
struct crowd_share {
        _Atomic uint64_t attack_ns;   /* from then on new clients come, too; 0 before */
        _Atomic int stop;             /* begin no more requests */
        _Atomic uint32_t visit_count; /* those below it are complete */
        _Atomic int failed;           /* negative errno */
        struct tally_visit visits[CROWD_VISITS_MAX];
};

struct crowd;

/* Chooses the clients by chance from the seed, none of them an attack source. -ENODATA: a country without addresses. */
int crowd_choose(const struct scenario *scenario, const struct places *places,
                 const struct flood_source *sources, size_t source_count, struct crowd **ret_crowd,
                 struct error *error);
struct crowd *crowd_free(struct crowd *crowd); /* stops it; NULL */

const struct crowd_client *crowd_clients(const struct crowd *crowd, size_t *ret_count);
struct crowd_share *crowd_share(struct crowd *crowd);

/* Starts the process: calm at once. */
int crowd_start(struct crowd *crowd, const struct netns *internet, int cpu, struct error *error);
