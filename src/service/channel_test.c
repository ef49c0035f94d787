/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/log.h"

#define PATIENCE_MS 5000

struct fixture {
        uv_loop_t loop;
        uv_timer_t guard;
        char folder[64];
        char path[96];
        struct channel_server *server;
        int opened, closed, notes;
        struct channel *last;
        int ups, downs, pushes;
        int answers, last_code;
        json_int_t last_value;
};

enum { ROLE_EDGE, ROLE_CLI, ROLE_OTHER };

static const struct channel_role roles[] = {
        [ROLE_EDGE] = {"edge", CHANNEL_NOBODY, CHANNEL_NOBODY, .own = true},
        [ROLE_CLI] = {"cli", CHANNEL_NOBODY, CHANNEL_NOBODY, .root = true, .own = true},
        [ROLE_OTHER] = {"other", 65533, CHANNEL_NOBODY}};

static int on_note(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        ((struct fixture *)context)->notes++;
        return 0;
}

static int on_double(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        json_int_t value = json_integer_value(json_object_get(message, "value"));

        return channel_answer(channel, message, json_pack("{s:I}", "value", 2 * value)) < 0;
}

static int on_count(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        for (int i = 1; i < 3; i++)
                channel_answer_more(channel, message, json_pack("{s:i}", "value", i));
        channel_answer(channel, message, json_pack("{s:i}", "value", 3));
        return 0;
}

static int on_no(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        struct error why = {0};

        error_say(&why, -ENOENT, "il n’y a pas d’incident %s", "there is no incident %s", "i_1");
        channel_refuse_error(channel, message, &why, -ENOENT);
        return 0;
}

static int on_silence(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        return 0;
}

static int on_wrong(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        return error_say(error, -EINVAL, "un champ qui n’a pas de sens", "a field that makes no sense");
}

static const struct channel_message messages[] = {
        {"note", CHANNEL_ROLE(ROLE_EDGE), 100, on_note}, {"double", CHANNEL_ANY_ROLE, 0, on_double},
        {"count", CHANNEL_ROLE(ROLE_CLI), 0, on_count},  {"no", CHANNEL_ANY_ROLE, 0, on_no},
        {"silence", CHANNEL_ANY_ROLE, 0, on_silence},    {"wrong", CHANNEL_ANY_ROLE, 0, on_wrong},
};

static void on_open(void *context, struct channel *channel)
{
        struct fixture *f = context;

        f->opened++;
        f->last = channel;
}

static void on_close(void *context, struct channel *channel)
{
        ((struct fixture *)context)->closed++;
}

static int start_server(struct fixture *f, size_t connections, size_t queue, struct error *error)
{
        const struct channel_server_options options = {.path = f->path,
                                                       .mode = 0660,
                                                       .group = CHANNEL_NOBODY,
                                                       .roles = roles,
                                                       .role_count = ARRAY_LEN(roles),
                                                       .messages = messages,
                                                       .message_count = ARRAY_LEN(messages),
                                                       .connections_max = connections,
                                                       .queue_max = queue,
                                                       .context = f,
                                                       .on_open = on_open,
                                                       .on_close = on_close};

        return channel_server_start(&f->loop, &options, &f->server, error);
}

static void on_guard(uv_timer_t *timer)
{
        fail_msg("waited too long");
}

static int set_up(void **state)
{
        struct fixture *f = calloc(1, sizeof(*f));

        *state = f;
        signal(SIGPIPE, SIG_IGN);
        snprintf(f->folder, sizeof(f->folder), "/tmp/channel_test.XXXXXX");
        if (!mkdtemp(f->folder) || chmod(f->folder, 0755))
                return -1;
        snprintf(f->path, sizeof(f->path), "%s/socket", f->folder);
        uv_loop_init(&f->loop);
        uv_timer_init(&f->loop, &f->guard);
        uv_timer_start(&f->guard, on_guard, PATIENCE_MS, 0);
        return start_server(f, 0, 0, NULL);
}

static int tear_down(void **state)
{
        struct fixture *f = *state;
        int r;

        channel_server_close(f->server);
        uv_close((uv_handle_t *)&f->guard, NULL);
        uv_run(&f->loop, UV_RUN_DEFAULT);
        r = uv_loop_close(&f->loop); /* busy if any handle was forgotten */
        r |= rmdir(f->folder);       /* the socket file is gone */
        free(f);
        return r;
}

#define RUN_UNTIL(f, condition)                                                                              \
        do {                                                                                                 \
                while (!(condition))                                                                         \
                        uv_run(&(f)->loop, UV_RUN_ONCE);                                                     \
        } while (0)

/* ---- a client made of bare bytes ---- */

static int dial(const struct fixture *f)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        snprintf(address.sun_path, sizeof(address.sun_path), "%s", f->path);
        assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
        return fd;
}

static void say(int fd, const char *text)
{
        assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* All that comes until the server hangs up; whether it does is up to the guard. */
static void hear_end(struct fixture *f, int fd, char *ret_text, size_t size)
{
        size_t used = 0;

        for (;;) {
                ssize_t got = recv(fd, ret_text + used, size - used - 1, 0);
                if (got > 0) {
                        used += (size_t)got;
                } else if (got == 0 || errno != EAGAIN) {
                        ret_text[used] = '\0';
                        return;
                } else {
                        uv_run(&f->loop, UV_RUN_ONCE);
                }
        }
}

static void hear(struct fixture *f, int fd, char *ret_text, size_t size)
{
        ssize_t got;

        while ((got = recv(fd, ret_text, size - 1, 0)) < 0)
                uv_run(&f->loop, UV_RUN_ONCE);
        ret_text[got] = '\0';
}

/* ---- parsing ---- */

static void test_line_parse(void **state)
{
        static const char *const wrong[] = {
                "", "{", "[]", "3", "\"x\"", "{\"a\":1}{\"b\":2}", "{\"a\":1,\"a\":2}", "{\"a\":\"\xff\"}"};
        char deep[200] = "{\"a\":";
        json_t *message = NULL;
        struct error error = {0};

        for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
                error = (struct error){0};
                assert_int_equal(channel_line_parse(wrong[i], strlen(wrong[i]), &message, &error), -EINVAL);
                assert_true(error.fr[0] && error.en[0]);
        }
        memset(deep + 5, '[', CHANNEL_DEPTH_MAX);
        assert_int_equal(channel_line_parse(deep, strlen(deep), &message, &error), -EINVAL);
        assert_non_null(strstr(error.en, "deeper"));
        assert_null(message);
        assert_int_equal(
                channel_line_parse("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"}", 41, &message, &error),
                0);
        json_decref(message);
}

/* ---- server ---- */

static void test_hello_and_answer(void **state)
{
        struct fixture *f = *state;
        char text[512];
        int fd = dial(f);

        say(fd, "{\"hello\":\"edge\"}\n");
        hear(f, fd, text, sizeof(text));
        assert_string_equal(text, "{\"welcome\":\"edge\"}\n");
        assert_int_equal(f->opened, 1);
        assert_int_equal(channel_role_index(f->last), ROLE_EDGE);
        assert_int_equal(channel_uid(f->last), geteuid());
        assert_int_equal(channel_pid(f->last), getpid());
        say(fd, "{\"type\":\"note\"}\n{\"type\":\"double\",\"id\":7,");
        RUN_UNTIL(f, f->notes == 1);
        say(fd, "\"value\":21}\n"); /* the rest of a line comes later */
        hear(f, fd, text, sizeof(text));
        assert_string_equal(text, "{\"value\":42,\"id\":7}\n");
        say(fd, "{\"type\":\"no\",\"id\":8}\n");
        hear(f, fd, text, sizeof(text));
        assert_string_equal(text, "{\"error\":{\"fr\":\"il n’y a pas d’incident i_1\",\"en\":\"there is no "
                                  "incident i_1\"},\"id\":8}\n");
        close(fd);
        RUN_UNTIL(f, f->closed == 1);
        assert_int_equal(channel_server_counters(f->server).broken, 0);
}

/* Each of these closes its channel, and only its own. */
static void test_rules(void **state)
{
        struct fixture *f = *state;
        static char long_line[700 * 1024], long_note[256];
        const struct {
                const char *role, *line;
        } cases[] = {
                {NULL, "{\"type\":\"note\"}\n"},
                {NULL, "hello\n"},
                {"edge", "{\"type\":\"unheard-of\"}\n"},
                {"edge", "{\"value\":1}\n"},
                {"edge", "{\"type\":3}\n"},
                {"edge", "{\"type\":\"count\",\"id\":1}\n"}, /* the edge may not ask this */
                {"cli", "{\"type\":\"note\"}\n"},
                {"edge", "{\"type\":\"wrong\"}\n"},
                {"edge", "{\"hello\":\"cli\"}\n"}, /* a role is asked for once */
                {"edge", "not JSON\n"},
                {"edge", "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}\n"},
                {"edge", long_note},
                {"edge", long_line},
        };
        int witness = dial(f);
        char text[512], hello[64];

        memset(long_line, 'x', sizeof(long_line) - 1); /* no end of line at all */
        snprintf(long_note, sizeof(long_note), "{\"type\":\"note\",\"x\":\"%0100d\"}\n", 1);
        say(witness, "{\"hello\":\"edge\"}\n");
        hear(f, witness, text, sizeof(text));
        for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
                int fd = dial(f);

                if (cases[i].role) {
                        snprintf(hello, sizeof(hello), "{\"hello\":\"%s\"}\n", cases[i].role);
                        say(fd, hello);
                        hear(f, fd, text, sizeof(text));
                }
                for (size_t sent = 0, length = strlen(cases[i].line); sent < length;) {
                        ssize_t put = send(fd, cases[i].line + sent, length - sent, MSG_NOSIGNAL);
                        if (put < 0 && errno != EAGAIN)
                                break; /* it hung up on the long line half-way */
                        sent += put > 0 ? (size_t)put : 0;
                        uv_run(&f->loop, UV_RUN_NOWAIT);
                }
                hear_end(f, fd, text, sizeof(text));
                close(fd);
                assert_int_equal(channel_server_counters(f->server).broken, i + 1);
        }
        assert_int_equal(f->notes, 0);
        say(witness, "{\"type\":\"double\",\"id\":1,\"value\":4}\n");
        hear(f, witness, text, sizeof(text));
        assert_string_equal(text, "{\"value\":8,\"id\":1}\n");
        close(witness);
}

static void test_roles_denied(void **state)
{
        struct fixture *f = *state;
        static const char *const wanted[] = {"{\"hello\":\"other\"}\n", "{\"hello\":\"nobody-knows\"}\n"};
        char text[512];

        for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
                int fd = dial(f);
                say(fd, wanted[i]);
                hear_end(f, fd, text, sizeof(text));
                assert_string_equal(text, "{\"error\":{\"fr\":\"ce compte n’a pas droit à ce rôle\","
                                          "\"en\":\"this user may not have that role\"}}\n");
                close(fd);
        }
        assert_int_equal(channel_server_counters(f->server).refused, 2);
        assert_int_equal(f->opened, 0);
}

/* The kernel's word counts, not the client's: user 65533 is "other" and nothing else. */
static int as_other(const struct fixture *f, const char *hello, const char *expected)
{
        int status;
        pid_t child = fork();

        if (!child) {
                char text[128] = "";
                size_t used = 0;
                ssize_t got;
                int fd;

                if (setgid(65533) || setuid(65533))
                        _exit(9);
                fd = dial(f);
                fcntl(fd, F_SETFL, 0);
                say(fd, hello);
                while (!strchr(text, '\n') && (got = read(fd, text + used, sizeof(text) - used - 1)) > 0)
                        used += (size_t)got;
                _exit(strcmp(text, expected) ? 1 : 0);
        }
        while (waitpid(child, &status, WNOHANG) == 0)
                uv_run((uv_loop_t *)&f->loop, UV_RUN_NOWAIT);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_roles_by_user(void **state)
{
        struct fixture *f = *state;

        if (geteuid() != 0)
                skip();
        chmod(f->path, 0666);
        assert_int_equal(as_other(f, "{\"hello\":\"other\"}\n", "{\"welcome\":\"other\"}\n"), 0);
        assert_int_equal(as_other(f, "{\"hello\":\"edge\"}\n",
                                  "{\"error\":{\"fr\":\"ce compte n’a pas droit à ce rôle\","
                                  "\"en\":\"this user may not have that role\"}}\n"),
                         0);
        assert_int_equal(as_other(f, "{\"hello\":\"cli\"}\n",
                                  "{\"error\":{\"fr\":\"ce compte n’a pas droit à ce rôle\","
                                  "\"en\":\"this user may not have that role\"}}\n"),
                         0);
        assert_int_equal(f->opened, 1);
}

static void test_slow_reader(void **state)
{
        struct fixture *f = *state;
        json_t *push =
                json_pack("{s:s,s:s}", "type", "push", "text", "0123456789012345678901234567890123456789");
        char text[64];
        int slow = dial(f), quick = dial(f);

        channel_server_close(f->server);
        close(slow);
        close(quick);
        assert_int_equal(start_server(f, 0, 20000, NULL), 0);
        slow = dial(f);
        say(slow, "{\"hello\":\"edge\"}\n");
        RUN_UNTIL(f, f->opened == 1);
        quick = dial(f);
        say(quick, "{\"hello\":\"edge\"}\n");
        RUN_UNTIL(f, f->opened == 2);
        for (int i = 0; f->closed == 0; i++) {
                assert_true(i < 100000); /* else the queue has no end */
                channel_server_broadcast(f->server, CHANNEL_ANY_ROLE, push);
                while (recv(quick, text, sizeof(text), 0) > 0)
                        ;
                uv_run(&f->loop, UV_RUN_NOWAIT);
        }
        assert_int_equal(f->closed, 1); /* the one that does not read */
        assert_int_equal(channel_server_counters(f->server).slow, 1);
        json_decref(push);
        close(slow);
        close(quick);
}

static void test_connections_cap(void **state)
{
        struct fixture *f = *state;
        int first, second, third;
        char text[256];

        channel_server_close(f->server);
        assert_int_equal(start_server(f, 2, 0, NULL), 0);
        first = dial(f);
        second = dial(f);
        third = dial(f);
        hear_end(f, third, text, sizeof(text));
        assert_string_equal(text, "{\"error\":{\"fr\":\"trop de connexions à la fois\","
                                  "\"en\":\"too many connections\"}}\n");
        say(first, "{\"hello\":\"edge\"}\n");
        say(second, "{\"hello\":\"edge\"}\n");
        RUN_UNTIL(f, f->opened == 2);
        close(first);
        RUN_UNTIL(f, f->closed == 1);
        close(third);
        third = dial(f); /* room again */
        say(third, "{\"hello\":\"edge\"}\n");
        RUN_UNTIL(f, f->opened == 3);
        close(second);
        close(third);
}

static void test_socket_file(void **state)
{
        struct fixture *f = *state;
        struct channel_server *first = f->server;
        struct error error = {0};
        struct stat st;
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        int fd;

        assert_int_equal(stat(f->path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0660);
        assert_int_equal(start_server(f, 0, 0, &error), -EADDRINUSE);
        assert_ptr_equal(f->server, first);
        channel_server_close(first);
        assert_int_equal(stat(f->path, &st), -1);

        fd = socket(AF_UNIX, SOCK_STREAM, 0); /* what a killed daemon leaves behind */
        strcpy(address.sun_path, f->path);
        assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
        close(fd);
        assert_int_equal(start_server(f, 0, 0, &error), 0);
        channel_server_close(f->server);

        fd = open(f->path, O_CREAT | O_WRONLY, 0600); /* somebody's file */
        close(fd);
        first = f->server;
        assert_int_equal(start_server(f, 0, 0, &error), -EEXIST);
        assert_non_null(strstr(error.en, "no socket"));
        assert_int_equal(stat(f->path, &st), 0);
        unlink(f->path);
        assert_int_equal(start_server(f, 0, 0, &error), 0);
}

/* ---- client on the loop ---- */

static void on_up(void *context, struct channel_client *client)
{
        ((struct fixture *)context)->ups++;
}

static void on_down(void *context, struct channel_client *client)
{
        ((struct fixture *)context)->downs++;
}

static int on_push(void *context, struct channel *channel, const json_t *message, struct error *error)
{
        ((struct fixture *)context)->pushes++;
        return 0;
}

static void on_answer(void *context, int code, const json_t *answer)
{
        struct fixture *f = context;

        f->answers++;
        f->last_code = code;
        f->last_value = json_integer_value(json_object_get(answer, "value"));
}

static const struct channel_message pushed[] = {{"push", CHANNEL_ANY_ROLE, 0, on_push}};

static struct channel_client *start_client(struct fixture *f, const char *role)
{
        const struct channel_client_options options = {.path = f->path,
                                                       .role = role,
                                                       .messages = pushed,
                                                       .message_count = 1,
                                                       .context = f,
                                                       .on_up = on_up,
                                                       .on_down = on_down};
        struct channel_client *client = NULL;

        assert_int_equal(channel_client_start(&f->loop, &options, &client, NULL), 0);
        return client;
}

static void test_client(void **state)
{
        struct fixture *f = *state;
        struct channel_client *client = start_client(f, "cli");
        json_t *request = json_pack("{s:s,s:i}", "type", "double", "value", 5);
        json_t *count = json_pack("{s:s}", "type", "count"), *no = json_pack("{s:s}", "type", "no");
        json_t *silence = json_pack("{s:s}", "type", "silence"), *push = json_pack("{s:s}", "type", "push");

        assert_int_equal(channel_client_request(client, request, 1000, on_answer, f), CHANNEL_DOWN);
        RUN_UNTIL(f, f->ups == 1);
        assert_true(channel_client_is_up(client));
        assert_int_equal(channel_client_request(client, request, 1000, on_answer, f), 0);
        RUN_UNTIL(f, f->answers == 1);
        assert_int_equal(f->last_value, 10);
        assert_int_equal(channel_client_request(client, count, 1000, on_answer, f), 0);
        RUN_UNTIL(f, f->answers == 4);
        assert_int_equal(f->last_value, 3);
        assert_int_equal(channel_client_request(client, no, 1000, on_answer, f), 0);
        RUN_UNTIL(f, f->answers == 5);
        assert_int_equal(f->last_code, -EREMOTEIO);
        assert_int_equal(channel_client_request(client, silence, 20, on_answer, f), 0);
        RUN_UNTIL(f, f->answers == 6);
        assert_int_equal(f->last_code, -ETIMEDOUT);
        channel_server_broadcast(f->server, CHANNEL_ROLE(ROLE_EDGE), push); /* not for this one */
        channel_server_broadcast(f->server, CHANNEL_ROLE(ROLE_CLI), push);
        RUN_UNTIL(f, f->pushes > 0);
        assert_int_equal(f->pushes, 1);
        assert_int_equal(channel_client_request(client, silence, 0, on_answer, f), 0);
        assert_null(channel_client_close(client)); /* the pending one is never called */
        RUN_UNTIL(f, f->closed == 1);
        assert_int_equal(f->answers, 6);
        assert_int_equal(f->downs, 0);
        json_decref(request);
        json_decref(count);
        json_decref(no);
        json_decref(silence);
        json_decref(push);
}

static void test_client_comes_back(void **state)
{
        struct fixture *f = *state;
        json_t *silence = json_pack("{s:s}", "type", "silence");
        struct channel_client *client;

        channel_server_close(f->server);
        client = start_client(f, "edge"); /* nobody there yet */
        for (int i = 0; i < 3; i++)
                uv_run(&f->loop, UV_RUN_ONCE);
        assert_false(channel_client_is_up(client));
        assert_int_equal(start_server(f, 0, 0, NULL), 0);
        RUN_UNTIL(f, f->ups == 1);
        assert_int_equal(channel_client_request(client, silence, 0, on_answer, f), 0);
        channel_server_close(f->server);
        RUN_UNTIL(f, f->downs == 1);
        assert_int_equal(f->answers, 1);
        assert_int_equal(f->last_code, -ECONNRESET);
        assert_int_equal(channel_client_send(client, silence), CHANNEL_DOWN);
        assert_int_equal(start_server(f, 0, 0, NULL), 0);
        RUN_UNTIL(f, f->ups == 2);
        channel_client_close(client);
        json_decref(silence);
}

static void test_client_denied(void **state)
{
        struct fixture *f = *state;
        struct channel_client *client = start_client(f, "other");

        RUN_UNTIL(f, channel_server_counters(f->server).refused == 2); /* and it tries again */
        assert_int_equal(f->ups, 0);
        assert_int_equal(f->downs, 0);
        channel_client_close(client);
}

/* ---- blocking ---- */

struct asking {
        const char *path, *type;
        unsigned timeout_ms;
        int r, lines, sum;
        json_t *answer;
        struct error error;
        volatile bool done;
};

static int add_up(void *context, const json_t *line)
{
        struct asking *asking = context;

        asking->lines++;
        asking->sum += (int)json_integer_value(json_object_get(line, "value"));
        return 0;
}

static void ask(void *context)
{
        struct asking *asking = context;
        json_t *request = json_pack("{s:s,s:i}", "type", asking->type, "value", 4);

        if (!strcmp(asking->type, "count"))
                asking->r = channel_stream(asking->path, request, asking->timeout_ms, add_up, asking,
                                           &asking->error);
        else
                asking->r = channel_call(asking->path, request, asking->timeout_ms, &asking->answer,
                                         &asking->error);
        json_decref(request);
        asking->done = true;
}

static struct asking ask_in_thread(struct fixture *f, const char *type, unsigned timeout_ms)
{
        struct asking asking = {.path = f->path, .type = type, .timeout_ms = timeout_ms};
        uv_thread_t thread;

        assert_int_equal(uv_thread_create(&thread, ask, &asking), 0);
        while (!__atomic_load_n(&asking.done, __ATOMIC_ACQUIRE))
                uv_run(&f->loop, UV_RUN_NOWAIT);
        uv_thread_join(&thread);
        return asking;
}

static void test_call(void **state)
{
        struct fixture *f = *state;
        struct asking asking = ask_in_thread(f, "double", 2000);
        json_t *answer = NULL, *request;

        assert_int_equal(asking.r, 0);
        assert_int_equal(json_integer_value(json_object_get(asking.answer, "value")), 8);
        json_decref(asking.answer);
        asking = ask_in_thread(f, "count", 2000);
        assert_int_equal(asking.r, 0);
        assert_int_equal(asking.lines, 3);
        assert_int_equal(asking.sum, 6);
        asking = ask_in_thread(f, "no", 2000);
        assert_int_equal(asking.r, -EREMOTEIO);
        assert_string_equal(asking.error.en, "there is no incident i_1");
        assert_string_equal(asking.error.fr, "il n’y a pas d’incident i_1");
        assert_null(asking.answer);
        asking = ask_in_thread(f, "silence", 30);
        assert_int_equal(asking.r, -ETIMEDOUT);
        asking = ask_in_thread(f, "unheard-of", 2000);
        assert_int_equal(asking.r, -ECONNRESET);
        request = json_pack("{s:s}", "type", "double");
        assert_int_equal(channel_call("/nonexistent/socket", request, 100, &answer, &asking.error), -ENOENT);
        assert_non_null(strstr(asking.error.en, "is Garde running?"));
        json_decref(request);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_line_parse), TEST(test_hello_and_answer), TEST(test_rules),
                TEST(test_roles_denied),           TEST(test_roles_by_user),    TEST(test_slow_reader),
                TEST(test_connections_cap),        TEST(test_socket_file),      TEST(test_client),
                TEST(test_client_comes_back),      TEST(test_client_denied),    TEST(test_call),
        };

        log_setup("channel_test", LOG_FORMAT_TEXT, LOG_LEVEL_ERROR);
        return cmocka_run_group_tests_name("channel", tests, NULL, NULL);
}
