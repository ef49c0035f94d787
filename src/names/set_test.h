/* SPDX-License-Identifier: EUPL-1.2 */
/* What the tests of the set share: a folder of their own, a builder under repeatable randomness, and questions. */
#pragma once

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names/set.h"

static inline int enter_folder(void **state)
{
        char *folder = strdup("/tmp/garde-set-test-XXXXXX");

        if (!folder || !mkdtemp(folder) || chdir(folder))
                return -1;
        *state = folder;
        return 0;
}

static inline int leave_folder(void **state)
{
        char command[PATH_MAX];

        snprintf(command, sizeof(command), "rm -rf %s", (char *)*state);
        free(*state);
        return chdir("/") || system(command);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

static inline struct set_builder *begin(uint64_t expected, uint64_t generation)
{
        static struct random_seeded seeded;
        static struct random random;
        struct set_builder *builder = NULL;

        random = random_seeded_view(&seeded, generation + 1);
        assert_int_equal(set_builder_new(&(struct set_builder_options){.expected = expected,
                                                                       .generation = generation,
                                                                       .now_ms = 1584872100000,
                                                                       .random = &random},
                                         &builder, NULL),
                         0);
        assert_int_equal(set_builder_source(builder, "first"), 0);
        assert_int_equal(set_builder_source(builder, "second"), 1);
        return builder;
}

static inline void add(struct set_builder *builder, const char *text, bool below, unsigned source,
                       enum set_action action)
{
        assert_int_equal(set_builder_add(builder, text, strlen(text), below, source, action), 0);
}

/* Written, freed and opened. */
static inline struct set *finish(struct set_builder *builder, const char *path)
{
        struct set *set = NULL;
        struct error error = {0};

        assert_int_equal(set_builder_write(builder, path, &error), 0);
        set_builder_free(builder);
        if (set_open(path, &set, &error))
                fail_msg("%s", error.en);
        assert_int_equal(set_verify(set, &error), 0);
        return set;
}

static inline bool find(const struct set *set, const char *text, struct set_hit *hit)
{
        return set_find(set, text, strlen(text), hit);
}

/* Name n of a made list: unlike all others, labels and lengths of many kinds. */
static inline const char *numbered(unsigned n, char text[static 128])
{
        static const char *const forms[] = {"n%u.example", "a-rather-long-first-label-%u.example.org",
                                            "%u.x.y.z.test", "label%u.with.the-seventeenth-oct.fr",
                                            "w%u.co.uk"};

        snprintf(text, 128, forms[n % 5], n);
        return text;
}
