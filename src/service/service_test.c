/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/service.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"

#define PATIENCE_MS 5000
#define CONFIG      "structure:\n  name: CHU\n  kind: etablissement\n"

/* A daemon that writes a letter for each step it lives through. */
struct daemon {
        int steps; /* pipe */
        char fails_at, hangs_at;
        uv_timer_t timer;
        bool timed;
};

static int step(struct service *service, char letter, struct error *error)
{
        struct daemon *daemon = service->context;

        if (write(daemon->steps, &letter, 1) != 1)
                return -EIO;
        if (daemon->hangs_at == letter)
                for (;;)
                        pause();
        return daemon->fails_at == letter
                       ? error_say(error, -EIO, "l’étape %c échoue", "step %c fails", letter)
                       : 0;
}

static int do_open(struct service *service, struct error *error)
{
        return step(service, 'o', error);
}

static int do_drop(struct service *service, struct error *error)
{
        return step(service, 'd', error);
}

static int do_start(struct service *service, struct error *error)
{
        struct daemon *daemon = service->context;

        uv_timer_init(service->loop, &daemon->timer); /* a handle that stop() must close */
        daemon->timed = true;
        return step(service, 's', error);
}

/* Works until somebody wants it to end. */
static int start_long(struct service *service, struct error *error)
{
        int r = step(service, 's', error);

        while (!service_is_stopping(service)) {
                uv_run(service->loop, UV_RUN_NOWAIT);
                poll(NULL, 0, 1);
        }
        return r ? r : error_say(error, -ECANCELED, "interrompu", "interrupted");
}

static void do_reload(struct service *service)
{
        step(service, 'r', NULL);
}

static void do_stop(struct service *service)
{
        struct daemon *daemon = service->context;

        if (daemon->timed)
                uv_close((uv_handle_t *)&daemon->timer, NULL);
        step(service, 'x', NULL);
}

static const struct service_program program = {.name = "garde-test",
                                               .summary_fr = "essai",
                                               .summary_en = "trial",
                                               .open = do_open,
                                               .drop = do_drop,
                                               .start = do_start,
                                               .reload = do_reload,
                                               .stop = do_stop};

struct fixture {
        char folder[64], config[96], socket_path[96];
        int manager; /* the socket that stands for systemd */
        int steps;   /* reading end */
        pid_t child;
};

static int set_up(void **state)
{
        struct fixture *f = calloc(1, sizeof(*f));
        FILE *file;

        *state = f;
        f->manager = f->steps = -1;
        snprintf(f->folder, sizeof(f->folder), "/tmp/service_test.XXXXXX");
        if (!mkdtemp(f->folder))
                return -1;
        snprintf(f->config, sizeof(f->config), "%s/garde.yaml", f->folder);
        snprintf(f->socket_path, sizeof(f->socket_path), "%s/notify", f->folder);
        file = fopen(f->config, "w");
        fputs(CONFIG, file);
        return fclose(file);
}

static int tear_down(void **state)
{
        struct fixture *f = *state;

        cleanup_fd(&f->manager);
        cleanup_fd(&f->steps);
        unlink(f->config);
        unlink(f->socket_path);
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
        unsetenv("WATCHDOG_PID");
        rmdir(f->folder);
        free(f);
        return 0;
}

static void make_manager(struct fixture *f, bool abstract)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        char name[108];
        size_t length;

        if (abstract)
                snprintf(name, sizeof(name), "@garde-service-test-%d", (int)getpid());
        else
                snprintf(name, sizeof(name), "%s", f->socket_path);
        length = strlen(name);
        memcpy(address.sun_path, name, length);
        if (abstract)
                address.sun_path[0] = '\0';
        f->manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        assert_int_equal(bind(f->manager, (struct sockaddr *)&address,
                              (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + !abstract)),
                         0);
        setenv("NOTIFY_SOCKET", name, 1);
}

static void start_child(struct fixture *f, const struct service_program *what, char fails_at, char hangs_at)
{
        int ends[2];

        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        f->child = fork();
        if (!f->child) {
                struct daemon daemon = {.steps = ends[1], .fails_at = fails_at, .hangs_at = hangs_at};
                char *argv[] = {"garde-test", "-c", f->config, "--log-level=error", NULL};
                int null = open("/dev/null", O_WRONLY);

                dup2(null, STDERR_FILENO);
                _exit(service_main(what, &daemon, 4, argv));
        }
        close(ends[1]);
        f->steps = ends[0];
}

static int end_of_child(struct fixture *f)
{
        int status;

        assert_int_equal(waitpid(f->child, &status, 0), f->child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void expect_step(struct fixture *f, char letter)
{
        struct pollfd poll_fd = {.fd = f->steps, .events = POLLIN};
        char got = 0;

        assert_int_equal(poll(&poll_fd, 1, PATIENCE_MS), 1);
        assert_int_equal(read(f->steps, &got, 1), letter ? 1 : 0);
        assert_int_equal(got, letter);
}

static void expect_notice(struct fixture *f, const char *text)
{
        struct pollfd poll_fd = {.fd = f->manager, .events = POLLIN};
        char got[128] = "";

        do {
                assert_int_equal(poll(&poll_fd, 1, PATIENCE_MS), 1);
                ssize_t length = recv(f->manager, got, sizeof(got) - 1, 0);
                assert_true(length >= 0);
                got[length] = '\0';
        } while (strcmp(text, "WATCHDOG=1") != 0 && !strcmp(got, "WATCHDOG=1"));
        assert_string_equal(got, text);
}

static void test_life(void **state)
{
        struct fixture *f = *state;

        make_manager(f, true);
        start_child(f, &program, 0, 0);
        expect_step(f, 'o');
        expect_step(f, 'd');
        expect_step(f, 's');
        expect_notice(f, "READY=1");
        kill(f->child, SIGHUP);
        expect_step(f, 'r');
        kill(f->child, SIGTERM);
        expect_step(f, 'x');
        expect_step(f, 0);
        expect_notice(f, "STOPPING=1");
        assert_int_equal(end_of_child(f), 0);
}

static void test_interrupt(void **state)
{
        struct fixture *f = *state;

        make_manager(f, false); /* by path this time */
        start_child(f, &program, 0, 0);
        expect_notice(f, "READY=1");
        kill(f->child, SIGINT);
        expect_notice(f, "STOPPING=1");
        assert_int_equal(end_of_child(f), 0);
}

static void test_steps_that_fail(void **state)
{
        static const struct {
                char at;
                const char *lived;
        } cases[] = {{'o', "ox"}, {'d', "odx"}, {'s', "odsx"}};
        struct fixture *f = *state;

        make_manager(f, true);
        for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
                char notice[16];

                start_child(f, &program, cases[i].at, 0);
                for (const char *p = cases[i].lived; *p; p++)
                        expect_step(f, *p);
                expect_step(f, 0);
                assert_int_equal(end_of_child(f), 1);
                assert_int_equal(recv(f->manager, notice, sizeof(notice), MSG_DONTWAIT),
                                 -1); /* never READY */
                close(f->steps);
                f->steps = -1;
        }
}

static void test_a_long_start_can_be_stopped(void **state)
{
        struct fixture *f = *state;
        struct service_program slow = program;

        slow.start = start_long;
        start_child(f, &slow, 0, 0);
        expect_step(f, 'o');
        expect_step(f, 'd');
        expect_step(f, 's');
        kill(f->child, SIGTERM);
        expect_step(f, 'x');
        expect_step(f, 0);
        assert_int_equal(end_of_child(f), 0);
}

static void test_no_drop_is_fatal(void **state)
{
        struct fixture *f = *state;
        struct service_program bold = program;

        bold.drop = NULL;
        start_child(f, &bold, 0, 0);
        expect_step(f, 'o');
        expect_step(f, 'x');
        assert_int_equal(end_of_child(f), 1);
}

static void test_wrong_config(void **state)
{
        struct fixture *f = *state;

        assert_int_equal(truncate(f->config, 12), 0);
        start_child(f, &program, 0, 0);
        expect_step(f, 0); /* nothing was touched */
        assert_int_equal(end_of_child(f), 1);
}

static void test_watchdog(void **state)
{
        struct fixture *f = *state;
        struct pollfd poll_fd;
        char got[64];

        make_manager(f, true);
        setenv("WATCHDOG_USEC", "40000", 1);
        start_child(f, &program, 0, 'r');
        expect_notice(f, "READY=1");
        for (int i = 0; i < 3; i++)
                expect_notice(f, "WATCHDOG=1");
        kill(f->child, SIGHUP); /* its reload hangs, so the loop does */
        expect_step(f, 'o');
        expect_step(f, 'd');
        expect_step(f, 's');
        expect_step(f, 'r');
        while (recv(f->manager, got, sizeof(got), MSG_DONTWAIT) > 0)
                ;
        poll_fd = (struct pollfd){.fd = f->manager, .events = POLLIN};
        assert_int_equal(poll(&poll_fd, 1, 120), 0); /* three intervals of silence */
        kill(f->child, SIGKILL);
        assert_int_equal(end_of_child(f), -SIGKILL);
}

static void test_watchdog_of_another(void **state)
{
        char pid[16];

        setenv("WATCHDOG_USEC", "1000000", 1);
        assert_int_equal(service_watchdog_usec(), 1000000);
        setenv("WATCHDOG_PID", "1", 1);
        assert_int_equal(service_watchdog_usec(), 0);
        snprintf(pid, sizeof(pid), "%d", (int)getpid());
        setenv("WATCHDOG_PID", pid, 1);
        assert_int_equal(service_watchdog_usec(), 1000000);
        setenv("WATCHDOG_USEC", "soon", 1);
        assert_int_equal(service_watchdog_usec(), 0);
}

static void test_notify(void **state)
{
        assert_int_equal(service_notify("READY=1"), SERVICE_NO_MANAGER);
        setenv("NOTIFY_SOCKET", "relative", 1);
        assert_int_equal(service_notify("READY=1"), -EINVAL);
        setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1);
        assert_int_equal(service_notify("READY=1"), -ENOENT);
}

static int parse(char *const *words, struct service_options *options)
{
        int argc = 0, r, out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO),
            null = open("/dev/null", O_WRONLY);

        while (words[argc])
                argc++;
        fflush(stdout);
        dup2(null, STDOUT_FILENO); /* the test's own protocol lives there */
        dup2(null, STDERR_FILENO);
        r = service_options_parse(&program, argc, (char **)words, options);
        fflush(stdout);
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        close(out);
        close(err);
        close(null);
        return r;
}

static void test_options(void **state)
{
        struct service_options options;

        assert_int_equal(parse((char *[]){"x", NULL}, &options), 0);
        assert_string_equal(options.config_path, CONFIG_PATH_DEFAULT);
        assert_false(options.log_format_set);
        assert_int_equal(
                parse((char *[]){"x", "--config=/a", "--log=json", "--log-level", "debug", NULL}, &options),
                0);
        assert_string_equal(options.config_path, "/a");
        assert_true(options.log_format_set && options.log_level_set);
        assert_int_equal(options.log_format, LOG_FORMAT_JSON);
        assert_int_equal(options.log_level, LOG_LEVEL_DEBUG);
        assert_int_equal(parse((char *[]){"x", "--help", NULL}, &options), SERVICE_DONE);
        assert_int_equal(parse((char *[]){"x", "--version", NULL}, &options), SERVICE_DONE);
        assert_int_equal(parse((char *[]){"x", "--nope", NULL}, &options), -EINVAL);
        assert_int_equal(parse((char *[]){"x", "-c", NULL}, &options), -EINVAL);
        assert_int_equal(parse((char *[]){"x", "--log=xml", NULL}, &options), -EINVAL);
        assert_int_equal(parse((char *[]){"x", "--log-level=loud", NULL}, &options), -EINVAL);
        assert_int_equal(parse((char *[]){"x", "start", NULL}, &options), -EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                TEST(test_life),
                TEST(test_interrupt),
                TEST(test_steps_that_fail),
                TEST(test_a_long_start_can_be_stopped),
                TEST(test_no_drop_is_fatal),
                TEST(test_wrong_config),
                TEST(test_watchdog),
                TEST(test_watchdog_of_another),
                TEST(test_notify),
                cmocka_unit_test(test_options),
        };

        return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}
