/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fetch: a list as it stands at its address, into a file of ours. Over HTTPS with certificates verified, asked for only if it
 * changed (RFC 9110, 13: ETag, Last-Modified), bounded in octets and time, what was compressed counted as what it becomes. Blocking:
 * it has a thread of its own. Reads nothing of what it gets but HTTP; the list itself is read by list.h.
 *
 * Redirections are followed within HTTPS, five at most, and not at all when a secret goes along: it is meant for one host.
 */
#pragma once

#include "base/error.h"
#include "service/config.h"

#define FETCH_VALIDATOR_SIZE 256
#define FETCH_SECRET_SIZE    1024

/* What an answer said of itself, to be asked about the next time; "" when it said nothing. */
struct fetch_validators {
        char etag[FETCH_VALIDATOR_SIZE], modified[FETCH_VALIDATOR_SIZE];
};

/* How the door is opened; from the list's secret file. */
struct fetch_secret {
        enum { FETCH_OPEN, FETCH_BEARER, FETCH_BASIC, FETCH_KEY } way;
        char text[FETCH_SECRET_SIZE];
};

enum fetch_outcome { FETCH_NEW, FETCH_SAME };

int fetch_begin(struct error *error); /* once, before any thread */
void fetch_end(void);

/* "bearer …", "basic name:password" or "key …", one line of a file that is secret (base/file.h). -EACCES, -EINVAL. Without a file: open. */
int fetch_secret_read(const struct config_list *list, struct fetch_secret *ret_secret, struct error *error);

/*
 * FETCH_NEW: what is there now lies in *ret_fd from its start, a file of `folder` without a name; the caller closes it. FETCH_SAME: *ret_fd is
 * -1. `validators` are those of the last version taken, and become those of this answer. -EIO, -E2BIG, -ETIMEDOUT, -EACCES (401, 403), -ENOENT.
 */
int fetch_list(const struct config_list *list, const struct fetch_secret *secret, const char *folder,
               struct fetch_validators *validators, enum fetch_outcome *ret_outcome, int *ret_fd,
               struct error *error);
