/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * For tests: a JSON value with one or more of its parts made wrong, from a seed. Parts are dropped, replaced by
 * another type, made huge, negative, empty or deep, or renamed, as a stranger might send them.
 */
#pragma once

#include <jansson.h>
#include <string.h>

#include "base/random.h"

static inline json_t *mutate_junk(const struct random *random)
{
        char text[600];

        switch (random_u64(random) % 14) {
        case 0:
                return json_null();
        case 1:
                return json_true();
        case 2:
                return json_integer(-1);
        case 3:
                return json_integer(INT64_MAX);
        case 4:
                return json_real(1e308);
        case 5:
                return json_string("");
        case 6:
                memset(text, 'x', sizeof(text) - 1);
                text[sizeof(text) - 1] = '\0';
                return json_string(text);
        case 7:
                return json_string("line\nforged");
        case 8:
                return json_stringn("a\0b", 3);
        case 9:
                return json_array();
        case 10:
                return json_object();
        case 11:
                return json_string("9999-12-31T23:59:60Z");
        case 12:
                return json_pack("{s:{s:[[[{s:s}]]]}}", "a", "b", "c", "d");
        default:
                return json_false();
        }
}

static inline void mutate_object(json_t *object, const struct random *random, unsigned depth)
{
        size_t chosen =
                json_object_size(object) ? (size_t)(random_u64(random) % json_object_size(object)) : 0;
        void *at = json_object_iter(object);
        char name[64] = "";

        for (size_t i = 0; i < chosen && at; i++)
                at = json_object_iter_next(object, at);
        if (at) {
                json_t *value = json_object_iter_value(at);

                if (depth < 3 && json_is_object(value) && random_u64(random) % 2) {
                        mutate_object(value, random, depth + 1);
                        return;
                }
                strncpy(name, json_object_iter_key(at), sizeof(name) - 1);
        }
        switch (random_u64(random) % 4) {
        case 0:
                json_object_del(object, name);
                break;
        case 1:
                json_object_set_new(object, "surplus", mutate_junk(random));
                break;
        default:
                if (at)
                        json_object_set_new(object, name, mutate_junk(random));
        }
}
