/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/plot.h"
#include "obligation/documents/documents_test.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <math.h>

#define COUNT 1200

/* Two minutes in tenths of a second: calm, a flood from the 30th to the 90th second, calm. */
static struct plot_point *flood(double peak)
{
        struct plot_point *points = calloc(COUNT, sizeof(*points));

        assert_non_null(points);
        for (int i = 0; i < COUNT; i++) {
                bool attacked = i >= 300 && i < 900, held = i >= 308;

                points[i].t_ms = SUNDAY_MS + i * 100;
                points[i].legitimate_pps = 1800 + i * 7919 % 600;
                points[i].attack_pps = !attacked ? 0 : held ? peak * 0.003 : peak;
                points[i].dropped_pps = attacked && held ? peak * 0.997 : 0;
        }
        return points;
}

static const struct plot_mark marks[] = {{PLOT_MARK_REOPENED, SUNDAY_MS + 104000},
                                         {PLOT_MARK_DETECTED, SUNDAY_MS + 30300},
                                         {PLOT_MARK_EFFECTIVE, SUNDAY_MS + 30800},
                                         {PLOT_MARK_ENDED, SUNDAY_MS + 90000}};
static const struct plot_band bands[] = {
        {SUNDAY_MS + 30400, SUNDAY_MS + 103000, "1. signature"},
        {SUNDAY_MS + 30500, SUNDAY_MS + 98000, "2. clôture de pays"},
        {SUNDAY_MS + 30700, SUNDAY_MS + 33000, "3. preuve d’adresse"},
        {SUNDAY_MS + 119000, SUNDAY_MS + 999000, "4. limite de débit"},
};

static char *svg_of(const struct plot *plot, size_t *ret_length)
{
        char *svg = NULL;

        assert_int_equal(plot_svg(plot, 510, 220, &svg, ret_length, NULL), 0);
        assert_non_null(memmem(svg, *ret_length, "<svg", 4));
        return svg;
}

static char *png_of(const struct plot *plot, size_t *ret_length)
{
        char *png = NULL;

        assert_int_equal(plot_png(plot, 510, 220, &png, ret_length, NULL), 0);
        assert_memory_equal(png, "\x89PNG\r\n\x1a\n", 8);
        return png;
}

static cairo_status_t take(void *context, const unsigned char *data, unsigned length)
{
        buffer_append(context, data, length);
        return CAIRO_STATUS_SUCCESS;
}

/* The picture's letters as somebody reads them, by way of a PDF page. */
static char *letters_of(const struct plot *plot)
{
        CLEANUP(buffer_release) struct buffer pdf = BUFFER_INIT(32 << 20);
        cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take, &pdf, 510, 260);
        cairo_t *cairo = cairo_create(surface);

        plot_draw(plot, cairo, 510, 260);
        assert_int_equal(cairo_status(cairo), CAIRO_STATUS_SUCCESS);
        cairo_destroy(cairo);
        cairo_surface_finish(surface);
        cairo_surface_destroy(surface);
        return test_pdf_text(pdf.data, pdf.length);
}

static void test_draws_a_flood(void **state)
{
        CLEANUP(cleanup_free) struct plot_point *points = flood(312000);
        struct plot plot = {.points = points,
                            .point_count = COUNT,
                            .marks = marks,
                            .mark_count = ARRAY_LEN(marks),
                            .bands = bands,
                            .band_count = ARRAY_LEN(bands)};
        CLEANUP(cleanup_free) char *letters = letters_of(&plot);
        static const char *const words[] = {"trafic légitime passé",
                                            "attaque passée",
                                            "écarté",
                                            "échelle logarithmique",
                                            "détectée 11:15:30",
                                            "contenue 11:15:30",
                                            "fin de l’attaque 11:16:30",
                                            "tout rouvert 11:16:44",
                                            "100 k",
                                            "10 k",

                                            "11:15:30",
                                            "dimanche 22 mars 2020, heure de Paris",
                                            "1. signature",
                                            "2. clôture de pays",
                                            "3. preuve d’adresse",
                                            "4. limite de débit"};
        size_t length;
        char *png;

        for (size_t i = 0; i < ARRAY_LEN(words); i++) {
                if (!strstr(letters, words[i]))
                        fprintf(stderr, "missing: %s in\n%s\n", words[i], letters);
                assert_non_null(strstr(letters, words[i]));
        }
        png = png_of(&plot, &length);
        test_keep("plot-flood.png", png, length);
        free(png);
}

static void test_calm_traffic_is_linear(void **state)
{
        CLEANUP(cleanup_free) struct plot_point *points = flood(0);
        struct plot plot = {.language = LANGUAGE_EN, .points = points, .point_count = COUNT};
        CLEANUP(cleanup_free) char *letters = letters_of(&plot);
        size_t length;
        char *png = png_of(&plot, &length);

        test_keep("plot-calm.png", png, length);
        free(png);
        assert_null(strstr(letters, "logarithmic"));
        assert_non_null(strstr(letters, "legitimate, passed"));
        assert_non_null(strstr(letters, "1.5 k"));
        assert_non_null(strstr(letters, "Sunday 22 March 2020, Paris time"));
}

/* A second of peak in a day must be seen: the highest point of a pen's width is drawn. */
static void test_no_peak_is_lost(void **state)
{
        CLEANUP(cleanup_free) struct plot_point *points = calloc(86400, sizeof(*points));
        struct plot plot = {.scale = PLOT_SCALE_LINEAR, .points = points, .point_count = 86400};
        CLEANUP(cleanup_free) char *letters = NULL;

        assert_non_null(points);
        for (int i = 0; i < 86400; i++)
                points[i] = (struct plot_point){SUNDAY_MS + i * 1000LL, 100, 0, i == 43210 ? 950000 : 0};
        letters = letters_of(&plot);
        assert_non_null(strstr(letters, "800 k"));
}

static void test_odd_series(void **state)
{
        static const struct plot_point odd[] = {
                {SUNDAY_MS, 0, 0, 0},
                {SUNDAY_MS + 1000, INFINITY, -5, NAN},
                {SUNDAY_MS + 1000, 1e300, 1e300, 1e300},
                {SUNDAY_MS - 5000, 1, 1, 1},
                {SUNDAY_MS + 99999999, 1e-9, 0, 0},
        };
        static const struct plot_point flat[] = {
                {SUNDAY_MS, 7, 0, 0}, {SUNDAY_MS + 1000, 7, 0, 0}, {SUNDAY_MS + 2000, 7, 0, 0}};
        static const struct plot_point far[] = {{INT64_MIN, 1, 1, 1}, {0, 1, 1, 1}, {INT64_MAX, 1, 1, 1}};
        static const struct {
                const struct plot_point *points;
                size_t count;
        } series[] = {{NULL, 0}, {flat, 1}, {flat, 2}, {flat, 3}, {odd, 1}, {odd, 5}, {far, 3}};

        for (size_t i = 0; i < ARRAY_LEN(series); i++) {
                for (int scale = PLOT_SCALE_LINEAR; scale <= PLOT_SCALE_LOG; scale++) {
                        struct plot plot = {.scale = (enum plot_scale)scale,
                                            .points = series[i].points,
                                            .point_count = series[i].count,
                                            .bands = bands,
                                            .band_count = i % 2 ? ARRAY_LEN(bands) : 0,
                                            .marks = marks,
                                            .mark_count = i % 3 ? ARRAY_LEN(marks) : 0};
                        CLEANUP(cleanup_free) char *words = plot_describe(&plot);
                        size_t length;

                        free(svg_of(&plot, &length));
                        assert_non_null(words);
                        assert_true(strlen(words) > 10);
                }
        }
}

static void test_says_that_nothing_was_measured(void **state)
{
        struct plot plot = {0};
        CLEANUP(cleanup_free) char *letters = letters_of(&plot);
        CLEANUP(cleanup_free) char *words = plot_describe(&plot);

        assert_non_null(strstr(letters, "le trafic n’a pas été enregistré"));
        assert_string_equal(words, "Le trafic n’a pas été enregistré.");
}

static void test_more_bands_than_room(void **state)
{
        CLEANUP(cleanup_free) struct plot_point *points = flood(312000);
        struct plot_band many[20];
        struct plot plot = {
                .points = points, .point_count = COUNT, .bands = many, .band_count = ARRAY_LEN(many)};
        CLEANUP(cleanup_free) char *letters = NULL;

        for (size_t i = 0; i < ARRAY_LEN(many); i++)
                many[i] = (struct plot_band){SUNDAY_MS + 30000, SUNDAY_MS + 90000, "une mesure"};
        letters = letters_of(&plot);
        assert_non_null(strstr(letters, "8 autres mesures non dessinées"));
}

static void test_describes(void **state)
{
        CLEANUP(cleanup_free) struct plot_point *points = flood(312000);
        struct plot plot = {.language = LANGUAGE_EN, .points = points, .point_count = COUNT};
        CLEANUP(cleanup_free) char *words = plot_describe(&plot);

        assert_string_equal(
                words,
                "Traffic from 11:15:00 to 11:16:59: 314,000 packets a second at the highest, of which up "
                "to 311,000 were dropped; legitimate traffic that passed went from 1,800 to 2,400 "
                "packets a second.");
}

static void test_same_bytes_and_sizes(void **state)
{
        CLEANUP(cleanup_free) struct plot_point *points = flood(312000);
        struct plot plot = {.points = points, .point_count = COUNT};
        size_t length, again_length;
        CLEANUP(cleanup_free) char *png = png_of(&plot, &length);
        CLEANUP(cleanup_free) char *again = png_of(&plot, &again_length);
        struct error error = {0};
        char *none = NULL;

        assert_int_equal(length, again_length);
        assert_memory_equal(png, again, length);
        assert_int_equal(plot_png(&plot, 50, 20, &none, &length, &error), -EINVAL);
        assert_int_equal(plot_svg(&plot, 1e9, 200, &none, &length, &error), -EINVAL);
        assert_null(none);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_draws_a_flood),
                cmocka_unit_test(test_calm_traffic_is_linear),
                cmocka_unit_test(test_no_peak_is_lost),
                cmocka_unit_test(test_odd_series),
                cmocka_unit_test(test_says_that_nothing_was_measured),
                cmocka_unit_test(test_more_bands_than_room),
                cmocka_unit_test(test_describes),
                cmocka_unit_test(test_same_bytes_and_sizes),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
