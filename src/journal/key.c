/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "journal/hash.h"

#define SEED_SIZE crypto_sign_SEEDBYTES
#define TEXT_SIZE (2 * SEED_SIZE + 1) /* hex and a newline */

_Static_assert(KEY_PUBLIC_SIZE == crypto_sign_PUBLICKEYBYTES, "Ed25519 public key");
_Static_assert(KEY_SECRET_SIZE == crypto_sign_SECRETKEYBYTES, "Ed25519 secret key");
_Static_assert(KEY_SIGNATURE_SIZE == crypto_sign_BYTES, "Ed25519 signature");

static int begin(struct error *error)
{
        if (sodium_init() < 0)
                return error_say(error, -EIO, "La bibliothèque de cryptographie ne démarre pas.",
                                 "The cryptographic library cannot start.");
        return 0;
}

int key_create(const char *path, const struct random *random, struct key *ret_key, struct error *error)
{
        uint8_t seed[SEED_SIZE];
        char text[TEXT_SIZE + 1];
        int r = begin(error);

        if (r < 0)
                return r;
        if (access(path, F_OK) == 0)
                return error_say(error, -EEXIST, "%s : il y a déjà un fichier.",
                                 "%s: there is a file already.", path);
        random_fill(random, seed, sizeof(seed));
        hash_format_hex(seed, sizeof(seed), text);
        text[TEXT_SIZE - 1] = '\n';
        r = file_write_atomic(path, text, TEXT_SIZE, 0600, error);
        if (r >= 0)
                crypto_sign_seed_keypair(ret_key->public, ret_key->secret, seed);
        sodium_memzero(seed, sizeof(seed));
        sodium_memzero(text, sizeof(text));
        return r < 0 ? r : 0;
}

static int read_text(int fd, const char *path, char *ret_text, struct error *error)
{
        struct stat status;
        ssize_t count;

        if (fstat(fd, &status) < 0)
                return error_say(error, -errno, "%s : %m.", "%s: %m.", path);
        if (!S_ISREG(status.st_mode))
                return error_say(error, -EINVAL, "%s n’est pas un fichier.", "%s is not a file.", path);
        if (status.st_mode & 077)
                return error_say(
                        error, -EPERM,
                        "%s contient la clé secrète du journal, et d’autres peuvent la lire : passez ce "
                        "fichier en chmod 600, et demandez-vous si la clé est encore secrète.",
                        "%s holds the journal's secret key and others may read it: chmod 600 it, and think "
                        "of whether the key is still secret.",
                        path);
        count = read(fd, ret_text, TEXT_SIZE + 1);
        if (count != TEXT_SIZE || ret_text[TEXT_SIZE - 1] != '\n')
                return error_say(error, -EINVAL, "%s n’est pas un fichier de clé du journal de Garde.",
                                 "%s is not a key file of Garde's journal.", path);
        return 0;
}

int key_load(const char *path, struct key *ret_key, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
        uint8_t seed[SEED_SIZE];
        char text[TEXT_SIZE + 1];
        int r = begin(error);

        if (r < 0)
                return r;
        if (fd < 0)
                return error_say(error, -errno, "%s : %m.", "%s: %m.", path);
        r = read_text(fd, path, text, error);
        if (r >= 0 && hash_parse_hex(text, TEXT_SIZE - 1, seed, sizeof(seed)) < 0)
                r = error_say(error, -EINVAL, "%s n’est pas un fichier de clé du journal de Garde.",
                              "%s is not a key file of Garde's journal.", path);
        if (r >= 0)
                crypto_sign_seed_keypair(ret_key->public, ret_key->secret, seed);
        sodium_memzero(seed, sizeof(seed));
        sodium_memzero(text, sizeof(text));
        return r < 0 ? r : 0;
}

void key_wipe(struct key *key)
{
        sodium_memzero(key, sizeof(*key));
}

void key_id(const uint8_t public[static KEY_PUBLIC_SIZE], char ret_id[static KEY_ID_SIZE])
{
        uint8_t hash[HASH_SIZE];

        hash_bytes(public, KEY_PUBLIC_SIZE, hash);
        hash_format_hex(hash, (KEY_ID_SIZE - 1) / 2, ret_id);
}

void key_sign(const struct key *key, const void *data, size_t length,
              uint8_t ret_signature[static KEY_SIGNATURE_SIZE])
{
        crypto_sign_detached(ret_signature, NULL, data, length, key->secret);
}

int key_verify(const uint8_t public[static KEY_PUBLIC_SIZE], const void *data, size_t length,
               const uint8_t signature[static KEY_SIGNATURE_SIZE])
{
        if (sodium_init() < 0)
                return -EBADMSG;
        return crypto_sign_verify_detached(signature, data, length, public) == 0 ? 0 : -EBADMSG;
}
