/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "service/channel_private.h"

#define WAIT_MIN_MS 50
#define WAIT_MAX_MS 5000

struct request {
        uv_timer_t timer;
        struct channel_client *client;
        struct request *next;
        json_int_t id;
        void (*on_answer)(void *context, int code, const json_t *answer);
        void *context;
};

struct channel_client {
        struct channel_client_options options;
        char path[CHANNEL_PATH_MAX + 1];
        char role[64];
        uv_loop_t *loop;
        uv_timer_t timer;        /* until the next attempt */
        struct channel *channel; /* NULL between attempts */
        bool up, is_closing, complained;
        uint64_t up_since; /* loop time */
        unsigned wait_ms;
        json_int_t last_id;
        struct request *requests;
        size_t request_count;
        unsigned holders; /* itself, its channels, its requests: memory goes with the last */
};

static void release(void *owner)
{
        struct channel_client *client = owner;

        if (--client->holders == 0)
                free(client);
}

/* ---- requests ---- */

static void on_request_closed(uv_handle_t *handle)
{
        struct request *request = handle->data;
        struct channel_client *client = request->client;

        free(request);
        release(client);
}

/* Out of the list before its callback runs, so that the callback may do anything. */
static void finish(struct request *request, int code, const json_t *answer)
{
        struct channel_client *client = request->client;
        struct request **place = &client->requests;

        while (*place != request)
                place = &(*place)->next;
        *place = request->next;
        client->request_count--;
        uv_close((uv_handle_t *)&request->timer, on_request_closed);
        if (!client->is_closing)
                request->on_answer(request->context, code, answer);
}

static void on_request_late(uv_timer_t *timer)
{
        finish(timer->data, -ETIMEDOUT, NULL);
}

static void take_answer(struct channel_client *client, const json_t *answer)
{
        json_int_t id = json_integer_value(json_object_get(answer, "id"));
        struct request *request = client->requests;

        while (request && request->id != id)
                request = request->next;
        if (!request) /* it came after its time-out */
                return;
        if (json_object_get(answer, "error"))
                finish(request, -EREMOTEIO, answer);
        else if (json_is_true(json_object_get(answer, "more")))
                request->on_answer(request->context, 0, answer);
        else
                finish(request, 0, answer);
}

int channel_client_request(struct channel_client *client, const json_t *request, unsigned timeout_ms,
                           void (*on_answer)(void *context, int code, const json_t *answer), void *context)
{
        struct request *pending;
        json_t *numbered;
        int r;

        if (!client->up)
                return CHANNEL_DOWN;
        if (client->request_count == CHANNEL_REQUESTS_MAX)
                return -EAGAIN;
        pending = calloc(1, sizeof(*pending));
        numbered = pending ? json_copy((json_t *)request) : NULL; /* shallow: json_copy only reads it */
        if (!numbered) {
                free(pending);
                return -ENOMEM;
        }
        *pending = (struct request){
                .client = client, .id = ++client->last_id, .on_answer = on_answer, .context = context};
        json_object_set_new(numbered, "id", json_integer(pending->id));
        r = channel_send(client->channel, numbered);
        json_decref(numbered);
        if (r) {
                free(pending);
                return r;
        }
        uv_timer_init(client->loop, &pending->timer);
        pending->timer.data = pending;
        pending->next = client->requests;
        client->requests = pending;
        client->request_count++;
        client->holders++;
        if (timeout_ms)
                uv_timer_start(&pending->timer, on_request_late, timeout_ms, 0);
        return 0;
}

/* ---- its end of the channel ---- */

static int on_line(void *owner, struct channel *channel, const json_t *message, size_t length,
                   struct error *error)
{
        struct channel_client *client = owner;

        if (channel->open) {
                if (json_object_get(message, "type"))
                        return channel_dispatch(channel, message, length, error);
                take_answer(client, message);
                return 0;
        }
        if (json_object_get(message, "error")) {
                channel_error_read(message, -EACCES, error);
                return error_context(error, -EACCES, "refusé", "refused");
        }
        if (!json_is_string(json_object_get(message, "welcome")))
                return error_say(error, -EPROTO, "la première ligne n’est pas une bienvenue",
                                 "a first line that is no welcome");
        channel_opened(channel);
        client->up = true;
        client->complained = false;
        client->up_since = uv_now(client->loop);
        log_info("channel %s: connected", client->path);
        if (client->options.on_up)
                client->options.on_up(client->options.context, client);
        return 0;
}

static void on_wait_over(uv_timer_t *timer);

static void wait_and_retry(struct channel_client *client)
{
        uv_timer_start(&client->timer, on_wait_over, client->wait_ms, 0);
        client->wait_ms = client->wait_ms < WAIT_MAX_MS / 2 ? 2 * client->wait_ms : WAIT_MAX_MS;
}

static void on_closing(void *owner, struct channel *channel, const char *why)
{
        struct channel_client *client = owner;
        bool was_up = client->up;

        client->up = false;
        client->channel = NULL;
        if (client->is_closing)
                return;
        /* Said once until it stands again: a hub that is down for a day is one line. */
        if (was_up || (why && !client->complained))
                log_warning("channel %s: %s%s; trying again", client->path,
                            was_up ? "lost" : "not connected: ", was_up ? (why ? " (broken)" : "") : why);
        client->complained = true;
        /* Only a connection that lasted proves the server well; otherwise two that disagree would spin. */
        if (was_up && uv_now(client->loop) - client->up_since >= WAIT_MAX_MS)
                client->wait_ms = WAIT_MIN_MS;
        wait_and_retry(client);
        while (client->requests && !client->is_closing)
                finish(client->requests, -ECONNRESET, NULL);
        if (was_up && !client->is_closing && client->options.on_down)
                client->options.on_down(client->options.context, client);
}

static const struct channel_end client_end = {on_line, on_closing, release};

static void on_connected(uv_connect_t *connect, int status)
{
        struct channel *channel = connect->data;
        struct channel_client *client;
        json_t *hello;
        int r = status;

        free(connect);
        if (status == UV_ECANCELED) /* its channel is closed already */
                return;
        client = channel->owner;
        if (!r)
                r = channel_begin(channel);
        if (r) {
                channel_break(channel, uv_strerror(r));
                return;
        }
        hello = json_pack("{s:s}", "hello", client->role);
        channel_send(channel, hello);
        json_decref(hello);
}

static void on_wait_over(uv_timer_t *timer)
{
        struct channel_client *client = timer->data;
        struct channel *channel = channel_new(client->loop, &client_end, client);
        uv_connect_t *connect = channel ? malloc(sizeof(*connect)) : NULL;

        if (!channel) {
                wait_and_retry(client);
                return;
        }
        client->holders++;
        client->channel = channel;
        if (client->options.queue_max)
                channel->queue_max = client->options.queue_max;
        channel_set_table(channel, client->options.messages, client->options.message_count,
                          client->options.context);
        channel->line_max = CHANNEL_LINE_MAX; /* answers are no rows of the table */
        if (!connect) {
                channel_break(channel, "out of memory");
                return;
        }
        connect->data = channel;
        uv_pipe_connect(connect, &channel->pipe, client->path, on_connected);
}

/* ---- life ---- */

int channel_client_start(uv_loop_t *loop, const struct channel_client_options *options,
                         struct channel_client **ret_client, struct error *error)
{
        struct channel_client *client;

        if (!*options->path || strlen(options->path) > CHANNEL_PATH_MAX)
                return error_say(error, -ENAMETOOLONG,
                                 "le chemin de socket « %s » est vide ou dépasse %d octets",
                                 "the socket path %s is empty or longer than %d bytes", options->path,
                                 CHANNEL_PATH_MAX);
        if (strlen(options->role) >= sizeof(client->role))
                return error_say(error, -EINVAL, "le rôle %s est trop long", "the role %s is too long",
                                 options->role);
        client = calloc(1, sizeof(*client));
        if (!client)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour le canal %s",
                                 "out of memory for the channel %s", options->path);
        client->options = *options;
        strcpy(client->path, options->path);
        strcpy(client->role, options->role);
        client->loop = loop;
        client->holders = 1;
        client->wait_ms = WAIT_MIN_MS;
        uv_timer_init(loop, &client->timer);
        client->timer.data = client;
        uv_timer_start(&client->timer, on_wait_over, 0, 0);
        *ret_client = client;
        return 0;
}

bool channel_client_is_up(const struct channel_client *client)
{
        return client->up;
}

int channel_client_send(struct channel_client *client, const json_t *message)
{
        return client->up ? channel_send(client->channel, message) : CHANNEL_DOWN;
}

static void on_client_closed(uv_handle_t *handle)
{
        release(handle->data);
}

struct channel_client *channel_client_close(struct channel_client *client)
{
        if (!client || client->is_closing)
                return NULL;
        client->is_closing = true;
        client->up = false;
        if (client->channel)
                channel_close(client->channel);
        while (client->requests)
                finish(client->requests, -ECONNRESET, NULL);
        uv_close((uv_handle_t *)&client->timer, on_client_closed);
        return NULL;
}
