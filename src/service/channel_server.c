/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "service/channel_private.h"

#define BACKLOG         64
#define PEER_GROUPS_MAX 256

struct channel_server {
        uv_pipe_t pipe;
        struct channel_server_options options;
        char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
        struct stat born; /* of our socket file: nobody else's is removed */
        struct channel *channels;
        size_t count;     /* in the list */
        unsigned holders; /* itself, and channels whose memory is not gone */
        bool is_closing, crowded;
        struct channel_server_counters counters;
};

/* ---- roles ---- */

static bool in_group(const struct channel *channel, gid_t group)
{
        gid_t groups[PEER_GROUPS_MAX];
        socklen_t size = sizeof(groups);
        uv_os_fd_t fd;

        if (channel->gid == group)
                return true;
        if (uv_fileno((const uv_handle_t *)&channel->pipe, &fd) ||
            getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0)
                return false;
        for (size_t i = 0; i < size / sizeof(*groups); i++)
                if (groups[i] == group)
                        return true;
        return false;
}

static bool may_be(const struct channel *channel, const struct channel_role *role)
{
        if ((role->root && channel->uid == 0) || (role->own && channel->uid == geteuid()))
                return true;
        if (role->uid != CHANNEL_NOBODY && channel->uid == role->uid)
                return true;
        return role->gid != CHANNEL_NOBODY && in_group(channel, role->gid);
}

/* The peer learns why, as far as the socket takes it at once. */
static void say_no(struct channel *channel, const char *fr, const char *en)
{
        char line[256];
        int length = snprintf(line, sizeof(line), "{\"error\":{\"fr\":\"%s\",\"en\":\"%s\"}}\n", fr, en);
        uv_buf_t buffer = uv_buf_init(line, (unsigned)length);

        (void)uv_try_write((uv_stream_t *)&channel->pipe, &buffer, 1);
}

static int take_hello(struct channel_server *server, struct channel *channel, const json_t *message,
                      struct error *error)
{
        const char *wanted = json_string_value(json_object_get(message, "hello"));
        json_t *welcome;

        if (!wanted)
                return error_say(error, -EPROTO, "la première ligne n’est pas un salut",
                                 "a first line that is no hello");
        for (size_t i = 0; i < server->options.role_count; i++) {
                if (strcmp(server->options.roles[i].name, wanted) != 0)
                        continue;
                if (!may_be(channel, &server->options.roles[i]))
                        break;
                channel->role = (unsigned)i;
                channel_opened(channel);
                welcome = json_pack("{s:s}", "welcome", wanted);
                channel_send(channel, welcome);
                json_decref(welcome);
                if (!channel->is_closing && server->options.on_open)
                        server->options.on_open(server->options.context, channel);
                return 0;
        }
        channel->refused = true;
        server->counters.refused++;
        say_no(channel, "ce compte n’a pas droit à ce rôle", "this user may not have that role");
        return error_say(error, -EACCES, "demande le rôle « %.32s », auquel il n’a pas droit",
                         "the role \"%.32s\", which it may not have", wanted);
}

/* ---- its end of a channel ---- */

static int on_line(void *owner, struct channel *channel, const json_t *message, size_t length,
                   struct error *error)
{
        return channel->open ? channel_dispatch(channel, message, length, error)
                             : take_hello(owner, channel, message, error);
}

static void on_closing(void *owner, struct channel *channel, const char *why)
{
        struct channel_server *server = owner;

        if (channel->previous)
                channel->previous->next = channel->next;
        else
                server->channels = channel->next;
        if (channel->next)
                channel->next->previous = channel->previous;
        server->count--;
        if (why) {
                server->counters.slow += channel->slow;
                server->counters.broken += !channel->slow && !channel->refused;
                log_warning("channel %s: closed the channel of %s (uid %u, pid %d): %s", server->path,
                            channel->open ? server->options.roles[channel->role].name : "a stranger",
                            (unsigned)channel->uid, (int)channel->pid, why);
        }
        if (channel->open && server->options.on_close)
                server->options.on_close(server->options.context, channel);
}

static void release(void *owner)
{
        struct channel_server *server = owner;

        if (--server->holders == 0)
                free(server);
}

static const struct channel_end server_end = {on_line, on_closing, release};

/* ---- accepting ---- */

static bool is_crowded(struct channel_server *server)
{
        bool crowded = server->count > server->options.connections_max;

        if (crowded && !server->crowded)
                log_warning("channel %s: %zu connections stand, further ones are refused", server->path,
                            server->options.connections_max);
        server->crowded = crowded;
        return crowded;
}

static void on_connection(uv_stream_t *stream, int status)
{
        struct channel_server *server = stream->data;
        struct channel *channel = status ? NULL : channel_new(stream->loop, &server_end, server);
        int r;

        if (!channel) {
                log_error("channel %s: cannot accept: %s", server->path,
                          status ? uv_strerror(status) : "out of memory");
                return;
        }
        channel->queue_max = server->options.queue_max;
        channel_set_table(channel, server->options.messages, server->options.message_count,
                          server->options.context);
        channel->next = server->channels;
        if (channel->next)
                channel->next->previous = channel;
        server->channels = channel;
        server->count++;
        server->holders++;
        r = uv_accept(stream, (uv_stream_t *)&channel->pipe);
        if (!r && is_crowded(server)) {
                server->counters.refused++;
                say_no(channel, "trop de connexions à la fois", "too many connections");
                channel_close(channel);
                return;
        }
        if (!r)
                r = channel_begin(channel);
        if (r)
                channel_break(channel, uv_strerror(r));
        else
                server->counters.accepted++;
}

/* ---- the socket file ---- */

static int check_place(const char *path, const struct sockaddr_un *address, struct error *error)
{
        struct stat st;

        if (lstat(path, &st) < 0)
                return errno == ENOENT ? 0
                                       : error_say(error, -errno, "impossible d’examiner %s : %m",
                                                   "cannot look at %s: %m", path);
        if (!S_ISSOCK(st.st_mode))
                return error_say(error, -EEXIST, "%s barre la place : ce n’est pas un socket",
                                 "%s is in the way: it is no socket", path);
        CLEANUP(cleanup_fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return error_say(error, -errno, "impossible de créer un socket : %m",
                                 "cannot make a socket: %m");
        if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 || errno == EAGAIN)
                return error_say(error, -EADDRINUSE, "%s est déjà utilisé : un autre service y répond",
                                 "%s is in use: another daemon answers there", path);
        return 0;
}

static int bind_beside(struct channel_server *server, const char *temporary, int fd)
{
        struct sockaddr_un address;
        int r = channel_address(temporary, &address, NULL);

        if (r)
                return r;
        unlink(temporary);
        if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
                return -errno;
        if (server->options.group != CHANNEL_NOBODY && chown(temporary, (uid_t)-1, server->options.group) < 0)
                return -errno;
        if (chmod(temporary, server->options.mode & 0777) < 0 || listen(fd, BACKLOG) < 0 ||
            rename(temporary, server->path) < 0 || lstat(server->path, &server->born) < 0)
                return -errno;
        return 0;
}

static int make_socket(struct channel_server *server, int *ret_fd, struct error *error)
{
        char temporary[sizeof(server->path) + 16];
        struct sockaddr_un address;
        int r = channel_address(server->path, &address, error);

        if (!r)
                r = check_place(server->path, &address, error);
        if (r)
                return r;
        CLEANUP(cleanup_fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return error_say(error, -errno, "impossible de créer un socket : %m",
                                 "cannot make a socket: %m");
        snprintf(temporary, sizeof(temporary), "%s~%d", server->path, (int)getpid());
        r = bind_beside(server, temporary, fd);
        if (r) {
                unlink(temporary);
                return error_say(error, r, "impossible d’écouter sur %s : %m", "cannot listen on %s: %m",
                                 server->path);
        }
        *ret_fd = STEAL_FD(fd);
        return 0;
}

/* ---- life ---- */

static void on_server_closed(uv_handle_t *handle)
{
        release(handle->data);
}

static int listen_on(uv_loop_t *loop, struct channel_server *server, struct error *error)
{
        int fd = -1, r = make_socket(server, &fd, error);

        if (r)
                return r;
        uv_pipe_init(loop, &server->pipe, 0);
        server->pipe.data = server;
        r = uv_pipe_open(&server->pipe, fd);
        if (r)
                close(fd);
        else
                r = uv_listen((uv_stream_t *)&server->pipe, BACKLOG, on_connection);
        if (!r)
                return 0;
        unlink(server->path);
        server->is_closing = true;
        uv_close((uv_handle_t *)&server->pipe, on_server_closed);
        return error_say(error, r, "impossible d’écouter sur %s : %m", "cannot listen on %s: %m",
                         server->path);
}

int channel_server_start(uv_loop_t *loop, const struct channel_server_options *options,
                         struct channel_server **ret_server, struct error *error)
{
        struct channel_server *server;
        int r;

        if (options->role_count > CHANNEL_ROLES_MAX)
                return error_say(error, -EINVAL, "plus de %d rôles", "more than %d roles", CHANNEL_ROLES_MAX);
        if (!*options->path || strlen(options->path) > CHANNEL_PATH_MAX)
                return error_say(error, -ENAMETOOLONG,
                                 "le chemin de socket « %s » est vide ou dépasse %d octets",
                                 "the socket path %s is empty or longer than %d bytes", options->path,
                                 CHANNEL_PATH_MAX);
        server = calloc(1, sizeof(*server));
        if (!server)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour le canal %s",
                                 "out of memory for the channel %s", options->path);
        server->options = *options;
        server->holders = 1;
        strcpy(server->path, options->path);
        if (!server->options.connections_max)
                server->options.connections_max = CHANNEL_CONNECTIONS_MAX;
        if (!server->options.queue_max)
                server->options.queue_max = CHANNEL_QUEUE_DEFAULT;
        r = listen_on(loop, server, error);
        if (r) {
                if (!server->is_closing)
                        free(server);
                return r;
        }
        *ret_server = server;
        return 0;
}

void channel_server_broadcast(struct channel_server *server, unsigned roles, const json_t *message)
{
        struct channel *next;

        for (struct channel *channel = server->channels; channel; channel = next) {
                next = channel->next; /* a slow reader leaves the list while it is served */
                if (channel->open && (roles & CHANNEL_ROLE(channel->role)))
                        channel_send(channel, message);
        }
}

struct channel_server *channel_server_close(struct channel_server *server)
{
        struct stat st;

        if (!server || server->is_closing)
                return NULL;
        server->is_closing = true;
        if (lstat(server->path, &st) == 0 && st.st_ino == server->born.st_ino &&
            st.st_dev == server->born.st_dev)
                unlink(server->path);
        while (server->channels)
                channel_close(server->channels);
        uv_close((uv_handle_t *)&server->pipe, on_server_closed);
        return NULL;
}

struct channel_server_counters channel_server_counters(const struct channel_server *server)
{
        return server->counters;
}
