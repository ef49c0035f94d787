/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * lexicon: all words that mean something in a name (of brands, own names, themes, and those that only look so) as one trie, and
 * the reading of a label as a row of them: "ameli-remboursement2020" is a brand, a theme and a number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lexicon_kind {
        LEXICON_OWN,   /* index: of the own name */
        LEXICON_BRAND, /* index: of the brand */
        LEXICON_THEME, /* index: of the theme */
        LEXICON_OTHER  /* a word that only contains one of the others */
};

struct lexicon;

struct lexicon *lexicon_new(void);                     /* NULL: out of memory */
struct lexicon *lexicon_free(struct lexicon *lexicon); /* NULL */
/* The first who takes a word has it, but a brand's word may be a theme's, too. 0, -ENOMEM, -E2BIG; other letters than a-z0-9- are skipped. */
int lexicon_add(struct lexicon *lexicon, const char *word, enum lexicon_kind kind, uint16_t index);

#define READING_WORDS_MAX 32

struct reading_word {
        uint8_t at, length;
        uint8_t kind;     /* enum lexicon_kind */
        bool left, right; /* nothing unread on that side: the end, a hyphen, a digit, another word */
        uint16_t index;
        uint16_t theme; /* a brand's word that is a theme's, too; LEXICON_NO_THEME */
};
#define LEXICON_NO_THEME UINT16_MAX

struct reading {
        struct reading_word words[READING_WORDS_MAX];
        size_t count;
        size_t unread; /* letters that belong to no word; hyphens and digits do not count */
};

/* The reading that leaves least unread in the longest words. At most 127 octets are read. */
void lexicon_read(const struct lexicon *lexicon, const char *label, size_t length,
                  struct reading *ret_reading);

/* Lengths of the words that stand at the start of `label`; how many (8 at most). */
size_t lexicon_heads(const struct lexicon *lexicon, const char *label, size_t length,
                     uint8_t ret_lengths[static 8], struct reading_word ret_words[static 8]);
