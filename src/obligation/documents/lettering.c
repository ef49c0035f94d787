/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/lettering.h"

#include <math.h>
#include <pango/pangocairo.h>

#include "base/cleanup.h"

#define FAMILY "DejaVu Sans"

static void layout_unref(PangoLayout **layout)
{
        if (*layout)
                g_object_unref(*layout);
}

void lettering_open(struct lettering *lettering, const char *language_tag)
{
        cairo_font_options_t *options = cairo_font_options_create();

        /* Hinting fits letters to pixels; on paper it would make the same text break differently. */
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
        lettering->map = pango_cairo_font_map_new();
        pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(lettering->map), 72);
        lettering->context = pango_font_map_create_context(lettering->map);
        pango_cairo_context_set_font_options(lettering->context, options);
        pango_context_set_language(lettering->context, pango_language_from_string(language_tag));
        pango_context_set_round_glyph_positions(lettering->context, FALSE);
        cairo_font_options_destroy(options);
}

void lettering_close(struct lettering *lettering)
{
        g_clear_object(&lettering->context);
        g_clear_object(&lettering->map);
}

/* A hash or an address broken between two lines must not gain a hyphen it does not have. */
static void no_hyphens(PangoLayout *layout)
{
        PangoAttrList *attributes = pango_attr_list_new();

        pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
        pango_layout_set_attributes(layout, attributes);
        pango_attr_list_unref(attributes);
}

PangoLayout *lettering_layout(const struct lettering *lettering, const char *text, double points, bool bold,
                              double width)
{
        PangoLayout *layout = pango_layout_new(lettering->context);
        PangoFontDescription *font = pango_font_description_new();

        pango_font_description_set_family_static(font, FAMILY);
        pango_font_description_set_absolute_size(font, points * PANGO_SCALE);
        pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        pango_layout_set_font_description(layout, font);
        pango_font_description_free(font);
        pango_layout_set_text(layout, text, -1);
        no_hyphens(layout);
        if (width > 0) {
                pango_layout_set_width(layout, (int)floor(width * PANGO_SCALE));
                pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
        }
        return layout;
}

double lettering_line(const struct lettering *lettering, cairo_t *cairo, double x, double y, const char *text,
                      const struct lettering_style *style)
{
        CLEANUP(layout_unref)
        PangoLayout *layout = lettering_layout(lettering, text, style->points, style->bold, style->width);
        PangoRectangle box;
        double width;

        pango_layout_set_single_paragraph_mode(layout, TRUE);
        if (style->width > 0)
                pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        else
                pango_layout_set_width(layout, -1);
        pango_layout_get_extents(layout, NULL, &box);
        width = (double)box.width / PANGO_SCALE;
        if (!cairo)
                return width;
        /* A right-to-left line stands at the right of its width; box.x takes it back. */
        x -= (double)box.x / PANGO_SCALE;
        if (style->align != LETTERING_LEFT)
                x -= style->align == LETTERING_RIGHT ? width : width / 2;
        cairo_set_source_rgb(cairo, style->grey, style->grey, style->grey);
        cairo_move_to(cairo, x, y);
        pango_cairo_show_layout(cairo, layout);
        return width;
}

double lettering_height(const struct lettering *lettering, double points)
{
        CLEANUP(layout_unref) PangoLayout *layout = lettering_layout(lettering, "Éy", points, false, 0);
        PangoRectangle box;

        pango_layout_get_extents(layout, NULL, &box);
        return (double)box.height / PANGO_SCALE;
}
