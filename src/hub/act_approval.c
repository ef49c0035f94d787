/* SPDX-License-Identifier: EUPL-1.2 */
/* What is wide or hard to undo waits here for a second person. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "hub/act_people.h"
#include "hub/acts.h"
#include "hub/world.h"
#include "journal/canonical.h"

/* ---- shapes ---- */

/* As the journal's document has it: not what was asked with, which may hold what people typed. */
json_t *act_people_approval(const struct people_approval *approval, const char *state, const char *by)
{
        return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:s?}", "id", approval->id.text, "act",
                         approval->act, "account", approval->account.text, "name", approval->name, "asked",
                         act_people_time(approval->asked_ms), "expires",
                         act_people_time(approval->expires_ms), "state", state, "by", by);
}

/* What the second person decides on: the act in words, and every value it was asked with. */
static json_t *approval_shown(const struct people_approval *approval)
{
        const struct act *act = act_find(approval->act);
        json_t *json = act_people_approval(approval, "waiting", NULL);

        if (json_object_set_new(json, "title",
                                act ? json_pack("{s:s, s:s}", "fr", act->fr, "en", act->en) : json_null()) ||
            json_object_set_new(json, "roles", roles_to_json(approval->roles)) ||
            json_object_set_new(json, "in", json_loads(approval->in, 0, NULL))) {
                json_decref(json);
                return NULL;
        }
        return json;
}

static int record(struct act_call *call, enum record_type type, const struct people_approval *approval,
                  const char *state, const char *by, const char *said)
{
        const char *author = by ? by : approval->name;
        json_t *body = json_pack("{s:s, s:s, s:{s:s, s:s, s:o}}", "act", approval->act, "state", state,
                                 "document", "kind", "approval", "id", approval->id.text, "json",
                                 act_people_approval(approval, state, by));

        return act_people_record(call, type, approval->id.text, author, body, said);
}

/* ---- asking ---- */

static int keep(struct act_call *call, struct people *people, unsigned roles)
{
        const struct people_who who = {call->caller->account, call->caller->name, roles};
        CLEANUP(buffer_release) struct buffer in = BUFFER_INIT(PEOPLE_ASK_MAX);
        const struct people_approval *approval;
        struct id id;
        int r = canonical_append(call->in, &in, &call->error);

        if (!r)
                r = people_approval_ask(people, call->act->name, buffer_string(&in), roles, &who, &id,
                                        &call->error);
        if (r)
                return r;
        approval = people_approval_find(people, id.text);
        r = record(call, RECORD_TYPE_APPROVAL_ASKED, approval, "waiting", NULL, "");
        if (r) {
                people_approval_end(people, id.text, NULL);
                return r;
        }
        return act_people_answer(call, json_pack("{s:o}", "approval", approval_shown(approval)));
}

int act_people_ask(struct act_call *call)
{
        struct people *people = call->world->people;
        unsigned roles = call->act->roles ? call->act->roles : ~0U;

        if (!people || !people_approval_possible(people, call->caller->account, roles))
                return call->act->run(call);
        return keep(call, people, roles);
}

/* ---- list ---- */

struct listing {
        struct act_call *call;
        struct act_page page;
};

/* Those one asked for, or may decide on; an auditor reads all. */
static bool may_see(const struct act_call *call, const struct people_approval *approval)
{
        return call->caller->way == ACT_WAY_SOCKET ||
               call->caller->roles & (approval->roles | ACT_ROLE(AUDITOR)) ||
               !strcmp(call->caller->account, approval->account.text);
}

static int add_approval(void *context, const struct people_approval *approval)
{
        struct listing *listing = context;

        if (!may_see(listing->call, approval) || !act_page_wants(&listing->page, approval->id.text))
                return 0;
        return json_array_append_new(listing->page.list, approval_shown(approval)) ? -ENOMEM : 0;
}

static int run_list(struct act_call *call)
{
        struct people *people = act_people(call);
        struct listing listing = {.call = call};
        int r;

        if (!people)
                return -ENOENT;
        act_page_begin(call, &listing.page);
        r = people_approval_each(people, add_approval, &listing);
        if (r) {
                json_decref(listing.page.list);
                return act_refuse(call, r, "mémoire insuffisante", "out of memory");
        }
        return act_page_end(call, &listing.page, "approvals");
}

/* ---- agreeing ---- */

/* The act of whoever asked, as it runs once somebody else has agreed. */
struct agreed {
        struct act_call call;
        struct act_caller caller;
        json_t *in;
        const struct act *act;
};

static void release_agreed(void *context)
{
        struct agreed *agreed = context;

        act_call_release(&agreed->call);
        json_decref(agreed->in);
        free(agreed);
}

static int work_agreed(void *context, struct error *error)
{
        struct agreed *agreed = context;

        return agreed->call.work.work(agreed->call.work.context, error);
}

/* The answer of the act is the answer of whoever agreed. */
static int hand_over(struct act_call *call, struct agreed *agreed, int r)
{
        if (r) {
                call->error = agreed->call.error;
                return r;
        }
        strcpy(call->incident, agreed->call.incident);
        call->blob = agreed->call.blob;
        agreed->call.blob = (struct act_blob){0};
        return act_people_answer(call, json_pack("{s:O}", "result", agreed->call.out));
}

static int end_agreed(void *context, struct act_call *call, int result)
{
        struct agreed *agreed = context;

        if (result)
                agreed->call.error = call->error;
        return hand_over(call, agreed, act_finish(&agreed->call, result));
}

/* Whoever asked must still be somebody who may. */
static int dress(struct act_call *call, struct people *people, const struct people_approval *approval,
                 struct act_caller *ret_caller)
{
        const struct people_account *asker = people_account_find(people, approval->account.text);

        if (!asker || !asker->enabled || !(asker->roles & approval->roles))
                return act_refuse(call, -EACCES, "la personne qui a demandé cet acte n’en a plus le droit",
                                  "the person who asked for this act may no longer do it");
        *ret_caller = (struct act_caller){.way = ACT_WAY_SESSION,
                                          .roles = asker->roles,
                                          .english = call->caller->english,
                                          .approved = true};
        strcpy(ret_caller->name, asker->name);
        strcpy(ret_caller->account, asker->id.text);
        return 0;
}

static int carry_out(struct act_call *call, struct agreed *agreed)
{
        int r = act_run(call->world, agreed->act, &agreed->caller, agreed->in, &agreed->call);

        if (!r && agreed->call.work.work) {
                call->work = (struct act_work){work_agreed, end_agreed, release_agreed, agreed};
                return 0;
        }
        r = hand_over(call, agreed, r);
        release_agreed(agreed);
        return r;
}

/* The request is spent before the act runs: it must not run twice, and a failure is told to whoever agreed. */
static int spend(struct act_call *call, struct people *people, const char *author, struct agreed *agreed)
{
        const char *id = act_text(call, "approval");
        const struct people_approval *approval = people_approval_find(people, id);
        int r = dress(call, people, approval, &agreed->caller);

        agreed->act = act_find(approval->act);
        agreed->in = json_loads(approval->in, 0, NULL);
        if (!r && (!agreed->act || !agreed->in))
                r = act_refuse(call, -ENOENT, "cet acte n’existe plus", "this act no longer exists");
        if (!r)
                r = record(call, RECORD_TYPE_APPROVAL_GIVEN, approval, "agreed", author, "");
        return r ? r : people_approval_end(people, id, &call->error);
}

/* By a person in a session: a token was made by somebody, perhaps by whoever asked. */
static int may_decide(struct act_call *call, struct people *people)
{
        const struct people_who who = {call->caller->account, call->caller->name, call->caller->roles};

        if (call->caller->way != ACT_WAY_SESSION)
                return act_refuse(call, -EACCES, "la seconde personne se connecte avec son compte",
                                  "the second person signs in with their account");
        return people_approval_may(people, act_text(call, "approval"), &who, &call->error);
}

static int run_agree(struct act_call *call)
{
        struct people *people = act_people(call);
        const char *author = people ? act_people_author(call) : NULL;
        struct agreed *agreed;
        int r;

        if (!author)
                return call->error.code;
        r = may_decide(call, people);
        if (r)
                return r;
        agreed = calloc(1, sizeof(*agreed));
        if (!agreed)
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        r = spend(call, people, author, agreed);
        if (!r)
                return carry_out(call, agreed);
        release_agreed(agreed);
        return r;
}

/* Whoever asked may think better of it. */
static int run_refuse(struct act_call *call)
{
        struct people *people = act_people(call);
        const char *author = people ? act_people_author(call) : NULL, *id = act_text(call, "approval");
        const struct people_approval *approval = author ? people_approval_find(people, id) : NULL;
        int r = 0;

        if (!author)
                return call->error.code;
        if (!approval || strcmp(approval->account.text, call->caller->account))
                r = may_decide(call, people);
        if (!r)
                r = record(call, RECORD_TYPE_APPROVAL_GIVEN, approval, "refused", author,
                           act_text(call, "reason"));
        return r ? r : people_approval_end(people, id, &call->error);
}

/* ---- rows ---- */

static const struct act_param refuse_params[] = {
        {.name = "approval",
         .type = ACT_TEXT,
         .flags = ACT_PATH,
         .max = 31,
         .fr = "identifiant de la demande",
         .en = "id of the request"},
        {.name = "reason", .type = ACT_TEXT, .max = 1024, .fr = "pourquoi", .en = "why"},
        {0}};
static const struct act_param approval_params[] = {{.name = "approval",
                                                    .type = ACT_TEXT,
                                                    .flags = ACT_PATH,
                                                    .max = 31,
                                                    .fr = "identifiant de la demande",
                                                    .en = "id of the request"},
                                                   {0}};

static const struct act acts[] = {
        {.name = "approval.list",
         .method = ACT_GET,
         .path = "/approvals",
         .flags = ACT_PAGED,
         .result = "ApprovalList",
         .fr = "Ce qui attend une seconde personne",
         .en = "What waits for a second person",
         .run = run_list},
        {.name = "approval.agree",
         .method = ACT_POST,
         .path = "/approvals/{approval}/agree",
         .result = "ApprovalAnswer",
         .fr = "Être d’accord : l’acte a lieu, au nom de qui l’a demandé",
         .en = "Agree: the act takes place, in the name of whoever asked",
         .params = approval_params,
         .run = run_agree},
        {.name = "approval.refuse",
         .method = ACT_POST,
         .path = "/approvals/{approval}/refuse",
         .fr = "Refuser, ou retirer sa propre demande",
         .en = "Refuse, or withdraw one’s own request",
         .params = refuse_params,
         .run = run_refuse},
};

const struct act_table acts_approval = {acts, ARRAY_LEN(acts)};
