/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/proxy.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

static bool is_one_word(const char *text)
{
        for (; *text; text++)
                if (*text <= ' ' || *text > '~')
                        return false;
        return true;
}

static void wipe(char **text)
{
        if (*text)
                explicit_bzero(*text, strlen(*text));
        free(*text);
}

int proxy_secret_read(const char *path, char ret_secret[static PROXY_SECRET_SIZE], struct error *error)
{
        CLEANUP(wipe) char *text = NULL;
        size_t length;
        int r = file_read_secret(path, PROXY_SECRET_SIZE, &text, &length, error);

        if (r)
                return r;
        if (length && text[length - 1] == '\n')
                text[--length] = '\0';
        if (strlen(text) != length || length < PROXY_SECRET_MIN || length >= PROXY_SECRET_SIZE ||
            !is_one_word(text))
                return error_say(error, -EINVAL,
                                 "%s : il y faut une ligne de %d à %d caractères ASCII sans espace "
                                 "(openssl rand -hex 32)",
                                 "%s: one line of %d to %d ASCII characters without spaces is needed "
                                 "(openssl rand -hex 32)",
                                 path, PROXY_SECRET_MIN, PROXY_SECRET_SIZE - 1);
        memcpy(ret_secret, text, length + 1);
        return 0;
}

/* Hashes of both are compared, so that neither length nor beginning shows in the time. */
bool proxy_secret_fits(const char *secret, const char *shown)
{
        unsigned char a[crypto_generichash_BYTES], b[crypto_generichash_BYTES];

        if (!*secret || !shown)
                return false;
        crypto_generichash(a, sizeof(a), (const unsigned char *)secret, strlen(secret), NULL, 0);
        crypto_generichash(b, sizeof(b), (const unsigned char *)shown, strlen(shown), NULL, 0);
        return !sodium_memcmp(a, b, sizeof(a));
}
