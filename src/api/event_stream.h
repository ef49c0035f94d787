/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * event_stream: GET /api/v1/events, server-sent events (WHATWG HTML, section 9.2) fed by hub/watch.h.
 *   event: changed   data: {"incident":id|"","act":name}   at most EVENT_CHANGES_MAX of them wait for a slow client; beyond,
 *                                                          they become one with both empty: anything may have changed
 *   event: traffic   data: {"at","connected","services":[…]}       the newest only, at most ten a second
 *   event: ending    data: {}                              the hub stops
 * and a comment every EVENT_HEARTBEAT_MS, which also finds clients that are gone. What waits for a client has a fixed size.
 * A stream ends with its session; a token's after EVENT_TOKEN_MS, the client then comes back and shows it again.
 */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <uv.h>

#include "base/error.h"

#define EVENT_CHANGES_MAX  16
#define EVENT_HEARTBEAT_MS 15000
#define EVENT_TRAFFIC_MS   100
#define EVENT_TOKEN_MS     (10 * 60 * 1000)
#define EVENT_RETRY_MS     2000

struct world;
struct event_stream;

/* `wake` is called when a sleeping connection was resumed, so that libmicrohttpd runs soon. */
int event_stream_open(uv_loop_t *loop, struct world *world, unsigned clients_max, void (*wake)(void *context),
                      void *context, struct event_stream **ret_stream, struct error *error);
/* Tells every client that it ends and resumes it; call before the daemon of libmicrohttpd stops. */
void event_stream_end(struct event_stream *stream);
/* After it stopped. NULL; memory goes when the loop has closed the timers. */
struct event_stream *event_stream_close(struct event_stream *stream);

/* The response to one more client, or NULL when there are too many (or no memory). `session` is "" for a token. */
struct MHD_Response *event_stream_join(struct event_stream *stream, struct MHD_Connection *connection,
                                       const char *session);
unsigned event_stream_clients(const struct event_stream *stream);
