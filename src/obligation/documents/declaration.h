/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A declaration: the form of an obligation as people and machines receive it. The PDF is what a director signs
 * and posts or uploads; the text is what somebody reads out on the telephone when nothing else works (one short
 * numbered item after the other, no tables, at most 78 characters a line); the JSON is for programs. What is not
 * known says so in all three: CSP and GDPR 33(4) both let a declaration go out incomplete.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "flow/record.h"
#include "obligation/documents/language.h"
#include "obligation/form.h"

#define DECLARATION_PATH_SIZE 4096
#define DECLARATION_LINE_MAX  78 /* characters, not bytes */

/* What the paper carries beside the form. Everything is borrowed. */
struct declaration_seal {
        const char *zone;            /* IANA name, NULL for Europe/Paris */
        int64_t printed_ms;          /* wall clock */
        const uint8_t *journal_head; /* RECORD_HASH_SIZE bytes or NULL */
        uint64_t journal_size;
};

/* Bytes in memory; the caller frees *ret_…, which has a NUL beyond its length. -ENOMEM, -E2BIG, -EIO. */
int declaration_pdf(const struct form *form, const struct declaration_seal *seal, enum language language,
                    char **ret_pdf, size_t *ret_length, struct error *error);
int declaration_text(const struct form *form, const struct declaration_seal *seal, enum language language,
                     char **ret_text, size_t *ret_length, struct error *error);
int declaration_json(const struct form *form, const struct declaration_seal *seal, enum language language,
                     char **ret_json, size_t *ret_length, struct error *error);

struct declaration_paths {
        char pdf[DECLARATION_PATH_SIZE], json[DECLARATION_PATH_SIZE], text[DECLARATION_PATH_SIZE];
};

/*
 * Writes FOLDER/STEM.pdf, .json and .txt, each atomically, mode 0640 (they name people). The folder must exist.
 * -EINVAL when `stem` is empty or holds a slash, -ENAMETOOLONG, or what file_write_atomic() returns.
 */
int declaration_write(const struct form *form, const struct declaration_seal *seal, const char *folder,
                      const char *stem, enum language language, struct declaration_paths *ret_paths,
                      struct error *error);

/*
 * The same form to be filled in by hand: what the configuration says is printed, each question has its ticks or ruled lines.
 * `code` is the text of the QR code that matches the sheet with its incident ("garde:<incident>:<obligation>"), `catalogue` says
 * which answers there are.
 */
struct catalogue;
int declaration_blank_pdf(const struct form *form, const struct catalogue *catalogue,
                          const struct declaration_seal *seal, const char *code, enum language language,
                          char **ret_pdf, size_t *ret_length, struct error *error);

/* The same questions as part of another paper, under `heading`. */
struct paper;
void declaration_blank_add(struct paper *paper, const char *heading, const struct form *form,
                           const struct catalogue *catalogue, const char *code, enum language language);

/* One fact as a question to be answered by hand: boxes to tick, a ruled line, or so many lines for a sentence or two. */
struct fact_kind;
void declaration_blank_question(struct paper *paper, const struct fact_kind *kind, const char *label,
                                unsigned lines, enum language language);
