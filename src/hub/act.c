/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/act.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "hub/world.h"

#define TEXT_MAX 256 /* bytes of a text whose row names no other */

size_t act_count(void)
{
        size_t count = 0;

        for (size_t i = 0; acts_all[i]; i++)
                count += acts_all[i]->count;
        return count;
}

const struct act *act_at(size_t index)
{
        for (size_t i = 0; acts_all[i]; i++) {
                if (index < acts_all[i]->count)
                        return &acts_all[i]->acts[index];
                index -= acts_all[i]->count;
        }
        return NULL;
}

const struct act *act_find(const char *name)
{
        for (size_t i = 0; acts_all[i]; i++)
                for (size_t k = 0; k < acts_all[i]->count; k++)
                        if (!strcmp(acts_all[i]->acts[k].name, name))
                                return &acts_all[i]->acts[k];
        return NULL;
}

void act_blob_release(struct act_blob *blob)
{
        if (blob->path && blob->unlink)
                unlink(blob->path);
        free(blob->path);
        free(blob->bytes);
        *blob = (struct act_blob){0};
}

void act_call_release(struct act_call *call)
{
        if (call->work.release)
                call->work.release(call->work.context);
        call->work = (struct act_work){0};
        json_decref(call->out);
        call->out = NULL;
        act_blob_release(&call->blob);
}

/* ---- what was sent ---- */

static const struct act_param author_param = {
        .name = "author", .type = ACT_TEXT, .flags = ACT_STATED, .max = 63};
static const struct act_param paging_params[] = {
        {.name = "after", .type = ACT_TEXT, .max = 63},
        {.name = "limit", .type = ACT_INTEGER, .max = ACT_PAGE_MAX},
        {.name = "newest", .type = ACT_BOOLEAN},
};

static const struct act_param *param_find(const struct act *act, const char *name)
{
        for (const struct act_param *param = act->params; param && param->name; param++)
                if (!strcmp(param->name, name))
                        return param;
        if (!strcmp(name, author_param.name))
                return &author_param;
        for (size_t i = 0; act->flags & ACT_PAGED && i < sizeof(paging_params) / sizeof(*paging_params); i++)
                if (!strcmp(name, paging_params[i].name))
                        return &paging_params[i];
        return NULL;
}

static int too_long(struct act_call *call, const struct act_param *param)
{
        return act_refuse(call, -E2BIG, "« %s » est trop long : %zu octets au plus",
                          "“%s” is too long: %zu bytes at most", param->name,
                          param->max ? param->max : TEXT_MAX);
}

static int not_a(struct act_call *call, const struct act_param *param, const char *fr, const char *en)
{
        error_say_in(&call->error, -EINVAL, LANGUAGE_FR, "« %s » doit être %s", param->name, fr);
        return error_say_in(&call->error, -EINVAL, LANGUAGE_EN, "“%s” must be %s", param->name, en);
}

static int parse_time(const struct act_call *call, const char *text, int64_t *ret_ms)
{
        return (call->caller->way == ACT_WAY_SOCKET ? time_parse_typed : time_parse)(text, ret_ms);
}

static int not_a_time(struct act_call *call, const struct act_param *param, const char *text)
{
        if (call->caller->way == ACT_WAY_SOCKET)
                return act_refuse(call, -EINVAL,
                                  "« %s » : « %s » n’est pas une date et une heure (2020-03-22 11:05, ou "
                                  "2020-03-22T11:05:00+01:00)",
                                  "“%s”: “%s” is not a date and time (2020-03-22 11:05, or "
                                  "2020-03-22T11:05:00+01:00)",
                                  param->name, text);
        return act_refuse(call, -EINVAL,
                          "« %s » : « %s » n’est pas une date et une heure (RFC 3339 : "
                          "2020-03-22T11:05:00+01:00)",
                          "“%s”: “%s” is not a date and time (RFC 3339: 2020-03-22T11:05:00+01:00)",
                          param->name, text);
}

static int check_text(struct act_call *call, const struct act_param *param, const json_t *value)
{
        int64_t time_ms;

        if (!json_is_string(value))
                return not_a(call, param, "un texte", "a text");
        if (json_string_length(value) > (param->max ? param->max : TEXT_MAX))
                return too_long(call, param);
        if (strlen(json_string_value(value)) != json_string_length(value))
                return not_a(call, param, "un texte sans caractère nul", "a text without a NUL character");
        if (param->type == ACT_TIME && json_string_length(value) &&
            parse_time(call, json_string_value(value), &time_ms))
                return not_a_time(call, param, json_string_value(value));
        if (param->flags & ACT_REQUIRED && !json_string_length(value))
                return not_a(call, param, "rempli", "filled in");
        return 0;
}

static int check_number(struct act_call *call, const struct act_param *param, const json_t *value)
{
        if (param->type == ACT_INTEGER ? !json_is_integer(value) : !json_is_number(value))
                return param->type == ACT_INTEGER ? not_a(call, param, "un nombre entier", "a whole number")
                                                  : not_a(call, param, "un nombre", "a number");
        if (json_number_value(value) < 0 || (param->max && json_number_value(value) > (double)param->max))
                return act_refuse(call, -EINVAL, "« %s » : de 0 à %zu", "“%s”: from 0 to %zu", param->name,
                                  param->max ? param->max : (size_t)INT64_MAX);
        return 0;
}

static int check_bitext(struct act_call *call, const struct act_param *param, const json_t *value)
{
        const struct act_param part = {.name = param->name, .type = ACT_TEXT, .max = param->max};
        const json_t *fr = json_object_get(value, "fr"), *en = json_object_get(value, "en");

        if (!json_is_string(fr) && !json_is_string(en))
                return not_a(call, param, "un objet {\"fr\", \"en\"}", "an object {\"fr\", \"en\"}");
        if ((fr && check_text(call, &part, fr)) || (en && check_text(call, &part, en)))
                return call->error.code;
        return 0;
}

static int check_json(struct act_call *call, const struct act_param *param, const json_t *value)
{
        size_t size = json_dumpb(value, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);

        return size > (param->max ? param->max : TEXT_MAX) ? too_long(call, param) : 0;
}

static int check_value(struct act_call *call, const struct act_param *param, const json_t *value)
{
        switch (param->type) {
        case ACT_TEXT:
        case ACT_TIME:
                return check_text(call, param, value);
        case ACT_INTEGER:
        case ACT_NUMBER:
                return check_number(call, param, value);
        case ACT_BOOLEAN:
                return json_is_boolean(value) ? 0 : not_a(call, param, "vrai ou faux", "true or false");
        case ACT_BITEXT:
                return check_bitext(call, param, value);
        case ACT_JSON:
                return check_json(call, param, value);
        }
        return -EINVAL;
}

static int missing(struct act_call *call, const struct act_param *param)
{
        error_say_in(&call->error, -EINVAL, LANGUAGE_FR, "il manque « %s » : %s", param->name, param->fr);
        return error_say_in(&call->error, -EINVAL, LANGUAGE_EN, "“%s” is missing: %s", param->name,
                            param->en);
}

static int check_in(struct act_call *call)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)call->in, name, value)
        {
                const struct act_param *param = param_find(call->act, name);

                if (!param)
                        return act_refuse(call, -EINVAL, "« %s » n’a pas sa place ici",
                                          "“%s” has no place here", name);
                if (param->flags & ACT_STATED && call->caller->way != ACT_WAY_SOCKET)
                        return act_refuse(call, -EINVAL, "« %s » se déduit du compte",
                                          "“%s” follows from the account", name);
                if (json_is_null(value) && !(param->flags & ACT_REQUIRED))
                        continue;
                int r = check_value(call, param, value);
                if (r)
                        return r;
        }
        for (const struct act_param *param = call->act->params; param && param->name; param++)
                if (param->flags & (ACT_REQUIRED | ACT_PATH) && !json_object_get(call->in, param->name))
                        return missing(call, param);
        return 0;
}

static int check_caller(struct act_call *call)
{
        const struct act *act = call->act;
        unsigned roles = act->roles ? act->roles : ~0U;

        if (act->flags & (ACT_PUBLIC | ACT_UNLOGGED_IN) || call->caller->way == ACT_WAY_SOCKET)
                return 0;
        if (call->caller->way == ACT_WAY_PUBLIC)
                return act_refuse(call, -EPERM, "il faut d’abord se connecter", "sign in first");
        if (!(act->flags & ACT_OWN) && !(call->caller->roles & roles))
                return act_refuse(call, -EACCES, "votre rôle ne permet pas cet acte",
                                  "your role does not allow this");
        return 0;
}

/* ---- running ---- */

static bool changes(const struct act *act)
{
        return act->method != ACT_GET;
}

static void tell(struct act_call *call)
{
        const char *named = act_text(call, "incident");
        const struct watch_event event = {.kind = WATCH_CHANGED,
                                          .incident = call->incident[0] ? call->incident : named,
                                          .act = call->act->name};

        if (call->act->flags & ACT_SEAL)
                world_seal(call->world);
        watch_tell(call->world->watch, &event);
}

static int settle(struct act_call *call, int r)
{
        if (!r && changes(call->act))
                tell(call);
        return r;
}

static bool needs_second(const struct act_call *call)
{
        return call->act->flags & ACT_TWO_PERSON && (!call->act->wide || call->act->wide(call));
}

static int run_checked(struct act_call *call)
{
        bool alone = call->caller->way == ACT_WAY_SESSION || call->caller->way == ACT_WAY_TOKEN;
        int r = call->act->check ? call->act->check(call) : 0;

        if (r)
                return r;
        if (alone && call->world->ask_approval && !call->caller->approved && needs_second(call))
                return call->world->ask_approval(call);
        return call->act->run(call);
}

int act_run(struct world *world, const struct act *act, const struct act_caller *caller, const json_t *in,
            struct act_call *call)
{
        int r;

        *call = (struct act_call){
                .world = world, .act = act, .caller = caller, .in = in, .out = json_object()};
        if (!call->out)
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        r = check_caller(call);
        if (!r)
                r = check_in(call);
        if (!r)
                r = run_checked(call);
        if (r || call->work.work)
                return r;
        return settle(call, 0);
}

int act_finish(struct act_call *call, int result)
{
        int r = call->work.done ? call->work.done(call->work.context, call, result) : result;

        return settle(call, r);
}

/* ---- for the acts ---- */

const char *act_text(const struct act_call *call, const char *name)
{
        const char *text = json_string_value(json_object_get(call->in, name));

        return text ? text : "";
}

int64_t act_integer(const struct act_call *call, const char *name, int64_t otherwise)
{
        const json_t *value = json_object_get(call->in, name);

        return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool act_flag(const struct act_call *call, const char *name)
{
        return json_is_true(json_object_get(call->in, name));
}

int64_t act_time(const struct act_call *call, const char *name)
{
        int64_t ms = 0;

        return parse_time(call, act_text(call, name), &ms) ? 0 : ms;
}

const json_t *act_json(const struct act_call *call, const char *name)
{
        return json_object_get(call->in, name);
}

bool act_is_given(const struct act_call *call, const char *name)
{
        const json_t *value = json_object_get(call->in, name);

        return value && !json_is_null(value);
}

const char *act_author(const struct act_call *call)
{
        return call->caller->way == ACT_WAY_SOCKET ? act_text(call, "author") : call->caller->name;
}

void act_page_begin(const struct act_call *call, struct act_page *page)
{
        int64_t limit = act_integer(call, "limit", ACT_PAGE_DEFAULT);

        *page = (struct act_page){.after = act_text(call, "after"),
                                  .newest = act_flag(call, "newest"),
                                  .limit = limit > 0 ? (size_t)limit : ACT_PAGE_DEFAULT,
                                  .list = json_array()};
}

bool act_page_wants(struct act_page *page, const char *id)
{
        int order = page->newest ? strcmp(page->after, id) : strcmp(id, page->after);

        if ((page->after[0] && order <= 0) || page->next[0])
                return false;
        if (page->taken == page->limit) {
                memcpy(page->next, page->last, sizeof(page->next));
                return false;
        }
        page->taken++;
        snprintf(page->last, sizeof(page->last), "%s", id);
        return true;
}

int act_page_end(struct act_call *call, struct act_page *page, const char *name)
{
        json_t *next = page->next[0] ? json_string(page->next) : json_null();

        if (json_object_set_new(call->out, name, page->list) || json_object_set_new(call->out, "next", next))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return 0;
}
