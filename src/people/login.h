/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * login: a name and a password become a session, and the first start of all. Refusals are counted here so that guessing
 * cannot fill the journal: the first of an account is told at once, then one a minute with how many there were.
 */
#pragma once

#include "people/account.h"

#define LOGIN_TELL_MS 60000

struct login_try {
        const char *name, *password;
        const char *code;    /* six digits, or a code of the recovery sheet; "" when none was given */
        const char *address; /* where from; "" is an address like any other */
};

struct login;

/*
 * On the hub's thread. -EAGAIN: to be tried later (the sentence says when). A code that is right opens the way past that delay,
 * and is used up by it whether the password is right or not. *ret_login is set on failure too, save when memory ran out
 * (then it is NULL): for login_account().
 */
int login_begin(struct people *people, const struct login_try *try, struct login **ret_login,
                struct error *error);
/* On another. */
int login_work(struct login *login, struct error *error);

enum login_end {
        LOGIN_OPENED,
        LOGIN_CODE, /* the password was right; the code of the second factor is wanted too */
};
struct login_result {
        enum login_end end;
        bool recovery; /* a code of the sheet was used */
        char cookie[PEOPLE_SECRET_SIZE];
        struct people_session session;
};
/* Back on the hub's. -EPERM: name, password or code is wrong, and nothing says which. */
int login_end(struct people *people, struct login *login, struct login_result *ret_result,
              struct error *error);
struct login *login_free(struct people *people, struct login *login); /* NULL */

/* The account that was tried, "" when there is none of that name. Borrowed. */
const char *login_account(const struct login *login);

/*
 * Whoever is in and proves anew who they are, before something grave: the same price for guessing. login_pause(): -EAGAIN
 * while they must wait. login_prove(): looks at a code and uses it; -EACCES when it is wrong, which counts.
 */
int login_pause(struct people *people, const char *account, const char *address, struct error *error);
void login_wrong(struct people *people, const char *account, const char *address);
int login_prove(struct people *people, const char *account, const char *code, const char *address,
                enum account_code *ret_kind, struct error *error);

/*
 * A refusal happened (account "" : nobody's). How many refusals a record should tell of now, since *ret_since_ms; 0: none
 * yet. With `flush`, those that were not told yet, and nothing is counted.
 */
unsigned login_refused(struct people *people, const char *account, bool flush, int64_t *ret_since_ms);

/* ---- the first start ---- */

/*
 * A new one-time text, valid PEOPLE_SETUP_MS, in place of the one before. -EALREADY when there is an account, and then no
 * text is any good.
 */
int setup_begin(struct people *people, char ret_text[static PEOPLE_SECRET_SIZE], struct error *error);
/* -EPERM: not the text, or too old; -EALREADY. */
int setup_check(struct people *people, const char *text, struct error *error);
