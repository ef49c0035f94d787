/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <pango/pangocairo.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "obligation/documents/code.h"
#include "obligation/documents/paper_private.h"

#define WHOLE_SHARE 0.3 /* a row lower than this share of a page goes to the next page rather than break */
#define KEEP_CHAIN  12  /* blocks that may hang together */

struct line {
        PangoLayoutLine *line;              /* of the layout */
        double left, top, bottom, baseline; /* points, within the cell */
};

/* A cell laid out: the lines still to be set begin at `next`. */
struct setting {
        PangoLayout *layout;
        struct line *lines;
        size_t count, next;
};

struct row {
        const struct block *block;
        struct setting settings[PAPER_COLUMNS_MAX];
        double height; /* of the highest cell */
};

struct flow {
        struct paper *paper;
        cairo_t *cairo; /* NULL when only counting */
        unsigned page, pages;
        const char *sheet; /* what pages say beside the title; NULL at first */
        double y;
        bool table; /* the Table tag is open */
};

static void row_release(struct row *row)
{
        for (size_t i = 0; i < PAPER_COLUMNS_MAX; i++) {
                g_clear_object(&row->settings[i].layout);
                free(row->settings[i].lines);
        }
}

static int setting_lines(struct setting *setting)
{
        PangoLayoutIter *iter = pango_layout_get_iter(setting->layout);

        setting->lines =
                calloc((size_t)pango_layout_get_line_count(setting->layout), sizeof(*setting->lines));
        if (!setting->lines) {
                pango_layout_iter_free(iter);
                return -ENOMEM;
        }
        do {
                struct line *line = &setting->lines[setting->count++];
                PangoRectangle box;

                pango_layout_iter_get_line_extents(iter, NULL, &box);
                line->line = pango_layout_iter_get_line_readonly(iter);
                line->left = (double)box.x / PANGO_SCALE;
                line->top = (double)box.y / PANGO_SCALE;
                line->bottom = (double)(box.y + box.height) / PANGO_SCALE;
                line->baseline = (double)pango_layout_iter_get_baseline(iter) / PANGO_SCALE;
        } while (pango_layout_iter_next_line(iter));
        pango_layout_iter_free(iter);
        return 0;
}

static int setting_make(const struct paper *paper, const struct cell *cell, struct setting *setting)
{
        PangoAttribute *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);

        setting->layout = lettering_layout(&paper->letters, cell->text, cell->points, false, cell->width);
        pango_layout_set_alignment(setting->layout, cell->right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
        bold->start_index = 0;
        bold->end_index = (guint)cell->bold_bytes;
        pango_attr_list_insert(pango_layout_get_attributes(setting->layout), bold);
        pango_layout_context_changed(setting->layout);
        return setting_lines(setting);
}

/* Letters of different sizes stand on one line: all cells are moved down to the lowest first baseline. */
static void row_align(struct row *row)
{
        double baseline = 0;

        for (size_t i = 0; i < row->block->cell_count; i++)
                if (row->settings[i].lines[0].baseline > baseline)
                        baseline = row->settings[i].lines[0].baseline;
        for (size_t i = 0; i < row->block->cell_count; i++) {
                struct setting *setting = &row->settings[i];
                double shift = baseline - setting->lines[0].baseline;

                for (size_t j = 0; j < setting->count; j++) {
                        setting->lines[j].top += j ? shift : 0;
                        setting->lines[j].bottom += shift;
                        setting->lines[j].baseline += shift;
                }
                if (setting->lines[setting->count - 1].bottom > row->height)
                        row->height = setting->lines[setting->count - 1].bottom;
        }
}

static int row_make(const struct paper *paper, const struct block *block, struct row *row)
{
        row->block = block;
        for (size_t i = 0; i < block->cell_count; i++) {
                int r = setting_make(paper, &block->cells[i], &row->settings[i]);

                if (r < 0)
                        return r;
        }
        row_align(row);
        if (row->height < block->least)
                row->height = block->least;
        return 0;
}

static void tag_begin(struct flow *flow, const char *tag)
{
        bool in_table = tag[0] == 'T';

        if (!flow->cairo)
                return;
        if (flow->table && !in_table)
                cairo_tag_end(flow->cairo, "Table");
        if (!flow->table && in_table)
                cairo_tag_begin(flow->cairo, "Table", "");
        flow->table = in_table;
        cairo_tag_begin(flow->cairo, tag, "");
}

static void tag_end(struct flow *flow, const char *tag)
{
        if (flow->cairo)
                cairo_tag_end(flow->cairo, tag);
}

static int page_begin(struct flow *flow, struct error *error)
{
        if (flow->page == PAPER_PAGES_MAX)
                return error_say(error, -E2BIG, "Le document dépasse %d pages.",
                                 "The document is longer than %d pages.", PAPER_PAGES_MAX);
        if (flow->cairo && flow->table)
                cairo_tag_end(flow->cairo, "Table");
        flow->table = false;
        if (flow->cairo && flow->page > 0)
                cairo_show_page(flow->cairo);
        flow->page++;
        flow->y = flow->paper->top;
        if (flow->cairo)
                paper_margins(flow->paper, flow->cairo, flow->page, flow->pages, flow->sheet);
        return 0;
}

static void tick_draw(const struct flow *flow, double top, bool ticked)
{
        double size = flow->paper->body * 0.86, left = flow->paper->left + 1,
               y = top + flow->paper->body * 0.18;

        cairo_rectangle(flow->cairo, left, y, size, size);
        cairo_set_line_width(flow->cairo, 0.8);
        cairo_stroke(flow->cairo);
        if (!ticked)
                return;
        cairo_set_line_width(flow->cairo, 1.6);
        cairo_move_to(flow->cairo, left + size * 0.18, y + size * 0.5);
        cairo_line_to(flow->cairo, left + size * 0.42, y + size * 0.78);
        cairo_line_to(flow->cairo, left + size * 0.86, y + size * 0.16);
        cairo_stroke(flow->cairo);
}

static void rule_draw(cairo_t *cairo, double left, double width, double y, double thickness, double grey)
{
        cairo_set_source_rgb(cairo, grey, grey, grey);
        cairo_rectangle(cairo, left, y - thickness / 2, width, thickness);
        cairo_fill(cairo);
}

/* What stands behind the letters of a row, or of the part of it that fits on this page. */
static void frame_draw(const struct flow *flow, const struct block *block, double top, double height,
                       bool first)
{
        const struct paper *paper = flow->paper;
        cairo_t *cairo = flow->cairo;

        cairo_save(cairo);
        cairo_set_source_rgb(cairo, 0, 0, 0);
        switch (block->frame) {
        case FRAME_NONE:
                break;
        case FRAME_RULE:
                rule_draw(cairo, paper->left, paper->width, top + height, 0.5,
                          block->tag[0] == 'H' ? 0 : 0.72);
                break;
        case FRAME_HEAD:
                rule_draw(cairo, paper->left - 2, paper->width + 4, top + height / 2, height, 0.91);
                rule_draw(cairo, paper->left - 2, paper->width + 4, top + height, 0.8, 0);
                break;
        case FRAME_BOX:
                cairo_set_line_width(cairo, 0.8);
                cairo_rectangle(cairo, paper->left, top, paper->width, height);
                cairo_stroke(cairo);
                rule_draw(cairo, paper->left, 4, top + height / 2, height, 0);
                break;
        case FRAME_CODE:
                cairo_set_line_width(cairo, 0.8);
                cairo_rectangle(cairo, paper->left, top, paper->width, height);
                cairo_stroke(cairo);
                if (first)
                        code_draw(cairo, block->code, paper->left + paper->width - CODE_PT - block->pad,
                                  top + block->pad, CODE_PT);
                break;
        case FRAME_LINE:
                rule_draw(cairo, paper->left, paper->width, top + height, 0.6, 0.35);
                break;
        case FRAME_TICK:
        case FRAME_TICKED:
                if (first)
                        tick_draw(flow, top, block->frame == FRAME_TICKED);
                break;
        case FRAME_BLANK:
                rule_draw(cairo, paper->left + paper->width * 0.36, paper->width * 0.64, top + height, 0.6,
                          0.2);
                break;
        }
        cairo_restore(cairo);
}

/* How many of a cell's lines from `next` on fit into `room`, and how high they are together. */
static size_t lines_within(const struct setting *setting, double room, double *ret_height)
{
        double start = setting->next < setting->count ? setting->lines[setting->next].top : 0;
        size_t count = 0;

        *ret_height = 0;
        for (size_t i = setting->next; i < setting->count; i++, count++) {
                if (setting->lines[i].bottom - start > room)
                        break;
                *ret_height = setting->lines[i].bottom - start;
        }
        return count;
}

static void lines_draw(const struct flow *flow, const struct cell *cell, const struct setting *setting,
                       size_t count, double top)
{
        double start = count ? setting->lines[setting->next].top : 0;

        cairo_set_source_rgb(flow->cairo, cell->grey, cell->grey, cell->grey);
        for (size_t i = 0; i < count; i++) {
                const struct line *line = &setting->lines[setting->next + i];

                cairo_move_to(flow->cairo, flow->paper->left + cell->left + line->left,
                              top + line->baseline - start);
                pango_cairo_show_layout_line(flow->cairo, line->line);
        }
}

/* Sets what fits of the row into `room`; true when all of it is set. */
static bool row_part(struct flow *flow, struct row *row, double room, bool force)
{
        const struct block *block = row->block;
        double height = 0, inner = room - 2 * block->pad;
        size_t counts[PAPER_COLUMNS_MAX] = {0};
        bool first = row->settings[0].next == 0, all = true, any = false;

        for (size_t i = 0; i < block->cell_count; i++) {
                double cell_height;

                counts[i] = lines_within(&row->settings[i], inner, &cell_height);
                any = any || counts[i] > 0;
                height = cell_height > height ? cell_height : height;
        }
        if (!any && !force)
                return false;
        /* A letter higher than a page cannot be; still, something must be set for the flow to end. */
        for (size_t i = 0; i < block->cell_count && !any; i++)
                counts[i] = row->settings[i].next < row->settings[i].count;
        if (height < block->least)
                height = block->least;
        tag_begin(flow, block->tag);
        if (flow->cairo)
                frame_draw(flow, block, flow->y, height + 2 * block->pad, first);
        for (size_t i = 0; i < block->cell_count; i++) {
                const char *tag = block->frame == FRAME_HEAD ? "TH" : "TD";

                if (counts[i] && block->tag[0] == 'T')
                        tag_begin(flow, tag);
                if (flow->cairo)
                        lines_draw(flow, &block->cells[i], &row->settings[i], counts[i],
                                   flow->y + block->pad);
                if (counts[i] && block->tag[0] == 'T')
                        tag_end(flow, tag);
                row->settings[i].next += counts[i];
                all = all && row->settings[i].next == row->settings[i].count;
        }
        tag_end(flow, block->tag);
        flow->y += height + 2 * block->pad;
        return all;
}

/* On the new page the table's head comes first. */
static int page_break(struct flow *flow, const struct block *block, struct error *error)
{
        CLEANUP(row_release) struct row head = {0};
        int r = page_begin(flow, error);

        if (r < 0 || !block->head)
                return r;
        r = row_make(flow->paper, &flow->paper->blocks[block->head - 1], &head);
        if (r < 0)
                return r;
        row_part(flow, &head, flow->paper->bottom - flow->y, true);
        return 0;
}

/* A row so low goes to the next page rather than break. */
static bool is_low(const struct paper *paper, double height)
{
        return height < (paper->bottom - paper->top) * WHOLE_SHARE;
}

static int row_set(struct flow *flow, const struct block *block, struct error *error)
{
        CLEANUP(row_release) struct row row = {0};
        const struct paper *paper = flow->paper;
        bool fresh;
        int r = row_make(paper, block, &row);

        if (r < 0)
                return r;
        if (flow->y > paper->top)
                flow->y += block->before;
        if (flow->y + row.height + 2 * block->pad > paper->bottom && is_low(paper, row.height)) {
                r = page_break(flow, block, error);
                if (r < 0)
                        return r;
        }
        fresh = flow->y <= paper->top;
        while (!row_part(flow, &row, paper->bottom - flow->y, fresh)) {
                r = page_break(flow, block, error);
                if (r < 0)
                        return r;
                fresh = true;
        }
        return 0;
}

static void figure_set(struct flow *flow, const struct block *block)
{
        if (flow->cairo) {
                tag_begin(flow, block->tag);
                cairo_save(flow->cairo);
                cairo_translate(flow->cairo, flow->paper->left, flow->y);
                cairo_rectangle(flow->cairo, 0, 0, flow->paper->width, block->height);
                cairo_clip(flow->cairo);
                block->draw(block->context, flow->cairo, flow->paper->width, block->height);
                cairo_restore(flow->cairo);
                tag_end(flow, block->tag);
        }
        flow->y += block->height;
}

/* What a block needs so as not to be torn from what it hangs on: all of it, or two lines of a last one that may break. */
static int block_need(const struct paper *paper, const struct block *block, bool last, double *ret_height)
{
        CLEANUP(row_release) struct row row = {0};
        double two = paper->body * 2.6;
        int r;

        *ret_height = block->before + block->height;
        if (!block->cell_count)
                return 0;
        r = row_make(paper, block, &row);
        if (r < 0)
                return r;
        *ret_height += 2 * block->pad + (last && !is_low(paper, row.height) ? two : row.height);
        return 0;
}

static bool is_gap(const struct block *block)
{
        return !block->cell_count && !block->draw && !block->fresh;
}

/* Whether a block stays on the page of the one behind it. */
static bool holds(const struct paper *paper, size_t index)
{
        const struct block *block = &paper->blocks[index];
        size_t next = index + 1;

        while (next < paper->count && is_gap(&paper->blocks[next]))
                next++;
        if (!block->keep || next == paper->count || paper->blocks[next].fresh)
                return false;
        return !block->alike || paper->blocks[next].frame == block->alike;
}

/* A heading goes to the next page with what it heads. */
static int chain_break(struct flow *flow, size_t index, struct error *error)
{
        const struct paper *paper = flow->paper;
        double sum = 0;

        if (!holds(paper, index) || flow->y <= paper->top || (index > 0 && holds(paper, index - 1)))
                return 0;
        for (size_t i = index; i < paper->count && i < index + KEEP_CHAIN; i++) {
                double need;
                int r = block_need(paper, &paper->blocks[i], !holds(paper, i), &need);

                if (r < 0)
                        return r;
                sum += need;
                if (!holds(paper, i))
                        break;
        }
        if (flow->y + sum <= paper->bottom || sum > paper->bottom - paper->top)
                return 0;
        return page_begin(flow, error);
}

static int fresh_set(struct flow *flow, const struct block *block, struct error *error)
{
        int r;

        if (block->sheet)
                flow->sheet = block->sheet;
        r = flow->y > flow->paper->top ? page_begin(flow, error) : 0;
        if (!r && block->page)
                *block->page = flow->page;
        return r;
}

static int block_set(struct flow *flow, size_t index, struct error *error)
{
        const struct block *block = &flow->paper->blocks[index];
        int r = chain_break(flow, index, error);

        if (r < 0)
                return r;
        if (block->fresh)
                return fresh_set(flow, block, error);
        if (block->cell_count)
                return row_set(flow, block, error);
        if (!block->draw) {
                if (flow->y > flow->paper->top)
                        flow->y += block->height;
                return 0;
        }
        if (flow->y > flow->paper->top)
                flow->y += block->before;
        if (flow->y + block->height > flow->paper->bottom && flow->y > flow->paper->top) {
                r = page_begin(flow, error);
                if (r < 0)
                        return r;
        }
        figure_set(flow, block);
        return 0;
}

int paper_flow(struct paper *paper, cairo_t *cairo, unsigned pages, unsigned *ret_pages, struct error *error)
{
        struct flow flow = {.paper = paper, .cairo = cairo, .pages = pages};
        int r;

        if (paper->failed)
                return paper->failed == -E2BIG
                               ? error_say(error, -E2BIG, "Le document a plus de parties qu’il n’est admis.",
                                           "The document has more parts than a paper may have.")
                               : error_say(error, paper->failed,
                                           "Mémoire insuffisante pour composer un document.",
                                           "Out of memory while a document was put together.");
        r = page_begin(&flow, error);
        for (size_t i = 0; r == 0 && i < paper->count; i++)
                r = block_set(&flow, i, error);
        if (r < 0)
                return r;
        if (cairo && flow.table)
                cairo_tag_end(cairo, "Table");
        *ret_pages = flow.page;
        return 0;
}
