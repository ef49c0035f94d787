/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/letters.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define SYMBOLS 40
#define ENOUGH  20000 /* letters learned, below which a ratio says nothing */
#define EDGE    39
#define A_LETTER                                                                                             \
        2.3 /* nats that one more letter of a name costs on average: a longer label is not a worse one */
#define BACK_OFF_2 2.0 /* pseudo-counts that the shorter context gets (Witten and Bell's idea, fixed) */
#define BACK_OFF_1 8.0

struct letters {
        uint32_t total;
        uint32_t one[SYMBOLS];
        uint32_t two[SYMBOLS][SYMBOLS];
        uint32_t three[SYMBOLS][SYMBOLS][SYMBOLS];
};

struct letters *letters_new(void)
{
        return calloc(1, sizeof(struct letters));
}

struct letters *letters_free(struct letters *letters)
{
        free(letters);
        return NULL;
}

static unsigned symbol(const char *label, size_t length, size_t at)
{
        if (at >= length)
                return EDGE;
        if (label[at] >= 'a' && label[at] <= 'z')
                return (unsigned)(label[at] - 'a');
        if (label[at] >= '0' && label[at] <= '9')
                return 26;
        return label[at] == '-' ? 27 : 28;
}

void letters_learn(struct letters *letters, const char *label, size_t length)
{
        unsigned a = EDGE, b = EDGE;

        for (size_t i = 0; i <= length; i++) {
                unsigned c = symbol(label, length, i);

                letters->one[c]++;
                letters->two[b][c]++;
                letters->three[a][b][c]++;
                letters->total++;
                a = b;
                b = c;
        }
}

static double less(uint32_t count, unsigned known)
{
        return count > known ? (double)(count - known) : 0;
}

static double log_likelihood(const struct letters *letters, const char *label, size_t length, unsigned known)
{
        unsigned a = EDGE, b = EDGE;
        double sum = 0;

        for (size_t i = 0; i <= length; i++) {
                unsigned c = symbol(label, length, i);
                double one = (letters->one[c] + 1.0) / (letters->total + SYMBOLS);
                double two =
                        (less(letters->two[b][c], known) + BACK_OFF_1 * one) / (letters->one[b] + BACK_OFF_1);
                double three = (less(letters->three[a][b][c], known) + BACK_OFF_2 * two) /
                               (less(letters->two[a][b], known) + BACK_OFF_2);

                sum += log(three);
                a = b;
                b = c;
        }
        return sum;
}

double letters_ratio(const struct letters *letters, const char *original, size_t original_length,
                     const char *other, size_t other_length, unsigned known)
{
        if (letters->total < ENOUGH)
                return 0;
        return log_likelihood(letters, other, other_length, known) -
               log_likelihood(letters, original, original_length, 0) +
               A_LETTER * ((double)other_length - (double)original_length);
}
