/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/paper_private.h"

/* The last occurrence of `word`; the file's end is where the PDF's directory is. */
static const char *find_last(const struct buffer *pdf, const char *word)
{
        size_t length = strlen(word);

        for (size_t at = pdf->length >= length ? pdf->length - length + 1 : 0; at-- > 0;)
                if (memcmp(pdf->data + at, word, length) == 0)
                        return pdf->data + at;
        return NULL;
}

static long number_after(const struct buffer *pdf, const char *word)
{
        const char *at = find_last(pdf, word);

        return at ? strtol(at + strlen(word), NULL, 10) : -1;
}

/* Where the catalog's dictionary begins and ends, its << and >> included. */
static int catalog_find(const struct buffer *pdf, long object, const char **ret_start, size_t *ret_length)
{
        char head[32];
        const char *start, *end;

        snprintf(head, sizeof(head), "\n%ld 0 obj\n", object);
        start = find_last(pdf, head);
        if (!start)
                return -EIO;
        start += strlen(head);
        end = memmem(start, (size_t)(pdf->data + pdf->length - start), "endobj", 6);
        if (!end || strncmp(start, "<<", 2) != 0)
                return -EIO;
        *ret_start = start;
        *ret_length = (size_t)(end - start);
        return 0;
}

/* Appends the changed catalog, a directory of just that object, and a trailer that points back at the first. */
int pdf_set_language(struct buffer *pdf, const char *tag, struct error *error)
{
        long root = number_after(pdf, "/Root "), size = number_after(pdf, "/Size ");
        long info = number_after(pdf, "/Info "), previous = number_after(pdf, "startxref\n");
        CLEANUP(buffer_release) struct buffer update = BUFFER_INIT(64 * 1024);
        const char *catalog;
        size_t length, table;

        if (root < 0 || size < 0 || info < 0 || previous < 0 ||
            catalog_find(pdf, root, &catalog, &length) < 0)
                return error_say(error, -EIO, "La langue du document n’a pas pu être notée dans son PDF.",
                                 "The document's language could not be noted in its PDF.");
        buffer_format(&update, "%ld 0 obj\n<< /Lang (%s) /MarkInfo << /Marked true >>", root, tag);
        buffer_text(&update, " /ViewerPreferences << /DisplayDocTitle true >>");
        buffer_append(&update, catalog + 2, length - 2);
        buffer_text(&update, "endobj\n");
        table = pdf->length + update.length;
        buffer_format(&update, "xref\n%ld 1\n%010zu 00000 n \n", root, pdf->length);
        buffer_format(&update, "trailer\n<< /Size %ld /Root %ld 0 R /Info %ld 0 R /Prev %ld >>\n", size, root,
                      info, previous);
        buffer_format(&update, "startxref\n%zu\n%%%%EOF\n", table);
        buffer_append(pdf, update.data, update.length);
        if (update.overflow || pdf->overflow)
                return error_say(error, -E2BIG, "Le document dépasserait %d octets.",
                                 "The document would be larger than %d bytes.", PAPER_PDF_MAX);
        return 0;
}
