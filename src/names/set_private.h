/* SPDX-License-Identifier: EUPL-1.2 */
/* What looking up and building share: a name in canonical form, taken apart and hashed from the right. For set*.c alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "names/name.h"
#include "names/set_image.h"

#define SET_TEXT_WORDS (NAME_LENGTH_MAX / 64 + 1)
#define SET_TEXT_STEP  16 /* octets; a shorter text is copied to where a step has room */

/*
 * Where the name's dots are, and how far one has come. Octets are read in steps that lie within the text: the last one ends where the text
 * ends and overlaps the one before. Branches hang on little, as a processor that guessed wrong waits longer than all of this takes.
 */
struct set_text {
        const uint8_t *octets;
        uint64_t dots[SET_TEXT_WORDS]; /* bit n of word m: a dot at 64 * m + n */
        uint32_t word; /* the word of the dots that is gone through, from the last to the first */
        uint32_t end;  /* behind the label that comes next */
        bool over;
        uint8_t copy[8 + SET_TEXT_STEP];
};

/* Which of 16 octets are dots. */
static inline uint64_t set_text_dots(const uint8_t *octets)
{
#ifdef __SSE2__
        __m128i equal = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)octets), _mm_set1_epi8('.'));

        return (uint32_t)_mm_movemask_epi8(equal);
#else
        uint64_t dots = 0;

        for (unsigned i = 0; i < SET_TEXT_STEP; i++)
                dots |= (uint64_t)(octets[i] == '.') << i;
        return dots;
#endif
}

/* Beyond 32 octets. */
static inline void set_text_dots_long(struct set_text *text, uint32_t length)
{
        memset(text->dots, 0, sizeof(text->dots));
        for (uint32_t at = 0; at < length; at += SET_TEXT_STEP) {
                uint32_t from = at + SET_TEXT_STEP <= length ? at : length - SET_TEXT_STEP;
                uint64_t dots = set_text_dots(text->octets + from);

                text->dots[from / 64] |= dots << from % 64;
                if (from % 64 > 64 - SET_TEXT_STEP)
                        text->dots[from / 64 + 1] |= dots >> (64 - from % 64);
        }
        text->word = (length - 1) / 64;
}

/* False when it is empty or too long. The text must stay while it is gone through. */
static inline bool set_text_begin(struct set_text *text, const char *from, size_t length)
{
        if (length == 0 || length > NAME_LENGTH_MAX)
                return false;
        text->octets = (const uint8_t *)from;
        text->end = (uint32_t)length;
        text->word = 0;
        text->over = false;
        if (__builtin_expect(length < SET_TEXT_STEP, 0)) {
                memset(text->copy, 0, sizeof(text->copy));
                text->octets = memcpy(text->copy + 8, from, length);
                text->dots[0] = set_text_dots(text->octets);
        } else if (__builtin_expect(length > 2 * SET_TEXT_STEP, 0)) {
                set_text_dots_long(text, (uint32_t)length);
        } else {
                text->dots[0] =
                        set_text_dots(text->octets) | set_text_dots(text->octets + length - SET_TEXT_STEP)
                                                              << (length - SET_TEXT_STEP);
        }
        return true;
}

/* The last octets of a label, 1 to 8 of them, which ends at `end`. */
static inline uint64_t set_text_tail(const struct set_text *text, uint32_t end, uint32_t count)
{
        /* The first label of a long text has nothing before it, but more than eight octets from its start on. */
        if (__builtin_expect(end < 8 && text->octets != text->copy + 8, 0))
                return set_load(text->octets + end - count) << (64 - 8 * count) >> (64 - 8 * count);
        return set_load(text->octets + end - 8) >> (64 - 8 * count);
}

static inline void set_text_hash(const struct set_text *text, uint32_t start, uint32_t length,
                                 const struct set_secret *secret, struct set_hash *hash)
{
        uint32_t end = start + length, i = 0;
        uint64_t tail;

        set_hash_begin(secret, length, hash);
        if (length > 8) {
                for (; 8 * i + 8 < length; i++)
                        set_hash_octets(secret, i, set_load(text->octets + start + 8 * i), hash);
                set_hash_octets(secret, i, set_text_tail(text, end, length - 8 * i), hash);
        } else {
                tail = set_text_tail(text, end, length);
                set_hash_octets(secret, 0, tail, hash);
                set_hash_octets(secret, 1, 0, hash);
        }
        set_hash_end(hash);
}

/* One label further to the left, into *hash; where it begins, or -1 when none was left, or -2 when it is no label. */
static inline int set_text_next(struct set_text *text, const struct set_secret *secret, struct set_hash *hash)
{
        uint64_t dots = text->dots[text->word];
        uint32_t start = 0, length;

        if (text->over)
                return -1;
        while (!dots && text->word > 0)
                dots = text->dots[--text->word];
        if (dots)
                start = 64 * text->word + 64 - (uint32_t)__builtin_clzll(dots);
        length = text->end - start;
        if (length - 1 >= SET_LABEL_MAX)
                return -2;
        set_text_hash(text, start, length, secret, hash);
        text->over = start == 0;
        text->end = start - 1;
        text->dots[text->word] = dots & ~(1ULL << text->end % 64);
        return (int)start;
}
