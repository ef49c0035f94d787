/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "obligation/documents/report_private.h"

#define TITLE_MAX      120 /* characters of the incident's title */
#define BAND_PT        8.6 /* a measure's lane on the plot */
#define EXTRA_MAX      100.0
#define EXTRA_STEP     25.0
#define FILE_MODE      0640
#define PICTURE_WIDTH  760.0
#define PICTURE_HEIGHT 360.0

/* From all there is down to what always fits, whatever is in it. */
static const struct report_detail details[] = {
        {9.0, 150, 8, 12, 8, 8, 240}, {8.6, 145, 6, 12, 8, 8, 200}, {8.3, 140, 6, 12, 8, 8, 160},
        {8.0, 135, 5, 12, 8, 8, 130}, {7.5, 130, 4, 12, 6, 6, 110}, {7.2, 122, 3, 12, 5, 5, 64},
        {7.0, 118, 2, 12, 5, 4, 48},  {7.0, 112, 2, 10, 4, 4, 48},  {7.0, 108, 2, 8, 4, 4, 48},
        {7.0, 104, 2, 5, 3, 4, 48},   {7.0, 100, 2, 2, 2, 2, 40},
};

/* What the plot's callback needs. */
struct picture {
        struct plot plot;
        double extra; /* points of height, from what the rest leaves free */
        struct plot_mark marks[PLOT_MARK_COUNT];
        struct plot_band *bands;
        char (*labels)[96];
};

static void paper_close(struct paper **paper)
{
        paper_free(*paper);
}

static void picture_release(struct picture *picture)
{
        free(picture->bands);
        free(picture->labels);
}

char *report_cut(const char *text, size_t characters)
{
        struct buffer out = BUFFER_INIT(characters * 4 + 16);
        size_t at = 0;

        size_t space = 0;

        while (text && text[at] && characters > 0) {
                if (text[at] == ' ')
                        space = out.length;
                size_t start = at++;

                while (((unsigned char)text[at] & 0xc0) == 0x80)
                        at++;
                buffer_append(&out, text[start] == '\n' ? " " : text + start, at - start);
                characters--;
        }
        if (text && text[at]) {
                /* Between words, unless that would lose much. */
                if (text[at] != ' ' && space + 20 > out.length && space > 0)
                        out.data[out.length = space] = '\0';
                buffer_text(&out, " …");
        }
        if (!out.data)
                buffer_text(&out, "");
        return out.data;
}

static void marks_take(const struct incident_report *report, struct picture *picture)
{
        const int64_t times[PLOT_MARK_COUNT] = {
                [PLOT_MARK_DETECTED] = report->detected_ms,
                [PLOT_MARK_EFFECTIVE] = report->effective_ms,
                [PLOT_MARK_ENDED] = report->ended_ms,
                [PLOT_MARK_REOPENED] = report->reopened_ms,
        };

        for (int kind = 0; kind < PLOT_MARK_COUNT; kind++)
                if (times[kind])
                        picture->marks[picture->plot.mark_count++] =
                                (struct plot_mark){(enum plot_mark_kind)kind, times[kind]};
        picture->plot.marks = picture->marks;
}

/* A measure that still stands ends, on the picture, where the paper was printed. */
static int64_t band_end(const struct incident_report *report, const struct measure *measure)
{
        bool stands = measure->state == MEASURE_STATE_STANDING || measure->state == MEASURE_STATE_PROBATION;

        return stands && report->printed_ms < measure->until_ms ? report->printed_ms : measure->until_ms;
}

static int bands_take(const struct incident_report *report, const struct measure **measures,
                      enum language language, struct picture *picture)
{
        size_t count = report->measure_count;

        picture->bands = calloc(count + 1, sizeof(*picture->bands));
        picture->labels = calloc(count + 1, sizeof(*picture->labels));
        if (!picture->bands || !picture->labels)
                return -ENOMEM;
        for (size_t i = 0; i < count; i++) {
                const struct measure *measure = measures[i];

                if (measure->state == MEASURE_STATE_PROPOSED || measure->state == MEASURE_STATE_REFUSED)
                        continue;
                snprintf(picture->labels[i], sizeof(picture->labels[i]), "%zu. %s", i + 1,
                         report_measure_name(measure->kind, language));
                picture->bands[picture->plot.band_count++] =
                        (struct plot_band){measure->since_ms, band_end(report, measure), picture->labels[i]};
        }
        picture->plot.bands = picture->bands;
        return 0;
}

static int picture_make(const struct incident_report *report, const struct measure **measures,
                        enum language language, struct picture *ret_picture)
{
        ret_picture->plot = (struct plot){.language = language,
                                          .zone = report->zone,
                                          .points = report->points,
                                          .point_count = report->point_count};
        marks_take(report, ret_picture);
        return bands_take(report, measures, language, ret_picture);
}

static int compare_measures(const void *a, const void *b)
{
        const struct measure *x = *(const struct measure *const *)a, *y = *(const struct measure *const *)b;

        if (x->since_ms != y->since_ms)
                return x->since_ms > y->since_ms ? 1 : -1;
        return strcmp(x->id.text, y->id.text);
}

static const struct measure **measures_sort(const struct incident_report *report)
{
        const struct measure **sorted = calloc(report->measure_count + 1, sizeof(struct measure *));

        for (size_t i = 0; sorted && i < report->measure_count; i++)
                sorted[i] = &report->measures[i];
        if (sorted)
                qsort(sorted, report->measure_count, sizeof(*sorted), compare_measures);
        return sorted;
}

static void picture_draw(void *context, cairo_t *cairo, double width, double height)
{
        const struct picture *picture = context;

        plot_draw(&picture->plot, cairo, width, height);
}

static void page_fill(const struct report_sheet *sheet, struct picture *picture)
{
        const char *whole = language_text(sheet->language, &sheet->report->incident->title);
        CLEANUP(cleanup_free) char *title = report_cut(whole, TITLE_MAX);
        CLEANUP(cleanup_free) char *caption = plot_describe(&picture->plot);
        size_t bands = picture->plot.band_count < PLOT_BANDS_MAX ? picture->plot.band_count : PLOT_BANDS_MAX;

        paper_heading(sheet->paper, 1, title);
        report_story(sheet);
        report_figures(sheet);
        report_classes(sheet);
        paper_gap(sheet->paper, 6);
        if (picture->plot.point_count)
                paper_drawing(sheet->paper, sheet->detail->plot_pt + picture->extra + BAND_PT * (double)bands,
                              caption, picture_draw, picture);
        else
                paper_note(sheet->paper, caption);
        report_timeline(sheet);
        report_duties(sheet);
}

/* One try. 1 when it takes more than a page. With `ret_pdf` NULL it is only measured. */
static int page_try(struct report_sheet *sheet, struct picture *picture, char **ret_pdf, size_t *ret_length,
                    struct error *error)
{
        const struct incident_report *report = sheet->report;
        const struct paper_info info = {
                .language = sheet->language,
                .structure = report->structure,
                .title = SAY(sheet, "Rapport d’incident", "Incident report"),
                .document_id = report->document_id ? report->document_id : report->incident->id.text,
                .zone = report->zone,
                .printed_ms = report->printed_ms,
                .journal_head = report->journal_head,
                .journal_size = report->journal_size,
                .body_pt = sheet->detail->body_pt,
                .compact = true,
        };
        CLEANUP(paper_close) struct paper *paper = NULL;
        unsigned pages;
        int r = paper_new(&info, &paper, error);

        if (r < 0)
                return r;
        sheet->paper = paper;
        page_fill(sheet, picture);
        r = paper_pages(paper, &pages, error);
        if (r < 0 || pages > 1)
                return r < 0 ? r : 1;
        if (!ret_pdf)
                return 0;
        return paper_render(paper, ret_pdf, ret_length, error);
}

/* The plot takes what the rest leaves free, as long as all stays on the page. */
static int plot_grow(struct report_sheet *sheet, struct picture *picture, struct error *error)
{
        int r = 0;

        while (r == 0 && picture->extra < EXTRA_MAX) {
                picture->extra += EXTRA_STEP;
                r = page_try(sheet, picture, NULL, NULL, error);
        }
        if (r == 1)
                picture->extra -= EXTRA_STEP;
        return r < 0 ? r : 0;
}

int report_render(const struct incident_report *report, enum language language, char **ret_pdf,
                  size_t *ret_length, struct error *error)
{
        CLEANUP(cleanup_free) const struct measure **measures = measures_sort(report);
        CLEANUP(picture_release) struct picture picture = {0};
        struct report_sheet sheet = {.report = report, .language = language, .measures = measures};
        int r = measures ? picture_make(report, measures, language, &picture) : -ENOMEM;

        if (r < 0)
                return error_say(error, r, "Mémoire insuffisante pour composer le rapport d’incident.",
                                 "Out of memory while the incident report was put together.");
        for (size_t i = 0; i < ARRAY_LEN(details); i++) {
                sheet.detail = &details[i];
                r = page_try(&sheet, &picture, NULL, NULL, error);
                if (r == 1)
                        continue;
                if (r == 0)
                        r = plot_grow(&sheet, &picture, error);
                return r < 0 ? r : page_try(&sheet, &picture, ret_pdf, ret_length, error);
        }
        return error_say(error, -E2BIG, "Le rapport d’incident ne tient pas sur une page.",
                         "The incident report does not fit on one page.");
}

static int pictures_write(const struct incident_report *report, enum language language, const char *png,
                          const char *svg, struct error *error)
{
        CLEANUP(cleanup_free) const struct measure **measures = measures_sort(report);
        CLEANUP(picture_release) struct picture picture = {0};
        CLEANUP(cleanup_free) char *png_bytes = NULL;
        CLEANUP(cleanup_free) char *svg_bytes = NULL;
        size_t png_length, svg_length;
        int r = measures ? picture_make(report, measures, language, &picture) : -ENOMEM;

        if (r < 0)
                return error_say(error, r, "Mémoire insuffisante pour composer le graphique.",
                                 "Out of memory while the plot was put together.");
        r = plot_png(&picture.plot, PICTURE_WIDTH, PICTURE_HEIGHT, &png_bytes, &png_length, error);
        if (r == 0)
                r = plot_svg(&picture.plot, PICTURE_WIDTH, PICTURE_HEIGHT, &svg_bytes, &svg_length, error);
        if (r == 0)
                r = file_write_atomic(png, png_bytes, png_length, FILE_MODE, error);
        if (r == 0)
                r = file_write_atomic(svg, svg_bytes, svg_length, FILE_MODE, error);
        return r;
}

static int paths_make(const char *folder, const char *stem, enum language language,
                      struct report_paths *ret_paths, struct error *error)
{
        const char *traffic = language_pick(language, "trafic", "traffic");
        int pdf = snprintf(ret_paths->pdf, REPORT_PATH_SIZE, "%s/%s.pdf", folder, stem);
        int png = snprintf(ret_paths->png, REPORT_PATH_SIZE, "%s/%s-%s.png", folder, stem, traffic);
        int svg = snprintf(ret_paths->svg, REPORT_PATH_SIZE, "%s/%s-%s.svg", folder, stem, traffic);

        if (!*stem || strchr(stem, '/'))
                return error_say(
                        error, -EINVAL,
                        "Le nom de fichier d’un rapport ne peut ni être vide ni contenir une barre oblique.",
                        "A report's file name may not be empty nor hold a slash.");
        if (pdf < REPORT_PATH_SIZE && png < REPORT_PATH_SIZE && svg < REPORT_PATH_SIZE)
                return 0;
        return error_say(error, -ENAMETOOLONG, "Le chemin %.80s… d’un rapport est trop long.",
                         "The path %.80s… for a report is too long.", folder);
}

int report_write(const struct incident_report *report, const char *folder, const char *stem,
                 enum language language, struct report_paths *ret_paths, struct error *error)
{
        CLEANUP(cleanup_free) char *pdf = NULL;
        struct report_paths paths;
        size_t length;
        int r = paths_make(folder, stem, language, &paths, error);

        if (r == 0)
                r = report_render(report, language, &pdf, &length, error);
        if (r == 0)
                r = file_write_atomic(paths.pdf, pdf, length, FILE_MODE, error);
        if (r == 0)
                r = pictures_write(report, language, paths.png, paths.svg, error);
        if (r < 0)
                return r;
        *ret_paths = paths;
        return 0;
}
