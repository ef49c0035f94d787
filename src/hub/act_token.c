/* SPDX-License-Identifier: EUPL-1.2 */
/* Tokens for scripts. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/act_people.h"
#include "hub/acts.h"
#include "hub/world.h"

#define USUAL_MS (90 * 24 * 3600 * 1000LL)

static json_t *token_json(const struct people_token *token)
{
        return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "id", token->id.text, "account",
                         token->account.text, "name", token->name, "signs", token->signs, "roles",
                         roles_to_json(token->roles), "created", act_people_time(token->created_ms),
                         "expires", act_people_time(token->expires_ms), "seen",
                         act_people_time(token->seen_ms));
}

struct listing {
        struct act_call *call;
        struct act_page page;
};

static bool may_see(const struct act_call *call, const struct people_token *token)
{
        return act_people_is_director(call) || call->caller->roles & ACT_ROLE(AUDITOR) ||
               !strcmp(token->account.text, call->caller->account);
}

static int add_token(void *context, const struct people_token *token)
{
        struct listing *listing = context;

        if (!may_see(listing->call, token) || !act_page_wants(&listing->page, token->id.text))
                return 0;
        return json_array_append_new(listing->page.list, token_json(token)) ? -ENOMEM : 0;
}

static int run_list(struct act_call *call)
{
        struct people *people = act_people(call);
        struct listing listing = {.call = call};
        int r;

        if (!people)
                return -ENOENT;
        act_page_begin(call, &listing.page);
        r = people_token_each(people, add_token, &listing);
        if (r) {
                json_decref(listing.page.list);
                return act_refuse(call, r, "mémoire insuffisante", "out of memory");
        }
        return act_page_end(call, &listing.page, "tokens");
}

static int record_token(struct act_call *call, const char *author, const struct people_token *token,
                        const char *what)
{
        json_t *body = json_pack("{s:s, s:{s:s, s:s, s:o, s:o}}", "changed", what, "token", "id",
                                 token->id.text, "name", token->name, "roles", roles_to_json(token->roles),
                                 "expires", act_people_time(token->expires_ms));

        return act_people_record(call, RECORD_TYPE_ACCOUNT_CHANGED, token->account.text, author, body, "");
}

static int run_make(struct act_call *call)
{
        struct people *people = act_people(call);
        const char *author = people ? act_people_author(call) : NULL;
        unsigned roles = call->caller->roles;
        int64_t expires_ms = act_time(call, "expires");
        char text[PEOPLE_SECRET_SIZE];
        struct people_token token;
        int r = 0;

        if (!author)
                return call->error.code;
        if (!call->caller->account[0])
                return act_refuse(call, -EACCES, "un jeton appartient à un compte : connectez-vous",
                                  "a token belongs to an account: sign in");
        if (!expires_ms)
                expires_ms = clock_wall_ms(call->world->clock) + USUAL_MS;
        if (act_is_given(call, "roles"))
                r = roles_from_json(act_json(call, "roles"), &roles, &call->error);
        if (!r)
                r = people_token_make(people, call->caller->account, act_text(call, "name"), roles,
                                      expires_ms, text, &token, &call->error);
        if (!r)
                r = record_token(call, author, &token, "token-made");
        if (!r)
                r = act_people_answer(call,
                                      json_pack("{s:o, s:s}", "token", token_json(&token), "secret", text));
        explicit_bzero(text, sizeof(text));
        return r;
}

struct search {
        const struct act_call *call;
        const char *id;
        struct people_token token;
};

static int is_token(void *context, const struct people_token *token)
{
        struct search *search = context;

        if (strcmp(token->id.text, search->id))
                return 0;
        search->token = *token;
        return 1;
}

static int run_end(struct act_call *call)
{
        struct people *people = act_people(call);
        const char *author = people ? act_people_author(call) : NULL;
        struct search search = {.call = call, .id = act_text(call, "token")};
        bool own;
        int r;

        if (!author)
                return call->error.code;
        r = people_token_each(people, is_token, &search);
        own = r && !strcmp(search.token.account.text, call->caller->account);
        if (!r || !(own || act_people_is_director(call)))
                return act_refuse(call, -ENOENT, "il n’y a pas de jeton « %s »", "there is no token “%s”",
                                  search.id);
        r = people_token_end(people, search.id, &call->error);
        return r ? r : record_token(call, author, &search.token, "token-ended");
}

static const struct act_param make_params[] = {{.name = "name",
                                                .type = ACT_TEXT,
                                                .flags = ACT_REQUIRED,
                                                .max = PEOPLE_TOKEN_NAME_SIZE - 1,
                                                .fr = "nom du programme",
                                                .en = "name of the program"},
                                               {.name = "roles",
                                                .type = ACT_JSON,
                                                .max = 256,
                                                .fr = "rôles, parmi les siens ; absent : tous les siens",
                                                .en = "roles, among one’s own; absent: all of them"},
                                               {.name = "expires",
                                                .type = ACT_TIME,
                                                .fr = "sa fin, dans l’année ; absent : dans 90 jours",
                                                .en = "its end, within a year; absent: in 90 days"},
                                               {0}};
static const struct act_param end_params[] = {{.name = "token",
                                               .type = ACT_TEXT,
                                               .flags = ACT_PATH,
                                               .max = 31,
                                               .fr = "identifiant du jeton",
                                               .en = "id of the token"},
                                              {0}};

static const struct act acts[] = {
        {.name = "token.list",
         .method = ACT_GET,
         .path = "/tokens",
         .flags = ACT_PAGED,
         .result = "TokenList",
         .fr = "Les jetons des programmes : les siens, tous pour la direction et l’audit",
         .en = "The tokens of scripts: one’s own, all for directors and auditors",
         .run = run_list},
        {.name = "token.make",
         .method = ACT_POST,
         .path = "/tokens",
         .result = "TokenAnswer",
         .fr = "Créer un jeton ; il n’est montré qu’une fois",
         .en = "Make a token; it is shown once",
         .params = make_params,
         .run = run_make},
        {.name = "token.end",
         .method = ACT_DELETE,
         .path = "/tokens/{token}",
         .fr = "Supprimer un jeton",
         .en = "End a token",
         .params = end_params,
         .run = run_end},
};

const struct act_table acts_token = {acts, ARRAY_LEN(acts)};
