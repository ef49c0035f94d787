/* SPDX-License-Identifier: EUPL-1.2 */
#include "people/people.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "people/private.h"
#include "people/session.h"
#include "people/vault.h"

#define IDLE_MS     (30 * 60 * 1000)
#define ABSOLUTE_MS (12 * 3600 * 1000)

int people_out_of_memory(struct error *error)
{
        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

int people_no_account(const char *id, struct error *error)
{
        return error_say(error, -ENOENT, "il n’y a pas de compte « %s »", "there is no account “%s”", id);
}

int64_t people_now(const struct people *people)
{
        return clock_wall_ms(people->clock);
}

/* ---- opening ---- */

/* A name that was cut to fit may end in half a character. */
static void cut_half_character(char *text)
{
        size_t length = strlen(text), at = length;

        while (at && ((unsigned char)text[at - 1] & 0xc0) == 0x80)
                at--;
        if (at && (unsigned char)text[at - 1] >= 0xc0) {
                unsigned char lead = (unsigned char)text[at - 1];
                size_t whole = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

                if (length - (at - 1) < whole)
                        text[at - 1] = '\0';
        }
}

static void settle_policy(struct people *people, const struct people_policy *policy)
{
        people->policy = *policy;
        cut_half_character(people->policy.issuer);
        people->cost = password_cost_usual();
        if (!people->policy.session_idle_ms)
                people->policy.session_idle_ms = IDLE_MS;
        if (!people->policy.session_absolute_ms)
                people->policy.session_absolute_ms = ABSOLUTE_MS;
        if (policy->password_operations)
                people->cost.operations = policy->password_operations;
        if (policy->password_memory)
                people->cost.memory = policy->password_memory;
}

/* A password that nobody knows, not even we: looking at it takes as long as looking at somebody's. */
static int make_dummy(struct people *people, struct error *error)
{
        char text[SECRET_TEXT_SIZE];
        struct password_job *job;
        int r = -ENOMEM;

        secret_make(people->random, text);
        job = password_job_new(&people->cost, NULL, NULL, text);
        if (job)
                r = password_job_work(job, error);
        if (!r)
                strcpy(people->dummy, password_job_made(job));
        password_job_free(job);
        sodium_memzero(text, sizeof(text));
        return r == -ENOMEM ? people_out_of_memory(error) : r;
}

int people_open(const char *path, const struct people_policy *policy, const struct clock *clock,
                const struct random *random, struct people **ret_people, struct error *error)
{
        struct people *people = calloc(1, sizeof(*people));
        int r = -ENOMEM;

        if (people && sodium_init() >= 0) {
                people->clock = clock;
                people->random = random;
                people->guess = guess_new(clock, random);
                settle_policy(people, policy);
        }
        if (!people || !people->guess)
                r = people_out_of_memory(error);
        else
                r = vault_open(path, &people->vault, error);
        if (!r)
                r = vault_load(people->vault, people, error);
        if (!r)
                r = make_dummy(people, error);
        if (r) {
                people_close(people);
                return r;
        }
        *ret_people = people;
        return 0;
}

struct people *people_close(struct people *people)
{
        if (!people)
                return NULL;
        if (people->vault)
                session_keep_seen(people, 0, NULL);
        for (size_t i = 0; i < people->account_count; i++) {
                sodium_memzero(people->accounts[i], sizeof(*people->accounts[i]));
                free(people->accounts[i]);
        }
        for (size_t i = 0; i < people->approval_count; i++)
                free((char *)people->approvals[i].in);
        people->guess = guess_free(people->guess);
        people->vault = vault_close(people->vault);
        sodium_memzero(people, sizeof(*people));
        free(people);
        return NULL;
}

/* ---- accounts as others see them ---- */

const struct people_policy *people_policy(const struct people *people)
{
        return &people->policy;
}

size_t people_account_count(const struct people *people)
{
        return people->account_count;
}

const struct people_account *people_account_at(const struct people *people, size_t index)
{
        return &people->accounts[index]->shown;
}

struct account *people_account(const struct people *people, const char *id)
{
        size_t low = 0, high = people->account_count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int order = strcmp(people->accounts[middle]->shown.id.text, id);

                if (!order)
                        return people->accounts[middle];
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

const struct people_account *people_account_find(const struct people *people, const char *id)
{
        const struct account *account = people_account(people, id);

        return account ? &account->shown : NULL;
}

const struct people_account *people_account_named(const struct people *people, const char *name)
{
        for (size_t i = 0; i < people->account_count; i++)
                if (!strcasecmp(people->accounts[i]->shown.name, name))
                        return &people->accounts[i]->shown;
        return NULL;
}

const struct people_account *people_proxy_find(const struct people *people, const char *name)
{
        const struct people_account *account = people_account_named(people, name);

        return account && account->enabled ? account : NULL;
}

static json_t *time_json(int64_t ms)
{
        char text[TIME_TEXT_SIZE];

        if (!ms)
                return json_null();
        time_format(ms, text);
        return json_string(text);
}

json_t *people_account_json(const struct people_account *account)
{
        return json_pack("{s:s, s:s, s:o, s:s, s:b, s:b, s:b, s:i, s:o, s:o}", "id", account->id.text, "name",
                         account->name, "roles", roles_to_json(account->roles), "language",
                         language_word(account->language), "enabled", account->enabled, "second_factor",
                         account->second_factor, "password_given", account->password_given, "recovery_left",
                         (int)account->recovery_left, "created", time_json(account->created_ms), "seen",
                         time_json(account->seen_ms));
}

unsigned people_must(const struct people *people, const struct people_account *account)
{
        unsigned must = account->password_given ? PEOPLE_MUST_PASSWORD : 0;

        if (people->policy.second_factor_required && account->roles & PEOPLE_GUARDED &&
            !account->second_factor)
                must |= PEOPLE_MUST_SECOND_FACTOR;
        return must;
}

unsigned people_effective(const struct people *people, const struct people_account *account)
{
        return account->enabled && !people_must(people, account) ? account->roles : 0;
}

json_t *people_must_json(unsigned must)
{
        json_t *list = json_array();

        if (list && must & PEOPLE_MUST_PASSWORD)
                json_array_append_new(list, json_string("password"));
        if (list && must & PEOPLE_MUST_SECOND_FACTOR)
                json_array_append_new(list, json_string("second-factor"));
        return list;
}

int people_keep(struct people *people, const struct account *changed, struct error *error)
{
        struct account *account = people_account(people, changed->shown.id.text);
        int r = vault_put_account(people->vault, changed, error);

        if (!r)
                *account = *changed;
        return r;
}

/* ---- as time goes by ---- */

int people_tick(struct people *people, struct error *error)
{
        int r = session_tick(people, error);

        return r ? r : token_tick(people, error);
}
