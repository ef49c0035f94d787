/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * near_index: short texts to numbers. First the hashes are gathered, then laid into buckets, then looked up; immutable from there
 * on. It answers with numbers that may be meant: whoever asks compares. Texts of strangers are only looked up, never filed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct near_filed {
        uint32_t hash, number;
};

struct near_index {
        struct near_filed *filed; /* by bucket after near_index_close(); owned */
        size_t count, size;
        uint32_t *starts; /* of each bucket, and the end; owned */
        unsigned bits;
};

/* -ENOMEM. */
int near_index_add(struct near_index *index, uint64_t hash, uint32_t number);
/* Within a bucket numbers stand in the order in which they were added. -ENOMEM. */
int near_index_finish(struct near_index *index);
void near_index_release(struct near_index *index);

/* Appends what is filed under the hash to `numbers`; returns the new count, `most` at most. */
size_t near_index_find(const struct near_index *index, uint64_t hash, uint32_t *numbers, size_t count,
                       size_t most);

/* Of a text, and of the text without the letter at `skip`; `salt` tells apart what texts mean. Not secret: only trusted texts are filed. */
uint64_t near_hash(uint64_t salt, const char *text, size_t length);
uint64_t near_hash_without(uint64_t salt, const char *text, size_t length, size_t skip);
