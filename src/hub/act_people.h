/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * act_people: what the acts of people (act_session.c, act_account.c, act_recovery.c, act_token.c, act_approval.c) share,
 * and what the hub's daemon calls. Whatever happens to an account is a record with a name; no secret and no address ever is
 * in one.
 */
#pragma once

#include "flow/record.h"
#include "hub/act.h"
#include "people/people.h"

/* ---- for the daemon ---- */

/*
 * When there is no account yet: a new one-time link to `address` ("https://…/"; NULL or "": none is known) goes to the log, where
 * whoever started Garde reads it. A failure is logged.
 */
void act_people_start(struct world *world, const char *address);

/* Once a minute: what is over leaves, and what no record has told of is told. A failure is logged. */
void act_people_tick(struct world *world);

/*
 * struct world.ask_approval: keeps the call for a second person and says so in out["approval"]. When nobody else could
 * agree (one director alone) the act runs at once, so that nobody is left helpless at night.
 */
int act_people_ask(struct act_call *call);

/* ---- for the acts of people ---- */

/* NULL, with the refusal set (-ENOENT), when this hub keeps no accounts. */
struct people *act_people(struct act_call *call);

/* The account the path names; "me" is the caller's. NULL with the refusal set. */
const struct people_account *act_people_account(struct act_call *call, struct people *people);

/* Whether it is the caller's own account. */
bool act_people_is_own(const struct act_call *call, const struct people_account *account);
/* A director, or the machine's owner over the socket. */
bool act_people_is_director(const struct act_call *call);

/*
 * Who signs; over the socket it must be said (-EINVAL). A token is no person: it does not touch accounts (-EACCES), so that a stolen
 * one cannot make itself an account. NULL with the refusal set.
 */
const char *act_people_author(struct act_call *call);

/* account.changed with the account's document; `what` is the word for what changed. */
int act_people_changed(struct act_call *call, const char *author, const char *account, const char *what);
/* Any record; `body` is consumed. `said`: what a person typed, which is kept beside the record; "" for nothing. */
int act_people_record(struct act_call *call, enum record_type type, const char *subject, const char *author,
                      json_t *body, const char *said);

/* The document of kind "approval"; `by` NULL when nobody decided. New reference. */
json_t *act_people_approval(const struct people_approval *approval, const char *state, const char *by);

/* The caller's session as GET /session shows it, into call->out, with `must`. */
int act_people_show(struct act_call *call, const struct people_session *session);

/* Its members become the answer's; consumed. -ENOMEM when it is NULL. */
int act_people_answer(struct act_call *call, json_t *json);

json_t *act_people_time(int64_t ms); /* 0 is null */
