/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "journal/merkle.h"

#define LEAVES 70

/*
 * The eight inputs that Certificate Transparency's reference tests use, and the roots of their first n (RFC
 * 9162 trees).
 */
static const struct {
        const char *bytes;
        size_t length;
        const char *root;
} reference[8] = {
        {"", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"\x00", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"\x50\x51\x52\x53\x54\x55\x56\x57", 8,
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
};

static uint8_t leaves[LEAVES][HASH_SIZE];

/* MTH(D[from:to]) as the RFC defines it, nothing remembered. */
static void naive_root(uint64_t from, uint64_t to, uint8_t *ret_root)
{
        uint8_t left[HASH_SIZE], right[HASH_SIZE];
        uint64_t k = 1;

        if (to - from == 1) {
                memcpy(ret_root, leaves[from], HASH_SIZE);
                return;
        }
        while (2 * k < to - from)
                k *= 2;
        naive_root(from, from + k, left);
        naive_root(from + k, to, right);
        hash_prefixed(1, left, HASH_SIZE, right, HASH_SIZE, ret_root);
}

static int naive_node(void *context, unsigned level, uint64_t index, uint8_t *ret_hash)
{
        naive_root(index << level, (index + 1) << level, ret_hash);
        return 0;
}

static const struct merkle_source source = {.node = naive_node};

static int setup(void **state)
{
        for (int i = 0; i < LEAVES; i++) {
                uint8_t data[3] = {(uint8_t)i, 42, (uint8_t)(i * 3)};

                merkle_leaf(data, (size_t)(i % 4), leaves[i]);
        }
        return 0;
}

static void test_reference_roots(void **state)
{
        struct merkle_frontier frontier = MERKLE_FRONTIER_INIT;
        char hex[HASH_HEX_SIZE];
        uint8_t hash[HASH_SIZE];

        merkle_root(&frontier, hash);
        hash_format(hash, hex);
        assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (int i = 0; i < 8; i++) {
                merkle_leaf(reference[i].bytes, reference[i].length, hash);
                assert_int_equal(merkle_append(&frontier, hash, NULL, NULL), 0);
                merkle_root(&frontier, hash);
                hash_format(hash, hex);
                assert_string_equal(hex, reference[i].root);
        }
}

static void test_frontier_is_the_definition(void **state)
{
        struct merkle_frontier frontier = MERKLE_FRONTIER_INIT;

        for (uint64_t size = 1; size <= LEAVES; size++) {
                uint8_t expected[HASH_SIZE], root[HASH_SIZE], from_source[HASH_SIZE];

                merkle_append(&frontier, leaves[size - 1], NULL, NULL);
                naive_root(0, size, expected);
                merkle_root(&frontier, root);
                assert_memory_equal(root, expected, HASH_SIZE);
                assert_int_equal(merkle_source_root(&source, size, from_source), 0);
                assert_memory_equal(from_source, expected, HASH_SIZE);
        }
}

static int check_complete(void *context, const struct merkle_node *node)
{
        uint8_t expected[HASH_SIZE];

        naive_root(node->index << node->level, (node->index + 1) << node->level, expected);
        assert_memory_equal(node->hash, expected, HASH_SIZE);
        ++*(int *)context;
        return 0;
}

static void test_complete_subtrees_are_told_once(void **state)
{
        struct merkle_frontier frontier = MERKLE_FRONTIER_INIT;
        int told = 0;

        for (int i = 0; i < 64; i++)
                merkle_append(&frontier, leaves[i], check_complete, &told);
        assert_int_equal(told, 63);
}

static int refuse(void *context, const struct merkle_node *node)
{
        return -EIO;
}

static void test_a_failing_listener_is_forwarded(void **state)
{
        struct merkle_frontier frontier = MERKLE_FRONTIER_INIT;

        assert_int_equal(merkle_append(&frontier, leaves[0], refuse, NULL), 0);
        assert_int_equal(merkle_append(&frontier, leaves[1], refuse, NULL), -EIO);
}

static void test_every_inclusion(void **state)
{
        struct merkle_proof proof;
        uint8_t root[HASH_SIZE];

        for (uint64_t size = 1; size <= LEAVES; size++) {
                naive_root(0, size, root);
                for (uint64_t i = 0; i < size; i++) {
                        assert_int_equal(merkle_prove_inclusion(&source, i, size, &proof), 0);
                        assert_int_equal(merkle_verify_inclusion(leaves[i], i, size, &proof, root), 0);
                        assert_int_equal(
                                merkle_verify_inclusion(leaves[(i + 1) % LEAVES], i, size, &proof, root),
                                -EBADMSG);
                        if (proof.count) {
                                proof.hash[proof.count / 2][7] ^= 1;
                                assert_int_equal(merkle_verify_inclusion(leaves[i], i, size, &proof, root),
                                                 -EBADMSG);
                                proof.hash[proof.count / 2][7] ^= 1;
                                proof.count--;
                                assert_int_equal(merkle_verify_inclusion(leaves[i], i, size, &proof, root),
                                                 -EBADMSG);
                        }
                }
        }
        assert_int_equal(merkle_prove_inclusion(&source, 5, 5, &proof), -EINVAL);
        proof.count = 0;
        assert_int_equal(merkle_verify_inclusion(leaves[0], 0, 0, &proof, root), -EBADMSG);
}

static void test_every_consistency(void **state)
{
        struct merkle_proof proof;
        uint8_t first[HASH_SIZE], second[HASH_SIZE];

        for (uint64_t n = 1; n <= LEAVES; n++) {
                naive_root(0, n, second);
                for (uint64_t m = 1; m <= n; m++) {
                        naive_root(0, m, first);
                        assert_int_equal(merkle_prove_consistency(&source, m, n, &proof), 0);
                        assert_int_equal(merkle_verify_consistency(m, first, n, second, &proof), 0);
                        first[3] ^= 4;
                        assert_int_equal(merkle_verify_consistency(m, first, n, second, &proof), -EBADMSG);
                        first[3] ^= 4;
                        second[3] ^= 4;
                        assert_int_equal(merkle_verify_consistency(m, first, n, second, &proof), -EBADMSG);
                        second[3] ^= 4;
                        if (proof.count) {
                                proof.hash[proof.count - 1][0] ^= 1;
                                assert_int_equal(merkle_verify_consistency(m, first, n, second, &proof),
                                                 -EBADMSG);
                        }
                }
        }
        assert_int_equal(merkle_prove_consistency(&source, 0, 5, &proof), -EINVAL);
        assert_int_equal(merkle_prove_consistency(&source, 6, 5, &proof), -EINVAL);
        proof.count = 0;
        assert_int_equal(merkle_verify_consistency(3, first, 7, second, &proof), -EBADMSG);
}

/* RFC 9162 2.1.5: the tree of seven leaves and the proofs it lists, in its own order. */
static void test_rfc_example_paths(void **state)
{
        struct merkle_proof proof;
        uint8_t hash[HASH_SIZE];

        merkle_prove_inclusion(&source, 3, 7, &proof);
        assert_int_equal(proof.count, 3);
        assert_memory_equal(proof.hash[0], leaves[2], HASH_SIZE);
        naive_root(0, 2, hash);
        assert_memory_equal(proof.hash[1], hash, HASH_SIZE);
        naive_root(4, 7, hash);
        assert_memory_equal(proof.hash[2], hash, HASH_SIZE);
        merkle_prove_consistency(&source, 3, 7, &proof);
        assert_int_equal(proof.count, 4);
        assert_memory_equal(proof.hash[0], leaves[2], HASH_SIZE);
        assert_memory_equal(proof.hash[1], leaves[3], HASH_SIZE);
        merkle_prove_consistency(&source, 4, 7, &proof);
        assert_int_equal(proof.count, 1);
        assert_memory_equal(proof.hash[0], hash, HASH_SIZE);
}

/* Each byte in each place: lower-case digits alone, and nothing is written when one is wrong. */
static void test_hex_is_read_exactly(void **state)
{
        static const char digits[] = "0123456789abcdef";
        char hex[] = "0123456789abcdeffedcba";
        uint8_t bytes[11];

        for (size_t place = 0; place < 22; place++) {
                char own = hex[place];

                for (int byte = 0; byte < 256; byte++) {
                        const char *digit = byte ? strchr(digits, byte) : NULL;

                        memset(bytes, 0xa5, sizeof(bytes));
                        hex[place] = (char)byte;
                        assert_int_equal(hash_parse_hex(hex, 22, bytes, 11), digit ? 0 : -EINVAL);
                        if (digit)
                                assert_int_equal(bytes[place / 2] >> (place % 2 ? 0 : 4) & 15,
                                                 digit - digits);
                        else
                                assert_int_equal(bytes[place / 2], 0xa5);
                }
                hex[place] = own;
        }
        assert_int_equal(hash_parse_hex(hex, 22, bytes, 11), 0);
        assert_memory_equal(bytes, "\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba", 11);
        assert_int_equal(hash_parse_hex(hex, 21, bytes, 11), -EINVAL);
        assert_int_equal(hash_parse_hex(hex, 22, bytes, 10), -EINVAL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_reference_roots),
                cmocka_unit_test(test_frontier_is_the_definition),
                cmocka_unit_test(test_complete_subtrees_are_told_once),
                cmocka_unit_test(test_a_failing_listener_is_forwarded),
                cmocka_unit_test(test_every_inclusion),
                cmocka_unit_test(test_every_consistency),
                cmocka_unit_test(test_rfc_example_paths),
                cmocka_unit_test(test_hex_is_read_exactly),
        };

        return cmocka_run_group_tests(tests, setup, NULL);
}
