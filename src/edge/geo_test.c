/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/country.h"
#include "edge/geo.h"
#include "edge/geo_image.h"

#define DATABASE4 "/usr/share/tor/geoip"
#define DATABASE6 "/usr/share/tor/geoip6"

static void assert_country(const struct geo *geo, const char *address, const char *expected)
{
        struct addr addr;
        char code[GEO_CODE_SIZE];

        assert_int_equal(addr_parse(address, &addr), 0);
        geo_code(geo, geo_lookup(geo, &addr), code);
        assert_string_equal(code, expected);
}

static struct geo *parse(const char *ipv4, const char *ipv6)
{
        struct geo *geo = NULL;
        struct error error = {0};

        if (geo_parse(ipv4, ipv4 ? strlen(ipv4) : 0, ipv6, ipv6 ? strlen(ipv6) : 0, &geo, &error))
                fail_msg("%s", error.en);
        return geo;
}

static void small_tables(void **state)
{
        struct geo *geo =
                parse("# comment\n16777216,16777471,AU\n16777472,16777473,CN\n3232235776,3232236031,FR\n"
                      "255.255.255.255,255.255.255.255,UK\n",
                      "2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,FR\n2a00::,2a0f:ffff:ffff:ffff:"
                      "ffff:ffff:ffff:ffff,DE\n2c00::1,2c00::1,SN\n2c00::2,2c00::9,MA\n");

        assert_country(geo, "0.255.255.255", "??");
        assert_country(geo, "1.0.0.0", "AU");
        assert_country(geo, "1.0.0.255", "AU");
        assert_country(geo, "1.0.1.0", "CN");
        assert_country(geo, "1.0.1.1", "CN");
        assert_country(geo, "1.0.1.2", "??");
        assert_country(geo, "192.168.1.77", "FR");
        assert_country(geo, "255.255.255.255", "GB");
        assert_country(geo, "2001:db8::1", "FR");
        assert_country(geo, "2001:db8:1::1", "??");
        assert_country(geo, "2a05:1234::", "DE");
        assert_country(geo, "2a10::", "??");
        assert_country(geo, "2c00::1", "MA"); /* one link: who holds most of it */
        assert_country(geo, "2c00::ffff", "MA");
        assert_country(geo, "2c00:0:0:1::", "??");
        assert_int_equal(geo_index(geo, "FR"),
                         geo_lookup(geo, &(struct addr){.family = 4, .bytes = {192, 168, 1, 1}}));
        assert_int_equal(geo_index(geo, "XX"), 0);
        geo_free(geo);
}

static void assert_refused(const char *ipv4, const char *ipv6, const char *expected)
{
        struct geo *geo = NULL;
        struct error error = {0};

        assert_true(geo_parse(ipv4, ipv4 ? strlen(ipv4) : 0, ipv6, ipv6 ? strlen(ipv6) : 0, &geo, &error) <
                    0);
        assert_null(geo);
        if (!strstr(error.en, expected))
                fail_msg("expected «%s» in «%s»", expected, error.en);
}

static void bad_files_are_refused_with_their_line(void **state)
{
        assert_refused("", NULL, "no range");
        assert_refused("# only\n", NULL, "no range");
        assert_refused("1,2,FR", NULL, "line 1: the file is cut off");
        assert_refused("1,2,FR\n3,4", NULL, "line 2: the file is cut off");
        assert_refused("1,2,FR\n5,4,FR\n", NULL, "line 2: the range ends before");
        assert_refused("1,2,FR\n2,4,FR\n", NULL, "line 2: ranges must rise");
        assert_refused("1,2,fr\n", NULL, "line 1: expected a country code");
        assert_refused("1,4294967296,FR\n", NULL, "line 1: expected two addresses");
        assert_refused("1,2\n", NULL, "line 1: expected start,end,country");
        assert_refused(NULL, "1,2,FR\n", "line 1: expected two addresses");
        assert_refused(NULL, "::2,::1,FR\n", "ends before");
}

/* What Garde makes of a code in the data. */
static const char *meant(const char *code)
{
        if (!strcmp(code, "UK"))
                return "GB";
        if (!strcmp(code, "CS"))
                return "RS";
        return strcmp(continent_of(code), "??") ? code : "??";
}

static bool holds_links(const char *start, const char *end)
{
        struct addr a, b;

        assert_int_equal(addr_parse(start, &a) | addr_parse(end, &b), 0);
        for (int i = 8; i < 16; i++)
                if (a.bytes[i] != 0 || b.bytes[i] != 0xff)
                        return false;
        return true;
}

/* Every range of the real database, at both ends and in the middle, is found by the walk. */
static void check_database(const struct geo *geo, const char *path, unsigned family)
{
        CLEANUP(cleanup_file) FILE *file = fopen(path, "r");
        char line[256];
        size_t checked = 0;

        assert_non_null(file);
        while (fgets(line, sizeof(line), file)) {
                char start[64], end[64], country[8];
                if (line[0] == '#' || sscanf(line, "%63[^,],%63[^,],%7s", start, end, country) != 3)
                        continue;
                if (family == 6 && !holds_links(start, end))
                        continue; /* finer than the table tells apart */
                for (int side = 0; side < 2; side++) {
                        const char *text = side ? end : start;
                        struct addr addr;
                        char code[GEO_CODE_SIZE];
                        if (family == 4 && !strchr(text, '.')) {
                                uint32_t number = (uint32_t)strtoul(text, NULL, 10);
                                addr = (struct addr){.family = 4,
                                                     .prefix = 32,
                                                     .bytes = {(uint8_t)(number >> 24),
                                                               (uint8_t)(number >> 16),
                                                               (uint8_t)(number >> 8), (uint8_t)number}};
                        } else {
                                assert_int_equal(addr_parse(text, &addr), 0);
                        }
                        geo_code(geo, geo_lookup(geo, &addr), code);
                        assert_string_equal(code, meant(country));
                        checked++;
                }
        }
        assert_true(checked > 100000);
}

static void the_real_database_is_compiled_whole(void **state)
{
        struct geo *geo = NULL;
        struct error error = {0};

        if (geo_load(DATABASE4, DATABASE6, &geo, &error))
                fail_msg("%s", error.en);
        size_t size;
        const struct geo_image *image = geo_image(geo, &size);
        fprintf(stderr, "countries %u, IPv4 chunks %u + %u, IPv6 nodes %u\n", image->countries,
                image->mid4_count, image->low4_count, image->node6_count);
        check_database(geo, DATABASE4, 4);
        check_database(geo, DATABASE6, 6);
        geo_free(geo);
}

static void missing_database_is_named(void **state)
{
        struct geo *geo = NULL;
        struct error error = {0};

        assert_true(geo_load("/nonexistent/geoip", NULL, &geo, &error) < 0);
        assert_non_null(strstr(error.en, "/nonexistent/geoip"));
}

static void continents(void **state)
{
        assert_string_equal(continent_of("FR"), "EU");
        assert_string_equal(continent_of("CY"), "EU");
        assert_string_equal(continent_of("TR"), "AS");
        assert_string_equal(continent_of("US"), "NA");
        assert_string_equal(continent_of("GF"), "SA");
        assert_string_equal(continent_of("RE"), "AF");
        assert_string_equal(continent_of("NC"), "OC");
        assert_string_equal(continent_of("??"), "??");
        assert_string_equal(continent_of("F"), "??");
        assert_string_equal(continent_of("R "), "??");
}

static void countries_go_both_ways(void **state)
{
        for (unsigned i = 1; i < country_count(); i++) {
                char code[COUNTRY_CODE_SIZE];
                country_code((uint8_t)i, code);
                assert_int_equal(country_index(code), i);
        }
        assert_true(country_count() <= GEO_COUNTRIES);
        assert_int_equal(country_index("UK"), country_index("GB"));
        assert_int_equal(country_index("ZZ"), 0);
        assert_int_equal(country_index("R "), 0);
}

static void a_table_replaces_another(void **state)
{
        struct geo *geo = parse("16777216,16777471,AU\n", NULL);

        geo_replace(geo, parse("16777216,16777471,FR\n", NULL));
        assert_country(geo, "1.0.0.1", "FR");
        geo_free(geo);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(small_tables),
                cmocka_unit_test(bad_files_are_refused_with_their_line),
                cmocka_unit_test(the_real_database_is_compiled_whole),
                cmocka_unit_test(missing_database_is_named),
                cmocka_unit_test(continents),
                cmocka_unit_test(countries_go_both_ways),
                cmocka_unit_test(a_table_replaces_another),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
