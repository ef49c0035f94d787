/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/front.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "hub/courier.h"
#include "hub/protocol.h"
#include "hub/share.h"
#include "journal/journal.h"
#include "service/channel.h"

#define WATCHERS_MAX 16
#define WAITING_MAX  1024 /* answers to the edge that wait for the disk */
#define WORKS_MAX    16   /* acts that are worked on beside the loop */
#define BODY_DEFAULT (16 * 1024)

/* An act from the socket, as long as its work goes on beside the loop. */
struct front_work {
        uv_work_t work;
        struct front *front;
        struct channel *channel; /* NULL: gone meanwhile */
        json_t *message, *in;
        struct act_caller caller;
        struct act_call call;
        int result;
};

struct front {
        struct front_options options;
        struct world *world;
        struct channel_role roles[PROTOCOL_ROLES];
        struct channel_message *messages; /* those of the edge and one for each act */
        struct channel_server *server;
        struct share *share;     /* of the journal */
        struct channel *respond; /* who sends things out; NULL */
        struct channel *edge;    /* the one sensor of packets that is connected; NULL */
        struct watcher {
                struct channel *channel;
                json_t *request;
        } watchers[WATCHERS_MAX];
        struct waiting {
                struct channel *channel; /* NULL: gone meanwhile */
                json_t *request, *answer;
        } waiting[WAITING_MAX];
        size_t waiting_count;
        uv_check_t settled; /* after all that came in one turn of the loop was taken */
        struct front_work *works[WORKS_MAX];
};

/* ---- fields ---- */

static const char *text_of(const json_t *message, const char *key)
{
        const char *text = json_string_value(json_object_get(message, key));

        return text ? text : "";
}

/* ---- telling ---- */

static int64_t now_ms(const struct front *front)
{
        return (int64_t)(clock_mono_ns(front->world->clock) / 1000000);
}

static void on_change(void *context, const struct watch_event *event)
{
        struct front *front = context;

        for (size_t i = 0; i < WATCHERS_MAX; i++)
                if (front->watchers[i].channel)
                        channel_answer_more(front->watchers[i].channel, front->watchers[i].request,
                                            world_status(front->world));
}

static void tell_edge(void *context)
{
        struct front *front = context;
        json_t *desired;

        if (!front->edge)
                return;
        desired = desk_desired(front->world->desk);
        if (desired)
                channel_send(front->edge, desired);
        json_decref(desired);
}

/* ---- answers that wait for the disk ---- */

static void answer_waiting(struct waiting *waiting, int r, const struct error *why)
{
        if (waiting->channel && r)
                channel_refuse_error(waiting->channel, waiting->request, why, r);
        else if (waiting->channel)
                channel_answer(waiting->channel, waiting->request, json_incref(waiting->answer));
        json_decref(waiting->request);
        json_decref(waiting->answer);
        *waiting = (struct waiting){0};
}

/* One write to the disk for all that came in together; only now is it acknowledged. */
static void settle(struct front *front)
{
        const struct watch_event event = {.kind = WATCH_CHANGED, .incident = "", .act = "finding"};
        struct error why = {0};
        int r;

        if (!front->waiting_count)
                return;
        r = journal_settle(front->world->journal, &why);
        if (r) {
                log_error("what the edge told could not be written down: %s", error_text(&why, r));
                desk_reload(front->world->desk, NULL);
        }
        for (size_t i = 0; i < front->waiting_count; i++)
                answer_waiting(&front->waiting[i], r, &why);
        front->waiting_count = 0;
        if (!r)
                watch_tell(front->world->watch, &event);
}

static void on_turn(uv_check_t *check)
{
        settle(check->data);
}

/* The answer goes out when the disk has it. Takes over `answer`. */
static int answer_settled(struct front *front, struct channel *channel, const json_t *message, int r,
                          const struct error *why, json_t *answer)
{
        if (r) {
                json_decref(answer);
                channel_refuse_error(channel, message, why, r);
                return 0;
        }
        front->waiting[front->waiting_count++] =
                (struct waiting){channel, json_pack("{s:O?}", "id", json_object_get(message, "id")), answer};
        if (front->waiting_count == WAITING_MAX)
                settle(front);
        return 0;
}

/* ---- from the edge ---- */

/* A report nobody can read is written down as it came; else the edge would send it again for ever. */
static int keep_unreadable(struct front *front, struct channel *channel, const json_t *message,
                           const struct error *what)
{
        struct error why = {0};
        int r = desk_unreadable(front->world->desk, "edge", message, what->en, &why);

        log_error("the edge sent what cannot be read (%s); it is kept in the journal", what->en);
        return answer_settled(front, channel, message, r, &why, json_object());
}

static int on_finding(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;
        struct finding finding = {0};
        struct error why = {0};
        struct id incident = {0};
        int r = finding_from_json(json_object_get(message, "finding"), &finding, &why);

        if (r == -EINVAL)
                return keep_unreadable(front, channel, message, &why);
        if (!r)
                r = journal_hold(front->world->journal, &why);
        if (r)
                return r;
        r = desk_finding(front->world->desk, &finding, &incident, &why);
        if (r)
                log_error("a finding could not be written down: %s", error_text(&why, r));
        finding_release(&finding);
        return answer_settled(front, channel, message, r, &why,
                              json_pack("{s:s}", "incident", incident.text));
}

static int on_measure(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;
        struct measure measure = {0};
        struct error why = {0};
        int r = measure_from_json(json_object_get(message, "measure"), &measure, &why);

        if (r == -EINVAL)
                return keep_unreadable(front, channel, message, &why);
        if (!r)
                r = journal_hold(front->world->journal, &why);
        if (r)
                return r;
        r = desk_measure(front->world->desk, text_of(message, "change"), &measure, &why);
        if (r)
                log_error("a measure's report could not be written down: %s", error_text(&why, r));
        measure_release(&measure);
        return answer_settled(front, channel, message, r, &why, json_object());
}

static int on_traffic(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        const struct watch_event event = {.kind = WATCH_TRAFFIC, .incident = "", .act = ""};
        struct front *front = context;
        struct error why = {0};
        int r;

        settle(front);
        if (!json_is_array(json_object_get(message, "services")))
                return error_say(error, -EINVAL, "un rapport de trafic sans services",
                                 "a traffic report without services");
        r = desk_standing(front->world->desk, json_object_get(message, "services"), &why);
        if (r)
                log_error("a measure's end could not be written down: %s", error_text(&why, r));
        traffic_take(&front->world->traffic, message, now_ms(front));
        watch_tell(front->world->watch, &event);
        return 0;
}

/* ---- to and from who sends things out ---- */

static void publish_outbox(void *context)
{
        struct front *front = context;
        json_t *outbox = front->respond ? courier_outbox(front->world->courier) : NULL;

        if (outbox)
                channel_send(front->respond, outbox);
        json_decref(outbox);
}

static int on_out(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;
        struct error why = {0};
        int r;

        settle(front);
        r = front->world->courier ? courier_report(front->world->courier, message, &why) : 0;
        if (r)
                channel_refuse_error(channel, message, &why, r);
        else
                channel_answer(channel, message, NULL);
        return 0;
}

/* ---- from people ---- */

static int on_watch(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;
        struct error why = {0};

        for (size_t i = 0; i < WATCHERS_MAX; i++) {
                if (!front->watchers[i].channel) {
                        front->watchers[i].channel = channel;
                        front->watchers[i].request = json_deep_copy(message);
                        channel_answer_more(channel, message, world_status(front->world));
                        return 0;
                }
        }
        error_say(&why, -EBUSY, "trop d’écrans suivent déjà l’état", "too many are watching already");
        channel_refuse_error(channel, message, &why, -EBUSY);
        return 0;
}

/* The message without what the channel itself put in. */
static json_t *act_input(const json_t *message)
{
        json_t *in = json_copy((json_t *)message);

        json_object_del(in, "type");
        json_object_del(in, "id");
        return in;
}

/* A small file as an answer travels as base64 in one line; others go in pieces. */
static json_t *file_answer(const struct act_blob *blob)
{
        size_t size = sodium_base64_encoded_len(blob->length, sodium_base64_VARIANT_ORIGINAL);
        char *text = blob->bytes ? malloc(size) : NULL;
        json_t *answer;

        if (!text)
                return NULL;
        sodium_bin2base64(text, size, (const unsigned char *)blob->bytes, blob->length,
                          sodium_base64_VARIANT_ORIGINAL);
        answer = json_pack("{s:{s:s, s:s, s:s}}", "file", "type", blob->type, "name", blob->name, "base64",
                           text);
        free(text);
        return answer;
}

#define FILE_MAX (256 * 1024)

/* A file that lies on disk, when it is small. */
static void take_path(struct act_blob *blob)
{
        if (blob->path && !blob->bytes && file_read(blob->path, FILE_MAX, &blob->bytes, &blob->length, NULL))
                blob->bytes = NULL;
}

static void answer_call(struct front *front, struct channel *channel, const json_t *message,
                        struct act_call *call, int r)
{
        json_t *file;

        if (r) {
                channel_refuse_error(channel, message, &call->error, r);
                return;
        }
        if (!call->blob.type[0]) {
                channel_answer(channel, message, json_incref(call->out));
                return;
        }
        take_path(&call->blob);
        file = call->blob.length <= FILE_MAX ? file_answer(&call->blob) : NULL;
        if (file)
                channel_answer(channel, message, file);
        else
                share_file(front->share, channel, message, &call->blob);
}

static void work_free(struct front_work *work)
{
        act_call_release(&work->call);
        json_decref(work->message);
        json_decref(work->in);
        free(work);
}

static void on_work(uv_work_t *request)
{
        struct front_work *work = request->data;

        work->result = work->call.work.work(work->call.work.context, &work->call.error);
}

static void on_work_done(uv_work_t *request, int status)
{
        struct front_work *work = request->data;
        struct front *front = work->front;
        int r;

        for (size_t i = 0; i < WORKS_MAX; i++)
                if (front->works[i] == work)
                        front->works[i] = NULL;
        settle(front);
        r = act_finish(&work->call, status ? status : work->result);
        if (work->channel)
                answer_call(front, work->channel, work->message, &work->call, r);
        work_free(work);
}

/* Beside the loop; the answer comes later. */
static int begin_work(struct front *front, struct front_work *work)
{
        for (size_t i = 0; i < WORKS_MAX; i++) {
                if (front->works[i])
                        continue;
                work->work.data = work;
                if (uv_queue_work(front->options.loop, &work->work, on_work, on_work_done))
                        return -EAGAIN;
                front->works[i] = work;
                return 0;
        }
        return error_say(&work->call.error, -EAGAIN, "trop de travaux en cours ; réessayez dans un instant",
                         "too much is being worked on; try again in a moment");
}

static int on_act(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;
        const struct act *act = act_find(text_of(message, "type"));
        struct front_work *work = calloc(1, sizeof(*work));
        int r;

        if (!act || !work) {
                free(work);
                return -ENOMEM;
        }
        settle(front);
        work->front = front;
        work->channel = channel;
        work->message = json_incref((json_t *)message);
        work->in = act_input(message);
        work->caller = (struct act_caller){.way = ACT_WAY_SOCKET, .roles = ~0U};
        r = act_run(front->world, act, &work->caller, work->in, &work->call);
        if (!r && work->call.work.work) {
                r = begin_work(front, work);
                if (!r)
                        return 0;
        }
        answer_call(front, channel, message, &work->call, r);
        work_free(work);
        return 0;
}

static int on_export(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;

        settle(front);
        share_export(front->share, channel, message);
        return 0;
}

static int on_prove(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;

        settle(front);
        share_prove(front->share, channel, message);
        return 0;
}

static int on_study(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;

        settle(front);
        share_study(front->share, channel, message);
        return 0;
}

#define EDGE CHANNEL_ROLE(PROTOCOL_EDGE)
#define CLI  CHANNEL_ROLE(PROTOCOL_CLI)
#define OUT  CHANNEL_ROLE(PROTOCOL_RESPOND)

static const struct channel_message own_messages[] = {
        {"finding", EDGE, 64 * 1024, on_finding},
        {"measure", EDGE, 64 * 1024, on_measure},
        {"traffic", EDGE, CHANNEL_LINE_MAX, on_traffic},
        {"watch", CLI, 1024, on_watch},
        {"declaration.study", CLI, 1024, on_study},
        {"journal.prove", CLI, 1024, on_prove},
        {"journal.export", CLI, 1024, on_export},
        {"out.done", OUT, 4096, on_out},
        {"out.failed", OUT, 4096, on_out},
};

/* The front's own, then one for each act that the socket takes. */
static int fill_messages(struct front *front, size_t *ret_count)
{
        size_t count = ARRAY_LEN(own_messages);

        front->messages = calloc(count + act_count(), sizeof(*front->messages));
        if (!front->messages)
                return -ENOMEM;
        memcpy(front->messages, own_messages, sizeof(own_messages));
        for (size_t i = 0; i < act_count(); i++) {
                const struct act *act = act_at(i);
                if (act->flags & ACT_HTTP_ONLY)
                        continue;
                front->messages[count++] = (struct channel_message){
                        act->name, CLI, act->body_max ? act->body_max + 1024 : BODY_DEFAULT, on_act};
        }
        *ret_count = count;
        return 0;
}

/* ---- coming and going ---- */

static void on_open(void *context, struct channel *channel)
{
        struct front *front = context;

        if (channel_role_index(channel) == PROTOCOL_RESPOND && front->world->courier) {
                if (front->respond)
                        channel_close(front->respond);
                front->respond = channel;
                log_notice("garde-respond is connected (pid %d)", (int)channel_pid(channel));
                courier_connect(front->world->courier, publish_outbox, front);
                publish_outbox(front);
        }
        if (channel_role_index(channel) != PROTOCOL_EDGE)
                return;
        if (front->edge)
                channel_close(
                        front->edge); /* an edge that came back before its old connection was seen dead */
        front->edge = channel;
        front->world->edge_connected = true;
        traffic_break(&front->world->traffic);
        log_notice("the edge is connected (pid %d)", (int)channel_pid(channel));
        tell_edge(front);
}

static void on_close(void *context, struct channel *channel)
{
        struct front *front = context;

        if (channel == front->edge) {
                front->edge = NULL;
                front->world->edge_connected = false;
                traffic_break(&front->world->traffic);
                log_warning("the edge is gone; its measures stand in the kernel until they expire");
        }
        if (channel == front->respond) {
                front->respond = NULL;
                courier_connect(front->world->courier, NULL, NULL);
                log_warning("garde-respond is gone; what is to leave waits in the outbox");
        }
        share_leave(front->share, channel);
        for (size_t i = 0; i < WATCHERS_MAX; i++) {
                if (front->watchers[i].channel == channel) {
                        json_decref(front->watchers[i].request);
                        front->watchers[i] = (struct watcher){0};
                }
        }
        for (size_t i = 0; i < front->waiting_count; i++)
                if (front->waiting[i].channel == channel)
                        front->waiting[i].channel = NULL;
        for (size_t i = 0; i < WORKS_MAX; i++)
                if (front->works[i] && front->works[i]->channel == channel)
                        front->works[i]->channel = NULL;
}

static void set_roles(struct front *front)
{
        front->roles[PROTOCOL_EDGE] = (struct channel_role){.name = "edge",
                                                            .uid = front->options.edge_uid,
                                                            .gid = CHANNEL_NOBODY,
                                                            .root = true,
                                                            .own = true};
        front->roles[PROTOCOL_CLI] = (struct channel_role){.name = CHANNEL_ROLE_CLI,
                                                           .uid = CHANNEL_NOBODY,
                                                           .gid = front->options.owner_group,
                                                           .root = true,
                                                           .own = true};
}

static void set_respond_role(struct front *front)
{
        front->roles[PROTOCOL_RESPOND] = (struct channel_role){.name = "respond",
                                                               .uid = front->options.respond_uid,
                                                               .gid = CHANNEL_NOBODY,
                                                               .root = true,
                                                               .own = false};
}

static int begin_listening(struct front *front, struct error *error)
{
        size_t count = 0;
        int r = fill_messages(front, &count);

        if (r)
                return error_say(error, r, "mémoire insuffisante", "out of memory");
        const struct channel_server_options server = {
                .path = front->options.socket,
                .mode = 0666, /* who may do what is decided by the kernel's word on the peer, role by role */
                .group = CHANNEL_NOBODY,
                .roles = front->roles,
                .role_count = PROTOCOL_ROLES,
                .messages = front->messages,
                .message_count = count,
                .context = front,
                .on_open = on_open,
                .on_close = on_close,
        };
        return channel_server_start(front->options.loop, &server, &front->server, error);
}

static void front_free(struct front *front)
{
        free(front->messages);
        free(front);
}

static void on_check_closed(uv_handle_t *handle)
{
        front_free(handle->data);
}

int front_open(const struct front_options *options, struct front **ret_front, struct error *error)
{
        struct front *front = calloc(1, sizeof(*front));
        int r;

        if (!front)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        front->options = *options;
        front->world = options->world;
        set_roles(front);
        set_respond_role(front);
        const struct share_options share = {options->loop, front->world->desk, front->world->journal};
        r = share_open(&share, &front->share, error);
        if (!r)
                r = begin_listening(front, error);
        if (r) {
                share_close(front->share);
                front_free(front);
                return r;
        }
        uv_check_init(options->loop, &front->settled);
        front->settled.data = front;
        uv_check_start(&front->settled, on_turn);
        uv_unref((uv_handle_t *)&front->settled);
        watch_listen(front->world->watch, on_change, front);
        front->world->tell_edge = tell_edge;
        front->world->tell_edge_context = front;
        *ret_front = front;
        return 0;
}

struct front *front_close(struct front *front)
{
        if (!front)
                return NULL;
        settle(front);
        watch_leave(front->world->watch, on_change, front);
        front->world->tell_edge = NULL;
        front->server = channel_server_close(front->server);
        front->share = share_close(front->share);
        front->edge = front->respond = NULL;
        if (front->world->courier)
                courier_connect(front->world->courier, NULL, NULL);
        for (size_t i = 0; i < WATCHERS_MAX; i++) {
                json_decref(front->watchers[i].request);
                front->watchers[i] = (struct watcher){0};
        }
        for (size_t i = 0; i < WORKS_MAX; i++)
                if (front->works[i])
                        front->works[i]->channel = NULL;
        uv_close((uv_handle_t *)&front->settled, on_check_closed);
        return NULL;
}
