/* SPDX-License-Identifier: EUPL-1.2 */
/* The one-shot and EVP calls of OpenSSL 3 cost more for looking the algorithm up than for a short hash. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "journal/hash.h"

#include <endian.h>
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

#define EACH_BYTE(byte) ((uint64_t)0x0101010101010101 * (byte))

/*
 * Eight digits into four bytes, all at once, for a verifier reads many of them a record: bit 6 tells a letter
 * from a figure, and only lower-case hex digits come out again when they are written back. No byte of these
 * sums can exceed 255.
 */
static bool parse_word(const char *hex, uint8_t *ret_bytes)
{
        uint64_t word;
        uint64_t value;
        uint64_t written;
        uint32_t bytes;

        memcpy(&word, hex, sizeof(word));
        word = le64toh(word);
        value = (word & EACH_BYTE(0x0f)) + (word >> 6 & EACH_BYTE(1)) * 9;
        written = value + EACH_BYTE('0') + ((value + EACH_BYTE(6)) >> 4 & EACH_BYTE(1)) * ('a' - '0' - 10);
        if (written != word || value & EACH_BYTE(0x10))
                return false;
        value = (value << 4 | value >> 8) & 0x00ff00ff00ff00ff;
        value = (value | value >> 8) & 0x0000ffff0000ffff;
        bytes = htole32((uint32_t)(value | value >> 16));
        memcpy(ret_bytes, &bytes, sizeof(bytes));
        return true;
}

int hash_parse_hex(const char *hex, size_t hex_length, uint8_t *ret_bytes, size_t size)
{
        uint8_t bytes[HASH_HEX_BYTES_MAX];
        size_t whole = size - size % 4;
        char last[8] = {'0', '0', '0', '0', '0', '0', '0', '0'};
        uint8_t last_bytes[4];

        if (hex_length != 2 * size || size > sizeof(bytes))
                return -EINVAL;
        for (size_t i = 0; i < whole; i += 4)
                if (!parse_word(hex + 2 * i, bytes + i))
                        return -EINVAL;
        memcpy(last, hex + 2 * whole, 2 * (size - whole));
        if (!parse_word(last, last_bytes))
                return -EINVAL;
        memcpy(bytes + whole, last_bytes, size - whole);
        memcpy(ret_bytes, bytes, size);
        return 0;
}
