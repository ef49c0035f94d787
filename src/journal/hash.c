/* SPDX-License-Identifier: EUPL-1.2 */
/* The one-shot and EVP calls of OpenSSL 3 cost more for looking the algorithm up than for a short hash. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "journal/hash.h"

#include <errno.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <string.h>

void hash_bytes(const void *data, size_t length, uint8_t ret_hash[static HASH_SIZE])
{
        SHA256_CTX context;

        SHA256_Init(&context);
        SHA256_Update(&context, data, length);
        SHA256_Final(ret_hash, &context);
}

void hash_prefixed(uint8_t prefix, const void *a, size_t a_length, const void *b, size_t b_length,
                   uint8_t ret_hash[static HASH_SIZE])
{
        SHA256_CTX context;

        SHA256_Init(&context);
        SHA256_Update(&context, &prefix, 1);
        SHA256_Update(&context, a, a_length);
        if (b_length)
                SHA256_Update(&context, b, b_length);
        SHA256_Final(ret_hash, &context);
}

void hash_format_hex(const uint8_t *bytes, size_t size, char *ret_hex)
{
        static const char digits[] = "0123456789abcdef";

        for (size_t i = 0; i < size; i++) {
                ret_hex[2 * i] = digits[bytes[i] >> 4];
                ret_hex[2 * i + 1] = digits[bytes[i] & 15];
        }
        ret_hex[2 * size] = '\0';
}

void hash_format(const uint8_t hash[static HASH_SIZE], char ret_hex[static HASH_HEX_SIZE])
{
        hash_format_hex(hash, HASH_SIZE, ret_hex);
}

/*
 * Value of a lower-case hex digit plus one, 0 for any other byte: a verifier reads a thousand digits a
 * record.
 */
static const uint8_t digit_values[256] = {
        ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
        ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

int hash_parse_hex(const char *hex, size_t hex_length, uint8_t *ret_bytes, size_t size)
{
        const uint8_t *digits = (const uint8_t *)hex;
        uint8_t bytes[HASH_HEX_BYTES_MAX];
        bool good = true;

        if (hex_length != 2 * size || size > sizeof(bytes))
                return -EINVAL;
        for (size_t i = 0; i < size; i++) {
                unsigned high = digit_values[digits[2 * i]];
                unsigned low = digit_values[digits[2 * i + 1]];

                good &= high && low;
                bytes[i] = (uint8_t)((high - 1) << 4 | ((low - 1) & 15));
        }
        if (!good)
                return -EINVAL;
        memcpy(ret_bytes, bytes, size);
        return 0;
}
