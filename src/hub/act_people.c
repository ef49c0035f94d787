/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/act_people.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "hub/world.h"
#include "journal/journal.h"
#include "people/login.h"

/* ---- records ---- */

static int write_record(const struct world *world, enum record_type type, const char *subject,
                        const char *author, json_t *body, const char *said, struct error *error)
{
        json_t *personal = *said ? json_pack("{s:s}", "text", said) : NULL;
        const struct record_draft draft = {
                .type = type, .subject = subject, .author = author, .body = body, .personal = personal};
        uint64_t seq;
        int r = body && (personal || !*said)
                        ? journal_append(world->journal, &draft, &seq, error)
                        : error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");

        json_decref(body);
        json_decref(personal);
        return r;
}

int act_people_record(struct act_call *call, enum record_type type, const char *subject, const char *author,
                      json_t *body, const char *said)
{
        return write_record(call->world, type, subject, author, body, said, &call->error);
}

int act_people_changed(struct act_call *call, const char *author, const char *account, const char *what)
{
        const struct people_account *found = people_account_find(call->world->people, account);
        json_t *json = people_account_json(found);
        json_t *body;

        /* When somebody was last here is in session.opened; the document would be out of date with each login. */
        json_object_del(json, "seen");
        body = json_pack("{s:s, s:{s:s, s:s, s:o}}", "changed", what, "document", "kind", "account", "id",
                         account, "json", json);
        return act_people_record(call, RECORD_TYPE_ACCOUNT_CHANGED, account, author, body, "");
}

/* ---- who ---- */

struct people *act_people(struct act_call *call)
{
        if (!call->world->people)
                act_refuse(call, -ENOENT, "Garde ne tient pas de comptes ici",
                           "Garde keeps no accounts here");
        return call->world->people;
}

bool act_people_is_own(const struct act_call *call, const struct people_account *account)
{
        return !strcmp(call->caller->account, account->id.text);
}

bool act_people_is_director(const struct act_call *call)
{
        return call->caller->way == ACT_WAY_SOCKET || call->caller->roles & ACT_ROLE(DIRECTOR);
}

const struct people_account *act_people_account(struct act_call *call, struct people *people)
{
        const char *id = act_text(call, "account");
        const struct people_account *account =
                people_account_find(people, !strcmp(id, "me") ? call->caller->account : id);

        if (!account)
                act_refuse(call, -ENOENT, "il n’y a pas de compte « %s »", "there is no account “%s”", id);
        return account;
}

const char *act_people_author(struct act_call *call)
{
        const char *author = act_author(call);

        if (call->caller->way == ACT_WAY_TOKEN) {
                act_refuse(call, -EACCES, "un jeton ne peut rien changer aux comptes",
                           "a token cannot change anything about accounts");
                return NULL;
        }
        if (*author)
                return author;
        act_refuse(call, -EINVAL, "dites qui vous êtes (« author »)", "say who you are (“author”)");
        return NULL;
}

/* ---- answers ---- */

json_t *act_people_time(int64_t ms)
{
        char text[TIME_TEXT_SIZE];

        if (!ms)
                return json_null();
        time_format(ms, text);
        return json_string(text);
}

int act_people_answer(struct act_call *call, json_t *json)
{
        int r = json ? json_object_update(call->out, json) : -1;

        json_decref(json);
        return r ? act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory") : 0;
}

int act_people_show(struct act_call *call, const struct people_session *session)
{
        const struct people_account *account =
                people_account_find(call->world->people, session->account.text);

        return act_people_answer(call, json_pack("{s:o, s:o, s:s, s:o, s:s, s:o, s:b}", "account",
                                                 people_account_json(account), "roles",
                                                 roles_to_json(session->roles), "csrf", session->csrf, "must",
                                                 people_must_json(session->must), "session", session->id.text,
                                                 "ends", act_people_time(session->ends_ms), "setup", 0));
}

/* ---- for the daemon ---- */

void act_people_start(struct world *world, const char *address)
{
        char token[PEOPLE_SECRET_SIZE];
        struct error error = {0};
        int r = setup_begin(world->people, token, &error);

        if (r == -EALREADY)
                return;
        if (r) {
                log_error("no link for the first account could be made: %s", error_text(&error, r));
                return;
        }
        /* Behind a number sign, which browsers keep to themselves: the link is in no server's log. */
        log_notice("aucun compte : créez celui de la direction / no account yet: make the director's: "
                   "%ssetup#%s "
                   "(24 h)",
                   address ? address : "", token);
        explicit_bzero(token, sizeof(token));
}

static int tell_refusals(struct world *world, const char *account, struct error *error)
{
        int64_t since_ms = 0;
        unsigned count = login_refused(world->people, account, true, &since_ms);

        if (!count)
                return 0;
        return write_record(world, RECORD_TYPE_SESSION_REFUSED, account, "hub",
                            json_pack("{s:i, s:o}", "count", (int)count, "since", act_people_time(since_ms)),
                            "", error);
}

static int tell_expiry(struct world *world, const struct people_approval *approval, struct error *error)
{
        const char *id = approval->id.text;
        json_t *body = json_pack("{s:s, s:s, s:{s:s, s:s, s:o}}", "act", approval->act, "state", "expired",
                                 "document", "kind", "approval", "id", id, "json",
                                 act_people_approval(approval, "expired", NULL));
        int r = write_record(world, RECORD_TYPE_APPROVAL_GIVEN, id, "hub", body, "", error);

        return r ? r : people_approval_end(world->people, id, error);
}

void act_people_tick(struct world *world)
{
        struct error error = {0};
        const struct people_approval *approval;
        int r = people_tick(world->people, &error);

        while (!r && (approval = people_approval_over(world->people)))
                r = tell_expiry(world, approval, &error);

        for (size_t i = 0; !r && i < people_account_count(world->people); i++)
                r = tell_refusals(world, people_account_at(world->people, i)->id.text, &error);
        if (!r)
                r = tell_refusals(world, "", &error);
        if (r)
                log_error("accounts and sessions could not be kept up to date: %s", error_text(&error, r));
}
