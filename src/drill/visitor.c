/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/visitor.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/cleanup.h"

#define TICK_MS      4
#define OPEN_MAX     3000 /* requests under way; a rate of 1500/s times the time-out fits */
#define FILES        4096
#define ANSWER_BYTES 4096 /* of the answer that are kept: status line and headers */

/* Shares of a hundred visits once the attack has begun, and how many of the new ones come for the first time. */
#define SHARE_KNOWN_EUROPE    38
#define SHARE_NEW_EUROPE      24
#define SHARE_KNOWN_ELSEWHERE 20
#define FRESH_PERCENT         60

struct people {
        const struct visitor_crowd *crowd;
        uv_loop_t loop;
        uv_timer_t tick;
        uint64_t begin_ns, begun; /* requests begun so far */
        uint32_t open;
        uint32_t walked;                   /* known clients that had their first turn */
        uint32_t fresh[TALLY_CLASS_COUNT]; /* new clients that came already */
        bool *seen;                        /* one a client */
        struct random_seeded chance;
        struct random random;
};

struct visit {
        struct people *people;
        uint32_t client;
        uint64_t start_ns;
        uv_tcp_t tcp;
        uv_timer_t limit;
        uv_connect_t connect;
        uv_write_t write;
        unsigned closing; /* handles still to be closed */
        bool first, settled;
        char answer[ANSWER_BYTES];
        size_t kept;
        uint64_t received;
        char chunk[16384];
};

/* ---- whose turn ---- */

static uint32_t below(struct people *people, uint32_t limit)
{
        return (uint32_t)(random_u64(&people->random) % limit);
}

static uint32_t class_size(const struct visitor_crowd *crowd, enum tally_class class)
{
        return crowd->first[class + 1] - crowd->first[class];
}

static uint32_t pick_known(struct people *people, enum tally_class class)
{
        return people->crowd->first[class] + below(people, class_size(people->crowd, class));
}

static uint32_t pick_new(struct people *people, enum tally_class class)
{
        uint32_t *fresh = &people->fresh[class], size = class_size(people->crowd, class);

        if (*fresh == 0 || (*fresh < size && below(people, 100) < FRESH_PERCENT))
                return people->crowd->first[class] + (*fresh)++;
        return people->crowd->first[class] + below(people, *fresh);
}

/* In the calm every known client comes once, in order, and then again by chance. */
static uint32_t pick_calm(struct people *people)
{
        uint32_t europe = class_size(people->crowd, TALLY_KNOWN_EUROPE);
        uint32_t all = europe + class_size(people->crowd, TALLY_KNOWN_ELSEWHERE);
        uint32_t turn = people->walked < all ? people->walked++ : below(people, all);

        if (turn < europe)
                return people->crowd->first[TALLY_KNOWN_EUROPE] + turn;
        return people->crowd->first[TALLY_KNOWN_ELSEWHERE] + turn - europe;
}

static uint32_t pick(struct people *people)
{
        uint64_t attack = people->crowd->share->attack_ns;
        uint32_t share;

        if (!attack || uv_hrtime() < attack)
                return pick_calm(people);
        share = below(people, 100);
        if (share < SHARE_KNOWN_EUROPE)
                return pick_known(people, TALLY_KNOWN_EUROPE);
        share -= SHARE_KNOWN_EUROPE;
        if (share < SHARE_NEW_EUROPE)
                return pick_new(people, TALLY_NEW_EUROPE);
        share -= SHARE_NEW_EUROPE;
        return share < SHARE_KNOWN_ELSEWHERE ? pick_known(people, TALLY_KNOWN_ELSEWHERE)
                                             : pick_new(people, TALLY_NEW_ELSEWHERE);
}

/* ---- one visit ---- */

static void on_closed(uv_handle_t *handle)
{
        struct visit *visit = handle->data;

        if (--visit->closing)
                return;
        visit->people->open--;
        free(visit);
}

static void settle(struct visit *visit, bool ok)
{
        struct people *people = visit->people;
        struct crowd_share *share = people->crowd->share;
        const struct crowd_client *client = &people->crowd->clients[visit->client];
        uint32_t slot = share->visit_count;

        if (visit->settled)
                return;
        visit->settled = true;
        if (slot < CROWD_VISITS_MAX) {
                share->visits[slot] = (struct tally_visit){
                        .start_ns = visit->start_ns,
                        .duration_us = (uint32_t)((uv_hrtime() - visit->start_ns) / 1000),
                        .country = client->country,
                        .class = client->class,
                        .ok = ok,
                        .first = visit->first,
                };
                share->visit_count = slot + 1;
        }
        visit->closing = 2;
        uv_close((uv_handle_t *)&visit->tcp, on_closed);
        uv_close((uv_handle_t *)&visit->limit, on_closed);
}

static void on_limit(uv_timer_t *limit)
{
        settle(limit->data, false);
}

/* Status 200 and as many bytes of page as the header promised. */
static bool answer_is_whole(const struct visit *visit)
{
        const char *end = memmem(visit->answer, visit->kept, "\r\n\r\n", 4), *promised;
        uint64_t header;

        if (!end || strncmp(visit->answer, "HTTP/1.1 200 ", 13) != 0)
                return false;
        header = (uint64_t)(end - visit->answer) + 4;
        promised = memmem(visit->answer, (size_t)header, "Content-Length: ", 16);
        return promised && visit->received - header == strtoull(promised + 16, NULL, 10);
}

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *ret_buffer)
{
        struct visit *visit = handle->data;

        *ret_buffer = uv_buf_init(visit->chunk, sizeof(visit->chunk));
}

static void on_bytes(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
        struct visit *visit = stream->data;
        size_t room = sizeof(visit->answer) - 1 - visit->kept, take;

        if (length < 0) {
                settle(visit, length == UV_EOF && answer_is_whole(visit));
                return;
        }
        take = (size_t)length < room ? (size_t)length : room;
        memcpy(visit->answer + visit->kept, buffer->base, take);
        visit->kept += take;
        visit->received += (uint64_t)length;
}

static void on_written(uv_write_t *write, int status)
{
        struct visit *visit = write->handle->data;

        if (status && status != UV_ECANCELED)
                settle(visit, false);
}

static void on_connected(uv_connect_t *connect, int status)
{
        static const char request[] =
                "GET / HTTP/1.1\r\nHost: portail.hopital.example\r\n"
                "User-Agent: navigateur\r\nAccept: text/html\r\nConnection: close\r\n\r\n";
        struct visit *visit = connect->handle->data;
        uv_buf_t buffer = uv_buf_init((char *)request, sizeof(request) - 1);

        if (status == UV_ECANCELED)
                return;
        if (status || uv_read_start((uv_stream_t *)&visit->tcp, on_room, on_bytes) ||
            uv_write(&visit->write, (uv_stream_t *)&visit->tcp, &buffer, 1, on_written))
                settle(visit, false);
}

static void socket_address(const struct addr *addr, uint16_t port, struct sockaddr_storage *ret_address,
                           socklen_t *ret_length)
{
        memset(ret_address, 0, sizeof(*ret_address));
        if (addr->family == 4) {
                struct sockaddr_in *in = (struct sockaddr_in *)ret_address;

                in->sin_family = AF_INET;
                in->sin_port = htons(port);
                memcpy(&in->sin_addr, addr->bytes, 4);
                *ret_length = sizeof(*in);
                return;
        }
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret_address;

        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons(port);
        memcpy(&in6->sin6_addr, addr->bytes, 16);
        *ret_length = sizeof(*in6);
}

/* A socket that speaks with the client's address. Transparent, as the address is none of this machine's. */
static int client_socket(const struct addr *addr)
{
        CLEANUP(cleanup_fd) int fd = -1;
        struct sockaddr_storage address;
        socklen_t length;
        const int one = 1;
        bool v4 = addr->family == 4;

        socket_address(addr, 0, &address, &length);
        fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return -errno;
        if (setsockopt(fd, v4 ? SOL_IP : SOL_IPV6, v4 ? IP_TRANSPARENT : IPV6_TRANSPARENT, &one,
                       sizeof(one)) < 0 ||
            bind(fd, (const struct sockaddr *)&address, length) < 0)
                return -errno;
        return STEAL_FD(fd);
}

static int connect_visit(struct visit *visit)
{
        const struct crowd_client *client = &visit->people->crowd->clients[visit->client];
        const struct scenario_service *service = &visit->people->crowd->services[client->service];
        const struct addr *to = client->addr.family == 4 ? &service->addr_v4 : &service->addr_v6;
        struct sockaddr_storage address;
        socklen_t length;
        int fd = client_socket(&client->addr), r;

        if (fd < 0)
                return fd;
        r = uv_tcp_open(&visit->tcp, fd);
        if (r) {
                close(fd);
                return r;
        }
        socket_address(to, service->port, &address, &length);
        return uv_tcp_connect(&visit->connect, &visit->tcp, (const struct sockaddr *)&address, on_connected);
}

static void begin(struct people *people)
{
        struct visit *visit = calloc(1, sizeof(*visit));

        if (!visit) {
                people->crowd->share->failed = -ENOMEM;
                return;
        }
        visit->people = people;
        visit->client = pick(people);
        visit->first = !people->seen[visit->client];
        people->seen[visit->client] = true;
        people->open++;
        uv_tcp_init(&people->loop, &visit->tcp);
        uv_timer_init(&people->loop, &visit->limit);
        visit->tcp.data = visit->limit.data = visit;
        visit->start_ns = uv_hrtime();
        uv_timer_start(&visit->limit, on_limit, CROWD_TIMEOUT_MS, 0);
        if (connect_visit(visit))
                settle(visit, false);
}

static void on_tick(uv_timer_t *tick)
{
        struct people *people = tick->data;
        uint64_t due = (uv_hrtime() - people->begin_ns) * people->crowd->requests_per_second / 1000000000u;

        if (people->crowd->share->stop) {
                uv_close((uv_handle_t *)tick, NULL);
                return;
        }
        for (; people->begun < due; people->begun++)
                if (people->open < OPEN_MAX)
                        begin(people);
}

int visitor_run(void *context)
{
        const struct visitor_crowd *crowd = context;
        const struct rlimit files = {FILES, FILES};
        struct people people = {.crowd = crowd};
        int r;

        people.seen = calloc(crowd->first[TALLY_CLASS_COUNT], sizeof(*people.seen));
        people.random = random_seeded_view(&people.chance, crowd->seed);
        setrlimit(RLIMIT_NOFILE, &files);
        r = people.seen ? uv_loop_init(&people.loop) : UV_ENOMEM;
        if (r) {
                crowd->share->failed = r;
                free(people.seen);
                return 1;
        }
        uv_timer_init(&people.loop, &people.tick);
        people.tick.data = &people;
        people.begin_ns = uv_hrtime();
        uv_timer_start(&people.tick, on_tick, 0, TICK_MS);
        uv_run(&people.loop, UV_RUN_DEFAULT);
        uv_loop_close(&people.loop);
        free(people.seen);
        return 0;
}
