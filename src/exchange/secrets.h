/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * secrets: out.secrets, which garde-respond alone reads. YAML, one map a target, by its name:
 *
 *   soc: {token: "…", signing: "…"}        token: bearer token (webhook), key of the API (iris, fir); signing: of webhooks
 *   courrier: {user: garde, password: "…"} mail
 *
 * The file must be a plain one, of mode 0600 or less, owned by whoever reads it: else it is refused, whatever stands in it. A target without
 * an entry has no secret. Printable ASCII only, so nothing of it can break out of a header.
 */
#pragma once

#include "base/error.h"
#include "exchange/parcel.h"

/*
 * Fills the outlets' secrets; `outlets` have their config set. No file at all is no secrets. -EACCES: mode or owner; -EINVAL: what stands in
 * it, a target nobody configured included; no sentence quotes a secret.
 */
int secrets_read(const char *path, struct outlet *outlets, size_t count, struct error *error);

/* Overwrites them. */
void secrets_wipe(struct outlet *outlets, size_t count);
