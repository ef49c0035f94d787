/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * trigger: an expression over an incident's facts, as data:
 *   {all: [e, …]}  {any: [e, …]}  {not: e}  {is: {fact: value}}  {is: {fact: [value, …]}}
 *   {at_least: {fact: number}}  {known: fact}  {once: fact}
 * Values in Kleene's three-valued logic (flow/truth.h): a fact that is unknown or not asked makes its leaf
 * unknown; `known` alone is always true or false. `once` is true when the fact is known and unknown before: it may yet come. The fact "gravity.decided" is what a named person
 * decided on the incident's gravity (incident.gravity_by); while nobody did, it `is` none and is not known.
 */
#pragma once

#include <stdint.h>

#include "flow/catalogue.h"
#include "flow/incident.h"
#include "flow/truth.h"
#include "flow/yaml_tree.h"

#define TRIGGER_NODES_MAX   64
#define TRIGGER_DEPTH_MAX   8
#define TRIGGER_SUPPORT_MAX 16

enum trigger_op {
        TRIGGER_ALL,
        TRIGGER_ANY,
        TRIGGER_NOT,
        TRIGGER_IS,
        TRIGGER_AT_LEAST,
        TRIGGER_KNOWN,
        TRIGGER_ONCE
};

struct trigger_node {
        enum trigger_op op;
        uint16_t child, next; /* indices; 0 is none, as the root is nobody's child */
        char fact[64];
        json_t *values; /* list of allowed values of `is`; owned */
        double least;   /* of `at_least` */
};

struct trigger {
        struct trigger_node *nodes; /* [0] is the root; owned. count 0: no expression, which is false */
        size_t count;
};

/* The facts whose state decides the outcome: those that make it true or false, or those that would settle it. */
struct trigger_support {
        char facts[TRIGGER_SUPPORT_MAX][64];
        size_t count;
};

/*
 * Every fault goes to the file, and then nothing is written and its result is returned. Facts and values are checked
 * against the catalogue when one is given.
 */
int trigger_read(struct yaml_file *file, struct yaml_node *node, const struct catalogue *catalogue,
                 struct trigger *ret_trigger);
void trigger_release(struct trigger *trigger);

/* `ret_support` may be NULL. */
enum truth trigger_evaluate(const struct trigger *trigger, const struct incident *incident,
                            struct trigger_support *ret_support);
