/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * input: path, query and body together as the `in` of an act (hub/act.h). Texts of path and query become what the param is: a
 * whole number, a number, true or false. A name that comes twice, from wherever, is refused: no layer may take the one
 * and another the other. Unknown names go through, so that act_run() refuses them in its own words.
 */
#pragma once

#include <jansson.h>

#include "api/router.h"

#define INPUT_BODY_DEFAULT (16 * 1024)

enum input_kind {
        INPUT_NONE,
        INPUT_JSON,
        INPUT_CSV,   /* goes whole into the param "csv", for the acts that have it */
        INPUT_OTHER, /* 415 */
};

/* Of the header Content-Type, NULL when there is none. UTF-8 is the only charset. */
enum input_kind input_kind_of(const struct act *act, const char *content_type);
size_t input_body_max(const struct act *act);

/* -EINVAL with the sentence when it is malformed, -ENOMEM. `body` may be NULL when `length` is 0. */
int input_read(const struct route *route, const struct uri *uri, enum input_kind kind, const char *body,
               size_t length, json_t **ret_in, struct error *error);
