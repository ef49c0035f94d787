/* SPDX-License-Identifier: EUPL-1.2 */
/* What the parts of a plot share: where things stand (plot.c) and the scales with their ticks (plot_axis.c). */
#pragma once

#include <stdbool.h>

#include "obligation/documents/lettering.h"
#include "obligation/documents/plot.h"

#define PLOT_COLUMNS_MAX 2048
#define PLOT_LETTERS_PT  7.2
#define PLOT_TICKS_MAX   16

enum plot_kind { PLOT_LEGITIMATE, PLOT_ATTACK, PLOT_DROPPED, PLOT_KIND_COUNT };

/* The points that fall into one pen's width. */
struct plot_column {
        double highest
                [PLOT_KIND_COUNT]; /* packets/s, each kind's own highest: for areas that lie over each other */
        double stack
                [PLOT_KIND_COUNT]; /* the point with the highest sum: for areas that stand on each other */
        bool seen;
};

struct plot_frame {
        const struct plot *plot;
        cairo_t *cairo;
        struct lettering letters;
        double left, top, width, height; /* of the area within the axes */
        double from_ms, until_ms;
        double step_ms; /* usual distance of two points */
        bool logarithmic;
        double low, high; /* packets/s at the lower and upper edge */
        struct plot_column *columns;
        size_t column_count;
};

double plot_x(const struct plot_frame *frame, double t_ms);
double plot_y(const struct plot_frame *frame, double pps);

/* The time range, the step and the scale, from the points. */
void plot_range(struct plot_frame *frame);
/* Fills the columns; needs width and range. */
void plot_collect(struct plot_frame *frame);
/* Chooses linear or logarithmic and the edges; needs the columns. */
void plot_scale_choose(struct plot_frame *frame);
/* Lines, figures and names of both axes. */
void plot_axes_draw(const struct plot_frame *frame);

struct plot_label {
        char text[256];
        double x, right;    /* of the mark's line, or of the band's bar */
        double left, width; /* of the words */
        size_t row;
        enum plot_mark_kind kind;
};

/* Words about marks (above the area) and bands (below it), placed so that none lies on another. */
struct plot_labels {
        struct plot_label marks[PLOT_MARKS_MAX], bands[PLOT_BANDS_MAX];
        size_t mark_count, band_count;
        size_t hidden;       /* bands for which there is no room */
        double above, below; /* points they take, axis included */
};

/* Needs left, width and range; `height` of the whole plot limits the lanes. */
void plot_labels_place(const struct plot_frame *frame, struct plot_labels *ret_labels, double height);
void plot_labels_draw(const struct plot_frame *frame, const struct plot_labels *labels, double top);

/* A finite number of packets/s, never negative. */
double plot_tame(double pps);
