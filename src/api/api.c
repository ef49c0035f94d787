/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/api.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "api/certificate.h"
#include "api/openapi.h"
#include "api/visit.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/paths.h"
#include "hub/world.h"
#include "service/config.h"

#define BACKLOG        128
#define HEAD_BYTES_MAX (16 * 1024) /* memory of one connection for its head and what is being sent */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"
#define LATE_EVERY_MS  1000
#define TURNS_AT_ONCE  32
#define TURN_MS        2
#define LAST_TURNS     4
#define API_HANDLES    3
#define HOST_NAME_SIZE 256

struct api {
        struct api_limits limits;
        struct addr address;
        char url[API_ADDRESS_SIZE];
        char run[PATH_MAX], state[PATH_MAX];
        char names[API_NAMES_MAX + 1][HOST_NAME_SIZE];
        const char *name_list[API_NAMES_MAX + 1];
        struct addr proxies[API_PROXIES_MAX];
        char proxy_header[64], proxy_secret[PROXY_SECRET_SIZE];
        int listener;
        enum api_tls tls;
        struct certificate certificate;
        struct site *site;
        json_t *schemas;
        char *document;
        struct router *router;
        struct rate *rate;
        struct event_stream *stream;
        struct gzip *gzip;
        struct visit_house house;
        struct wires wires;
        struct MHD_Daemon *daemon;
        uv_poll_t poll;   /* libmicrohttpd's epoll set has something */
        uv_timer_t turn;  /* libmicrohttpd wants to run again */
        uv_timer_t late;  /* who is too slow */
        unsigned turns;   /* at once since a socket last had something */
        bool woken;       /* a connection was resumed: it is taken up at the next turn */
        unsigned handles; /* open */
};

const char *api_address(const struct api *api)
{
        return api->url;
}

const char *api_fingerprint(const struct api *api)
{
        return api->certificate.fingerprint;
}

static void free_api(struct api *api)
{
        if (api->listener >= 0)
                close(api->listener);
        certificate_release(&api->certificate);
        site_free(api->site);
        json_decref(api->schemas);
        free(api->document);
        router_free(api->router);
        rate_free(api->rate);
        gzip_free(api->gzip);
        explicit_bzero(api->proxy_secret, sizeof(api->proxy_secret));
        free(api);
}

/* ---- before the sandbox ---- */

static void set_limits(struct api *api, const struct api_limits *asked)
{
        static const struct api_limits usual = {.connections = 512,
                                                .address_ones = 64,
                                                .event_clients = 64,
                                                .head_seconds = 15,
                                                .body_seconds = 30,
                                                .idle_seconds = 60,
                                                .anonymous_a_second = 50,
                                                .known_a_second = 2000,
                                                .public_a_minute = 20,
                                                .logins_a_minute = 60};
        const unsigned *from = (const unsigned *)asked, *otherwise = (const unsigned *)&usual;

        for (size_t i = 0; i < sizeof(usual) / sizeof(unsigned); i++)
                ((unsigned *)&api->limits)[i] = from[i] ? from[i] : otherwise[i];
}

static void take_options(struct api *api, const struct api_options *options)
{
        size_t count = options->name_count < API_NAMES_MAX ? options->name_count : API_NAMES_MAX;

        set_limits(api, &options->limits);
        api->tls = options->tls;
        for (size_t i = 0; i < count; i++)
                snprintf(api->names[i], HOST_NAME_SIZE, "%s", options->names[i]);
        if (!gethostname(api->names[count], HOST_NAME_SIZE - 1) && api->names[count][0])
                count++;
        for (size_t i = 0; i < count; i++)
                api->name_list[i] = api->names[i];
        api->house.names = api->name_list;
        api->house.name_count = count;
        api->house.proxies = api->proxies;
        api->house.proxy_count =
                options->proxy_count < API_PROXIES_MAX ? options->proxy_count : API_PROXIES_MAX;
        memcpy(api->proxies, options->proxies ? options->proxies : api->proxies,
               api->house.proxy_count * sizeof(api->proxies[0]));
        snprintf(api->proxy_header, sizeof(api->proxy_header), "%s",
                 options->proxy_header ? options->proxy_header : "");
        api->house.proxy_header = api->proxy_header;
        api->house.proxy_secret = api->proxy_secret;
        api->house.english = options->language == LANGUAGE_EN;
        snprintf(api->run, sizeof(api->run), "%s", options->run ? options->run : "");
        snprintf(api->state, sizeof(api->state), "%s", options->state ? options->state : "");
}

static socklen_t socket_address(const struct addr *addr, uint16_t port, struct sockaddr_storage *ret_address)
{
        struct sockaddr_in *v4 = (struct sockaddr_in *)ret_address;
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;

        memset(ret_address, 0, sizeof(*ret_address));
        if (addr->family == 4) {
                v4->sin_family = AF_INET;
                v4->sin_port = htons(port);
                memcpy(&v4->sin_addr, addr->bytes, 4);
                return sizeof(*v4);
        }
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        memcpy(&v6->sin6_addr, addr->bytes, 16);
        return sizeof(*v6);
}

static void write_url(struct api *api)
{
        struct sockaddr_storage bound = {0};
        socklen_t length = sizeof(bound);
        char text[ADDR_TEXT_SIZE];
        unsigned port;

        getsockname(api->listener, (struct sockaddr *)&bound, &length);
        port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                 : ((struct sockaddr_in *)&bound)->sin_port);
        addr_format(&api->address, text);
        text[strcspn(text, "/")] = '\0';
        snprintf(api->url, sizeof(api->url),
                 api->address.family == 6 ? "http%s://[%s]:%u/" : "http%s://%s:%u/",
                 api->tls == API_TLS_OFF ? "" : "s", text, port);
}

static int open_listener(struct api *api, const char *listen_on, struct error *error)
{
        struct sockaddr_storage address;
        socklen_t length;
        uint16_t port;
        int on = 1;

        if (config_listen_parse(listen_on, &api->address, &port))
                return error_say(error, -EINVAL, "%s n’est pas une adresse avec son port",
                                 "%s is no address with its port", listen_on);
        length = socket_address(&api->address, port, &address);
        api->listener = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        /* FREEBIND: at boot the address may come later than the hub. */
        if (api->listener < 0 || setsockopt(api->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
            setsockopt(api->listener, IPPROTO_IP, IP_FREEBIND, &on, sizeof(on)) ||
            (api->address.family == 6 &&
             setsockopt(api->listener, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on))) ||
            bind(api->listener, (struct sockaddr *)&address, length) || listen(api->listener, BACKLOG))
                return error_say(error, -errno, "la console ne peut pas écouter sur %s : %m",
                                 "the console cannot listen on %s: %m", listen_on);
        write_url(api);
        return 0;
}

/* Without its files the console is missing, but scripts can work; nobody's incident waits for a page. */
static int load_site(struct api *api, struct error *error)
{
        char folder[PATH_MAX];
        struct error why = {0};
        int r = site_folder(folder, &why);

        if (r) {
                log_warning("%s; the API works without them", error_text(&why, r));
                return 0;
        }
        return site_load(folder, &api->site, error);
}

static int load_schemas(struct api *api, struct error *error)
{
        char path[PATH_MAX];
        int r = paths_data("api/schemas.json", path, error);

        return r ? r : openapi_schemas(path, &api->schemas, error);
}

int api_prepare(const struct api_options *options, struct api **ret_api, struct error *error)
{
        struct api *api = calloc(1, sizeof(*api));
        int r;

        if (!api)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        api->listener = -1;
        take_options(api, options);
        r = options->proxy_secret && *options->proxy_secret
                    ? proxy_secret_read(options->proxy_secret, api->proxy_secret, error)
                    : 0;
        if (!r)
                r = open_listener(api, options->listen, error);
        if (!r && api->tls == API_TLS_FILES)
                r = certificate_read(options->certificate, options->key, &api->certificate, error);
        if (!r)
                r = load_site(api, error);
        if (!r)
                r = load_schemas(api, error);
        if (r) {
                free_api(api);
                return r;
        }
        *ret_api = api;
        return 0;
}

/* ---- libmicrohttpd in the loop ---- */

static void run(struct api *api);

static void on_turn(uv_timer_t *timer)
{
        run(timer->data);
}

/* It says itself when it must run though no socket has anything: time-outs, what TLS has read already, resumed ones. */
static void plan(struct api *api)
{
        MHD_UNSIGNED_LONG_LONG ms;

        if (api->woken) {
                uv_timer_start(&api->turn, on_turn, 0, 0);
        } else if (MHD_get_timeout(api->daemon, &ms) == MHD_YES) {
                /* With epoll it calls a TLS handshake that waits for its peer ready, for as long as it waits. */
                if (!ms && ++api->turns > TURNS_AT_ONCE)
                        ms = TURN_MS;
                uv_timer_start(&api->turn, on_turn, ms, 0);
        } else
                uv_timer_stop(&api->turn);
}

static void run(struct api *api)
{
        if (!api->daemon)
                return;
        api->woken = false;
        MHD_run(api->daemon);
        plan(api);
}

/* Once it is closed, nothing but an act on another thread may still need it. */
static void free_when_over(struct api *api)
{
        if (!api->daemon && !api->handles && !api->house.works)
                free_api(api);
}

static void wake(void *context)
{
        struct api *api = context;

        if (!api->daemon) {
                free_when_over(api);
                return;
        }
        api->turns = 0;
        api->woken = true;
        uv_timer_start(&api->turn, on_turn, 0, 0);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
        struct api *api = poll->data;

        api->turns = 0;
        run(api);
}

static void on_late(uv_timer_t *timer)
{
        struct api *api = timer->data;
        unsigned shut = wires_shut_late(&api->wires);

        if (shut)
                log_info("console: %u slow connections were shut", shut);
}

static void log_library(void *context, const char *format, va_list args)
{
        char text[256];

        vsnprintf(text, sizeof(text), format, args);
        text[strcspn(text, "\n")] = '\0';
        log_debug("libmicrohttpd: %s", text);
}

static int start_daemon(struct api *api, struct error *error)
{
        bool tls = api->tls != API_TLS_OFF;
        struct MHD_OptionItem secure[] = {{MHD_OPTION_HTTPS_MEM_KEY, 0, api->certificate.key},
                                          {MHD_OPTION_HTTPS_MEM_CERT, 0, api->certificate.chain},
                                          {MHD_OPTION_HTTPS_PRIORITIES, 0, TLS_PRIORITIES},
                                          {MHD_OPTION_END, 0, NULL}};
        struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
        /* All of a proxy's clients come from its address. */
        unsigned address_ones = api->house.proxy_count ? api->limits.connections : api->limits.address_ones;
        unsigned flags =
                MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | (tls ? MHD_USE_TLS : 0);

        api->daemon = MHD_start_daemon(
                flags, 0, NULL, NULL, visit_go_on, &api->house, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
                MHD_OPTION_LISTEN_SOCKET, api->listener, MHD_OPTION_CONNECTION_LIMIT, api->limits.connections,
                MHD_OPTION_PER_IP_CONNECTION_LIMIT, address_ones, MHD_OPTION_CONNECTION_TIMEOUT,
                api->limits.idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES_MAX,
                MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, visit_begin, &api->house,
                MHD_OPTION_NOTIFY_COMPLETED, visit_end, &api->house, MHD_OPTION_NOTIFY_CONNECTION,
                wire_notify, &api->wires, MHD_OPTION_ARRAY, tls ? secure : plain, MHD_OPTION_END);
        if (!api->daemon)
                return error_say(error, -EIO, "le serveur HTTP ne démarre pas",
                                 "the HTTP server does not start");
        api->listener = -1; /* the daemon's now */
        return 0;
}

static int join_loop(struct api *api, uv_loop_t *loop, struct error *error)
{
        const union MHD_DaemonInfo *info = MHD_get_daemon_info(api->daemon, MHD_DAEMON_INFO_EPOLL_FD);
        int r = info ? uv_poll_init(loop, &api->poll, info->epoll_fd) : -EIO;

        if (r)
                return error_say(error, r, "la boucle refuse le serveur HTTP : %m",
                                 "the loop refuses the HTTP server: %m");
        uv_timer_init(loop, &api->turn);
        uv_timer_init(loop, &api->late);
        api->handles = API_HANDLES;
        api->poll.data = api->turn.data = api->late.data = api;
        uv_timer_start(&api->late, on_late, LATE_EVERY_MS, LATE_EVERY_MS);
        r = uv_poll_start(&api->poll, UV_READABLE, on_poll);
        wake(api);
        return r;
}

/* ---- after the sandbox ---- */

static int own_certificate(struct api *api, struct world *world, struct error *error)
{
        const struct certificate_subject subject = {
                .names = api->name_list, .name_count = api->house.name_count, .address = &api->address};

        if (api->tls != API_TLS_SELF_SIGNED)
                return 0;
        return certificate_own(api->state, &subject, world->clock, &api->certificate, error);
}

static int read_acts(struct api *api, struct error *error)
{
        size_t count = act_count();
        CLEANUP(cleanup_free) const struct act **acts = calloc(count + 1, sizeof(const struct act *));
        json_t *document;
        int r;

        if (!acts)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        for (size_t i = 0; i < count; i++)
                acts[i] = act_at(i);
        r = router_new(acts, count, &api->router, error);
        if (r)
                return r;
        document = openapi_document(acts, count, api->schemas, api->tls != API_TLS_OFF);
        api->document = document ? json_dumps(document, JSON_COMPACT) : NULL;
        json_decref(document);
        if (!api->document)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        json_decref(api->schemas);
        api->schemas = NULL;
        return 0;
}

static void furnish(struct api *api, uv_loop_t *loop, struct world *world)
{
        struct visit_house *house = &api->house;

        house->loop = loop;
        house->world = world;
        house->router = api->router;
        house->site = api->site;
        house->rate = api->rate;
        house->stream = api->stream;
        house->gzip = api->gzip;
        house->limits = api->limits;
        house->tls = api->tls != API_TLS_OFF;
        house->document = api->document;
        house->document_length = strlen(api->document);
        answer_tag(house->document, house->document_length, house->document_tag);
        house->wake = wake;
        house->context = api;
        api->wires = (struct wires){.clock = world->clock,
                                    .head_seconds = api->limits.head_seconds,
                                    .idle_seconds = api->limits.idle_seconds};
}

/* For `make run`, tests and who looks for the console: where it is and what a browser must show. */
static void tell_where(const struct api *api)
{
        char path[PATH_MAX + 16], text[512];
        struct error error = {0};
        int length = snprintf(text, sizeof(text), "{\"url\":\"%s\",\"fingerprint\":\"%s\"}\n", api->url,
                              api->certificate.fingerprint);

        if (api->certificate.fingerprint[0])
                log_notice("the console listens on %s (SHA-256 fingerprint of its certificate: %s)", api->url,
                           api->certificate.fingerprint);
        else
                log_notice("the console listens on %s", api->url);
        if (!api->run[0])
                return;
        snprintf(path, sizeof(path), "%s/console.json", api->run);
        if (file_write_atomic(path, text, (size_t)length, 0644, &error))
                log_warning("%s", error_text(&error, -EIO));
}

int api_start(struct api *api, uv_loop_t *loop, struct world *world, struct error *error)
{
        int r = own_certificate(api, world, error);

        if (!r)
                r = read_acts(api, error);
        if (!r)
                r = rate_new(world->clock, world->random, &api->rate);
        if (!r)
                r = gzip_new(&api->gzip);
        if (!r)
                r = event_stream_open(loop, world, api->limits.event_clients, wake, api, &api->stream, error);
        if (r)
                return r;
        furnish(api, loop, world);
        r = start_daemon(api, error);
        if (!r)
                r = join_loop(api, loop, error);
        if (!r)
                tell_where(api);
        return r;
}

/* ---- the end ---- */

static void close_handle(uv_handle_t *handle)
{
        struct api *api = handle->data;

        api->handles--;
        free_when_over(api);
}

struct api *api_close(struct api *api)
{
        struct MHD_Daemon *daemon;
        bool in_loop;

        if (!api)
                return NULL;
        in_loop = api->handles > 0;
        daemon = api->daemon;
        if (api->stream)
                event_stream_end(api->stream);
        visit_end_all(&api->house);
        for (unsigned i = 0; daemon && i < LAST_TURNS; i++)
                MHD_run(daemon); /* so that streams say that it ends, and answers that are ready leave */
        api->daemon = NULL;      /* nothing wakes it any more */
        if (in_loop)
                uv_poll_stop(&api->poll); /* before its descriptor goes */
        if (daemon)
                MHD_stop_daemon(daemon);
        api->stream = event_stream_close(api->stream);
        if (in_loop) {
                uv_close((uv_handle_t *)&api->poll, close_handle);
                uv_close((uv_handle_t *)&api->turn, close_handle);
                uv_close((uv_handle_t *)&api->late, close_handle);
        } else {
                free_when_over(api);
        }
        return NULL;
}
