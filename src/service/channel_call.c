/* SPDX-License-Identifier: EUPL-1.2 */
/* The blocking client of the command: no loop, one question. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "service/channel_private.h"

#define NANOSECONDS_A_MS 1000000
#define CONNECT_MS       5000 /* a full backlog of a busy hub */

struct call {
        const char *path;
        int fd;
        unsigned timeout_ms; /* 0: none */
        uint64_t deadline;   /* mono_ns; 0: none */
        struct buffer in;
        struct error *error;
};

static void start_clock(struct call *call)
{
        call->deadline = call->timeout_ms ? clock_mono_ns(&clock_system) +
                                                    (uint64_t)call->timeout_ms * NANOSECONDS_A_MS
                                          : 0;
}

static int wait_for(struct call *call, short events)
{
        struct pollfd poll_fd = {.fd = call->fd, .events = events};

        for (;;) {
                uint64_t now = clock_mono_ns(&clock_system);
                int left = -1, r;

                if (call->deadline)
                        left = now >= call->deadline ? 0
                                                     : (int)((call->deadline - now) / NANOSECONDS_A_MS) + 1;
                r = poll(&poll_fd, 1, left);
                if (r > 0)
                        return 0;
                if (r == 0)
                        return error_say(call->error, -ETIMEDOUT, "pas de réponse de %s en %u ms",
                                         "no answer from %s within %u ms", call->path, call->timeout_ms);
                if (errno != EINTR)
                        return error_say(call->error, -errno, "impossible d’attendre %s : %m",
                                         "cannot wait for %s: %m", call->path);
        }
}

static int dial(struct call *call)
{
        const struct timeval patience = {.tv_sec = CONNECT_MS / 1000};
        struct sockaddr_un address;
        int r = channel_address(call->path, &address, call->error);

        if (r)
                return r;
        call->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (call->fd < 0)
                return error_say(call->error, -errno, "impossible de créer un socket : %m",
                                 "cannot make a socket: %m");
        setsockopt(call->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
        if (connect(call->fd, (struct sockaddr *)&address, sizeof(address)) == 0)
                return 0;
        r = -errno;
        if (r == -ENOENT || r == -ECONNREFUSED)
                return error_say(call->error, r, "personne ne répond sur %s : Garde est-elle en marche ?",
                                 "nobody answers on %s: is Garde running?", call->path);
        return error_say(call->error, r, "impossible de joindre %s : %m", "cannot reach %s: %m", call->path);
}

static int put(struct call *call, const json_t *message)
{
        CLEANUP(cleanup_free) char *text = json_dumps(message, JSON_COMPACT);
        size_t length, done = 0;

        if (!text)
                return error_say(call->error, -ENOMEM, "mémoire insuffisante", "out of memory");
        length = strlen(text);
        text[length++] = '\n';
        while (done < length) {
                int r = wait_for(call, POLLOUT);
                ssize_t sent =
                        r ? 0 : send(call->fd, text + done, length - done, MSG_NOSIGNAL | MSG_DONTWAIT);

                if (r)
                        return r;
                if (sent < 0 && errno != EINTR && errno != EAGAIN)
                        return error_say(call->error, -errno, "impossible d’écrire à %s : %m",
                                         "cannot write to %s: %m", call->path);
                done += sent > 0 ? (size_t)sent : 0;
        }
        return 0;
}

static int fill(struct call *call)
{
        char part[CHANNEL_READ_SIZE];
        int r = wait_for(call, POLLIN);
        ssize_t got;

        if (r)
                return r;
        got = recv(call->fd, part, sizeof(part), MSG_DONTWAIT);
        if (got == 0)
                return error_say(call->error, -ECONNRESET, "%s a raccroché avant de répondre",
                                 "%s hung up before it answered", call->path);
        if (got < 0 && errno != EINTR && errno != EAGAIN)
                return error_say(call->error, -errno, "impossible de lire ce que dit %s : %m",
                                 "cannot read from %s: %m", call->path);
        if (got > 0)
                buffer_append(&call->in, part, (size_t)got);
        return call->in.overflow ? error_say(call->error, -EPROTO, "%s a envoyé une ligne sans fin",
                                             "%s sent an endless line", call->path)
                                 : 0;
}

static int get(struct call *call, json_t **ret_message)
{
        for (;;) {
                const char *stop = call->in.length ? memchr(call->in.data, '\n', call->in.length) : NULL;
                int r;

                if (stop) {
                        size_t length = (size_t)(stop - call->in.data);
                        r = channel_line_parse(call->in.data, length, ret_message, call->error);
                        buffer_consume(&call->in, length + 1);
                        return r ? error_context(call->error, -EPROTO, "%s", "%s", call->path) : 0;
                }
                r = fill(call);
                if (r)
                        return r;
        }
}

static int greet(struct call *call)
{
        json_t *hello = json_pack("{s:s}", "hello", CHANNEL_ROLE_CLI), *welcome = NULL;
        int r = put(call, hello);

        json_decref(hello);
        if (!r)
                r = get(call, &welcome);
        if (!r && json_object_get(welcome, "error"))
                r = channel_error_read(welcome, -EACCES, call->error);
        else if (!r && !json_object_get(welcome, "welcome"))
                r = error_say(call->error, -EPROTO, "%s n’a pas dit bienvenue", "%s did not say welcome",
                              call->path);
        json_decref(welcome);
        return r;
}

static int ask(struct call *call, const json_t *request)
{
        json_t *numbered = json_copy((json_t *)request); /* shallow: json_copy only reads it */
        int r;

        if (!numbered)
                return error_say(call->error, -ENOMEM, "mémoire insuffisante", "out of memory");
        json_object_set_new(numbered, "id", json_integer(1));
        r = put(call, numbered);
        json_decref(numbered);
        return r;
}

/* Lines that are pushed to every connection have a type and no id: they are not for us. */
static int take_lines(struct call *call, int (*on_line)(void *context, const json_t *line), void *context)
{
        for (;;) {
                json_t *line = NULL;
                int r = get(call, &line);
                bool last;

                if (r)
                        return r;
                if (!json_object_get(line, "id")) {
                        json_decref(line);
                        continue;
                }
                last = !json_is_true(json_object_get(line, "more"));
                r = json_object_get(line, "error") ? channel_error_read(line, -EREMOTEIO, call->error)
                                                   : on_line(context, line);
                json_decref(line);
                if (r || last)
                        return r;
                start_clock(call);
        }
}

int channel_stream(const char *path, const json_t *request, unsigned timeout_ms,
                   int (*on_line)(void *context, const json_t *line), void *context, struct error *error)
{
        struct call call = {.path = path,
                            .fd = -1,
                            .timeout_ms = timeout_ms,
                            .error = error,
                            .in = BUFFER_INIT(CHANNEL_LINE_MAX + 2 * CHANNEL_READ_SIZE)};
        int r;

        start_clock(&call);
        r = dial(&call);
        if (!r)
                r = greet(&call);
        if (!r)
                r = ask(&call, request);
        if (!r)
                r = take_lines(&call, on_line, context);
        cleanup_fd(&call.fd);
        buffer_release(&call.in);
        return r;
}

static int keep_line(void *context, const json_t *line)
{
        json_t **kept = context;

        json_decref(*kept);
        *kept = json_incref((json_t *)line);
        return 0;
}

int channel_call(const char *path, const json_t *request, unsigned timeout_ms, json_t **ret_answer,
                 struct error *error)
{
        json_t *answer = NULL;
        int r = channel_stream(path, request, timeout_ms, keep_line, &answer, error);

        if (r) {
                json_decref(answer);
                return r;
        }
        *ret_answer = answer;
        return 0;
}
