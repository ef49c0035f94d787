/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/lexicon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define SYMBOLS   37
#define NODES_MAX 60000
#define TEXT_MAX  127
#define NO_WORD   0

struct lexicon_word {
        uint8_t kind;
        uint16_t index;
        uint16_t theme;
};

struct lexicon_node {
        uint16_t next[SYMBOLS]; /* 0: none */
        uint16_t word;          /* 0: none; else number + 1 */
};

struct lexicon {
        struct lexicon_node *nodes; /* the first is the root */
        size_t node_count, node_size;
        struct lexicon_word *words;
        size_t word_count;
};

struct lexicon *lexicon_new(void)
{
        struct lexicon *lexicon = calloc(1, sizeof(*lexicon));

        if (!lexicon)
                return NULL;
        lexicon->node_size = 256;
        lexicon->nodes = calloc(lexicon->node_size, sizeof(*lexicon->nodes));
        lexicon->node_count = 1;
        return lexicon->nodes ? lexicon : lexicon_free(lexicon);
}

struct lexicon *lexicon_free(struct lexicon *lexicon)
{
        if (lexicon) {
                free(lexicon->nodes);
                free(lexicon->words);
        }
        free(lexicon);
        return NULL;
}

static int symbol(char c)
{
        if (c >= 'a' && c <= 'z')
                return c - 'a';
        if (c >= '0' && c <= '9')
                return 26 + c - '0';
        return c == '-' ? 36 : -1;
}

static int add_node(struct lexicon *lexicon, uint16_t *ret_node)
{
        if (lexicon->node_count == NODES_MAX)
                return -E2BIG;
        if (lexicon->node_count == lexicon->node_size) {
                struct lexicon_node *nodes =
                        reallocarray(lexicon->nodes, lexicon->node_size * 2, sizeof(*nodes));

                if (!nodes)
                        return -ENOMEM;
                memset(nodes + lexicon->node_size, 0, lexicon->node_size * sizeof(*nodes));
                lexicon->nodes = nodes;
                lexicon->node_size *= 2;
        }
        *ret_node = (uint16_t)lexicon->node_count++;
        return 0;
}

static int set_word(struct lexicon *lexicon, uint16_t node, enum lexicon_kind kind, uint16_t index)
{
        struct lexicon_word *words;
        uint16_t *slot = &lexicon->nodes[node].word;

        if (*slot != NO_WORD) {
                struct lexicon_word *word = &lexicon->words[*slot - 1];

                if (kind == LEXICON_THEME && word->theme == LEXICON_NO_THEME)
                        word->theme = index;
                return 0;
        }
        words = reallocarray(lexicon->words, lexicon->word_count + 1, sizeof(*words));
        if (!words)
                return -ENOMEM;
        lexicon->words = words;
        words[lexicon->word_count++] =
                (struct lexicon_word){(uint8_t)kind, index, kind == LEXICON_THEME ? index : LEXICON_NO_THEME};
        *slot = (uint16_t)lexicon->word_count;
        return 0;
}

int lexicon_add(struct lexicon *lexicon, const char *word, enum lexicon_kind kind, uint16_t index)
{
        uint16_t node = 0;

        for (const char *at = word; *at; at++) {
                int r, next = symbol(*at);

                if (next < 0)
                        continue;
                if (!lexicon->nodes[node].next[next]) {
                        uint16_t made = 0;

                        r = add_node(lexicon, &made);
                        if (r)
                                return r;
                        lexicon->nodes[node].next[next] = made;
                }
                node = lexicon->nodes[node].next[next];
        }
        return node ? set_word(lexicon, node, kind, index) : 0;
}

/* ---- reading ---- */

struct step {
        uint32_t value;
        uint16_t word;  /* 0: this letter is unread */
        uint8_t length; /* of the word, or 1 */
};

/* A longer word is worth more than two that make it up; a short one little, since it stands in everything. */
static uint32_t worth(size_t length)
{
        return (uint32_t)(length * length);
}

/* From the end to the start: what is best from here on. */
static void choose(const struct lexicon *lexicon, const char *label, size_t length, struct step *steps)
{
        steps[length] = (struct step){0};
        for (size_t at = length; at-- > 0;) {
                uint16_t node = 0;

                steps[at] = (struct step){.value = steps[at + 1].value, .length = 1};
                for (size_t end = at; end < length; end++) {
                        int next = symbol(label[end]);

                        node = next < 0 ? 0 : lexicon->nodes[node].next[next];
                        if (!node)
                                break;
                        if (lexicon->nodes[node].word == NO_WORD)
                                continue;
                        uint32_t value = worth(end + 1 - at) + steps[end + 1].value;
                        if (value > steps[at].value)
                                steps[at] = (struct step){value, lexicon->nodes[node].word,
                                                          (uint8_t)(end + 1 - at)};
                }
        }
}

static bool is_gap(char c)
{
        return c == '-' || (c >= '0' && c <= '9');
}

static void add_word(const struct lexicon *lexicon, const char *label, size_t at, const struct step *step,
                     bool after_word, struct reading *reading)
{
        const struct lexicon_word *word = &lexicon->words[step->word - 1];

        reading->words[reading->count++] =
                (struct reading_word){.at = (uint8_t)at,
                                      .length = step->length,
                                      .kind = word->kind,
                                      .index = word->index,
                                      .theme = word->theme,
                                      .left = at == 0 || after_word || is_gap(label[at - 1])};
}

void lexicon_read(const struct lexicon *lexicon, const char *label, size_t length,
                  struct reading *ret_reading)
{
        struct step steps[TEXT_MAX + 1];
        bool after_word = false;

        length = length < TEXT_MAX ? length : TEXT_MAX;
        ret_reading->count = ret_reading->unread = 0;
        choose(lexicon, label, length, steps);
        for (size_t at = 0; at < length; at += steps[at].length) {
                bool is_word = steps[at].word != NO_WORD && ret_reading->count < READING_WORDS_MAX;

                if (after_word)
                        ret_reading->words[ret_reading->count - 1].right = is_word || is_gap(label[at]);
                if (is_word)
                        add_word(lexicon, label, at, &steps[at], after_word, ret_reading);
                else
                        ret_reading->unread +=
                                steps[at].word != NO_WORD ? steps[at].length : !is_gap(label[at]);
                after_word = is_word;
        }
        if (after_word)
                ret_reading->words[ret_reading->count - 1].right = true;
}

size_t lexicon_heads(const struct lexicon *lexicon, const char *label, size_t length,
                     uint8_t ret_lengths[static 8], struct reading_word ret_words[static 8])
{
        size_t count = 0;
        uint16_t node = 0;

        for (size_t end = 0; end < length && count < 8; end++) {
                int next = symbol(label[end]);

                node = next < 0 ? 0 : lexicon->nodes[node].next[next];
                if (!node)
                        break;
                if (lexicon->nodes[node].word == NO_WORD)
                        continue;
                const struct lexicon_word *word = &lexicon->words[lexicon->nodes[node].word - 1];
                ret_lengths[count] = (uint8_t)(end + 1);
                ret_words[count++] = (struct reading_word){.length = (uint8_t)(end + 1),
                                                           .kind = word->kind,
                                                           .index = word->index,
                                                           .theme = word->theme};
        }
        return count;
}
