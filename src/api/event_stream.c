/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/event_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "hub/watch.h"
#include "hub/world.h"
#include "people/people.h"

#define TEXT_MAX (256 * 1024) /* of one event: the traffic of sixteen services */
#define BLOCK    4096
#define NS_A_MS  1000000ULL
#define TIMERS   2

struct client {
        struct client *next;
        struct event_stream *stream;
        struct MHD_Connection *connection;
        char session[64];
        uint64_t until_ms; /* of a token's stream; 0: as long as the session */
        bool asleep, traffic, heartbeat, everything, ending, over;
        struct change {
                char incident[32], act[48];
        } changes[EVENT_CHANGES_MAX];
        unsigned change_count;
        struct buffer text; /* being sent */
        size_t sent;
};

struct event_stream {
        struct world *world;
        struct client *clients;
        unsigned count, most;
        uv_timer_t heartbeat, traffic;
        unsigned timers_open;
        uint64_t traffic_at_ms; /* last told */
        struct buffer text;     /* the newest traffic as an event, once somebody asked for it */
        void (*wake)(void *context);
        void *context;
};

static uint64_t now_ms(const struct event_stream *stream)
{
        return clock_mono_ns(stream->world->clock) / NS_A_MS;
}

/* ---- one client ---- */

static void rouse(struct client *client)
{
        if (!client->asleep)
                return;
        client->asleep = false;
        MHD_resume_connection(client->connection);
        client->stream->wake(client->stream->context);
}

static void write_event(struct buffer *to, const char *event, json_t *data)
{
        char *text = data ? json_dumps(data, JSON_COMPACT) : NULL;

        if (text)
                buffer_format(to, "event: %s\ndata: %s\n\n", event, text);
        free(text);
        json_decref(data);
}

static void write_changes(struct client *client)
{
        for (unsigned i = 0; i < client->change_count; i++)
                write_event(&client->text, "changed",
                            json_pack("{s:s, s:s}", "incident", client->changes[i].incident, "act",
                                      client->changes[i].act));
        if (client->everything)
                write_event(&client->text, "changed", json_pack("{s:s, s:s}", "incident", "", "act", ""));
        client->change_count = 0;
        client->everything = false;
}

/* The same for all clients, so it is written once. */
static const char *traffic_text(struct event_stream *stream)
{
        const struct world *world = stream->world;
        char now[TIME_TEXT_SIZE];
        json_t *edge;

        if (!stream->text.length && traffic_services(&world->traffic)) {
                time_format(clock_wall_ms(world->clock), now);
                edge = traffic_edge(&world->traffic, world->edge_connected, (int64_t)now_ms(stream));
                if (edge)
                        json_object_set_new(edge, "at", json_string(now));
                write_event(&stream->text, "traffic", edge);
        }
        return buffer_string(&stream->text);
}

/* All that waits, as one text; empty when nothing does. */
static void write_waiting(struct client *client)
{
        write_changes(client);
        if (client->traffic)
                buffer_text(&client->text, traffic_text(client->stream));
        if (client->heartbeat)
                buffer_text(&client->text, ":\n\n");
        if (client->ending)
                write_event(&client->text, "ending", json_object());
        client->over |= client->ending;
        client->traffic = client->heartbeat = client->ending = false;
        if (client->text.overflow) /* a torn event must not be sent */
                client->over = true;
}

static ssize_t read_client(void *context, uint64_t position, char *to, size_t room)
{
        struct client *client = context;
        size_t left;

        if (client->sent == client->text.length) {
                buffer_release(&client->text);
                client->sent = 0;
                if (!client->over)
                        write_waiting(client);
                if (!client->text.length && client->over)
                        return MHD_CONTENT_READER_END_OF_STREAM;
        }
        left = client->text.length - client->sent;
        if (!left) {
                client->asleep = true;
                MHD_suspend_connection(client->connection);
                return 0;
        }
        left = left < room ? left : room;
        memcpy(to, client->text.data + client->sent, left);
        client->sent += left;
        return (ssize_t)left;
}

static void leave(void *context)
{
        struct client *client = context;

        for (struct client **at = &client->stream->clients; *at; at = &(*at)->next) {
                if (*at == client) {
                        *at = client->next;
                        client->stream->count--;
                        break;
                }
        }
        buffer_release(&client->text);
        free(client);
}

struct MHD_Response *event_stream_join(struct event_stream *stream, struct MHD_Connection *connection,
                                       const char *session)
{
        struct client *client = stream->count < stream->most ? calloc(1, sizeof(*client)) : NULL;
        struct MHD_Response *response;

        if (!client)
                return NULL;
        *client = (struct client){
                .stream = stream, .connection = connection, .traffic = true, .text = BUFFER_INIT(TEXT_MAX)};
        strncpy(client->session, session, sizeof(client->session) - 1);
        client->until_ms = *session ? 0 : now_ms(stream) + EVENT_TOKEN_MS;
        buffer_format(&client->text, "retry: %d\n\n", EVENT_RETRY_MS);
        response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_client, client, leave);
        if (!response) {
                buffer_release(&client->text);
                free(client);
                return NULL;
        }
        client->next = stream->clients;
        stream->clients = client;
        stream->count++;
        return response;
}

unsigned event_stream_clients(const struct event_stream *stream)
{
        return stream->count;
}

/* ---- what happens ---- */

static void add_change(struct client *client, const struct watch_event *event)
{
        struct change change = {0};

        if (client->everything)
                return;
        strncpy(change.incident, event->incident ? event->incident : "", sizeof(change.incident) - 1);
        strncpy(change.act, event->act ? event->act : "", sizeof(change.act) - 1);
        for (unsigned i = 0; i < client->change_count; i++)
                if (!memcmp(&client->changes[i], &change, sizeof(change)))
                        return;
        if (client->change_count < EVENT_CHANGES_MAX) {
                client->changes[client->change_count++] = change;
                return;
        }
        client->change_count = 0;
        client->everything = true;
}

static void tell_traffic(struct event_stream *stream)
{
        stream->traffic_at_ms = now_ms(stream);
        buffer_release(&stream->text);
        for (struct client *client = stream->clients; client; client = client->next) {
                client->traffic = true;
                rouse(client);
        }
}

static void on_traffic_due(uv_timer_t *timer)
{
        tell_traffic(timer->data);
}

static void hear_traffic(struct event_stream *stream)
{
        uint64_t since = now_ms(stream) - stream->traffic_at_ms;

        if (since >= EVENT_TRAFFIC_MS)
                tell_traffic(stream);
        else if (!uv_is_active((uv_handle_t *)&stream->traffic))
                uv_timer_start(&stream->traffic, on_traffic_due, EVENT_TRAFFIC_MS - since, 0);
}

static void hear(void *context, const struct watch_event *event)
{
        struct event_stream *stream = context;

        if (event->kind == WATCH_TRAFFIC) {
                hear_traffic(stream);
                return;
        }
        for (struct client *client = stream->clients; client; client = client->next) {
                if (event->kind == WATCH_CHANGED)
                        add_change(client, event);
                else
                        client->ending = true;
                rouse(client);
        }
}

static int is_session(void *context, const struct people_session *session)
{
        return !strcmp(context, session->id.text);
}

static bool may_stay(struct client *client)
{
        struct people *people = client->stream->world->people;

        if (client->until_ms)
                return now_ms(client->stream) < client->until_ms;
        return people && people_session_each(people, is_session, client->session);
}

static void on_heartbeat(uv_timer_t *timer)
{
        struct event_stream *stream = timer->data;

        for (struct client *client = stream->clients; client; client = client->next) {
                client->heartbeat = true;
                client->over |= !may_stay(client);
                rouse(client);
        }
}

/* ---- the stream ---- */

int event_stream_open(uv_loop_t *loop, struct world *world, unsigned clients_max, void (*wake)(void *context),
                      void *context, struct event_stream **ret_stream, struct error *error)
{
        struct event_stream *stream = calloc(1, sizeof(*stream));
        int r;

        if (!stream)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        *stream = (struct event_stream){.world = world,
                                        .most = clients_max,
                                        .wake = wake,
                                        .context = context,
                                        .text = BUFFER_INIT(TEXT_MAX)};
        r = watch_listen(world->watch, hear, stream);
        if (r) {
                free(stream);
                return error_say(error, r, "trop d’auditeurs", "too many listeners");
        }
        stream->timers_open = TIMERS;
        stream->heartbeat.data = stream->traffic.data = stream;
        uv_timer_init(loop, &stream->heartbeat); /* neither can fail: libuv's timers are a heap of ours */
        uv_timer_init(loop, &stream->traffic);
        uv_timer_start(&stream->heartbeat, on_heartbeat, EVENT_HEARTBEAT_MS, EVENT_HEARTBEAT_MS);
        *ret_stream = stream;
        return 0;
}

void event_stream_end(struct event_stream *stream)
{
        for (struct client *client = stream->clients; client; client = client->next) {
                client->ending = true;
                rouse(client);
        }
}

static void on_closed(uv_handle_t *handle)
{
        struct event_stream *stream = handle->data;

        if (!--stream->timers_open)
                free(stream);
}

struct event_stream *event_stream_close(struct event_stream *stream)
{
        if (!stream)
                return NULL;
        watch_leave(stream->world->watch, hear, stream);
        buffer_release(&stream->text);
        uv_close((uv_handle_t *)&stream->heartbeat, on_closed);
        uv_close((uv_handle_t *)&stream->traffic, on_closed);
        return NULL;
}
