/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/visit.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "api/cookie.h"
#include "api/host.h"
#include "api/visit_private.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "hub/world.h"
#include "people/people.h"

/* ---- life ---- */

void *visit_begin(void *house, const char *target, struct MHD_Connection *connection)
{
        struct visit_house *of = house;
        struct visit *visit = calloc(1, sizeof(*visit));

        if (!visit)
                return NULL;
        visit->house = of;
        visit->connection = connection;
        visit->answer = (struct answer)ANSWER_INIT;
        visit->caller.act.english = of->english;
        visit->bad_target = uri_parse(target, &visit->uri);
        visit->next = of->visits;
        of->visits = visit;
        return visit;
}

static void unlink_visit(struct visit *visit)
{
        for (struct visit **at = &visit->house->visits; *at; at = &(*at)->next) {
                if (*at == visit) {
                        *at = visit->next;
                        return;
                }
        }
}

static void free_visit(struct visit *visit)
{
        unlink_visit(visit);
        if (visit->called)
                act_call_release(&visit->call);
        if (visit->body) /* it may hold a password */
                explicit_bzero(visit->body, visit->head.length);
        free(visit->body);
        json_decref(visit->in);
        uri_release(&visit->uri);
        answer_release(&visit->answer);
        free(visit);
}

void visit_end(void *house, struct MHD_Connection *connection, void **visit,
               enum MHD_RequestTerminationCode how)
{
        struct visit_house *of = house;
        struct visit *ended = *visit;

        *visit = NULL;
        wire_allow(connection, of->world->clock, of->limits.idle_seconds + of->limits.head_seconds);
        if (!ended)
                return;
        ended->connection = NULL;
        if (!ended->working) /* else its thread still needs it */
                free_visit(ended);
}

void visit_end_all(struct visit_house *house)
{
        for (struct visit *visit = house->visits; visit; visit = visit->next) {
                if (!visit->working || !visit->connection)
                        continue;
                MHD_resume_connection(visit->connection);
                visit->connection = NULL;
        }
}

/* ---- the answer leaves ---- */

static void add_header(void *response, const char *name, const char *value)
{
        MHD_add_response_header(response, name, value);
}

static struct MHD_Response *response_of(struct answer *answer)
{
        struct MHD_Response *response;
        struct stat st;

        if (answer->fd >= 0 && !fstat(answer->fd, &st)) {
                response = MHD_create_response_from_fd64((uint64_t)st.st_size, answer->fd);
                if (response)
                        answer->fd = -1;
                return response;
        }
        if (answer->owned && answer->body) {
                response = MHD_create_response_from_buffer_with_free_callback(answer->length, answer->body,
                                                                              free);
                if (response)
                        answer->owned = false;
                return response;
        }
        return MHD_create_response_from_buffer(answer->length, answer->body, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result queue(struct visit *visit, struct MHD_Response *response, unsigned status)
{
        enum MHD_Result result;

        answer_headers(visit->house->tls, add_header, response);
        for (size_t i = 0; i < visit->answer.header_count; i++)
                MHD_add_response_header(response, visit->answer.headers[i].name,
                                        visit->answer.headers[i].value);
        result = MHD_queue_response(visit->connection, status, response);
        MHD_destroy_response(response);
        return result;
}

static enum MHD_Result send_answer(struct visit *visit)
{
        uint64_t length = visit->answer.length;
        struct MHD_Response *response = response_of(&visit->answer);

        if (!response)
                return MHD_NO;
        wire_allow(visit->connection, visit->house->world->clock,
                   ANSWER_SECONDS + length / ANSWER_BYTES_A_SECOND);
        return queue(visit, response, visit->answer.status);
}

static enum MHD_Result send_stream(struct visit *visit)
{
        struct MHD_Response *response =
                event_stream_join(visit->house->stream, visit->connection, visit->caller.act.session);

        if (!response) {
                answer_header(&visit->answer, "Retry-After", "10");
                visit_refuse(visit, 503, "trop de consoles sont ouvertes", "too many consoles are open");
                return send_answer(visit);
        }
        wire_allow(visit->connection, visit->house->world->clock, 0);
        answer_header(&visit->answer, "Content-Type", "text/event-stream");
        answer_header(&visit->answer, "Cache-Control", "no-store");
        answer_header(&visit->answer, "X-Accel-Buffering",
                      "no"); /* a proxy that gathers would make it late */
        return queue(visit, response, 200);
}

void visit_refuse(struct visit *visit, unsigned status, const char *fr, const char *en)
{
        answer_problem(&visit->answer, status, fr, en, visit->caller.act.english);
        answer_header(&visit->answer, "Cache-Control", "no-store");
}

/* ---- acts on another thread ---- */

static void work(uv_work_t *request)
{
        struct visit *visit = request->data;

        visit->result = visit->call.work.work(visit->call.work.context, &visit->call.error);
}

static void after_work(uv_work_t *request, int status)
{
        struct visit *visit = request->data;
        struct visit_house *house = visit->house;

        visit->working = false;
        house->works--;
        if (!visit->connection) { /* the hub stops; nobody waits */
                free_visit(visit);
                house->wake(house->context);
                return;
        }
        visit_settle(visit, act_finish(&visit->call, status ? -ECANCELED : visit->result));
        visit->ready = true;
        MHD_resume_connection(visit->connection);
        house->wake(house->context);
}

static enum MHD_Result begin_work(struct visit *visit)
{
        visit->work.data = visit;
        if (visit->house->works >= VISIT_WORKS_MAX ||
            uv_queue_work(visit->house->loop, &visit->work, work, after_work)) {
                answer_header(&visit->answer, "Retry-After", "1");
                visit_refuse(visit, 503, "trop de travaux à la fois", "too much work at one time");
                return send_answer(visit);
        }
        visit->house->works++;
        visit->working = true;
        wire_allow(visit->connection, visit->house->world->clock, 0);
        MHD_suspend_connection(visit->connection);
        return MHD_YES;
}

/* ---- long answers, compressed on another thread ---- */

static void shrink(uv_work_t *request)
{
        struct visit *visit = request->data;
        struct shrinking *job = &visit->shrinking;

        visit->result = gzip_body(job->gzip, job->noise, visit->answer.body, visit->answer.length,
                                  &job->bytes, &job->length);
}

static void after_shrink(uv_work_t *request, int status)
{
        struct visit *visit = request->data;
        struct visit_house *house = visit->house;

        visit->working = false;
        house->works--;
        visit->shrinking.gzip = gzip_free(visit->shrinking.gzip);
        if (!status && !visit->result)
                answer_recode(&visit->answer, visit->shrinking.bytes, visit->shrinking.length, "gzip");
        if (visit->connection)
                MHD_resume_connection(visit->connection);
        else
                free_visit(visit);
        house->wake(house->context);
}

/* Where there is no room for it the answer leaves as it is. */
static enum MHD_Result begin_shrink(struct visit *visit)
{
        visit->shrinks = false;
        visit->ready = true;
        visit->work.data = visit;
        if (visit->house->works >= VISIT_WORKS_MAX || gzip_new(&visit->shrinking.gzip))
                return send_answer(visit);
        visit->shrinking.noise = gzip_noise(visit->house->world->random);
        if (uv_queue_work(visit->house->loop, &visit->work, shrink, after_shrink)) {
                visit->shrinking.gzip = gzip_free(visit->shrinking.gzip);
                return send_answer(visit);
        }
        visit->house->works++;
        visit->working = true;
        wire_allow(visit->connection, visit->house->world->clock, 0);
        MHD_suspend_connection(visit->connection);
        return MHD_YES;
}

/* ---- the request arrives ---- */

static enum MHD_Result take_body(struct visit *visit, const char *upload, size_t *upload_length)
{
        if (*upload_length > visit->head.length - visit->length)
                return MHD_NO;
        if (visit->ready) { /* refused; the rest is read so that its sender comes to hear why */
                visit->length += *upload_length;
                *upload_length = 0;
                return MHD_YES;
        }
        memcpy(visit->body + visit->length, upload, *upload_length);
        visit->length += *upload_length;
        *upload_length = 0;
        return MHD_YES;
}

static enum MHD_Result begin(struct visit *visit, const char *method)
{
        const struct api_limits *limits = &visit->house->limits;

        if (!visit_judge(visit, method)) {
                wire_allow(visit->connection, visit->house->world->clock,
                           limits->body_seconds + visit->head.length / (64 * 1024));
                return MHD_YES;
        }
        visit->ready = true;
        wire_allow(visit->connection, visit->house->world->clock, limits->body_seconds);
        if (visit->head.length <= DRAINED_MAX && !visit->head.transfer_encoding &&
            visit->answer.status != 400)
                return MHD_YES; /* an answer given at once would end the connection */
        /* Its body is too long, or nobody knows where it ends. */
        answer_header(&visit->answer, "Connection", "close");
        return send_answer(visit);
}

enum MHD_Result visit_go_on(void *house, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *upload,
                            size_t *upload_length, void **context)
{
        struct visit *visit = *context;

        if (!visit)
                return MHD_NO;
        if (!visit->begun) {
                visit->begun = true;
                return begin(visit, method);
        }
        if (*upload_length)
                return take_body(visit, upload, upload_length);
        if (visit->kind == VISIT_EVENTS && !visit->ready)
                return send_stream(visit);
        if (!visit->ready && visit_run(visit))
                return begin_work(visit);
        return visit->shrinks ? begin_shrink(visit) : send_answer(visit);
}
