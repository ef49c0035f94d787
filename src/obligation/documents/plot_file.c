/* SPDX-License-Identifier: EUPL-1.2 */
#include <cairo-svg.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/plot_private.h"

#define FILE_MAX   (32 * 1024 * 1024)
#define SIDE_MAX   4000.0 /* points */
#define PNG_PIXELS 2.0    /* a point */

static cairo_status_t append(void *context, const unsigned char *data, unsigned length)
{
        struct buffer *file = context;

        buffer_append(file, data, length);
        return file->overflow ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static int status_error(cairo_status_t status, struct error *error)
{
        if (!status)
                return 0;
        return error_say(error, status == CAIRO_STATUS_NO_MEMORY ? -ENOMEM : -EIO,
                         "Le graphique n’a pas pu être dessiné : %s.", "The plot could not be drawn: %s.",
                         cairo_status_to_string(status));
}

static int side_check(double width, double height, struct error *error)
{
        if (width >= 200 && width <= SIDE_MAX && height >= 120 && height <= SIDE_MAX)
                return 0;
        return error_say(error, -EINVAL,
                         "Un graphique mesure de 200 à %.0f points de large et de 120 à %.0f de haut.",
                         "A plot is 200 to %.0f points wide and 120 to %.0f high.", SIDE_MAX, SIDE_MAX);
}

/* Letters, lines and the end of the surface; both files take this way. */
static int surface_draw(const struct plot *plot, cairo_surface_t *surface, double width, double height,
                        double scale, struct error *error)
{
        cairo_t *cairo = cairo_create(surface);
        cairo_status_t status;

        cairo_set_source_rgb(cairo, 1, 1, 1);
        cairo_paint(cairo);
        cairo_scale(cairo, scale, scale);
        plot_draw(plot, cairo, width, height);
        status = cairo_status(cairo);
        cairo_destroy(cairo);
        return status_error(status, error);
}

int plot_png(const struct plot *plot, double width, double height, char **ret_png, size_t *ret_length,
             struct error *error)
{
        CLEANUP(buffer_release) struct buffer file = BUFFER_INIT(FILE_MAX);
        cairo_surface_t *surface;
        int r = side_check(width, height, error);

        if (r < 0)
                return r;
        surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width * PNG_PIXELS),
                                             (int)ceil(height * PNG_PIXELS));
        r = surface_draw(plot, surface, width, height, PNG_PIXELS, error);
        if (r == 0)
                r = status_error(cairo_surface_write_to_png_stream(surface, append, &file), error);
        cairo_surface_destroy(surface);
        if (r < 0)
                return r;
        *ret_length = file.length;
        *ret_png = STEAL_PTR(file.data);
        return 0;
}

int plot_svg(const struct plot *plot, double width, double height, char **ret_svg, size_t *ret_length,
             struct error *error)
{
        CLEANUP(buffer_release) struct buffer file = BUFFER_INIT(FILE_MAX);
        cairo_surface_t *surface;
        int r = side_check(width, height, error);

        if (r < 0)
                return r;
        surface = cairo_svg_surface_create_for_stream(append, &file, width, height);
        r = surface_draw(plot, surface, width, height, 1, error);
        cairo_surface_finish(surface);
        if (r == 0)
                r = status_error(cairo_surface_status(surface), error);
        cairo_surface_destroy(surface);
        if (r < 0)
                return r;
        *ret_length = file.length;
        *ret_svg = STEAL_PTR(file.data);
        return 0;
}

struct extremes {
        double peak, dropped, low, high; /* packets/s; of legitimate traffic the lowest and highest */
};

static struct extremes extremes(const struct plot *plot)
{
        struct extremes found = {.low = INFINITY};

        for (size_t i = 0; i < plot->point_count && i < PLOT_POINTS_MAX; i++) {
                const struct plot_point *point = &plot->points[i];
                double legitimate = plot_tame(point->legitimate_pps), dropped = plot_tame(point->dropped_pps);

                found.peak = fmax(found.peak, legitimate + dropped + plot_tame(point->attack_pps));
                found.dropped = fmax(found.dropped, dropped);
                found.low = fmin(found.low, legitimate);
                found.high = fmax(found.high, legitimate);
        }
        return found;
}

static void describe_fr(const struct plot *plot, const struct extremes *found, struct buffer *text)
{
        language_rounded(text, LANGUAGE_FR, found->peak);
        buffer_text(text, " paquets par seconde au plus haut, dont jusqu’à ");
        language_rounded(text, LANGUAGE_FR, found->dropped);
        buffer_text(text, " écartés ; le trafic légitime passé a varié de ");
        language_rounded(text, LANGUAGE_FR, found->low);
        buffer_text(text, " à ");
        language_rounded(text, LANGUAGE_FR, found->high);
        buffer_text(text, " paquets par seconde.");
}

static void describe_en(const struct plot *plot, const struct extremes *found, struct buffer *text)
{
        language_rounded(text, LANGUAGE_EN, found->peak);
        buffer_text(text, " packets a second at the highest, of which up to ");
        language_rounded(text, LANGUAGE_EN, found->dropped);
        buffer_text(text, " were dropped; legitimate traffic that passed went from ");
        language_rounded(text, LANGUAGE_EN, found->low);
        buffer_text(text, " to ");
        language_rounded(text, LANGUAGE_EN, found->high);
        buffer_text(text, " packets a second.");
}

char *plot_describe(const struct plot *plot)
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(2048);
        enum language language = plot->language;
        struct extremes found = extremes(plot);

        if (!plot->point_count)
                return strdup(language_pick(language, "Le trafic n’a pas été enregistré.",
                                            "No traffic was recorded."));
        buffer_text(&text, language_pick(language, "Trafic de ", "Traffic from "));
        language_moment(&text, language, plot->zone, MOMENT_SECOND, plot->points[0].t_ms);
        buffer_text(&text, language_pick(language, " à ", " to "));
        language_moment(&text, language, plot->zone, MOMENT_SECOND, plot->points[plot->point_count - 1].t_ms);
        buffer_text(&text, language_pick(language, " : ", ": "));
        if (language == LANGUAGE_EN)
                describe_en(plot, &found, &text);
        else
                describe_fr(plot, &found, &text);
        return language_typeset(language, buffer_string(&text));
}
