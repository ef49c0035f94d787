/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/paper.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "obligation/documents/code.h"
#include "obligation/documents/paper_private.h"

#define BODY_PT  10.5
#define SMALL_PT 7.6  /* header and footer */
#define QR_PT    50.0 /* 17.6 mm: at 41 modules 0.43 mm each, which telephones read at arm's length */

static void surface_destroy(cairo_surface_t **surface)
{
        if (*surface)
                cairo_surface_destroy(*surface);
}

static void context_destroy(cairo_t **cairo)
{
        if (*cairo)
                cairo_destroy(*cairo);
}

int paper_new(const struct paper_info *info, struct paper **ret_paper, struct error *error)
{
        struct paper *paper = calloc(1, sizeof(*paper));
        double side = info->compact ? 42 : 57;

        if (!paper)
                return error_say(error, -ENOMEM, "Mémoire insuffisante pour commencer un document.",
                                 "Out of memory while a document was begun.");
        paper->info = *info;
        paper->body = info->body_pt > 0 ? info->body_pt : BODY_PT;
        paper->left = side;
        paper->width = PAPER_WIDTH_PT - 2 * side;
        paper->top = info->compact ? 64 : 80;
        paper->bottom = PAPER_HEIGHT_PT - (info->compact ? 78 : 94);
        lettering_open(&paper->letters, info->language == LANGUAGE_EN ? "en-GB" : "fr-FR");
        *ret_paper = paper;
        return 0;
}

struct paper *paper_free(struct paper *paper)
{
        if (!paper)
                return NULL;
        for (size_t i = 0; i < paper->count; i++) {
                for (size_t j = 0; j < paper->blocks[i].cell_count; j++)
                        free(paper->blocks[i].cells[j].text);
                free(paper->blocks[i].code);
                free(paper->blocks[i].sheet);
        }
        free(paper->blocks);
        lettering_close(&paper->letters);
        free(paper);
        return NULL;
}

/* One line of the margin: left text cut where the right one begins. */
static void margin_line(struct paper *paper, cairo_t *cairo, double y, const char *left, bool bold,
                        const char *right)
{
        CLEANUP(cleanup_free) char *left_set = language_typeset(paper->info.language, left);
        CLEANUP(cleanup_free) char *right_set = language_typeset(paper->info.language, right);
        struct lettering_style style = {.points = SMALL_PT, .grey = 0.15, .align = LETTERING_RIGHT};
        double used;

        if (!left_set || !right_set)
                return;
        style.width = paper->width * 0.5;
        used = lettering_line(&paper->letters, cairo, paper->left + paper->width, y, right_set, &style);
        style.bold = bold;
        style.align = LETTERING_LEFT;
        style.width = paper->width - used - 12;
        lettering_line(&paper->letters, cairo, paper->left, y, left_set, &style);
}

static void margin_rule(const struct paper *paper, cairo_t *cairo, double y)
{
        cairo_set_source_rgb(cairo, 0, 0, 0);
        cairo_rectangle(cairo, paper->left, y, paper->width, 0.6);
        cairo_fill(cairo);
}

static void header_draw(struct paper *paper, cairo_t *cairo, unsigned page, unsigned pages, const char *sheet)
{
        CLEANUP(buffer_release) struct buffer title = BUFFER_INIT(4096);
        const struct paper_info *info = &paper->info;
        double y = paper->top - 42;
        char number[64];

        snprintf(number, sizeof(number), "page" NBSP "%u" NBSP "/" NBSP "%u", page, pages);
        margin_line(paper, cairo, y, info->structure ? info->structure : "", true, number);
        buffer_format(&title, "%s%s%s", info->title ? info->title : "", sheet ? " · " : "",
                      sheet ? sheet : "");
        margin_line(paper, cairo, y + 11, buffer_string(&title), false,
                    info->document_id ? info->document_id : "");
        margin_rule(paper, cairo, y + 24);
}

/* GARDE:<records>:<hash in capitals>: all in the QR alphanumeric set (ISO/IEC 18004), so the code stays small. */
static void qr_draw(const struct paper *paper, cairo_t *cairo, double left, double top, double size)
{
        char text[128];
        int used = snprintf(text, sizeof(text), "GARDE:%llu:", (unsigned long long)paper->info.journal_size);

        for (int i = 0; i < RECORD_HASH_SIZE; i++)
                used += snprintf(text + used, sizeof(text) - (size_t)used, "%02X",
                                 paper->info.journal_head[i]);
        code_draw(cairo, text, left, top, size);
}

static void head_text(const struct paper *paper, struct buffer *text)
{
        enum language language = paper->info.language;

        buffer_text(text, language_pick(language, "Journal scellé : tête ", "Sealed journal: head "));
        for (int i = 0; i < 8; i++)
                buffer_format(text, "%02x%s", paper->info.journal_head[i], i % 2 ? NBSP : "");
        buffer_text(text, "… · ");
        language_integer(text, language, (int64_t)paper->info.journal_size);
        buffer_text(text, language_pick(language,
                                        paper->info.journal_size > 1 ? " enregistrements" : " enregistrement",
                                        paper->info.journal_size == 1 ? " record" : " records"));
}

static void footer_draw(struct paper *paper, cairo_t *cairo)
{
        const struct paper_info *info = &paper->info;
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(1024);
        double y = paper->bottom + 10, qr = info->compact ? 43 : QR_PT;

        margin_rule(paper, cairo, y);
        buffer_text(&text, language_pick(info->language, "Imprimé le ", "Printed on "));
        language_moment(&text, info->language, info->zone, MOMENT_LONG, info->printed_ms);
        margin_line(paper, cairo, y + 6, buffer_string(&text), false, "");
        if (!info->journal_head)
                return;
        buffer_release(&text);
        head_text(paper, &text);
        margin_line(paper, cairo, y + 17, buffer_string(&text), false, "");
        margin_line(paper, cairo, y + 28,
                    language_pick(
                            info->language,
                            "Le code ci-contre porte la tête entière : elle prouve ce que le journal disait.",
                            "The code on the right holds the whole head: it proves what the journal said."),
                    false, "");
        qr_draw(paper, cairo, paper->left + paper->width - qr, y + 5, qr);
}

void paper_margins(struct paper *paper, cairo_t *cairo, unsigned page, unsigned pages, const char *sheet)
{
        header_draw(paper, cairo, page, pages, sheet);
        footer_draw(paper, cairo);
}

int paper_pages(struct paper *paper, unsigned *ret_pages, struct error *error)
{
        return paper_flow(paper, NULL, 0, ret_pages, error);
}

static cairo_status_t pdf_append(void *context, const unsigned char *data, unsigned length)
{
        struct buffer *pdf = context;

        buffer_append(pdf, data, length);
        return pdf->overflow ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void metadata_set(const struct paper *paper, cairo_surface_t *surface)
{
        const struct paper_info *info = &paper->info;
        char date[TIME_TEXT_SIZE];

        time_format(info->printed_ms, date);
        /* cairo reads no fractions of a second: "2020-03-22T10:15:00.000Z" loses its ".000". */
        if (strlen(date) > 20)
                memcpy(date + 19, "Z", 2);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, info->title ? info->title : "");
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR,
                                       info->structure ? info->structure : "");
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT,
                                       info->document_id ? info->document_id : "");
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Garde " GARDE_VERSION);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

/* Two passes: the first knows how many pages the second says there are. */
static int pdf_draw(struct paper *paper, struct buffer *pdf, struct error *error)
{
        CLEANUP(surface_destroy)
        cairo_surface_t *surface =
                cairo_pdf_surface_create_for_stream(pdf_append, pdf, PAPER_WIDTH_PT, PAPER_HEIGHT_PT);
        CLEANUP(context_destroy) cairo_t *cairo = cairo_create(surface);
        cairo_status_t status;
        unsigned pages;
        int r = paper_flow(paper, NULL, 0, &pages, error);

        if (r < 0)
                return r;
        metadata_set(paper, surface);
        r = paper_flow(paper, cairo, pages, &pages, error);
        if (r < 0)
                return r;
        cairo_show_page(cairo);
        cairo_surface_finish(surface);
        status = cairo_status(cairo);
        if (!status)
                status = cairo_surface_status(surface);
        if (pdf->overflow)
                return error_say(error, -E2BIG, "Le document dépasserait %d octets.",
                                 "The document would be larger than %d bytes.", PAPER_PDF_MAX);
        if (status)
                return error_say(error, status == CAIRO_STATUS_NO_MEMORY ? -ENOMEM : -EIO,
                                 "Le document n’a pas pu être dessiné : %s.",
                                 "The document could not be drawn: %s.", cairo_status_to_string(status));
        return 0;
}

int paper_render(struct paper *paper, char **ret_pdf, size_t *ret_length, struct error *error)
{
        CLEANUP(buffer_release) struct buffer pdf = BUFFER_INIT(PAPER_PDF_MAX);
        int r = pdf_draw(paper, &pdf, error);

        if (r == 0)
                r = pdf_set_language(&pdf, paper->info.language == LANGUAGE_EN ? "en" : "fr", error);
        if (r < 0)
                return r;
        *ret_length = pdf.length;
        *ret_pdf = STEAL_PTR(pdf.data);
        return 0;
}
