/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Everything that is wrong with one file, in the order of its lines. A reader that can go on after a fault tells
 * each to a `fault_log`; its caller learns the first by place from `struct error`, and all of them when it hung a
 * list there. Bounded: of more than FAULTS_MAX, those with the lowest lines are kept and the rest is counted.
 */
#pragma once

#include <stddef.h>

#include "base/error.h"

#define FAULTS_MAX 20 /* more than a person mends before asking again */

struct fault {
        unsigned line; /* from 1; 0: of the file as a whole */
        char *key;     /* owned; the place within the file: "edge.services[2].name", "" for none */
        char *fr, *en; /* owned; "FILE:LINE: what is wrong and what would be right" */
};

struct faults {
        struct fault list[FAULTS_MAX];
        size_t count;
        size_t more; /* found beside these */
};

/* Inserts by line, behind those of the same line. What memory is short for is counted in `more`. */
void faults_add(struct faults *faults, unsigned line, const char *key, const char *fr, const char *en);
void faults_release(struct faults *faults);

/* What one reader finds in one file. Start: {.file = name, .error = error}; both borrowed. */
struct fault_log {
        const char *file;
        struct error *error; /* NULL is allowed */
        size_t found;
        unsigned line; /* of what `error` says */
};

/* Puts "FILE:LINE: " before (no line when 0); `error` keeps the fault of the lowest line. Returns -EINVAL. */
int fault_log_add(struct fault_log *log, unsigned line, const char *key, const char *fr, const char *en);
