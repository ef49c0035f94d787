/* SPDX-License-Identifier: EUPL-1.2 */
#include "people/session.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "people/vault.h"

#define SEEN_KEPT_MS 60000

/* ---- which there are ---- */

static int64_t ends_ms(const struct people *people, const struct session *session)
{
        int64_t idle = session->seen_ms + people->policy.session_idle_ms;
        int64_t absolute = session->opened_ms + people->policy.session_absolute_ms;

        return idle < absolute ? idle : absolute;
}

static bool is_over(const struct people *people, const struct session *session)
{
        const struct account *account = people_account(people, session->account.text);

        return people_now(people) >= ends_ms(people, session) || !account || !account->shown.enabled;
}

/* How far a hash agrees may show in the time: nobody can choose a text by its hash. */
static struct session *find_hash(struct people *people, const uint8_t hash[static SECRET_HASH_SIZE])
{
        for (size_t i = 0; i < people->session_count; i++)
                if (!memcmp(people->sessions[i].hash, hash, SECRET_HASH_SIZE))
                        return &people->sessions[i];
        return NULL;
}

static struct session *find_id(struct people *people, const char *id)
{
        for (size_t i = 0; i < people->session_count; i++)
                if (!strcmp(people->sessions[i].id.text, id))
                        return &people->sessions[i];
        return NULL;
}

static void describe(const struct people *people, const struct session *session,
                     struct people_session *ret_session)
{
        const struct people_account *account = people_account_find(people, session->account.text);

        *ret_session = (struct people_session){.id = session->id,
                                               .account = session->account,
                                               .roles = people_effective(people, account),
                                               .must = people_must(people, account),
                                               .language = account->language,
                                               .opened_ms = session->opened_ms,
                                               .seen_ms = session->seen_ms,
                                               .ends_ms = ends_ms(people, session)};
        strcpy(ret_session->name, account->name);
        strcpy(ret_session->csrf, session->csrf);
}

/* ---- ending ---- */

static int remove_session(struct people *people, struct session *session, struct error *error)
{
        size_t index = (size_t)(session - people->sessions);
        int r = vault_drop(people->vault, VAULT_SESSIONS, session->id.text, error);

        if (r)
                return r;
        people->session_count--;
        memmove(session, session + 1, (people->session_count - index) * sizeof(*session));
        sodium_memzero(&people->sessions[people->session_count], sizeof(*session));
        return 0;
}

int people_session_end(struct people *people, const char *session, struct error *error)
{
        struct session *found = find_id(people, session);

        if (!found)
                return error_say(error, -ENOENT, "cette session n’existe pas ou n’existe plus",
                                 "there is no such session, or no longer");
        return remove_session(people, found, error);
}

int people_session_end_all(struct people *people, const char *account, const char *but, struct error *error)
{
        int r = 0;

        for (size_t i = people->session_count; !r && i-- > 0;) {
                struct session *session = &people->sessions[i];

                if (!strcmp(session->account.text, account) && strcmp(session->id.text, but))
                        r = remove_session(people, session, error);
        }
        return r;
}

int session_keep_seen(struct people *people, int64_t older_ms, struct error *error)
{
        int r = 0;

        for (size_t i = 0; !r && i < people->session_count; i++) {
                struct session *session = &people->sessions[i];

                if (session->seen_ms <= session->kept_seen_ms + older_ms)
                        continue;
                r = vault_put_session(people->vault, session, error);
                if (!r)
                        session->kept_seen_ms = session->seen_ms;
        }
        return r;
}

int session_tick(struct people *people, struct error *error)
{
        int r = 0;

        for (size_t i = people->session_count; !r && i-- > 0;)
                if (is_over(people, &people->sessions[i]))
                        r = remove_session(people, &people->sessions[i], error);
        return r ? r : session_keep_seen(people, SEEN_KEPT_MS, error);
}

/* ---- opening and finding ---- */

/* The one seen longest ago, of one account or ("") of all. */
static struct session *stalest(struct people *people, const char *account, size_t *ret_count)
{
        struct session *found = NULL;

        *ret_count = 0;
        for (size_t i = 0; i < people->session_count; i++) {
                struct session *session = &people->sessions[i];

                if (*account && strcmp(session->account.text, account))
                        continue;
                ++*ret_count;
                if (!found || session->seen_ms < found->seen_ms)
                        found = session;
        }
        return found;
}

static int make_room(struct people *people, const char *account, struct error *error)
{
        size_t count;
        struct session *session = stalest(people, account, &count);
        int r = 0;

        if (count >= PEOPLE_ACCOUNT_SESSIONS_MAX)
                r = remove_session(people, session, error);
        session = stalest(people, "", &count);
        if (!r && count >= PEOPLE_SESSIONS_MAX)
                r = remove_session(people, session, error);
        return r;
}

static void insert(struct people *people, const struct session *session)
{
        size_t at = people->session_count;

        while (at && strcmp(people->sessions[at - 1].id.text, session->id.text) > 0)
                at--;
        memmove(&people->sessions[at + 1], &people->sessions[at],
                (people->session_count - at) * sizeof(*session));
        people->sessions[at] = *session;
        people->session_count++;
}

int people_session_open(struct people *people, const char *account,
                        char ret_cookie[static PEOPLE_SECRET_SIZE], struct people_session *ret_session,
                        struct error *error)
{
        const struct people_account *found = people_account_find(people, account);
        struct session session = {.opened_ms = people_now(people), .seen_ms = people_now(people)};
        char cookie[SECRET_TEXT_SIZE];
        int r;

        if (!found || !found->enabled)
                return people_no_account(account, error);
        r = make_room(people, account, error);
        if (r)
                return r;
        secret_make(people->random, cookie);
        secret_hash(cookie, session.hash);
        id_make('s', people->clock, people->random, &session.id);
        session.account = found->id;
        session.kept_seen_ms = session.seen_ms;
        secret_derive(cookie, "csrf", session.csrf);
        r = vault_put_session(people->vault, &session, error);
        if (!r) {
                insert(people, &session);
                describe(people, &session, ret_session);
                strcpy(ret_cookie, cookie);
        }
        sodium_memzero(cookie, sizeof(cookie));
        return r;
}

int people_session_find(struct people *people, const char *cookie, struct people_session *ret_session)
{
        uint8_t hash[SECRET_HASH_SIZE];
        struct session *session;

        if (strlen(cookie) != SECRET_TEXT_SIZE - 1)
                return PEOPLE_NONE;
        secret_hash(cookie, hash);
        session = find_hash(people, hash);
        if (!session || is_over(people, session))
                return PEOPLE_NONE;
        session->seen_ms = people_now(people);
        if (!session->csrf[0])
                secret_derive(cookie, "csrf", session->csrf);
        describe(people, session, ret_session);
        return 0;
}

int people_session_named(struct people *people, const char *session, struct people_session *ret_session)
{
        const struct session *found = find_id(people, session);

        if (!found || is_over(people, found))
                return PEOPLE_NONE;
        describe(people, found, ret_session);
        return 0;
}

bool people_session_csrf_fits(const struct people_session *session, const char *value)
{
        return strlen(value) == SECRET_TEXT_SIZE - 1 && strlen(session->csrf) == SECRET_TEXT_SIZE - 1 &&
               sodium_memcmp(value, session->csrf, SECRET_TEXT_SIZE - 1) == 0;
}

int people_session_each(struct people *people,
                        int (*visit)(void *context, const struct people_session *session), void *context)
{
        int r = 0;

        for (size_t i = 0; !r && i < people->session_count; i++) {
                struct people_session shown;

                if (is_over(people, &people->sessions[i]))
                        continue;
                describe(people, &people->sessions[i], &shown);
                r = visit(context, &shown);
        }
        return r;
}
