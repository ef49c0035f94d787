/* SPDX-License-Identifier: EUPL-1.2 */
/* One connection, as its server or client sees it. Private to channel. */
#pragma once

#include <sys/un.h>

#include "base/buffer.h"
#include "service/channel.h"

#define CHANNEL_HELLO_MS  5000
#define CHANNEL_READ_SIZE 16384

/* What differs between the two ends. */
struct channel_end {
        /* A parsed line; non-zero closes the channel with the sentence in `error`. */
        int (*line)(void *owner, struct channel *channel, const json_t *message, size_t length,
                    struct error *error);
        /* Closing has begun; `why` is NULL when it closed in order. Called once. */
        void (*closing)(void *owner, struct channel *channel, const char *why);
        /* Its memory goes after this. */
        void (*gone)(void *owner);
};

struct channel {
        uv_pipe_t pipe;
        uv_timer_t hello; /* runs until the channel is open */
        unsigned handles; /* not yet closed */
        bool open, is_closing;
        bool slow, refused; /* why it is closing, for the counters */
        struct buffer in;
        size_t queued, queue_max;
        const struct channel_message *messages;
        size_t message_count;
        size_t line_max;
        void *context; /* for the handlers */
        const struct channel_end *end;
        void *owner;
        unsigned role;
        uid_t uid;
        gid_t gid;
        pid_t pid;
        void *data;
        struct channel *next, *previous; /* of the server */
        char read_buffer[CHANNEL_READ_SIZE];
};

struct channel *channel_new(uv_loop_t *loop, const struct channel_end *end, void *owner);
void channel_set_table(struct channel *channel, const struct channel_message *messages, size_t count,
                       void *context);

/* After connect or accept: asks the kernel for the peer, starts reading and the hello clock. */
int channel_begin(struct channel *channel);
void channel_opened(struct channel *channel); /* hello is over */

/* Runs the row of the table that the message's type names, after checking sender and size. */
int channel_dispatch(struct channel *channel, const json_t *message, size_t length, struct error *error);

/* Closes against the other's will; `why` reaches the owner's `closing`. */
void channel_break(struct channel *channel, const char *why);

/* Fills a socket address; -ENAMETOOLONG with the sentence. */
int channel_address(const char *path, struct sockaddr_un *ret_address, struct error *error);
