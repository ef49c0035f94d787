/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * "What would last night have cost?": `garde edge replay`. Runs captures through the real XDP and tc programs
 * (BPF_PROG_TEST_RUN) under a simulated clock, with the real guard.
 *
 * First the calm capture alone, at its own pace (pauses longer than ten seconds shortened to that), looped until
 * learn_seconds and one whole pass have gone by. Then the attack in its own order, spread evenly at `rate`
 * packets a second, looped for `seconds`, its destination rewritten to the victim; the calm goes on beside it. Calm packets from the
 * victim or its side (its /24 or /64) go out through tc, the rest come in through XDP. A packet shorter than its
 * headers in the file is padded with zeros as far as they reach; the length the program reads is the header's.
 * Counted are packets that come in to the victim. Without a calm capture the guard starts cold.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/addr.h"
#include "base/error.h"

struct replay_options {
        const char *attack; /* path; required */
        const char *calm;   /* path or NULL */
        const char *
                victim; /* address or NULL: the calm's busiest server, else the attack's commonest destination */
        double rate;    /* packets/s of the attack; 0: 50,000 */
        double seconds;          /* of attack; 0: 20 */
        uint32_t learn_seconds;  /* 0: 30 */
        uint32_t floor_pps;      /* 0: 2,000 */
        const char *geo4, *geo6; /* NULL: those of tor-geoipdb when present */
        uint64_t seed;           /* of the judgement; the kernel's sampling keeps its own chance */
        bool progress;           /* on stderr */
};

struct replay_traffic {
        uint64_t packets;
        uint64_t dropped;
        double dropped_fraction; /* 0 when there were no packets */
};

struct replay_result {
        struct replay_traffic attack;
        struct replay_traffic benign; /* calm packets to the victim while the attack lasted */
        struct replay_traffic calm;   /* before it */
        double first_measure_ms;      /* after the first attack packet; negative: none */
        double effective_ms;          /* until 95 % are dropped and stay so for a second; negative: never */
        double learned_s;
        double slowest_tick_ms;         /* of the judgement, on this machine's real clock */
        char victim[2][ADDR_TEXT_SIZE]; /* IPv4 and IPv6; "" when not used */
        json_t *measures;               /* array of the measures' JSON, owned */
        json_t *findings;               /* array, owned */
};

/*
 * 0; -ENOENT, -EINVAL, -ENODATA … for captures and addresses that are no good, with the sentence; -EPERM and the
 * like when the programs cannot be loaded. A damaged capture is an error.
 */
int replay_run(const struct replay_options *options, struct replay_result *ret_result, struct error *error);
void replay_release(struct replay_result *result);

/* {attack{packets,dropped_fraction},benign{…},first_measure_ms,effective_ms,measures[]}; NULL: out of memory. */
json_t *replay_to_json(const struct replay_result *result);
void replay_print(FILE *out, const struct replay_result *result, bool french);
