/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/courier.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "hub/out_event.h"
#include "journal/journal.h"

struct courier {
        struct world *world;
        struct outbox *box;
        void (*publish)(void *context);
        void *publish_context;
        char hours_after
                [ID_TEXT_SIZE]; /* the duty that courier_watch_hours() looked at last; "" at the start */
        bool full;              /* said once */
        bool added;             /* since it was last published */
};

static const struct config_target *targets_of(const struct courier *courier, size_t *ret_count)
{
        *ret_count = courier->world->config->out.target_count;
        return courier->world->config->out.targets;
}

int courier_open(struct world *world, const char *path, struct courier **ret_courier, struct error *error)
{
        struct courier *courier = calloc(1, sizeof(*courier));
        bool is_new = false;
        int r;

        if (!courier || sodium_init() < 0) {
                free(courier);
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        courier->world = world;
        r = outbox_open(path, &courier->box, &is_new, error);
        if (!r && is_new)
                r = outbox_set_cursor(courier->box, journal_size(world->journal), error);
        if (r) {
                courier_close(courier);
                return r;
        }
        *ret_courier = courier;
        return 0;
}

struct courier *courier_close(struct courier *courier)
{
        if (courier)
                outbox_close(courier->box);
        free(courier);
        return NULL;
}

struct outbox *courier_box(struct courier *courier)
{
        return courier->box;
}

void courier_connect(struct courier *courier, void (*publish)(void *context), void *context)
{
        courier->publish = publish;
        courier->publish_context = context;
}

bool courier_is_connected(const struct courier *courier)
{
        return courier->publish;
}

static void publish(struct courier *courier)
{
        courier->added = false;
        if (courier->publish)
                courier->publish(courier->publish_context);
}

/* ---- into the outbox ---- */

/* The same news to the same target has the same name, whatever happened to the outbox in between. */
static void name_item(const char *target, const char *event, const char *of,
                      char ret_id[static OUTBOX_ID_SIZE])
{
        unsigned char hash[16];
        crypto_generichash_state state;

        crypto_generichash_init(&state, NULL, 0, sizeof(hash));
        crypto_generichash_update(&state, (const unsigned char *)target, strlen(target) + 1);
        crypto_generichash_update(&state, (const unsigned char *)event, strlen(event) + 1);
        crypto_generichash_update(&state, (const unsigned char *)of, strlen(of) + 1);
        crypto_generichash_final(&state, hash, sizeof(hash));
        memcpy(ret_id, "out_", 4);
        sodium_bin2hex(ret_id + 4, OUTBOX_ID_SIZE - 4, hash, sizeof(hash));
}

static int put_in(struct courier *courier, const struct config_target *target, const struct out_news *news,
                  const char *of, struct error *error)
{
        struct outbox_item item = {.since_ms = news->at_ms};
        int r;

        name_item(target->name, news->event, of, item.id);
        strcpy(item.target, target->name);
        snprintf(item.event, sizeof(item.event), "%s", news->event);
        snprintf(item.incident, sizeof(item.incident), "%s", news->incident ? news->incident->id.text : "");
        item.payload = out_event_payload(news, target);
        if (!item.payload || json_object_set_new(item.payload, "id", json_string(item.id))) {
                json_decref(item.payload);
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        r = outbox_add(courier->box, &item, error);
        json_decref(item.payload);
        if (r == OUTBOX_FULL && !courier->full)
                log_error("the outbox is full (%d wait): news is left out until a target answers again",
                          OUTBOX_WAITING_MAX);
        courier->full = r == OUTBOX_FULL;
        courier->added |= !r;
        return r < 0 ? r : 0;
}

/* To each target that wants it. `of`: what makes it this news and no other. */
static int spread(struct courier *courier, const struct out_news *news, const char *of, struct error *error)
{
        size_t count;
        const struct config_target *targets = targets_of(courier, &count);
        int r = 0;

        for (size_t i = 0; !r && i < count; i++)
                if (out_event_is_wanted(&targets[i], news->event))
                        r = put_in(courier, &targets[i], news, of, error);
        return r;
}

/* ---- following the journal ---- */

struct follower {
        struct courier *courier;
        uint64_t next;
        struct error *error;
};

/* A duty is news when it falls due, not each time its record is written again. */
static void name_news(const struct record *record, enum out_event event, char ret_of[static 72])
{
        if (event == OUT_EVENT_OBLIGATION_DUE)
                snprintf(ret_of, 72, "%s", record->subject);
        else
                sodium_bin2hex(ret_of, 72, record->hash, sizeof(record->hash));
}

static int follow_record(void *context, const struct record *record)
{
        struct follower *follower = context;
        struct courier *courier = follower->courier;
        struct casebook *book = desk_book(courier->world->desk);
        char incident[ID_TEXT_SIZE], of[72];
        enum out_event event;
        struct out_news news = {.at_ms = record->time_ms,
                                .structure = courier->world->config->structure.name,
                                .record = record};

        follower->next = record->seq + 1;
        if (!out_event_of(record, &event, incident))
                return 0;
        news.event = out_event_word(event);
        news.incident = incident[0] ? casebook_incident(book, incident) : NULL;
        if (event == OUT_EVENT_OBLIGATION_DUE) {
                news.obligation = casebook_obligation(book, record->subject);
                if (!news.obligation || news.obligation->voluntary)
                        return 0;
        }
        name_news(record, event, of);
        return spread(courier, &news, of, follower->error);
}

int courier_follow(struct courier *courier, struct error *error)
{
        struct journal *journal = courier->world->journal;
        uint64_t size = journal_size(journal), from = 0;
        struct follower follower = {.courier = courier, .error = error};
        int r = outbox_cursor(courier->box, &from, error);

        if (r || from >= size)
                return r;
        follower.next = from;
        r = outbox_begin(courier->box, error);
        if (r)
                return r;
        r = journal_read(journal, from, size - from > COURIER_STEP ? from + COURIER_STEP : size,
                         follow_record, &follower, error);
        if (!r)
                r = outbox_set_cursor(courier->box, follower.next, error);
        if (r) {
                outbox_rollback(courier->box);
                return r;
        }
        r = outbox_commit(courier->box, error);
        if (r)
                return r;
        if (courier->added)
                publish(courier);
        return follower.next < size ? COURIER_MORE : 0;
}

/* ---- hours that have passed ---- */

#define HOURS_STEP 128 /* duties looked at in one go: a few milliseconds */

struct looking {
        struct courier *courier;
        int64_t now_ms;
        unsigned seen;
        struct error *error;
};

static int tell_overdue(struct looking *looking, const struct obligation *one)
{
        struct courier *courier = looking->courier;
        struct out_news news = {.event = out_event_word(OUT_EVENT_OBLIGATION_OVERDUE),
                                .at_ms = one->due_ms,
                                .structure = courier->world->config->structure.name,
                                .obligation = one};
        char of[72];

        if (!one->due_ms || one->due_ms > looking->now_ms || one->voluntary)
                return 0;
        news.incident = casebook_incident(desk_book(courier->world->desk), one->incident.text);
        if (!news.incident || !news.incident->open)
                return 0;
        snprintf(of, sizeof(of), "%s %lld", one->id.text, (long long)one->due_ms);
        return spread(courier, &news, of, looking->error);
}

static int look_at_duty(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct looking *looking = context;
        CLEANUP(obligation_release) struct obligation one = {0};
        struct error error = {0};
        int r = 0;

        snprintf(looking->courier->hours_after, sizeof(looking->courier->hours_after), "%s", id);
        if (obligation_from_json(json, &one, &error))
                log_error("the journal's obligation %s cannot be read: %s", id, error.en);
        else
                r = tell_overdue(looking, &one);
        return r ? r : ++looking->seen == HOURS_STEP;
}

int courier_watch_hours(struct courier *courier, struct error *error)
{
        struct looking looking = {
                .courier = courier, .now_ms = clock_wall_ms(courier->world->clock), .error = error};
        int r = view_list_in(courier->world->journal, "obligation",
                             obligation_state_word(OBLIGATION_STATE_DUE), courier->hours_after, false,
                             look_at_duty, &looking, error);

        if (r < 0)
                return r;
        if (!r) /* that was the last one */
                courier->hours_after[0] = '\0';
        if (courier->added)
                publish(courier);
        return r ? COURIER_MORE : 0;
}

/* ---- to who delivers ---- */

struct publishing {
        json_t *items;
        size_t bytes;
};

static int publish_item(void *context, const struct outbox_item *item)
{
        struct publishing *publishing = context;
        char since[TIME_TEXT_SIZE];
        size_t bytes = json_dumpb(item->payload, NULL, 0, JSON_COMPACT);

        if (publishing->bytes + bytes > COURIER_BYTES_MAX)
                return 1;
        publishing->bytes += bytes + 256;
        time_format(item->since_ms, since);
        return json_array_append_new(publishing->items,
                                     json_pack("{s:s, s:s, s:s, s:i, s:s, s:O}", "id", item->id, "target",
                                               item->target, "event", item->event, "attempts",
                                               (int)item->attempts, "since", since, "payload", item->payload))
                       ? -ENOMEM
                       : 0;
}

json_t *courier_outbox(struct courier *courier)
{
        struct publishing publishing = {.items = json_array()};
        struct error error = {0};
        size_t count;
        const struct config_target *targets = targets_of(courier, &count);
        int r = 0;

        for (size_t i = 0; r >= 0 && i < count; i++) {
                const struct outbox_question question = {.target = targets[i].name,
                                                         .state = OUTBOX_WAITING,
                                                         .least_tried = true,
                                                         .limit = COURIER_OF_TARGET};
                r = outbox_list(courier->box, &question, publish_item, &publishing, &error);
        }
        if (r < 0)
                log_error("the outbox cannot be read: %s", error_text(&error, r));
        return json_pack("{s:s, s:o}", "type", "outbox", "items", publishing.items);
}

/* ---- what became of it ---- */

/* Which target, which news, how often tried, what became of it: nothing of what it said, and no address. */
static int write_down(struct courier *courier, const struct outbox_item *item, struct error *error)
{
        struct record_draft draft = {
                .type = RECORD_TYPE_OUT_SENT, .subject = item->incident, .author = "respond"};
        uint64_t seq;
        int r;

        draft.body = json_pack("{s:s, s:s, s:s, s:s, s:i}", "target", item->target, "event", item->event,
                               "item", item->id, "outcome", outbox_state_word(item->state), "attempts",
                               (int)item->attempts);
        if (!draft.body)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        r = journal_append(courier->world->journal, &draft, &seq, error);
        json_decref(draft.body);
        return r;
}

/* Cut to fit, and no half character at the end. */
static void take_side(const json_t *why, const char *side, char *to, size_t size)
{
        const char *text = json_string_value(json_object_get(why, side));
        size_t length = text ? strlen(text) : 0;

        if (length >= size)
                for (length = size - 1; length && ((unsigned char)text[length] & 0xc0) == 0x80;)
                        length--;
        memcpy(to, text ? text : "", length);
        to[length] = '\0';
}

static void take_why(const json_t *message, struct outbox_item *item)
{
        const json_t *why = json_object_get(message, "why");

        take_side(why, "fr", item->why_fr, sizeof(item->why_fr));
        take_side(why, "en", item->why_en, sizeof(item->why_en));
}

int courier_report(struct courier *courier, const json_t *message, struct error *error)
{
        const char *id = json_string_value(json_object_get(message, "item"));
        const char *type = json_string_value(json_object_get(message, "type"));
        struct watch_event event = {.kind = WATCH_CHANGED, .act = "out.sent"};
        struct outbox_item item;
        bool done = type && !strcmp(type, "out.done");
        int r = id ? outbox_find(courier->box, id, &item, error)
                   : error_say(error, -EINVAL, "il manque « item »", "“item” is missing");

        if (r == -ENOENT || (!r && item.state != OUTBOX_WAITING))
                return 0; /* told twice: its answer was lost */
        if (r)
                return r;
        item.attempts++;
        item.changed_ms = clock_wall_ms(courier->world->clock);
        item.why_fr[0] = item.why_en[0] = '\0';
        if (done)
                item.state = OUTBOX_SENT;
        else if (json_is_true(json_object_get(message, "final")))
                item.state = OUTBOX_GIVEN_UP;
        if (!done)
                take_why(message, &item);
        if (item.state != OUTBOX_WAITING)
                r = write_down(courier, &item, error);
        if (!r)
                r = outbox_update(courier->box, &item, error);
        if (r)
                return r;
        event.incident = item.incident;
        if (item.state != OUTBOX_WAITING)
                watch_tell(courier->world->watch, &event);
        publish(courier); /* after a failure too: others have been tried less */
        return 0;
}

/* ---- what people ask ---- */

int courier_test(struct courier *courier, const char *target, char ret_id[static OUTBOX_ID_SIZE],
                 struct error *error)
{
        size_t count;
        const struct config_target *targets = targets_of(courier, &count);

        for (size_t i = 0; i < count; i++) {
                struct out_news news = {.event = "test",
                                        .at_ms = clock_wall_ms(courier->world->clock),
                                        .structure = courier->world->config->structure.name};
                char of[24];
                int r;
                if (strcmp(targets[i].name, target))
                        continue;
                snprintf(of, sizeof(of), "%016llx", (unsigned long long)random_u64(courier->world->random));
                r = put_in(courier, &targets[i], &news, of, error);
                name_item(target, news.event, of, ret_id);
                if (!r && courier->added)
                        publish(courier);
                return r;
        }
        return error_say(error, -ENOENT, "aucune cible « %s » dans la configuration (out.targets)",
                         "no target “%s” in the configuration (out.targets)", target);
}

int courier_retry(struct courier *courier, const char *item, struct error *error)
{
        struct outbox_item found;
        int r = outbox_find(courier->box, item, &found, error);

        if (r)
                return r;
        if (found.state == OUTBOX_SENT)
                return error_say(error, -EALREADY, "c’est déjà arrivé", "it has arrived already");
        found.state = OUTBOX_WAITING;
        found.attempts = 0;
        found.changed_ms = clock_wall_ms(courier->world->clock);
        r = outbox_update(courier->box, &found, error);
        if (!r)
                publish(courier);
        return r;
}
