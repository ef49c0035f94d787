/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "flow/json_text.h"
#include "service/channel_private.h"

struct write_request {
        uv_write_t write;
        struct channel *channel;
        size_t length;
        char *text;
};

int channel_address(const char *path, struct sockaddr_un *ret_address, struct error *error)
{
        size_t length = strlen(path);

        if (!length || length >= sizeof(ret_address->sun_path))
                return error_say(error, -ENAMETOOLONG,
                                 "le chemin de socket « %s » est vide ou dépasse %zu octets",
                                 "the socket path %s is empty or longer than %zu bytes", path,
                                 sizeof(ret_address->sun_path) - 1);
        *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
        memcpy(ret_address->sun_path, path, length);
        return 0;
}

/* ---- life ---- */

struct channel *channel_new(uv_loop_t *loop, const struct channel_end *end, void *owner)
{
        struct channel *channel = calloc(1, sizeof(*channel));

        if (!channel)
                return NULL;
        uv_pipe_init(loop, &channel->pipe, 0);
        uv_timer_init(loop, &channel->hello);
        channel->pipe.data = channel->hello.data = channel;
        channel->handles = 2;
        channel->end = end;
        channel->owner = owner;
        channel->queue_max = CHANNEL_QUEUE_DEFAULT;
        channel->uid = CHANNEL_NOBODY;
        channel->in = (struct buffer)BUFFER_INIT(CHANNEL_LINE_MAX + CHANNEL_READ_SIZE);
        return channel;
}

void channel_set_table(struct channel *channel, const struct channel_message *messages, size_t count,
                       void *context)
{
        size_t line_max = 1024; /* room for hello and small answers */

        channel->messages = messages;
        channel->message_count = count;
        channel->context = context;
        for (size_t i = 0; i < count; i++) {
                size_t row = messages[i].max_bytes ? messages[i].max_bytes : CHANNEL_LINE_MAX;
                if (row > line_max)
                        line_max = row;
        }
        channel->line_max = line_max < CHANNEL_LINE_MAX ? line_max : CHANNEL_LINE_MAX;
}

static void on_handle_closed(uv_handle_t *handle)
{
        struct channel *channel = handle->data;
        void (*gone)(void *) = channel->end->gone;
        void *owner = channel->owner;

        if (--channel->handles)
                return;
        buffer_release(&channel->in);
        free(channel);
        gone(owner);
}

void channel_break(struct channel *channel, const char *why)
{
        if (channel->is_closing)
                return;
        channel->is_closing = true;
        channel->end->closing(channel->owner, channel, why);
        uv_close((uv_handle_t *)&channel->hello, on_handle_closed);
        uv_close((uv_handle_t *)&channel->pipe, on_handle_closed);
}

void channel_close(struct channel *channel)
{
        channel_break(channel, NULL);
}

/* ---- reading ---- */

static const struct channel_message *find_row(const struct channel *channel, const char *type)
{
        for (size_t i = 0; i < channel->message_count; i++)
                if (!strcmp(channel->messages[i].type, type))
                        return &channel->messages[i];
        return NULL;
}

int channel_dispatch(struct channel *channel, const json_t *message, size_t length, struct error *error)
{
        const char *type = json_string_value(json_object_get(message, "type"));
        const struct channel_message *row = type ? find_row(channel, type) : NULL;

        if (!type)
                return error_say(error, -EPROTO, "message sans type", "a message without a type");
        if (!row)
                return error_say(error, -EPROTO, "type de message « %.64s » inconnu",
                                 "unknown message type \"%.64s\"", type);
        if (!(row->roles & CHANNEL_ROLE(channel->role)))
                return error_say(error, -EPERM, "message « %.64s » que ce rôle n’a pas le droit d’envoyer",
                                 "a message \"%.64s\" that its role may not send", type);
        if (row->max_bytes && length > row->max_bytes)
                return error_say(error, -EMSGSIZE, "message « %.64s » de %zu octets, au-delà des %zu admis",
                                 "a message \"%.64s\" of %zu bytes, above the %zu allowed", type, length,
                                 row->max_bytes);
        return row->handle(channel->context, channel, message, error);
}

static void take_line(struct channel *channel, const char *line, size_t length)
{
        struct error error = {0};
        json_t *message = NULL;
        int r = channel_line_parse(line, length, &message, &error);

        if (!r)
                r = channel->end->line(channel->owner, channel, message, length, &error);
        json_decref(message);
        if (r)
                channel_break(channel, error_text(&error, r));
}

static void take_lines(struct channel *channel)
{
        size_t taken = 0;

        while (!channel->is_closing && taken < channel->in.length) {
                const char *line = channel->in.data + taken;
                const char *stop = memchr(line, '\n', channel->in.length - taken);
                size_t length = stop ? (size_t)(stop - line) : channel->in.length - taken;

                if (length > channel->line_max) {
                        char why[96];
                        snprintf(why, sizeof(why), "a line longer than the %zu bytes allowed",
                                 channel->line_max);
                        channel_break(channel, why);
                        return;
                }
                if (!stop)
                        break;
                take_line(channel, line, length);
                taken += length + 1;
        }
        buffer_consume(&channel->in, taken);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buffer)
{
        struct channel *channel = handle->data;

        *ret_buffer = uv_buf_init(channel->read_buffer, sizeof(channel->read_buffer));
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buffer)
{
        struct channel *channel = stream->data;

        if (got == UV_EOF) {
                channel_break(channel, channel->in.length ? "the end within a line" : NULL);
        } else if (got < 0) {
                channel_break(channel, got == UV_ECONNRESET ? NULL : uv_strerror((int)got));
        } else if (got > 0) {
                buffer_append(&channel->in, buffer->base, (size_t)got);
                if (channel->in.overflow)
                        channel_break(channel, "out of memory");
                else
                        take_lines(channel);
        }
}

static void on_hello_late(uv_timer_t *timer)
{
        channel_break(timer->data, "no hello in time");
}

int channel_begin(struct channel *channel)
{
        struct ucred peer;
        socklen_t size = sizeof(peer);
        uv_os_fd_t fd;
        int r = uv_fileno((uv_handle_t *)&channel->pipe, &fd);

        if (r)
                return r;
        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
                return -errno;
        channel->uid = peer.uid;
        channel->gid = peer.gid;
        channel->pid = peer.pid;
        uv_timer_start(&channel->hello, on_hello_late, CHANNEL_HELLO_MS, 0);
        return uv_read_start((uv_stream_t *)&channel->pipe, on_alloc, on_read);
}

void channel_opened(struct channel *channel)
{
        channel->open = true;
        uv_timer_stop(&channel->hello);
}

/* ---- writing ---- */

static void on_written(uv_write_t *write, int status)
{
        struct write_request *request = write->data;
        struct channel *channel = request->channel;

        channel->queued -= request->length;
        free(request->text);
        free(request);
        if (status < 0 && status != UV_ECANCELED)
                channel_break(channel, NULL); /* the other end went; reading says the same */
}

int channel_send(struct channel *channel, const json_t *message)
{
        struct write_request *request;
        char *text;
        size_t length;

        if (channel->is_closing)
                return CHANNEL_DOWN;
        text = json_text(message, &length);
        request = text ? malloc(sizeof(*request)) : NULL;
        if (!request) {
                free(text);
                channel_break(channel, "out of memory");
                return CHANNEL_DOWN;
        }
        text[length++] = '\n'; /* in place of its NUL: the length travels beside it */
        *request = (struct write_request){.channel = channel, .length = length, .text = text};
        request->write.data = request;
        uv_buf_t buffer = uv_buf_init(text, (unsigned)length);
        channel->slow = channel->queued + length > channel->queue_max;
        if (channel->slow ||
            uv_write(&request->write, (uv_stream_t *)&channel->pipe, &buffer, 1, on_written)) {
                free(text);
                free(request);
                channel_break(channel, channel->slow ? "it reads too slowly" : "it cannot be written to");
                return CHANNEL_DOWN;
        }
        channel->queued += length;
        return 0;
}

static int answer(struct channel *channel, const json_t *request, json_t *message, bool more)
{
        json_t *id = json_object_get(request, "id");
        int r = 0;

        if (!message)
                message = json_object();
        if (id && message) {
                json_object_set(message, "id", id);
                if (more)
                        json_object_set_new(message, "more", json_true());
                r = channel_send(channel, message);
        }
        json_decref(message);
        return r;
}

int channel_answer(struct channel *channel, const json_t *request, json_t *message)
{
        return answer(channel, request, message, false);
}

int channel_answer_more(struct channel *channel, const json_t *request, json_t *message)
{
        return answer(channel, request, message, true);
}

int channel_refuse_error(struct channel *channel, const json_t *request, const struct error *why, int code)
{
        json_t *refusal = json_pack("{s:{s:s, s:s}}", "error", "fr", error_text_in(why, code, LANGUAGE_FR),
                                    "en", error_text_in(why, code, LANGUAGE_EN));

        return answer(channel, request, refusal, false);
}

int channel_error_read(const json_t *answer, int code, struct error *error)
{
        const json_t *said = json_object_get(answer, "error");
        const char *fr = json_string_value(json_is_string(said) ? said : json_object_get(said, "fr"));
        const char *en = json_string_value(json_is_string(said) ? said : json_object_get(said, "en"));

        if (!fr && !en)
                return error_say(error, code, "refusé sans raison donnée", "refused without a reason");
        return error_forward(error, code, fr, en);
}

/* ---- small questions ---- */

unsigned channel_role_index(const struct channel *channel)
{
        return channel->role;
}

uid_t channel_uid(const struct channel *channel)
{
        return channel->uid;
}

pid_t channel_pid(const struct channel *channel)
{
        return channel->pid;
}

size_t channel_waiting(const struct channel *channel)
{
        return channel->queued;
}

void channel_set_data(struct channel *channel, void *data)
{
        channel->data = data;
}

void *channel_data(const struct channel *channel)
{
        return channel->data;
}
