/* SPDX-License-Identifier: EUPL-1.2 */
/* What the three parts of a paper share: its blocks (paper_block.c), their flow over pages (paper_flow.c). */
#pragma once

#include "obligation/documents/lettering.h"
#include "obligation/documents/paper.h"

enum frame {
        FRAME_NONE,
        FRAME_RULE,   /* a hairline below */
        FRAME_HEAD,   /* grey ground, for table heads */
        FRAME_BOX,    /* a box with a thick left edge */
        FRAME_TICK,   /* an empty box before the text */
        FRAME_TICKED, /* a ticked one */
        FRAME_BLANK,  /* a line to write on, right of the label */
        FRAME_LINE,   /* a line to write on, as wide as the text */
        FRAME_CODE,   /* a box with a QR code at its right */
};

#define CODE_PT 56.0 /* 19.8 mm */

struct cell {
        char *text;         /* owned, typeset */
        double left, width; /* points, from the left edge of the text */
        double points;      /* letter size */
        size_t bold_bytes;  /* of the beginning */
        double grey;
        bool right;
};

struct block {
        enum frame frame;
        const char *tag; /* ISO 32000-1, 14.8.4: "P", "H1", "TR" … */
        struct cell cells[PAPER_COLUMNS_MAX];
        size_t cell_count; /* 0 for a gap or a drawing */
        double before;     /* points left free above, save at the top of a page */
        double pad;        /* points within the frame, above and below */
        double height;     /* of a gap or a drawing */
        double least;      /* points that a row is high at least */
        char *code;        /* owned; of FRAME_CODE */
        bool fresh;        /* begins a page */
        char *sheet;       /* of a fresh one: what pages say from there on; owned */
        unsigned *page;    /* of a fresh one: where its number goes; borrowed */
        bool keep;         /* with the next block … */
        enum frame alike;  /* … if that has this frame; FRAME_NONE: whatever it is */
        size_t head;       /* 1 + index of the table's head row; 0 for none */
        void (*draw)(void *context, cairo_t *cairo, double width, double height);
        void *context;
};

struct paper {
        struct paper_info info;
        struct lettering letters;
        double body;        /* points of body letters */
        double left, width; /* of the text, points */
        double top, bottom; /* of the text on each page */
        struct block *blocks;
        size_t count, size;
        struct paper_column columns[PAPER_COLUMNS_MAX]; /* of the table begun last; titles not kept */
        size_t column_count;
        size_t head; /* as in struct block, of the table begun last */
        int failed;  /* first failure while adding */
};

/* Draws header and footer of one page; `sheet` stands beside the title, NULL for nothing. */
void paper_margins(struct paper *paper, cairo_t *cairo, unsigned page, unsigned pages, const char *sheet);

/* Lays all blocks out over pages; draws when `cairo` is not NULL. `pages` is what each page says of the whole. */
int paper_flow(struct paper *paper, cairo_t *cairo, unsigned pages, unsigned *ret_pages, struct error *error);

/*
 * Says in the catalog that the document is tagged, its language, and that its title names the window: an
 * incremental update (ISO 32000-1, 7.5.6 and 14.8.1), for cairo 1.16 has no call for it.
 */
int pdf_set_language(struct buffer *pdf, const char *tag, struct error *error);
