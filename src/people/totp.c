/* SPDX-License-Identifier: EUPL-1.2 */
#include "people/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#define MODULUS     1000000
#define LABEL_BYTES 64 /* of issuer and of name in the URI, before encoding */

uint32_t totp_value(const uint8_t *key, size_t key_length, uint64_t step)
{
        uint8_t counter[8], mac[EVP_MAX_MD_SIZE];
        unsigned length = 0;

        for (int i = 7; i >= 0; i--, step >>= 8)
                counter[i] = (uint8_t)step;
        if (!HMAC(EVP_sha1(), key, (int)key_length, counter, sizeof(counter), mac, &length) || length != 20)
                return UINT32_MAX; /* no code is this large: nothing fits */
        const uint8_t *at = mac + (mac[19] & 0x0f);
        return (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool read_code(const char *typed, uint32_t *ret_code)
{
        uint32_t code = 0;
        size_t digits = 0;

        for (; *typed; typed++) {
                if (*typed == ' ')
                        continue;
                if (*typed < '0' || *typed > '9' || ++digits > TOTP_DIGITS)
                        return false;
                code = code * 10 + (uint32_t)(*typed - '0');
        }
        *ret_code = code;
        return digits == TOTP_DIGITS;
}

bool totp_fits(const uint8_t key[static TOTP_KEY_SIZE], const char *typed, int64_t now_ms, uint64_t last_step,
               uint64_t *ret_step)
{
        uint64_t now = now_ms > 0 ? (uint64_t)now_ms / TOTP_STEP_MS : 0;
        uint64_t first = now > TOTP_SLACK ? now - TOTP_SLACK : 0;
        uint64_t found = 0;
        uint32_t code;

        if (!read_code(typed, &code))
                return false;
        for (uint64_t step = first; step <= now + TOTP_SLACK; step++) {
                uint32_t value = totp_value(key, TOTP_KEY_SIZE, step);

                if (value != UINT32_MAX && value % MODULUS == code && step > last_step)
                        found = step;
        }
        if (!found)
                return false;
        *ret_step = found;
        return true;
}

void totp_key_text(const uint8_t key[static TOTP_KEY_SIZE], char ret_text[static TOTP_TEXT_SIZE])
{
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

        for (size_t i = 0; i < TOTP_TEXT_SIZE - 1; i++) {
                size_t bit = i * 5, byte = bit / 8;
                unsigned pair = (unsigned)key[byte] << 8 | (byte + 1 < TOTP_KEY_SIZE ? key[byte + 1] : 0U);

                ret_text[i] = letters[pair >> (11 - bit % 8) & 31];
        }
        ret_text[TOTP_TEXT_SIZE - 1] = '\0';
}

/* Percent-encoding by RFC 3986 of LABEL_BYTES at most; never half a character. */
static void encode(const char *text, char *ret_text)
{
        static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
        size_t length = strlen(text);

        if (length > LABEL_BYTES) {
                length = LABEL_BYTES;
                while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
                        length--;
        }
        for (size_t i = 0; i < length; i++) {
                if (strchr(plain, text[i]))
                        *ret_text++ = text[i];
                else
                        ret_text += sprintf(ret_text, "%%%02X", (unsigned char)text[i]);
        }
        *ret_text = '\0';
}

void totp_uri(const uint8_t key[static TOTP_KEY_SIZE], const char *issuer, const char *name,
              char ret_uri[static TOTP_URI_SIZE])
{
        char secret[TOTP_TEXT_SIZE], who[3 * LABEL_BYTES + 1], from[3 * LABEL_BYTES + 1];

        totp_key_text(key, secret);
        encode(name, who);
        encode(issuer, from);
        /* The issuer stands before the name alone: a second copy would make the QR code too large to scan well. */
        snprintf(ret_uri, TOTP_URI_SIZE, "otpauth://totp/%s%s%s?secret=%s", from, *from ? ":" : "", who,
                 secret);
}
