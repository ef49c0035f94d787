/* SPDX-License-Identifier: EUPL-1.2 */
/* account: how accounts come to be and change. For hub/act_people.c and the tests; the rest of the hub needs people.h. */
#pragma once

#include "people/password.h"
#include "people/people.h"
#include "people/secret.h"
#include "people/totp.h"

#define ACCOUNT_NAME_LEAST  2
#define ACCOUNT_TOTP_MS     (15 * 60 * 1000) /* to show the first code of a new second factor */
#define ACCOUNT_HASHING_MAX 2 /* passwords hashed at the same time: memory is a hundredfold a request's */

/* -EINVAL: what cannot be a name that signs records. -EALREADY when somebody has it. */
int account_name_check(const struct people *people, const char *name, struct error *error);

/*
 * A job that this policy's cost applies to. It takes one of ACCOUNT_HASHING_MAX places (-EAGAIN when none is free) until
 * account_job_free(). `account` NULL: nobody's password is looked at; "" looks at nothing's, in the same time.
 */
int account_job_new(struct people *people, const char *account, const char *given, const char *fresh,
                    struct password_job **ret_job, struct error *error);
void account_job_free(struct people *people, struct password_job *job); /* NULL is no place */

/* `hash` is of account_job_new(); `given`: by somebody else, who knows the password. */
int account_make(struct people *people, const char *name, unsigned roles, enum language language,
                 const char *hash, bool given, struct id *ret_id, struct error *error);

/* -EBUSY: the last enabled director stays one. Whoever is disabled is logged out. */
struct account_change {
        const char *name;      /* NULL stays */
        const unsigned *roles; /* NULL stays */
        const enum language *language;
        const bool *enabled;
};
int account_change(struct people *people, const char *account, const struct account_change *change,
                   struct error *error);

/* Ends all its sessions. */
int account_set_password(struct people *people, const char *account, const char *hash, bool given,
                         struct error *error);

/* A new key, which counts once account_totp_confirm() has seen a code of it. The old one counts until then. */
int account_totp_begin(struct people *people, const char *account, uint8_t ret_key[static TOTP_KEY_SIZE],
                       struct error *error);
/* -ENOENT when nothing was begun, or too long ago; -EINVAL when the code is not right. */
int account_totp_confirm(struct people *people, const char *account, const char *code, struct error *error);
/* -EALREADY when there is none. The recovery codes go with it. */
int account_totp_end(struct people *people, const char *account, struct error *error);

/* New codes in place of the old ones. -EBUSY without a second factor, which they stand in for. */
int account_recovery_make(struct people *people, const char *account,
                          char ret_codes[static PEOPLE_RECOVERY_CODES][SECRET_PAPER_SIZE],
                          struct error *error);

/*
 * Whether the code is one of the account's second factor now; `use`: then it counts no more. ACCOUNT_CODE_RECOVERY: it was
 * one of the sheet.
 */
enum account_code { ACCOUNT_CODE_NONE, ACCOUNT_CODE_TOTP, ACCOUNT_CODE_RECOVERY };
int account_code(struct people *people, const char *account, const char *code, bool use,
                 enum account_code *ret_kind, struct error *error);
