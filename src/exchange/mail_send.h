/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * mail_send: a parcel's message (mail.h) to the target's server, by smtps:// or by smtp:// with STARTTLS (RFC 3207). TLS may be missing only
 * towards this very machine and without a password; so a server, or somebody on the way, that does not offer it gets neither the
 * password nor the news. The name we greet with is the sender's domain.
 */
#pragma once

#include "exchange/deliver.h"

/* 0, DELIVER_REFUSED (an address that cannot be written, or an answer 55x), -EIO, -ENOMEM. */
int mail_send(const struct outlet *outlet, const struct parcel *parcel, int64_t now_ms, struct error *error);
