/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The exercise: an attack of the past played again, with real packets, a real web server and the real Garde, in
 * network namespaces without an uplink. What it claims is measured from outside Garde: packets at the hospital's
 * door, requests at the clients.
 *
 *   internet (gi-PID)                 edge (ge-PID)                          hospital (gh-PID)
 *   clients of many countries         garde-edge                             nginx: portal, vpn
 *   flood from captures       net0 == wan  (XDP here)    lan == lan0 (meter)
 *        198.51.100.1            198.51.100.2   203.0.113.1      203.0.113.10, .20
 *        2001:db8:ffff::1        2001:db8:ffff::2  2001:db8:d::1    2001:db8:d::10, ::20
 *
 * garde-hub runs outside of them: it speaks with the edge through its Unix socket, and its console listens on this
 * machine's loopback, so that the exercise can be watched in a browser while it plays.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define DRILL_POLICIES(X)             X(GARDE, "garde") X(AS_IN_2020, "as-in-2020")
#define DRILL_POLICY_ENUM(name, word) DRILL_POLICY_##name,
enum drill_policy { DRILL_POLICIES(DRILL_POLICY_ENUM) DRILL_POLICY_COUNT };

const char *drill_policy_word(enum drill_policy policy);
/* 0, or -EINVAL for a word that is no policy. */
int drill_policy_parse(const char *word, enum drill_policy *ret_policy);

struct drill_options {
        const char *name; /* "2020-03-22": data/drills/NAME.yaml */
        enum drill_policy policy;
        const char
                *out; /* folder for report.json and the papers, made; NULL: one below /var/lib/garde/drills */
        const char *captures; /* folder; NULL: $GARDE_CAPTURES, else the folder named when Garde was built */
        bool json;            /* only the report on stdout, progress on stderr */
        bool english;         /* texts for people; otherwise French */
        bool stay;            /* the hub and its console stay after the end until SIGINT or SIGTERM */
};

/*
 * Plays it: about two minutes, root, cleans up after itself on every way out (SIGINT and SIGTERM included). 0 when it
 * was played to its end (the figures may still be bad: read them), negative with one sentence otherwise: -EPERM
 * without root, -ENOENT without captures, -EINTR when interrupted before its end. Prints the table, or with `json` the report, on
 * stdout; the console's link goes where progress goes.
 */
int drill_run(const struct drill_options *options, struct error *error);

/* Both tables side by side, from the report.json of two folders; with `json` {"a":…,"b":…}. Sentences as above. */
int drill_compare(const char *dir_a, const char *dir_b, bool json, bool english, struct error *error);
