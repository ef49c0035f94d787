/* SPDX-License-Identifier: EUPL-1.2 */
#include "people/login.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "people/private.h"
#include "people/vault.h"

#define CODE_SIZE 64

struct login {
        struct password_job *job;
        struct id account; /* "" when nobody has the name */
        char name[PEOPLE_NAME_SIZE], address[64], code[CODE_SIZE];
        enum account_code used; /* a code that opened the way past a delay, and is used up */
};

struct login *login_free(struct people *people, struct login *login)
{
        if (!login)
                return NULL;
        account_job_free(people, login->job);
        sodium_memzero(login, sizeof(*login));
        free(login);
        return NULL;
}

const char *login_account(const struct login *login)
{
        return login->account.text;
}

static int wait_longer(int64_t wait_ms, struct error *error)
{
        int64_t seconds = (wait_ms + 999) / 1000;

        if (seconds < 120)
                return error_say(error, -EAGAIN, "trop d’essais : réessayez dans %lld s",
                                 "too many tries: try again in %lld s", (long long)seconds);
        return error_say(error, -EAGAIN, "trop d’essais : réessayez dans %lld minutes",
                         "too many tries: try again in %lld minutes", (long long)(seconds + 59) / 60);
}

/* Whoever must wait and shows a right code need not: the code is spent on that. */
static int pass_delay(struct people *people, struct login *login, struct error *error)
{
        int64_t wait_ms = guess_wait(people->guess, login->name, login->address);
        int r = 0;

        if (!wait_ms)
                return 0;
        if (id_is_set(&login->account) && login->code[0])
                r = account_code(people, login->account.text, login->code, true, &login->used, error);
        if (r)
                return r;
        return login->used == ACCOUNT_CODE_NONE ? wait_longer(wait_ms, error) : 0;
}

int login_begin(struct people *people, const struct login_try *try, struct login **ret_login,
                struct error *error)
{
        const struct people_account *account = people_account_named(people, try->name);
        struct login *login = calloc(1, sizeof(*login));
        int r;

        *ret_login = login;
        if (!login)
                return people_out_of_memory(error);
        if (account)
                login->account = account->id;
        strncpy(login->name, try->name, sizeof(login->name) - 1);
        strncpy(login->address, try->address, sizeof(login->address) - 1);
        strncpy(login->code, try->code, sizeof(login->code) - 1);
        r = pass_delay(people, login, error);
        if (!r)
                r = account_job_new(people, login->account.text, try->password, NULL, &login->job, error);
        return r;
}

int login_work(struct login *login, struct error *error)
{
        return password_job_work(login->job, error);
}

/* ---- the end ---- */

static int wrong(struct people *people, struct login *login, struct error *error)
{
        guess_wrong(people->guess, login->name, login->address);
        return error_say(error, -EPERM, "nom, mot de passe ou code incorrect",
                         "wrong name, password or code");
}

/* What a login changes of the account: when it was seen, and its hash when that has another cost now. */
static int note_login(struct people *people, const struct login *login, struct error *error)
{
        struct account changed = *people_account(people, login->account.text);
        const char *made = password_job_made(login->job);
        int r;

        changed.shown.seen_ms = people_now(people);
        if (made)
                strcpy(changed.password, made);
        r = people_keep(people, &changed, error);
        sodium_memzero(&changed, sizeof(changed));
        return r;
}

static int open_session(struct people *people, struct login *login, enum account_code kind,
                        struct login_result *ret_result, struct error *error)
{
        struct login_result result = {.end = LOGIN_OPENED, .recovery = kind == ACCOUNT_CODE_RECOVERY};
        int r = note_login(people, login, error);

        if (!r)
                r = people_session_open(people, login->account.text, result.cookie, &result.session, error);
        if (r)
                return r;
        guess_right(people->guess, login->name, login->address);
        *ret_result = result;
        return 0;
}

int login_end(struct people *people, struct login *login, struct login_result *ret_result,
              struct error *error)
{
        const struct people_account *account = people_account_find(people, login->account.text);
        enum account_code kind = login->used;
        int r = 0;

        if (!account || !account->enabled || !password_job_fits(login->job))
                return wrong(people, login, error);
        if (!account->second_factor)
                return open_session(people, login, ACCOUNT_CODE_NONE, ret_result, error);
        if (!login->code[0]) {
                *ret_result = (struct login_result){.end = LOGIN_CODE};
                return 0;
        }
        if (kind == ACCOUNT_CODE_NONE)
                r = account_code(people, login->account.text, login->code, true, &kind, error);
        if (r)
                return r;
        return kind == ACCOUNT_CODE_NONE ? wrong(people, login, error)
                                         : open_session(people, login, kind, ret_result, error);
}

/* ---- proving it again ---- */

/* The id is the name that is counted: what strangers try at the door does not disturb whoever is inside. */
int login_pause(struct people *people, const char *account, const char *address, struct error *error)
{
        int64_t wait_ms = guess_wait(people->guess, account, address);

        return wait_ms ? wait_longer(wait_ms, error) : 0;
}

void login_wrong(struct people *people, const char *account, const char *address)
{
        guess_wrong(people->guess, account, address);
}

int login_prove(struct people *people, const char *account, const char *code, const char *address,
                enum account_code *ret_kind, struct error *error)
{
        enum account_code kind = ACCOUNT_CODE_NONE;
        int r = login_pause(people, account, address, error);

        if (!r)
                r = account_code(people, account, code, true, &kind, error);
        if (r)
                return r;
        if (kind == ACCOUNT_CODE_NONE) {
                login_wrong(people, account, address);
                return error_say(error, -EACCES, "ce code n’est pas le bon, ou a déjà servi",
                                 "this code is not right, or was used already");
        }
        *ret_kind = kind;
        return 0;
}

/* ---- what a record says of refusals ---- */

unsigned login_refused(struct people *people, const char *account, bool flush, int64_t *ret_since_ms)
{
        struct account *found = people_account(people, account);
        struct refusals *refusals = found ? &found->refusals : &people->nobody;
        int64_t now = people_now(people);
        unsigned untold;

        if (!flush && !refusals->untold++)
                refusals->since_ms = now;
        untold = refusals->untold;
        /* A clock that was set back must not silence the journal. */
        if (!untold ||
            (refusals->told_ms && now >= refusals->told_ms && now < refusals->told_ms + LOGIN_TELL_MS))
                return 0;
        *ret_since_ms = refusals->since_ms;
        refusals->untold = 0;
        refusals->told_ms = now;
        return untold;
}

/* ---- the first start ---- */

static int is_set_up(struct error *error)
{
        return error_say(error, -EALREADY, "Garde a déjà des comptes : connectez-vous",
                         "Garde has accounts already: sign in");
}

int setup_begin(struct people *people, char ret_text[static PEOPLE_SECRET_SIZE], struct error *error)
{
        char text[SECRET_TEXT_SIZE];
        uint8_t hash[SECRET_HASH_SIZE];
        int64_t ends_ms = people_now(people) + PEOPLE_SETUP_MS;
        int r;

        if (people->account_count)
                return is_set_up(error);
        secret_make(people->random, text);
        secret_hash(text, hash);
        r = vault_put_setup(people->vault, hash, ends_ms, error);
        if (r)
                return r;
        memcpy(people->setup_hash, hash, sizeof(hash));
        people->setup_ends_ms = ends_ms;
        strcpy(ret_text, text);
        return 0;
}

int setup_check(struct people *people, const char *text, struct error *error)
{
        uint8_t hash[SECRET_HASH_SIZE];

        if (people->account_count)
                return is_set_up(error);
        secret_hash(text, hash);
        if (people_now(people) < people->setup_ends_ms && secret_hash_equal(hash, people->setup_hash))
                return 0;
        return error_say(error, -EPERM,
                         "ce lien ne vaut rien ou plus rien : redémarrez Garde, qui en affiche un nouveau",
                         "this link is not valid, or no longer: restart Garde, which shows a new one");
}
