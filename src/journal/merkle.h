/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * merkle: the tree of RFC 9162 section 2.1 over the journal's records. A leaf is SHA-256(0x00 || record
 * hash), a node SHA-256(0x01 || left || right), an empty tree SHA-256(""). `size` counts leaves.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "journal/hash.h"

#define MERKLE_LEVELS    64
#define MERKLE_PROOF_MAX 128 /* hashes; a consistency proof has at most ceil(log2 size) + 1 */

/* The right edge: the complete subtree for each bit of `size`. 2 KiB, copied by assignment. */
struct merkle_frontier {
        uint64_t size;
        uint8_t hash[MERKLE_LEVELS][HASH_SIZE]; /* [level] is set where bit `level` of size is */
};

#define MERKLE_FRONTIER_INIT                                                                                 \
        {                                                                                                    \
                .size = 0                                                                                    \
        }

/* A complete subtree: leaves [index << level, (index + 1) << level). */
struct merkle_node {
        unsigned level;
        uint64_t index;
        uint8_t hash[HASH_SIZE];
};

void merkle_leaf(const void *data, size_t length, uint8_t ret_hash[static HASH_SIZE]);
void merkle_join(const uint8_t left[static HASH_SIZE], const uint8_t right[static HASH_SIZE],
                 uint8_t ret_hash[static HASH_SIZE]);

/*
 * Adds one leaf. `complete` (may be NULL) is told every subtree of level 1 and above that this leaf
 * completed, the smaller first; it returns 0 or a negative errno, which is forwarded and leaves the frontier
 * unusable.
 */
int merkle_append(struct merkle_frontier *frontier, const uint8_t leaf[static HASH_SIZE],
                  int (*complete)(void *context, const struct merkle_node *node), void *context);

void merkle_root(const struct merkle_frontier *frontier, uint8_t ret_root[static HASH_SIZE]);

/* Where proofs get the hashes of complete subtrees from. 0 or a negative errno. */
struct merkle_source {
        int (*node)(void *context, unsigned level, uint64_t index, uint8_t ret_hash[static HASH_SIZE]);
        void *context;
};

struct merkle_proof {
        size_t count;
        uint8_t hash[MERKLE_PROOF_MAX][HASH_SIZE];
};

/* Root of the first `size` leaves. */
int merkle_source_root(const struct merkle_source *source, uint64_t size, uint8_t ret_root[static HASH_SIZE]);
/* RFC 9162 2.1.3.1; index < size, else -EINVAL. */
int merkle_prove_inclusion(const struct merkle_source *source, uint64_t index, uint64_t size,
                           struct merkle_proof *ret_proof);
/* RFC 9162 2.1.4.1; 0 < first <= second, else -EINVAL. */
int merkle_prove_consistency(const struct merkle_source *source, uint64_t first, uint64_t second,
                             struct merkle_proof *ret_proof);

/* RFC 9162 2.1.3.2 and 2.1.4.2. 0 when proven, -EBADMSG when not. */
int merkle_verify_inclusion(const uint8_t leaf[static HASH_SIZE], uint64_t index, uint64_t size,
                            const struct merkle_proof *proof, const uint8_t root[static HASH_SIZE]);
int merkle_verify_consistency(uint64_t first, const uint8_t first_root[static HASH_SIZE], uint64_t second,
                              const uint8_t second_root[static HASH_SIZE], const struct merkle_proof *proof);
