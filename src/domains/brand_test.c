/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "domains/brand.h"
#include "domains/plausibility.h"
#include "domains/theme.h"

#define BRAND                                                                                                \
        "kind: health\nvalid_from: 2024-12-11\nbrands:\n  - id: ameli\n    name: {fr: \"a\", en: \"b\"}\n"

static int read_brand(const char *text, struct brand_set *set, struct error *error)
{
        return brands_read("marque.yaml", text, strlen(text), set, error);
}

static void refused(const char *text, const char *wanted)
{
        CLEANUP(brands_release) struct brand_set set = {0};
        struct error error = {0};

        assert_int_equal(read_brand(text, &set, &error), -EINVAL);
        assert_int_equal(set.count, 0);
        if (!strstr(error.en, "marque.yaml") || !strstr(error.en, wanted))
                fail_msg("no \"%s\" in: %s", wanted, error.en);
        assert_string_not_equal(error.fr, error.en);
}

static void test_a_brand_is_read(void **state)
{
        CLEANUP(brands_release) struct brand_set set = {0};

        assert_int_equal(
                read_brand(BRAND
                           "    domains: [ameli.fr]\n    words: [ameli, carte-vitale]\n    not: [amelie]\n"
                           "    everywhere: true\n",
                           &set, NULL),
                0);
        assert_int_equal(set.count, 1);
        assert_string_equal(set.brands[0].id, "ameli");
        assert_int_equal(set.brands[0].kind, BRAND_HEALTH);
        assert_int_equal(set.brands[0].words.count, 2);
        assert_string_equal(set.brands[0].not_words.items[0], "amelie");
        assert_true(set.brands[0].everywhere && !set.brands[0].common);
}

static void test_what_is_wrong_is_named(void **state)
{
        refused(BRAND "    domains: []\n    words: []\n", "no domain");
        refused(BRAND "    domains: [ameli]\n    words: []\n", "not a domain name");
        refused(BRAND "    domains: [Ameli.fr]\n    words: []\n", "a to z");
        refused(BRAND "    domains: [ameli..fr]\n    words: []\n", "a to z");
        refused(BRAND "    domains: [ameli.fr]\n    words: [ameli, ameli]\n", "twice");
        refused(BRAND "    domains: [ameli.fr]\n    words: [am.eli]\n", "a to z");
        refused(BRAND "    domains: [ameli.fr]\n    words: []\n    colour: red\n", "no such key");
        refused("kind: witch\nvalid_from: 2024-12-11\nbrands: []\n", "kind");
}

static void test_a_brand_twice_leaves_the_set_as_it_was(void **state)
{
        CLEANUP(brands_release) struct brand_set set = {0};
        struct error error = {0};
        const char *text = BRAND "    domains: [ameli.fr]\n    words: []\n";

        assert_int_equal(read_brand(text, &set, NULL), 0);
        assert_int_equal(read_brand(text, &set, &error), -EINVAL);
        assert_non_null(strstr(error.en, "twice"));
        assert_int_equal(set.count, 1);
}

static int read_theme(const char *text, struct theme_set *set, struct error *error)
{
        return themes_read("theme.yaml", text, strlen(text), set, error);
}

static void test_a_theme_is_read(void **state)
{
        CLEANUP(themes_release) struct theme_set set = {0};
        struct error error = {0};
        const char *head = "themes:\n  - id: colis\n    name: {fr: \"a\", en: \"b\"}\n    alone: false\n    "
                           "words: [colis]\n";
        char text[512];

        snprintf(text, sizeof(text), "%s    weight: 0.9\n    with: [parcel, bank]\n", head);
        assert_int_equal(read_theme(text, &set, NULL), 0);
        assert_int_equal(set.themes[0].with, (1u << BRAND_PARCEL) | (1u << BRAND_BANK));
        assert_int_equal(read_theme(text, &set, &error), -EINVAL);
        assert_int_equal(set.count, 1);
        themes_release(&set);
        snprintf(text, sizeof(text), "%s    weight: 0.9\n    with: [witch]\n", head);
        assert_int_equal(read_theme(text, &set, &error), -EINVAL);
        assert_non_null(strstr(error.en, "witch"));
        snprintf(text, sizeof(text), "%s    weight: 1.5\n    with: []\n", head);
        assert_int_equal(read_theme(text, &set, &error), -EINVAL);
}

static void test_suffixes_weigh_and_what_is_under_them(void **state)
{
        CLEANUP(plausibility_release) struct plausibility plausibility = {0};
        struct error error = {0};
        const char *text =
                "suffixes:\n  - weight: 0.1\n    why: {fr: \"a\", en: \"b\"}\n    list: [tk, gov.uk]\n";

        assert_int_equal(plausibility_read("s.yaml", text, strlen(text), &plausibility, NULL), 0);
        assert_true(plausibility_of(&plausibility, "tk") > 0.09);
        assert_true(plausibility_of(&plausibility, "com.tk") > 0.09);
        assert_true(plausibility_of(&plausibility, "uk") == 0);
        assert_int_equal(plausibility_read("s.yaml", text, strlen(text), &plausibility, &error), -EINVAL);
        assert_non_null(strstr(error.en, "twice"));
}

/* What ships can be read, and each brand can be named in both languages. */
static void test_the_data_is_sound(void **state)
{
        CLEANUP(brands_release) struct brand_set brands = {0};
        CLEANUP(themes_release) struct theme_set themes = {0};
        CLEANUP(plausibility_release) struct plausibility plausibility = {0};
        char folder[PATH_MAX];

        assert_int_equal(paths_data("brands", folder, NULL), 0);
        assert_int_equal(brands_load(folder, &brands, NULL), 0);
        assert_int_equal(paths_data("themes", folder, NULL), 0);
        assert_int_equal(themes_load(folder, &themes, NULL), 0);
        assert_int_equal(paths_data("suffixes", folder, NULL), 0);
        assert_int_equal(plausibility_load(folder, &plausibility, NULL), 0);
        assert_true(brands.count > 100 && themes.count > 10);
        assert_true(plausibility_of(&plausibility, "gouv.fr") < 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_a_brand_is_read),
                cmocka_unit_test(test_what_is_wrong_is_named),
                cmocka_unit_test(test_a_brand_twice_leaves_the_set_as_it_was),
                cmocka_unit_test(test_a_theme_is_read),
                cmocka_unit_test(test_suffixes_weigh_and_what_is_under_them),
                cmocka_unit_test(test_the_data_is_sound),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
