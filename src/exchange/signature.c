/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/signature.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

void signature_make(const char *key, int64_t seconds, const char *body, size_t length,
                    char ret_text[static SIGNATURE_SIZE])
{
        unsigned char hash[crypto_auth_hmacsha256_BYTES];
        crypto_auth_hmacsha256_state state;
        char moment[32];
        int moment_length = snprintf(moment, sizeof(moment), "%lld.", (long long)seconds);

        crypto_auth_hmacsha256_init(&state, (const unsigned char *)key, strlen(key));
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)moment,
                                      (unsigned long long)moment_length);
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, length);
        crypto_auth_hmacsha256_final(&state, hash);
        memcpy(ret_text, "sha256=", 7);
        sodium_bin2hex(ret_text + 7, SIGNATURE_SIZE - 7, hash, sizeof(hash));
}
