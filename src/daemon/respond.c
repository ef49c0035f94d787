/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * garde-respond: takes from the hub's outbox and delivers. It alone holds the secrets of the targets; the hub keeps each item until it
 * hears what became of it, so this process may die at any moment.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "exchange/deliver.h"
#include "exchange/retry.h"
#include "exchange/secrets.h"
#include "hub/protocol.h"
#include "service/channel.h"
#include "service/sandbox.h"
#include "service/service.h"

#define ITEMS_MAX 128 /* at hand; the hub publishes a few of each target */
#define TICK_MS   100
#define ANSWER_MS 15000

/* WAITS for its hour or its turn, is UNDER WAY on a thread, is TOLD to the hub. */
enum item_state { ITEM_FREE, ITEM_WAITS, ITEM_UNDER_WAY, ITEM_TO_TELL, ITEM_TOLD };

struct respond;

struct item {
        struct respond *respond;
        enum item_state state;
        bool wanted; /* the hub's last word names it */
        size_t target;
        char id[64], event[32];
        json_t *payload;
        unsigned attempts;
        int64_t since_ms;
        uv_work_t work;
        int result;
        struct error error;
};

struct target {
        struct outlet outlet;
        unsigned failures; /* in a row */
        int64_t next_ms;   /* not before, monotonic */
        bool busy;
};

struct respond {
        struct service *service;
        struct channel_client *client;
        uv_timer_t tick;
        bool tick_open;
        struct target targets[CONFIG_TARGETS_MAX];
        size_t target_count;
        struct item items[ITEMS_MAX];
};

static int64_t mono_ms(void)
{
        return (int64_t)(clock_mono_ns(&clock_system) / 1000000);
}

static void item_release(struct item *item)
{
        json_decref(item->payload);
        *item = (struct item){.respond = item->respond};
}

/* ---- telling the hub ---- */

static void on_told(void *context, int code, const json_t *answer)
{
        struct item *item = context;

        if (code)
                item->state = ITEM_TO_TELL; /* it did not hear; it is told again */
        else if (item->result < 0 && item->wanted) {
                item->state = ITEM_WAITS;
                item->attempts++;
        } else {
                item_release(item);
        }
}

static bool is_final(const struct item *item)
{
        return item->result == DELIVER_REFUSED ||
               retry_is_over(item->attempts + 1, clock_wall_ms(&clock_system) - item->since_ms);
}

static void tell(struct respond *respond, struct item *item)
{
        json_t *message;

        if (!channel_client_is_up(respond->client))
                return;
        if (!item->result)
                message = json_pack("{s:s, s:s}", "type", "out.done", "item", item->id);
        else
                message = json_pack("{s:s, s:s, s:b, s:{s:s%, s:s%}}", "type", "out.failed", "item", item->id,
                                    "final", is_final(item), "why", "fr", item->error.fr,
                                    strnlen(item->error.fr, 1000), "en", item->error.en,
                                    strnlen(item->error.en, 1000));
        if (message && is_final(item) && item->result)
                item->result = DELIVER_REFUSED;
        if (message && !channel_client_request(respond->client, message, ANSWER_MS, on_told, item))
                item->state = ITEM_TOLD;
        json_decref(message);
}

/* ---- delivering ---- */

static void on_work(uv_work_t *work)
{
        struct item *item = work->data;
        const struct parcel parcel = {.id = item->id, .event = item->event, .payload = item->payload};

        item->result = deliver(&item->respond->targets[item->target].outlet, &parcel,
                               clock_wall_ms(&clock_system), &item->error);
}

static void on_work_done(uv_work_t *work, int status)
{
        struct item *item = work->data;
        struct respond *respond = item->respond;
        struct target *target = &respond->targets[item->target];
        const char *name = target->outlet.config->name;

        target->busy = false;
        if (status)
                item->result = status;
        if (item->result < 0) {
                target->failures++;
                target->next_ms = mono_ms() + retry_wait_ms(target->failures, &random_system);
                log_warning("%s; tried again in %lld s (%u failures in a row)",
                            error_text(&item->error, item->result),
                            (long long)((target->next_ms - mono_ms()) / 1000), target->failures);
        } else {
                target->failures = 0;
                target->next_ms = 0;
                if (item->result)
                        log_error("%s; %s is given up", error_text(&item->error, -EINVAL), item->id);
                else
                        log_info("%s is told of %s (%s)", name, item->event, item->id);
        }
        item->state = ITEM_TO_TELL;
        if (respond->client)
                tell(respond, item);
}

static void begin(struct respond *respond, struct item *item)
{
        item->work.data = item;
        item->error = (struct error){0};
        if (uv_queue_work(respond->service->loop, &item->work, on_work, on_work_done))
                return;
        item->state = ITEM_UNDER_WAY;
        respond->targets[item->target].busy = true;
}

/* Those tried least first, then the oldest: one that always fails holds up no other. */
static struct item *next_item(struct respond *respond, size_t target)
{
        struct item *best = NULL;

        for (size_t i = 0; i < ITEMS_MAX; i++) {
                struct item *item = &respond->items[i];
                if (item->state != ITEM_WAITS || item->target != target)
                        continue;
                if (!best || item->attempts < best->attempts ||
                    (item->attempts == best->attempts && item->since_ms < best->since_ms))
                        best = item;
        }
        return best;
}

static void on_tick(uv_timer_t *timer)
{
        struct respond *respond = timer->data;
        int64_t now_ms = mono_ms();

        for (size_t i = 0; i < ITEMS_MAX; i++)
                if (respond->items[i].state == ITEM_TO_TELL)
                        tell(respond, &respond->items[i]);
        for (size_t i = 0; i < respond->target_count; i++) {
                struct target *target = &respond->targets[i];
                struct item *item = !target->busy && target->next_ms <= now_ms ? next_item(respond, i) : NULL;
                if (item)
                        begin(respond, item);
        }
}

/* ---- from the hub ---- */

static struct item *find_item(struct respond *respond, const char *id)
{
        for (size_t i = 0; i < ITEMS_MAX; i++)
                if (respond->items[i].state != ITEM_FREE && !strcmp(respond->items[i].id, id))
                        return &respond->items[i];
        return NULL;
}

static struct item *free_item(struct respond *respond)
{
        for (size_t i = 0; i < ITEMS_MAX; i++)
                if (respond->items[i].state == ITEM_FREE)
                        return &respond->items[i];
        return NULL;
}

static int find_target(const struct respond *respond, const char *name)
{
        for (size_t i = 0; i < respond->target_count; i++)
                if (!strcmp(respond->targets[i].outlet.config->name, name))
                        return (int)i;
        return -ENOENT;
}

/* A target that failed before this process began is not rushed upon by a new one. */
static void remember_failures(struct target *target, unsigned attempts)
{
        if (target->failures || !attempts)
                return;
        target->failures = attempts;
        target->next_ms = mono_ms() + retry_wait_ms(attempts, &random_system);
}

static void take(struct respond *respond, const json_t *one)
{
        const char *id = parcel_text(one, "id");
        struct item *item = find_item(respond, id);
        int target = find_target(respond, parcel_text(one, "target"));

        if (item) {
                item->wanted = true;
                return;
        }
        item = free_item(respond);
        if (!item || target < 0 || !id[0] || strlen(id) >= sizeof(item->id))
                return;
        item->state = ITEM_WAITS;
        item->wanted = true;
        item->target = (size_t)target;
        item->payload = json_incref(json_object_get(one, "payload"));
        item->attempts = (unsigned)json_integer_value(json_object_get(one, "attempts"));
        strcpy(item->id, id);
        snprintf(item->event, sizeof(item->event), "%s", parcel_text(one, "event"));
        if (time_parse(parcel_text(one, "since"), &item->since_ms))
                item->since_ms = clock_wall_ms(&clock_system);
        remember_failures(&respond->targets[target], item->attempts);
}

static int on_outbox(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct respond *respond = context;
        const json_t *items = json_object_get(message, "items"), *one;
        size_t index;

        if (!json_is_array(items))
                return error_say(error, -EINVAL, "message « outbox » sans « items »", "outbox without items");
        for (size_t i = 0; i < ITEMS_MAX; i++)
                respond->items[i].wanted = false;
        json_array_foreach(items, index, one) take(respond, one);
        for (size_t i = 0; i < ITEMS_MAX; i++)
                if (respond->items[i].state == ITEM_WAITS && !respond->items[i].wanted)
                        item_release(&respond->items[i]);
        return 0;
}

static const struct channel_message from_hub[] = {{"outbox", CHANNEL_ANY_ROLE, 0, on_outbox}};

static void on_up(void *context, struct channel_client *client)
{
        log_notice("connected to the hub");
}

static void on_down(void *context, struct channel_client *client)
{
        log_warning("the hub is gone; what was delivered is told when it is back");
}

/* ---- life ---- */

static int respond_open(struct service *service, struct error *error)
{
        struct respond *respond = service->context;
        const struct config *config = service->config;

        respond->service = service;
        if (!config->out.target_count)
                return error_say(error, -EINVAL,
                                 "la configuration n’a pas de cible (out.targets) : il n’y a rien à envoyer",
                                 "the configuration has no target (out.targets): nothing to send");
        respond->target_count = config->out.target_count;
        for (size_t i = 0; i < respond->target_count; i++)
                respond->targets[i].outlet = (struct outlet){.config = &config->out.targets[i],
                                                             .enterprise = config->out.enterprise,
                                                             .language = config->structure.language};
        for (size_t i = 0; i < ITEMS_MAX; i++)
                respond->items[i].respond = respond;
        return deliver_begin(error);
}

static int respond_drop(struct service *service, struct error *error)
{
        const struct config *config = service->config;
        struct sandbox_path paths[SANDBOX_PATHS_MAX] = {
                {config->out.secrets, SANDBOX_READ},   {config->run, SANDBOX_READ},
                {"/etc/ssl/certs", SANDBOX_READ},      {"/usr/share/ca-certificates", SANDBOX_READ},
                {"/etc/resolv.conf", SANDBOX_READ},    {"/run/systemd/resolve", SANDBOX_READ},
                {"/etc/hosts", SANDBOX_READ},          {"/etc/nsswitch.conf", SANDBOX_READ},
                {"/etc/gai.conf", SANDBOX_READ},       {"/etc/host.conf", SANDBOX_READ},
                {"/usr/share/zoneinfo", SANDBOX_READ}, {"/etc/localtime", SANDBOX_READ}};
        size_t count = 12;
        int r;

        for (uint32_t i = 0; i < config->out.target_count; i++) {
                const char *files[] = {config->out.targets[i].tls.ca, config->out.targets[i].tls.certificate,
                                       config->out.targets[i].tls.key};
                for (size_t k = 0; k < ARRAY_LEN(files); k++)
                        if (files[k][0] && count < SANDBOX_PATHS_MAX)
                                paths[count++] = (struct sandbox_path){files[k], SANDBOX_READ};
        }
        const struct sandbox_options options = {.user = config->users.respond,
                                                .paths = paths,
                                                .path_count = count,
                                                .profile = SANDBOX_PROFILE_RESPOND};
        r = sandbox_enter(&options, error);
        return r < 0 ? r : 0;
}

static int read_secrets(struct respond *respond, struct error *error)
{
        struct outlet *outlets = calloc(respond->target_count, sizeof(*outlets));
        int r;

        if (!outlets)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        for (size_t i = 0; i < respond->target_count; i++)
                outlets[i] = respond->targets[i].outlet;
        r = secrets_read(respond->service->config->out.secrets, outlets, respond->target_count, error);
        for (size_t i = 0; !r && i < respond->target_count; i++)
                respond->targets[i].outlet = outlets[i];
        secrets_wipe(outlets, respond->target_count);
        free(outlets);
        return r;
}

static int respond_start(struct service *service, struct error *error)
{
        struct respond *respond = service->context;
        char socket[PATH_MAX];
        int r = read_secrets(respond, error);

        if (r)
                return r;
        snprintf(socket, sizeof(socket), "%s/%s", service->config->run, PROTOCOL_SOCKET);
        const struct channel_client_options options = {.path = socket,
                                                       .role = "respond",
                                                       .messages = from_hub,
                                                       .message_count = ARRAY_LEN(from_hub),
                                                       .context = respond,
                                                       .on_up = on_up,
                                                       .on_down = on_down};
        r = channel_client_start(service->loop, &options, &respond->client, error);
        if (r)
                return r;
        r = uv_timer_init(service->loop, &respond->tick);
        if (r)
                return error_say(error, r, "impossible d’armer une minuterie : %m", "no timer: %m");
        respond->tick.data = respond;
        respond->tick_open = true;
        return uv_timer_start(&respond->tick, on_tick, TICK_MS, TICK_MS);
}

static void respond_stop(struct service *service)
{
        struct respond *respond = service->context;

        if (respond->tick_open) {
                uv_close((uv_handle_t *)&respond->tick, NULL);
                respond->tick_open = false;
        }
        if (respond->client)
                respond->client = channel_client_close(respond->client);
}

int main(int argc, char **argv)
{
        static const struct service_program program = {
                .name = "garde-respond",
                .summary_fr = "le messager de Garde : syslog, webhooks, courriel, DFIR-IRIS, FIR",
                .summary_en = "Garde's messenger: syslog, webhooks, mail, DFIR-IRIS, FIR",
                .open = respond_open,
                .drop = respond_drop,
                .start = respond_start,
                .stop = respond_stop,
        };
        struct respond respond = {0};
        int r;

        setenv("UV_THREADPOOL_SIZE", "8", 0); /* a target that is silent holds up a thread */
        r = service_main(&program, &respond, argc, argv);
        for (size_t i = 0; i < ITEMS_MAX; i++)
                json_decref(respond.items[i].payload);
        for (size_t i = 0; i < respond.target_count; i++)
                secrets_wipe(&respond.targets[i].outlet, 1);
        deliver_end();
        return r;
}
