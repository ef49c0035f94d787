/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/merkle.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* Leaves [from, from + count) of the tree. */
struct span {
        uint64_t from;
        uint64_t count;
};

static unsigned level_of(uint64_t power)
{
        return (unsigned)__builtin_ctzll(power);
}

/* The largest power of two smaller than n, n > 1. */
static uint64_t split_of(uint64_t n)
{
        return 1ULL << (63 - __builtin_clzll(n - 1));
}

static int span_hash(const struct merkle_source *source, struct span span, uint8_t *ret_hash)
{
        uint8_t left[HASH_SIZE];
        uint8_t right[HASH_SIZE];
        uint64_t k;
        int r;

        if ((span.count & (span.count - 1)) == 0)
                return source->node(source->context, level_of(span.count), span.from >> level_of(span.count),
                                    ret_hash);
        k = split_of(span.count);
        r = span_hash(source, (struct span){span.from, k}, left);
        if (r < 0)
                return r;
        r = span_hash(source, (struct span){span.from + k, span.count - k}, right);
        if (r < 0)
                return r;
        merkle_join(left, right, ret_hash);
        return 0;
}

int merkle_source_root(const struct merkle_source *source, uint64_t size, uint8_t ret_root[static HASH_SIZE])
{
        if (size == 0) {
                hash_bytes("", 0, ret_root);
                return 0;
        }
        return span_hash(source, (struct span){0, size}, ret_root);
}

static int proof_add(const struct merkle_source *source, struct span span, struct merkle_proof *proof)
{
        int r;

        if (proof->count == MERKLE_PROOF_MAX)
                return -E2BIG;
        r = span_hash(source, span, proof->hash[proof->count]);
        if (r < 0)
                return r;
        proof->count++;
        return 0;
}

/* PATH(m, D_n); the recursion of the RFC puts the deepest hash first. */
static int path(const struct merkle_source *source, uint64_t m, struct span span, struct merkle_proof *proof)
{
        uint64_t k;
        int r;

        if (span.count == 1)
                return 0;
        k = split_of(span.count);
        if (m < k) {
                r = path(source, m, (struct span){span.from, k}, proof);
                return r < 0 ? r : proof_add(source, (struct span){span.from + k, span.count - k}, proof);
        }
        r = path(source, m - k, (struct span){span.from + k, span.count - k}, proof);
        return r < 0 ? r : proof_add(source, (struct span){span.from, k}, proof);
}

/* SUBPROOF(m, D_n, b): `known` is b, whether the old root is this very subtree. */
static int subproof(const struct merkle_source *source, uint64_t m, struct span span, bool known,
                    struct merkle_proof *proof)
{
        uint64_t k;
        int r;

        if (m == span.count)
                return known ? 0 : proof_add(source, span, proof);
        k = split_of(span.count);
        if (m <= k) {
                r = subproof(source, m, (struct span){span.from, k}, known, proof);
                return r < 0 ? r : proof_add(source, (struct span){span.from + k, span.count - k}, proof);
        }
        r = subproof(source, m - k, (struct span){span.from + k, span.count - k}, false, proof);
        return r < 0 ? r : proof_add(source, (struct span){span.from, k}, proof);
}

int merkle_prove_inclusion(const struct merkle_source *source, uint64_t index, uint64_t size,
                           struct merkle_proof *ret_proof)
{
        ret_proof->count = 0;
        if (index >= size)
                return -EINVAL;
        return path(source, index, (struct span){0, size}, ret_proof);
}

int merkle_prove_consistency(const struct merkle_source *source, uint64_t first, uint64_t second,
                             struct merkle_proof *ret_proof)
{
        ret_proof->count = 0;
        if (first == 0 || first > second)
                return -EINVAL;
        return subproof(source, first, (struct span){0, second}, true, ret_proof);
}

int merkle_verify_inclusion(const uint8_t leaf[static HASH_SIZE], uint64_t index, uint64_t size,
                            const struct merkle_proof *proof, const uint8_t root[static HASH_SIZE])
{
        uint8_t r[HASH_SIZE];
        uint64_t fn = index;
        uint64_t sn = size - 1;

        if (index >= size)
                return -EBADMSG;
        memcpy(r, leaf, HASH_SIZE);
        for (size_t i = 0; i < proof->count; i++) {
                if (sn == 0)
                        return -EBADMSG;
                if ((fn & 1) || fn == sn) {
                        merkle_join(proof->hash[i], r, r);
                        while (!(fn & 1) && fn) {
                                fn >>= 1;
                                sn >>= 1;
                        }
                } else {
                        merkle_join(r, proof->hash[i], r);
                }
                fn >>= 1;
                sn >>= 1;
        }
        return sn == 0 && memcmp(r, root, HASH_SIZE) == 0 ? 0 : -EBADMSG;
}

/* The two roots are rebuilt from the same hashes: fr of the old tree, sr of the new one. */
static int replay_consistency(uint64_t first, uint64_t second, const uint8_t *seed,
                              const uint8_t (*hashes)[HASH_SIZE], size_t count, uint8_t *fr, uint8_t *sr)
{
        uint64_t fn = first - 1;
        uint64_t sn = second - 1;

        while (fn & 1) {
                fn >>= 1;
                sn >>= 1;
        }
        memcpy(fr, seed, HASH_SIZE);
        memcpy(sr, seed, HASH_SIZE);
        for (size_t i = 0; i < count; i++) {
                if (sn == 0)
                        return -EBADMSG;
                if ((fn & 1) || fn == sn) {
                        merkle_join(hashes[i], fr, fr);
                        merkle_join(hashes[i], sr, sr);
                        while (!(fn & 1) && fn) {
                                fn >>= 1;
                                sn >>= 1;
                        }
                } else {
                        merkle_join(sr, hashes[i], sr);
                }
                fn >>= 1;
                sn >>= 1;
        }
        return sn == 0 ? 0 : -EBADMSG;
}

int merkle_verify_consistency(uint64_t first, const uint8_t first_root[static HASH_SIZE], uint64_t second,
                              const uint8_t second_root[static HASH_SIZE], const struct merkle_proof *proof)
{
        uint8_t fr[HASH_SIZE];
        uint8_t sr[HASH_SIZE];
        bool power = (first & (first - 1)) == 0;
        int r;

        if (first == 0 || first > second)
                return -EBADMSG;
        if (first == second)
                return proof->count == 0 && memcmp(first_root, second_root, HASH_SIZE) == 0 ? 0 : -EBADMSG;
        if (proof->count == 0)
                return -EBADMSG;
        /* A complete old tree is itself the first hash, so the proof leaves it out. */
        if (power)
                r = replay_consistency(first, second, first_root, proof->hash, proof->count, fr, sr);
        else
                r = replay_consistency(first, second, proof->hash[0], proof->hash + 1, proof->count - 1, fr,
                                       sr);
        if (r < 0)
                return r;
        return memcmp(fr, first_root, HASH_SIZE) == 0 && memcmp(sr, second_root, HASH_SIZE) == 0 ? 0
                                                                                                 : -EBADMSG;
}
