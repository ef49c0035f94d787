/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/gzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <cmocka.h>

#include "base/cleanup.h"

#define TEXT_SIZE (64 * 1024)

struct bench {
        struct random_seeded seeded;
        struct random random;
        struct gzip *gzip;
        char *text;
};

static int setup(void **state)
{
        struct bench *bench = calloc(1, sizeof(*bench));
        size_t length = 0;

        bench->random = random_seeded_view(&bench->seeded, 9);
        bench->text = malloc(GZIP_MOST + 64);
        for (unsigned i = 0; length < GZIP_MOST; i++)
                length += (size_t)sprintf(bench->text + length, "{\"id\":\"i_%06u\",\"state\":\"open\"},", i);
        *state = bench;
        return gzip_new(&bench->gzip);
}

static int teardown(void **state)
{
        struct bench *bench = *state;

        gzip_free(bench->gzip);
        free(bench->text);
        free(bench);
        return 0;
}

static void assert_reads_back(const char *bytes, size_t length, const char *text, size_t text_length)
{
        CLEANUP(cleanup_free) char *back = malloc(text_length + 1);
        z_stream stream = {.next_in = (z_const Bytef *)bytes,
                           .avail_in = (uInt)length,
                           .next_out = (Bytef *)back,
                           .avail_out = (uInt)(text_length + 1)};

        assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        assert_int_equal(stream.total_out, text_length);
        assert_int_equal(stream.avail_in, 0);
        inflateEnd(&stream);
        assert_memory_equal(back, text, text_length);
}

static void test_it_reads_back_again_and_again(void **state)
{
        struct bench *bench = *state;
        static const size_t lengths[] = {GZIP_LEAST, TEXT_SIZE, GZIP_MOST, 5000, GZIP_LEAST};

        for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
                CLEANUP(cleanup_free) char *small = NULL;
                size_t length;

                assert_int_equal(gzip_body(bench->gzip, gzip_noise(&bench->random), bench->text, lengths[i],
                                           &small, &length),
                                 0);
                assert_in_range(length, 1, lengths[i] / 2);
                assert_reads_back(small, length, bench->text, lengths[i]);
        }
}

static void test_what_is_not_worth_it(void **state)
{
        struct bench *bench = *state;
        CLEANUP(cleanup_free) char *noise = malloc(TEXT_SIZE), *small = NULL;
        size_t length;

        random_fill(&bench->random, noise, TEXT_SIZE);
        assert_int_equal(gzip_body(bench->gzip, gzip_noise(&bench->random), bench->text, GZIP_LEAST - 1,
                                   &small, &length),
                         GZIP_NOT_WORTH);
        assert_int_equal(gzip_body(bench->gzip, gzip_noise(&bench->random), bench->text, GZIP_MOST + 1,
                                   &small, &length),
                         GZIP_NOT_WORTH);
        assert_int_equal(
                gzip_body(bench->gzip, gzip_noise(&bench->random), noise, TEXT_SIZE, &small, &length),
                GZIP_NOT_WORTH);
        assert_int_equal(gzip_body(bench->gzip, GZIP_NOISE_MAX + 1, bench->text, TEXT_SIZE, &small, &length),
                         GZIP_NOT_WORTH);
        assert_null(small);
        /* And what comes after it is whole. */
        assert_int_equal(
                gzip_body(bench->gzip, gzip_noise(&bench->random), bench->text, TEXT_SIZE, &small, &length),
                0);
        assert_reads_back(small, length, bench->text, TEXT_SIZE);
}

/* The same body has many lengths: all that there may be, and none that is longer. */
static void test_lengths_say_little(void **state)
{
        struct bench *bench = *state;
        bool seen[GZIP_NOISE_MAX + 1] = {0};
        size_t least = SIZE_MAX, length, count = 0;

        for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 2000; i++) {
                        CLEANUP(cleanup_free) char *small = NULL;
                        assert_int_equal(gzip_body(bench->gzip, gzip_noise(&bench->random), bench->text, 2048,
                                                   &small, &length),
                                         0);
                        least = length < least ? length : least;
                        if (round) {
                                assert_in_range(length - least, 0, GZIP_NOISE_MAX);
                                seen[length - least] = true;
                        }
                }
        }
        for (size_t i = 0; i <= GZIP_NOISE_MAX; i++)
                count += seen[i];
        assert_int_equal(count, GZIP_NOISE_MAX + 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_it_reads_back_again_and_again, setup, teardown),
                cmocka_unit_test_setup_teardown(test_what_is_not_worth_it, setup, teardown),
                cmocka_unit_test_setup_teardown(test_lengths_say_little, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
