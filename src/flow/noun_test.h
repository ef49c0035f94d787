/* SPDX-License-Identifier: EUPL-1.2 */
/* For tests: what every noun's reader must do, whatever it is given. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "flow/mutate.h"

#include "base/error.h"

/* Reads `json`; when it can be read, writes it again into *ret_again. Returns what the reader returned. */
typedef int (*noun_round)(const json_t *json, json_t **ret_again, struct error *error);

/* Reading and writing give the same object back, byte for byte in canonical order. */
static inline void assert_round_trip(const char *text, noun_round round)
{
        struct error error = {0};
        json_t *json = json_loads(text, 0, NULL), *again = NULL;

        assert_non_null(json);
        int r = round(json, &again, &error);
        if (r)
                fprintf(stderr, "%s\n", error.en);
        assert_int_equal(r, 0);
        if (!json_equal(json, again))
                json_dumpf(again, stderr, JSON_INDENT(1));
        assert_true(json_equal(json, again));
        json_decref(json);
        json_decref(again);
}

/* A refusal names something; an acceptance can be written, and what was written reads the same once more. */
static inline void assert_survives_mutation(const char *text, noun_round round, unsigned rounds)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 20200322);
        unsigned refused = 0;

        for (unsigned i = 0; i < rounds; i++) {
                struct error error = {0};
                json_t *json = json_loads(text, 0, NULL), *again = NULL, *third = NULL;

                for (uint64_t n = random_u64(&random) % 3 + 1; n; n--)
                        mutate_object(json, &random, 0);
                int r = round(json, &again, &error);
                if (r) {
                        assert_int_equal(r, -EINVAL);
                        assert_true(error.en[0] != '\0');
                        refused++;
                } else {
                        assert_int_equal(round(again, &third, &error), 0);
                        assert_true(json_equal(again, third));
                }
                json_decref(json);
                json_decref(again);
                json_decref(third);
        }
        /* Some changes do no harm (an optional field gone); most must be refused. */
        assert_true(refused > rounds / 2);
}

/* One field replaced (NULL: taken out) makes the reader refuse, and its sentence names `says`. */
static inline void assert_refuses(const char *text, const char *field, json_t *value, const char *says,
                                  noun_round round)
{
        struct error error = {0};
        json_t *json = json_loads(text, 0, NULL), *again = NULL;

        assert_non_null(json);
        if (value)
                json_object_set_new(json, field, value);
        else
                json_object_del(json, field);
        assert_int_equal(round(json, &again, &error), -EINVAL);
        assert_null(again);
        if (!strstr(error.en, says))
                fprintf(stderr, "\"%s\" does not say \"%s\"\n", error.en, says);
        assert_non_null(strstr(error.en, says));
        json_decref(json);
}
