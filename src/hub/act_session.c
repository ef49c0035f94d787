/* SPDX-License-Identifier: EUPL-1.2 */
/* Coming in and going out: sessions, and the first account of all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/act_people.h"
#include "hub/acts.h"
#include "hub/world.h"
#include "people/login.h"

/* ---- opening ---- */

static int record_opened(struct act_call *call, const struct people_session *session, const char *way)
{
        return act_people_record(call, RECORD_TYPE_SESSION_OPENED, session->account.text, session->name,
                                 json_pack("{s:s, s:s}", "session", session->id.text, "way", way), "");
}

/* Whoever came in without a record would be there unseen: without it, they are not. */
static int welcome(struct act_call *call, const struct login_result *result, const char *way)
{
        int r = record_opened(call, &result->session, way);

        if (!r && result->recovery)
                r = act_people_changed(call, result->session.name, result->session.account.text,
                                       "recovery-used");
        if (r) {
                people_session_end(call->world->people, result->session.id.text, NULL);
                return r;
        }
        strcpy(call->set_cookie, result->cookie);
        return act_people_show(call, &result->session);
}

/* The refusal stands in call->error; what goes into the journal must not cover it. */
static int tell_refusal(struct act_call *call, const char *account, int refusal)
{
        struct error kept = call->error;
        int64_t since_ms = 0;
        unsigned count = login_refused(call->world->people, account, false, &since_ms);
        int r = 0;

        if (count)
                r = act_people_record(
                        call, RECORD_TYPE_SESSION_REFUSED, account, "hub",
                        json_pack("{s:i, s:o}", "count", (int)count, "since", act_people_time(since_ms)), "");
        if (r)
                return r;
        call->error = kept;
        return refusal;
}

struct entry {
        struct people *people;
        struct login *login;
};

static int work_login(void *context, struct error *error)
{
        struct entry *entry = context;

        return login_work(entry->login, error);
}

static void release_login(void *context)
{
        struct entry *entry = context;

        login_free(entry->people, entry->login);
        free(entry);
}

static int ask_code(struct act_call *call)
{
        return act_people_answer(call, json_pack("{s:n, s:[], s:n, s:[s], s:b}", "account", "roles", "csrf",
                                                 "must", "code", "setup", 0));
}

static int end_login(void *context, struct act_call *call, int result)
{
        struct entry *entry = context;
        struct login_result opened;
        int r = result ? result : login_end(entry->people, entry->login, &opened, &call->error);

        if (r == -EPERM)
                return tell_refusal(call, login_account(entry->login), r);
        if (r)
                return r;
        r = opened.end == LOGIN_CODE ? ask_code(call)
                                     : welcome(call, &opened, opened.recovery ? "recovery" : "password");
        explicit_bzero(&opened, sizeof(opened));
        return r;
}

static int run_open(struct act_call *call)
{
        struct people *people = act_people(call);
        const struct login_try try = {.name = act_text(call, "name"),
                                      .password = act_text(call, "password"),
                                      .code = act_text(call, "code"),
                                      .address = call->caller->address};
        struct entry *entry;
        int r;

        if (!people)
                return -ENOENT;
        entry = calloc(1, sizeof(*entry));
        if (!entry)
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        entry->people = people;
        r = login_begin(people, &try, &entry->login, &call->error);
        if (r) {
                if (r == -EAGAIN)
                        r = tell_refusal(call, login_account(entry->login), r);
                release_login(entry);
                return r;
        }
        call->work = (struct act_work){work_login, end_login, release_login, entry};
        return 0;
}

/* ---- the first account ---- */

struct first {
        struct people *people;
        struct password_job *job;
};

static int work_first(void *context, struct error *error)
{
        struct first *first = context;

        return password_job_work(first->job, error);
}

static void release_first(void *context)
{
        struct first *first = context;

        account_job_free(first->people, first->job);
        free(first);
}

static int end_first(void *context, struct act_call *call, int result)
{
        struct first *first = context;
        enum language language = call->caller->english ? LANGUAGE_EN : LANGUAGE_FR;
        struct login_result opened = {0};
        struct id id;
        /* Somebody else may have used the link meanwhile. */
        int r = result ? result : setup_check(first->people, act_text(call, "token"), &call->error);

        if (!r)
                r = account_make(first->people, act_text(call, "name"), ACT_ROLE(DIRECTOR), language,
                                 password_job_made(first->job), false, &id, &call->error);
        if (!r)
                r = act_people_changed(call, act_text(call, "name"), id.text, "made");
        if (!r)
                r = people_session_open(first->people, id.text, opened.cookie, &opened.session, &call->error);
        if (!r)
                r = welcome(call, &opened, "setup");
        explicit_bzero(&opened, sizeof(opened));
        return r;
}

static int run_setup(struct act_call *call)
{
        struct people *people = act_people(call);
        const char *name = act_text(call, "name"), *password = act_text(call, "password");
        struct first *first;
        int r;

        if (!people)
                return -ENOENT;
        r = setup_check(people, act_text(call, "token"), &call->error);
        if (!r)
                r = account_name_check(people, name, &call->error);
        if (!r)
                r = password_check(password, name, &call->error);
        if (r)
                return r;
        first = calloc(1, sizeof(*first));
        if (!first)
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        first->people = people;
        r = account_job_new(people, NULL, NULL, password, &first->job, &call->error);
        if (r) {
                release_first(first);
                return r;
        }
        call->work = (struct act_work){work_first, end_first, release_first, first};
        return 0;
}

/* ---- showing, ending ---- */

/* By a proxy's word there is an account and no session; a write then carries any CSRF header (api/caller.h). */
static int show_account(struct act_call *call, const struct people_account *account)
{
        struct people_session session = {
                .account = account->id, .roles = call->caller->roles, .csrf = "proxy"};

        return act_people_show(call, &session);
}

static int run_show(struct act_call *call)
{
        struct people *people = act_people(call);
        const struct people_account *account;
        struct people_session session;

        if (!people)
                return -ENOENT;
        if (call->caller->session[0] && !people_session_named(people, call->caller->session, &session))
                return act_people_show(call, &session);
        account = people_account_find(people, call->caller->account);
        if (account)
                return show_account(call, account);
        return act_people_answer(call, json_pack("{s:n, s:[], s:n, s:[], s:b}", "account", "roles", "csrf",
                                                 "must", "setup", people_account_count(people) == 0));
}

static int run_end(struct act_call *call)
{
        struct people *people = act_people(call);

        if (!people)
                return -ENOENT;
        if (!call->caller->session[0])
                return act_refuse(call, -ENOENT, "il n’y a pas de session à fermer",
                                  "there is no session to end");
        return people_session_end(people, call->caller->session, &call->error);
}

struct listing {
        struct act_call *call;
        struct act_page page;
        const char *wanted; /* the session looked for; NULL: all */
        bool found;
};

static bool may_see(const struct act_call *call, const struct people_session *session)
{
        return act_people_is_director(call) || !strcmp(session->account.text, call->caller->account);
}

static int add_session(void *context, const struct people_session *session)
{
        struct listing *listing = context;
        struct act_call *call = listing->call;
        json_t *json;

        if (!may_see(call, session) || !act_page_wants(&listing->page, session->id.text))
                return 0;
        json = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:b}", "id", session->id.text, "account",
                         session->account.text, "name", session->name, "opened",
                         act_people_time(session->opened_ms), "seen", act_people_time(session->seen_ms),
                         "ends", act_people_time(session->ends_ms), "own",
                         !strcmp(session->id.text, call->caller->session));
        return json_array_append_new(listing->page.list, json) ? -ENOMEM : 0;
}

static int run_list(struct act_call *call)
{
        struct people *people = act_people(call);
        struct listing listing = {.call = call};
        int r;

        if (!people)
                return -ENOENT;
        act_page_begin(call, &listing.page);
        r = people_session_each(people, add_session, &listing);
        if (r) {
                json_decref(listing.page.list);
                return act_refuse(call, r, "mémoire insuffisante", "out of memory");
        }
        return act_page_end(call, &listing.page, "sessions");
}

/* Somebody else's is a director's to end: a telephone was stolen, a colleague has left. */
static int run_expel(struct act_call *call)
{
        struct people *people = act_people(call);
        const char *author = people ? act_people_author(call) : NULL;
        const char *id = act_text(call, "session");
        struct people_session session;
        int r;

        if (!author)
                return call->error.code;
        if (people_session_named(people, id, &session) || !may_see(call, &session))
                return act_refuse(call, -ENOENT, "il n’y a pas de session « %s »", "there is no session “%s”",
                                  id);
        r = people_session_end(people, id, &call->error);
        if (r || !strcmp(session.account.text, call->caller->account))
                return r;
        return act_people_changed(call, author, session.account.text, "session-ended");
}

/* ---- rows ---- */

#define NAME                                                                                                 \
        {                                                                                                    \
                .name = "name", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = 63, .fr = "nom du compte",   \
                .en = "name of the account"                                                                  \
        }
#define PASSWORD                                                                                             \
        {                                                                                                    \
                .name = "password", .type = ACT_TEXT, .flags = ACT_REQUIRED | ACT_SECRET, .max = 256,        \
                .fr = "mot de passe", .en = "password"                                                       \
        }

static const struct act_param open_params[] = {
        NAME,
        PASSWORD,
        {.name = "code",
         .type = ACT_TEXT,
         .flags = ACT_SECRET,
         .max = 63,
         .fr = "les six chiffres du téléphone, ou un code de la feuille de secours",
         .en = "the six digits of the telephone, or a code of the recovery sheet"},
        {0}};
static const struct act_param setup_params[] = {{.name = "token",
                                                 .type = ACT_TEXT,
                                                 .flags = ACT_REQUIRED | ACT_SECRET,
                                                 .max = 63,
                                                 .fr = "ce que montre Garde à son premier démarrage",
                                                 .en = "what Garde shows at its first start"},
                                                NAME,
                                                PASSWORD,
                                                {0}};
static const struct act_param expel_params[] = {{.name = "session",
                                                 .type = ACT_TEXT,
                                                 .flags = ACT_PATH,
                                                 .max = 31,
                                                 .fr = "identifiant de la session",
                                                 .en = "id of the session"},
                                                {0}};

static const struct act acts[] = {
        {.name = "session.open",
         .method = ACT_POST,
         .path = "/session",
         .flags = ACT_UNLOGGED_IN,
         .result = "Session",
         .fr = "Se connecter ; « must » dit ce qui manque encore : « code », « password », « second-factor »",
         .en = "Sign in; “must” says what is still missing: “code”, “password”, “second-factor”",
         .params = open_params,
         .run = run_open},
        {.name = "session.show",
         .method = ACT_GET,
         .path = "/session",
         .flags = ACT_UNLOGGED_IN,
         .result = "Session",
         .fr = "Qui est connecté ; « setup » dit que Garde attend son premier compte",
         .en = "Who is signed in; “setup” says that Garde waits for its first account",
         .run = run_show},
        {.name = "session.end",
         .method = ACT_DELETE,
         .path = "/session",
         .flags = ACT_OWN,
         .fr = "Se déconnecter",
         .en = "Sign out",
         .run = run_end},
        {.name = "session.list",
         .method = ACT_GET,
         .path = "/sessions",
         .flags = ACT_PAGED | ACT_OWN,
         .result = "SessionList",
         .fr = "Les sessions ouvertes : les siennes, toutes pour la direction",
         .en = "The open sessions: one’s own, all for a director",
         .run = run_list},
        {.name = "session.expel",
         .method = ACT_DELETE,
         .path = "/sessions/{session}",
         .flags = ACT_OWN,
         .fr = "Fermer une session : une des siennes, n’importe laquelle pour la direction",
         .en = "End a session: one of one’s own, any for a director",
         .params = expel_params,
         .run = run_expel},
        {.name = "setup",
         .method = ACT_POST,
         .path = "/setup",
         .flags = ACT_UNLOGGED_IN,
         .result = "Session",
         .fr = "Créer le premier compte, celui de la direction, par le lien du premier démarrage",
         .en = "Make the first account, the director’s, by the link of the first start",
         .params = setup_params,
         .run = run_setup},
};

const struct act_table acts_session = {acts, ARRAY_LEN(acts)};
