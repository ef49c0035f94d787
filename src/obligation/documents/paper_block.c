/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/paper_private.h"

#define LABEL_SHARE    0.36 /* of the width, for the label of a field */
#define GUTTER         10.0 /* points between columns */
#define LINES_TOGETHER 6    /* ruled lines that are one answer and stay on one page */
#define WORD_MAX       200  /* characters without a space, from which a word may be broken anywhere … */
#define WORD_STEP      16   /* … after so many */

static struct block *block_new(struct paper *paper)
{
        if (paper->failed)
                return NULL;
        if (paper->count == PAPER_BLOCKS_MAX) {
                paper->failed = -E2BIG;
                return NULL;
        }
        if (paper->count == paper->size) {
                size_t size = paper->size ? paper->size * 2 : 32;
                struct block *blocks = reallocarray(paper->blocks, size, sizeof(*blocks));

                if (!blocks) {
                        paper->failed = -ENOMEM;
                        return NULL;
                }
                paper->blocks = blocks;
                paper->size = size;
        }
        memset(&paper->blocks[paper->count], 0, sizeof(*paper->blocks));
        return &paper->blocks[paper->count++];
}

/*
 * Where a word is longer than any sentence's, places to break it are offered (U+200B): without them Pango tries
 * every letter of it for every line, 1.7 s for one of 32,000 letters.
 */
static char *words_loosen(struct paper *paper, const char *text)
{
        struct buffer out = BUFFER_INIT(2 * PAPER_TEXT_MAX + 64);
        size_t run = 0;

        for (const char *at = text; *at;) {
                size_t length = (size_t)(g_utf8_next_char(at) - at);

                run = *at == ' ' || *at == '\n' ? 0 : run + 1;
                if (run > WORD_MAX && run % WORD_STEP == 0)
                        buffer_text(&out, "\xe2\x80\x8b");
                buffer_append(&out, at, length);
                at += length;
        }
        if (!out.data)
                buffer_text(&out, "");
        if (!out.data || out.overflow) {
                buffer_release(&out);
                paper->failed = -ENOMEM;
        }
        return out.data;
}

/* A copy cut at PAPER_TEXT_MAX, on a character, and made fit for setting. */
static char *cell_text(struct paper *paper, const char *text)
{
        size_t length = text ? strnlen(text, PAPER_TEXT_MAX + 1) : 0;
        CLEANUP(cleanup_free) char *set = NULL;

        if (length <= PAPER_TEXT_MAX) {
                set = language_typeset(paper->info.language, text);
        } else {
                g_autofree char *start = g_strndup(text, PAPER_TEXT_MAX);
                g_autofree char *cut = NULL;

                length = PAPER_TEXT_MAX;
                while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
                        length--;
                start[length] = '\0';
                cut = g_strconcat(start, " …", NULL);
                set = language_typeset(paper->info.language, cut);
        }
        if (!set) {
                paper->failed = -ENOMEM;
                return NULL;
        }
        return words_loosen(paper, set);
}

/* A full-width cell at `left` points; its text may be NULL after a failure, and then is never laid out. */
static struct cell *cell_add(struct paper *paper, struct block *block, const char *text, double left)
{
        struct cell *cell = &block->cells[block->cell_count++];

        cell->text = cell_text(paper, text);
        cell->left = left;
        cell->width = paper->width - left;
        cell->points = paper->body;
        return cell;
}

static void cell_embolden(struct cell *cell)
{
        cell->bold_bytes = cell->text ? strlen(cell->text) : 0;
}

static double gap(const struct paper *paper, double points)
{
        return points * paper->body / 10.5 * (paper->info.compact ? 0.6 : 1);
}

void paper_heading(struct paper *paper, unsigned level, const char *text)
{
        static const double sizes[] = {1.62, 1.24, 1.07};
        static const double above[] = {4, 15, 9};
        static const double below[] = {8, 4, 3};
        static const char *const tags[] = {"H1", "H2", "H3"};
        unsigned index = level < 1 ? 0 : level > 3 ? 2 : level - 1;
        struct block *block = block_new(paper);
        struct cell *cell;

        if (!block)
                return;
        cell = cell_add(paper, block, text, 0);
        cell->points = paper->body * (paper->info.compact && index == 1 ? 1.12 : sizes[index]);
        cell_embolden(cell);
        block->tag = tags[index];
        block->before = gap(paper, above[index]);
        block->frame = index == 1 ? FRAME_RULE : FRAME_NONE;
        block->pad = index == 1 ? gap(paper, 2) : 0;
        block->keep = true;
        paper_gap(paper, below[index]);
}

void paper_paragraph(struct paper *paper, const char *text)
{
        struct block *block = block_new(paper);

        if (!block)
                return;
        cell_add(paper, block, text, 0);
        block->tag = "P";
        block->before = gap(paper, 5);
}

void paper_note(struct paper *paper, const char *text)
{
        struct block *block = block_new(paper);
        struct cell *cell;

        if (!block)
                return;
        cell = cell_add(paper, block, text, 0);
        cell->points = paper->body * 0.82;
        cell->grey = 0.2;
        block->tag = "P";
        block->before = gap(paper, 3);
}

static void field(struct paper *paper, const char *label, const char *value, double value_grey)
{
        struct block *block = block_new(paper);
        struct cell *name, *answer;

        if (!block)
                return;
        name = cell_add(paper, block, label, 0);
        name->width = paper->width * LABEL_SHARE - GUTTER;
        name->points = paper->body * 0.92;
        name->grey = 0.25;
        answer = cell_add(paper, block, value, paper->width * LABEL_SHARE);
        answer->grey = value_grey;
        block->tag = "P";
        block->frame = FRAME_RULE;
        block->pad = gap(paper, 2.6);
}

void paper_field(struct paper *paper, const char *label, const char *value)
{
        field(paper, label, value, 0);
}

void paper_field_unknown(struct paper *paper, const char *label, const char *value)
{
        field(paper, label, value, 0.42);
}

void paper_tick(struct paper *paper, bool ticked, const char *text)
{
        struct block *block = block_new(paper);

        if (!block)
                return;
        cell_add(paper, block, text, paper->body * 1.7);
        block->tag = "P";
        block->before = gap(paper, 4);
        block->frame = ticked ? FRAME_TICKED : FRAME_TICK;
}

void paper_step(struct paper *paper, const char *text, const char *detail)
{
        bool more = detail && *detail;
        g_autofree char *both = g_strconcat(text, more ? "\n" : "", more ? detail : "", NULL);
        struct cell *cell;

        paper_tick(paper, false, both);
        if (paper->failed)
                return;
        cell = &paper->blocks[paper->count - 1].cells[0];
        cell->bold_bytes = strcspn(cell->text, "\n");
}

void paper_notice(struct paper *paper, const char *title, const char *text)
{
        g_autofree char *both =
                g_strconcat(title ? title : "", title && text ? "\n" : "", text ? text : "", NULL);
        struct block *block = block_new(paper);
        struct cell *cell;

        if (!block)
                return;
        cell = cell_add(paper, block, both, 12);
        cell->width -= 10;
        if (title && cell->text)
                cell->bold_bytes = strcspn(cell->text, "\n");
        block->tag = "P";
        block->before = gap(paper, 7);
        block->pad = gap(paper, 7);
        block->frame = FRAME_BOX;
}

void paper_blank(struct paper *paper, const char *label)
{
        struct block *block = block_new(paper);
        struct cell *cell;

        if (!block)
                return;
        cell = cell_add(paper, block, label, 0);
        cell->width = paper->width * LABEL_SHARE - GUTTER;
        block->tag = "P";
        block->before = gap(paper, 13);
        block->frame = FRAME_BLANK;
        block->keep = true;
        block->alike = FRAME_BLANK;
}

void paper_lines(struct paper *paper, unsigned count)
{
        for (unsigned i = 0; i < count; i++) {
                struct block *block = block_new(paper);

                if (!block)
                        return;
                cell_add(paper, block, " ", 0);
                block->tag = "P";
                block->before = gap(paper, 8);
                block->frame = FRAME_LINE;
                block->keep = count <= LINES_TOGETHER;
                block->alike = FRAME_LINE;
        }
}

void paper_code(struct paper *paper, const char *code, const char *title, const char *text)
{
        struct block *block;

        paper_notice(paper, title, text);
        if (paper->failed)
                return;
        block = &paper->blocks[paper->count - 1];
        block->frame = FRAME_CODE;
        block->cells[0].width -= CODE_PT + 8;
        block->least = CODE_PT;
        block->code = strdup(code);
        if (!block->code)
                paper->failed = -ENOMEM;
}

void paper_page(struct paper *paper)
{
        struct block *block = block_new(paper);

        if (block)
                block->fresh = true;
}

void paper_sheet(struct paper *paper, const char *name, unsigned *page)
{
        struct block *block;

        paper_page(paper);
        if (paper->failed)
                return;
        block = &paper->blocks[paper->count - 1];
        block->sheet = strdup(name);
        block->page = page;
        if (!block->sheet)
                paper->failed = -ENOMEM;
}

void paper_gap(struct paper *paper, double points)
{
        struct block *block = block_new(paper);

        if (!block)
                return;
        block->height = gap(paper, points);
        /* A gap does not part what belongs together. */
        block->keep = paper->count > 1 && block[-1].keep;
        block->alike = block->keep ? block[-1].alike : FRAME_NONE;
}

/* Cells side by side by the shares of the columns, with a gutter between. */
static void table_cells(struct paper *paper, struct block *block, const char *const *texts, bool head)
{
        double sum = 0, left = 0;

        for (size_t i = 0; i < paper->column_count; i++)
                sum += paper->columns[i].share;
        for (size_t i = 0; i < paper->column_count; i++) {
                double width = paper->width * paper->columns[i].share / sum;
                struct cell *cell = cell_add(paper, block, texts[i], left);
                bool last = i + 1 == paper->column_count;

                cell->width = width - (last ? 2 : GUTTER * 0.7);
                cell->points = paper->body * (head ? 0.86 : 0.92);
                cell->right = paper->columns[i].right;
                if (head || paper->columns[i].bold)
                        cell_embolden(cell);
                left += width;
        }
        block->tag = "TR";
        block->pad = gap(paper, 2.4);
        block->frame = head ? FRAME_HEAD : FRAME_RULE;
}

void paper_table(struct paper *paper, const struct paper_column *columns, size_t count)
{
        const char *titles[PAPER_COLUMNS_MAX];
        struct block *block;
        bool titled = false;

        paper->head = 0;
        paper->column_count = count < PAPER_COLUMNS_MAX ? count : PAPER_COLUMNS_MAX;
        for (size_t i = 0; i < paper->column_count; i++) {
                paper->columns[i] = columns[i];
                paper->columns[i].title = NULL;
                titles[i] = columns[i].title;
                titled = titled || titles[i];
        }
        if (!titled || !(block = block_new(paper)))
                return;
        table_cells(paper, block, titles, true);
        block->keep = true;
        paper->head = paper->count;
}

void paper_row(struct paper *paper, const char *const *cells)
{
        struct block *block = paper->column_count ? block_new(paper) : NULL;

        if (!block)
                return;
        table_cells(paper, block, cells, false);
        block->head = paper->head;
}

void paper_table_end(struct paper *paper)
{
        paper->column_count = 0;
        paper->head = 0;
}

void paper_drawing(struct paper *paper, double height, const char *caption,
                   void (*draw)(void *context, cairo_t *cairo, double width, double height), void *context)
{
        struct block *block = block_new(paper);

        if (!block)
                return;
        block->before = gap(paper, 5);
        block->height = height;
        block->tag = "Figure";
        block->draw = draw;
        block->context = context;
        block->keep = caption != NULL;
        if (caption)
                paper_note(paper, caption);
}
