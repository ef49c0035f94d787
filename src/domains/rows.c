/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

struct rows {
        const char *text; /* mapped; NULL when empty */
        size_t length;
        uint64_t present;
};

/* ---- one row ---- */

static bool take_number(const char **at, const char *end, uint32_t *ret_number)
{
        uint64_t number = 0;
        const char *from = *at;

        while (*at < end && **at >= '0' && **at <= '9' && *at - from < 10)
                number = number * 10 + (uint64_t)(*(*at)++ - '0');
        if (*at == from || *at == end || **at != '\t' || number > UINT32_MAX)
                return false;
        (*at)++;
        *ret_number = (uint32_t)number;
        return true;
}

static bool take_flags(const char **at, const char *end, struct row *row)
{
        row->present = row->below = false;
        for (; *at < end && **at != '\t'; (*at)++) {
                if (**at == 'p')
                        row->present = true;
                else if (**at == 'b')
                        row->below = true;
                else
                        return false;
        }
        return (*at)++ < end;
}

static bool row_parse(const char *line, size_t length, struct row *ret_row)
{
        const char *end = line + length, *tab = memchr(line, '\t', length), *at;
        struct row row;

        if (!tab || tab == line || tab - line > NAME_LENGTH_MAX)
                return false;
        row.name = line;
        row.name_length = (size_t)(tab - line);
        at = tab + 1;
        if (!take_flags(&at, end, &row) || !take_number(&at, end, &row.first) ||
            !take_number(&at, end, &row.last))
                return false;
        row.why = at;
        row.why_length = (size_t)(end - at);
        if (row.why_length >= LIST_WHY_SIZE)
                return false;
        *ret_row = row;
        return true;
}

int row_write(FILE *out, const struct row *row)
{
        int written = fprintf(out, "%.*s\t%s%s\t%u\t%u\t%.*s\n", (int)row->name_length, row->name,
                              row->present ? "p" : "", row->below ? "b" : "", row->first, row->last,
                              (int)row->why_length, row->why);

        return written < 0 ? -EIO : 0;
}

static int compare(const char *a, size_t a_length, const char *b, size_t b_length)
{
        int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

        return order ? order : (a_length > b_length) - (a_length < b_length);
}

int row_compare(const struct row *a, const struct row *b)
{
        return compare(a->name, a->name_length, b->name, b->name_length);
}

/* ---- a file of them ---- */

static int map(struct rows *rows, const char *path, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
        struct stat status;
        void *text;

        if (fd < 0 && errno == ENOENT)
                return 0;
        if (fd < 0 || fstat(fd, &status))
                return error_say(error, -errno, "%s : %m", "%s: %m", path);
        if (!status.st_size)
                return 0;
        text = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (text == MAP_FAILED)
                return error_say(error, -errno, "%s : %m", "%s: %m", path);
        rows->text = text;
        rows->length = (size_t)status.st_size;
        return 0;
}

/* All in order and whole: else a search would miss what stands there. */
static int look_through(struct rows *rows, const char *path, struct error *error)
{
        struct row row, last = {.name = "", .name_length = 0};
        size_t at = 0;
        uint64_t line = 1;

        for (; at < rows->length; line++) {
                if (!rows_next(rows, &at, &row) ||
                    compare(last.name, last.name_length, row.name, row.name_length) >= 0)
                        return error_say(error, -EINVAL, "%s, ligne %llu : abîmée ou pas à sa place",
                                         "%s, line %llu: damaged or out of order", path,
                                         (unsigned long long)line);
                rows->present += row.present;
                last = row;
        }
        return 0;
}

int rows_open(const char *path, struct rows **ret_rows, struct error *error)
{
        struct rows *rows = calloc(1, sizeof(*rows));
        int r;

        if (!rows)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        r = map(rows, path, error);
        if (!r)
                r = look_through(rows, path, error);
        if (r) {
                rows_close(rows);
                return r;
        }
        *ret_rows = rows;
        return 0;
}

struct rows *rows_close(struct rows *rows)
{
        if (rows && rows->text)
                munmap((void *)rows->text, rows->length);
        free(rows);
        return NULL;
}

uint64_t rows_present(const struct rows *rows)
{
        return rows->present;
}

bool rows_next(const struct rows *rows, size_t *at, struct row *ret_row)
{
        const char *line = rows->text + *at, *end;

        if (*at >= rows->length)
                return false;
        end = memchr(line, '\n', rows->length - *at);
        if (!end || !row_parse(line, (size_t)(end - line), ret_row))
                return false;
        *at += (size_t)(end - line) + 1;
        return true;
}

/* The start of the line that holds this octet. */
static size_t line_start(const struct rows *rows, size_t at)
{
        const char *before = at ? memrchr(rows->text, '\n', at) : NULL;

        return before ? (size_t)(before - rows->text) + 1 : 0;
}

bool rows_find(const struct rows *rows, const char *name, struct row *ret_row)
{
        size_t low = 0, high = rows->length, length = strlen(name); /* both are starts of lines */
        struct row row;

        while (low < high) {
                size_t start = line_start(rows, low + (high - low) / 2), next = start;
                int order;

                if (start < low || !rows_next(rows, &next, &row))
                        return false;
                order = compare(row.name, row.name_length, name, length);
                if (!order) {
                        *ret_row = row;
                        return true;
                }
                if (order < 0)
                        low = next;
                else
                        high = start;
        }
        return false;
}

/* ---- a heap of them ---- */

struct heap_row {
        uint64_t name : 40, name_length : 8, below : 1,
                why_length : 8; /* name: where it stands in the texts, why behind it */
};

struct row_heap {
        char *texts;
        size_t length, size;
        struct heap_row *rows;
        size_t count, room;
        uint32_t day;
};

int row_heap_new(struct row_heap **ret_heap, struct error *error)
{
        *ret_heap = calloc(1, sizeof(**ret_heap));
        return *ret_heap ? 0 : error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

struct row_heap *row_heap_free(struct row_heap *heap)
{
        if (heap) {
                free(heap->texts);
                free(heap->rows);
        }
        free(heap);
        return NULL;
}

static int make_room(struct row_heap *heap, size_t bytes)
{
        if (heap->length + bytes > heap->size) {
                size_t size = 2 * heap->size + 65536;
                char *texts = realloc(heap->texts, size);

                if (!texts)
                        return -ENOMEM;
                heap->texts = texts;
                heap->size = size;
        }
        if (heap->count == heap->room) {
                size_t room = 2 * heap->room + 1024;
                struct heap_row *rows = reallocarray(heap->rows, room, sizeof(*rows));

                if (!rows)
                        return -ENOMEM;
                heap->rows = rows;
                heap->room = room;
        }
        return 0;
}

int row_heap_add(struct row_heap *heap, const struct list_entry *entry, uint32_t day)
{
        size_t why = strlen(entry->why);
        int r = make_room(heap, entry->name.length + why);

        if (r)
                return r;
        heap->day = day;
        heap->rows[heap->count++] = (struct heap_row){.name = heap->length & ((1ULL << 40) - 1),
                                                      .name_length = entry->name.length,
                                                      .below = entry->below,
                                                      .why_length = (uint8_t)why};
        memcpy(heap->texts + heap->length, entry->name.text, entry->name.length);
        memcpy(heap->texts + heap->length + entry->name.length, entry->why, why);
        heap->length += entry->name.length + why;
        return 0;
}

static int compare_rows(const void *a, const void *b, void *texts)
{
        const struct heap_row *first = a, *second = b;
        int order = compare((char *)texts + first->name, first->name_length, (char *)texts + second->name,
                            second->name_length);

        /* Of doubles the first one's reason is kept. */
        return order ? order : (first->name > second->name) - (first->name < second->name);
}

size_t row_heap_sort(struct row_heap *heap)
{
        size_t kept = 0;

        if (heap->count)
                qsort_r(heap->rows, heap->count, sizeof(*heap->rows), compare_rows, heap->texts);
        for (size_t i = 0; i < heap->count; i++) {
                struct heap_row *row = &heap->rows[i], *last = kept ? &heap->rows[kept - 1] : NULL;

                if (last && !compare(heap->texts + last->name, last->name_length, heap->texts + row->name,
                                     row->name_length))
                        last->below |= row->below;
                else
                        heap->rows[kept++] = *row;
        }
        heap->count = kept;
        return kept;
}

void row_heap_at(const struct row_heap *heap, size_t index, struct row *ret_row)
{
        const struct heap_row *row = &heap->rows[index];

        *ret_row = (struct row){.name = heap->texts + row->name,
                                .name_length = row->name_length,
                                .present = true,
                                .below = row->below,
                                .first = heap->day,
                                .last = heap->day,
                                .why = heap->texts + row->name + row->name_length,
                                .why_length = row->why_length};
}
