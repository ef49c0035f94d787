/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "drill/places.h"

static const char v4_text[] = "# comment\n"
                              "16777216,16777471,AU\n"     /* 1.0.0.0/24 */
                              "3221225984,3221226239,FR\n" /* 192.0.2.0/24 */
                              "16777472,16777727,CN\n";    /* 1.0.1.0/24, out of order */
static const char v6_text[] =
        "2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,FR\n2001:db9::,2001:db9::1,??\n";

static void write_text(char path[static 32], const char *text)
{
        FILE *file;
        int fd;

        snprintf(path, 32, "/tmp/places-XXXXXX");
        fd = mkstemp(path);
        assert_true(fd >= 0);
        file = fdopen(fd, "w");
        fputs(text, file);
        fclose(file);
}

static int read_texts(const char *v4, const char *v6, struct places **places, struct error *error)
{
        char path_v4[32], path_v6[32];
        int r;

        write_text(path_v4, v4);
        write_text(path_v6, v6);
        r = places_read(path_v4, path_v6, places, error);
        unlink(path_v4);
        unlink(path_v6);
        return r;
}

static const char *country_of(const struct places *places, const char *text)
{
        struct addr addr;

        assert_int_equal(addr_parse(text, &addr), 0);
        return places_code(places, places_country(places, &addr));
}

static void test_first_and_last_address_of_a_range(void **state)
{
        struct places *places;

        assert_int_equal(read_texts(v4_text, v6_text, &places, NULL), 0);
        assert_string_equal(country_of(places, "1.0.0.0"), "AU");
        assert_string_equal(country_of(places, "1.0.0.255"), "AU");
        assert_string_equal(country_of(places, "1.0.1.0"), "CN");
        assert_string_equal(country_of(places, "192.0.2.255"), "FR");
        assert_string_equal(country_of(places, "192.0.3.0"), "??");
        assert_string_equal(country_of(places, "0.255.255.255"), "??");
        assert_string_equal(country_of(places, "2001:db8:0:1::5"), "FR");
        assert_string_equal(country_of(places, "2001:db9::1"), "??");
        places_free(places);
}

static void test_picked_addresses_are_of_the_country(void **state)
{
        struct random_seeded seeded;
        const struct random random = random_seeded_view(&seeded, 1);
        struct places *places;
        struct addr addr;

        assert_int_equal(read_texts(v4_text, v6_text, &places, NULL), 0);
        for (int i = 0; i < 500; i++) {
                for (unsigned family = 4; family <= 6; family += 2) {
                        assert_int_equal(
                                places_pick(places, places_number(places, "FR"), family, &random, &addr), 0);
                        assert_int_equal(addr.family, family);
                        assert_int_equal(places_country(places, &addr), places_number(places, "FR"));
                }
        }
        assert_int_equal(places_pick(places, places_number(places, "CN"), 6, &random, &addr), -ENODATA);
        assert_int_equal(places_number(places, "ZZ"), 0);
        places_free(places);
}

static void test_refusals_name_the_line(void **state)
{
        struct places *places = NULL;
        struct error error = {0};

        assert_int_equal(read_texts("1,2,FR\n2,1,FR\n", v6_text, &places, &error), -EINVAL);
        assert_non_null(strstr(error.en, "line 2"));
        assert_int_equal(read_texts("", v6_text, &places, &error), -EINVAL);
        assert_int_equal(read_texts("1,2\n", v6_text, &places, &error), -EINVAL);
        assert_int_equal(read_texts(v4_text, "::,zz,FR\n", &places, &error), -EINVAL);
        assert_int_equal(places_read("/nowhere", "/nowhere", &places, &error), -ENOENT);
        assert_non_null(strstr(error.en, "tor-geoipdb"));
        assert_null(places);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_first_and_last_address_of_a_range),
                cmocka_unit_test(test_picked_addresses_are_of_the_country),
                cmocka_unit_test(test_refusals_name_the_line),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
