/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "people/session.h"
#include "people/vault.h"

bool people_approval_possible(const struct people *people, const char *account, unsigned roles)
{
        for (size_t i = 0; i < people->account_count; i++) {
                const struct people_account *other = &people->accounts[i]->shown;

                if (strcmp(other->id.text, account) && people_effective(people, other) & roles)
                        return true;
        }
        return false;
}

static int no_approval(struct error *error)
{
        return error_say(error, -ENOENT, "cette demande n’existe pas, est tranchée ou a expiré",
                         "there is no such request; it is decided or has expired");
}

static int remove_approval(struct people *people, struct people_approval *approval, struct error *error)
{
        size_t index = (size_t)(approval - people->approvals);
        int r = vault_drop(people->vault, VAULT_APPROVALS, approval->id.text, error);

        if (r)
                return r;
        free((char *)approval->in);
        people->approval_count--;
        memmove(approval, approval + 1, (people->approval_count - index) * sizeof(*approval));
        return 0;
}

static bool is_over(const struct people *people, const struct people_approval *approval)
{
        return people_now(people) >= approval->expires_ms;
}

const struct people_approval *people_approval_over(const struct people *people)
{
        for (size_t i = 0; i < people->approval_count; i++)
                if (is_over(people, &people->approvals[i]))
                        return &people->approvals[i];
        return NULL;
}

static struct people_approval *find_any(struct people *people, const char *id)
{
        for (size_t i = 0; i < people->approval_count; i++)
                if (!strcmp(people->approvals[i].id.text, id))
                        return &people->approvals[i];
        return NULL;
}

const struct people_approval *people_approval_find(struct people *people, const char *id)
{
        const struct people_approval *approval = find_any(people, id);

        return approval && !is_over(people, approval) ? approval : NULL;
}

static int check_room(const struct people *people, const struct people_who *who, struct error *error)
{
        size_t own = 0;

        for (size_t i = 0; i < people->approval_count; i++)
                own += !is_over(people, &people->approvals[i]) &&
                       !strcmp(people->approvals[i].account.text, who->account);
        if (own >= PEOPLE_ACCOUNT_ASKS_MAX || people->approval_count == PEOPLE_APPROVALS_MAX)
                return error_say(error, -E2BIG, "trop de demandes attendent déjà une seconde personne",
                                 "too many requests already wait for a second person");
        return 0;
}

static void insert(struct people *people, const struct people_approval *approval)
{
        size_t at = people->approval_count;

        while (at && strcmp(people->approvals[at - 1].id.text, approval->id.text) > 0)
                at--;
        memmove(&people->approvals[at + 1], &people->approvals[at],
                (people->approval_count - at) * sizeof(*approval));
        people->approvals[at] = *approval;
        people->approval_count++;
}

int people_approval_ask(struct people *people, const char *act, const char *in, unsigned roles,
                        const struct people_who *who, struct id *ret_id, struct error *error)
{
        struct people_approval approval = {.roles = roles, .asked_ms = people_now(people)};
        CLEANUP(cleanup_free) char *kept = NULL;
        int r = check_room(people, who, error);

        if (!r && (strlen(in) > PEOPLE_ASK_MAX || strlen(act) >= sizeof(approval.act)))
                r = error_say(error, -E2BIG, "la demande est trop longue pour attendre une seconde personne",
                              "the request is too long to wait for a second person");
        if (!r && id_parse(who->account, 'a', &approval.account))
                r = people_no_account(who->account, error);
        if (r)
                return r;
        kept = strdup(in);
        if (!kept)
                return people_out_of_memory(error);
        approval.in = kept;
        approval.expires_ms = approval.asked_ms + PEOPLE_APPROVAL_MS;
        id_make('p', people->clock, people->random, &approval.id);
        strcpy(approval.act, act);
        strncpy(approval.name, who->name, sizeof(approval.name) - 1);
        r = vault_put_approval(people->vault, &approval, error);
        if (r)
                return r;
        insert(people, &approval);
        kept = NULL;
        *ret_id = approval.id;
        return 0;
}

int people_approval_each(struct people *people,
                         int (*visit)(void *context, const struct people_approval *approval), void *context)
{
        int r = 0;

        for (size_t i = 0; !r && i < people->approval_count; i++)
                if (!is_over(people, &people->approvals[i]))
                        r = visit(context, &people->approvals[i]);
        return r;
}

int people_approval_may(struct people *people, const char *id, const struct people_who *who,
                        struct error *error)
{
        const struct people_approval *approval = people_approval_find(people, id);

        if (!approval)
                return no_approval(error);
        if (!*who->account || !strcmp(approval->account.text, who->account))
                return error_say(error, -EACCES,
                                 "une autre personne que celle qui demande doit être d’accord",
                                 "somebody else than whoever asked must agree");
        if (!(approval->roles & who->roles))
                return error_say(error, -EACCES, "votre rôle ne permet pas cet acte",
                                 "your role does not allow this");
        return 0;
}

int people_approval_end(struct people *people, const char *id, struct error *error)
{
        struct people_approval *approval = find_any(people, id);

        return approval ? remove_approval(people, approval, error) : no_approval(error);
}
