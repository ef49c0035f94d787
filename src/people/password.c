/* SPDX-License-Identifier: EUPL-1.2 */
#include "people/password.h"

#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cleanup.h"

#define LEFT_LEAST     6 /* bytes that are neither the name nor a word everybody tries first */
#define DISTINCT_LEAST 5

_Static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "libsodium's text fits");

/* Lower case, signs that stand for letters as letters. */
static const char *const common[] = {
        "motdepasse", "password",  "azertyuiop", "qwertyuiop", "azerty",     "qwerty",   "administrateur",
        "admin",      "bienvenue", "welcome",    "changeme",   "changemoi",  "bonjour",  "hopital",
        "hospital",   "clinique",  "cabinet",    "garde",      "secret",     "iloveyou", "jetaime",
        "loulou",     "doudou",    "soleil",     "chouchou",   "marseille",  "football", "princesse",
        "dragon",     "monkey",    "letmein",    "abcdefghi",  "qsdfghjklm", "wxcvbn",   "1234567890",
        "0123456789", "123456",    "654321",     "987654",     "112233",     "111111",   "000000",
        "123123",     "abc123",
};

static char plain_letter(char sign)
{
        switch (sign) {
        case '@':
        case '4':
                return 'a';
        case '3':
                return 'e';
        case '0':
                return 'o';
        case '$':
        case '5':
                return 's';
        case '1':
        case '!':
                return 'i';
        default:
                return sign;
        }
}

static void lower(char *text)
{
        for (; *text; text++)
                *text = (char)tolower((unsigned char)*text);
}

/* Takes every occurrence of the word out of the text; a sign may stand for a letter of a word that is letters. */
static void take_out(char *text, const char *word)
{
        size_t length = strlen(word);

        for (size_t at = 0; length >= 3 && text[at];) {
                size_t same = 0;

                while (same < length && text[at + same] &&
                       (text[at + same] == word[same] || plain_letter(text[at + same]) == word[same]))
                        same++;
                if (same == length)
                        memmove(text + at, text + at + length, strlen(text + at + length) + 1);
                else
                        at++;
        }
}

static size_t characters(const char *text)
{
        size_t count = 0;

        for (; *text; text++)
                count += ((unsigned char)*text & 0xc0) != 0x80;
        return count;
}

static size_t distinct(const char *text)
{
        bool seen[256] = {false};
        size_t count = 0;

        for (; *text; text++) {
                count += !seen[(unsigned char)*text];
                seen[(unsigned char)*text] = true;
        }
        return count;
}

static bool is_guessable(const char *password, const char *name)
{
        char left[PASSWORD_MOST + 1], whole[PASSWORD_MOST + 1];
        char *rest = NULL;
        bool guessable;

        strcpy(left, password);
        strncpy(whole, name, sizeof(whole) - 1);
        whole[sizeof(whole) - 1] = '\0';
        lower(left);
        lower(whole);
        take_out(left, whole);
        for (char *part = strtok_r(whole, " .-_@'", &rest); part; part = strtok_r(NULL, " .-_@'", &rest))
                take_out(left, part);
        for (size_t i = 0; i < ARRAY_LEN(common); i++)
                take_out(left, common[i]);
        guessable = strlen(left) < LEFT_LEAST || distinct(left) < DISTINCT_LEAST;
        sodium_memzero(left, sizeof(left));
        return guessable;
}

int password_check(const char *password, const char *name, struct error *error)
{
        if (strlen(password) > PASSWORD_MOST)
                return error_say(error, -EINVAL, "le mot de passe est trop long : %d octets au plus",
                                 "the password is too long: %d bytes at most", PASSWORD_MOST);
        if (characters(password) < PASSWORD_LEAST)
                return error_say(
                        error, -EINVAL,
                        "le mot de passe est trop court : il faut au moins %d caractères ; une phrase que "
                        "vous seul connaissez convient bien",
                        "the password is too short: it takes at least %d characters; a sentence that "
                        "only you know does well",
                        PASSWORD_LEAST);
        if (is_guessable(password, name))
                return error_say(
                        error, -EINVAL,
                        "ce mot de passe se devine : il se compose surtout de votre nom, d’un mot très "
                        "courant ou de signes répétés",
                        "this password can be guessed: it is mostly your name, a very common word or "
                        "repeated signs");
        return 0;
}

/* ---- hashing ---- */

struct password_cost password_cost_usual(void)
{
        return (struct password_cost){crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE};
}

struct password_job {
        struct password_cost cost;
        char hash[PASSWORD_HASH_SIZE], made[PASSWORD_HASH_SIZE];
        char *given, *fresh;
        bool fits;
};

static void wipe(char *text)
{
        if (text)
                sodium_memzero(text, strlen(text));
        free(text);
}

struct password_job *password_job_free(struct password_job *job)
{
        if (!job)
                return NULL;
        wipe(job->given);
        wipe(job->fresh);
        sodium_memzero(job, sizeof(*job));
        free(job);
        return NULL;
}

struct password_job *password_job_new(const struct password_cost *cost, const char *hash, const char *given,
                                      const char *fresh)
{
        struct password_job *job = calloc(1, sizeof(*job));

        if (!job)
                return NULL;
        job->cost = *cost;
        if (hash)
                strncpy(job->hash, hash, sizeof(job->hash) - 1);
        job->given = given ? strdup(given) : NULL;
        job->fresh = fresh ? strdup(fresh) : NULL;
        if ((given && !job->given) || (fresh && !job->fresh))
                return password_job_free(job);
        return job;
}

static int no_memory(struct error *error)
{
        return error_say(error, -ENOMEM, "la mémoire manque pour vérifier un mot de passe",
                         "there is no memory left to check a password");
}

/* libsodium says "wrong" also when it could not look: whether it can is found out before, by asking for as much. */
static bool there_is_memory(const char *hash)
{
        const char *at = strstr(hash, "$m=");
        size_t bytes = at ? (size_t)strtoul(at + 3, NULL, 10) * 1024 : 0;
        void *probe =
                bytes ? mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) : NULL;

        if (probe == MAP_FAILED)
                return false;
        if (probe)
                munmap(probe, bytes);
        return true;
}

static int hash_text(struct password_job *job, const char *text, struct error *error)
{
        if (crypto_pwhash_str_alg(job->made, text, strlen(text), job->cost.operations, job->cost.memory,
                                  crypto_pwhash_ALG_ARGON2ID13) == 0)
                return 0;
        job->made[0] = '\0';
        return no_memory(error);
}

int password_job_work(struct password_job *job, struct error *error)
{
        const char *wanted = job->fresh;

        if (job->given && !there_is_memory(job->hash))
                return no_memory(error);
        if (job->given) {
                job->fits = crypto_pwhash_str_verify(job->hash, job->given, strlen(job->given)) == 0;
                if (!job->fits)
                        return 0;
                if (!wanted &&
                    crypto_pwhash_str_needs_rehash(job->hash, job->cost.operations, job->cost.memory) != 0)
                        wanted = job->given;
        }
        return wanted ? hash_text(job, wanted, error) : 0;
}

bool password_job_fits(const struct password_job *job)
{
        return job->fits;
}

const char *password_job_made(const struct password_job *job)
{
        return job->made[0] ? job->made : NULL;
}
