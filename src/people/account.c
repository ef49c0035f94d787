/* SPDX-License-Identifier: EUPL-1.2 */
#include "people/account.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "flow/catalogue.h"
#include "people/private.h"
#include "people/vault.h"

/* ---- names ---- */

static bool is_printable(const char *name)
{
        json_t *text = json_string(name); /* NULL when it is no UTF-8 */
        bool fine = text != NULL;

        json_decref(text);
        for (const unsigned char *at = (const unsigned char *)name; fine && *at; at++)
                fine = *at >= 0x20 && *at != 0x7f && *at != '/' && *at != '<' && *at != '>' &&
                       !(*at == 0xc2 && at[1] < 0xa0) &&                  /* C1 controls */
                       !(*at == 0xe2 && at[1] == 0x80 && at[2] >= 0x8b && /* zero width, direction, lines */
                         (at[2] <= 0x8f || (at[2] >= 0xa8 && at[2] <= 0xae))) &&
                       !(*at == 0xe2 && at[1] == 0x81 && at[2] >= 0xa0);
        return fine;
}

int account_name_check(const struct people *people, const char *name, struct error *error)
{
        size_t length = strlen(name);

        if (length < ACCOUNT_NAME_LEAST || length >= PEOPLE_NAME_SIZE || name[0] == ' ' ||
            name[length - 1] == ' ' || !is_printable(name))
                return error_say(
                        error, -EINVAL,
                        "un nom a de %d à %d octets, sans « / », « < » ni « > », sans blanc au bord ni signe "
                        "invisible",
                        "a name has %d to %d bytes, no “/”, “<” or “>”, no blank at its ends and no "
                        "invisible "
                        "sign",
                        ACCOUNT_NAME_LEAST, PEOPLE_NAME_SIZE - 1);
        if (!author_is_person(name))
                return error_say(error, -EINVAL, "« %s » est le nom d’un programme de Garde",
                                 "“%s” is the name of a program of Garde", name);
        if (people_account_named(people, name))
                return error_say(error, -EALREADY, "il y a déjà un compte « %s »",
                                 "there is an account “%s” already", name);
        return 0;
}

/* ---- hashing ---- */

int account_job_new(struct people *people, const char *account, const char *given, const char *fresh,
                    struct password_job **ret_job, struct error *error)
{
        const struct account *found = account && *account ? people_account(people, account) : NULL;
        const char *hash = found ? found->password : people->dummy;
        struct password_job *job;

        if (people->hashing >= ACCOUNT_HASHING_MAX)
                return error_say(error, -EAGAIN,
                                 "d’autres connexions sont en cours : réessayez dans un instant",
                                 "others are signing in: try again in a moment");
        job = password_job_new(&people->cost, hash, account ? given : NULL, fresh);
        if (!job)
                return people_out_of_memory(error);
        people->hashing++;
        *ret_job = job;
        return 0;
}

void account_job_free(struct people *people, struct password_job *job)
{
        if (job)
                people->hashing--;
        password_job_free(job);
}

/* ---- making and changing ---- */

static int insert(struct people *people, const struct account *account, struct error *error)
{
        struct account *kept = malloc(sizeof(*kept));
        size_t at = people->account_count;
        int r = kept ? vault_put_account(people->vault, account, error) : people_out_of_memory(error);

        if (r) {
                free(kept);
                return r;
        }
        *kept = *account;
        for (; at && strcmp(people->accounts[at - 1]->shown.id.text, kept->shown.id.text) > 0; at--)
                people->accounts[at] = people->accounts[at - 1];
        people->accounts[at] = kept;
        people->account_count++;
        return 0;
}

int account_make(struct people *people, const char *name, unsigned roles, enum language language,
                 const char *hash, bool given, struct id *ret_id, struct error *error)
{
        struct account account = {.shown = {.roles = roles,
                                            .language = language,
                                            .enabled = true,
                                            .password_given = given,
                                            .created_ms = people_now(people)}};
        int r = account_name_check(people, name, error);

        if (!r && !roles)
                r = error_say(error, -EINVAL, "un compte a au moins un rôle",
                              "an account has at least one role");
        if (!r && people->account_count == PEOPLE_ACCOUNTS_MAX)
                r = error_say(error, -E2BIG, "il y a déjà %d comptes", "there are %d accounts already",
                              PEOPLE_ACCOUNTS_MAX);
        if (r)
                return r;
        id_make('a', people->clock, people->random, &account.shown.id);
        strcpy(account.shown.name, name);
        strcpy(account.password, hash);
        r = insert(people, &account, error);
        if (!r)
                *ret_id = account.shown.id;
        sodium_memzero(&account, sizeof(account));
        return r;
}

static bool is_director(const struct people_account *account)
{
        return account->enabled && account->roles & ACT_ROLE(DIRECTOR);
}

static int check_director_stays(const struct people *people, const struct account *changed,
                                struct error *error)
{
        for (size_t i = 0; i < people->account_count; i++) {
                const struct people_account *account = &people->accounts[i]->shown;

                if (is_director(strcmp(account->id.text, changed->shown.id.text) ? account : &changed->shown))
                        return 0;
        }
        return error_say(error, -EBUSY,
                         "il faut toujours un compte de direction actif : nommez d’abord quelqu’un d’autre",
                         "there must always be a director who can come in: appoint somebody else first");
}

static int apply(struct people *people, const struct account_change *change, struct account *account,
                 struct error *error)
{
        const struct people_account *other = change->name ? people_account_named(people, change->name) : NULL;
        bool same = other && !strcmp(other->id.text, account->shown.id.text); /* letter case alone changes */
        int r = change->name && !same ? account_name_check(people, change->name, error) : 0;

        if (r)
                return r;
        if (change->name)
                strcpy(account->shown.name, change->name);
        if (change->roles)
                account->shown.roles = *change->roles;
        if (change->language)
                account->shown.language = *change->language;
        if (change->enabled)
                account->shown.enabled = *change->enabled;
        if (!account->shown.roles)
                return error_say(error, -EINVAL, "un compte a au moins un rôle",
                                 "an account has at least one role");
        return 0;
}

int account_change(struct people *people, const char *account, const struct account_change *change,
                   struct error *error)
{
        const struct account *found = people_account(people, account);
        struct account changed;
        int r;

        if (!found)
                return people_no_account(account, error);
        changed = *found;
        r = apply(people, change, &changed, error);
        if (!r && is_director(&found->shown) && !is_director(&changed.shown))
                r = check_director_stays(people, &changed, error);
        if (!r)
                r = people_keep(people, &changed, error);
        if (!r && !changed.shown.enabled)
                r = people_session_end_all(people, account, "", error);
        sodium_memzero(&changed, sizeof(changed));
        return r;
}

int account_set_password(struct people *people, const char *account, const char *hash, bool given,
                         struct error *error)
{
        const struct account *found = people_account(people, account);
        struct account changed;
        int r;

        if (!found)
                return people_no_account(account, error);
        changed = *found;
        strcpy(changed.password, hash);
        changed.shown.password_given = given;
        r = people_keep(people, &changed, error);
        if (!r)
                r = people_session_end_all(people, account, "", error);
        sodium_memzero(&changed, sizeof(changed));
        return r;
}

/* ---- second factor ---- */

int account_totp_begin(struct people *people, const char *account, uint8_t ret_key[static TOTP_KEY_SIZE],
                       struct error *error)
{
        struct account *found = people_account(people, account);

        if (!found)
                return people_no_account(account, error);
        random_fill(people->random, found->pending_key, sizeof(found->pending_key));
        found->pending_until_ms = people_now(people) + ACCOUNT_TOTP_MS;
        memcpy(ret_key, found->pending_key, TOTP_KEY_SIZE);
        return 0;
}

int account_totp_confirm(struct people *people, const char *account, const char *code, struct error *error)
{
        struct account *found = people_account(people, account);
        struct account changed;
        uint64_t step = 0;
        int r;

        if (!found)
                return people_no_account(account, error);
        if (people_now(people) >= found->pending_until_ms)
                return error_say(error, -ENOENT,
                                 "l’ajout du second facteur n’est pas commencé, ou depuis trop longtemps",
                                 "adding a second factor was not begun, or too long ago");
        if (!totp_fits(found->pending_key, code, people_now(people), 0, &step))
                return error_say(error, -EINVAL,
                                 "ce code ne correspond pas ; l’heure du téléphone et celle de Garde "
                                 "sont-elles justes ?",
                                 "this code does not fit; are the telephone's clock and Garde's right?");
        changed = *found;
        memcpy(changed.totp_key, found->pending_key, TOTP_KEY_SIZE);
        changed.totp_step = step;
        changed.shown.second_factor = true;
        changed.shown.recovery_left = 0; /* the sheet belonged to the factor before */
        changed.pending_until_ms = 0;
        sodium_memzero(changed.pending_key, TOTP_KEY_SIZE);
        r = people_keep(people, &changed, error);
        sodium_memzero(&changed, sizeof(changed));
        return r;
}

int account_totp_end(struct people *people, const char *account, struct error *error)
{
        struct account *found = people_account(people, account);
        struct account changed;

        if (!found)
                return people_no_account(account, error);
        if (!found->shown.second_factor)
                return error_say(error, -EALREADY, "« %s » n’a pas de second facteur",
                                 "“%s” has no second factor", found->shown.name);
        changed = *found;
        changed.shown.second_factor = false;
        changed.shown.recovery_left = 0;
        sodium_memzero(changed.totp_key, TOTP_KEY_SIZE);
        sodium_memzero(changed.recovery, sizeof(changed.recovery));
        return people_keep(people, &changed, error);
}

int account_recovery_make(struct people *people, const char *account,
                          char ret_codes[static PEOPLE_RECOVERY_CODES][SECRET_PAPER_SIZE],
                          struct error *error)
{
        struct account *found = people_account(people, account);
        struct account changed;
        int r;

        if (!found)
                return people_no_account(account, error);
        if (!found->shown.second_factor)
                return error_say(error, -EBUSY,
                                 "la feuille de secours remplace un second facteur : ajoutez-le d’abord",
                                 "the recovery sheet stands in for a second factor: add one first");
        changed = *found;
        for (size_t i = 0; i < PEOPLE_RECOVERY_CODES; i++) {
                secret_paper_make(people->random, ret_codes[i]);
                secret_hash(ret_codes[i], changed.recovery[i]);
        }
        changed.shown.recovery_left = PEOPLE_RECOVERY_CODES;
        r = people_keep(people, &changed, error);
        if (r)
                sodium_memzero(ret_codes, PEOPLE_RECOVERY_CODES * SECRET_PAPER_SIZE);
        return r;
}

/* Takes the code off the sheet. */
static bool recovery_fits(struct account *account, const char *typed)
{
        char code[SECRET_PAPER_SIZE];
        uint8_t hash[SECRET_HASH_SIZE];

        if (!secret_paper_read(typed, code))
                return false;
        secret_hash(code, hash);
        for (size_t i = 0; i < account->shown.recovery_left; i++) {
                if (!secret_hash_equal(account->recovery[i], hash))
                        continue;
                memcpy(account->recovery[i], account->recovery[--account->shown.recovery_left],
                       SECRET_HASH_SIZE);
                sodium_memzero(account->recovery[account->shown.recovery_left], SECRET_HASH_SIZE);
                return true;
        }
        return false;
}

int account_code(struct people *people, const char *account, const char *code, bool use,
                 enum account_code *ret_kind, struct error *error)
{
        struct account *found = people_account(people, account);
        enum account_code kind = ACCOUNT_CODE_NONE;
        struct account changed;
        uint64_t step = 0;
        int r = 0;

        if (!found)
                return people_no_account(account, error);
        changed = *found;
        if (found->shown.second_factor &&
            totp_fits(found->totp_key, code, people_now(people), found->totp_step, &step)) {
                kind = ACCOUNT_CODE_TOTP;
                changed.totp_step = step;
        } else if (found->shown.second_factor && recovery_fits(&changed, code)) {
                kind = ACCOUNT_CODE_RECOVERY;
        }
        if (use && kind != ACCOUNT_CODE_NONE)
                r = people_keep(people, &changed, error);
        sodium_memzero(&changed, sizeof(changed));
        if (!r)
                *ret_kind = kind;
        return r;
}
