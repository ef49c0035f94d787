/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/edge_link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "service/channel.h"
#include "service/spool.h"

#define SPOOL_BYTES (16 * 1024 * 1024)
#define ANSWER_MS   10000 /* a hub that says nothing for so long is asked again */
#define RETRY_MS    1000  /* after a refusal: its disk may have room again */

struct edge_link {
        struct edge_link_options options;
        struct spool *spool;
        struct channel_client *client;
        uv_timer_t retry;
        uint64_t sent; /* number of the record that waits for its answer; 0: none */
        bool complained;
};

static void pump(struct edge_link *link);

static void on_retry(uv_timer_t *timer)
{
        pump(timer->data);
}

static void on_answer(void *context, int code, const json_t *answer)
{
        struct edge_link *link = context;
        struct error error = {0};
        uint64_t number = link->sent;

        link->sent = 0;
        if (code) {
                if (!link->complained)
                        log_warning("the hub did not take record %llu of the spool (%s); it is kept and "
                                    "tried again",
                                    (unsigned long long)number, strerror(-code));
                link->complained = true;
                if (code == -EREMOTEIO || code == -ETIMEDOUT)
                        uv_timer_start(&link->retry, on_retry, RETRY_MS, 0);
                return;
        }
        link->complained = false;
        if (spool_ack(link->spool, number, &error))
                log_error("the spool cannot be acknowledged: %s", error.en);
        pump(link);
}

/* One at a time: the hub answers when it is on disk, and order is kept. */
static void pump(struct edge_link *link)
{
        struct error error = {0};
        json_t *record;
        uint64_t number;
        int r;

        if (link->sent || !channel_client_is_up(link->client))
                return;
        r = spool_peek(link->spool, &number, &record, &error);
        if (r == SPOOL_EMPTY)
                return;
        if (r) {
                log_error("the spool cannot be read: %s", error.en);
                return;
        }
        link->sent = number;
        if (channel_client_request(link->client, record, ANSWER_MS, on_answer, link))
                link->sent = 0;
        json_decref(record);
}

static void on_up(void *context, struct channel_client *client)
{
        struct edge_link *link = context;

        log_notice("connected to the hub; %zu records wait", spool_count(link->spool));
        pump(link);
}

static void on_down(void *context, struct channel_client *client)
{
        log_warning("the hub is gone; findings are kept in the spool");
}

static int on_desired(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct edge_link *link = context;

        if (!json_is_array(json_object_get(message, "asked")) ||
            !json_is_array(json_object_get(message, "lifted")))
                return error_say(error, -EINVAL, "message « desired » sans « asked » ni « lifted »",
                                 "desired without asked and lifted");
        link->options.on_desired(link->options.context, message);
        return 0;
}

static const struct channel_message from_hub[] = {{"desired", CHANNEL_ANY_ROLE, 0, on_desired}};

static int connect_hub(struct edge_link *link, struct error *error)
{
        const struct channel_client_options options = {.path = link->options.socket,
                                                       .role = "edge",
                                                       .messages = from_hub,
                                                       .message_count = ARRAY_LEN(from_hub),
                                                       .context = link,
                                                       .on_up = on_up,
                                                       .on_down = on_down};

        return channel_client_start(link->options.loop, &options, &link->client, error);
}

int edge_link_open(const struct edge_link_options *options, struct edge_link **ret_link, struct error *error)
{
        struct edge_link *link = calloc(1, sizeof(*link));
        int r;

        if (!link)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        link->options = *options;
        const struct spool_options spool = {
                .path = options->spool, .cap_bytes = SPOOL_BYTES, .durable = true};
        r = spool_open(&spool, &link->spool, error);
        if (!r)
                r = connect_hub(link, error);
        if (!r)
                r = uv_timer_init(options->loop, &link->retry);
        if (r) {
                if (link->client)
                        channel_client_close(link->client);
                spool_close(link->spool);
                free(link);
                return r;
        }
        link->retry.data = link;
        *ret_link = link;
        return 0;
}

static void on_closed(uv_handle_t *handle)
{
        struct edge_link *link = handle->data;

        spool_close(link->spool);
        free(link);
}

struct edge_link *edge_link_close(struct edge_link *link)
{
        if (link) {
                link->client = channel_client_close(link->client);
                uv_close((uv_handle_t *)&link->retry, on_closed);
        }
        return NULL;
}

void edge_link_keep(struct edge_link *link, json_t *message)
{
        struct error error = {0};
        int r = message ? spool_append(link->spool, SPOOL_KEEP, message, NULL, &error) : -ENOMEM;

        json_decref(message);
        if (r)
                log_error("a finding or measure could not be kept for the hub: %s",
                          r == SPOOL_FULL ? "the spool is full" : error_text(&error, r));
        else
                pump(link);
}

void edge_link_tell(struct edge_link *link, json_t *message)
{
        if (message && channel_client_is_up(link->client))
                channel_client_send(link->client, message);
        json_decref(message);
}
