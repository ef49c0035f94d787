/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * set_class: the classes of a set that is being built: each combination of sources and action once, up to a cap. The first fifteen
 * numbers belong to the actions alone (exact and below, 0 to 3 each) and take in what comes when all others are given away. For set_build.c.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "names/set.h"
#include "names/set_image.h"

#define SET_CLASS_UNITED 16 /* the first number that is not such a class */
#define SET_CLASS_PLACES 4096

struct set_classes {
        struct set_image_class items[SET_CLASSES_MAX];
        uint16_t places[SET_CLASS_PLACES]; /* numbers by hash, 0 is empty */
        unsigned count;                    /* numbers below it are given away */
        uint64_t united;
};

void set_classes_begin(struct set_classes *classes);
/* The class of a name that had class `have` (0: none) once this source lists it, too. Never 0. */
unsigned set_classes_add(struct set_classes *classes, unsigned have, bool below, unsigned source,
                         enum set_action action);
