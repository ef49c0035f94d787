/* SPDX-License-Identifier: EUPL-1.2 */
/* What is played: data/drills/NAME.yaml, read strictly and checked. */
#pragma once

#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"
#include "flow/catalogue.h"
#include "flow/text.h"

#define SCENARIO_SERVICES_MAX  4
#define SCENARIO_WAVES_MAX     8
#define SCENARIO_COUNTRIES_MAX 64
#define SCENARIO_STEPS_MAX     16
#define SCENARIO_ANSWERS_MAX   32
#define SCENARIO_CLIENTS_MAX   20000
#define SCENARIO_SECONDS_MAX   80 /* calm, attack, reopening: each at most this */

struct scenario_service {
        char name[33], v4[16], v6[40];
        uint16_t port;
        struct addr addr_v4, addr_v6; /* what the texts say */
};

struct scenario_crowd {
        uint32_t requests_per_second;
        uint32_t known_europe, known_elsewhere, new_europe, new_elsewhere; /* clients */
        uint32_t v6_percent, second_service_percent;
        /* Country codes; one named twice comes twice as often. */
        char europe[SCENARIO_COUNTRIES_MAX][3], elsewhere[SCENARIO_COUNTRIES_MAX][3];
        unsigned europe_count, elsewhere_count;
};

struct scenario_wave {
        char capture[256], service[33];
        uint32_t service_index; /* what `service` names */
        uint16_t port;          /* 0: as in the capture */
        uint32_t pps;
        uint32_t from_s, to_s; /* since the attack began */
};

enum scenario_act { SCENARIO_THROTTLE, SCENARIO_FENCE, SCENARIO_REOPEN, SCENARIO_LIFT };

struct scenario_step {
        uint32_t at_s,
                after_s; /* at_s since the attack began, or, when after_s is not 0, that long after its end */
        enum scenario_act act;
        uint32_t pps;
        char countries[SCENARIO_COUNTRIES_MAX][3];
        unsigned country_count;
};

/* A person's answer to one of data/facts. */
struct scenario_answer {
        uint32_t at_s; /* since the attack began */
        char fact[64], value[501];
};

struct scenario {
        char name[65];
        struct bitext title;
        uint64_t seed;
        uint32_t calm_s, attack_s, reopen_s;
        struct scenario_service services[SCENARIO_SERVICES_MAX];
        unsigned service_count;
        struct scenario_crowd crowd;
        struct scenario_wave waves[SCENARIO_WAVES_MAX];
        unsigned wave_count;
        struct scenario_step steps[SCENARIO_STEPS_MAX];
        unsigned step_count;
        struct scenario_answer answers[SCENARIO_ANSWERS_MAX];
        unsigned answer_count;
};

/*
 * One file's bytes, checked; `name` is for the error text, which names file, line and key of each fault
 * (base/faults.h). The facts that a person answers are looked for in the catalogue when one is given. -EINVAL, -EFBIG,
 * -ENOMEM.
 */
int scenario_read(const char *name, const char *data, size_t length, const struct catalogue *catalogue,
                  struct scenario **ret_scenario, struct error *error);
/* The same of a file, without a catalogue; -ENOENT too. */
int scenario_load(const char *path, struct scenario **ret_scenario, struct error *error);
struct scenario *scenario_free(struct scenario *scenario); /* NULL */
