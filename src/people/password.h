/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * password: what may be one, and its hash: argon2id (RFC 9106) through libsodium, whose text carries its own parameters and
 * salt. Length counts, not mixtures of signs, and nobody has to change one without a reason (ANSSI, Recommandations
 * relatives à l'authentification multifacteur et aux mots de passe, 2021; NIST SP 800-63B, 3.1.1).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define PASSWORD_LEAST     12  /* characters */
#define PASSWORD_MOST      256 /* bytes */
#define PASSWORD_HASH_SIZE 128 /* with the NUL */

/* -EINVAL when it is short, or little is left of it without the name and the commonest words. */
int password_check(const char *password, const char *name, struct error *error);

struct password_cost {
        unsigned long long operations;
        size_t memory; /* bytes */
};
/* libsodium's "interactive": 2 passes over 64 MiB, a tenth of a second. */
struct password_cost password_cost_usual(void);

/*
 * One job for another thread: looks whether `given` is the password of `hash` (either NULL: nothing to look at), and
 * makes the hash of `fresh` (NULL: none is wanted). When the given one fits and its hash has another cost, it is hashed
 * again. Texts are copied, and wiped at the end. NULL when out of memory.
 */
struct password_job;
struct password_job *password_job_new(const struct password_cost *cost, const char *hash, const char *given,
                                      const char *fresh);
struct password_job *password_job_free(struct password_job *job); /* NULL */

/* Touches nothing but the job. -ENOMEM. */
int password_job_work(struct password_job *job, struct error *error);

/* After it. */
bool password_job_fits(const struct password_job *job);
const char *password_job_made(const struct password_job *job); /* the new hash, NULL when none was made */
