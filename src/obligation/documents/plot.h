/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The traffic of an incident as a picture: time across (local), packets a second upwards. Legitimate traffic
 * that passed, attack that passed and what was dropped differ in colour (Okabe and Ito 2008, colour-blind
 * safe), in lightness and in hatch, so a grey print reads the same. Linear and stacked while one scale shows all;
 * logarithmic and overlaid when the peak is more than 40 times the usual. Where a point is narrower than the
 * pen, the highest of its neighbours is drawn, so no peak is lost.
 */
#pragma once

#include <cairo.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "obligation/documents/language.h"

#define PLOT_POINTS_MAX (1024 * 1024)
#define PLOT_BANDS_MAX  12 /* more are left out, and the plot says how many */
#define PLOT_MARKS_MAX  8

struct plot_point {
        int64_t t_ms;          /* wall clock, start of the interval; ascending */
        double legitimate_pps; /* packets/s of normal traffic that passed */
        double attack_pps;     /* packets/s of the attack that passed */
        double dropped_pps;    /* packets/s dropped, whoever sent them */
};

/* A measure that stood. */
struct plot_band {
        int64_t from_ms, until_ms;
        const char *label; /* borrowed, short */
};

/* X(name, French, English). */
#define PLOT_MARKS(X)                                                                                        \
        X(DETECTED, "détectée", "detected")                                                                  \
        X(EFFECTIVE, "contenue", "contained")                                                                \
        X(ENDED, "fin de l’attaque", "attack ends")                                                          \
        X(REOPENED, "tout rouvert", "all reopened")
#define PLOT_MARK_ENUM(name, fr, en) PLOT_MARK_##name,
enum plot_mark_kind { PLOT_MARKS(PLOT_MARK_ENUM) PLOT_MARK_COUNT };

struct plot_mark {
        enum plot_mark_kind kind;
        int64_t at_ms;
};

enum plot_scale { PLOT_SCALE_AUTO, PLOT_SCALE_LINEAR, PLOT_SCALE_LOG };

/* Everything is borrowed. */
struct plot {
        enum language language;
        const char *zone; /* IANA name, NULL for Europe/Paris */
        enum plot_scale scale;
        const struct plot_point *points;
        size_t point_count; /* 0 draws the frame and says that nothing was measured */
        const struct plot_band *bands;
        size_t band_count;
        const struct plot_mark *marks;
        size_t mark_count;
};

/* Within 0,0 to width,height of `cairo`, in points; restores the context's state. At least 200 x 120. */
void plot_draw(const struct plot *plot, cairo_t *cairo, double width, double height);

/* What the plot shows, in a sentence, for those who cannot see it. The caller frees; NULL when out of memory. */
char *plot_describe(const struct plot *plot);

/* Files in memory; the caller frees. Width and height in points; PNG has two pixels a point. -ENOMEM, -EIO. */
int plot_png(const struct plot *plot, double width, double height, char **ret_png, size_t *ret_length,
             struct error *error);
int plot_svg(const struct plot *plot, double width, double height, char **ret_svg, size_t *ret_length,
             struct error *error);
