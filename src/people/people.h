/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * people: who may come in, and as what. Accounts, second factors, sessions, tokens for scripts, and requests that wait for
 * a second person. Everything that is secret lies in one SQLite file (mode 0600) and nowhere else; what anybody may know
 * of it is in records, which hub/act_people.c writes. All of it is also in memory, so that checking a request costs
 * microseconds; changes are on disk before a call returns (save when a session was last seen: within a minute).
 *
 * One thread, the hub's, save for what says otherwise: hashing a password takes a tenth of a second, so it is a job
 * (people/password.h) in three steps: begun on the hub's thread, worked on another, ended on the hub's.
 *
 * What can be guessed at: a name with a password. A wrong try costs its address and its account a delay that doubles up to
 * PEOPLE_DELAY_MAX_MS; whoever shows a right second factor or a recovery code, or comes from where this account came in
 * before, does not wait for what others did to the account. Unknown names cost the same time as known ones.
 *
 * Errors are those of hub/act.h: -EPERM who are you, -EACCES, -ENOENT, -EBUSY, -EALREADY, -EAGAIN, -EINVAL, -E2BIG.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/id.h"
#include "base/language.h"
#include "base/random.h"
#include "flow/role.h"

#define PEOPLE_NAME_SIZE            41 /* bytes of an account's name with the NUL */
#define PEOPLE_TOKEN_NAME_SIZE      21
#define PEOPLE_ACCOUNTS_MAX         1024
#define PEOPLE_SESSIONS_MAX         1024 /* beyond, the one that was seen longest ago ends */
#define PEOPLE_ACCOUNT_SESSIONS_MAX 8    /* the same, of one account */
#define PEOPLE_TOKENS_MAX           256
#define PEOPLE_APPROVALS_MAX        128 /* that wait */
#define PEOPLE_ACCOUNT_ASKS_MAX     16  /* of one account */
#define PEOPLE_ASK_MAX              (64 * 1024)
#define PEOPLE_RECOVERY_CODES       10
#define PEOPLE_DELAY_MAX_MS         (15 * 60 * 1000)
#define PEOPLE_SETUP_MS             (24 * 3600 * 1000LL)
#define PEOPLE_APPROVAL_MS          (24 * 3600 * 1000LL)
#define PEOPLE_TOKEN_MAX_MS         (366 * 24 * 3600 * 1000LL)

#define PEOPLE_SECRET_SIZE                                                                                   \
        64 /* a cookie's value, a CSRF value, a token, a setup token: base64url, with its NUL */

/* The roles that must have a second factor where the policy requires one. */
#define PEOPLE_GUARDED (ACT_ROLE(DIRECTOR) | ACT_ROLE(DPO))

struct people_policy {
        int64_t session_idle_ms;                /* 0: 30 min */
        int64_t session_absolute_ms;            /* 0: 12 h */
        bool second_factor_required;            /* for PEOPLE_GUARDED */
        unsigned long long password_operations; /* argon2id; 0: libsodium's "interactive", 2 */
        size_t password_memory;                 /* bytes; 0: "interactive", 64 MiB */
        char issuer[64];                        /* what the phone shows beside the name: the structure */
};

struct people;

/* Makes the file when there is none. -EIO, -EINVAL for a file that is not ours, -ENOMEM. `clock` and `random` outlive it. */
int people_open(const char *path, const struct people_policy *policy, const struct clock *clock,
                const struct random *random, struct people **ret_people, struct error *error);
struct people *people_close(struct people *people); /* NULL */

/* Once a minute or so: drops sessions and tokens that are over, writes down when they were last seen. */
int people_tick(struct people *people, struct error *error);

/* ---- accounts ---- */

struct people_account {
        struct id id; /* a_… */
        char name[PEOPLE_NAME_SIZE];
        unsigned roles;
        enum language language;
        bool enabled;
        bool second_factor;     /* confirmed */
        bool password_given;    /* somebody else chose the password: to be changed at the first login */
        unsigned recovery_left; /* codes of the printed sheet not used yet */
        int64_t created_ms;
        int64_t seen_ms; /* last login, 0 never */
};

const struct people_policy *people_policy(const struct people *people); /* as it applies: no zeros */
size_t people_account_count(const struct people *people);
/* By id or by name (letter case does not count). NULL when there is none; valid until the next change. */
const struct people_account *people_account_find(const struct people *people, const char *id);
const struct people_account *people_account_named(const struct people *people, const char *name);
/* In the order of ids. */
const struct people_account *people_account_at(const struct people *people, size_t index);

/* What a proxy's header says: the enabled account of this name, or NULL. The API checks that the proxy is the one. */
const struct people_account *people_proxy_find(const struct people *people, const char *name);

/* The account as anybody may know it; the document of kind "account". New reference. */
json_t *people_account_json(const struct people_account *account);

/* ---- sessions ---- */

/* What has to be done before the account's roles count. */
enum {
        PEOPLE_MUST_PASSWORD = 1 << 0,      /* choose a password of one's own */
        PEOPLE_MUST_SECOND_FACTOR = 1 << 1, /* enrol one */
};
/* ["password","second-factor"]. New reference. */
json_t *people_must_json(unsigned must);

struct people_session {
        struct id id; /* s_…; fills act_caller.session */
        struct id account;
        char name[PEOPLE_NAME_SIZE];
        unsigned roles; /* 0 while `must` is set */
        unsigned must;
        enum language language;
        char csrf[PEOPLE_SECRET_SIZE]; /* "" until its cookie was seen since the hub started */
        int64_t opened_ms, seen_ms;
        int64_t ends_ms; /* if nothing is asked from now on */
};

#define PEOPLE_NONE 1
/* A request's cookie: 0 and the session, which counts as seen now; PEOPLE_NONE when it is no session, or no longer. */
int people_session_find(struct people *people, const char *cookie, struct people_session *ret_session);
/* The same by id, which is no proof of anything: for whoever was found before. */
int people_session_named(struct people *people, const char *session, struct people_session *ret_session);
/* Whether the request carried the session's own CSRF value; takes the same time for every wrong one. */
bool people_session_csrf_fits(const struct people_session *session, const char *value);

/* For whoever has been found to be the account. `ret_cookie` is the only place where the value ever stands. */
int people_session_open(struct people *people, const char *account,
                        char ret_cookie[static PEOPLE_SECRET_SIZE], struct people_session *ret_session,
                        struct error *error);
/* By id. -ENOENT. */
int people_session_end(struct people *people, const char *session, struct error *error);
/* All of one account, save `but` (an id, "" for none). */
int people_session_end_all(struct people *people, const char *account, const char *but, struct error *error);
/* In the order of ids; stops at non-zero and returns it. */
int people_session_each(struct people *people,
                        int (*visit)(void *context, const struct people_session *session), void *context);

/* ---- tokens for scripts ---- */

struct people_token {
        struct id id;      /* t_… */
        struct id account; /* who made it */
        char name[PEOPLE_TOKEN_NAME_SIZE];
        char account_name[PEOPLE_NAME_SIZE];
        char signs[64]; /* "maker/token": its name in records */
        unsigned roles; /* as far as its maker still has them */
        enum language language;
        int64_t created_ms, expires_ms;
        int64_t seen_ms; /* to the minute; 0 never */
};

/* The text after "Bearer ". 0, or PEOPLE_NONE: none such, expired, or its maker may not come in any more. */
int people_token_find(struct people *people, const char *text, struct people_token *ret_token);
/* `roles` must be among the maker's, `expires_ms` within PEOPLE_TOKEN_MAX_MS. */
int people_token_make(struct people *people, const char *account, const char *name, unsigned roles,
                      int64_t expires_ms, char ret_text[static PEOPLE_SECRET_SIZE],
                      struct people_token *ret_token, struct error *error);
int people_token_end(struct people *people, const char *token, struct error *error);
int people_token_each(struct people *people, int (*visit)(void *context, const struct people_token *token),
                      void *context);

/* ---- what waits for a second person ---- */

struct people_who {
        const char *account; /* id */
        const char *name;
        unsigned roles;
};

struct people_approval {
        struct id id; /* p_… */
        char act[64];
        const char *in;    /* canonical JSON of what the act was asked with; owned by people */
        struct id account; /* who asked */
        char name[PEOPLE_NAME_SIZE];
        unsigned roles; /* any of which the second person must have */
        int64_t asked_ms, expires_ms;
};

/* Whether somebody else could agree: another enabled account with one of these roles. */
bool people_approval_possible(const struct people *people, const char *account, unsigned roles);
/* `roles` are the act's. -E2BIG when too many wait. */
int people_approval_ask(struct people *people, const char *act, const char *in, unsigned roles,
                        const struct people_who *who, struct id *ret_id, struct error *error);
const struct people_approval *people_approval_find(struct people *people, const char *id); /* or NULL */
/* In the order of ids, expired ones left out. */
int people_approval_each(struct people *people,
                         int (*visit)(void *context, const struct people_approval *approval), void *context);
/* One whose time is over and that still lies here: whoever tells of it ends it then. NULL when there is none. */
const struct people_approval *people_approval_over(const struct people *people);
/* Whether `who` may say yes: not who asked (-EACCES), with one of the roles (-EACCES), in time (-ENOENT). */
int people_approval_may(struct people *people, const char *id, const struct people_who *who,
                        struct error *error);
/* It is decided, or over: forgets it. -ENOENT. */
int people_approval_end(struct people *people, const char *id, struct error *error);
