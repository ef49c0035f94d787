/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Channels: Unix stream sockets that carry one JSON object a line, UTF-8, ended by '\n'.
 *
 * The first line of a client is {"hello":"edge"}: the role it asks for. The kernel says who it is
 * (SO_PEERCRED); the server's role table says whether that user may have the role. It answers
 * {"welcome":"edge"} or closes. After that every line has a "type", which must be a row of the receiver's
 * message table: {"type":"finding",…}. A request adds "id" (1 to 2^53); its answers carry the same "id" and
 * no "type": any number of lines with "more":true, then one without. A failure is
 * {"id":…,"error":{"fr":"phrase","en":"sentence"}}: whoever asked shows the side of its own language.
 *
 * What closes a channel, and only that one, with one line in the log: an unknown type or role, a sender
 * whose role may not send that type, a line above the type's size, bad JSON, JSON deeper than
 * CHANNEL_DEPTH_MAX, a doubled key, no hello within 5 s, or an out queue above its cap (a slow reader never
 * blocks the loop). The process must ignore SIGPIPE, as service_main() does.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "base/error.h"

#define CHANNEL_DEPTH_MAX       24
#define CHANNEL_LINE_MAX        (512 * 1024)      /* hard cap; message rows may only lower it */
#define CHANNEL_QUEUE_DEFAULT   (4 * 1024 * 1024) /* bytes waiting for a slow reader */
#define CHANNEL_CONNECTIONS_MAX 64
#define CHANNEL_REQUESTS_MAX    256 /* unanswered requests of one client */
#define CHANNEL_ROLES_MAX       16
#define CHANNEL_PATH_MAX        96    /* sockaddr_un less a temporary ending */
#define CHANNEL_ROLE_CLI        "cli" /* the role channel_call and channel_stream ask for */

/* Positive conditions. */
#define CHANNEL_DOWN 1 /* not connected just now: nothing was sent */

struct channel; /* one connection, either end */

/* A row of the server's role table; its index is the role's bit in channel_message.roles. */
struct channel_role {
        const char *name;
        uid_t uid; /* this user, or CHANNEL_NOBODY */
        gid_t gid; /* members of this group, or CHANNEL_NOBODY */
        bool root; /* uid 0 too */
        bool own;  /* the server's own uid too */
};
#define CHANNEL_NOBODY      ((uid_t)-1)
#define CHANNEL_ROLE(index) (1u << (index))
#define CHANNEL_ANY_ROLE    (~0u)

/*
 * A row of a message table. The handler borrows `message`. A non-zero return closes the channel (logged with
 * the sentence in `error`); a request that merely fails is answered with channel_refuse_error() and returns 0.
 */
struct channel_message {
        const char *type;
        unsigned roles;   /* who may send it; in a client's table CHANNEL_ANY_ROLE, as only the server can */
        size_t max_bytes; /* of the line without '\n'; 0 for CHANNEL_LINE_MAX */
        int (*handle)(void *context, struct channel *channel, const json_t *message, struct error *error);
};

/* ---- both ends ---- */

/*
 * Queues a line; `message` is borrowed. CHANNEL_DOWN when the channel is closed or closes now as its queue
 * is full.
 */
int channel_send(struct channel *channel, const json_t *message);

/*
 * Answers `request` (borrowed): copies its id into `answer`, which is consumed (NULL: {}). Nothing without
 * an id.
 */
int channel_answer(struct channel *channel, const json_t *request, json_t *answer);
int channel_answer_more(struct channel *channel, const json_t *request, json_t *answer);
/* With both sides of why `code` came. */
int channel_refuse_error(struct channel *channel, const json_t *request, const struct error *why, int code);

/* What a refusal says, {"fr","en"} or one text for both, as a sentence of `error`; returns `code`. */
int channel_error_read(const json_t *answer, int code, struct error *error);

/* Index of the role that was granted; the peer's uid and pid. On a client's end: 0 and the server's. */
unsigned channel_role_index(const struct channel *channel);
uid_t channel_uid(const struct channel *channel);
pid_t channel_pid(const struct channel *channel);

/* Bytes that wait for a slow reader: who has much to say goes on when they are few. */
size_t channel_waiting(const struct channel *channel);

/* Free for the owner's use: a subscription, say. NULL at first. */
void channel_set_data(struct channel *channel, void *data);
void *channel_data(const struct channel *channel);
void channel_close(struct channel *channel);

/* One line to one object, bounded as above; the parser under the fuzzer. -EINVAL, -ENOMEM. */
int channel_line_parse(const char *line, size_t length, json_t **ret_message, struct error *error);

/* ---- server ---- */

struct channel_server;

struct channel_server_options {
        const char *path;                 /* copied; at most CHANNEL_PATH_MAX bytes */
        unsigned mode;                    /* of the socket file, 0660 say */
        gid_t group;                      /* CHANNEL_NOBODY leaves it */
        const struct channel_role *roles; /* all tables must outlive the server */
        size_t role_count;
        const struct channel_message *messages;
        size_t message_count;
        size_t connections_max;                                   /* 0: CHANNEL_CONNECTIONS_MAX */
        size_t queue_max;                                         /* bytes; 0: CHANNEL_QUEUE_DEFAULT */
        void *context;                                            /* for the handlers and the two below */
        void (*on_open)(void *context, struct channel *channel);  /* its role is granted; may be NULL */
        void (*on_close)(void *context, struct channel *channel); /* last sight of it; may be NULL */
};

/*
 * Binds under a temporary name, sets mode and group, then renames: nobody connects to a half-made socket.
 * A stale socket file is replaced; -EADDRINUSE when somebody still answers there; -EEXIST when the path is
 * no socket.
 */
int channel_server_start(uv_loop_t *loop, const struct channel_server_options *options,
                         struct channel_server **ret_server, struct error *error);

/* To every open channel whose role is in `roles`. */
void channel_server_broadcast(struct channel_server *server, unsigned roles, const json_t *message);

/* Closes everything and removes the socket file; memory goes when the loop has run the closing. NULL. */
struct channel_server *channel_server_close(struct channel_server *server);

struct channel_server_counters {
        uint64_t accepted, refused, broken,
                slow; /* refused: over the cap or role denied; broken: against the rules */
};
struct channel_server_counters channel_server_counters(const struct channel_server *server);

/* ---- client on a loop ---- */

struct channel_client;

struct channel_client_options {
        const char *path; /* copied */
        const char *role;
        const struct channel_message *messages; /* what the server may send unasked */
        size_t message_count;
        size_t queue_max;
        void *context;
        void (*on_up)(void *context, struct channel_client *client); /* welcomed; may be NULL */
        void (*on_down)(void *context,
                        struct channel_client *client); /* lost; pending requests failed; may be NULL */
};

/* Connects, and again after loss, 50 ms doubling to 5 s; a server that is not there yet is no error. */
int channel_client_start(uv_loop_t *loop, const struct channel_client_options *options,
                         struct channel_client **ret_client, struct error *error);
bool channel_client_is_up(const struct channel_client *client);
int channel_client_send(struct channel_client *client, const json_t *message);

/*
 * Sends `request` (borrowed) under a new id. `on_answer` is called for each line of the answer (code 0; more
 * is json "more":true) or once with answer NULL and -ETIMEDOUT, -ECONNRESET, or with -EREMOTEIO and the line
 * with "error". CHANNEL_DOWN: not connected, it will not be called. -EAGAIN: too many unanswered.
 */
int channel_client_request(struct channel_client *client, const json_t *request, unsigned timeout_ms,
                           void (*on_answer)(void *context, int code, const json_t *answer), void *context);

/* No callback is called any more; memory goes when the loop has run the closing. NULL. */
struct channel_client *channel_client_close(struct channel_client *client);

/* ---- blocking, for the command ---- */

/*
 * Connects as "cli", asks, waits for the one answer; `request` is borrowed and needs no id. -ENOENT or
 * -ECONNREFUSED when nobody listens, -EACCES when not allowed, -ETIMEDOUT, -EREMOTEIO when the server
 * refused (its sentence in `error`), -EPROTO. The caller owns *ret_answer.
 */
int channel_call(const char *path, const json_t *request, unsigned timeout_ms, json_t **ret_answer,
                 struct error *error);

/*
 * The same, calling `on_line` for each line of the answer until the last or until it returns non-zero, which
 * is then returned. `timeout_ms` bounds the silence between lines; 0 waits for ever.
 */
int channel_stream(const char *path, const json_t *request, unsigned timeout_ms,
                   int (*on_line)(void *context, const json_t *line), void *context, struct error *error);
