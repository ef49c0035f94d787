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

#include "drill/view.h"

#define COLUMNS 80
#define ROWS    23
/* As long as one can be: it must not be cut, or nobody could follow it. */
#define LINK "http://127.0.0.1:65535/setup#abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

static struct view_frame sample(void)
{
        struct view_frame frame = {.title = "Matin du 22 mars 2020 : inondation de deux adresses",
                                   .phase = VIEW_PHASE_ATTACK,
                                   .elapsed_s = 71,
                                   .now_ms = 1584868500000,
                                   .sent_pps = 350000,
                                   .passed_pps = 350,
                                   .tried = 240,
                                   .ok = 239,
                                   .country_count = VIEW_COUNTRIES};

        for (unsigned i = 0; i < VIEW_HISTORY; i++)
                frame.sent_history[i] = i < 30 ? 0 : 350000;
        for (unsigned i = 0; i < VIEW_COUNTRIES; i++)
                frame.countries[i] =
                        (struct view_country){.code = "US", .dropped_pps = 45000, .tried = 12, .ok = 12};
        return frame;
}

static json_t *many_measures(void)
{
        json_t *list = json_array();

        for (unsigned i = 0; i < 40; i++)
                json_array_append_new(
                        list, json_pack("{s:i, s:s, s:s, s:s, s:{s:s, s:s}}", "dropped", (int)(i % 5), "kind",
                                        "signature", "subject", "portail", "state",
                                        i % 2 ? "standing" : "lifted", "why", "fr",
                                        "Écarte ce qui a la forme de l’attaque : une phrase bien plus longue "
                                        "que la ligne "
                                        "d’un terminal, avec des accents é è à et un retour\nau milieu",
                                        "en", "Drops what looks like the attack"));
        return list;
}

static json_t *many_incidents(void)
{
        json_t *obligations = json_array();

        for (unsigned i = 0; i < 20; i++)
                json_array_append_new(obligations,
                                      json_pack("{s:s, s:s, s:{s:s, s:s}}", "state", "due", "due",
                                                "2020-03-25T09:15:00.000Z", "title", "fr",
                                                "Notification à la CNIL", "en", "Notification to the CNIL"));
        return json_pack("[{s:o}]", "obligations", obligations);
}

/* Lines and their columns; every character of ours is one column wide. */
static void measure_picture(const char *text, unsigned *ret_lines, unsigned *ret_widest)
{
        unsigned lines = 0, widest = 0, width = 0;

        for (; *text; text++) {
                if (*text == '\n') {
                        lines++;
                        widest = width > widest ? width : widest;
                        width = 0;
                } else {
                        width += (*text & 0xc0) != 0x80;
                }
        }
        *ret_lines = lines;
        *ret_widest = widest;
}

static void fits(unsigned columns, unsigned rows, bool english)
{
        struct view_frame frame = sample();
        struct buffer picture = BUFFER_INIT(65536);
        json_t *measures = many_measures(), *incidents = many_incidents();
        unsigned lines, widest;

        frame.measures = measures;
        frame.incidents = incidents;
        frame.console = LINK;
        frame.english = english;
        view_draw(&picture, &frame, columns, rows);
        measure_picture(picture.data, &lines, &widest);
        assert_true(lines <= rows);
        assert_true(widest <= columns);
        buffer_release(&picture);
        json_decref(measures);
        json_decref(incidents);
}

static void test_fits_any_terminal(void **state)
{
        for (unsigned rows = 3; rows < 60; rows++) {
                fits(COLUMNS, rows, false);
                fits(40, rows, true);
        }
}

static void test_a_small_terminal_shows_all_that_matters(void **state)
{
        struct view_frame frame = sample();
        struct buffer picture = BUFFER_INIT(65536);
        json_t *measures = many_measures(), *incidents = many_incidents();

        frame.measures = measures;
        frame.incidents = incidents;
        frame.console = LINK;
        view_draw(&picture, &frame, COLUMNS, ROWS);
        assert_non_null(strstr(picture.data, LINK));
        assert_non_null(strstr(picture.data, "01:11"));
        assert_non_null(strstr(picture.data, "349 650 p/s"));
        assert_non_null(strstr(picture.data, "239 / 240"));
        assert_non_null(strstr(picture.data, "US"));
        assert_non_null(strstr(picture.data, "Mesures en place : 20"));
        assert_non_null(strstr(picture.data, "reste 72:00:00"));
        buffer_release(&picture);
        json_decref(measures);
        json_decref(incidents);
}

/* Every standing one once, the busiest first: none is lost where counters are equal. */
static void test_each_measure_is_shown_once(void **state)
{
        struct view_frame frame = sample();
        struct buffer picture = BUFFER_INIT(65536);
        json_t *measures = many_measures();
        unsigned shown = 0;

        frame.measures = measures;
        frame.english = true;
        view_draw(&picture, &frame, COLUMNS, 100);
        for (const char *at = picture.data; (at = strstr(at, "signature portail")); at++)
                shown++;
        assert_int_equal(shown, 20);
        assert_non_null(strstr(picture.data, "      4  Drops"));
        assert_true(strstr(picture.data, "      4  Drops") < strstr(picture.data, "      0  Drops"));
        buffer_release(&picture);
        json_decref(measures);
}

static void test_one_line_where_there_is_no_terminal(void **state)
{
        struct view_frame frame = sample();
        struct buffer line = BUFFER_INIT(1024);
        unsigned lines, widest;

        view_line(&line, &frame);
        measure_picture(line.data, &lines, &widest);
        assert_int_equal(lines, 1);
        assert_non_null(strstr(line.data, "99,9 %"));
        frame.english = true;
        buffer_consume(&line, line.length);
        view_line(&line, &frame);
        assert_non_null(strstr(line.data, "99.9 %"));
        frame.sent_pps = 0;
        buffer_consume(&line, line.length);
        view_line(&line, &frame);
        assert_null(strstr(line.data, "%"));
        buffer_release(&line);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_fits_any_terminal),
                cmocka_unit_test(test_a_small_terminal_shows_all_that_matters),
                cmocka_unit_test(test_each_measure_is_shown_once),
                cmocka_unit_test(test_one_line_where_there_is_no_terminal),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
