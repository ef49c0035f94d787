/* SPDX-License-Identifier: EUPL-1.2 */
#include "people/secret.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

#define PAPER_CHARACTERS 16

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void to_text(const uint8_t bytes[static 32], char ret_text[static SECRET_TEXT_SIZE])
{
        sodium_bin2base64(ret_text, SECRET_TEXT_SIZE, bytes, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void secret_make(const struct random *random, char ret_text[static SECRET_TEXT_SIZE])
{
        uint8_t bytes[32];

        random_fill(random, bytes, sizeof(bytes));
        to_text(bytes, ret_text);
        sodium_memzero(bytes, sizeof(bytes));
}

void secret_hash(const char *text, uint8_t ret_hash[static SECRET_HASH_SIZE])
{
        crypto_hash_sha256(ret_hash, (const uint8_t *)text, strlen(text));
}

bool secret_hash_equal(const uint8_t a[static SECRET_HASH_SIZE], const uint8_t b[static SECRET_HASH_SIZE])
{
        return sodium_memcmp(a, b, SECRET_HASH_SIZE) == 0;
}

void secret_derive(const char *text, const char *purpose, char ret_text[static SECRET_TEXT_SIZE])
{
        uint8_t key[crypto_hash_sha256_BYTES], bytes[32];

        /* Keys of BLAKE2b are 64 bytes at most and the text is a stranger's: its hash has the right length. */
        secret_hash(text, key);
        crypto_generichash(bytes, sizeof(bytes), (const uint8_t *)purpose, strlen(purpose), key, sizeof(key));
        to_text(bytes, ret_text);
        sodium_memzero(key, sizeof(key));
}

static void group(const char characters[static PAPER_CHARACTERS], char ret_text[static SECRET_PAPER_SIZE])
{
        char *to = ret_text;

        for (size_t i = 0; i < PAPER_CHARACTERS; i++) {
                if (i && i % 4 == 0)
                        *to++ = '-';
                *to++ = characters[i];
        }
        *to = '\0';
}

void secret_paper_make(const struct random *random, char ret_text[static SECRET_PAPER_SIZE])
{
        uint8_t bytes[PAPER_CHARACTERS];
        char characters[PAPER_CHARACTERS];

        random_fill(random, bytes, sizeof(bytes));
        for (size_t i = 0; i < PAPER_CHARACTERS; i++)
                characters[i] = crockford[bytes[i] % 32];
        group(characters, ret_text);
        sodium_memzero(bytes, sizeof(bytes));
        sodium_memzero(characters, sizeof(characters));
}

static char paper_character(char typed)
{
        int upper = toupper((unsigned char)typed);

        if (upper == 'O')
                return '0';
        if (upper == 'I' || upper == 'L')
                return '1';
        return upper && strchr(crockford, upper) ? (char)upper : '\0';
}

bool secret_paper_read(const char *typed, char ret_text[static SECRET_PAPER_SIZE])
{
        char characters[PAPER_CHARACTERS];
        size_t count = 0;

        for (; *typed; typed++) {
                char character = paper_character(*typed);

                if (*typed == ' ' || *typed == '-')
                        continue;
                if (!character || count == PAPER_CHARACTERS)
                        return false;
                characters[count++] = character;
        }
        if (count != PAPER_CHARACTERS)
                return false;
        group(characters, ret_text);
        return true;
}
