/* SPDX-License-Identifier: EUPL-1.2 */
/* What the tests of the papers share: reading a PDF back with poppler's tools. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/file.h"

#define SUNDAY_MS 1584872100000 /* Sunday 22 March 2020, 11:15 in Paris */

/* Fontconfig keeps 288 bytes for the life of the process; everything else must be freed. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
        return "leak:libfontconfig\n";
}

/* Runs a command that reads `bytes` from the file named in place of %s; the caller frees its output. */
static inline char *test_pipe(const char *command, const char *bytes, size_t length)
{
        char path[] = "/tmp/garde-documents-XXXXXX", line[512];
        int fd = mkstemp(path);
        char *out = calloc(1, 1 << 20);
        size_t used;
        FILE *pipe;

        assert_true(fd >= 0);
        assert_non_null(out);
        assert_int_equal(write(fd, bytes, length), (ssize_t)length);
        close(fd);
        snprintf(line, sizeof(line), command, path);
        pipe = popen(line, "r");
        assert_non_null(pipe);
        used = fread(out, 1, (1 << 20) - 1, pipe);
        out[used] = '\0';
        assert_int_equal(pclose(pipe), 0);
        unlink(path);
        return out;
}

/* The PDF's text in reading order. No-break spaces are made plain, so that what is looked for can be typed. */
static inline char *test_pdf_text(const char *pdf, size_t length)
{
        char *text = test_pipe("pdftotext -layout -enc UTF-8 %s -", pdf, length);
        char *to = text;

        for (const char *from = text; *from;) {
                size_t skip = strncmp(from, "\xc2\xa0", 2) == 0       ? 2
                              : strncmp(from, "\xe2\x80\xaf", 3) == 0 ? 3
                                                                      : 0;

                *to++ = skip ? ' ' : *from;
                from += skip ? skip : 1;
        }
        *to = '\0';
        return text;
}

static inline int test_pdf_pages(const char *pdf, size_t length)
{
        CLEANUP(cleanup_free) char *info = test_pipe("pdfinfo %s", pdf, length);
        const char *pages = strstr(info, "Pages:");

        assert_non_null(pages);
        return atoi(pages + 6);
}

/* Each of the words, one after the other. */
static inline void test_in_order(const char *text, const char *const *words, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                const char *found = strstr(text, words[i]);

                if (!found) {
                        fprintf(stderr, "not found, or not in order: %s\n", words[i]);
                        fail();
                }
                text = found + strlen(words[i]);
        }
}

/* For those who want to look: GARDE_TEST_KEEP names a folder where the papers are kept. */
static inline void test_keep(const char *name, const char *bytes, size_t length)
{
        const char *folder = getenv("GARDE_TEST_KEEP");
        char path[4096];

        if (!folder)
                return;
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        assert_int_equal(file_write_atomic(path, bytes, length, 0644, NULL), 0);
}
