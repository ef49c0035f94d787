/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * deliver: one parcel to its target, whatever its kind. Blocks until it arrived or failed, for a thread of its own.
 *
 * Over HTTP: https alone, the certificate verified, no redirect followed, no proxy of the environment, bounds of call.h,
 * nothing of the answer interpreted; an address within private, loopback or link-local ranges is called only when the target says `private: yes`,
 * judged at the socket, so a name that changes its mind in between gains nothing. Headers: Idempotency-Key, X-Garde-Event,
 * X-Garde-Timestamp, X-Garde-Signature (signature.h).
 *
 * Mail: smtps://, or smtp:// with STARTTLS, which may be missing only on this very machine and without a password.
 */
#pragma once

#include "base/addr.h"
#include "base/error.h"
#include "exchange/parcel.h"

/* Once, before any thread. */
int deliver_begin(struct error *error);
void deliver_end(void);

/* The target refused for good (the sentence says what): trying again would not help. */
#define DELIVER_REFUSED 1
int deliver(const struct outlet *outlet, const struct parcel *parcel, int64_t now_ms, struct error *error);

/* Ranges that a webhook has no business in: this machine, private, link-local, shared, multicast, and IPv6's words for the same. Pure. */
bool deliver_is_private(const struct addr *addr);

/* What an HTTP status means: 0, DELIVER_REFUSED, or -EAGAIN. Pure. */
int deliver_judge_status(long status);
