/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * act: everything that people and programs may ask of the hub, one row each. The socket (hub/front.h), the HTTP API
 * (api/), its OpenAPI document and the matrix that tests who may do what are all made from these rows, so none of
 * them can say otherwise than the others.
 *
 * An act is checked before it runs: who asks (roles), with what (params: types, sizes, none unknown). It reads or
 * changes the desk and fills `out`; a refusal is one sentence and a negative errno:
 *
 *      -EINVAL 422   what was sent           -ENOENT 404  no such thing      -EACCES 403  not with these roles
 *      -EBUSY 409    something stands against it     -EALREADY 409  done already     -EPERM 401  who are you
 *      -EAGAIN 429   too often               -E2BIG 413   too large          -EINPROGRESS 202  waits for a second person
 *      -ESTALE 412   somebody changed it meanwhile   anything else 500
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "flow/role.h"

struct world; /* hub/world.h */

enum act_method { ACT_GET, ACT_POST, ACT_PUT, ACT_DELETE };

/* What a parameter holds. TIME is RFC 3339; over the socket, where people type it, also local time (base/clock.h, time_parse_typed()). BITEXT is {"fr":…,"en":…}. JSON is checked by the act itself. */
enum act_type { ACT_TEXT, ACT_INTEGER, ACT_NUMBER, ACT_BOOLEAN, ACT_TIME, ACT_BITEXT, ACT_JSON };

enum {
        ACT_REQUIRED = 1 << 0,
        ACT_PATH = 1 << 1,   /* stands in the path as {name}; required */
        ACT_SECRET = 1 << 2, /* never logged nor echoed */
        ACT_STATED =
                1 << 3, /* taken from the socket's caller alone: an account cannot say it is somebody else */
};

struct act_param {
        const char *name;
        enum act_type type;
        unsigned flags;
        size_t max; /* bytes of a text or of JSON; greatest integer; 0: 256 bytes, no limit for numbers */
        const char *fr, *en; /* what it is, for the OpenAPI document */
};

enum {
        ACT_PUBLIC = 1 << 0,     /* no account needed; rate-limited by address */
        ACT_TWO_PERSON = 1 << 1, /* wide or hard to undo: a second person with the same roles must agree */
        ACT_SEAL = 1 << 2,       /* a legal act: the journal's head is signed after it */
        ACT_PAGED =
                1
                << 3, /* takes "limit", "after", "newest" beside its params, fills "next" (null at the end) */
        ACT_SOCKET_ONLY = 1 << 4, /* has no HTTP route */
        ACT_HTTP_ONLY = 1 << 5,
        ACT_UNLOGGED_IN = 1 << 6, /* what makes a session: called without one */
        ACT_OWN =
                1
                << 7, /* of the account itself: may be used while its roles do not count yet (people/people.h) */
};

#define ACT_PAGE_DEFAULT 100
#define ACT_PAGE_MAX     1000

enum act_way { ACT_WAY_SOCKET, ACT_WAY_SESSION, ACT_WAY_TOKEN, ACT_WAY_PUBLIC };

/* Who asks. */
struct act_caller {
        enum act_way way;
        unsigned roles;
        char name[64];    /* signs the records; "" for the public */
        char account[32]; /* id of the account; "" over the socket and for the public */
        char session[64]; /* of the session, opaque; "" otherwise */
        char address[64]; /* where from, for limits and the log; never in the journal */
        bool english;
        bool approved; /* a second person has agreed: an act that needs two may run */
};

/* A file as an answer: bytes in memory, or a path that is streamed and, when `unlink`, removed after it. */
struct act_blob {
        char type[96];  /* media type */
        char name[160]; /* file name for the person */
        char *bytes;    /* owned; freed by act_blob_release() */
        size_t length;
        char *path; /* owned; instead of bytes */
        bool unlink;
};
void act_blob_release(struct act_blob *blob);

/*
 * Work that takes long and needs nothing of the hub any more (drawing a PDF, hashing a password). The act fills it
 * in; whoever called the act runs it on another thread and answers then. `done` runs on the hub's thread again
 * after it and may touch the world, the answer and the error; its result is the act's result. `release` always runs last.
 */
struct act_call;
struct act_work {
        int (*work)(void *context, struct error *error);
        int (*done)(void *context, struct act_call *call, int result); /* NULL: the result of work */
        void (*release)(void *context);
        void *context;
};

struct act_call {
        struct world *world;
        const struct act *act;
        const struct act_caller *caller;
        const json_t *in;     /* object: path, query and body members together, checked against the params */
        json_t *out;          /* object; the act sets members */
        struct act_blob blob; /* instead of `out` when it has a type */
        struct act_work work; /* work.work set: not finished yet */
        char incident[32];    /* which incident it was about, for those who watch; "" when none */
        char set_cookie[256]; /* for what makes or ends a session; the API sends it, the socket leaves it */
        struct error error;
};

struct act {
        const char *name; /* "incident.fact": its type on the socket, its operationId in the API */
        enum act_method method;
        const char *path; /* below /api/v1, "/incidents/{incident}/facts" */
        unsigned roles;   /* any of these may; 0: every account, auditors included */
        unsigned flags;
        size_t body_max; /* bytes of a request; 0: 16 KiB */
        const char *
                result; /* name of its schema in the OpenAPI document (data/api/schemas.json), or a media type with a slash */
        const char *fr, *en;            /* what it does, one line */
        const struct act_param *params; /* ended by a NULL name */
        /* What can be refused at once, before a second person is asked; NULL: nothing beyond the params. */
        int (*check)(struct act_call *call);
        int (*run)(struct act_call *call);
        bool (*wide)(const struct act_call *call); /* ACT_TWO_PERSON holds for this call; NULL: for each */
};

struct act_table {
        const struct act *acts;
        size_t count;
};

/* Every table there is (hub/acts.c); ended by a NULL `acts`. */
extern const struct act_table *const acts_all[];
const struct act *act_find(const char *name); /* or NULL */
size_t act_count(void);
const struct act *act_at(size_t index);

/*
 * Checks and runs. `caller` and `in` are borrowed; `call` is filled in and must be released with act_call_release(), after
 * act_finish() when call->work.work is set. 0, or a negative errno with the sentence in call->error.
 */
int act_run(struct world *world, const struct act *act, const struct act_caller *caller, const json_t *in,
            struct act_call *call);
/* On the hub's thread, when the work is over: `result` is what it returned. */
int act_finish(struct act_call *call, int result);
void act_call_release(struct act_call *call);

/* ---- for the acts themselves ---- */

/* "" when absent. */
const char *act_text(const struct act_call *call, const char *name);
int64_t act_integer(const struct act_call *call, const char *name, int64_t otherwise);
bool act_flag(const struct act_call *call, const char *name);
/* Milliseconds; 0 when absent. The params were checked, so it cannot fail. */
int64_t act_time(const struct act_call *call, const char *name);
const json_t *act_json(const struct act_call *call, const char *name); /* or NULL */
/* Whether it was sent at all; null counts as absent. */
bool act_is_given(const struct act_call *call, const char *name);

/* Who answers for the act: the account; over the socket what "author" says, which every act takes. "" when nobody said. */
const char *act_author(const struct act_call *call);

/* The refusal of this act: act_refuse(call, -ENOENT, "en français %s", "in English %s", …); returns the code. */
#define act_refuse(call, ...) error_say(&(call)->error, __VA_ARGS__)

/*
 * One page of a list that is sorted by id: calls `visit` for each item the caller is to get. The act gives the ids in
 * order; "after" and "limit" are the call's own. Sets out[name] and out["next"].
 */
struct act_page {
        const char *after;
        bool newest; /* the other way round */
        size_t limit, taken;
        json_t *list; /* the act appends to it what act_page_wants() said yes to */
        char last[64], next[64];
};
void act_page_begin(const struct act_call *call, struct act_page *page);
/* Whether this one belongs on the page; when the page is full, remembers that there is more. */
bool act_page_wants(struct act_page *page, const char *id);
int act_page_end(struct act_call *call, struct act_page *page, const char *name);
