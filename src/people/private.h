/* SPDX-License-Identifier: EUPL-1.2 */
/* What the files of the room share: people in memory, as the vault has them. */
#pragma once

#include "people/account.h"
#include "people/guess.h"
#include "people/login.h"
#include "people/people.h"

struct refusals {
        unsigned untold;
        int64_t since_ms, told_ms;
};

struct account {
        struct people_account shown;
        char password[PASSWORD_HASH_SIZE];
        uint8_t totp_key[TOTP_KEY_SIZE];                           /* when shown.second_factor */
        uint64_t totp_step;                                        /* the last one that was used */
        uint8_t recovery[PEOPLE_RECOVERY_CODES][SECRET_HASH_SIZE]; /* the first shown.recovery_left */

        /* In memory alone. */
        uint8_t pending_key[TOTP_KEY_SIZE];
        int64_t pending_until_ms; /* 0: nothing was begun */
        struct refusals refusals;
};

struct session {
        struct id id, account;
        uint8_t hash[SECRET_HASH_SIZE];
        int64_t opened_ms, seen_ms;
        int64_t kept_seen_ms;        /* what the vault knows */
        char csrf[SECRET_TEXT_SIZE]; /* in memory alone: it follows from the cookie */
};

struct token {
        struct id id, account;
        char name[PEOPLE_TOKEN_NAME_SIZE];
        uint8_t hash[SECRET_HASH_SIZE];
        unsigned roles;
        int64_t created_ms, expires_ms, seen_ms;
        int64_t kept_seen_ms;
};

struct people {
        struct people_policy policy;
        struct password_cost cost;
        const struct clock *clock;
        const struct random *random;
        struct vault *vault;
        struct guess *guess;
        struct account *accounts[PEOPLE_ACCOUNTS_MAX]; /* by id, which is by birth */
        size_t account_count;
        struct session sessions[PEOPLE_SESSIONS_MAX]; /* by id, like the others */
        size_t session_count;
        struct token tokens[PEOPLE_TOKENS_MAX];
        size_t token_count;
        struct people_approval approvals[PEOPLE_APPROVALS_MAX];
        size_t approval_count;
        uint8_t setup_hash[SECRET_HASH_SIZE];
        int64_t setup_ends_ms;          /* 0: there is none */
        unsigned hashing;               /* jobs that hold a place */
        char dummy[PASSWORD_HASH_SIZE]; /* nobody's password, looked at for names that nobody has */
        struct refusals nobody;         /* of names that nobody has */
};

int64_t people_now(const struct people *people);
struct account *people_account(const struct people *people, const char *id); /* or NULL */
/* Puts `changed` into the vault and then in the account's place. */
int people_keep(struct people *people, const struct account *changed, struct error *error);
unsigned people_must(const struct people *people, const struct people_account *account);
/* The roles that count now: none while something must be done first, none of a disabled account. */
unsigned people_effective(const struct people *people, const struct people_account *account);
int people_out_of_memory(struct error *error);
int people_no_account(const char *id, struct error *error);
