/* SPDX-License-Identifier: EUPL-1.2 */
/* Letters for the papers: DejaVu Sans, unhinted, one unit a point, the same on every surface. */
#pragma once

#include <cairo.h>
#include <pango/pango.h>
#include <stdbool.h>

/* A font map of its own, so that two threads may set papers and nothing stays behind. */
struct lettering {
        PangoFontMap *map;
        PangoContext *context;
};

void lettering_open(struct lettering *lettering, const char *language_tag);
void lettering_close(struct lettering *lettering);

enum lettering_align { LETTERING_LEFT, LETTERING_CENTER, LETTERING_RIGHT };

struct lettering_style {
        double points;
        bool bold;
        double grey;                /* 0 black to 1 white */
        enum lettering_align align; /* about x */
        double width;               /* cut with … beyond; 0 for no limit */
};

/* A layout of the text wrapped to `width` points (between words, within them where one is too long). g_object_unref. */
PangoLayout *lettering_layout(const struct lettering *lettering, const char *text, double points, bool bold,
                              double width);

/* One line with its top at y. Returns its width in points. `cairo` NULL only measures. */
double lettering_line(const struct lettering *lettering, cairo_t *cairo, double x, double y, const char *text,
                      const struct lettering_style *style);

/* Height of a line of this size. */
double lettering_height(const struct lettering *lettering, double points);
