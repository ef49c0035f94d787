/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An A4 document: blocks in, a PDF out. Blocks are kept until paper_render(), which lays them out twice, the
 * first time to learn how many pages there are. A row of any block wraps, and breaks between lines where a page
 * ends, so no text is ever lost or set over other text. Every page says whose it is, which document, which page
 * of how many, when it was printed, and the journal's head with its QR code, so that a sheet found alone can
 * be traced (FIELD: heads leave the box on paper).
 *
 * Fonts are embedded (DejaVu Sans, package fonts-dejavu-core). Structure tags (ISO 32000-1, 14.8) and /Lang
 * are written for screen readers. The same input gives the same bytes.
 */
#pragma once

#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "flow/record.h"
#include "obligation/documents/language.h"

#define PAPER_WIDTH_PT    595.276 /* ISO 216 A4: 210 x 297 mm */
#define PAPER_HEIGHT_PT   841.890
#define PAPER_BLOCKS_MAX  4096
#define PAPER_COLUMNS_MAX 8
#define PAPER_PAGES_MAX   250
#define PAPER_TEXT_MAX    (64 * 1024)        /* bytes of one cell; longer text is cut with " …" */
#define PAPER_PDF_MAX     (32 * 1024 * 1024) /* bytes of a document */

/* Everything is borrowed and must live until paper_free(). */
struct paper_info {
        enum language language;
        const char *structure; /* the hospital's name */
        const char *title;
        const char *document_id;     /* "" or NULL when it has none */
        const char *zone;            /* IANA name, NULL for Europe/Paris */
        int64_t printed_ms;          /* wall clock; also the PDF's creation date */
        const uint8_t *journal_head; /* RECORD_HASH_SIZE bytes, NULL when not known */
        uint64_t journal_size;       /* records under that head */
        double body_pt;              /* 0 for 10.5; everything else scales with it */
        bool compact;                /* narrower margins and gaps, for one-page papers */
};

struct paper;

/* -ENOMEM. */
int paper_new(const struct paper_info *info, struct paper **ret_paper, struct error *error);
struct paper *paper_free(struct paper *paper); /* NULL */

/*
 * Adding blocks. Texts are copied and typeset (language_typeset). Failures (memory, PAPER_BLOCKS_MAX) are kept
 * and told by paper_render(). NULL texts are "".
 */
void paper_heading(struct paper *paper, unsigned level, const char *text); /* 1 to 3; never last on a page */
void paper_paragraph(struct paper *paper, const char *text);
void paper_note(struct paper *paper, const char *text); /* small */
void paper_field(struct paper *paper, const char *label, const char *value);
void paper_field_unknown(struct paper *paper, const char *label, const char *value); /* value in italics */
void paper_tick(struct paper *paper, bool ticked, const char *text);
/* A box to tick, what is to be done in bold, and how ("" or NULL: nothing more) beneath. */
void paper_step(struct paper *paper, const char *text, const char *detail);
void paper_notice(struct paper *paper, const char *title, const char *text); /* boxed */
void paper_blank(struct paper *paper,
                 const char *label); /* a ruled line to write on by hand; those in a row stay together */
void paper_gap(struct paper *paper, double points);
void paper_page(struct paper *paper); /* what follows begins on a new page */
/*
 * The same, and from there on each page says `name` beside the title, so that a sheet taken out of the whole is known.
 * `page` (NULL allowed) is borrowed until paper_free(): paper_pages() and paper_render() write there which page it is.
 */
void paper_sheet(struct paper *paper, const char *name, unsigned *page);
void paper_lines(struct paper *paper,
                 unsigned count); /* ruled lines as wide as the text; few stay together */
/* Boxed like a notice, with a QR code of `code` at its right, so that a sheet found alone can be matched. */
void paper_code(struct paper *paper, const char *code, const char *title, const char *text);

struct paper_column {
        const char *title; /* borrowed for the call; NULL for all means no header row */
        double share;      /* of the width; they are scaled to sum to one */
        bool right;        /* aligned right, for figures */
        bool bold;
};

/* Starts a table; its header row comes again on each page. `count` 1 to PAPER_COLUMNS_MAX. */
void paper_table(struct paper *paper, const struct paper_column *columns, size_t count);
/* One row of the table begun last; `cells` holds as many texts as it has columns. */
void paper_row(struct paper *paper, const char *const *cells);
void paper_table_end(struct paper *paper);

/*
 * A drawing `height` points high, as wide as the text, never broken; `caption` says below it in words what it
 * shows, also for those who cannot see it.
 * `draw` gets a context whose origin is the drawing's upper left corner, in points; `context` is borrowed.
 */
void paper_drawing(struct paper *paper, double height, const char *caption,
                   void (*draw)(void *context, cairo_t *cairo, double width, double height), void *context);

/* How many pages it takes, without drawing. Negative errno on failure. */
int paper_pages(struct paper *paper, unsigned *ret_pages, struct error *error);

/* The PDF; the caller frees. -ENOMEM, -E2BIG (caps above), -EIO (cairo). */
int paper_render(struct paper *paper, char **ret_pdf, size_t *ret_length, struct error *error);
