/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/merkle.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

void merkle_leaf(const void *data, size_t length, uint8_t ret_hash[static HASH_SIZE])
{
        hash_prefixed(0x00, data, length, NULL, 0, ret_hash);
}

void merkle_join(const uint8_t left[static HASH_SIZE], const uint8_t right[static HASH_SIZE],
                 uint8_t ret_hash[static HASH_SIZE])
{
        hash_prefixed(0x01, left, HASH_SIZE, right, HASH_SIZE, ret_hash);
}

int merkle_append(struct merkle_frontier *frontier, const uint8_t leaf[static HASH_SIZE],
                  int (*complete)(void *context, const struct merkle_node *node), void *context)
{
        struct merkle_node node = {.level = 0, .index = frontier->size};

        memcpy(node.hash, leaf, HASH_SIZE);
        while (frontier->size >> node.level & 1) {
                merkle_join(frontier->hash[node.level], node.hash, node.hash);
                node.level++;
                node.index >>= 1;
                if (complete) {
                        int r = complete(context, &node);

                        if (r < 0)
                                return r;
                }
        }
        memcpy(frontier->hash[node.level], node.hash, HASH_SIZE);
        frontier->size++;
        return 0;
}

void merkle_root(const struct merkle_frontier *frontier, uint8_t ret_root[static HASH_SIZE])
{
        uint8_t root[HASH_SIZE];
        bool begun = false;

        if (frontier->size == 0) {
                hash_bytes("", 0, ret_root);
                return;
        }
        for (unsigned level = 0; level < MERKLE_LEVELS && frontier->size >> level; level++) {
                if (!(frontier->size >> level & 1))
                        continue;
                if (begun)
                        merkle_join(frontier->hash[level], root, root);
                else
                        memcpy(root, frontier->hash[level], HASH_SIZE);
                begun = true;
        }
        memcpy(ret_root, root, HASH_SIZE);
}
