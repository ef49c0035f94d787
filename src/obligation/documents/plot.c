/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "obligation/documents/plot_private.h"

#define COLUMN_PT 0.75 /* a pen's width */
#define LEGEND_PT 15.0

/* Okabe and Ito's blue and vermilion, and a light grey; hatches lean differently. */
static const struct {
        double red, green, blue;
        int lean; /* of the hatch: 1 rising, -1 falling, 0 none */
        const char *fr, *en;
} kinds[] = {
        [PLOT_LEGITIMATE] = {0.00, 0.45, 0.70, 0, "trafic légitime passé", "legitimate, passed"},
        [PLOT_ATTACK] = {0.84, 0.37, 0.00, 1, "attaque passée", "attack, passed"},
        [PLOT_DROPPED] = {0.86, 0.86, 0.86, -1, "écarté", "dropped"},
};

/* Hatches the current path, which stays. Lines 4 points apart over the path's box. */
static void hatch(cairo_t *cairo, int lean)
{
        double left, top, right, bottom;

        if (lean == 0)
                return;
        cairo_save(cairo);
        cairo_clip_preserve(cairo);
        cairo_clip_extents(cairo, &left, &top, &right, &bottom);
        {
                cairo_path_t *path = cairo_copy_path(cairo);
                double height = bottom - top;

                cairo_new_path(cairo);
                for (double x = floor((left - height) / 4) * 4; x < right + height; x += 4) {
                        cairo_move_to(cairo, x, lean > 0 ? bottom : top);
                        cairo_line_to(cairo, x + height, lean > 0 ? top : bottom);
                }
                cairo_set_source_rgb(cairo, lean > 0 ? 0.25 : 0.55, lean > 0 ? 0.1 : 0.55,
                                     lean > 0 ? 0 : 0.55);
                cairo_set_line_width(cairo, lean > 0 ? 0.8 : 0.5);
                cairo_stroke(cairo);
                cairo_append_path(cairo, path);
                cairo_path_destroy(path);
        }
        cairo_restore(cairo);
}

static void fill(cairo_t *cairo, enum plot_kind kind)
{
        cairo_set_source_rgb(cairo, kinds[kind].red, kinds[kind].green, kinds[kind].blue);
        cairo_fill_preserve(cairo);
        hatch(cairo, kinds[kind].lean);
        cairo_new_path(cairo);
}

/* Packets/s of a kind's upper edge in a column: on a stack, those below it count too. */
static double edge(const struct plot_frame *frame, size_t column, int kind)
{
        const struct plot_column *found = &frame->columns[column];
        double sum = 0;

        if (kind < 0)
                return 0;
        if (frame->logarithmic)
                return found->highest[kind];
        for (int i = 0; i <= kind; i++)
                sum += found->stack[i];
        return sum;
}

static double column_x(const struct plot_frame *frame, size_t column)
{
        return frame->left + frame->width * (double)column / (double)frame->column_count;
}

static void edge_path(const struct plot_frame *frame, size_t from, size_t until, int kind)
{
        for (size_t i = from; i < until; i++) {
                double y = plot_y(frame, edge(frame, i, kind));

                cairo_line_to(frame->cairo, column_x(frame, i), y);
                cairo_line_to(frame->cairo, column_x(frame, i + 1), y);
        }
}

/* The area between a kind's edge and the one below it, over columns that were all seen. */
static void area_draw(const struct plot_frame *frame, size_t from, size_t until, enum plot_kind kind)
{
        int below = frame->logarithmic ? -1 : (int)kind - 1;

        cairo_new_path(frame->cairo);
        edge_path(frame, from, until, (int)kind);
        for (size_t i = until; i-- > from;) {
                double y = plot_y(frame, edge(frame, i, below));

                cairo_line_to(frame->cairo, column_x(frame, i + 1), y);
                cairo_line_to(frame->cairo, column_x(frame, i), y);
        }
        cairo_close_path(frame->cairo);
        fill(frame->cairo, kind);
}

/* On a logarithmic plot areas lie over each other, so legitimate traffic is a line that hides none of them. */
static void line_draw(const struct plot_frame *frame, size_t from, size_t until)
{
        cairo_t *cairo = frame->cairo;

        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
        for (int under = 1; under >= 0; under--) {
                cairo_new_path(cairo);
                edge_path(frame, from, until, PLOT_LEGITIMATE);
                if (under)
                        cairo_set_source_rgb(cairo, 1, 1, 1);
                else
                        cairo_set_source_rgb(cairo, kinds[PLOT_LEGITIMATE].red, kinds[PLOT_LEGITIMATE].green,
                                             kinds[PLOT_LEGITIMATE].blue);
                cairo_set_line_width(cairo, under ? 3 : 1.7);
                cairo_stroke(cairo);
        }
}

static void run_draw(const struct plot_frame *frame, size_t from, size_t until)
{
        if (frame->logarithmic) {
                area_draw(frame, from, until, PLOT_DROPPED);
                area_draw(frame, from, until, PLOT_ATTACK);
                line_draw(frame, from, until);
        } else {
                for (int kind = 0; kind < PLOT_KIND_COUNT; kind++)
                        area_draw(frame, from, until, (enum plot_kind)kind);
        }
}

/* Where nothing was measured nothing is drawn: a gap is not a zero. */
static void traffic_draw(const struct plot_frame *frame)
{
        size_t from = 0;

        cairo_save(frame->cairo);
        cairo_rectangle(frame->cairo, frame->left, frame->top - 2, frame->width, frame->height + 2);
        cairo_clip(frame->cairo);
        while (from < frame->column_count) {
                size_t until = from;

                while (until < frame->column_count && frame->columns[until].seen)
                        until++;
                if (until > from)
                        run_draw(frame, from, until);
                from = until > from ? until : from + 1;
        }
        cairo_restore(frame->cairo);
}

static void legend_draw(const struct plot_frame *frame, double y)
{
        const struct plot *plot = frame->plot;
        cairo_t *cairo = frame->cairo;
        struct lettering_style style = {.points = PLOT_LETTERS_PT};
        double x = frame->left;

        for (int kind = 0; kind < PLOT_KIND_COUNT; kind++) {
                const char *name = language_pick(plot->language, kinds[kind].fr, kinds[kind].en);
                bool line = frame->logarithmic && kind == PLOT_LEGITIMATE;

                cairo_rectangle(cairo, x, line ? y + 4 : y + 1.5, 16, line ? 1.8 : 7);
                fill(cairo, (enum plot_kind)kind);
                x += 20 + lettering_line(&frame->letters, cairo, x + 20, y, name, &style) + 14;
        }
        style.grey = 0.25;
        style.align = LETTERING_RIGHT;
        lettering_line(&frame->letters, cairo, frame->left + frame->width, y,
                       frame->logarithmic ? language_pick(plot->language, "paquets/s, échelle logarithmique",
                                                          "packets/s, logarithmic scale")
                                          : language_pick(plot->language, "paquets/s", "packets/s"),
                       &style);
}

static void nothing_draw(const struct plot_frame *frame)
{
        struct lettering_style style = {
                .points = PLOT_LETTERS_PT * 1.3, .grey = 0.3, .align = LETTERING_CENTER};

        lettering_line(&frame->letters, frame->cairo, frame->left + frame->width / 2,
                       frame->top + frame->height * 0.42,
                       language_pick(frame->plot->language, "le trafic n’a pas été enregistré",
                                     "no traffic was recorded"),
                       &style);
}

static void frame_draw(struct plot_frame *frame, double width, double height)
{
        struct plot_labels labels = {0};

        frame->left = 38;
        frame->width = width - frame->left - 6;
        plot_range(frame);
        plot_labels_place(frame, &labels, height);
        frame->top = LEGEND_PT + labels.above;
        frame->height = height - frame->top - labels.below;
        frame->column_count = (size_t)fmin(fmax(frame->width / COLUMN_PT, 1), PLOT_COLUMNS_MAX);
        frame->columns = calloc(frame->column_count, sizeof(*frame->columns));
        if (!frame->columns)
                return;
        plot_collect(frame);
        plot_scale_choose(frame);
        legend_draw(frame, 1);
        plot_axes_draw(frame);
        traffic_draw(frame);
        if (!frame->plot->point_count)
                nothing_draw(frame);
        plot_labels_draw(frame, &labels, LEGEND_PT);
}

void plot_draw(const struct plot *plot, cairo_t *cairo, double width, double height)
{
        struct plot_frame frame = {.plot = plot, .cairo = cairo};

        lettering_open(&frame.letters, plot->language == LANGUAGE_EN ? "en-GB" : "fr-FR");
        cairo_save(cairo);
        frame_draw(&frame, width, height);
        cairo_restore(cairo);
        free(frame.columns);
        lettering_close(&frame.letters);
}
