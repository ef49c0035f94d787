/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/front.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "hub/protocol.h"
#include "hub/status.h"
#include "hub/traffic.h"
#include "journal/journal.h"
#include "service/channel.h"

#define WATCHERS_MAX 16

struct front {
        struct front_options options;
        struct channel_role roles[PROTOCOL_ROLES];
        struct channel_server *server;
        struct channel *edge;   /* the one sensor of packets that is connected; NULL */
        struct traffic traffic; /* what it reported */
        struct watcher {
                struct channel *channel;
                json_t *request;
        } watchers[WATCHERS_MAX];
};

/* ---- fields ---- */

static const char *text_of(const json_t *message, const char *key)
{
        const char *text = json_string_value(json_object_get(message, key));

        return text ? text : "";
}

/* Milliseconds of an RFC 3339 field; 0 when absent. */
static int time_of(const json_t *message, const char *key, int64_t *ret_ms, struct error *error)
{
        const char *text = text_of(message, key);

        *ret_ms = 0;
        if (text[0] && time_parse(text, ret_ms))
                return error_say(error, -EINVAL,
                                 "« %s » : « %s » n’est pas une date et une heure (RFC 3339 : "
                                 "2020-03-22T11:05:00+01:00)",
                                 "« %s » : %s (RFC 3339: 2020-03-22T11:05:00+01:00)", key, text);
        return 0;
}

/* ---- telling ---- */

static int64_t now_ms(const struct front *front)
{
        return (int64_t)(clock_mono_ns(front->options.clock) / 1000000);
}

/* With what the edge counted since it last reported a change of them. */
static json_t *measures_now(const struct front *front, bool all)
{
        json_t *list = status_measures(desk_book(front->options.desk), all), *one;
        size_t index;

        json_array_foreach(list, index, one) traffic_measure(&front->traffic, one, now_ms(front));
        return list;
}

static json_t *whole_status(const struct front *front)
{
        const struct casebook *book = desk_book(front->options.desk);
        char now[TIME_TEXT_SIZE];

        time_format(clock_wall_ms(front->options.clock), now);
        return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "time", now, "structure", front->options.structure,
                         "edge", traffic_edge(&front->traffic, front->edge != NULL, now_ms(front)),
                         "measures", measures_now(front, false), "incidents", status_incidents(book, false),
                         "journal", status_journal(front->options.journal));
}

static void tell_watchers(struct front *front)
{
        for (size_t i = 0; i < WATCHERS_MAX; i++)
                if (front->watchers[i].channel)
                        channel_answer_more(front->watchers[i].channel, front->watchers[i].request,
                                            whole_status(front));
}

static void tell_edge(struct front *front)
{
        json_t *desired;

        if (!front->edge)
                return;
        desired = desk_desired(front->options.desk);
        if (desired)
                channel_send(front->edge, desired);
        json_decref(desired);
}

/* The answer to an act: what came of it, or the sentence why not. Watchers and the edge hear of a change. */
static int answer_act(struct front *front, struct channel *channel, const json_t *message, int r,
                      const struct error *why, json_t *answer)
{
        if (r) {
                json_decref(answer);
                channel_refuse(channel, message, error_text(why, r));
                return 0;
        }
        channel_answer(channel, message, answer);
        tell_watchers(front);
        return 0;
}

/* ---- from the edge ---- */

/* A report nobody can read is written down as it came; else the edge would send it again for ever. */
static int keep_unreadable(struct front *front, struct channel *channel, const json_t *message,
                           const struct error *what)
{
        struct error why = {0};
        int r = desk_unreadable(front->options.desk, "edge", message, what->text, &why);

        log_error("the edge sent what cannot be read (%s); it is kept in the journal", what->text);
        return answer_act(front, channel, message, r, &why, json_object());
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
        if (r)
                return r;
        r = desk_finding(front->options.desk, &finding, &incident, &why);
        if (r)
                log_error("a finding could not be written down: %s", error_text(&why, r));
        finding_release(&finding);
        return answer_act(front, channel, message, r, &why, json_pack("{s:s}", "incident", incident.text));
}

static int on_measure(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;
        struct measure measure = {0};
        struct error why = {0};
        int r = measure_from_json(json_object_get(message, "measure"), &measure, &why);

        if (r == -EINVAL)
                return keep_unreadable(front, channel, message, &why);
        if (r)
                return r;
        r = desk_measure(front->options.desk, text_of(message, "change"), &measure, &why);
        if (r)
                log_error("a measure's report could not be written down: %s", error_text(&why, r));
        measure_release(&measure);
        return answer_act(front, channel, message, r, &why, json_object());
}

static int on_traffic(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;
        struct error why = {0};
        int r;

        if (!json_is_array(json_object_get(message, "services")))
                return error_say(error, -EINVAL, "un rapport de trafic sans services",
                                 "a traffic report without services");
        r = desk_standing(front->options.desk, json_object_get(message, "services"), &why);
        if (r)
                log_error("a measure's end could not be written down: %s", error_text(&why, r));
        traffic_take(&front->traffic, message, now_ms(front));
        tell_watchers(front);
        return 0;
}

/* ---- from people ---- */

static int on_status(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        return channel_answer(channel, message, whole_status(context)) < 0 ? -ENOMEM : 0;
}

static int on_watch(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;

        for (size_t i = 0; i < WATCHERS_MAX; i++) {
                if (!front->watchers[i].channel) {
                        front->watchers[i].channel = channel;
                        front->watchers[i].request = json_deep_copy(message);
                        channel_answer_more(channel, message, whole_status(front));
                        return 0;
                }
        }
        channel_refuse(channel, message, "too many are watching already");
        return 0;
}

static int on_incident_list(void *context, struct channel *channel, const json_t *message,
                            struct error *error)
{
        struct front *front = context;
        bool all = json_is_true(json_object_get(message, "all"));

        channel_answer(
                channel, message,
                json_pack("{s:o}", "incidents", status_incidents(desk_book(front->options.desk), all)));
        return 0;
}

static int answer_incident(struct front *front, struct channel *channel, const json_t *message, int r,
                           const struct error *why)
{
        const struct casebook *book = desk_book(front->options.desk);
        const struct incident *incident = casebook_incident(book, text_of(message, "incident"));
        json_t *answer = !r && incident ? status_incident(book, incident, front->options.journal) : NULL;

        tell_edge(front);
        return answer_act(front, channel, message, r, why, answer);
}

static int on_incident_show(void *context, struct channel *channel, const json_t *message,
                            struct error *error)
{
        struct front *front = context;
        const struct casebook *book = desk_book(front->options.desk);
        const struct incident *incident = casebook_incident(book, text_of(message, "incident"));

        if (!incident)
                channel_refuse(channel, message,
                               "no such incident / aucun incident de ce nom : garde incident list --all");
        else
                channel_answer(channel, message, status_incident(book, incident, front->options.journal));
        return 0;
}

static int on_incident_fact(void *context, struct channel *channel, const json_t *message,
                            struct error *error)
{
        struct front *front = context;
        struct error why = {0};
        int64_t at_ms;
        int r = time_of(message, "at", &at_ms, &why);

        if (!r)
                r = desk_fact(front->options.desk, text_of(message, "incident"), text_of(message, "name"),
                              text_of(message, "value"), text_of(message, "author"), at_ms, &why);
        return answer_incident(front, channel, message, r, &why);
}

static int on_incident_gravity(void *context, struct channel *channel, const json_t *message,
                               struct error *error)
{
        struct front *front = context;
        struct error why = {0};
        enum gravity gravity = GRAVITY_NOT_QUALIFIED;
        int r = gravity_parse(text_of(message, "gravity"), &gravity);

        if (r)
                error_set(&why, r, "grave, significatif, mineur: « %s »", text_of(message, "gravity"));
        else
                r = desk_gravity(front->options.desk, text_of(message, "incident"), gravity,
                                 text_of(message, "author"), &why);
        return answer_incident(front, channel, message, r, &why);
}

/* A legal act is sealed at once: its head can be carried away on paper. */
static void seal(struct front *front)
{
        struct head head;
        struct error why = {0};
        int r = journal_head(front->options.journal, &head, &why);

        if (r)
                log_error("the journal's head could not be signed: %s", error_text(&why, r));
}

static int on_incident_close(void *context, struct channel *channel, const json_t *message,
                             struct error *error)
{
        struct front *front = context;
        struct error why = {0};
        int r = desk_close(front->options.desk, text_of(message, "incident"), text_of(message, "author"),
                           text_of(message, "reason"), &why);

        if (!r)
                seal(front);
        return answer_incident(front, channel, message, r, &why);
}

static int on_measure_list(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;
        bool all = json_is_true(json_object_get(message, "all"));

        channel_answer(channel, message, json_pack("{s:o}", "measures", measures_now(front, all)));
        return 0;
}

static json_t *measure_answer(const struct front *front, const char *id)
{
        const struct measure *measure = casebook_measure(desk_book(front->options.desk), id);

        return json_pack("{s:o}", "measure", measure ? measure_to_json(measure) : json_null());
}

static int on_measure_lift(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;
        struct error why = {0};
        int r = desk_lift(front->options.desk, text_of(message, "measure"), text_of(message, "author"),
                          text_of(message, "reason"), &why);

        if (!r)
                tell_edge(front);
        return answer_act(front, channel, message, r, &why,
                          measure_answer(front, text_of(message, "measure")));
}

static int on_measure_ask(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;
        struct error why = {0};
        struct id id = {0};
        int r = desk_ask(front->options.desk, json_object_get(message, "measure"), &id, &why);

        if (!r)
                tell_edge(front);
        return answer_act(front, channel, message, r, &why, measure_answer(front, id.text));
}

static int answer_obligations(struct front *front, struct channel *channel, const json_t *message, int r,
                              const struct error *why)
{
        const struct casebook *book = desk_book(front->options.desk);
        const struct obligation *obligation = casebook_obligation(book, text_of(message, "obligation"));
        const struct incident *incident =
                obligation ? casebook_incident(book, obligation->incident.text) : NULL;
        json_t *answer = NULL;

        if (!r) {
                json_t *whole =
                        incident ? status_incident(book, incident, front->options.journal) : json_object();
                answer = json_pack("{s:O?}", "obligations", json_object_get(whole, "obligations"));
                json_decref(whole);
                seal(front);
        }
        return answer_act(front, channel, message, r, why, answer);
}

static int on_obligation_file(void *context, struct channel *channel, const json_t *message,
                              struct error *error)
{
        struct front *front = context;
        struct error why = {0};
        int64_t at_ms;
        int r = time_of(message, "at", &at_ms, &why);

        if (!r)
                r = desk_file(front->options.desk, text_of(message, "obligation"), text_of(message, "author"),
                              text_of(message, "receipt"), at_ms, &why);
        return answer_obligations(front, channel, message, r, &why);
}

static int on_obligation_waive(void *context, struct channel *channel, const json_t *message,
                               struct error *error)
{
        struct front *front = context;
        struct error why = {0};
        int r = desk_waive(front->options.desk, text_of(message, "obligation"), text_of(message, "author"),
                           text_of(message, "reason"), &why);

        return answer_obligations(front, channel, message, r, &why);
}

static int on_declaration_made(void *context, struct channel *channel, const json_t *message,
                               struct error *error)
{
        struct front *front = context;
        const json_t *files = json_object_get(message, "files");
        struct error why = {0};
        uint64_t seq = 0;
        int r;

        if (!json_is_object(files))
                return error_say(error, -EINVAL, "declaration.made sans files",
                                 "declaration.made without files");
        r = desk_declared(front->options.desk, text_of(message, "incident"), text_of(message, "rule"),
                          text_of(message, "author"), files, &seq, &why);
        if (!r)
                seal(front);
        return answer_act(front, channel, message, r, &why, json_pack("{s:I}", "seq", (json_int_t)seq));
}

static int on_journal_head(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct front *front = context;
        struct error why = {0};
        struct head head;
        int r = journal_head(front->options.journal, &head, &why);

        return answer_act(front, channel, message, r, &why,
                          r ? NULL : json_pack("{s:o}", "head", head_to_json(&head)));
}

static int on_journal_erase(void *context, struct channel *channel, const json_t *message,
                            struct error *error)
{
        struct front *front = context;
        const json_t *seq = json_object_get(message, "seq");
        struct error why = {0};
        uint64_t erased = 0;
        int r;

        if (!json_is_integer(seq) || json_integer_value(seq) < 0)
                return error_say(error, -EINVAL, "journal.erase sans seq", "journal.erase without seq");
        r = journal_erase_personal(front->options.journal, (uint64_t)json_integer_value(seq),
                                   text_of(message, "name"), text_of(message, "author"),
                                   text_of(message, "reason"), &erased, &why);
        if (r == JOURNAL_LATER)
                r = 0;
        if (!r)
                r = desk_reload(front->options.desk, &why);
        return answer_act(front, channel, message, r, &why, json_pack("{s:I}", "seq", (json_int_t)erased));
}

#define EDGE CHANNEL_ROLE(PROTOCOL_EDGE)
#define CLI  CHANNEL_ROLE(PROTOCOL_CLI)

static const struct channel_message messages[] = {
        {"finding", EDGE, 64 * 1024, on_finding},
        {"measure", EDGE, 64 * 1024, on_measure},
        {"traffic", EDGE, CHANNEL_LINE_MAX, on_traffic},
        {"status", CLI, 1024, on_status},
        {"watch", CLI, 1024, on_watch},
        {"incident.list", CLI, 1024, on_incident_list},
        {"incident.show", CLI, 1024, on_incident_show},
        {"incident.fact", CLI, 128 * 1024, on_incident_fact},
        {"incident.gravity", CLI, 4096, on_incident_gravity},
        {"incident.close", CLI, 64 * 1024, on_incident_close},
        {"measure.list", CLI, 1024, on_measure_list},
        {"measure.lift", CLI, 64 * 1024, on_measure_lift},
        {"measure.ask", CLI, 64 * 1024, on_measure_ask},
        {"obligation.file", CLI, 4096, on_obligation_file},
        {"obligation.waive", CLI, 64 * 1024, on_obligation_waive},
        {"declaration.made", CLI, 64 * 1024, on_declaration_made},
        {"journal.head", CLI, 1024, on_journal_head},
        {"journal.erase", CLI, 64 * 1024, on_journal_erase},
};

/* ---- coming and going ---- */

static void on_open(void *context, struct channel *channel)
{
        struct front *front = context;

        if (channel_role_index(channel) != PROTOCOL_EDGE)
                return;
        if (front->edge)
                channel_close(
                        front->edge); /* an edge that came back before its old connection was seen dead */
        front->edge = channel;
        traffic_break(&front->traffic);
        log_notice("the edge is connected (pid %d)", (int)channel_pid(channel));
        tell_edge(front);
}

static void on_close(void *context, struct channel *channel)
{
        struct front *front = context;

        if (channel == front->edge) {
                front->edge = NULL;
                traffic_break(&front->traffic);
                log_warning("the edge is gone; its measures stand in the kernel until they expire");
        }
        for (size_t i = 0; i < WATCHERS_MAX; i++) {
                if (front->watchers[i].channel == channel) {
                        json_decref(front->watchers[i].request);
                        front->watchers[i] = (struct watcher){0};
                }
        }
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

int front_open(const struct front_options *options, struct front **ret_front, struct error *error)
{
        struct front *front = calloc(1, sizeof(*front));
        int r;

        if (!front)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        front->options = *options;
        set_roles(front);
        const struct channel_server_options server = {
                .path = options->socket,
                .mode = 0666, /* who may do what is decided by the kernel's word on the peer, role by role */
                .group = CHANNEL_NOBODY,
                .roles = front->roles,
                .role_count = PROTOCOL_ROLES,
                .messages = messages,
                .message_count = ARRAY_LEN(messages),
                .context = front,
                .on_open = on_open,
                .on_close = on_close,
        };
        r = channel_server_start(options->loop, &server, &front->server, error);
        if (r) {
                free(front);
                return r;
        }
        *ret_front = front;
        return 0;
}

struct front *front_close(struct front *front)
{
        if (!front)
                return NULL;
        front->server = channel_server_close(front->server);
        for (size_t i = 0; i < WATCHERS_MAX; i++)
                json_decref(front->watchers[i].request);
        traffic_release(&front->traffic);
        free(front);
        return NULL;
}
