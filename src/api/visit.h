/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * visit: one request, from its first line to the end of its answer. Private to api: the callbacks that libmicrohttpd calls.
 */
#pragma once

#include <microhttpd.h>

#include "api/answer.h"
#include "api/api.h"
#include "api/caller.h"
#include "api/event_stream.h"
#include "api/gzip.h"
#include "api/head.h"
#include "api/input.h"
#include "api/rate.h"
#include "api/router.h"
#include "api/site.h"
#include "api/wire.h"

#define VISIT_WORKS_MAX 16 /* acts on other threads at one time; a password's hash alone takes 64 MiB */

/* What all visits share. Filled in by api.c. */
struct visit_house {
        uv_loop_t *loop;
        struct world *world;
        const struct router *router;
        const struct site *site; /* NULL: not built */
        struct rate *rate;
        struct event_stream *stream;
        struct gzip *gzip;
        struct api_limits limits;
        const char *const *names;
        size_t name_count;
        const struct addr *proxies;
        size_t proxy_count;
        const char *proxy_header, *proxy_secret; /* "" when there is none */
        bool tls;
        bool english; /* when a client has no wish */
        const char *document;
        size_t document_length;
        char document_tag[ANSWER_TAG_SIZE];
        void (*wake)(
                void *context); /* libmicrohttpd should run soon; also when the last work of a closed API is over */
        void *context;
        unsigned works; /* under way */
        struct visit *visits;
};

/* MHD_OPTION_URI_LOG_CALLBACK: a visit begins. */
void *visit_begin(void *house, const char *target, struct MHD_Connection *connection);
/* MHD_AccessHandlerCallback. */
enum MHD_Result visit_go_on(void *house, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *upload,
                            size_t *upload_length, void **visit);
/* MHD_OPTION_NOTIFY_COMPLETED. */
void visit_end(void *house, struct MHD_Connection *connection, void **visit,
               enum MHD_RequestTerminationCode how);

/* Before the daemon of libmicrohttpd stops: sleeping visits are woken; their acts end unseen. */
void visit_end_all(struct visit_house *house);
