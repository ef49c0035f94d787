/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/plot_private.h"

#define LOG_RATIO 40 /* peak to usual, beyond which one linear scale would hide the usual */

double plot_tame(double pps)
{
        return isfinite(pps) && pps > 0 ? fmin(pps, 1e15) : 0;
}

double plot_x(const struct plot_frame *frame, double t_ms)
{
        double share = (t_ms - frame->from_ms) / (frame->until_ms - frame->from_ms);

        return frame->left + frame->width * fmin(fmax(share, 0), 1);
}

double plot_y(const struct plot_frame *frame, double pps)
{
        double share;

        if (frame->logarithmic)
                share = pps <= frame->low ? 0 : log(pps / frame->low) / log(frame->high / frame->low);
        else
                share = pps / frame->high;
        return frame->top + frame->height * (1 - fmin(fmax(share, 0), 1));
}

static int compare_doubles(const void *a, const void *b)
{
        double x = *(const double *)a, y = *(const double *)b;

        return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
        qsort(values, count, sizeof(*values), compare_doubles);
        return values[count / 2];
}

/* The usual step is the median of some steps spread over the series: a pause in the middle does not move it. */
static double usual_step(const struct plot *plot)
{
        double steps[101];
        size_t count = 0;

        for (size_t i = 0; i < ARRAY_LEN(steps) && plot->point_count > 1; i++) {
                size_t at = (plot->point_count - 2) * i / (ARRAY_LEN(steps) - 1);
                double step = (double)plot->points[at + 1].t_ms - (double)plot->points[at].t_ms;

                if (step > 0)
                        steps[count++] = step;
        }
        return count ? median(steps, count) : 1000;
}

static void range_take(struct plot_frame *frame, double t_ms)
{
        frame->from_ms = fmin(frame->from_ms, t_ms);
        frame->until_ms = fmax(frame->until_ms, t_ms);
}

void plot_range(struct plot_frame *frame)
{
        const struct plot *plot = frame->plot;

        frame->step_ms = usual_step(plot);
        frame->from_ms = INFINITY;
        frame->until_ms = -INFINITY;
        if (plot->point_count) {
                range_take(frame, (double)plot->points[0].t_ms);
                range_take(frame, (double)plot->points[plot->point_count - 1].t_ms + frame->step_ms);
        }
        /* A measure's end may be an expiry far ahead: only its beginning must be seen. */
        for (size_t i = 0; i < plot->mark_count && i < PLOT_MARKS_MAX; i++)
                range_take(frame, (double)plot->marks[i].at_ms);
        for (size_t i = 0; i < plot->band_count && i < PLOT_BANDS_MAX; i++)
                range_take(frame, (double)plot->bands[i].from_ms);
        if (!isfinite(frame->from_ms))
                frame->from_ms = 0;
        if (!(frame->until_ms > frame->from_ms))
                frame->until_ms = frame->from_ms + frame->step_ms;
}

static void column_add(struct plot_column *column, const struct plot_point *point)
{
        const double pps[] = {plot_tame(point->legitimate_pps), plot_tame(point->attack_pps),
                              plot_tame(point->dropped_pps)};
        const double *stack = column->stack;
        bool higher = pps[0] + pps[1] + pps[2] > stack[0] + stack[1] + stack[2];

        for (size_t i = 0; i < PLOT_KIND_COUNT; i++) {
                column->highest[i] = fmax(column->highest[i], pps[i]);
                if (higher)
                        column->stack[i] = pps[i];
        }
        column->seen = true;
}

void plot_collect(struct plot_frame *frame)
{
        const struct plot *plot = frame->plot;
        double scale = (double)frame->column_count / (frame->until_ms - frame->from_ms);
        double last = (double)(frame->column_count - 1);

        for (size_t i = 0; i < plot->point_count && i < PLOT_POINTS_MAX; i++) {
                double start = (double)plot->points[i].t_ms, end = start + frame->step_ms;

                /* A late point is drawn up to the next; after a real pause the area ends. */
                if (i + 1 < plot->point_count &&
                    (double)plot->points[i + 1].t_ms - start < 5 * frame->step_ms)
                        end = (double)plot->points[i + 1].t_ms;
                start = fmin(fmax(floor((start - frame->from_ms) * scale), 0), last);
                end = fmin(fmax(ceil((end - frame->from_ms) * scale - 1e-6) - 1, start), last);
                for (size_t c = (size_t)start; c <= (size_t)end; c++)
                        column_add(&frame->columns[c], &plot->points[i]);
        }
}

/* The median of the legitimate traffic that passed, 0 when there was none. */
static double usual_traffic(const struct plot_frame *frame)
{
        CLEANUP(cleanup_free) double *values = calloc(frame->column_count, sizeof(*values));
        size_t count = 0;

        for (size_t i = 0; values && i < frame->column_count; i++)
                if (frame->columns[i].seen && frame->columns[i].highest[PLOT_LEGITIMATE] > 0)
                        values[count++] = frame->columns[i].highest[PLOT_LEGITIMATE];
        return count ? median(values, count) : 0;
}

/* Between powers of ten; each ends with ten. */
static const double edge_sizes[] = {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
static const double tick_sizes[] = {1, 2, 5, 10};

static double round_up(double number, const double *sizes)
{
        double power = pow(10, floor(log10(number)));

        while (*sizes < 10 && *sizes * power < number * (1 - 1e-9))
                sizes++;
        return *sizes * power;
}

void plot_scale_choose(struct plot_frame *frame)
{
        double peak = 0, sum_peak = 0, usual = usual_traffic(frame);

        for (size_t i = 0; i < frame->column_count; i++) {
                const double *stack = frame->columns[i].stack, *highest = frame->columns[i].highest;

                sum_peak = fmax(sum_peak, stack[0] + stack[1] + stack[2]);
                peak = fmax(peak, fmax(highest[0], fmax(highest[1], highest[2])));
        }
        frame->logarithmic = frame->plot->scale == PLOT_SCALE_LOG ||
                             (frame->plot->scale == PLOT_SCALE_AUTO && usual > 0 && peak > LOG_RATIO * usual);
        frame->high = round_up(fmax(frame->logarithmic ? peak * 1.05 : sum_peak * 1.02, 10), edge_sizes);
        frame->low = 0;
        if (!frame->logarithmic)
                return;
        frame->low = fmax(pow(10, floor(log10(fmax(usual, 1))) - 1), 1);
        frame->low = fmin(frame->low, frame->high / 10);
}

/* 300000 → "300 k", 1500000 → "1,5 M". */
static void short_number(struct buffer *buffer, enum language language, double number)
{
        static const struct {
                double size;
                const char *letter;
        } sizes[] = {{1e12, NBSP "T"}, {1e9, NBSP "G"}, {1e6, NBSP "M"}, {1e3, NBSP "k"}, {1, ""}};
        size_t i = 0;

        while (i + 1 < ARRAY_LEN(sizes) && number < sizes[i].size * 0.9999)
                i++;
        number /= sizes[i].size;
        language_decimal(buffer, language, number, fabs(number - round(number)) > 0.01 ? 1 : 0);
        buffer_text(buffer, sizes[i].letter);
}

static void level_draw(const struct plot_frame *frame, double pps)
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(64);
        struct lettering_style style = {.points = PLOT_LETTERS_PT, .align = LETTERING_RIGHT};
        double y = plot_y(frame, pps);

        cairo_set_source_rgb(frame->cairo, 0.82, 0.82, 0.82);
        cairo_set_line_width(frame->cairo, 0.4);
        cairo_move_to(frame->cairo, frame->left, y);
        cairo_line_to(frame->cairo, frame->left + frame->width, y);
        cairo_stroke(frame->cairo);
        short_number(&text, frame->plot->language, pps);
        lettering_line(&frame->letters, frame->cairo, frame->left - 4, y - PLOT_LETTERS_PT * 0.6,
                       buffer_string(&text), &style);
}

static void levels_draw(const struct plot_frame *frame)
{
        if (frame->logarithmic) {
                for (double pps = frame->low; pps <= frame->high * 1.0001; pps *= 10)
                        level_draw(frame, pps);
        } else {
                double wanted = fmax(floor(frame->height / 28), 2);
                double step = round_up(frame->high / wanted, tick_sizes);

                for (double pps = 0; pps <= frame->high * 1.0001; pps += step)
                        level_draw(frame, pps);
        }
}

static double tick_step(const struct plot_frame *frame)
{
        static const double seconds[] = {1,     2,     5,      10,     15,    30,    60,    120,
                                         300,   600,   900,    1800,   3600,  7200,  10800, 21600,
                                         43200, 86400, 172800, 604800, 2.6e6, 7.8e6, 3.1e7, 1.6e8,
                                         1e9,   1e10,  1e11,   1e12,   1e13,  1e14};
        double wanted = fmax(floor(frame->width / 58), 2);

        for (size_t i = 0; i < ARRAY_LEN(seconds); i++)
                if ((frame->until_ms - frame->from_ms) / (seconds[i] * 1000) <= wanted)
                        return seconds[i] * 1000;
        return INFINITY;
}

static void tick_text(const struct plot_frame *frame, double t_ms, double step_ms, struct buffer *text)
{
        const struct plot *plot = frame->plot;
        enum moment_style style = step_ms < 60000      ? MOMENT_SECOND
                                  : step_ms < 86400000 ? MOMENT_CLOCK
                                                       : MOMENT_SHORT;

        language_moment(text, plot->language, plot->zone, style, (int64_t)t_ms);
        if (style == MOMENT_SHORT && text->length > 5)
                text->data[5] = '\0';
}

static void times_draw(const struct plot_frame *frame)
{
        const struct plot *plot = frame->plot;
        double offset = 1000.0 * language_zone_offset(plot->zone, (int64_t)frame->from_ms);
        double step = tick_step(frame), bottom = frame->top + frame->height;
        struct lettering_style style = {.points = PLOT_LETTERS_PT, .align = LETTERING_CENTER};
        double t = ceil((frame->from_ms + offset) / step) * step - offset;

        for (int i = 0; i < PLOT_TICKS_MAX * 4 && t <= frame->until_ms; i++, t += step) {
                CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(64);
                double x = plot_x(frame, t), right, half;

                cairo_set_source_rgb(frame->cairo, 0, 0, 0);
                cairo_set_line_width(frame->cairo, 0.6);
                cairo_move_to(frame->cairo, x, bottom);
                cairo_line_to(frame->cairo, x, bottom + 3);
                cairo_stroke(frame->cairo);
                tick_text(frame, t, step, &text);
                half = lettering_line(&frame->letters, NULL, 0, 0, buffer_string(&text), &style) / 2;
                right = frame->left + frame->width + 6;
                lettering_line(&frame->letters, frame->cairo, fmin(x, right - half), bottom + 4,
                               buffer_string(&text), &style);
        }
}

void plot_axes_draw(const struct plot_frame *frame)
{
        const struct plot *plot = frame->plot;
        CLEANUP(buffer_release) struct buffer name = BUFFER_INIT(128);
        struct lettering_style style = {.points = PLOT_LETTERS_PT, .grey = 0.25, .align = LETTERING_RIGHT};
        bool known = plot->point_count + plot->mark_count + plot->band_count > 0;

        if (plot->point_count)
                levels_draw(frame);
        if (known)
                times_draw(frame);
        cairo_set_source_rgb(frame->cairo, 0, 0, 0);
        cairo_set_line_width(frame->cairo, 0.8);
        cairo_move_to(frame->cairo, frame->left, frame->top);
        cairo_line_to(frame->cairo, frame->left, frame->top + frame->height);
        cairo_line_to(frame->cairo, frame->left + frame->width, frame->top + frame->height);
        cairo_stroke(frame->cairo);
        if (!known)
                return;
        language_moment(&name, plot->language, plot->zone, MOMENT_DAY, (int64_t)frame->from_ms);
        buffer_text(&name, ", ");
        language_zone(&name, plot->language, plot->zone);
        lettering_line(&frame->letters, frame->cairo, frame->left + frame->width,
                       frame->top + frame->height + 5 + lettering_height(&frame->letters, PLOT_LETTERS_PT),
                       buffer_string(&name), &style);
}
