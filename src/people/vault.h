/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * vault: the file that people's secrets lie in (SQLite, WAL, synchronous=FULL, secure_delete, mode 0600). Private to the room.
 * Every put is durable on return, unless it stands between vault_begin() and vault_commit().
 */
#pragma once

#include "people/private.h"

struct vault;

/* -EINVAL: not such a file, or another version's; -EBUSY: another process has it; -EACCES, -EIO, -ENOSPC, -ENOMEM. */
int vault_open(const char *path, struct vault **ret_vault, struct error *error);
struct vault *vault_close(struct vault *vault); /* NULL */

int vault_begin(struct vault *vault, struct error *error);
int vault_commit(struct vault *vault, struct error *error);
void vault_rollback(struct vault *vault); /* no effect outside */

int vault_put_account(struct vault *vault, const struct account *account, struct error *error);
int vault_put_session(struct vault *vault, const struct session *session, struct error *error);
int vault_put_token(struct vault *vault, const struct token *token, struct error *error);
int vault_put_approval(struct vault *vault, const struct people_approval *approval, struct error *error);

enum vault_table { VAULT_SESSIONS, VAULT_TOKENS, VAULT_APPROVALS };
int vault_drop(struct vault *vault, enum vault_table table, const char *id, struct error *error);

/* The hash of the setup text and when it ends; `ends_ms` 0 when there is none. */
int vault_put_setup(struct vault *vault, const uint8_t hash[static SECRET_HASH_SIZE], int64_t ends_ms,
                    struct error *error);

/* Everything there is into `people`, by id. -E2BIG beyond the caps. */
int vault_load(struct vault *vault, struct people *people, struct error *error);
