/* SPDX-License-Identifier: EUPL-1.2 */
/* What a kernel program shares with user space: the hash from text and from the wire, lower case, buckets, the sieve. */
#include "names/set_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"

static struct set_secret secret;

static int draw_secret(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 42);

        random_fill(&random, &secret, sizeof(secret));
        return 0;
}

static struct set_hash hash_of(const char *text, size_t length)
{
        struct set_hash hash = SET_HASH_ROOT;
        struct set_text parts;
        int start;

        assert_true(set_text_begin(&parts, text, length));
        while ((start = set_text_next(&parts, &secret, &hash)) >= 0)
                ;
        assert_int_equal(start, -1);
        return hash;
}

static struct set_hash hash_of_wire(const uint8_t *wire, size_t length)
{
        uint8_t starts[NAME_LABELS_MAX], octets[NAME_WIRE_MAX + 8];
        struct set_hash hash = SET_HASH_ROOT;
        unsigned count = 0;

        memset(octets, 0xaa, sizeof(octets)); /* what follows in a packet is anything */
        memcpy(octets, wire, length);
        for (size_t at = 0; octets[at]; at += octets[at] + 1U)
                starts[count++] = (uint8_t)at;
        while (count-- > 0)
                set_hash_label(&secret, octets + starts[count] + 1, octets[starts[count]], &hash);
        return hash;
}

static bool same(struct set_hash a, struct set_hash b)
{
        return a.print == b.print && a.place == b.place;
}

static void test_lower_case_is_exact_for_every_octet(void **state)
{
        for (unsigned octet = 0; octet < 256; octet++) {
                for (unsigned place = 0; place < 8; place++) {
                        uint64_t others = 0x5aff415b40007a80ULL & ~(0xffULL << 8 * place);
                        uint64_t got = set_lower(others | (uint64_t)octet << 8 * place);
                        unsigned wanted = octet >= 'A' && octet <= 'Z' ? octet + 0x20 : octet;

                        assert_int_equal(got >> 8 * place & 0xff, wanted);
                }
        }
}

/* A name of two labels of these lengths: its text, and its wire form with every other letter in upper case. */
static void check_both_forms(unsigned first, unsigned second)
{
        char text[200] = "";
        uint8_t wire[NAME_WIRE_MAX];
        struct name name;
        int length;

        for (unsigned i = 0; i < first + second + 1; i++)
                text[i] = (char)('a' + (i * 7 + first) % 26);
        text[first] = '.';
        assert_int_equal(name_parse(text, strlen(text), &name), 0);
        length = name_to_wire(&name, wire);
        for (int i = 1; i < length; i += 2)
                if (i != (int)first + 1 && islower(wire[i]))
                        wire[i] = (uint8_t)toupper(wire[i]);
        assert_true(same(hash_of(text, strlen(text)), hash_of_wire(wire, (size_t)length)));
}

/* Labels of every length at every place, so that each way of reading is taken. */
static void test_text_and_mixed_case_wire_hash_equally(void **state)
{
        for (unsigned first = 1; first <= SET_LABEL_MAX; first++)
                for (unsigned second = 1; second <= SET_LABEL_MAX; second++)
                        check_both_forms(first, second);
}

static void test_a_parents_hash_comes_on_the_way(void **state)
{
        struct set_hash hash = SET_HASH_ROOT, wanted;
        const char *text = "www.a-long-label-with-hyphens.example.co.uk";
        struct set_text parts;
        int start;

        assert_true(set_text_begin(&parts, text, strlen(text)));
        while ((start = set_text_next(&parts, &secret, &hash)) >= 0) {
                wanted = hash_of(text + start, strlen(text + start));
                assert_true(same(hash, wanted));
        }
}

static void test_where_labels_end_matters(void **state)
{
        assert_false(same(hash_of("ab.c", 4), hash_of("a.bc", 4)));
        assert_false(same(hash_of("a.b", 3), hash_of("b.a", 3)));
        assert_false(same(hash_of("aaaaaaaa.b", 10), hash_of("aaaaaaaaa.b", 11)));
        assert_false(
                same(hash_of_wire((const uint8_t *)"\3abc", 5), hash_of_wire((const uint8_t *)"\4abc\0", 6)));
        assert_false(same(hash_of_wire((const uint8_t *)"\1.", 3), hash_of_wire((const uint8_t *)"\1-", 3)));
}

static int by_value(const void *a, const void *b)
{
        uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

        return (x > y) - (x < y);
}

/* Names that differ in one letter: no two fingerprints alike, and buckets filled as chance would. */
static void test_neighbours_are_strewn(void **state)
{
        enum { COUNT = 200000, BUCKETS = 1000 };
        static uint64_t prints[COUNT];
        static unsigned filled[BUCKETS];
        double deviation = 0;
        char text[32];

        for (unsigned i = 0; i < COUNT; i++) {
                struct set_hash hash;
                snprintf(text, sizeof(text), "n%u.example", i);
                hash = hash_of(text, strlen(text));
                prints[i] = set_print(&hash);
                filled[set_first(&hash, BUCKETS)]++;
        }
        qsort(prints, COUNT, sizeof(*prints), by_value);
        for (unsigned i = 1; i < COUNT; i++)
                assert_true(prints[i] != prints[i - 1]);
        for (unsigned i = 0; i < BUCKETS; i++)
                deviation += (filled[i] - 200.0) * (filled[i] - 200.0) / 200.0;
        /* Chi-square with 999 degrees: 1,000 ± 45. */
        assert_true(deviation > 750 && deviation < 1250);
}

static void test_the_other_bucket_leads_back(void **state)
{
        for (uint32_t buckets = 1; buckets < 70000; buckets = buckets * 3 + 1) {
                for (uint64_t i = 0; i < 1000; i++) {
                        uint64_t print = (i * 0x9fb21c651e98df25ULL) & ~0xfffULL;
                        uint32_t bucket = (uint32_t)(i * 7919 % buckets),
                                 other = set_other(print, bucket, buckets);

                        assert_true(other < buckets);
                        assert_int_equal(set_other(print, other, buckets), bucket);
                }
        }
        assert_true(set_other(~0ULL, UINT32_MAX - 1, UINT32_MAX) < UINT32_MAX);
}

static void test_a_bucket_gives_the_class_of_its_fingerprint_alone(void **state)
{
        struct set_bucket bucket = {0};

        assert_int_equal(set_match(&bucket, 1ULL << SET_PRINT_SHIFT), 0);
        for (unsigned i = 0; i < SET_SLOTS; i++)
                bucket.slots[i] =
                        (uint64_t)(i + 1) << SET_PRINT_SHIFT | (100 + i) << SET_CLASS_SHIFT | (i & 1);
        for (unsigned i = 0; i < SET_SLOTS; i++)
                assert_int_equal(set_match(&bucket, (uint64_t)(i + 1) << SET_PRINT_SHIFT), 100 + i);
        assert_int_equal(set_match(&bucket, 9ULL << SET_PRINT_SHIFT), 0);
        assert_false(set_hinted(&bucket, 8ULL << SET_PRINT_SHIFT));
        assert_true(set_hinted(&bucket, 9ULL << SET_PRINT_SHIFT));
}

static void test_every_bucket_has_its_word_in_the_sieve(void **state)
{
        for (uint32_t buckets = 1; buckets < 100; buckets++) {
                assert_int_equal(set_sieve_line(buckets - 1), set_sieve_lines(buckets) - 1);
                assert_true(set_sieve_slot(buckets - 1) < SET_SLOTS);
                assert_int_equal(set_sieve_line(buckets - 1) * SET_SLOTS + set_sieve_slot(buckets - 1),
                                 (buckets - 1) >> SET_SIEVE_SHIFT);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_lower_case_is_exact_for_every_octet),
                cmocka_unit_test(test_text_and_mixed_case_wire_hash_equally),
                cmocka_unit_test(test_a_parents_hash_comes_on_the_way),
                cmocka_unit_test(test_where_labels_end_matters),
                cmocka_unit_test(test_neighbours_are_strewn),
                cmocka_unit_test(test_the_other_bucket_leads_back),
                cmocka_unit_test(test_a_bucket_gives_the_class_of_its_fingerprint_alone),
                cmocka_unit_test(test_every_bucket_has_its_word_in_the_sieve),
        };

        return cmocka_run_group_tests_name("set_image", tests, draw_secret, NULL);
}
