/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/html.h"
#include "hub/closing.h"

#define HTML_MAX (16 * 1024 * 1024)

static const char *side(const json_t *object, const char *key, enum language language)
{
        const char *text = json_string_value(
                json_object_get(json_object_get(object, key), language_pick(language, "fr", "en")));

        return text ? text : "";
}

static void row_time(struct buffer *text, const json_t *row, const struct press_house *house)
{
        const char *at = json_string_value(json_object_get(row, "at"));
        int64_t ms;

        if (at && !time_parse(at, &ms))
                language_moment(text, house->language, house->zone, MOMENT_SHORT, ms);
}

static bool is_empty(const json_t *section)
{
        return !json_array_size(json_object_get(section, "rows")) &&
               !json_is_object(json_object_get(section, "text"));
}

static void add_section(struct paper *paper, const json_t *section, const struct press_house *house)
{
        const struct paper_column columns[] = {{.share = 1.7}, {.share = 7}};
        const json_t *row;
        size_t index;

        if (is_empty(section))
                return;
        paper_heading(paper, 2, side(section, "title", house->language));
        if (json_is_object(json_object_get(section, "text")))
                paper_paragraph(paper, side(section, "text", house->language));
        paper_table(paper, columns, ARRAY_LEN(columns));
        json_array_foreach(json_object_get(section, "rows"), index, row)
        {
                CLEANUP(buffer_release) struct buffer at = BUFFER_INIT(256);

                row_time(&at, row, house);
                paper_row(paper,
                          (const char *const[]){buffer_string(&at), side(row, "text", house->language)});
        }
        paper_table_end(paper);
}

static const char *title_of(const json_t *report, enum language language)
{
        if (json_is_true(json_object_get(report, "handover")))
                return language_pick(language, "Feuille de relève", "Handover sheet");
        return json_is_true(json_object_get(report, "redacted"))
                       ? language_pick(language, "Compte rendu public de l’incident",
                                       "Public account of the incident")
                       : language_pick(language, "Retour d’expérience", "Closing report");
}

int closing_pdf(const json_t *report, const struct press_house *house, char **ret_bytes, size_t *ret_length,
                struct error *error)
{
        const char *title = title_of(report, house->language);
        const struct paper_info info =
                press_info(house, title, json_string_value(json_object_get(report, "incident")));
        const json_t *section;
        struct paper *paper;
        size_t index;
        int r = paper_new(&info, &paper, error);

        if (r)
                return r;
        paper_heading(paper, 1, title);
        paper_paragraph(paper, side(report, "title", house->language));
        json_array_foreach(json_object_get(report, "sections"), index, section)
                add_section(paper, section, house);
        if (json_is_true(json_object_get(report, "handover"))) {
                paper_heading(paper, 2, language_pick(house->language, "Relève", "Handover"));
                paper_blank(paper, language_pick(house->language, "Sortant (nom, heure, signature)",
                                                 "Going (name, time, signature)"));
                paper_blank(paper, language_pick(house->language, "Entrant (nom, heure, signature)",
                                                 "Coming (name, time, signature)"));
                paper_heading(paper, 3,
                              language_pick(house->language, "À dire de vive voix", "To be said aloud"));
                paper_lines(paper, 3);
        }
        r = paper_render(paper, ret_bytes, ret_length, error);
        paper_free(paper);
        return r;
}

/* ---- HTML ---- */

static void html_section(struct buffer *out, const json_t *section, const struct press_house *house)
{
        const json_t *row;
        size_t index;

        if (is_empty(section))
                return;
        buffer_text(out, "<section><h2>");
        html_text(out, side(section, "title", house->language));
        buffer_text(out, "</h2>\n");
        if (json_is_object(json_object_get(section, "text"))) {
                buffer_text(out, "<p>");
                html_text(out, side(section, "text", house->language));
                buffer_text(out, "</p>\n");
        }
        buffer_text(out, "<ul>\n");
        json_array_foreach(json_object_get(section, "rows"), index, row)
        {
                CLEANUP(buffer_release) struct buffer at = BUFFER_INIT(256);

                row_time(&at, row, house);
                buffer_text(out, "<li>");
                if (at.length) {
                        buffer_text(out, "<time>");
                        html_text(out, buffer_string(&at));
                        buffer_text(out, "</time> ");
                }
                html_text(out, side(row, "text", house->language));
                buffer_text(out, "</li>\n");
        }
        buffer_text(out, "</ul></section>\n");
}

static void html_head(struct buffer *out, const json_t *report, const struct press_house *house)
{
        const char *title = title_of(report, house->language);

        buffer_format(out,
                      "<!doctype html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                      "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width, "
                      "initial-scale=1\">\n<title>",
                      language_pick(house->language, "fr", "en"));
        html_text(out, title);
        buffer_text(out,
                    "</title>\n<style>body{font:1.05rem/1.5 sans-serif;max-width:46rem;margin:2rem auto;"
                    "padding:0 1rem;color:#111;background:#fff}h1{line-height:1.2}h2{margin-top:2rem;"
                    "border-bottom:1px solid #555}time{font-variant-numeric:tabular-nums;font-weight:600}"
                    "li{margin:.3rem 0;overflow-wrap:anywhere}</style></head>\n<body><main>\n<p>");
        html_text(out, house->structure);
        buffer_text(out, "</p>\n<h1>");
        html_text(out, title);
        buffer_text(out, "</h1>\n<p>");
        html_text(out, side(report, "title", house->language));
        buffer_text(out, "</p>\n");
}

int closing_html(const json_t *report, const struct press_house *house, char **ret_bytes, size_t *ret_length,
                 struct error *error)
{
        struct buffer out = BUFFER_INIT(HTML_MAX);
        const json_t *section;
        size_t index;

        html_head(&out, report, house);
        json_array_foreach(json_object_get(report, "sections"), index, section)
                html_section(&out, section, house);
        buffer_text(&out, "</main></body></html>\n");
        if (out.overflow) {
                buffer_release(&out);
                return error_say(error, -E2BIG, "le compte rendu est trop long", "the report is too long");
        }
        *ret_length = out.length;
        *ret_bytes = out.data;
        return 0;
}
