/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/plot_private.h"

#define LANE_PT  8.6  /* of a measure's band */
#define LABEL_PT 9.2  /* of a mark's row of words */
#define AXIS_PT  24.0 /* below the area: hours and the day */
#define AREA_PT  56.0 /* that the traffic keeps, however many bands there are */

static const char *const mark_fr[] = {
#define MARK_FR(name, fr, en) fr,
        PLOT_MARKS(MARK_FR)};
static const char *const mark_en[] = {
#define MARK_EN(name, fr, en) en,
        PLOT_MARKS(MARK_EN)};

static int compare_marks(const void *a, const void *b)
{
        const struct plot_mark *x = a, *y = b;

        return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

static void mark_text(const struct plot *plot, const struct plot_mark *mark, struct plot_label *label)
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(sizeof(label->text));

        label->kind = (unsigned)mark->kind < PLOT_MARK_COUNT ? mark->kind : PLOT_MARK_DETECTED;
        buffer_format(&text, "%s ",
                      language_pick(plot->language, mark_fr[label->kind], mark_en[label->kind]));
        language_moment(&text, plot->language, plot->zone, MOMENT_SECOND, mark->at_ms);
        snprintf(label->text, sizeof(label->text), "%s", buffer_string(&text));
}

/* Whether the words and lines of two labels of one row come too near. */
static bool labels_meet(const struct plot_label *a, const struct plot_label *b)
{
        double a_left = fmin(a->left, a->x), a_right = fmax(a->left + a->width, a->right);
        double b_left = fmin(b->left, b->x), b_right = fmax(b->left + b->width, b->right);

        return a->row == b->row && a_left < b_right + 4 && b_left < a_right + 4;
}

/* The first row where the last label touches none of those before it. Returns the rows used so far. */
static size_t label_row(struct plot_label *labels, size_t last, size_t rows)
{
        for (labels[last].row = 0; labels[last].row < last; labels[last].row++) {
                bool free_row = true;

                for (size_t i = 0; i < last && free_row; i++)
                        free_row = !labels_meet(&labels[i], &labels[last]);
                if (free_row)
                        break;
        }
        return labels[last].row + 1 > rows ? labels[last].row + 1 : rows;
}

static void marks_place(const struct plot_frame *frame, struct plot_labels *labels)
{
        const struct plot *plot = frame->plot;
        struct lettering_style style = {.points = PLOT_LETTERS_PT};
        struct plot_mark marks[PLOT_MARKS_MAX];
        size_t rows = 0;

        labels->mark_count = plot->mark_count < PLOT_MARKS_MAX ? plot->mark_count : PLOT_MARKS_MAX;
        for (size_t i = 0; i < labels->mark_count; i++)
                marks[i] = plot->marks[i];
        qsort(marks, labels->mark_count, sizeof(*marks), compare_marks);
        for (size_t i = 0; i < labels->mark_count; i++) {
                struct plot_label *label = &labels->marks[i];

                mark_text(plot, &marks[i], label);
                label->x = label->right = plot_x(frame, (double)marks[i].at_ms);
                label->width = lettering_line(&frame->letters, NULL, 0, 0, label->text, &style);
                label->left = fmin(label->x + 2.5, frame->left + frame->width - label->width);
                rows = label_row(labels->marks, i, rows);
        }
        labels->above = LABEL_PT * (double)rows + 4;
}

/* The words go into the bar, or beside it where there is more room. */
static void band_place(const struct plot_frame *frame, const struct plot_band *band, struct plot_label *label)
{
        CLEANUP(cleanup_free) char *set = language_typeset(frame->plot->language, band->label);
        struct lettering_style style = {.points = PLOT_LETTERS_PT * 0.94};
        double end = frame->left + frame->width, inside, before, after;

        snprintf(label->text, sizeof(label->text), "%s", set ? set : "");
        label->x = plot_x(frame, (double)band->from_ms);
        label->right = fmax(plot_x(frame, (double)band->until_ms), label->x + 1.5);
        label->width = lettering_line(&frame->letters, NULL, 0, 0, label->text, &style);
        inside = label->right - label->x - 5;
        after = end - label->right - 4;
        before = label->x - frame->left - 4;
        if (inside >= label->width || inside >= fmax(after, before)) {
                label->width = fmin(label->width, inside);
                label->left = label->x + 3;
        } else if (after >= label->width || after >= before) {
                label->width = fmin(label->width, after);
                label->left = label->right + 3;
        } else {
                label->width = fmin(label->width, before);
                label->left = label->x - 3 - label->width;
        }
}

static void bands_place(const struct plot_frame *frame, struct plot_labels *labels, double height)
{
        const struct plot *plot = frame->plot;
        double room = fmax(height - labels->above - AXIS_PT - AREA_PT - 15, 0);
        size_t rows = 0, rows_max = (size_t)(room / LANE_PT);

        for (size_t i = 0; i < plot->band_count && i < PLOT_BANDS_MAX; i++) {
                size_t after;

                band_place(frame, &plot->bands[i], &labels->bands[labels->band_count]);
                after = label_row(labels->bands, labels->band_count, rows);
                if (after > rows_max)
                        continue;
                rows = after;
                labels->band_count++;
        }
        labels->hidden = plot->band_count - labels->band_count;
        labels->below = AXIS_PT + (rows ? 2 + LANE_PT * (double)rows : 0);
}

void plot_labels_place(const struct plot_frame *frame, struct plot_labels *ret_labels, double height)
{
        marks_place(frame, ret_labels);
        bands_place(frame, ret_labels, height);
}

static void marks_draw(const struct plot_frame *frame, const struct plot_labels *labels, double top)
{
        static const double dashes[PLOT_MARK_COUNT][2] = {{4, 2}, {1, 0}, {1.5, 1.5}, {7, 2}};
        struct lettering_style style = {.points = PLOT_LETTERS_PT};
        cairo_t *cairo = frame->cairo;

        for (size_t i = 0; i < labels->mark_count; i++) {
                const struct plot_label *label = &labels->marks[i];
                const double *dash = dashes[label->kind];

                cairo_save(cairo);
                cairo_set_source_rgb(cairo, 0, 0, 0);
                cairo_set_line_width(cairo, 0.9);
                cairo_set_dash(cairo, dash, dash[1] > 0 ? 2 : 0, 0);
                cairo_move_to(cairo, label->x, top + LABEL_PT * (double)label->row + 1);
                cairo_line_to(cairo, label->x, frame->top + frame->height);
                cairo_stroke(cairo);
                cairo_restore(cairo);
        }
        for (size_t i = 0; i < labels->mark_count; i++) {
                const struct plot_label *label = &labels->marks[i];
                double y = top + LABEL_PT * (double)label->row;

                /* The lines of marks with a lower row pass behind the words, not through them. */
                cairo_set_source_rgb(cairo, 1, 1, 1);
                cairo_rectangle(cairo, label->left - 0.8, y, label->width + 2, LABEL_PT - 0.4);
                cairo_fill(cairo);
                lettering_line(&frame->letters, cairo, label->left, y, label->text, &style);
        }
}

static void band_draw(const struct plot_frame *frame, const struct plot_label *label, double y)
{
        struct lettering_style style = {.points = PLOT_LETTERS_PT * 0.94, .width = label->width + 0.5};

        cairo_rectangle(frame->cairo, label->x, y + 0.8, label->right - label->x, LANE_PT - 1.6);
        cairo_set_source_rgb(frame->cairo, 0.9, 0.93, 0.96);
        cairo_fill_preserve(frame->cairo);
        cairo_set_source_rgb(frame->cairo, 0.2, 0.2, 0.2);
        cairo_set_line_width(frame->cairo, 0.6);
        cairo_stroke(frame->cairo);
        if (label->width > 6)
                lettering_line(&frame->letters, frame->cairo, label->left, y + 0.1, label->text, &style);
}

void plot_labels_draw(const struct plot_frame *frame, const struct plot_labels *labels, double top)
{
        double below = frame->top + frame->height + AXIS_PT;
        struct lettering_style style = {.points = PLOT_LETTERS_PT, .grey = 0.25};
        enum language language = frame->plot->language;
        char more[96];

        marks_draw(frame, labels, top);
        for (size_t i = 0; i < labels->band_count; i++)
                band_draw(frame, &labels->bands[i], below + LANE_PT * (double)labels->bands[i].row);
        if (!labels->hidden)
                return;
        snprintf(more, sizeof(more),
                 labels->hidden == 1 ? language_pick(language, "%zu autre mesure non dessinée",
                                                     "%zu more measure not drawn")
                                     : language_pick(language, "%zu autres mesures non dessinées",
                                                     "%zu more measures not drawn"),
                 labels->hidden);
        lettering_line(&frame->letters, frame->cairo, frame->left,
                       frame->top + frame->height + 5 + lettering_height(&frame->letters, PLOT_LETTERS_PT),
                       more, &style);
}
