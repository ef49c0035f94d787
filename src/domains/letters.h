/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * letters: how much a label reads like a name, from the sequences of three letters of the names that are protected. A slip or a
 * trick makes a label read worse than the one it came from; a name of its own right, such as the next village's, reads as well.
 */
#pragma once

#include <stddef.h>

struct letters;

struct letters *letters_new(void);                     /* NULL: out of memory */
struct letters *letters_free(struct letters *letters); /* NULL */
void letters_learn(struct letters *letters, const char *label, size_t length);

/*
 * How much better (above 0) or worse `other` reads than `original`, in nats: a likelihood ratio. 0 while too little was learned.
 * `known`: how often `other` itself was learned; taken off, so that a known name can be judged as if it were not.
 */
double letters_ratio(const struct letters *letters, const char *original, size_t original_length,
                     const char *other, size_t other_length, unsigned known);
