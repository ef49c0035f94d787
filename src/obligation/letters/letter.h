/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * letter: a template's words for one incident, and the press that sets them in type: A4 pages into one PDF that is written while it
 * grows, so that a batch of any size takes the memory of one letter. The address stands where the window of a French DL
 * envelope shows it (110 x 220 mm, window at the right, sheet folded in three at the marks). Each sheet says which letter of
 * which batch it is, and which page.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "obligation/letters/recipient.h"
#include "obligation/letters/template.h"

#define LETTER_PAGES_MAX 16 /* of one letter; what is beyond is refused */

struct letter_text {
        enum letter_part_kind kind;
        char *text;    /* owned */
        bool personal; /* holds fields of the recipient */
};

/* One language of a template, the same fields of all letters put in. */
struct letter_words {
        enum language language;
        char *subject, *closing; /* owned; closing may be NULL */
        struct letter_text *texts;
        size_t count;
};

/* What this part says, from what is known: its text, what it says otherwise, or NULL for nothing. */
const struct bitext *letter_part_text(const struct letter_part *part, template_value value, void *context);

/* "Madame,", "Dear Sir or Madam,"… by the civility of a table; "" for one that is not said. */
const char *letter_greeting(enum language language, const char *civility);

#define LETTER_HOLES_MAX 32

/* What is not known and leaves a mark: `blank` would be printed as "…", else the letter says less than it could. */
struct letter_hole {
        char field[TEMPLATE_FIELD_SIZE];
        bool blank;
};
/* Each field once, how many; what may be left out without a trace is no hole. */
size_t letter_holes(const struct letter_template *template, template_value value, void *context,
                    struct letter_hole ret_holes[static LETTER_HOLES_MAX]);

/* `value` as template_value, for this language. -ENOMEM. */
int letter_words_make(const struct letter_template *template, enum language language, template_value value,
                      void *context, struct letter_words *ret_words, struct error *error);
void letter_words_release(struct letter_words *words);

/* Borrowed until letter_press_close(). */
struct letter_house {
        const char *structure, *address, *contact; /* of the sender; "" where not known */
        const char *signer, *signer_role;
        const char *zone;
        const char *batch;     /* id printed on each sheet */
        const char *reference; /* the incident */
        int64_t dated_ms;
};

/*
 * The same words to nobody by name, for a mail that a person sends or a script reads: as plain text, the subject on its first line; or
 * as {"subject","parts":[{"kind":"text|heading|point","text"}],"closing"|null,"signer","signer_role","structure","dated",
 * "reference"}. The caller frees. -ENOMEM.
 */
int letter_text(const struct letter_words *words, const struct letter_house *house, char **ret_text,
                size_t *ret_length, struct error *error);
int letter_json(const struct letter_words *words, const struct letter_house *house, char **ret_text,
                size_t *ret_length, struct error *error);

struct letter_press;

/* Makes `path` anew, mode 0600. `words` holds LANGUAGE_COUNT; the letters are in `otherwise` when the recipient asks for none. */
int letter_press_open(const char *path, const struct letter_house *house, const struct letter_words *words,
                      enum language otherwise, struct letter_press **ret_press, struct error *error);
/* `recipient` NULL: no address. -E2BIG for a letter of too many pages, -EIO, -ENOSPC. */
int letter_press_add(struct letter_press *press, const struct recipient *recipient, unsigned long number,
                     unsigned *ret_pages, struct error *error);
/* Ends the file and has it on disk. */
int letter_press_close(struct letter_press *press, struct error *error);
/* Gives up: what was written stays as it is, for the caller to remove. */
void letter_press_abort(struct letter_press *press);
