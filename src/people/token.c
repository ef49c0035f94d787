/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "people/session.h"
#include "people/vault.h"

#define SEEN_KEPT_MS 60000
#define OF_ONE_MAX   32       /* tokens of one account */
#define BEARER       "garde_" /* so that a token in the wrong place is known for what it is */

static bool is_over(const struct people *people, const struct token *token)
{
        const struct account *account = people_account(people, token->account.text);

        return people_now(people) >= token->expires_ms || !account || !account->shown.enabled;
}

static void describe(const struct people *people, const struct token *token, struct people_token *ret_token)
{
        const struct people_account *account = people_account_find(people, token->account.text);

        *ret_token = (struct people_token){.id = token->id,
                                           .account = token->account,
                                           .roles = token->roles & people_effective(people, account),
                                           .language = account->language,
                                           .created_ms = token->created_ms,
                                           .expires_ms = token->expires_ms,
                                           .seen_ms = token->seen_ms};
        strcpy(ret_token->name, token->name);
        strcpy(ret_token->account_name, account->name);
        snprintf(ret_token->signs, sizeof(ret_token->signs), "%s/%s", account->name, token->name);
}

int people_token_find(struct people *people, const char *text, struct people_token *ret_token)
{
        uint8_t hash[SECRET_HASH_SIZE];

        if (strlen(text) != strlen(BEARER) + SECRET_TEXT_SIZE - 1)
                return PEOPLE_NONE;
        secret_hash(text, hash);
        for (size_t i = 0; i < people->token_count; i++) {
                struct token *token = &people->tokens[i];

                if (memcmp(token->hash, hash, SECRET_HASH_SIZE)) /* as in session.c */
                        continue;
                if (is_over(people, token))
                        return PEOPLE_NONE;
                token->seen_ms = people_now(people);
                describe(people, token, ret_token);
                return 0;
        }
        return PEOPLE_NONE;
}

/* ---- making and ending ---- */

static int check_name(const char *name, struct error *error)
{
        static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

        if (!*name || strlen(name) >= PEOPLE_TOKEN_NAME_SIZE || strspn(name, allowed) != strlen(name))
                return error_say(
                        error, -EINVAL,
                        "le nom d’un jeton tient en %d signes : lettres sans accent, chiffres, « . », « - », "
                        "« _ »",
                        "a token's name has at most %d signs: plain letters, digits, “.”, “-”, “_”",
                        PEOPLE_TOKEN_NAME_SIZE - 1);
        return 0;
}

static int check_token(const struct people *people, const struct people_account *account, const char *name,
                       unsigned roles, int64_t expires_ms, struct error *error)
{
        int64_t now = people_now(people);
        int r = check_name(name, error);

        if (r)
                return r;
        if (!roles || roles & ~people_effective(people, account))
                return error_say(error, -EACCES,
                                 "un jeton n’a que des rôles de celui qui le crée, et au moins un",
                                 "a token has only roles of whoever makes it, and at least one");
        if (expires_ms <= now || expires_ms > now + PEOPLE_TOKEN_MAX_MS)
                return error_say(error, -EINVAL, "un jeton expire dans l’année qui vient",
                                 "a token expires within the coming year");
        return 0;
}

static int check_room(const struct people *people, const char *account, const char *name, struct error *error)
{
        size_t own = 0;

        for (size_t i = 0; i < people->token_count; i++) {
                const struct token *token = &people->tokens[i];

                if (strcmp(token->account.text, account))
                        continue;
                if (!strcmp(token->name, name))
                        return error_say(error, -EALREADY, "vous avez déjà un jeton « %s »",
                                         "you already have a token “%s”", name);
                own++;
        }
        if (own >= OF_ONE_MAX || people->token_count == PEOPLE_TOKENS_MAX)
                return error_say(error, -E2BIG, "il y a trop de jetons : supprimez ceux qui ne servent plus",
                                 "there are too many tokens: delete those that are no longer used");
        return 0;
}

static void insert(struct people *people, const struct token *token)
{
        size_t at = people->token_count;

        while (at && strcmp(people->tokens[at - 1].id.text, token->id.text) > 0)
                at--;
        memmove(&people->tokens[at + 1], &people->tokens[at], (people->token_count - at) * sizeof(*token));
        people->tokens[at] = *token;
        people->token_count++;
}

int people_token_make(struct people *people, const char *account, const char *name, unsigned roles,
                      int64_t expires_ms, char ret_text[static PEOPLE_SECRET_SIZE],
                      struct people_token *ret_token, struct error *error)
{
        const struct people_account *maker = people_account_find(people, account);
        struct token token = {.roles = roles, .created_ms = people_now(people), .expires_ms = expires_ms};
        char text[PEOPLE_SECRET_SIZE] = BEARER;
        int r = maker ? check_token(people, maker, name, roles, expires_ms, error)
                      : people_no_account(account, error);

        _Static_assert(sizeof(BEARER) - 1 + SECRET_TEXT_SIZE <= PEOPLE_SECRET_SIZE, "a token fits");
        if (!r)
                r = token_tick(people, error);
        if (!r)
                r = check_room(people, account, name, error);
        if (r)
                return r;
        secret_make(people->random, text + strlen(BEARER));
        secret_hash(text, token.hash);
        id_make('t', people->clock, people->random, &token.id);
        token.account = maker->id;
        strcpy(token.name, name);
        r = vault_put_token(people->vault, &token, error);
        if (!r) {
                insert(people, &token);
                describe(people, &token, ret_token);
                strcpy(ret_text, text);
        }
        sodium_memzero(text, sizeof(text));
        return r;
}

static int remove_token(struct people *people, struct token *token, struct error *error)
{
        size_t index = (size_t)(token - people->tokens);
        int r = vault_drop(people->vault, VAULT_TOKENS, token->id.text, error);

        if (r)
                return r;
        people->token_count--;
        memmove(token, token + 1, (people->token_count - index) * sizeof(*token));
        return 0;
}

int people_token_end(struct people *people, const char *token, struct error *error)
{
        for (size_t i = 0; i < people->token_count; i++)
                if (!strcmp(people->tokens[i].id.text, token))
                        return remove_token(people, &people->tokens[i], error);
        return error_say(error, -ENOENT, "ce jeton n’existe pas ou n’existe plus",
                         "there is no such token, or no longer");
}

int people_token_each(struct people *people, int (*visit)(void *context, const struct people_token *token),
                      void *context)
{
        int r = 0;

        for (size_t i = 0; !r && i < people->token_count; i++) {
                struct people_token shown;

                if (is_over(people, &people->tokens[i]))
                        continue;
                describe(people, &people->tokens[i], &shown);
                r = visit(context, &shown);
        }
        return r;
}

/* Those of a disabled account stay: it may be enabled again. */
int token_tick(struct people *people, struct error *error)
{
        int64_t now = people_now(people);
        int r = 0;

        for (size_t i = people->token_count; !r && i-- > 0;) {
                struct token *token = &people->tokens[i];

                if (now >= token->expires_ms) {
                        r = remove_token(people, token, error);
                } else if (token->seen_ms > token->kept_seen_ms + SEEN_KEPT_MS) {
                        r = vault_put_token(people->vault, token, error);
                        if (!r)
                                token->kept_seen_ms = token->seen_ms;
                }
        }
        return r;
}
