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

static bool looks_alike(char a, char b)
{
        static const char pairs[] = "bdcegqmnnruv3869";

        if (fold_letter(a) == fold_letter(b))
                return true;
        for (const char *pair = pairs; *pair; pair += 2)
                if ((pair[0] == a && pair[1] == b) || (pair[0] == b && pair[1] == a))
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
