/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/edit.h"

#include <string.h>

#include "base/cleanup.h"
#include "domains/fold.h"

/* The rows as they stand over each other; a key touches its row's neighbours and, shifted by half a key, two above and below. */
static const char *const layouts[][4] = {{"1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"},
                                         {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"},
                                         {"1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"}};

static bool find_key(const char *const *rows, char c, int *ret_row, int *ret_column)
{
        for (int row = 0; row < 4; row++) {
                const char *at = c ? strchr(rows[row], c) : NULL;

                if (at) {
                        *ret_row = row;
                        *ret_column = (int)(at - rows[row]);
                        return true;
                }
        }
        return false;
}

bool edit_keys_are_neighbours(char a, char b)
{
        for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
                int row_a, row_b, column_a, column_b;

                if (!find_key(layouts[i], a, &row_a, &column_a) ||
                    !find_key(layouts[i], b, &row_b, &column_b))
                        continue;
                int down = row_b - row_a, right = column_b - column_a;
                if ((down == 0 && (right == 1 || right == -1)) ||
                    (down == 1 && (right == 0 || right == -1)) || (down == -1 && (right == 0 || right == 1)))
                        return true;
        }
        return false;
}

static bool is_vowel(char c)
{
        return c && strchr("aeiouy", c);
}

/* Letters, and pairs of them, that look alike besides those of fold_letter(). */
static const struct swap {
        char one[3], other[3];
        bool strong;
} swaps[] = {
        {"m", "rn", true},  {"m", "nn", true},  {"w", "vv", true},  {"d", "cl", true},  {"d", "dl", false},
        {"m", "rr", false}, {"b", "lb", false}, {"h", "lh", false}, {"k", "lk", false}, {"k", "ik", false},
        {"k", "lc", false}, {"b", "d", false},  {"c", "e", false},  {"g", "q", true},   {"m", "n", false},
        {"n", "r", false},  {"u", "v", false},  {"3", "8", false},  {"6", "9", false},  {"g", "9", true},
        {"b", "6", false},
};

static bool looks_alike(char a, char b)
{
        if (fold_letter(a) == fold_letter(b))
                return true;
        for (size_t i = 0; i < ARRAY_LEN(swaps); i++)
                if (!swaps[i].other[1] && ((swaps[i].one[0] == a && swaps[i].other[0] == b) ||
                                           (swaps[i].one[0] == b && swaps[i].other[0] == a)))
                        return true;
        return false;
}

static enum edit_kind replaced(char original, char other)
{
        int flipped = original ^ other;

        if (fold_letter(original) == fold_letter(other))
                return EDIT_HOMOGLYPH;
        if (is_vowel(original) && is_vowel(other))
                return EDIT_VOWEL;
        if (edit_keys_are_neighbours(original, other))
                return EDIT_KEYBOARD;
        if (looks_alike(original, other))
                return EDIT_HOMOGLYPH;
        return (flipped & (flipped - 1)) ? EDIT_REPLACEMENT : EDIT_BITFLIP;
}

/* `longer` has one letter more, at `at`. */
static enum edit_kind inserted(const char *longer, size_t length, size_t at)
{
        if ((at > 0 && longer[at - 1] == longer[at]) || (at + 1 < length && longer[at + 1] == longer[at]))
                return EDIT_REPETITION;
        return at + 1 == length && (longer[at] == 's' || longer[at] == 'x') ? EDIT_PLURAL : EDIT_INSERTION;
}

enum edit_kind edit_between(const char *original, size_t original_length, const char *other,
                            size_t other_length)
{
        size_t shorter = original_length < other_length ? original_length : other_length;
        size_t head = 0, tail = 0;

        while (head < shorter && original[head] == other[head])
                head++;
        if (head == shorter && original_length == other_length)
                return EDIT_NONE;
        while (tail < shorter - head &&
               original[original_length - 1 - tail] == other[other_length - 1 - tail])
                tail++;
        size_t left = original_length - head - tail, right = other_length - head - tail;
        if (left == 1 && right == 1)
                return replaced(original[head], other[head]);
        if (left == 0 && right == 1)
                return inserted(other, other_length, head);
        if (left == 1 && right == 0)
                return EDIT_OMISSION;
        if (left == 2 && right == 2 && original[head] == other[head + 1] && original[head + 1] == other[head])
                return EDIT_TRANSPOSITION;
        return EDIT_FAR;
}

/* ---- several look-alikes at once ---- */

#define KINDS_MOST 2

struct swapping {
        const char *original, *other;
        size_t original_length, other_length;
        int kinds[KINDS_MOST]; /* which swaps were made so far: index, or a letter for fold_letter()'s */
        int count;
        bool weak;
        unsigned steps; /* so that no text takes long */
};

#define STEPS_MOST 512

static bool swap_from(struct swapping *swapping, size_t i, size_t k);

/* Goes on behind one swap, and takes it back when that leads nowhere. */
static bool try_swap(struct swapping *swapping, int kind, bool weak, size_t i, size_t k)
{
        struct swapping before = *swapping;
        bool known = false;

        for (int at = 0; at < swapping->count; at++)
                known |= swapping->kinds[at] == kind;
        if (!known && swapping->count == KINDS_MOST)
                return false;
        if (!known)
                swapping->kinds[swapping->count++] = kind;
        swapping->weak |= weak;
        if (swap_from(swapping, i, k))
                return true;
        before.steps = swapping->steps;
        *swapping = before;
        return false;
}

static bool begins(const char *text, size_t length, size_t at, const char *with)
{
        size_t size = strlen(with);

        return at + size <= length && !memcmp(text + at, with, size);
}

static bool swap_from(struct swapping *swapping, size_t i, size_t k)
{
        const char *a = swapping->original, *b = swapping->other;
        size_t a_length = swapping->original_length, b_length = swapping->other_length;

        if (++swapping->steps > STEPS_MOST)
                return false;
        while (i < a_length && k < b_length && a[i] == b[k] &&
               (i + 1 == a_length || k + 1 == b_length || a[i + 1] == b[k + 1]))
                i++, k++;
        if (i == a_length || k == b_length)
                return i == a_length && k == b_length;
        if (a[i] == b[k] && swap_from(swapping, i + 1, k + 1))
                return true;
        if (a[i] != b[k] && (fold_letter(a[i]) == fold_letter(b[k]) || b[k] == '?') &&
            try_swap(swapping, 256 + fold_letter(a[i]), false, i + 1, k + 1))
                return true;
        for (size_t at = 0; at < ARRAY_LEN(swaps); at++) {
                const char *one = swaps[at].one, *other = swaps[at].other;

                if (begins(a, a_length, i, one) && begins(b, b_length, k, other) &&
                    try_swap(swapping, (int)at, !swaps[at].strong, i + strlen(one), k + strlen(other)))
                        return true;
                if (begins(a, a_length, i, other) && begins(b, b_length, k, one) &&
                    try_swap(swapping, (int)at, !swaps[at].strong, i + strlen(other), k + strlen(one)))
                        return true;
        }
        return false;
}

int edit_swaps(const char *original, size_t original_length, const char *other, size_t other_length,
               bool *ret_strong)
{
        struct swapping swapping = {.original = original,
                                    .other = other,
                                    .original_length = original_length,
                                    .other_length = other_length};

        if (!swap_from(&swapping, 0, 0))
                return -1;
        *ret_strong = !swapping.weak;
        return swapping.count;
}
